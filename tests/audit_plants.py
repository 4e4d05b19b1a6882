"""Simulated plants that go through the whole audit: an inventory, a truth drawn from its bands, and their meter."""

from dataclasses import dataclass, replace
from datetime import time
from zlib import crc32

import numpy as np
import pandas as pd

from mine_energy.audit import MeterReading
from mine_energy.audit.parts import machine_parts, prior_rules, record_of
from mine_energy.loads import LoadProfile, MachinePlan, Run, plan_machines, power_on, working_days
from mine_energy.motors import Motor, MotorInventory
from mine_energy.site import EmissionsChoice, GridConnection, Shift, Site, SiteFacts
from mine_energy.uncertainty import Part, relative_sd
from mine_energy.units import LOCAL_TIME

YEAR, STEP, OPEN, CLOSE = 2025, 60.0, 6 * 60.0, 22 * 60.0
DAYS = working_days(YEAR, 26)
SITE = Site(
    site=SiteFacts(
        name="Simulated",
        country="CO",
        latitude=3.0,
        longitude=-76.6,
        altitude_m=1200,
        workdays_per_month=26,
        shifts=(Shift(start=time(6), end=time(22)),),
    ),
    connection=GridConnection(kind="grid", tariff="x"),
    emissions=EmissionsChoice(activity_year=YEAR),
)
KINDS = (
    ("CO", "compressed_air", (37, 75), (5, 9), (1, 1)),
    ("ML", "grinding", (30, 55), (8, 12), (1, 1)),
    ("CR", "crushing", (11, 22), (3, 7), (1, 2)),
    ("BT", "conveying", (2.2, 5.5), (3, 7), (1, 3)),
    ("FL", "flotation", (2.2, 7.5), (8, 12), (2, 6)),
    ("TB", "concentration", (1.1, 2.2), (8, 12), (1, 2)),
    ("PP", "pumping", (3.7, 11), (6, 12), (2, 4)),
    ("FN", "ventilation", (4, 11), (6, 12), (1, 3)),
    ("WN", "hoisting", (11, 15), (2, 5), (1, 1)),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Simulated:
    """What the auditor holds, and what only the simulation knows."""

    inventory: MotorInventory
    meter: LoadProfile
    readings: tuple[MeterReading, ...]
    true_kwh: dict[str, float]
    process: dict[str, str]

    def of_process(self, process: str) -> float:
        """Return the true energy of a process."""
        return sum(kwh for tag, kwh in self.true_kwh.items() if self.process[tag] == process)


def rows(rng: np.random.Generator) -> MotorInventory:
    """Return 11 to 23 rows with assumed loads, some of whose hours somebody stated."""
    motors = []
    for name, process, rated, hours, count in KINDS:
        for k in range(int(rng.integers(count[0], count[1] + 1))):
            motors.append(
                Motor(
                    tag=f"{name}-{k + 1}",
                    process=process,
                    rated_power_kw=round(float(rng.uniform(*rated)), 1),
                    poles=4,
                    efficiency=round(float(rng.uniform(0.82, 0.92)), 3),
                    load_factor=round(float(rng.uniform(0.55, 0.80)), 2),
                    hours_per_day=round(float(rng.uniform(*hours)), 1),
                    origin=str(rng.choice(["assumed", "nameplate"])),
                )
            )
    return MotorInventory(motors=tuple(motors), file="simulated.csv")


def simulated(seed: int, *, spot: bool = True, load_factor: float = 1.0, hours_factor: float = 1.0) -> Simulated:
    """Return a plant whose truth is drawn from its inventory's bands, and its meter of one year by the hour.

    Parameters
    ----------
    seed
        Of everything.
    spot
        Whether compressor and mill are spot-metered.
    load_factor, hours_factor
        What the truth is over the draw: errors that the inventory's bands do not hold.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    inventory = rows(rng)
    plans = plan_machines(SITE, inventory)
    start = pd.Timestamp(f"{YEAR}-01-01", tz=LOCAL_TIME)
    parts = machine_parts(plans, record_of(start, 8760.0, DAYS))
    power, hours = (f * g for f, g in zip(truth(parts, rng), (load_factor, hours_factor), strict=True))
    index = pd.date_range(start, periods=8760, freq="h")
    runs = [
        (moved(run, float(hours[i])), plan.power_kw(run.state) * float(power[i]))
        for i, plan in enumerate(plans)
        for run in together(plan)
    ]
    drawn = power_on(index, STEP, DAYS, runs, wrap=True)
    true = {plan.motor.tag: 0.0 for plan in plans}
    for (run, kw), plan in zip(runs, [p for p in plans for _ in together(p)], strict=True):
        true[plan.motor.tag] += kw * run.minutes / 60 * len(DAYS)
    error = 1 + relative_sd(0.02) * rng.standard_normal()
    meter = LoadProfile(
        load_kw=pd.Series(drawn * error, index=index), step_minutes=STEP, origin="metered", label="meter.csv"
    )
    readings = tuple(
        MeterReading(
            name=f"spot {tag}",
            tags=(tag,),
            kind="power",
            value=parts[i].power_kw * float(power[i]) * (1 + relative_sd(0.03) * float(rng.standard_normal())),
            band=0.03,
        )
        for i, tag in enumerate(true)
        if spot and tag in {"CO-1", "ML-1"}
    )
    return Simulated(
        inventory=inventory,
        meter=meter,
        readings=readings,
        true_kwh=true,
        process={part.tag: part.process for part in parts},
    )


def together(plan: MachinePlan) -> tuple[Run, ...]:
    """Return the runs of a plan as one, so that they can grow and shrink."""
    first = min(plan.runs, key=lambda run: run.start_minute)
    return (replace(first, minutes=sum(run.minutes for run in plan.runs)),)


def moved(run: Run, factor: float) -> Run:
    """Return a run of other length inside the shift."""
    minutes = min(run.minutes * factor, CLOSE - OPEN)
    return replace(run, minutes=minutes, start_minute=max(OPEN, min(run.start_minute, CLOSE - minutes)))


def truth(parts: tuple[Part, ...], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return factors on powers and hours, drawn from the bands and common errors that the audit claims."""
    rules = prior_rules()
    loads = errors([part.load_group for part in parts], rules.load_correlation, rng)
    hours = errors([part.driver for part in parts], rules.driver_correlation, rng)
    return (
        np.exp(np.array([part.power_sd for part in parts]) * loads),
        np.exp(np.array([part.hours_sd for part in parts]) * hours),
    )


def errors(groups: list[str], correlation: float, rng: np.random.Generator) -> np.ndarray:
    """Return standard normal errors with a common part in each group."""
    common = {group: rng.standard_normal() for group in sorted(set(groups))}
    rho = np.array([correlation if group else 0.0 for group in groups])
    shared = np.array([common[group] for group in groups])
    return np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.standard_normal(len(groups))


def seed_of(name: str) -> int:
    """Return a seed of its own for every use."""
    return crc32(name.encode())
