"""Off-grid sizing over many weather years: a hybrid found by simulation, PV and battery with proof.

Usage: python benchmarks/bench_sizing.py [years]

Prints seconds of the whole `size` call, processor time beside, and what was found: these are jobs, not kernels.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np

from mine_energy.dispatch import Battery, Genset
from mine_energy.sizing import Bounds, Costs, OffGrid, SizingResult, size

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from exact_support import climate_unit, mill

COSTS = Costs(
    pv_per_kwp=1000,
    battery_per_kwh=300,
    battery_per_kw=150,
    genset_per_kw=350,
    pv_om_per_kwp_year=15,
    genset_om_per_kw_hour=0.02,
    fuel_price_per_l=1.1,
    mine_life_years=20,
    discount_rate=0.08,
)
SET = {"min_load_fraction": 0.3, "fuel_intercept_l_per_h_per_kw": 0.033, "fuel_slope_l_per_kwh": 0.273}
TIED = Bounds(battery_kw_per_kwh=0.5)


def weather_years(years: int) -> np.ndarray:
    """Return a typical year of the Andes with days dimmed at random, shape (years, 8760)."""
    days = np.clip(1 + 0.35 * np.random.default_rng(5).standard_normal((years, 365)), 0.1, 1.5)
    return np.minimum(climate_unit("andes", 8760)[None] * np.repeat(days, 24, axis=1), 1.0)


def timed(title: str, units: np.ndarray, goal: OffGrid, genset: Genset | None) -> None:
    """Size once and print what it took: the compiled forms come from the disk cache of an earlier run."""
    start, worked = time.perf_counter(), time.process_time()
    found: SizingResult = size(mill(8760), units, goal, COSTS, battery=Battery(), genset=genset, bounds=TIED)
    wall, cpu = time.perf_counter() - start, time.process_time() - worked
    gap = "no bound" if found.gap is None else f"gap {found.gap:.0e} by {found.bound_by}"
    sizes = f"{found.pv_kwp:.0f} kWp, {found.battery_kwh:.0f} kWh, {found.genset_kw:.0f} kW"
    print(
        f"{title}, {len(units)} years: {wall:.1f} s, cpu {cpu:.1f} s; {sizes}; {found.annual_cost:,.0f} a year, {gap}"
    )


def main() -> None:
    """Print every job."""
    units = weather_years(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    share = OffGrid(lpsp=0.01, percentile=0.9, renewable_share=0.8)
    timed("hybrid, load following", units, share, Genset(**SET))
    timed("hybrid, cycle charging", units, share, Genset(**SET, strategy="cycle_charging"))
    timed("PV + battery, percentile proven", units, OffGrid(lpsp=0.01, percentile=0.9), None)
    print(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
