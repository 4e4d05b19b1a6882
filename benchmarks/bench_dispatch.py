"""Dispatch: compiled lanes against wide numpy, the plain rule and (where installed) SAM's battery, in one run.

Usage: python benchmarks/bench_dispatch.py [--quick]

Prints ratios with median and spread of several rounds: absolute times belong to a machine, ratios to the code. Times
are of the processor, one thread, so that a busy machine counts less. Every form is warm: compiled and run once before.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import median

import numpy as np

from mine_energy.dispatch import Battery, Genset, Sizes, Years, many, reliability_front, simulate_many
from mine_energy.dispatch.rule import limits, take_step

HOURS = 8760
RULE = Battery(soc_min=0.0)
SET = Genset(min_load_fraction=0.3, fuel_intercept_l_per_h_per_kw=0.03, fuel_slope_l_per_kwh=0.27)


def year(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return a two-shift load of some 300 MWh and a cloudy year of kW per kWp."""
    rng = np.random.default_rng(seed)
    hour, day = np.arange(HOURS) % 24, np.arange(HOURS) // 24
    load = np.where((hour >= 6) & (hour < 22) & (day % 7 < 6), 60.0, 8.0) * rng.uniform(0.8, 1.2, HOURS)
    sky = np.repeat(rng.uniform(0.15, 0.95, 365), 24)
    return load, np.maximum(0.0, np.sin((hour - 6) / 12 * np.pi)) * sky


def candidates(count: int) -> np.ndarray:
    """Return a grid of arrays and batteries beside a set of 60 kW, shape (count^2, 4)."""
    pv, energy = (axis.ravel() for axis in np.meshgrid(np.linspace(50, 500, count), np.linspace(0, 2000, count)))
    return np.stack([pv, energy, np.full_like(pv, 100.0), np.full_like(pv, 60.0)], axis=1)


def seconds(job: Callable[[], object], rounds: int) -> list[float]:
    """Return the times of `rounds` runs after one that is not counted."""
    job()
    found = []
    for _ in range(rounds):
        start = time.process_time()
        job()
        found.append(time.process_time() - start)
    return found


def forms(rounds: int) -> Iterator[str]:
    """Compare the forms on an island with PV, battery and genset."""
    load, unit = year()
    table = candidates(100)
    some = table[:: len(table) // 500]
    rules = {"battery": RULE, "genset": SET}

    def lanes() -> object:
        return simulate_many(load, unit, table, **rules)

    def wide() -> object:
        kept, many.COMPILED_FROM = many.COMPILED_FROM, 10**15
        try:
            return simulate_many(load, unit, table, **rules)
        finally:
            many.COMPILED_FROM = kept

    fast, slow = seconds(lanes, rounds), seconds(wide, max(rounds // 3, 1))
    rates = [len(table) * HOURS / t / 1e6 for t in fast]
    cycling = {"battery": RULE, "genset": replace(SET, strategy="cycle_charging")}
    cycles = [
        len(table) * HOURS / t / 1e6 for t in seconds(lambda: simulate_many(load, unit, table, **cycling), rounds)
    ]
    yield f"lanes, 10,000 sizes x 8,760 h, closed: {median(fast):.3f} s [{min(fast):.3f} .. {max(fast):.3f}]"
    yield f"  candidate-hours a second: {median(rates):.0f} million (one more tenth for closing is not counted)"
    yield f"  with sets that charge in cycles: {median(cycles):.0f} million"
    yield f"  wide numpy over lanes: {median(slow) / median(fast):.1f} times"
    plain = seconds(lambda: plain_year(load, unit, some[0]), rounds)
    each = median(fast) / len(table)
    yield f"  plain rule over lanes, a year of one plant: {median(plain) / each:,.0f} times"
    twenty = np.stack([year(seed)[1] for seed in range(20)])
    fade = Years(pv=tuple(0.995**y for y in range(20)), energy=tuple(0.98**y for y in range(20)))
    long = seconds(lambda: simulate_many(load, twenty, candidates(50), battery=RULE, genset=SET, years=fade), rounds)
    yield f"2,500 sizes x 20 years with fade: {median(long):.2f} s [{min(long):.2f} .. {max(long):.2f}]"
    arrays = np.linspace(150, 600, 100)
    front = seconds(lambda: reliability_front(load, unit, arrays, RULE, unserved_fraction=0.01), rounds)
    grid = [[pv, energy, 1e4, 0.0] for pv in arrays for energy in np.linspace(0, 4000, 40)]
    tried = seconds(lambda: simulate_many(load, unit, grid, battery=RULE), rounds)
    leaky = replace(RULE, self_discharge_per_hour=1e-9)
    hourly = seconds(lambda: reliability_front(load, unit, arrays, leaky, unserved_fraction=0.01), rounds)
    low, middle, high = (1000 * pick(front) for pick in (min, median, max))
    yield f"front of 100 arrays to 1 kWh: {middle:.1f} ms [{low:.1f} .. {high:.1f}] (asked: 15)"
    yield f"  by the hour, with a drain of next to nothing: {median(hourly) / median(front):.1f} times"
    yield f"  a 100 kWh grid of the same range costs {median(tried) / median(front):.1f} times, 1 kWh 100 times that"


def plain_year(load: np.ndarray, unit: np.ndarray, row: np.ndarray) -> float:
    """Run one plant through the plain rule."""
    sizes = Sizes(pv_kwp=row[0], battery_kwh=row[1] + 1, battery_kw=row[2], genset_kw=row[3])
    at = limits(sizes, RULE, SET, None, 0, 1.0)
    stored, running, total = 0.0, False, 0.0
    for kw, share in zip(load.tolist(), unit.tolist(), strict=True):
        flows = take_step(kw, share * sizes.pv_kwp, stored, running, at)
        stored, running = flows.stored_kwh, flows.running
        total += flows.unserved
    return total


def sam(rounds: int) -> Iterator[str]:
    """Compare one year of one battery with SAM's stateful model, a call an hour."""
    try:
        from PySAM import BatteryStateful, BatteryTools  # noqa: PLC0415
    except ImportError:
        yield "SAM's battery: not installed (extra `reference`)"
        return
    load, unit = year()
    model = BatteryStateful.default("LFPGraphite")
    model.Controls.control_mode, model.Controls.dt_hr, model.Controls.input_power = 1.0, 1.0, 0.0
    for name, value in (("initial_SOC", 50.0), ("minimum_SOC", 10.0), ("maximum_SOC", 100.0)):
        setattr(model.ParamsCell, name, value)
    BatteryTools.battery_model_sizing(model, 100.0, 400.0, 500.0)
    model.setup()

    def run() -> None:
        for net in (load - 200 * unit).tolist():
            model.Controls.input_power = net
            model.execute(0)

    table = candidates(20)
    one = median(seconds(lambda: simulate_many(load, unit, table, battery=RULE, genset=SET), rounds)) / len(table)
    other = median(seconds(run, 1))
    yield f"SAM's stateful battery over a lane, a year: {other / one:,.0f} times (it knows voltages; a lane does not)"


def main() -> int:
    """Print every comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = 3 if parser.parse_args().quick else 9
    for line in (*forms(rounds), *sam(rounds)):
        print(line)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
