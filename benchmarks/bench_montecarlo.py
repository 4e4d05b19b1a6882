"""Monte Carlo of 500 motors x 10,000 draws, bare and through the audit, and a reconciliation: time, memory, ratios.

Per motor three uncertain inputs (load with a shared error and a physical limit, hours with a shared driver, losses),
and two for the plant (price, cost of a replacement): 1,502 inputs, 15 million numbers. Times are medians; compare
ratios, machines drift. Run with ``python benchmarks/bench_montecarlo.py``.
"""

import datetime
import resource
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from mine_energy.audit.adjustment import adjust_inventory
from mine_energy.audit.model import audit_model
from mine_energy.loads import load_of, plan_machines
from mine_energy.measures import Machine, MeasureContext, assess
from mine_energy.motors import Motor, MotorInventory
from mine_energy.site import EmissionsChoice, GridConnection, Shift, Site, SiteFacts
from mine_energy.uncertainty import (
    Observation,
    Part,
    Uncertain,
    draw_chunks,
    percentiles,
    reconcile,
    relative_sd,
    simulate,
    whole,
)

MOTORS, DRAWS, SEED, REPEATS = 500, 10_000, 1, 5
RATED_KW = np.geomspace(1, 75, MOTORS)


def inputs() -> list[Uncertain]:
    load = [
        Uncertain(
            name=f"load {i}",
            low=0.56,
            base=0.75,
            high=0.94,
            lower=0.0,
            upper=1.3,
            distribution="normal",
            group="assumed loads",
            correlation=0.5,
        )
        for i in range(MOTORS)
    ]
    hours = [
        Uncertain(
            name=f"hours {i}",
            low=3600,
            base=4500,
            high=5400,
            distribution="lognormal",
            upper=8760,
            group="tonnes",
            correlation=0.8,
        )
        for i in range(MOTORS)
    ]
    losses = [Uncertain(name=f"losses {i}", low=0.10, base=0.12, high=0.14) for i in range(MOTORS)]
    price = Uncertain(name="price", low=0.12, base=0.15, high=0.18)
    cost = Uncertain(name="cost", low=0.8, base=1.0, high=1.3, distribution="lognormal")
    return [*load, *hours, *losses, price, cost]


def plant(x: np.ndarray) -> np.ndarray:
    """Return energy (kWh), money and payback of one plant, shape (3, draws)."""
    load, hours, losses = x[:MOTORS], x[MOTORS : 2 * MOTORS], x[2 * MOTORS : 3 * MOTORS]
    energy = RATED_KW @ (load * hours * (1 + losses))
    money = energy * x[-2]
    return np.stack([energy, money, 2e5 * x[-1] / (0.08 * money)])


def median_seconds(run: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def numbers_alone() -> None:
    """Draw as many normals from one stream, at once a block: the floor under any Monte Carlo."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    for _ in range(10):
        rng.standard_normal((3 * MOTORS + 2, DRAWS // 10))


def a_table_for_each_draw() -> None:
    """Fill a pandas table for each draw, as scripts do (independent errors, no limits; 200 draws)."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    table = pd.DataFrame({"rated_kw": RATED_KW})
    for _ in range(200):
        load = table["rated_kw"] * (0.75 + 0.1155 * rng.standard_normal(MOTORS))
        hours = 4500 * np.exp(0.11 * rng.standard_normal(MOTORS))
        float((load * hours * (1.12 + 0.012 * rng.standard_normal(MOTORS))).sum())


def machines(count: int) -> list[Part]:
    return [
        Part(
            tag=f"{i}",
            process=f"{i % 6}",
            power_kw=float(kw),
            power_sd=relative_sd(0.25),
            hours=4500.0,
            hours_sd=relative_sd(0.2),
            load_group="assumed",
            driver="tonnes",
        )
        for i, kw in enumerate(np.geomspace(1, 50, count))
    ]


def reconciled(count: int) -> Callable[[], object]:
    parts = machines(count)
    total = 1.1 * sum(part.power_kw * part.hours for part in parts)
    weights = dict.fromkeys(whole(parts), 1 / 12)
    months = [
        Observation(
            name=f"{m}",
            kind="energy",
            value=total / 12,
            sd=0.02 * total / 12,
            weights=weights,
            instrument="m",
            open_weight=1 / 12,
        )
        for m in range(12)
    ]
    return lambda: reconcile(parts, months)


def audited() -> Callable[[], object]:
    """Return the Monte Carlo of an audit of as many motors, all replaced: loads, hours, losses, rewinds, prices."""
    site = Site(
        site=SiteFacts(
            name="Large",
            country="CO",
            latitude=3.0,
            longitude=-76.6,
            altitude_m=1000,
            workdays_per_month=26,
            shifts=(Shift(start=datetime.time(6), end=datetime.time(22)),),
        ),
        connection=GridConnection(kind="grid", tariff="x"),
        emissions=EmissionsChoice(activity_year=2025),
    )
    rows = [
        Motor(
            tag=f"M-{i}",
            rated_power_kw=float(kw),
            poles=4,
            efficiency=0.8,
            hours_per_day=12,
            rewinds=i % 2,
            load_type="centrifugal" if i % 3 == 0 else "constant_torque",
            process=("grinding", "pumping", "compressed_air")[i % 3],
        )
        for i, kw in enumerate(RATED_KW)
    ]
    inventory = MotorInventory(motors=tuple(rows), file="large.csv")
    plans = plan_machines(site, inventory)
    context = MeasureContext(
        machines=tuple(
            Machine(motor=p.motor, state=p.state, hours_per_year=3744, unloaded_hours_per_year=0) for p in plans
        )
    )
    savings = assess(context, ["replacement"]).savings
    adjusted = adjust_inventory(plans, site, load_of(plans, site, 2025, 60))
    model = audit_model(plans, adjusted.parts, (), adjusted.posterior, savings, 312)
    print(f"{len(model.inputs)} inputs, {len(model.savings)} replacements")
    return lambda: [percentiles(row) for row in simulate(model, model.inputs, DRAWS, SEED)]


def main() -> None:
    some = inputs()
    floor = median_seconds(numbers_alone)
    whole_run = median_seconds(lambda: simulate(plant, some, DRAWS, SEED))
    drawing = median_seconds(lambda: [None for _ in draw_chunks(some, DRAWS, SEED)])
    loop = DRAWS / 200 * median_seconds(a_table_for_each_draw)
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    energy, _, payback = simulate(plant, some, DRAWS, SEED)
    print(f"{MOTORS} motors x {DRAWS} draws, {len(some)} inputs: {whole_run:.2f} s, draws alone {drawing:.2f} s")
    print(f"  normal numbers alone {floor:.2f} s: {whole_run / floor:.1f} times the floor")
    print(f"  a pandas table for each draw {loop:.1f} s: {loop / whole_run:.0f} times ours")
    print(f"  peak memory of the process {peak_mib:.0f} MiB")
    print(f"  energy {percentiles(energy)}, payback {percentiles(payback)}")
    through = audited()
    print(f"through the audit, with the bands of every motor and saving: {median_seconds(through):.2f} s")
    print(f"  peak memory of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    for count in (10, 25, 100):
        print(f"reconciliation of {count} machines, 12 months: {1000 * median_seconds(reconciled(count)):.1f} ms")


if __name__ == "__main__":
    main()
