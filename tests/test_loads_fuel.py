"""Fuel logs: the fuel line worked by hand, tank to tank, its band and what it refuses."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loads_support import site_of
from mine_energy.errors import InputError
from mine_energy.loads import FuelEntry, FuelLog, fuel_energy, fuel_line, load_from_fuel
from mine_energy.site import Genset

KNOWN = Genset(rated_kw=100, fuel_intercept_l_per_h_per_kw=0.03, fuel_slope_l_per_kwh=0.25)


def log(*entries):
    start = date(2025, 1, 1)
    return FuelLog(
        entries=tuple(
            FuelEntry(date=start + timedelta(days=i), litres=litres, hour_meter_hours=hours, **more)
            for i, (litres, hours, more) in enumerate((*e, {}) if len(e) == 2 else e for e in entries)
        ),
        label="log.csv",
    )


def test_fuel_line_by_hand():
    # 10 h at 50 kW: 0.03 x 100 x 10 + 0.25 x 500 = 155 L.
    found = fuel_energy(log((80.0, 100.0), (155.0, 110.0)), KNOWN)
    assert found.energy_kwh == pytest.approx(500)
    assert (found.low_kwh, found.high_kwh) == (found.energy_kwh, found.energy_kwh)
    assert found.periods[0].load_fraction == pytest.approx(0.5)
    assert found.litres_per_kwh == pytest.approx(0.31)
    assert (found.litres, found.hours, found.days) == (155, 10, 1)
    assert found.findings == ()


def test_refills_that_do_not_fill_the_tank_belong_to_the_next_that_does():
    found = fuel_energy(log((80.0, 100.0), (100.0, 104.0, {"full_tank": False}), (55.0, 110.0), (9.0, 112.0,
                            {"full_tank": False})), KNOWN)  # fmt: skip
    assert len(found.periods) == 1
    assert found.energy_kwh == pytest.approx(500)
    assert [f.key for f in found.findings] == ["fuel_tail_left_out"]


def test_metered_energy_has_no_band():
    found = fuel_energy(log((80.0, 100.0), (155.0, 110.0, {"energy_kwh": 480.0})), Genset(rated_kw=100))
    assert (found.low_kwh, found.energy_kwh, found.high_kwh) == (480, 480, 480)
    assert found.findings == ()


def test_an_assumed_line_has_a_band_and_says_so():
    found = fuel_energy(log((80.0, 100.0), (155.0, 110.0)), Genset(rated_kw=100))
    assert found.low_kwh < found.energy_kwh < found.high_kwh
    assert [f.key for f in found.findings] == ["fuel_line_assumed"]
    # Packaged defaults: (155 - 0.033 x 1000) / 0.273.
    assert found.energy_kwh == pytest.approx((155 - 33) / 0.273)


def test_impossible_litres_are_told():
    idle = fuel_energy(log((80.0, 100.0), (20.0, 110.0)), KNOWN)
    assert idle.energy_kwh == 0
    assert idle.litres_per_kwh is None
    assert [f.key for f in idle.findings] == ["fuel_below_idle"]
    much = fuel_energy(log((80.0, 100.0), (900.0, 110.0)), KNOWN)
    assert much.energy_kwh == 1000
    assert [f.key for f in much.findings] == ["fuel_above_rating"]


def test_logs_without_a_period_are_refused():
    with pytest.raises(InputError, match="fuel_no_period"):
        fuel_energy(log((80.0, 100.0)), KNOWN)
    with pytest.raises(InputError, match="fuel_no_period"):
        fuel_energy(log((80.0, 100.0, {"full_tank": False}), (80.0, 110.0)), KNOWN)
    with pytest.raises(InputError, match="fuel_hours_back"):
        fuel_energy(log((80.0, 100.0), (10.0, 100.0)), KNOWN)


@given(st.floats(0, 1), st.floats(1, 300), st.floats(5, 2000))
def test_the_line_gives_back_the_load_it_was_burnt_at(fraction, hours, rated):
    line = fuel_line(Genset(rated_kw=rated, fuel_intercept_l_per_h_per_kw=0.04, fuel_slope_l_per_kwh=0.26))
    energy = fraction * rated * hours
    litres = 0.04 * rated * hours + 0.26 * energy
    assert line.energy_kwh(litres, hours) == pytest.approx(energy, abs=1e-6 * rated * hours)


@given(st.floats(0, 5000), st.floats(1, 300))
def test_the_band_is_in_order(litres, hours):
    line = fuel_line(Genset(rated_kw=60))
    low, base, high = (line.energy_kwh(litres, hours, place) for place in range(3))
    assert 0 <= low <= base <= high <= 60 * hours


# A year from a fuel log


def offgrid(**genset):
    return site_of(connection={"kind": "offgrid", "tariff": "diesel_own_genset"}, genset={"rated_kw": 100} | genset)


def year_log(same_day=False):
    start, entries = date(2025, 1, 1), []
    for week in range(53):
        entries.append(FuelEntry(date=start + timedelta(weeks=week), litres=620.0, hour_meter_hours=40.0 * week))
    if same_day:
        entries.append(FuelEntry(date=entries[-1].date, litres=100.0, hour_meter_hours=40.0 * 52 + 3))
    return FuelLog(entries=tuple(entries), label="log.csv")


def test_a_year_from_litres_keeps_their_energy():
    # 40 h a week at 50 kW on the known line: 0.03 x 100 x 40 + 0.25 x 2000 = 620 L.
    known = {"fuel_intercept_l_per_h_per_kw": 0.03, "fuel_slope_l_per_kwh": 0.25}
    load = load_from_fuel(year_log(), offgrid(**known), 2025)
    assert load.origin == "billed"
    assert load.energy_kwh == pytest.approx(52 * 2000 * 365 / 364, rel=0.005)
    assert next(f.key for f in load.findings) == "fuel_load"
    assert "bill_input_load" not in [f.key for f in load.findings]
    assumed = load_from_fuel(year_log(), offgrid(), 2025)
    widths = [(one.energy_band_kwh[1] - one.energy_band_kwh[0]) / one.energy_kwh for one in (load, assumed)]
    assert widths[0] < 0.05 < widths[1]


def test_two_refills_on_one_day_are_not_lost():
    known = {"fuel_intercept_l_per_h_per_kw": 0.0, "fuel_slope_l_per_kwh": 0.31}
    once, twice = (load_from_fuel(year_log(same), offgrid(**known), 2025).energy_kwh for same in (False, True))
    assert twice > once


def test_litres_without_a_set_are_refused():
    with pytest.raises(InputError, match="fuel_no_genset"):
        load_from_fuel(year_log(), site_of(), 2025)
    with pytest.raises(InputError, match="fuel_no_period"):
        load_from_fuel(log((10.0, 1.0), (0.0, 30.0)), offgrid(), 2025)
