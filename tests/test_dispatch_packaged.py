"""Rules from packaged figures: they run, they say what they assume, and their sources hold together."""

import numpy as np
import pytest

from mine_energy import catalog, messages
from mine_energy.dispatch import Sizes, simulate
from mine_energy.dispatch.derate import Engine
from mine_energy.dispatch.equipment import battery_figure, genset_figure, inverter_figure
from mine_energy.dispatch.outages import recorded_saidi
from mine_energy.dispatch.packaged import packaged_battery, packaged_genset
from mine_energy.errors import MissingData


@pytest.mark.parametrize(
    "name", ["gensets.csv", "gensets_equipment.csv", "batteries/chemistries.csv", "starting/methods.csv"]
)
def test_ranges_are_in_order(name):
    for row in catalog.table(name):
        assert float(row["low"]) <= float(row["default"]) <= float(row["high"]), row


def test_figures_carry_their_source():
    assert genset_figure("transient_reactance").confidence == "D"
    assert genset_figure("overhaul_hours", "high").value == 20000
    assert battery_figure("lead_acid", "soc_min").value == 0.5
    assert inverter_figure("pv_rated_ambient_c").confidence == "B"
    for figure, arguments in ((genset_figure, ("no",)), (inverter_figure, ("no",)), (battery_figure, ("lfp", "no"))):
        with pytest.raises(KeyError):
            figure(*arguments)


def test_the_round_trip_agrees_with_the_finance_default():
    rule, _ = packaged_battery("lfp")
    stated = catalog.finance_default("battery_round_trip_efficiency", "any").default.value
    assert rule.charge_efficiency * rule.discharge_efficiency == pytest.approx(stated, abs=0.005)


def test_a_month_of_self_discharge():
    rule, _ = packaged_battery("lfp")
    assert (1 - rule.self_discharge_per_hour) ** 730 == pytest.approx(0.98)


@pytest.mark.parametrize(
    ("chemistry", "key"), [("lfp", "battery_packaged_lfp"), ("lead_acid", "battery_packaged_lead_acid")]
)
def test_a_packaged_battery_runs(chemistry, key):
    rule, notes = packaged_battery(chemistry, cell_c=np.full(24, 20.0))
    assert [one.key for one in notes] == [key]
    pv = np.where((np.arange(24) > 8) & (np.arange(24) < 16), 1.0, 0.0)
    result = simulate(np.full(24, 10.0), pv, Sizes(pv_kwp=60, battery_kwh=200, battery_kw=40), battery=rule)
    assert result.energy_kwh("discharge") > 0
    for language in messages.LANGUAGES:
        assert "{" not in messages.finding_text(notes[0], language)


def test_a_packaged_genset_at_height():
    engine = Engine(rated_kw=200, aspiration="natural")
    rule, derated, notes = packaged_genset(engine, 3000, 20)
    assert derated.power_kw < 140
    # The litres of no load are the engine's: 0.033 x 200 L/h.
    assert rule.fuel_intercept_l_per_h_per_kw * derated.power_kw == pytest.approx(6.6)
    assert rule.fuel_slope_l_per_kwh >= 0.273
    assert [one.key for one in notes] == ["genset_derate_iso", "genset_packaged"]
    measured, _, notes = packaged_genset(engine, 0, 20, fuel_line=(0.02, 0.25))
    assert (measured.fuel_intercept_l_per_h_per_kw, measured.fuel_slope_l_per_kwh) == pytest.approx((0.02, 0.25))
    assert notes[-1].key == "genset_packaged_least"
    for note in notes:
        assert "{" not in messages.finding_text(note, "es")


def test_recorded_outages():
    found = recorded_saidi("CO")
    assert found[0][1].year >= found[-1][1].year
    assert {place for place, _ in found} >= {"country", "Asocodis members"}
    with pytest.raises(MissingData) as caught:
        recorded_saidi("PE")
    assert caught.value.params["available"] == "CO"
