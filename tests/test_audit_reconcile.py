"""Inventory, meter, bills and readings through the whole audit: coverage, wrong inventories, what is said."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from audit_plants import DAYS, SITE, YEAR, Simulated, simulated
from mine_energy.audit import Evidence, MeterReading, audit
from mine_energy.audit.adjustment import adjust_inventory
from mine_energy.audit.parts import drivers, machine_parts, record_of
from mine_energy.errors import InputError
from mine_energy.loads import LoadProfile, load_of, plan_machines
from mine_energy.loads.bills import BillPeriod, Bills
from mine_energy.messages import finding_text
from mine_energy.motors import Motor, MotorInventory
from mine_energy.uncertainty import relative_sd
from mine_energy.units import LOCAL_TIME
from mine_energy.vocabulary import choices

WARNINGS = {
    "reconcile_conflict",
    "reconcile_strained",
    "reconcile_unaccounted",
    "reconcile_overstated",
    "reconcile_all_hours",
    "reconcile_common_hours",
    "reconcile_all_load",
    "reconcile_common_load",
}


def row(tag="M-1", **values):
    base = {"tag": tag, "rated_power_kw": 37.0, "poles": 4, "efficiency": 0.905, "load_factor": 0.75}
    return Motor(**base | {"hours_per_day": 10.0, "process": "grinding"} | values)


def plant(*motors):
    return MotorInventory(motors=motors, file="motors.csv")


FOUR = plant(
    row("CO-1", rated_power_kw=55.0, process="compressed_air", schedule="06:00-16:00"),
    row("ML-1", schedule="06:00-16:00"),
    row("PP-1", rated_power_kw=11.0, process="pumping", hours_per_day=24.0, schedule="00:00-24:00"),
    row("CR-1", rated_power_kw=15.0, process="crushing", hours_per_day=5.0, schedule="08:00-13:00"),
)


def metered(inventory, factor=1.0, extra_kw=0.0, label="meter.csv"):
    built = load_of(plan_machines(SITE, inventory), SITE, YEAR, 60)
    return LoadProfile(load_kw=built.load_kw * factor + extra_kw, step_minutes=60, origin="metered", label=label)


def run(simulation: Simulated, inventory=None, draws=0):
    evidence = Evidence(readings=simulation.readings, draws=draws)
    return audit(SITE, inventory or simulation.inventory, simulation.meter, year=YEAR, measures=(), evidence=evidence)


# Over many plants


def test_the_truth_lies_inside_p10_to_p90_as_often_as_it_should(sized):
    """76 to 84 % over 1,000 plants; over fewer the limits widen by three standard deviations of the count."""
    plants = sized(1000, 20)
    found = {"plant": [], "plant drawn": [], "process": [], "process drawn": []}
    for seed in range(plants):
        simulation = simulated(seed)
        result = run(simulation, draws=500)
        true = sum(simulation.true_kwh.values())
        found["plant"].append(result.adjustment.plant_after_kwh.holds(true))
        found["plant drawn"].append(result.uncertainty.plant.energy_kwh.holds(true))
        found["process"] += [p.after_kwh.holds(simulation.of_process(p.process)) for p in result.adjustment.processes]
        found["process drawn"] += [
            p.energy_kwh.holds(simulation.of_process(p.name)) for p in result.uncertainty.processes
        ]
    slack = 3 * np.sqrt(0.8 * 0.2 / plants) if plants < 1000 else 0.0
    rates = {name: float(np.mean(held)) for name, held in found.items()}
    assert all(0.76 - slack <= rate <= 0.84 + slack for rate in rates.values()), rates


@pytest.mark.parametrize(
    ("wrong", "least"),
    [
        ("hours 30 % low", 0.95),
        ("loads 40 % low", 0.95),
        ("mill missing, largest others sub-metered", 0.95),
        ("mill missing", 0.8),
    ],
)
def test_a_wrong_inventory_is_noticed(wrong, least, sized):
    """Not a narrow wrong answer: a warning and a wider band, or a meter that is refused for this inventory.

    With the main meter and one clamp alone a missing mill may hide in what loads and hours allow; the result then says
    how large a machine could.
    """
    plants, noticed = sized(200), 0
    for seed in range(plants):
        simulation, inventory = _wrong(wrong, seed)
        try:
            result = run(simulation, inventory)
        except InputError:
            noticed += 1
            continue
        keys = {f.key for f in result.adjustment.findings}
        noticed += bool(keys & WARNINGS)
        assert result.adjustment.agreement != "conflict" or result.adjustment.widening > 1
        assert {f.key for f in result.findings} & (WARNINGS | {"reconcile_detectable"})
    assert noticed / plants >= least


def test_a_right_inventory_seldom_alarms(sized):
    plants = sized(200)
    alarms = sum(
        run(simulation := simulated(s), simulation.inventory).adjustment.agreement == "conflict" for s in range(plants)
    )
    assert alarms / plants <= 0.15


def _wrong(wrong: str, seed: int) -> tuple[Simulated, MotorInventory]:
    if wrong == "hours 30 % low":
        simulation = simulated(seed, hours_factor=1 / 0.7)
    elif wrong == "loads 40 % low":
        simulation = simulated(seed, load_factor=1 / 0.6)
    else:
        simulation = simulated(seed)
    if not wrong.startswith("mill missing"):
        return simulation, simulation.inventory
    kept = tuple(m for m in simulation.inventory.motors if m.tag != "ML-1")
    readings = tuple(r for r in simulation.readings if r.tags != ("ML-1",))
    if "sub-metered" in wrong:
        largest = sorted(kept, key=lambda m: (-simulation.true_kwh[m.tag], m.tag))[:6]
        readings += tuple(
            MeterReading(name=f"kWh {m.tag}", tags=(m.tag,), kind="energy", value=simulation.true_kwh[m.tag], band=0.02)
            for m in largest
        )
    return replace(simulation, readings=readings), MotorInventory(motors=kept, file="simulated.csv")


# One plant


def test_the_parts_add_to_the_meter_and_move_within_their_bands():
    result = audit(SITE, FOUR, metered(FOUR, 1.1), year=YEAR)
    adjusted, uses = result.adjustment, result.reconciled
    assert adjusted.agreement == "agrees"
    assert adjusted.plant_after_kwh.p50 == pytest.approx(uses.metered_kwh, rel=0.005)
    assert all(abs(p.power_moved_sd) < 2 and abs(p.hours_moved_sd) < 2 for p in adjusted.parts)
    assert all(p.power_after_kw > p.power_before_kw for p in adjusted.parts)
    assert (uses.shown, uses.record_hours) == ("reconciled", 8760)
    assert sum(u.energy_kwh for u in uses.uses) + uses.difference_kwh == pytest.approx(uses.metered_kwh, rel=1e-12)
    assert abs(uses.difference_share) < 0.005
    # the inventory's own figures stay beside it
    assert sum(u.inventory_kwh for u in uses.uses) == pytest.approx(result.energy_kwh_per_year, rel=1e-9)
    assert [p.energy_before_kwh.p50 for p in adjusted.parts] == pytest.approx(
        [m.energy_kwh_per_year for m in result.machines]
    )


def test_narrower_when_they_agree_wider_with_a_finding_when_not():
    alone, agrees, apart = (
        audit(SITE, FOUR, meter, year=YEAR) for meter in (None, metered(FOUR, 1.05), metered(FOUR, 1.95))
    )
    assert alone.adjustment is None
    assert alone.reconciled is None
    widths = [r.uncertainty.plant.energy_kwh.width / r.uncertainty.plant.energy_kwh.p50 for r in (alone, agrees)]
    assert widths[1] < 0.2 * widths[0]
    assert [r.uncertainty.basis for r in (alone, agrees, apart)] == ["inventory", "reconciled", "widened"]
    assert apart.adjustment.widening > 1
    assert apart.reconciled.shown == "inventory"
    assert "reconcile_conflict" in {f.key for f in apart.findings}
    band = apart.uncertainty.plant.energy_kwh
    assert band.width / band.p50 > 2 * widths[1]


def test_energy_without_a_machine_is_said_in_per_cent():
    # A third machine that runs beside the two: 40 % of the metered energy stands in no row.
    rows = plant(FOUR.motors[1])
    result = audit(SITE, rows, metered(rows, 1 / 0.6), year=YEAR)
    finding = next(f for f in result.findings if f.key == "reconcile_unaccounted")
    assert finding.params["share_percent"] == pytest.approx(40, abs=2)
    assert "40" in finding_text(finding, "en", "CO")
    assert result.reconciled.difference_share == pytest.approx(0.4, abs=0.01)


def test_what_one_meter_cannot_tell_apart_is_named():
    result = audit(SITE, FOUR, metered(FOUR), year=YEAR)
    (group,) = [g for g in result.adjustment.indistinct if "CO-1" in g.tags]
    assert "ML-1" in group.tags
    assert "reconcile_indistinct" in {f.key for f in result.findings}
    assert result.adjustment.measure_next[0].tag in {"CO-1", "ML-1"}


def test_night_power_shows_the_machine_that_runs_at_night():
    # Only PP-1 runs outside 06:00 to 22:00; a meter with 60 % more by night than it should is its reading.
    meter = metered(FOUR)
    hour = meter.load_kw.index.hour
    night = (hour < 6) | (hour >= 22)
    lifted = LoadProfile(
        load_kw=meter.load_kw.where(~night, meter.load_kw * 1.6), step_minutes=60, origin="metered", label="meter.csv"
    )
    found = audit(SITE, FOUR, lifted, year=YEAR).adjustment
    moved = {p.tag: p.energy_after_kwh.p50 / p.energy_before_kwh.p50 for p in found.parts}
    assert moved["PP-1"] > moved["ML-1"] + 0.03


def test_a_spot_reading_decides_the_split():
    reading = MeterReading(name="spot CO-1", tags=("CO-1",), kind="power", value=50.0, band=0.03)
    evidence = Evidence(readings=(reading,))
    before, after = (audit(SITE, FOUR, metered(FOUR), year=YEAR, evidence=e) for e in (None, evidence))
    bands = [{p.tag: p.energy_after_kwh for p in r.adjustment.parts} for r in (before, after)]
    relative = [band["CO-1"].width / band["CO-1"].p50 for band in bands]
    assert relative[1] < 0.95 * relative[0]
    (part,) = [p for p in after.adjustment.parts if p.tag == "CO-1"]
    assert part.power_after_kw == pytest.approx(50.0, rel=0.03)
    assert part.power_before_kw < 47


def test_a_reading_of_an_unknown_machine_or_none_at_all_is_refused():
    for reading in (
        MeterReading(name="x", tags=("NO-1",), kind="power", value=10.0, band=0.03),
        MeterReading(name="x", tags=("CO-1",), kind="power", value=0.0, band=0.03),
    ):
        with pytest.raises(InputError):
            audit(SITE, FOUR, year=YEAR, evidence=Evidence(readings=(reading,)))


def test_readings_count_without_a_meter():
    reading = MeterReading(name="hours ML-1", tags=("ML-1",), kind="hours", value=2400.0, band=0.02)
    result = audit(SITE, FOUR, year=YEAR, evidence=Evidence(readings=(reading,)))
    (part,) = [p for p in result.adjustment.parts if p.tag == "ML-1"]
    assert part.hours_after == pytest.approx(2400, rel=0.01)
    # the crusher follows the same tonnes
    (crusher,) = [p for p in result.adjustment.parts if p.tag == "CR-1"]
    assert crusher.hours_after < crusher.hours_before
    assert result.reconciled is None


def bills(factor=1.0, estimated=False):
    days = pd.date_range("2025-01-01", "2026-01-01", freq="MS").date
    energy = metered(FOUR, factor).monthly_kwh()
    periods = tuple(
        BillPeriod(start=a, end=b, energy_kwh=kwh, estimated=estimated)
        for a, b, kwh in zip(days, days[1:], energy, strict=False)
    )
    return Bills(periods=periods, label="bills.csv")


def test_bills_stand_in_for_a_meter():
    result, estimated = (
        audit(SITE, FOUR, year=YEAR, evidence=Evidence(bills=bills(1.1, flag))) for flag in (False, True)
    )
    (read,) = result.adjustment.observations
    assert read.value == pytest.approx(1.1 * result.energy_kwh_per_year)
    assert read.expected_before == pytest.approx(result.energy_kwh_per_year, rel=1e-6)
    assert len(result.reconciled.periods) == 12
    for check in result.reconciled.periods:
        assert check.source == "bill"
        assert check.read_kwh == pytest.approx(1.1 * check.inventory_kwh, rel=0.01)
        assert check.reconciled_kwh == pytest.approx(check.read_kwh, rel=0.02)
    widths = [r.adjustment.plant_after_kwh.width for r in (result, estimated)]
    assert widths[0] < widths[1]


def test_bills_beside_a_meter_are_compared_and_not_counted_twice():
    with_bills = audit(SITE, FOUR, metered(FOUR), year=YEAR, evidence=Evidence(bills=bills(1.1)))
    without = audit(SITE, FOUR, metered(FOUR), year=YEAR)
    assert with_bills.adjustment.plant_after_kwh == without.adjustment.plant_after_kwh
    sources = [p.source for p in with_bills.reconciled.periods]
    assert (sources.count("meter"), sources.count("bill")) == (12, 12)


def test_a_bill_of_six_weeks_counts_its_own_working_days():
    period = BillPeriod(start=date(2025, 3, 10), end=date(2025, 4, 14), energy_kwh=20000.0)
    plans = plan_machines(SITE, FOUR)
    result = adjust_inventory(plans, SITE, metered(FOUR), None, Evidence(bills=Bills(periods=(period,))))
    days = [d for d in DAYS if period.start <= d < period.end]
    assert result.record.hours == 35 * 24
    (mill,) = [p for p in result.parts if p.tag == "ML-1"]
    assert mill.hours == pytest.approx(10 * len(days))


def test_months_are_compared_on_their_own_calendar():
    result = audit(SITE, FOUR, metered(FOUR), year=YEAR)
    checks = result.reconciled.periods
    assert [c.label for c in checks][:2] == ["2025-01", "2025-02"]
    for check in checks:
        assert check.inventory_kwh == pytest.approx(check.read_kwh, rel=1e-6)


def test_a_scaled_meter_is_no_reading_of_the_plant():
    scaled = metered(FOUR).scaled(1.5 * metered(FOUR).energy_kwh)
    result = audit(SITE, FOUR, scaled, year=YEAR)
    assert result.adjustment is None
    assert result.uncertainty.basis == "inventory"


def test_a_load_that_is_no_direct_reading_counts_with_its_own_band():
    meter = metered(FOUR, 1.1)
    year = LoadProfile(
        load_kw=meter.load_kw,
        step_minutes=60,
        origin="extrapolated",
        label="x",
        energy_band_kwh=(0.9 * meter.energy_kwh, 1.1 * meter.energy_kwh),
    )
    result = audit(SITE, FOUR, year, year=YEAR)
    (read,) = result.adjustment.observations
    assert read.sd == pytest.approx(relative_sd(0.1) * meter.energy_kwh)


def test_a_constant_meter_and_a_short_record_do_not_break():
    index = pd.date_range("2025-03-03", periods=7 * 24, freq="h", tz=LOCAL_TIME)
    flat = LoadProfile(load_kw=pd.Series(60.0, index=index), step_minutes=60, origin="metered", label="week.csv")
    result = audit(SITE, FOUR, flat, year=YEAR)
    assert result.reconciled.record_hours == 168
    assert result.adjustment.agreement == "conflict"  # 60 kW by night and on Sunday has no machine
    negative = replace(flat, load_kw=flat.load_kw.where(flat.load_kw.index.hour != 3, -5.0))
    assert audit(SITE, FOUR, negative, year=YEAR).adjustment is not None


# Parts


def test_parts_say_what_they_share():
    rows = plant(
        row("A", load_factor=0.7),
        row("B", input_kw=20.0, load_factor=None, origin="measured", process="ventilation"),
        row("L", equipment="lighting", process="lighting", poles=None, efficiency=None, load_factor=1.0),
        row("S", standby_quantity=1, quantity=2),
    )
    plans = plan_machines(SITE, rows)
    a, b, lamp, two = machine_parts(plans, record_of(pd.Timestamp("2025-01-01", tz=LOCAL_TIME), 8760.0, DAYS))
    assert (a.load_group, a.driver) == ("assumed", "tonnes")
    assert b.load_group.startswith("readings")
    assert (b.driver, lamp.load_group, lamp.driver) == ("", "", "")
    assert b.power_sd < 0.5 * a.power_sd
    assert b.hours_sd < a.hours_sd
    assert two.power_kw == pytest.approx(2 * a.power_kw * 0.75 / 0.7, rel=0.02)
    assert a.hours == pytest.approx(3120)
    assert a.hours_limit == 8760


def test_a_compressor_counts_with_its_mean_power():
    machine = row("CO-1", equipment="compressor", unloaded_hours_per_day=3.0, unloaded_input_fraction=0.3)
    plans = plan_machines(SITE, plant(machine))
    (part,) = machine_parts(plans, record_of(pd.Timestamp("2025-01-01", tz=LOCAL_TIME), 8760.0, DAYS))
    assert part.hours == pytest.approx(13 * len(DAYS))
    assert part.power_kw * part.hours == pytest.approx(plans[0].energy_kwh_per_day * len(DAYS))


def test_every_driver_belongs_to_a_process_of_the_vocabulary():
    assert set(drivers()) <= set(choices("process"))


def test_every_finding_has_words_in_both_languages():
    for factor in (1.0, 1.25, 1.9):
        result = audit(SITE, FOUR, metered(FOUR, factor), year=YEAR)
        for language in ("es", "en"):
            assert all(finding_text(f, language, "CO") for f in result.findings)
