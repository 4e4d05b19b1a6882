"""Hold the weather generator against real hourly files: the table of checks.

Every file is drawn again twenty times: fed with its own monthly means and within-month deviations, and, below, with its
monthly means and the packaged deviation of its region, which is what a site without a file gets. Run with
``python benchmarks/check_generator.py FILE.epw ...``; without files, those of the reference folder beside the checkout.
"""

import datetime
import sys
import time
from dataclasses import replace
from pathlib import Path

from mine_energy.io.weather_files import read_weather
from mine_energy.pv import Array, equator_facing_deg, unit_yield
from mine_energy.site import EmissionsChoice, GridConnection, Shift, Site, SiteFacts
from mine_energy.weather import Weather, monthly_climate, synthesise
from mine_energy.weather.likeness import LIMITS, Likeness, climate_of, likeness

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "weather"
NAMES = {
    "ghi": ("GHI, kWh/m2", "ghi_kwh_m2", 1.0),
    "pv_yield": ("PV yield, kWh/kWp", "pv_yield_kwh_per_kwp", 1.0),
    "clearness_sd": ("sd of daily clearness", "clearness_sd", 0.0),
    "persistence": ("lag-1 correlation", "persistence", 0.0),
    "dark_run_days": ("longest dark run, days", "dark_run_days", 0.0),
}


def plant_at(weather: Weather) -> Site:
    """Return a plant where the weather is: the yield asks for one."""
    return Site(
        site=SiteFacts(
            name="Station",
            country="CO" if weather.latitude > 0 else "PE",
            latitude=weather.latitude,
            longitude=weather.longitude,
            altitude_m=weather.altitude_m,
            workdays_per_month=26,
            shifts=(Shift(start=datetime.time(6), end=datetime.time(22)),),
        ),
        connection=GridConnection(kind="grid", tariff="x"),
        emissions=EmissionsChoice(activity_year=2025),
    )


def yield_of(weather: Weather) -> float:
    """Return the AC energy of one kWp at 10 degrees towards the equator."""
    array = Array(tilt_deg=10.0, azimuth_deg=equator_facing_deg(weather.latitude))
    return unit_yield(plant_at(weather), weather, array).specific_yield_kwh_per_kwp


def show(found: Likeness) -> None:
    """Print one table."""
    print(f"    {'':<24}{'file':>10}{'median':>10}{'range':>18}{'gap':>10}{'limit':>9}")
    gaps = found.gaps()
    for key, (label, field, relative) in NAMES.items():
        real, drawn, low, high = (getattr(part, field) for part in (found.real, found.drawn, found.low, found.high))
        gap, limit = (
            (f"{100 * gaps[key]:+.2f} %", f"{100 * LIMITS[key]:.0f} %")
            if relative
            else (f"{gaps[key]:+.3f}", f"{LIMITS[key]:g}")
        )
        digits = 0 if relative else 3
        span = f"{low:.{digits}f} to {high:.{digits}f}"
        verdict = "" if abs(gaps[key]) <= LIMITS[key] else "  outside"
        print(f"    {label:<24}{real:>10.{digits}f}{drawn:>10.{digits}f}{span:>18}{gap:>10}{limit:>9}{verdict}")


def main(files: list[Path]) -> int:
    """Print both tables of every file; return how many files miss a limit when fed with their own deviations."""
    missed = 0
    for file in files:
        weather = read_weather(file)
        fed = climate_of(weather)
        place = monthly_climate(weather.latitude, weather.longitude, weather.altitude_m)
        packaged = replace(fed, clearness_sd=place.clearness_sd)
        print(f"{file.name}: {weather.kind}, {weather.year_count} year(s)")
        own = likeness(weather, fed, yield_of)
        print(f"  its own deviations (mean {sum(fed.clearness_sd) / 12:.3f})")
        show(own)
        print(f"  packaged deviations (mean {sum(packaged.clearness_sd) / 12:.3f})")
        show(likeness(weather, packaged, yield_of))
        missed += not own.within_limits()
    start = time.perf_counter()
    synthesise(monthly_climate(2.98, -76.65, 1286.0), years=100)
    print(f"100 years of hourly weather: {time.perf_counter() - start:.2f} s")
    return missed


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.epw"))))
