"""Against NREL's own PVWatts v8 (PySAM) on the same weather, stamps, offset, albedo, losses and inverter."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mine_energy.io.weather_files import read_weather
from mine_energy.pv import Array, equator_facing_deg
from mine_energy.pv.array import Transposition
from mine_energy.pv.chain import hourly_chain
from mine_energy.weather import Weather, from_climatology

pytestmark = pytest.mark.reference

AREQUIPA = "PER_Arequipa.847520_IWEC.epw"
BOGOTA = "COL_CUN_Bogota-Eldorado.Intl.AP.802220_TMYx.2009-2023.epw"
PILOT = "pilot"


@pytest.fixture(scope="module", params=[AREQUIPA, BOGOTA, PILOT])
def weather(request: pytest.FixtureRequest, shared_file: Callable[[str], Path]) -> Weather:
    if request.param == PILOT:
        return from_climatology(2.983982, -76.650777, 1286.0)
    return read_weather(shared_file(f"weather/{request.param}"))


def pvwatts(
    weather: Weather, array: Array, ground_cover_ratio: float = 0.01
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pvwattsv8 = pytest.importorskip("PySAM.Pvwattsv8")
    index, frame = weather.index, weather.frame
    model = pvwattsv8.new()
    model.SolarResource.solar_resource_data = {
        "lat": weather.latitude,
        "lon": weather.longitude,
        "tz": -5,
        "elev": weather.altitude_m,
        "year": list(index.year),
        "month": list(index.month),
        "day": list(index.day),
        "hour": list(index.hour),
        "minute": [int(weather.sun_offset_minutes)] * len(index),
        "gh": list(frame["ghi"]),
        "dn": list(frame["dni"]),
        "df": list(frame["dhi"]),
        "tdry": list(frame["temp_air"]),
        "wspd": list(frame["wind_speed"]),
        "albedo": [array.albedo] * len(index),
    }
    design = model.SystemDesign
    design.system_capacity = 1.0
    design.dc_ac_ratio = array.dc_ac_ratio
    design.inv_eff = 100.0 * array.inverter_efficiency
    design.losses = 100.0 * (1.0 - array.dc_loss_factor)
    model.AdjustmentFactors.adjust_constant = 100.0 * (1.0 - array.ac_loss_factor)
    design.tilt, design.azimuth = array.tilt_deg, array.azimuth_deg
    design.array_type = 0  # fixed open rack
    design.module_type = 1  # -0.35 %/K
    design.gcr = ground_cover_ratio  # a hundredth: no rows in the way
    model.execute(0)
    # Copies: the outputs die with their model.
    return np.array(model.Outputs.poa), np.array(model.Outputs.ac), np.array(model.Outputs.ac_monthly)


ORIENTATIONS = [(0.0, 0.0), (10.0, 0.0), (10.0, 90.0), (10.0, 270.0), (20.0, 0.0), (20.0, 90.0), (20.0, 270.0)]


@pytest.mark.parametrize(("tilt", "turned"), ORIENTATIONS)
@pytest.mark.parametrize("transposition", ["perez", "hay_davies"])
def test_pvwatts_v8(weather: Weather, tilt: float, turned: float, transposition: Transposition) -> None:
    azimuth = (equator_facing_deg(weather.latitude) + turned) % 360.0
    array = Array(tilt_deg=tilt, azimuth_deg=azimuth, transposition=transposition)
    ours, (poa, ac_w, ac_monthly_kwh) = hourly_chain(weather, weather.sun(), array), pvwatts(weather, array)
    # PVWatts v8 transposes with Perez: there like is compared with like, and agrees within 0.1 %. Hay and Davies give
    # 0.3 to 0.9 % less at up to 20 degrees, 1.4 % less under the TMYx file's sky, rich in circumsolar light.
    other_sky = tilt > 10 and "TMYx" in weather.source
    within = 0.001 if transposition == "perez" else 0.015 if other_sky else 0.01
    assert ours.poa.sum() == pytest.approx(poa.sum(), rel=within)
    assert ours.ac.sum() * 1000 == pytest.approx(ac_w.sum(), rel=0.02)
    monthly = np.bincount(weather.index.month - 1, weights=ours.ac)
    np.testing.assert_allclose(monthly, ac_monthly_kwh, rtol=0.04)


@pytest.mark.parametrize(("tilt", "turned"), [(10.0, 0.0), (20.0, 0.0), (20.0, 90.0)])
def test_what_rows_take(weather: Weather, tilt: float, turned: float) -> None:
    azimuth = (equator_facing_deg(weather.latitude) + turned) % 360.0
    alone = Array(tilt_deg=tilt, azimuth_deg=azimuth, transposition="perez", ground_cover_ratio=0.5)
    rows = replace(alone, row_shading=True)
    ours = hourly_chain(weather, weather.sun(), rows).ac.sum() / hourly_chain(weather, weather.sun(), alone).ac.sum()
    theirs = pvwatts(weather, alone, 0.5)[1].sum() / pvwatts(weather, alone)[1].sum()
    # PVWatts charges crossed strings more than their area.
    assert ours == pytest.approx(theirs, abs=0.005)
    assert ours < 1
