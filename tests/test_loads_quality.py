"""Doubts about a record, voltage quality, and filling: each case made by hand, each on a record without it too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from loads_support import metered, site_of
from mine_energy.errors import InputError
from mine_energy.io.meters import read_meter
from mine_energy.loads import (
    LoadProfile,
    dip_findings,
    distortion_findings,
    fill_gaps,
    phase_findings,
    quality_findings,
    unbalance_findings,
    voltage_findings,
    weekly_shifts,
)


def plant(weeks=5, seed=1):
    """Return weeks of a two-shift plant with noise, as values."""
    rng = np.random.default_rng(seed)
    quarter = np.arange(96)
    day = np.where((quarter >= 24) & (quarter < 88), 80.0, 8.0) + 6 * np.sin(quarter / 3)
    values = [day if i % 7 != 6 else np.full(96, 8.0) for i in range(7 * weeks)]
    return np.concatenate(values) * rng.normal(1, 0.03, 96 * 7 * weeks)


def keys(load):
    return [finding.key for finding in quality_findings(load)]


def test_a_sound_record_has_no_findings():
    assert keys(metered(plant())) == []


def test_the_real_year_has_one_zero_and_nothing_else(shared_file):
    found = quality_findings(read_meter(shared_file("loads/Steel_industry_data.csv")))
    assert [(f.key, f.params["count"]) for f in found] == [("load_zero_runs", 1)]


def test_gaps_zeros_and_negatives_are_counted_with_their_longest_stretch():
    values = plant()
    values[100:103] = np.nan
    values[500:700] = 0
    values[900] = -5
    found = {f.key: f for f in quality_findings(metered(values))}
    assert found["load_gaps"].params["count"] == 3
    assert found["load_gaps"].params["start"] == "2025-03-04 01:00"
    assert found["load_zero_runs"].params["hours"] == "50"
    assert found["load_zero_runs"].level == "warning"
    assert found["load_negative"].params["energy_kwh"] == pytest.approx(-1.25)


def test_a_meter_that_keeps_its_last_value_is_told_but_a_built_load_may():
    values = plant()
    values[200:240] = values[200]
    assert keys(metered(values)) == ["load_stuck"]
    assert keys(metered(values, origin="built")) == []
    values = plant()
    values[200:210] = values[200]  # two and a half hours: a steady machine
    assert keys(metered(values)) == []


def test_a_single_leap_is_a_spike_and_a_start_is_none():
    values = plant()
    values[1000] = 900
    assert keys(metered(values)) == ["load_spikes"]
    steps = np.tile(np.repeat([5.0, 85.0], 48), 30) + np.random.default_rng(2).normal(0, 0.5, 96 * 30)
    assert "load_spikes" not in keys(metered(steps))


def test_what_stands_far_above_all_others_is_told_wherever_it_stands():
    for place in (slice(0, 1), slice(1000, 1004), slice(-2, None)):
        values = plant()
        values[place] = 99_999
        assert "load_spikes" in keys(metered(values))


def test_a_change_of_level_is_dated():
    values = plant(weeks=8)
    values[96 * 28 :] *= 1.6
    found = {f.key: f.params for f in quality_findings(metered(values))}
    assert found["load_level_change"]["day"] in {"2025-03-30", "2025-03-31", "2025-04-01"}


@pytest.mark.parametrize("minutes", [60, -60])
def test_weeks_on_a_shifted_clock_are_found(minutes):
    values = plant(weeks=8).reshape(-1, 96)
    values[14:28] = np.roll(values[14:28], minutes // 15, axis=1)  # weeks three and four
    found = weekly_shifts(metered(values.ravel()))
    assert [shift for _, shift in found] == [0, 0, minutes, minutes, 0, 0, 0, 0]
    assert "load_clock_shift" in keys(metered(values.ravel()))
    assert weekly_shifts(metered(plant(weeks=2))) == ()


def test_a_phase_without_power_and_one_turned_round():
    good = np.full((3, 50), 20.0)
    assert phase_findings(good, "m") == ()
    open_clamp, turned = good.copy(), good.copy()
    open_clamp[1] = 0.1
    turned[2] = -20
    assert [(f.key, f.params["phase"]) for f in phase_findings(open_clamp, "m")] == [("load_phase_missing", "L2")]
    assert ("load_phase_reversed", "L3") in [(f.key, f.params["phase"]) for f in phase_findings(turned, "m")]


def test_a_record_without_any_value():
    assert keys(metered([np.nan] * 200)) == ["load_gaps"]


# Filling


def with_gap(length, at=1000):
    values = plant()
    values[at : at + length] = np.nan
    return metered(values)


def test_nothing_is_filled_that_was_not_asked_for_and_filled_stays_marked():
    whole = metered(plant())
    assert fill_gaps(whole, "linear") is whole
    filled = fill_gaps(with_gap(4), "linear")
    assert filled.filled == ("2025-03-13T10:00:00-05:00/2025-03-13T11:00:00-05:00",)
    assert filled.filled_mask().sum() == 4
    assert filled.filled_mask()[1000:1004].all()
    assert filled.findings[-1].key == "load_filled"
    adapter = TypeAdapter(LoadProfile)
    back = adapter.validate_json(adapter.dump_json(filled))
    assert back.filled == filled.filled
    assert (back.filled_mask() == filled.filled_mask()).all()
    assert filled.scaled(1000.0).filled == filled.filled


def test_each_method_gives_what_its_name_says():
    values = np.tile(np.repeat(np.arange(24.0), 4), 21)
    whole = values.copy()
    values[96 * 8 + 40 : 96 * 8 + 44] = np.nan  # hour 10 of a Tuesday
    load = metered(values)
    for method in ("mean_of_day_type", "previous_week"):
        assert fill_gaps(load, method, site_of()).load_kw.to_numpy() == pytest.approx(whole)
    line = fill_gaps(load, "linear").load_kw.to_numpy()[96 * 8 + 40 : 96 * 8 + 44]
    assert line == pytest.approx([9 + 2 * k / 5 for k in (1, 2, 3, 4)])


@pytest.mark.parametrize(
    ("load", "method"),
    [(with_gap(20), "linear"), (with_gap(4, at=0), "linear"), (with_gap(4, at=10), "previous_week"),
     (metered([np.nan] * 96), "mean_of_day_type")],
)  # fmt: skip
def test_what_a_method_cannot_fill_is_refused(load, method):
    with pytest.raises(InputError, match="load_fill_impossible"):
        fill_gaps(load, method)


def test_an_unknown_method_is_refused():
    with pytest.raises(InputError, match="load_fill_method"):
        fill_gaps(with_gap(4), "spline")


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(96 * 7, 96 * 35 - 1), min_size=1, max_size=60))
def test_filling_leaves_the_measured_intervals_alone(places):
    values = plant()
    kept = np.ones(len(values), dtype=bool)
    kept[sorted(places)] = False
    load = metered(np.where(kept, values, np.nan), reactive=values / 2)
    filled = fill_gaps(load, "mean_of_day_type")
    assert filled.load_kw.to_numpy()[kept] == pytest.approx(values[kept])
    assert not filled.load_kw.isna().any()
    assert (filled.filled_mask() == ~kept).all()


# Voltage quality


def test_distortion_is_a_warning_only_above_the_share_that_may_lie_outside():
    values = np.full(100, 0.03)
    assert distortion_findings(values, "EN") == ()
    values[:4] = 0.09
    assert [f.level for f in distortion_findings(values, "EN")] == ["info"]
    values[:6] = 0.09
    found = distortion_findings(values, "EN", "m")[0]
    assert (found.level, found.params["limit_percent"]) == ("warning", 8)
    assert "50160" in found.params["source"]
    assert distortion_findings(np.full(10, 0.06), "CO")[0].params["confidence"] == "D"


def test_voltage_unbalance_and_dips():
    assert voltage_findings([440.0, 430, 450], 440, "PE") == ()
    assert voltage_findings([410.0] * 10, 440, "PE")[0].params["worst_percent"] == pytest.approx(-6.818, abs=1e-3)
    assert voltage_findings([410.0] * 10, 440, "CO") == ()
    assert unbalance_findings([0.03, np.nan])[0].level == "warning"
    found = dip_findings([440.0, 380, 10, 500], 440)[0]
    assert (found.params["dips"], found.params["interruptions"]) == (1, 1)
    assert dip_findings([440.0], 440) == ()
