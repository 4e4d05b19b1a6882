"""The step at 100 kW AC: a plant made to show it, and the pilot at 90, 100 and 110 kW."""

from math import fsum

import numpy as np
import pandas as pd
import pytest

from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.tariffs import bill, co, load_tariff
from mine_energy.units import LOCAL_TIME

INDEX = pd.date_range("2023-06-01", "2023-07-01", freq="h", tz=LOCAL_TIME, inclusive="left")
LOAD = pd.Series(40.0, index=INDEX)
SUN = np.maximum(np.sin((INDEX.hour.to_numpy() - 6) / 12 * np.pi), 0.0)
SHEET = load_tariff("co_ceo_n2_2013")


def billed(inverter_kw, pv_kwp, load=LOAD, sun=SUN, tariff=SHEET):
    """PV clipped at its inverters, settled with a spot price of 300 COP/kWh."""
    pv = np.minimum(pv_kwp * sun, inverter_kw)
    imports = pd.Series(np.maximum(load - pv, 0.0), index=load.index)
    out = pd.Series(np.maximum(pv - load, 0.0), index=load.index)
    return bill(imports, tariff, exports_kw=out, inverter_kw_ac=inverter_kw, spot_price=300.0)


def test_a_plant_of_99_kw_pays_better_than_one_of_130():
    without = bill(LOAD, SHEET).payable
    swept = co.sweep(billed, [90.0, 99.0, 100.0, 100.1, 130.0], [120.0, 150.0], without_pv=without)
    at = {(point.inverter_kw_ac, point.pv_kwp): point for point in swept.points}
    assert list(at) == [(ac, dc) for dc in (120.0, 150.0) for ac in (90.0, 99.0, 100.0, 100.1, 130.0)]
    # The same modules behind 0.1 kW more of inverter: each swapped kWh loses T + D + PR + R = 115.2246 COP.
    step = at[100.0, 120.0].saving - at[100.1, 120.0].saving
    assert step == pytest.approx(115.2246 * at[100.0, 120.0].swapped_kwh, rel=0.01)
    assert at[99.0, 150.0].saving > at[130.0, 150.0].saving
    assert (at[100.0, 150.0].small_class, at[100.1, 150.0].small_class) == (True, False)
    assert (swept.best_small.inverter_kw_ac, swept.best_large.inverter_kw_ac) == (100.0, 130.0)
    assert swept.smallest_large_as_good is None
    (finding,) = swept.findings
    assert finding.params["small_saving"] == swept.best_small.saving
    for language in LANGUAGES:
        assert "130" in finding_text(finding, language)


def test_dc_and_ac_are_two_axes():
    swept = co.sweep(billed, [60.0, 100.0], [60.0, 100.0, 140.0], without_pv=bill(LOAD, SHEET).payable)
    at = {(point.inverter_kw_ac, point.pv_kwp): point.saving for point in swept.points}
    # More modules behind the same inverters keep saving; more inverters save only where the modules are clipped.
    assert at[60.0, 60.0] < at[60.0, 100.0] < at[60.0, 140.0]
    assert at[60.0, 60.0] == pytest.approx(at[100.0, 60.0])
    assert at[60.0, 140.0] < at[100.0, 140.0]
    assert swept.findings == ()
    assert swept.best_large is None


def test_a_size_from_which_the_large_class_is_worth_it_is_found():
    # With a large load nothing is exported: the class does not matter.
    heavy = LOAD * 10
    swept = co.sweep(
        lambda ac, dc: billed(ac, dc, load=heavy), [100.0, 150.0, 200.0], [200.0], without_pv=bill(heavy, SHEET).payable
    )
    assert swept.smallest_large_as_good.inverter_kw_ac == 150.0
    assert swept.findings == ()


def test_money_of_the_period_counts_no_credit_that_is_left():
    light = LOAD * 0.02
    without = bill(light, SHEET).payable
    (point,) = co.sweep(lambda ac, dc: billed(ac, dc, load=light), [90.0], [120.0], without_pv=without).points
    assert (point.payable, point.saving) == (0.0, without)
    assert point.credit_left > 0
    assert point.sold_kwh > 0


def test_the_pilot_at_90_100_and_110_kw(pilot_study):
    # The pilot's own load after measures and its own sun, scaled to 1.2 kWp per kW AC; the packaged estimate of 2025.
    hourly = pilot_study.hourly
    load = hourly.load_after_kw
    sun = hourly.pv_kw.to_numpy() / pilot_study.design.after_measures.pv_kwp
    tariff = load_tariff("co_ceo_n2_2025_estimate")
    made = {kw: billed(kw, 1.2 * kw, load=load, sun=sun, tariff=tariff) for kw in (90.0, 100.0, 110.0)}
    without = bill(load, tariff).payable
    saving = {kw: without - one.payable for kw, one in made.items()}
    assert saving[110.0] < saving[90.0] < saving[100.0]
    parts = tariff.components
    lost = parts.t + parts.d + parts.pr + parts.r
    for kw, one in made.items():
        credit = parts.cu_applied - parts.cv - (lost if kw > 100 else 0.0)
        swapped = fsum(line.quantity for line in one.lines if line.key == "swap_credit")
        assert one.amount("swap") == pytest.approx(-credit * swapped)
        assert one.payable - one.credit_left == pytest.approx(one.total)
    swept = co.sweep(
        lambda ac, dc: billed(ac, dc, load=load, sun=sun, tariff=tariff), list(made), [132.0], without_pv=without
    )
    assert [finding.key for finding in swept.findings] == ["tariff_class_step"]
