"""The public services of weather, each asked through its client in pvlib, their answers brought to one frame."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from pvlib import iotools

from mine_energy.io.weather_record import Place
from mine_energy.units import AIR_PRESSURE_UNITS_PA
from mine_energy.weather.components import MIN_COS_ZENITH
from mine_energy.weather.sun import sun

Service = Literal["pvgis", "nasa-power", "nsrdb"]

SERVICES: Final[dict[Service, str]] = {"pvgis": "PVGIS", "nasa-power": "NASA POWER", "nsrdb": "NSRDB"}
URL_VARIABLES: Final[dict[Service, str]] = {
    "pvgis": "MINE_ENERGY_PVGIS_URL",
    "nasa-power": "MINE_ENERGY_NASA_POWER_URL",
    "nsrdb": "MINE_ENERGY_NSRDB_URL",
}
"""Environment variables that put another address in the place of the one in pvlib: a mirror, a proxy, a recording."""
TIMEOUT_S: Final = 120.0
_LAYOUT: Final = 1
"""Of the cached files: a change in what is written makes older ones unknown."""

Answer = tuple[pd.DataFrame, Place, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of a service.

    Parameters
    ----------
    service
        One of :data:`SERVICES`.
    latitude, longitude, altitude_m
        Of the plant.
    first_year, last_year
        Whole calendar years.
    url
        Address in place of pvlib's; empty takes the environment's, else pvlib's.
    api_key, email
        For NSRDB; never part of a file, a name or a message.
    """

    service: Service
    latitude: float
    longitude: float
    altitude_m: float
    first_year: int
    last_year: int
    url: str = ""
    api_key: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """Address asked, empty for pvlib's own."""
        return self.url or os.environ.get(URL_VARIABLES[self.service], "")

    @property
    def key(self) -> str:
        """Name of the answer in the cache: what was asked, not when nor by whom."""
        asked = {
            "layout": _LAYOUT,
            "service": self.service,
            "latitude": round(self.latitude, 4),
            "longitude": round(self.longitude, 4),
            "altitude_m": round(self.altitude_m),
            "years": [self.first_year, self.last_year],
            "address": self.address,
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode("utf-8")).hexdigest()[:16]


def _address(request: Request) -> dict[str, str]:
    return {"url": request.address} if request.address else {}


def _ask_pvgis(request: Request, first: int, last: int) -> Answer:
    """Ask for the horizontal plane with its components, without the horizon of mountains."""
    address = _address(request)
    if address and not address["url"].endswith("/"):
        address["url"] += "/"
    data, meta = iotools.get_pvgis_hourly(
        request.latitude,
        request.longitude,
        start=first,
        end=last,
        components=True,
        surface_tilt=0,
        usehorizon=False,
        outputformat="json",
        timeout=int(TIMEOUT_S),
        **address,
    )
    inputs: Mapping[str, Any] = meta["inputs"]
    location = inputs["location"]
    database = str(inputs["meteo_data"]["radiation_db"])
    place = Place(
        latitude=float(location["latitude"]),
        longitude=float(location["longitude"]),
        altitude_m=float(location["elevation"]),
    )
    index = pd.DatetimeIndex(data.index)
    position = sun(index, request.latitude, request.longitude, request.altitude_m, 0.0)
    beam, diffuse = data["poa_direct"].to_numpy(dtype=float), data["poa_sky_diffuse"].to_numpy(dtype=float)
    high = position.cos_zenith > MIN_COS_ZENITH
    dni = np.where(high, beam / np.where(high, position.cos_zenith, 1.0), 0.0)
    columns = {
        "ghi": beam + diffuse,
        "dni": np.minimum(dni, position.extraterrestrial_w_m2),
        "dhi": diffuse,
        "temp_air": data["temp_air"].to_numpy(dtype=float),
        "wind_speed": data["wind_speed"].to_numpy(dtype=float),
    }
    return pd.DataFrame(columns, index=index), place, database if "PVGIS" in database else f"PVGIS-{database}"


def _ask_power(request: Request, first: int, last: int) -> Answer:
    data, meta = iotools.get_nasa_power(
        request.latitude,
        request.longitude,
        f"{first}-01-01",
        f"{last}-12-31",
        parameters=["ghi", "dni", "dhi", "temp_air", "wind_speed", "pressure"],
        **_address(request),
    )
    frame = data.set_axis(pd.DatetimeIndex(data.index) + pd.Timedelta(minutes=30), axis=0)
    place = Place(
        latitude=float(meta["latitude"]), longitude=float(meta["longitude"]), altitude_m=float(meta["altitude"])
    )
    return frame, place, "NASA POWER (CERES SYN1deg; MERRA-2)"


def _ask_nsrdb(request: Request, first: int, _: int) -> Answer:
    data, meta = iotools.get_nsrdb_psm4_aggregated(
        request.latitude,
        request.longitude,
        request.api_key,
        request.email,
        first,
        time_step=60,
        parameters=["ghi", "dni", "dhi", "air_temperature", "wind_speed", "surface_pressure"],
        utc=True,
        timeout=int(TIMEOUT_S),
        **_address(request),
    )
    data["pressure"] = data["pressure"] * AIR_PRESSURE_UNITS_PA["mbar"]
    place = Place(
        latitude=float(meta["latitude"]), longitude=float(meta["longitude"]), altitude_m=float(meta["altitude"])
    )
    return data, place, " ".join(part for part in ("NSRDB PSM4", str(meta.get("Version", ""))) if part)


ASK: Final[dict[Service, Callable[[Request, int, int], Answer]]] = {
    "pvgis": _ask_pvgis,
    "nasa-power": _ask_power,
    "nsrdb": _ask_nsrdb,
}
URLS: Final[dict[Service, str]] = {
    "pvgis": iotools.pvgis.URL,
    "nasa-power": iotools.nasa_power.URL,
    "nsrdb": iotools.psm4.PSM4_AGG_URL,
}
