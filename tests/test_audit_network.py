"""Transformer and feeders in an audit: hand-worked, the balance, both sides of the meter, and no loss counted twice."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.audit import Evidence, audit
from mine_energy.loads import LoadProfile, build_load
from mine_energy.loads.bills import BillPeriod, Bills
from mine_energy.loads.losses import behind_the_meter, network_of
from mine_energy.loads.plan import plan_machines
from mine_energy.measures import MEASURES
from mine_energy.messages import finding_text
from mine_energy.motors import Motor, MotorInventory
from mine_energy.site import FeederChoice, NetworkChoice, TransformerChoice
from test_audit import inventory, make_site, row

# 112.5 kVA with 0.39 kW and 1.54 kW: the size of a small mine's transformer.
UNIT = TransformerChoice(name="TR-1", rated_kva=112.5, no_load_loss_kw=0.39, load_loss_kw=1.54)
FEEDER = FeederChoice(reference_kva=50.0, reference_loss_kw=1.0)
QUIET = Evidence(draws=0)


def plant(side="supply", transformers=(UNIT,), feeder=FEEDER, **measures):
    network = NetworkChoice(metering_side=side, transformer=transformers, feeder=feeder)
    return make_site(**measures).model_copy(update={"network": network})


def heater(tag="H-1", kw=45.0, hours=8.0, power_factor=0.8):
    """Return a load without a motor: its input is its rated power, so that figures can be worked by hand."""
    base = {"tag": tag, "equipment": "furnace", "rated_power_kw": kw, "load_factor": 1.0, "hours_per_day": hours}
    return Motor(**base, power_factor=power_factor, schedule=f"08:00-{8 + int(hours):02d}:00")


def uses(result):
    return {use.process: use.energy_kwh_per_year for use in result.end_uses}


def causes(result):
    return {cause.cause: cause.energy_kwh_per_year for cause in result.savings_by_cause}


# By hand


def test_a_furnace_behind_a_transformer_by_hand():
    # 45 kW at 0.8 are 56.25 kVA. Feeder: 1 kW x (56.25 / 50)^2 = 1.265625 kW. The transformer carries 46.265625 kW and
    # 33.75 kvar: 3279.57 kVA2, of 12656.25 kVA2 a share of 0.259127: 0.399055 kW. Work: 312 days of 8 h.
    result = audit(plant(), inventory(heater()), year=2025, evidence=QUIET)
    assert result.load_before.load_kw.max() == pytest.approx(45 + 1.265625 + 0.399055 + 0.39, abs=1e-5)
    assert result.load_before.load_kw.min() == pytest.approx(0.39)
    found = uses(result)
    assert found["feeder"] == pytest.approx(1.265625 * 2496)
    assert found["transformer_load"] == pytest.approx(0.399055 * 2496, rel=1e-5)
    assert found["transformer_no_load"] == pytest.approx(0.39 * 8760)
    assert sum(found.values()) == pytest.approx(result.energy_before_kwh, rel=1e-12)
    assert sum(use.share for use in result.end_uses) == pytest.approx(1)


def test_no_load_losses_also_run_on_rest_days_and_in_a_leap_year():
    result = audit(plant(feeder=None), inventory(heater()), year=2024, evidence=QUIET)
    assert uses(result)["transformer_no_load"] == pytest.approx(0.39 * 8784)
    resting = result.load_before.load_kw[result.rest_days[0]]
    assert resting.to_numpy() == pytest.approx(np.full(96, 0.39))


def test_on_the_plant_side_the_transformer_is_shown_and_in_nothing():
    result = audit(plant("plant"), inventory(heater()), year=2025, evidence=QUIET)
    assert set(uses(result)) == {"other", "feeder"}
    assert sum(uses(result).values()) == pytest.approx(result.energy_before_kwh, rel=1e-12)
    assert result.load_before.load_kw.max() == pytest.approx(46.265625)
    apart = {one.key: one.energy_kwh_per_year for one in result.network if not one.metered}
    assert apart["transformer_no_load"] == pytest.approx(0.39 * 8760)
    assert apart["transformer_load"] == pytest.approx(0.399055 * 2496, rel=1e-5)
    (said,) = [f for f in result.findings if f.key == "network_losses_apart"]
    assert said.params["kwh"] == pytest.approx(sum(apart.values()))


def test_a_feeder_by_its_share_of_the_year_and_by_its_voltage_drop():
    whole = audit(
        plant(feeder=FeederChoice(loss_fraction=0.02)), inventory(heater(), heater("H-2", 20.0, 4.0)), year=2025
    )
    assert uses(whole)["feeder"] == pytest.approx(0.02 * whole.energy_kwh_per_year)
    assert "network_feeder_fraction" in {f.key for f in whole.findings}
    # 3 % at 50 kVA and 0.8 without reactance: loss/P = 0.03 / 0.64, so 1.875 kW at 40 kW.
    drop = FeederChoice(reference_kva=50.0, voltage_drop=0.03, power_factor=0.8)
    result = audit(plant(feeder=drop), inventory(heater(kw=40.0)), year=2025, evidence=QUIET)
    assert uses(result)["feeder"] == pytest.approx(1.875 * 2496)


def test_an_idle_transformer_has_its_no_load_loss_alone():
    idle = UNIT.model_copy(update={"name": "TR-2", "load_share": 0.0})
    busy = UNIT.model_copy(update={"load_share": 1.0})
    one, two = (
        uses(audit(plant(transformers=units), inventory(heater()), year=2025, evidence=QUIET))
        for units in ((busy,), (busy, idle))
    )
    assert two["transformer_no_load"] == pytest.approx(2 * one["transformer_no_load"])
    assert two["transformer_load"] == pytest.approx(one["transformer_load"])


def test_off_grid_has_feeders_and_no_transformer():
    site = plant(None, transformers=())
    result = audit(site, inventory(heater()), year=2025, evidence=QUIET)
    assert set(uses(result)) == {"other", "feeder"}
    assert [one.key for one in result.network] == ["feeder"]
    assert result.load_before.load_kw.min() == 0.0


def test_without_the_section_nothing_is_lost():
    result = audit(make_site(), inventory(row()), year=2025, evidence=QUIET)
    assert result.network == ()
    assert {use.kind for use in result.end_uses} == {"process"}
    assert "network_losses" not in causes(result)


# Balances


@settings(max_examples=20, deadline=None)
@given(
    hours=st.lists(st.floats(0, 16), min_size=1, max_size=3),
    power=st.floats(5, 200),
    losses=st.tuples(st.floats(0, 2), st.floats(0, 8), st.floats(0, 5)),
    side=st.sampled_from(["supply", "plant"]),
)
def test_end_uses_add_up_to_the_load_and_causes_to_what_goes(hours, power, losses, side):
    unit = TransformerChoice(name="T", rated_kva=150.0, no_load_loss_kw=losses[0], load_loss_kw=losses[1])
    feeder = FeederChoice(reference_kva=100.0, reference_loss_kw=losses[2])
    rows = inventory(*(row(f"M-{i}", h, rated_power_kw=power) for i, h in enumerate(hours)))
    result = audit(plant(side, (unit,), feeder), rows, year=2025, step_minutes=60, evidence=QUIET)
    assert sum(uses(result).values()) == pytest.approx(result.energy_before_kwh, rel=1e-9, abs=1e-6)
    gone = result.energy_before_kwh - result.energy_after_kwh
    assert sum(causes(result).values()) == pytest.approx(gone, rel=1e-9, abs=1e-5)
    saved = sum(s.energy_kwh_per_year for s in result.savings if s.decision == "apply")
    after = result.energy_kwh_per_year - saved + sum(one.after_kwh_per_year for one in result.network if one.metered)
    assert after == pytest.approx(result.energy_after_kwh, rel=1e-9, abs=1e-5)


def test_less_load_loses_less_with_the_square():
    # A motor alone: what the load loss falls by is that of the load before less that of the load after.
    result = audit(plant(feeder=None), inventory(row(power_factor=None)), year=2025, evidence=QUIET)
    (loss,) = [one for one in result.network if one.key == "transformer_load"]
    assert causes(result)["network_losses"] == pytest.approx(loss.energy_kwh_per_year - loss.after_kwh_per_year)
    assert 0 < loss.after_kwh_per_year < loss.energy_kwh_per_year
    (cause,) = [one for one in result.savings_by_cause if one.cause == "network_losses"]
    assert cause.value_per_year is None
    assert cause.energy_low_kwh_per_year < cause.energy_kwh_per_year < cause.energy_high_kwh_per_year


def test_every_finding_has_words():
    result = audit(plant("plant", feeder=FeederChoice(loss_fraction=0.02)), inventory(heater()), year=2025)
    other = audit(plant(transformer=(idle_entry(),), transformers=()), inventory(heater()), year=2025)
    for language in ("es", "en"):
        texts = [finding_text(f, language, "CO") for f in (*result.findings, *(gap.reason for gap in other.gaps))]
        assert all(texts)


# Meters


def metered(site, rows, step=15, reactive=True):
    built, _ = build_load(site, rows, 2025, step)
    known = network_of(site, plan_machines(site, rows))
    seen = known.at_meter_kw(built.load_kw.to_numpy(), built.reactive_kvar.to_numpy())
    return LoadProfile(
        load_kw=pd.Series(seen, index=built.load_kw.index),
        reactive_kvar=built.reactive_kvar if reactive else None,
        step_minutes=step,
        origin="metered",
        label="meter.csv",
    )


@pytest.mark.parametrize("side", ["supply", "plant"])
@pytest.mark.parametrize("reactive", [True, False])
def test_a_meter_agrees_with_the_machines_behind_its_losses(side, reactive):
    site, rows = plant(side), inventory(heater(), heater("H-2", 20.0, 4.0))
    result = audit(site, rows, metered(site, rows, reactive=reactive), year=2025)
    found = result.reconciliation
    assert found.gap_kwh == pytest.approx(0, abs=1e-3)
    assert found.metered_kwh == pytest.approx(result.energy_before_kwh)
    assert found.losses_kwh == pytest.approx(found.metered_kwh - result.energy_kwh_per_year, abs=1e-3)
    known = result.reconciled
    parts = sum(use.energy_kwh for use in known.uses) + known.losses_kwh + known.difference_kwh
    assert parts == pytest.approx(known.metered_kwh)
    assert known.metered_kwh == pytest.approx(result.energy_before_kwh)
    assert sum(use.share for use in known.uses) + known.losses_kwh / known.metered_kwh + known.difference_share == (
        pytest.approx(1)
    )
    assert ("network_power_factor" in {f.key for f in result.findings}) is not reactive


def test_with_a_share_of_the_year_and_no_reactive_meter_the_losses_come_back():
    site = plant(feeder=FeederChoice(loss_fraction=0.03))
    rows = inventory(heater(), heater("H-2", 20.0, 4.0))
    built = audit(site, rows, year=2025, evidence=QUIET)
    record = LoadProfile(load_kw=built.load_before.load_kw, step_minutes=15, origin="metered", label="meter.csv")
    seen = behind_the_meter(record, network_of(site, plan_machines(site, rows)))
    assert seen.load.energy_kwh == pytest.approx(built.energy_kwh_per_year, rel=1e-9)
    assert seen.losses_kwh == pytest.approx(sum(one.energy_kwh_per_year for one in built.network), rel=1e-9)


def test_a_metered_load_saves_its_losses_too():
    site, rows = plant(), inventory(row())
    record = metered(site, rows)
    result = audit(site, rows, record, year=2025, evidence=QUIET)
    gone = result.energy_before_kwh - result.energy_after_kwh
    assert sum(causes(result).values()) == pytest.approx(gone)
    built = audit(site, rows, year=2025, evidence=QUIET)
    assert causes(result)["network_losses"] == pytest.approx(causes(built)["network_losses"], rel=1e-6)


def test_a_supply_that_was_off_lost_nothing():
    site, rows = plant(feeder=None), inventory(heater())
    record = metered(site, rows)
    running = np.arange(len(record.load_kw)) >= 96 * 10
    off = LoadProfile(
        load_kw=record.load_kw.where(running, 0.0),
        reactive_kvar=record.reactive_kvar.where(running, 0.0),
        step_minutes=15,
        origin="metered",
        label="meter.csv",
    )
    result = audit(site, rows, off, year=2025, measures=(), evidence=QUIET)
    assert uses(result)["transformer_no_load"] == pytest.approx(0.39 * (8760 - 240))
    assert result.load_after.load_kw.equals(result.load_before.load_kw)


def test_bills_are_read_behind_the_losses():
    site, rows = plant(), inventory(heater(), heater("H-2", 20.0, 4.0))
    built = audit(site, rows, year=2025, evidence=QUIET)
    starts = [pd.Timestamp(2025, month, 1).date() for month in range(1, 13)] + [pd.Timestamp(2026, 1, 1).date()]
    months = built.load_before.monthly_kwh()
    periods = tuple(
        BillPeriod(start=start, end=end, energy_kwh=kwh)
        for start, end, kwh in zip(starts[:-1], starts[1:], months, strict=True)
    )
    result = audit(site, rows, year=2025, evidence=Evidence(bills=Bills(periods=periods, label="bills.csv"), draws=0))
    assert result.reconciled.metered_kwh == pytest.approx(sum(months))
    assert result.reconciled.losses_kwh == pytest.approx(sum(o.energy_kwh_per_year for o in built.network), rel=1e-6)
    assert result.reconciled.difference_kwh == pytest.approx(0, abs=1e-3 * sum(months))


# The measure on a transformer


def idle_entry(**values):
    base = {"name": "TR-2", "rated_kva": 112.5, "no_load_loss_kw": 0.39, "load_loss_kw": 1.54, "load_kva": 0.0}
    return {**base, "loaded_hours_per_year": 0.0, "metered": True, "capex_usd": 100.0} | values


def transformer_saving(result):
    return next(s for s in result.savings if s.measure == "transformer")


def test_a_built_load_without_the_transformer_cannot_save_it():
    result = audit(make_site(transformer=(idle_entry(),)), inventory(heater()), year=2025, evidence=QUIET)
    assert [(gap.measure, gap.tags, gap.reason.key) for gap in result.gaps] == [
        ("transformer", ("TR-2",), "measure_no_data_transformer")
    ]
    assert result.energy_after_kwh == result.energy_before_kwh


def test_a_meter_holds_what_the_entry_says():
    site, rows = make_site(transformer=(idle_entry(),)), inventory(heater())
    built, _ = build_load(make_site(), rows, 2025)
    record = LoadProfile(load_kw=built.load_kw + 0.39, step_minutes=15, origin="metered", label="meter.csv")
    result = audit(site, rows, record, year=2025, evidence=QUIET)
    assert result.energy_before_kwh - result.energy_after_kwh == pytest.approx(0.39 * 8760)


def test_an_idle_transformer_of_the_network_saves_its_no_load_loss_at_night_too():
    busy = UNIT.model_copy(update={"load_share": 1.0})
    idle = UNIT.model_copy(update={"name": "TR-2", "load_share": 0.0})
    site = plant(transformers=(busy, idle), transformer=(idle_entry(),))
    result = audit(site, inventory(heater()), year=2025, evidence=QUIET)
    assert transformer_saving(result).energy_kwh_per_year == pytest.approx(0.39 * 8760)
    assert result.energy_before_kwh - result.energy_after_kwh == pytest.approx(0.39 * 8760)
    assert result.load_after.load_kw.min() == pytest.approx(0.39)
    assert "audit_savings_beyond_load" not in {f.key for f in result.findings}


def test_another_transformer_saves_on_the_load_that_the_machines_leave():
    entry = idle_entry(name="TR-1", load_kva=50.0, new_no_load_loss_kw=0.2, new_load_loss_kw=1.0, new_rated_kva=112.5)
    site = plant(feeder=None, transformer=(entry,))
    result = audit(site, inventory(row()), year=2025, evidence=QUIET)
    gone = result.energy_before_kwh - result.energy_after_kwh
    assert sum(causes(result).values()) == pytest.approx(gone)
    # The whole difference, worked apart: old losses on the load before, new ones on the load after.
    without = audit(plant(feeder=None), inventory(row()), year=2025, evidence=QUIET)
    (old,) = [o for o in without.network if o.key == "transformer_load"]
    saved = sum(s.energy_kwh_per_year for s in without.savings if s.decision == "apply")
    new_load = old.after_kwh_per_year * 1.0 / 1.54
    expected = saved + 0.19 * 8760 + old.energy_kwh_per_year - new_load
    assert gone == pytest.approx(expected)
    assert causes(result)["network_losses"] == pytest.approx(causes(without)["network_losses"])
    (later,) = [o for o in result.network if o.key == "transformer_load"]
    assert later.after_kwh_per_year == pytest.approx(new_load)


def test_on_the_plant_side_a_transformer_saves_nothing_of_the_load():
    entry = idle_entry(name="TR-1", load_kva=50.0, new_no_load_loss_kw=0.2, new_rated_kva=112.5)
    result = audit(plant("plant", transformer=(entry,)), inventory(heater()), year=2025, evidence=QUIET)
    assert transformer_saving(result).reason.key == "measure_transformer_not_metered"


def test_the_measures_are_still_the_registered_ones():
    assert "network" not in MEASURES


def test_a_meter_alone_knows_its_losses_and_no_end_use():
    site = plant(feeder=None)
    record = metered(site, inventory(heater()))
    result = audit(site, None, record, year=2025)
    assert result.end_uses == ()
    assert {one.key for one in result.network} == {"transformer_no_load", "transformer_load"}
    assert result.load_after.load_kw.equals(record.load_kw)


def test_an_empty_inventory_still_has_its_no_load_loss():
    result = audit(plant(feeder=None), MotorInventory(motors=(), file="m.csv"), year=2025)
    assert uses(result) == {"transformer_no_load": pytest.approx(0.39 * 8760)}
