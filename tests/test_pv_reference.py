"""Against NREL's own PVWatts v8 (PySAM) on the same weather, stamps, offset, albedo, losses and inverter."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mine_energy.io.weather_files import read_weather
from mine_energy.pv import Array, equator_facing_deg
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


def pvwatts(weather: Weather, array: Array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    design.losses = 100.0 * (1.0 - array.loss_factor)
    design.tilt, design.azimuth = array.tilt_deg, array.azimuth_deg
    design.array_type = 0  # fixed open rack
    design.module_type = 1  # -0.35 %/K
    design.gcr = 0.01  # no rows in the way
    model.execute(0)
    # Copies: the outputs die with their model.
    return np.array(model.Outputs.poa), np.array(model.Outputs.ac), np.array(model.Outputs.ac_monthly)


@pytest.mark.parametrize(
    ("tilt", "turned"), [(0.0, 0.0), (10.0, 0.0), (10.0, 90.0), (10.0, 270.0), (20.0, 0.0), (20.0, 90.0), (20.0, 270.0)]
)
def test_pvwatts_v8(weather: Weather, tilt: float, turned: float) -> None:
    array = Array(tilt_deg=tilt, azimuth_deg=(equator_facing_deg(weather.latitude) + turned) % 360.0)
    ours, (poa, ac_w, ac_monthly_kwh) = hourly_chain(weather, weather.sun(), array), pvwatts(weather, array)
    # PVWatts v8 transposes with Perez. Under the TMYx file's strong circumsolar sky Hay-Davies stands 1.4 % below it at
    # 20 degrees (pvlib's own Perez 0.0 %); elsewhere and at the tilts of this field they agree within 1 %.
    tolerance = 0.015 if tilt > 10 and "TMYx" in weather.source else 0.01
    assert ours.poa.sum() == pytest.approx(poa.sum(), rel=tolerance)
    assert ours.ac.sum() * 1000 == pytest.approx(ac_w.sum(), rel=0.02)
    monthly = np.bincount(weather.index.month - 1, weights=ours.ac)
    np.testing.assert_allclose(monthly, ac_monthly_kwh, rtol=0.04)
