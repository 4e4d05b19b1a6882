"""Map of yield over 19 tilts x 36 azimuths against one year of pvlib's ModelChain and pvlib's functions, one by one.

All on the same hours of weather. Printed are medians and spread in milliseconds, and the ratio of the map to one
ModelChain year of the same run; the map's first call in a process, which integrates the glass over sky and ground for
every tilt, stands apart. Run with ``python benchmarks/bench_orientation.py``.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from pvlib.location import Location
from pvlib.modelchain import ModelChain
from pvlib.pvsystem import Array as PvlibArray
from pvlib.pvsystem import FixedMount, PVSystem
from pvlib.temperature import TEMPERATURE_MODEL_PARAMETERS

from mine_energy.pv import Array, yield_map
from mine_energy.pv.glass import diffuse_modifier
from mine_energy.pv.surfaces import annual_kwh_per_kwp
from mine_energy.weather import Weather, from_climatology
from mine_energy.weather.sun import sun

REPEATS = 15
TILTS = [float(tilt) for tilt in range(0, 95, 5)]
AZIMUTHS = [float(azimuth) for azimuth in range(0, 360, 10)]
ARRAY = Array(tilt_deg=10.0, azimuth_deg=180.0)


def model_chain(weather: Weather, transposition: str) -> Callable[[], object]:
    """Return what runs one ModelChain year of the same array."""
    place = Location(weather.latitude, weather.longitude, tz="Etc/GMT+5", altitude=weather.altitude_m)
    sapm = TEMPERATURE_MODEL_PARAMETERS["sapm"]["open_rack_glass_polymer"]
    modules = PvlibArray(
        FixedMount(10.0, 180.0),
        module_parameters={"pdc0": 1000.0, "gamma_pdc": ARRAY.power_temperature_per_k},
        temperature_model_parameters=sapm,
    )
    limit = 1000.0 / ARRAY.dc_ac_ratio / ARRAY.inverter_efficiency
    system = PVSystem(arrays=[modules], inverter_parameters={"pdc0": limit, "eta_inv_nom": ARRAY.inverter_efficiency})
    chain = ModelChain(
        system,
        place,
        transposition_model=transposition,
        aoi_model="physical",
        spectral_model="no_loss",
        losses_model="no_loss",
    )
    frame = weather.frame.set_axis(weather.index + pd.Timedelta(minutes=weather.sun_offset_minutes), axis=0)
    return lambda: chain.run_model(frame)


def timed(work: Callable[[], object], repeats: int = REPEATS) -> list[float]:
    """Return wall times, ms."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - start))
    return times


def show(name: str, times: list[float]) -> float:
    """Print and return a median."""
    middle = statistics.median(times)
    print(f"{name:58s} median {middle:8.1f} ms   from {min(times):8.1f} to {max(times):8.1f}")
    return middle


def main() -> None:
    """Print the table."""
    weather = from_climatology(2.983982, -76.650777, 1286.0, site_key="buenos_aires_cauca")
    position = weather.sun()
    surfaces = np.array([(tilt, azimuth) for tilt in TILTS for azimuth in AZIMUTHS])
    diffuse_modifier.cache_clear()
    cold = timed(lambda: yield_map(weather, ARRAY, TILTS, AZIMUTHS), repeats=1)
    print(f"{len(surfaces)} surfaces, {len(weather.index)} hours, {REPEATS} repeats")
    chain = show("ModelChain, one surface, Hay-Davies, sun included", timed(model_chain(weather, "haydavies")))
    show("ModelChain, one surface, Perez, sun included", timed(model_chain(weather, "perez")))
    show("our sun position of the year", timed(lambda: fresh_sun(weather)))
    show("map, first call of the process", cold)
    for model in ("hay_davies", "perez", "isotropic"):
        array = Array(tilt_deg=10.0, azimuth_deg=180.0, transposition=model)
        found = show(f"map, {model}", timed(lambda array=array: annual_kwh_per_kwp(weather, array, surfaces, position)))
        print(f"{'':58s} ratio  {found / chain:8.2f} of one ModelChain year")
    rows = Array(tilt_deg=10.0, azimuth_deg=180.0, row_shading=True)
    found = show("map, rows shading each other", timed(lambda: yield_map(weather, rows, TILTS, AZIMUTHS), repeats=3))
    print(f"{'':58s} ratio  {found / chain:8.2f} of one ModelChain year; first call of map {cold[0] / chain:.2f}")


def fresh_sun(weather: Weather) -> object:
    """Return the sun of the year, computed anew."""
    sun.__globals__["_sun"].cache_clear()
    sun.__globals__["_sky_over_earth"].cache_clear()
    return weather.sun()


if __name__ == "__main__":
    main()
