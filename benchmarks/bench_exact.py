"""Exact sizing of a year against the whole linear program in HiGHS, on identical constraints, in one run.

Each case: both algorithms of HiGHS once each, ours the median of several runs after a first one (compiled code comes
from the disk cache). Compare ratios, machines drift. The first four are the ones that have to be 100 times faster;
where PyPSA is installed it solves the time-of-use case too.
Run with ``python benchmarks/bench_exact.py [hours [climate ...]]``.
"""

import importlib.util
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mine_energy.sizing.exact import Problem, least_cost
from mine_energy.sizing.lp import check_lp

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from exact_support import case

CASES = {
    "grid, flat price": "flat_export",
    "grid, time of use": "tou",
    "PV + battery + own diesel set (fuel)": "own_diesel",
    "off-grid, unserved energy at a price": "offgrid_unserved",
    "PV + battery + diesel set to be sized": "genset_sized",
    "weak grid, time of use, outages, diesel": "tou_genset_outages",
    "off-grid, LPSP 1 %": "offgrid_lpsp",
    "grid, demand charges by month": "demand_charge",
}
LISTED = 4
REPEATS = 5


def seconds(run: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor time: on a busy machine only the second compares."""
    start, worked = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - start, time.process_time() - worked


def compare(title: str, problem: Problem) -> tuple[float, float]:
    """Print one case; return our median seconds and the ratio in processor time."""
    found = least_cost(problem)
    ours = [seconds(lambda: least_cost(problem)) for _ in range(REPEATS)]
    wall, worked = (statistics.median(one[k] for one in ours) for k in (0, 1))
    spread = f"{1e3 * min(ours)[0]:.1f}-{1e3 * max(ours)[0]:.1f}"
    print(f"{title}: {1e3 * wall:.1f} ms ({spread}), cpu {1e3 * worked:.1f} ms, {found.evaluations} years, ", end="")
    print(f"gap {found.gap:.0e}")
    theirs, costs = {}, {}
    for algorithm in ("simplex", "ipm"):
        theirs[algorithm] = seconds(
            lambda name=algorithm: costs.update({name: check_lp(problem, algorithm=name).annual_cost})
        )
        off = found.annual_cost / costs[algorithm] - 1
        took, cpu = theirs[algorithm]
        print(f"    HiGHS {algorithm} {took:.2f} s, cpu {cpu:.2f} s, our cost against it {off:+.0e}")
    fastest = min(theirs, key=lambda name: theirs[name][1])
    took, cpu = theirs[fastest]
    print(f"    against {fastest}: {took / wall:.0f} times in wall time, {cpu / worked:.0f} times in processor time")
    return worked, cpu / worked


def pypsa(problem: Problem, ours: float) -> None:
    """Print what PyPSA takes for the same problem."""
    if importlib.util.find_spec("pypsa") is None:
        print("PyPSA is not installed: not compared")
        return
    from pypsa_case import solve  # noqa: PLC0415

    costs = []
    took, cpu = seconds(lambda: costs.append(solve(problem)))
    off = least_cost(problem).annual_cost / costs[0] - 1
    print(f"PyPSA, grid, time of use: {took:.2f} s, cpu {cpu:.2f} s, {cpu / ours:.0f} times ours, cost {off:+.0e}")


def main() -> None:
    """Print every case of every climate, then the ratios of those that have a target."""
    hours = int(sys.argv[1]) if len(sys.argv) > 1 else 8760
    for climate in sys.argv[2:] or ("andes", "desert"):
        print(f"{climate}, {hours} h")
        found = {title: compare(title, case(name, climate, hours)) for title, name in CASES.items()}
        pypsa(case("tou", climate, hours), found["grid, time of use"][0])
        listed = [ratio for _, ratio in list(found.values())[:LISTED]]
        print(f"{climate}: the four listed cases {min(listed):.0f} to {max(listed):.0f} times (target 100)")
        for title, (_, ratio) in list(found.items())[LISTED:]:
            print(f"    beside them: {title} {ratio:.0f} times")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process, HiGHS included: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
