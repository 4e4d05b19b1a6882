"""The Monte Carlo of the audit: one motor by hand, properties, money, what to measure next."""

from dataclasses import replace
from datetime import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mine_energy.audit import AuditUncertainty, EnergyPrice, Evidence, MeterReading, audit
from mine_energy.audit.adjustment import adjust_inventory
from mine_energy.audit.measurement_plan import instruments
from mine_energy.audit.model import audit_model
from mine_energy.audit.montecarlo import audit_uncertainty
from mine_energy.audit.parts import audit_assumption
from mine_energy.loads import load_of, plan_machines
from mine_energy.loads.calendar import working_days
from mine_energy.messages import finding_text
from mine_energy.motors import Motor, MotorInventory, efficiency_at_load
from mine_energy.site import EmissionsChoice, GridConnection, MeasuresChoice, Shift, Site, SiteFacts
from mine_energy.uncertainty import draw, simulate

Z90 = 1.6448536269514722
PRICE = EnergyPrice(
    per_kwh=0.15, low_per_kwh=0.12, high_per_kwh=0.18, currency="USD", per_usd=1.0, discount_rate=0.1, years=10
)


def make_site(**measures):
    return Site(
        site=SiteFacts(
            name="Plant",
            country="CO",
            latitude=3.0,
            longitude=-76.6,
            altitude_m=800,
            workdays_per_month=26,
            shifts=(Shift(start=time(6), end=time(22)),),
        ),
        connection=GridConnection(kind="grid", tariff="x"),
        emissions=EmissionsChoice(activity_year=2025),
        measures=MeasuresChoice(**measures),
    )


def row(tag="M-1", **values):
    base = {"tag": tag, "rated_power_kw": 37.0, "poles": 4, "efficiency": 0.905, "load_factor": 0.75}
    return Motor(**base | {"hours_per_day": 10.0, "origin": "nameplate"} | values)


def plant(*motors):
    return MotorInventory(motors=motors, file="motors.csv")


SIX = plant(
    row("CO-1", rated_power_kw=75.0, equipment="compressor", process="compressed_air", unloaded_hours_per_day=2.0),
    row("ML-1", rated_power_kw=45.0, process="grinding", efficiency=None, ie_class=None),
    row("CR-1", rated_power_kw=15.0, process="crushing", hours_per_day=5.0, rewinds=2, efficiency=0.88),
    row("PP-1", rated_power_kw=11.0, process="pumping", load_type="centrifugal", efficiency=0.885),
    row("FN-1", rated_power_kw=7.5, process="ventilation", load_type="centrifugal", origin="assumed", efficiency=0.86),
    row("LT-1", rated_power_kw=4.0, process="lighting", equipment="lighting", poles=None, efficiency=None),
)


def model_of(inventory, site=None, meter=None, price=None):
    site = site or make_site()
    found = audit(site, inventory, year=2025, evidence=Evidence(draws=0))
    plans = plan_machines(site, inventory)
    adjusted = adjust_inventory(plans, site, found.load_before if meter is None else meter, meter)
    return audit_model(
        plans, adjusted.parts, adjusted.observations, adjusted.posterior, found.savings, found.workdays, price
    )


def bands(inventory, draws=4000, seed=1, price=None, **values):
    return audit_uncertainty(model_of(inventory, price=price, **values), draws=draws, seed=seed, price=price)


def sample_of(model, draws=2000, seed=1):
    return simulate(model, model.inputs, draws, seed)


# One motor by hand


def test_one_motor_by_hand():
    # 37 kW, 75 % load, 90.5 %: input 27.75 kW / eff(75 %); stated load +-25 %, stated hours +-15 %, 90 % intervals.
    # ln E has the standard deviation of both together; P10 and P90 stand 1.2816 of it from the median.
    motor = row()
    inventory = plant(motor)
    hours = 10.0 * len(working_days(2025, 26))
    input_kw = 27.75 / efficiency_at_load(0.905, 0.75, 37.0)
    loss = 1 / 0.905 - 1
    # Two-loss model: losses over rated power are v0 + vL p^2, loss in all at p = 1, so vL follows from the two inputs.
    variable = (loss - (input_kw / 37.0 - 0.75)) / (1 - 0.75**2)
    elasticity = 0.75 * (1 + 2 * variable * 0.75) / (input_kw / 37.0)
    sd = np.hypot(0.25 * elasticity / Z90, 0.15 / Z90)
    found = bands(inventory, draws=40000).plant.energy_kwh
    assert found.p50 == pytest.approx(input_kw * hours, rel=0.01)
    assert np.log(found.p90 / found.p50) == pytest.approx(1.2816 * sd, rel=0.03)
    assert np.log(found.p50 / found.p10) == pytest.approx(1.2816 * sd, rel=0.03)


def test_the_saving_of_one_motor_follows_its_losses():
    # Both motors carry the same shaft load, so the input falls by the losses: with every loss at base, the audit's own
    # saving; with all losses of the old motor 15 % lower, the saving that the audit shows when told that efficiency.
    inventory = plant(row())
    model = model_of(inventory)
    base = np.array([[one.base] for one in model.inputs])
    audited = audit(make_site(), inventory, year=2025, evidence=Evidence(draws=0))
    (saving,) = [s for s in audited.savings if s.decision == "apply"]
    assert model(base)[1, 0] == pytest.approx(saving.energy_kwh_per_year, rel=1e-9)
    better = base.copy()
    better[[one.name for one in model.inputs].index("old_losses M-1")] = 0.85
    told = plant(
        row(efficiency=1 / (1 + 0.85 * (1 / 0.905 - 1)), load_factor=None, input_kw=model.energy_kwh[0] / 3120)
    )
    again = audit(make_site(), told, year=2025, evidence=Evidence(draws=0))
    (expected,) = [s for s in again.savings if s.decision == "apply"]
    assert model(better)[1, 0] == pytest.approx(expected.energy_kwh_per_year, rel=1e-6)


# Sums


def test_causes_add_up_in_every_draw_and_in_the_mean():
    site = make_site(leaks=({"tag": "CO-1", "leak_fraction": 0.2, "repaired_fraction": 0.7, "control": "modulating"},))
    model = model_of(SIX, site)
    drawn = sample_of(model)
    n, k = model.machines, len(model.savings)
    assert {s.cause for s in model.savings} == {"compressed_air", "motor_efficiency"}
    found = audit_uncertainty(model, draws=2000, seed=1)
    assert found.saving.mean_kwh == pytest.approx(drawn[n : n + k].sum(axis=0).mean(), rel=1e-12)
    assert sum(c.mean_kwh for c in found.causes) == pytest.approx(found.saving.mean_kwh, rel=1e-12)
    assert sum(m.mean_kwh for m in found.measures) == pytest.approx(found.saving.mean_kwh, rel=1e-12)
    assert sum(m.mean_kwh for m in found.machines) == pytest.approx(found.plant.mean_kwh, rel=1e-12)
    assert sum(p.mean_kwh for p in found.processes) == pytest.approx(found.plant.mean_kwh, rel=1e-12)


def test_a_later_measure_takes_its_share_of_what_is_left():
    # With the leaks' effect drawn at its ends, the motor's saving follows the energy that they leave, in each draw.
    site = make_site(leaks=({"tag": "CO-1", "leak_fraction": 0.3, "repaired_fraction": 1.0, "control": "modulating"},))
    model = model_of(plant(SIX.motors[0]), site)
    names = [one.name for one in model.inputs]
    at = names.index("effect leaks CO-1")
    base = np.array([one.base for one in model.inputs])
    block = np.repeat(base[:, None], 2, axis=1)
    block[at] = [0.0, 0.5]
    energy, leaks, motor, *_ = model(block)
    assert leaks == pytest.approx([0.0, 0.5 * energy[1]])
    assert motor[1] / motor[0] == pytest.approx(0.5)
    assert (leaks + motor < energy).all()


def test_only_a_swapped_motor_may_save_nothing():
    site = make_site(leaks=({"tag": "CO-1", "leak_fraction": 0.2, "repaired_fraction": 0.7, "control": "modulating"},))
    model = model_of(SIX, site)
    n = model.machines
    for saving, drawn in zip(model.savings, sample_of(model)[n:], strict=False):
        if saving.measure != "replacement":
            assert drawn.min() >= 0
    close = plant(row("FN-9", load_type="centrifugal", efficiency=0.938, process="ventilation"))
    found = bands(close)
    (one,) = found.measures
    assert one.energy_kwh.p10 < 0 < one.energy_kwh.p90
    assert 0.1 < one.no_gain_probability < 0.9
    assert "uncertainty_no_gain" in {f.key for f in found.findings}


# Properties


def test_percentiles_are_ordered_and_the_same_seed_gives_the_same_bytes():
    adapter = TypeAdapter(AuditUncertainty)
    first, second, other = (adapter.dump_json(bands(SIX, 500, seed, PRICE)) for seed in (1, 1, 2))
    assert first == second
    assert first != other
    assert adapter.dump_json(adapter.validate_json(first)) == first
    found = adapter.validate_json(first)
    every = [found.plant, *found.machines, *found.processes, found.saving, *found.causes, *found.measures]
    assert all(one.energy_kwh.p10 <= one.energy_kwh.p50 <= one.energy_kwh.p90 for one in every)


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(6)))
def test_the_order_of_the_rows_changes_nothing(order):
    found, again = bands(SIX, 500), bands(plant(*(SIX.motors[i] for i in order)), 500)
    assert again.plant.energy_kwh.p90 == pytest.approx(found.plant.energy_kwh.p90, rel=1e-9)
    assert again.saving.energy_kwh.p10 == pytest.approx(found.saving.energy_kwh.p10, rel=1e-9)
    one, other = ({m.name: m.energy_kwh.p50 for m in b.machines} for b in (found, again))
    assert one == pytest.approx(other, rel=1e-9)


def test_wider_inputs_give_wider_results():
    widths = []
    for origin in ("measured", "nameplate", "assumed"):
        rows = plant(*(m.model_copy(update={"origin": origin}) for m in SIX.motors))
        widths.append(bands(rows).plant.energy_kwh.width)
    assert widths == sorted(widths)
    assert widths[0] < 0.8 * widths[2]


def test_a_common_error_does_not_average_out():
    # n equal motors, relative standard deviation s each: s sqrt((1 + (n - 1) rho) / n) for their sum (docs, section 2).
    rows = plant(*(row(f"M-{i}", process="other") for i in range(20)))
    model = model_of(rows)
    spread = []
    for rho in (0.0, 0.5, 1.0):
        inputs = [replace(one, correlation=rho) if one.name.startswith("power") else one for one in model.inputs]
        inputs = [replace(one, distribution="point") if one.name.startswith("hours") else one for one in inputs]
        energy = model(draw(inputs, 20000, 1))[:20].sum(axis=0)
        spread.append(float(np.log(energy).std()))
    single = spread[2]
    assert spread[1] == pytest.approx(single * np.sqrt((1 + 19 * 0.5) / 20), rel=0.03)
    assert spread[0] == pytest.approx(single * np.sqrt(1 / 20), rel=0.05)


def test_a_machine_never_runs_more_hours_than_the_year_nor_beyond_its_limit():
    model = model_of(plant(row(hours_per_day=23.5, load_factor=1.2)))
    energy = sample_of(model, 5000)[0]
    (limit,) = model.power_limit
    assert limit < 1.2
    assert energy.max() <= model.energy_kwh[0] * limit * 8760 / (23.5 * 312) * (1 + 1e-9)


def test_zero_hours_and_one_row():
    found = bands(plant(row("A", hours_per_day=0.0), row("B")), 500)
    assert found.machines[0].energy_kwh.p90 == 0.0
    assert found.machines[1].energy_kwh.p10 > 0
    nothing = audit(make_site(), plant(row("A", hours_per_day=0.0)), year=2025)
    assert nothing.uncertainty is None


# Money


def test_money_by_hand_when_only_the_price_is_known():
    # Ten years at 10 %: 1 / crf = 6.1446 (annuity tables). NPV = 6.1446 x saving x price - price of the motor.
    model = model_of(plant(row()), price=PRICE)
    base = np.array([[one.base] for one in model.inputs])
    energy, saved, capex, price = model(base)[:, 0]
    known = replace(model, inputs=tuple(replace(one, distribution="point") for one in model.inputs))
    found = audit_uncertainty(known, draws=10, seed=1, price=PRICE).money
    assert price == 0.15
    assert found.total.npv.p50 == pytest.approx(6.144567 * saved * 0.15 - capex, rel=1e-6)
    assert found.total.payback.p50_years == pytest.approx(capex / (saved * 0.15))
    assert found.measures[0].npv == found.total.npv
    assert energy > saved


def test_a_payback_that_never_comes_is_none_and_survives_json():
    close = plant(row("FN-9", load_type="centrifugal", efficiency=0.938, process="ventilation"))
    found = bands(close, price=PRICE)
    assert found.money.total.payback.p90_years is None
    assert found.money.total.loss_probability > 0.9
    adapter = TypeAdapter(AuditUncertainty)
    assert adapter.validate_json(adapter.dump_json(found)) == found


def test_without_a_price_there_is_no_money():
    found = bands(SIX, 500)
    assert found.money is None
    assert found.on_npv == ()


# What matters, and what to measure


def test_the_tornado_names_the_common_error_and_the_big_machines():
    found = bands(SIX, 1000, price=PRICE)
    top = [(one.kind, one.subject) for one in found.on_energy[:4]]
    assert ("common_load", "assumed") in top
    assert ("power", "CO-1") in top
    swings = [abs(one.at_p90 - one.at_p10) for one in found.on_saving]
    assert swings == sorted(swings, reverse=True)
    assert {"common_capex", "price"} <= {one.kind for one in found.on_npv}
    assert not {"price", "capex"} & {one.kind for one in found.on_saving}


def test_the_plan_starts_with_the_machine_that_matters_and_never_widens():
    found = bands(SIX, 1000)
    assert found.plan[0].tag == "CO-1"
    for name in ("energy_left", "saving_left", "split_left"):
        left = [1.0, *(getattr(step, name) for step in found.plan)]
        assert left == sorted(left, reverse=True)
    assert all(step.instrument == instruments()[step.quantity] for step in found.plan)
    assert len({step.tag for step in found.plan}) == len(found.plan)


def test_the_plan_keeps_what_it_promises():
    # Carry out the first step: a row with logged power and measured hours has the band that the plan foretold.
    found = bands(SIX, 20000)
    step = found.plan[0]
    assert step.quantity == "energy"
    i = [m.tag for m in SIX.motors].index(step.tag)
    plans = plan_machines(make_site(), SIX)
    state = plans[i]
    hours = (state.hours_per_day + state.unloaded_hours_per_day) * 312
    energy = state.energy_kwh_per_day * 312
    band = instruments()
    readings = (
        MeterReading(name="p", tags=(step.tag,), kind="power", value=energy / hours, band=band["power"].band),
        MeterReading(name="h", tags=(step.tag,), kind="hours", value=hours, band=band["hours"].band),
    )
    after = audit(make_site(), SIX, year=2025, evidence=Evidence(readings=readings, draws=20000)).uncertainty
    left = after.plant.energy_kwh.width / found.plant.energy_kwh.width
    assert left == pytest.approx(step.energy_left, abs=0.03)
    assert after.saving.energy_kwh.width < found.saving.energy_kwh.width


def test_every_finding_has_words_in_both_languages():
    found = bands(SIX, 500, price=PRICE)
    assert {"uncertainty_drawn", "uncertainty_inventory_alone", "uncertainty_price_band"} <= {
        f.key for f in found.findings
    }
    for language in ("es", "en"):
        assert all(finding_text(f, language, "CO") for f in found.findings)
    for key in ("hours_band_assumed", "energy_price_band"):
        assert audit_assumption(key).source


def test_the_audit_carries_its_bands_and_the_seed_of_the_site():
    result = audit(make_site(), SIX, year=2025)
    assert result.uncertainty.seed == 1
    assert result.uncertainty.basis == "inventory"
    assert result.uncertainty.plant.energy_kwh.holds(result.energy_kwh_per_year)
    assert audit(make_site(), SIX, year=2025, evidence=Evidence(draws=0)).uncertainty is None
    assert load_of(plan_machines(make_site(), SIX), make_site(), 2025).energy_kwh == pytest.approx(
        result.energy_kwh_per_year
    )


def test_a_measure_without_a_price_is_not_free():
    site = make_site(leaks=({"tag": "CO-1", "leak_fraction": 0.3, "repaired_fraction": 1.0, "control": "modulating"},))
    model = model_of(plant(SIX.motors[0]), site, price=PRICE)
    assert [s.price_known for s in model.savings] == [False, True]
    money = audit_uncertainty(model, draws=500, seed=1, price=PRICE).money
    assert [m.measure for m in money.measures] == ["replacement"]
    assert money.total.npv == money.measures[0].npv
