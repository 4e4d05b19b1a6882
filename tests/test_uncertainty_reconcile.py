"""Reconciliation: the parts add to the whole, bands narrow or widen as they should, and nothing is hidden."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mine_energy.arrays import equal
from mine_energy.errors import InputError
from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.uncertainty import Observation, Part, PriorRules, reconcile, relative_sd, whole
from uncertainty_plants import simulated


def part(tag, power_kw=30.0, hours=4000.0, **more):
    fields = {"process": tag, "power_sd": 0.15, "hours_sd": 0.10} | more
    return Part(tag=tag, power_kw=power_kw, hours=hours, **fields)


def main_meter(parts, kwh, relative=0.01, **more):
    fields = {"name": "main meter", "kind": "energy", "open_weight": 1.0} | more
    return Observation(value=kwh, sd=relative * kwh, weights=whole(parts), **fields)


def energy(parts):
    return sum(p.power_kw * p.hours for p in parts)


PLANT = (
    part("mill", 32.0, 5000.0, load_group="assumed", driver="tonnes"),
    part("compressor", 48.0, 2500.0, load_group="assumed"),
    part("pump", 6.0, 4500.0, load_group="assumed", driver="tonnes"),
    part("fan", 6.5, 5000.0, load_group="assumed"),
)


def keys(result):
    return [finding.key for finding in result.findings]


# --- known answers -------------------------------------------------------------------------------------------------


def test_one_machine_and_one_reading_by_hand():
    """Normal prior 100 +- 10 kWh (known hours) and reading 112 +- 5: precision-weighted mean 109.6, sd 4.472."""
    one = [part("mill", 10.0, 10.0, power_sd=0.10, hours_sd=0.0)]
    reading = Observation(name="meter", kind="energy", value=112.0, sd=5.0, weights={"mill": 1.0})
    result = reconcile(one, [reading], PriorRules(shape="normal"))
    assert result.plant_after_kwh.p50 == pytest.approx(109.6)
    assert result.plant_after_kwh.width == pytest.approx(2 * 1.2815515655 * np.sqrt(20))
    assert result.parts[0].power_moved_sd == pytest.approx(0.96)
    assert result.chi_square == pytest.approx(12**2 / (10**2 + 5**2))
    assert result.probability == pytest.approx(stats.chi2.sf(1.152, 1))
    assert result.observations[0].gap_sd == pytest.approx(12 / np.sqrt(125))
    assert result.observations[0].residual_sd == pytest.approx(2.4 / 5)


def test_a_meter_splits_its_gap_by_prior_variance():
    """Classical data reconciliation: two independent flows, one exact sum; each takes its share of variance."""
    two = [part("a", 1.0, 100.0, power_sd=0.10, hours_sd=0.0), part("b", 1.0, 200.0, power_sd=0.10, hours_sd=0.0)]
    reading = Observation(name="sum", kind="energy", value=315.0, sd=1e-4, weights={"a": 1.0, "b": 1.0})
    result = reconcile(two, [reading], PriorRules(shape="normal"))
    # variances 100 and 400: 15 kWh split 1 : 4
    assert [row.energy_after_kwh.p50 for row in result.parts] == pytest.approx([103.0, 212.0], abs=1e-3)
    # posterior variance of either is 100 400 / 500 = 80, their correlation -1
    assert result.parts[0].energy_after_kwh.width == pytest.approx(2 * 1.2815515655 * np.sqrt(80), rel=1e-3)


def test_power_and_hours_readings_reach_their_own_unknowns():
    readings = [
        Observation(name="clamp", kind="power", value=35.0, sd=0.01, weights={"mill": 1.0}),
        Observation(name="hour meter", kind="hours", value=2600.0, sd=0.1, weights={"compressor": 1.0}),
    ]
    result = reconcile(PLANT, readings)
    mill, compressor = result.parts[:2]
    assert (mill.power_after_kw, compressor.hours_after) == (
        pytest.approx(35.0, abs=0.01),
        pytest.approx(2600.0, abs=0.5),
    )
    # the mill's reading teaches something about loads assumed alike (rho 0.5), nothing about its hours
    assert compressor.power_after_kw == pytest.approx(48.0 * (35 / 32) ** 0.5, rel=1e-3)
    assert mill.hours_after == pytest.approx(5000.0)


def exact_by_sampling(parts, readings, rules, draws=400_000):
    """Return percentiles of each part's energy by importance sampling from the prior, written apart."""
    rng = np.random.Generator(np.random.PCG64(5))
    count = len(parts)
    common = rng.standard_normal(draws)
    rho = np.array([rules.load_correlation if p.load_group else 0.0 for p in parts])[:, None]
    load = np.sqrt(rho) * common + np.sqrt(1 - rho) * rng.standard_normal((count, draws))
    power = np.array([p.power_kw for p in parts])[:, None] * np.exp(
        np.array([p.power_sd for p in parts])[:, None] * load
    )
    hour = rng.standard_normal((count, draws)) * np.array([p.hours_sd for p in parts])[:, None]
    hours = np.array([p.hours for p in parts])[:, None] * np.exp(hour)
    logs = np.zeros(draws)
    for one in readings:
        base = power * hours if one.kind == "energy" else power
        weight = np.array([one.weights.get(p.tag, 0.0) for p in parts])
        logs -= ((weight @ base - one.value) / one.sd) ** 2 / 2
    weights = np.exp(logs - logs.max())
    found = []
    for row in power * hours:
        order = np.argsort(row)
        share = np.cumsum(weights[order]) / weights.sum()
        found.append([row[order][np.searchsorted(share, p)] for p in (0.1, 0.5, 0.9)])
    return np.array(found)


@pytest.mark.reference
@pytest.mark.parametrize("factor", [0.9, 1.0, 1.15])
def test_percentiles_of_powers_times_hours_against_sampling_the_exact_posterior(factor):
    three = [part("mill", 32, 5000, load_group="a"), part("air", 48, 2500, load_group="a"), part("rest", 20, 4000)]
    readings = [
        main_meter(three, factor * energy(three), 0.02),
        Observation(name="spot", kind="power", value=33.0, sd=0.6, weights={"mill": 1.0}),
    ]
    rules = PriorRules()
    result = reconcile(three, readings, rules)
    exact = exact_by_sampling(three, readings, rules)
    ours = np.array([[getattr(row.energy_after_kwh, p) for p in ("p10", "p50", "p90")] for row in result.parts])
    width = exact[:, 2:] - exact[:, :1]
    # the posterior is Gaussian to second order only: a percentile strays by less than a tenth of the band
    assert np.abs((ours - exact) / width).max() < 0.10


# --- properties ----------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(factor=st.floats(0.5, 2.0), relative=st.floats(1e-4, 0.02))
def test_the_parts_add_to_a_precise_meter(factor, relative):
    result = reconcile(PLANT, [main_meter(PLANT, factor * energy(PLANT), relative)])
    reading = result.observations[0]
    assert sum(row.energy_after_kwh.p50 for row in result.parts) == pytest.approx(result.plant_after_kwh.p50)
    assert result.plant_after_kwh.p50 == pytest.approx(reading.expected_after, rel=1e-9)
    # in a log scale prior sd about 0.13: what is left of the gap is its share (s_meter / s_prior)^2
    assert abs(reading.value / reading.expected_after - 1) <= 0.02 * abs(np.log(factor)) + (relative / 0.08) ** 2
    assert sum(row.after_kwh.p50 for row in result.processes) == pytest.approx(result.plant_after_kwh.p50)


@settings(deadline=None)
@given(seed=st.integers(0, 200), row=st.integers(0, 30), precise=st.floats(0.002, 0.05))
def test_a_reading_that_agrees_never_widens_a_band(seed, row, precise):
    plant = simulated(seed, monthly=False, spot=False)
    before = reconcile(plant.parts, [])
    one = plant.parts[row % len(plant.parts)]
    value = one.power_kw * one.hours
    readings = [main_meter(plant.parts, energy(plant.parts))]
    first = reconcile(plant.parts, readings)
    extra = Observation(name="sub", kind="energy", value=value, sd=precise * value, weights={one.tag: 1.0})
    second = reconcile(plant.parts, [*readings, extra])
    for earlier, later in ((before, first), (first, second)):
        for a, b in zip(earlier.parts, later.parts, strict=True):
            assert b.energy_after_kwh.width <= a.energy_after_kwh.width * (1 + 1e-9)
        assert later.plant_after_kwh.width <= earlier.plant_after_kwh.width * (1 + 1e-9)
    assert second.agreement == "agrees"


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 100), data=st.data())
def test_order_does_not_matter(seed, data):
    plant = simulated(seed)
    parts = data.draw(st.permutations(plant.parts))
    readings = data.draw(st.permutations(plant.observations))
    one, other = reconcile(plant.parts, plant.observations), reconcile(parts, readings)
    found = {row.tag: row for row in other.parts}
    for row in one.parts:
        twin = found[row.tag]
        assert row.energy_after_kwh.p10 == pytest.approx(twin.energy_after_kwh.p10, rel=1e-6)
        assert row.energy_after_kwh.p90 == pytest.approx(twin.energy_after_kwh.p90, rel=1e-6)
    assert one.chi_square == pytest.approx(other.chi_square, rel=1e-6)
    assert [g.tags for g in one.indistinct] == [g.tags for g in other.indistinct]
    assert keys(one) == keys(other)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 100), power=st.floats(1e-3, 1e4), time=st.floats(1e-3, 10.0))
def test_units_do_not_matter(seed, power, time):
    plant = simulated(seed)
    factor = {"energy": power * time, "power": power, "hours": time}
    parts = [replace(p, power_kw=power * p.power_kw, hours=time * p.hours) for p in plant.parts]
    readings = [
        replace(
            one,
            value=factor[one.kind] * one.value,
            sd=factor[one.kind] * one.sd,
            open_weight=one.open_weight * factor[one.kind] / (power * time),
        )
        for one in plant.observations
    ]
    one, other = reconcile(plant.parts, plant.observations), reconcile(parts, readings)
    assert other.chi_square == pytest.approx(one.chi_square, rel=1e-6)
    assert other.widening == pytest.approx(one.widening, rel=1e-6)
    for a, b in zip(one.parts, other.parts, strict=True):
        assert b.energy_after_kwh.p90 == pytest.approx(power * time * a.energy_after_kwh.p90, rel=1e-6)
    assert keys(one) == keys(other)


def test_same_input_same_result():
    plant = simulated(8)
    assert equal(reconcile(plant.parts, plant.observations), reconcile(plant.parts, plant.observations))


def test_without_readings_nothing_changes():
    result = reconcile(PLANT, [])
    assert result.plant_after_kwh == result.plant_before_kwh
    assert all(row.energy_after_kwh == row.energy_before_kwh for row in result.parts)
    assert keys(result) == ["reconcile_correlations"]
    assert result.detectable_kwh is None


# --- what is said --------------------------------------------------------------------------------------------------


def test_metered_energy_without_a_machine_is_said():
    """A 28 % hole in an inventory with good bands: said, sized, and the bands widen."""
    good = [replace(p, power_sd=relative_sd(0.05), hours_sd=relative_sd(0.05)) for p in PLANT]
    result = reconcile(good, [main_meter(good, energy(good) / 0.72)])
    assert result.agreement == "conflict"
    assert keys(result)[:2] == ["reconcile_conflict", "reconcile_unaccounted"]
    hole = result.findings[1]
    assert hole.params["share_percent"] == pytest.approx(28.0, abs=0.1)
    assert hole.params["energy_kwh"] == pytest.approx(energy(good) * 0.28 / 0.72, rel=0.01)
    assert "28% of the metered energy" in finding_text(hole, "en")
    assert result.widening == pytest.approx(np.sqrt(result.chi_square), rel=0.05)
    calm = reconcile(good, [main_meter(good, energy(good))])
    ratio = (
        result.plant_after_kwh.width
        / result.plant_after_kwh.p50
        / (calm.plant_after_kwh.width / calm.plant_after_kwh.p50)
    )
    assert ratio > 5


def test_an_inventory_that_holds_too_much_is_said():
    good = [replace(p, power_sd=relative_sd(0.05), hours_sd=relative_sd(0.05)) for p in PLANT]
    result = reconcile(good, [main_meter(good, energy(good) * 0.7)])
    assert keys(result)[:2] == ["reconcile_conflict", "reconcile_overstated"]
    assert result.findings[1].params["share_percent"] == pytest.approx(30.0, abs=0.5)


def test_a_common_error_of_hours_is_told_from_a_missing_machine():
    """Powers are metered well, so energy below the inventory can only be hours."""
    clamps = [
        Observation(name=f"clamp {p.tag}", kind="power", value=p.power_kw, sd=0.02 * p.power_kw, weights={p.tag: 1.0})
        for p in PLANT
    ]
    meters = [
        Observation(name=f"sub {p.tag}", kind="energy", value=v, sd=0.02 * v, weights={p.tag: 1.0})
        for p, v in ((p, 0.65 * p.power_kw * p.hours) for p in PLANT)
    ]
    result = reconcile(PLANT, [*clamps, *meters])
    assert result.causes[0].kind == "hours"
    assert result.causes[0].name == ""
    assert result.causes[0].size == pytest.approx(-0.35, abs=0.03)
    assert "reconcile_all_hours" in keys(result)
    assert "reconcile_overstated" not in keys(result)


def test_short_of_a_conflict_a_strained_fit_is_said_and_not_widened():
    result = reconcile(PLANT, [main_meter(PLANT, energy(PLANT) * 1.29)])
    assert result.agreement == "strained"
    assert "reconcile_strained" in keys(result)
    assert result.widening == 1.0


def test_a_wrong_reading_is_named():
    readings = [
        Observation(name=f"clamp {p.tag}", kind="power", value=p.power_kw, sd=0.03 * p.power_kw, weights={p.tag: 1.0})
        for p in PLANT
    ]
    readings[2] = replace(readings[2], value=10 * readings[2].value)
    result = reconcile(PLANT, readings)
    apart = [f for f in result.findings if f.key == "reconcile_readings_apart"]
    assert apart[0].params["names"] == "clamp pump"
    moved = [f for f in result.findings if f.key == "reconcile_parts_moved"]
    assert str(moved[0].params["names"]).startswith("pump")


def test_one_meter_cannot_split_the_two_big_machines():
    result = reconcile(PLANT, [main_meter(PLANT, energy(PLANT))])
    (group,) = result.indistinct
    assert {"mill", "compressor"} <= set(group.tags)
    assert group.lowest_correlation < -0.5
    assert "reconcile_indistinct" in keys(result)


def test_a_submeter_ends_the_doubt_between_two():
    two = PLANT[:2]
    sub = Observation(name="mill", kind="energy", value=160_000.0, sd=1600.0, weights={"mill": 1.0})
    assert reconcile(two, [main_meter(two, energy(two))]).indistinct
    assert not reconcile(two, [main_meter(two, energy(two)), sub]).indistinct


def test_what_to_measure_next_is_what_a_reading_then_gives():
    """The promised gain is the gain of a reading that comes out as expected."""
    readings = [main_meter(PLANT, energy(PLANT))]
    before = reconcile(PLANT, readings)
    first = before.measure_next[0]
    chosen = next(p for p in before.parts if p.tag == first.tag)
    sd = relative_sd(0.03) * chosen.power_after_kw
    clamp = Observation(name="clamp", kind="power", value=chosen.power_after_kw, sd=sd, weights={chosen.tag: 1.0})
    after = reconcile(PLANT, [*readings, clamp])

    def spread(result):
        return np.sqrt(
            sum(np.log(r.after_kwh.p90 / r.after_kwh.p50) ** 2 * r.after_kwh.p50**2 for r in result.processes)
        )

    assert 1 - spread(after) / spread(before) == pytest.approx(first.shrink, abs=0.01)
    assert first.shrink == max(reading.shrink for reading in before.measure_next)


def test_a_missing_machine_must_be_this_large_to_be_noticed():
    """detectable_kwh is the hole that 19 of 20 plants notice: (1.96 + 1.645) sd of meter minus inventory."""
    two = [part("a", 1.0, 1000.0, power_sd=0.1, hours_sd=0.0), part("b", 1.0, 1000.0, power_sd=0.1, hours_sd=0.0)]
    reading = Observation(name="m", kind="energy", value=2000.0, sd=20.0, weights={"a": 1.0, "b": 1.0}, open_weight=1.0)
    result = reconcile(two, [reading])
    assert result.detectable_kwh == pytest.approx(3.6048 * np.sqrt(2 * 100**2 + 20**2), rel=1e-3)


# --- standby, limits, refusals -------------------------------------------------------------------------------------

PAIR = (
    part("pump A", 10.0, 2000.0, hours_sd=0.05, standby_group="dewatering"),
    part("pump B", 10.0, 2000.0, hours_sd=0.05, standby_group="dewatering"),
)


def test_standby_units_share_their_hours():
    hour_meter = Observation(name="A", kind="hours", value=3000.0, sd=1.0, weights={"pump A": 1.0})
    result = reconcile(PAIR, [hour_meter])
    a, b = result.parts
    assert a.hours_after == pytest.approx(3000.0, abs=2)
    # the pair's total is known to 5 %, so what A ran B did not; each is open by 0.4
    assert a.hours_after + b.hours_after == pytest.approx(4000.0, rel=0.06)
    assert "reconcile_standby_split" in keys(result)


def test_a_pair_on_standby_is_surer_than_either_unit():
    result = reconcile(PAIR, [])
    alone = result.parts[0].energy_before_kwh
    assert alone.width / alone.p50 > 1.5 * result.plant_before_kwh.width / result.plant_before_kwh.p50
    # equal powers: the split does not matter to the sum, sd of the total = 5 % hours and 15 % / sqrt 2 power
    assert np.log(result.plant_before_kwh.p90 / result.plant_before_kwh.p50) / 1.2815515655 == pytest.approx(
        np.hypot(0.05, 0.15 / np.sqrt(2)), rel=1e-6
    )


def test_the_calendar_is_a_limit():
    one = [part("fan", 10.0, 8000.0, hours_limit=8760.0), part("rest", 10.0, 2000.0)]
    sub = Observation(name="fan", kind="energy", value=120_000.0, sd=500.0, weights={"fan": 1.0})
    result = reconcile(one, [sub])
    assert result.parts[0].hours_after <= 8760 * 1.001
    assert result.parts[0].energy_after_kwh.p50 == pytest.approx(120_000, rel=0.01)
    assert "reconcile_at_limit" in keys(result)
    free = reconcile([replace(p, hours_limit=None) for p in one], [sub])
    assert free.parts[0].hours_after > 8760 * 1.01
    assert result.chi_square > free.chi_square


def test_known_values_do_not_move():
    known = [part("a", power_sd=0.0, hours_sd=0.0), part("b")]
    result = reconcile(known, [main_meter(known, energy(known) * 1.1)])
    assert result.parts[0].energy_after_kwh == result.parts[0].energy_before_kwh
    assert result.parts[0].energy_after_kwh.width == 0
    assert result.parts[1].energy_after_kwh.p50 == pytest.approx(30 * 4000 * 1.2, rel=0.02)


def test_a_machine_that_never_runs_is_carried():
    idle = [part("idle", hours=0.0), part("b")]
    result = reconcile(idle, [main_meter(idle, energy(idle))])
    assert result.parts[0].energy_after_kwh.p90 == 0.0
    assert result.agreement == "agrees"


@pytest.mark.parametrize("factor", [0.05, 10.0, 100.0])
def test_absurd_readings_end_in_a_conflict_and_finite_figures(factor):
    plant = simulated(1, spot=False, monthly=False)
    result = reconcile(plant.parts, [main_meter(plant.parts, factor * energy(plant.parts))])
    assert result.agreement == "conflict"
    assert result.plant_after_kwh.p50 == pytest.approx(factor * energy(plant.parts), rel=0.1)
    assert np.isfinite(result.plant_after_kwh.p90)


def test_negative_results_of_the_normal_shape_are_said():
    one = [part("a", 10.0, 100.0, power_sd=0.3, hours_sd=0.0), part("b", 10.0, 100.0, power_sd=1.5, hours_sd=0.0)]
    reading = Observation(name="m", kind="energy", value=300.0, sd=1.0, weights={"a": 1.0, "b": 1.0})
    result = reconcile(one, [reading], PriorRules(shape="normal"))
    assert result.parts[1].power_after_kw < 0
    assert "reconcile_negative" in keys(result)


def test_every_finding_can_be_read_in_both_languages():
    cases = [reconcile(PLANT, [main_meter(PLANT, f * energy(PLANT))]) for f in (0.05, 0.5, 1.0, 1.29, 1.6, 10.0)]
    cases.append(reconcile(PAIR, []))
    shown = {f.key for result in cases for f in result.findings}
    assert {"reconcile_agrees", "reconcile_conflict", "reconcile_unaccounted", "reconcile_overstated"} <= shown
    for result in cases:
        for finding in result.findings:
            for language in LANGUAGES:
                assert len(finding_text(finding, language)) < 400


READING = main_meter(PLANT, 400_000.0)


@pytest.mark.parametrize(
    ("parts", "readings", "rules", "key"),
    [
        ([], [], {}, "reconcile_no_parts"),
        ([PLANT[0], PLANT[0]], [], {}, "reconcile_twice"),
        (PLANT, [READING, READING], {}, "reconcile_twice"),
        ([replace(PLANT[0], power_kw=-1.0)], [], {}, "reconcile_number"),
        ([replace(PLANT[0], hours=float("nan"))], [], {}, "reconcile_number"),
        ([replace(PLANT[0], hours_limit=100.0)], [], {}, "reconcile_limit"),
        (PLANT, [replace(READING, weights={"ghost": 1.0})], {}, "reconcile_unknown"),
        (PLANT, [replace(READING, sd=0.0)], {}, "reconcile_sd"),
        (PLANT, [replace(READING, value=float("inf"))], {}, "reconcile_number"),
        (PLANT, [replace(READING, weights={"mill": -1.0})], {}, "reconcile_number"),
        ([PAIR[0], replace(PAIR[1], hours_sd=0.2)], [], {}, "reconcile_standby"),
        (PLANT, [], {"load_correlation": 1.5}, "uncertainty_correlation"),
        (PLANT, [], {"standby_split_sd": -1.0}, "reconcile_number"),
        (PLANT, [], {"alarm": 0.5}, "reconcile_alarm"),
    ],
)
def test_wrong_inputs_are_refused(parts, readings, rules, key):
    with pytest.raises(InputError) as caught:
        reconcile(parts, readings, PriorRules(**rules))
    assert [problem.key for problem in caught.value.problems] == [key]
