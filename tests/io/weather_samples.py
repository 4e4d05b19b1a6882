"""Weather files of every layout, written from one weather year as its makers write them."""

import json
from collections.abc import Callable

import numpy as np
import pandas as pd

from mine_energy.weather import Weather, from_climatology
from mine_energy.weather.contract import calendar_index
from mine_energy.weather.sun import sun

PLACE = (4.70, -74.15, 2550.0)
"""Bogotá: a place of the packaged tables with sun on both sides of noon."""


def year_of(place: tuple[float, float, float] = PLACE, years: int = 1, seed: int = 1) -> Weather:
    return from_climatology(*place, years=years, seed=seed)


def on_year(weather: Weather, year: int) -> pd.DataFrame:
    """Return the frame on a calendar year, local time."""
    return weather.on_calendar(year).frame


def instants(frame: pd.DataFrame, minutes: float, place: tuple[float, float, float] = PLACE) -> pd.DataFrame:
    """Return the frame with a global that closes with the sun at `minutes` after each label."""
    moved = frame.copy()
    position = sun(pd.DatetimeIndex(frame.index), *place, minutes)
    moved["dni"] = np.where(position.cos_zenith > 0.1, moved["dni"], 0.0)
    moved["dhi"] = np.where(position.cos_zenith > 0.0, moved["dhi"], 0.0)
    moved["ghi"] = moved["dhi"] + moved["dni"] * position.cos_zenith
    return moved


def utc(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the frame's hours as a file of a whole UTC year holds them: its first five hours are the year's last."""
    index = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="h", inclusive="left", tz="UTC")
    return frame.iloc[np.roll(np.arange(len(frame)), 5)].set_axis(index, axis=0)


def local_range(years: range, place: tuple[float, float, float] = PLACE) -> pd.DataFrame:
    """Return several calendar years, local time, each from its own seed."""
    frames = [on_year(year_of(place, seed=year), year) for year in years]
    index = calendar_index(years[0], len(years))
    return pd.concat(frames).set_axis(index, axis=0)


def pvgis_csv(frame: pd.DataFrame, minute: int = 10, database: str = "PVGIS-SARAH3", slope: str = "0 deg.") -> str:
    """`frame` in UTC: hourly series on the horizontal plane, PVGIS 5.2 and 5.3."""
    position = sun(pd.DatetimeIndex(frame.index), *PLACE, minute)
    beam = frame["dni"].to_numpy() * position.cos_zenith
    rows = [
        f"{stamp:%Y%m%d:%H}{minute:02d},{b},{d},0.0,{max(90 - z, 0):.2f},{t},{w},0.0"
        for stamp, b, d, z, t, w in zip(
            frame.index, beam, frame["dhi"], position.zenith_deg, frame["temp_air"], frame["wind_speed"], strict=True
        )
    ]
    head = [
        f"Latitude (decimal degrees):\t{PLACE[0]:.3f}",
        f"Longitude (decimal degrees):\t{PLACE[1]:.3f}",
        f"Elevation (m):\t{PLACE[2]:.0f}",
        f"Radiation database:\t{database}",
        "",
        "",
        f"Slope: {slope}",
        "Azimuth: 0 deg. ",
        "",
        "time,Gb(i),Gd(i),Gr(i),H_sun,T2m,WS10m,Int",
    ]
    foot = [
        "",
        "Gb(i): Beam (direct) irradiance on the inclined plane (W/m2)",
        "",
        "PVGIS (c) European Union, 2001-2026",
    ]
    return "\r\n".join([*head, *rows, *foot]) + "\r\n"


def pvgis_json(frame: pd.DataFrame, minute: int = 10, database: str = "PVGIS-ERA5") -> str:
    position = sun(pd.DatetimeIndex(frame.index), *PLACE, minute)
    beam = frame["dni"].to_numpy() * position.cos_zenith
    hourly = [
        {
            "time": f"{stamp:%Y%m%d:%H}{minute:02d}",
            "Gb(i)": float(b),
            "Gd(i)": float(d),
            "Gr(i)": 0.0,
            "H_sun": 0.0,
            "T2m": float(t),
            "WS10m": float(w),
            "Int": 0.0,
        }
        for stamp, b, d, t, w in zip(
            frame.index, beam, frame["dhi"], frame["temp_air"], frame["wind_speed"], strict=True
        )
    ]
    return json.dumps(
        {
            "inputs": {
                "location": {"latitude": PLACE[0], "longitude": PLACE[1], "elevation": PLACE[2]},
                "meteo_data": {"radiation_db": database, "meteo_db": "ERA5", "use_horizon": True},
                "mounting_system": {"fixed": {"slope": {"value": 0, "optimal": False}}},
            },
            "outputs": {"hourly": hourly},
            "meta": {"inputs": {}},
        }
    )


def pvgis_tmy_csv(frame: pd.DataFrame, offset_hours: float = 0.0, months: tuple[int, ...] = ()) -> str:
    """`frame` in UTC on any common year; `months` are the years of the twelve months (PVGIS 5.2 wrote no offset)."""
    months = months or tuple(2005 + 7 * m % 13 for m in range(12))
    head = [
        f"Latitude (decimal degrees): {PLACE[0]:.3f}",
        f"Longitude (decimal degrees): {PLACE[1]:.3f}",
        f"Elevation (m): {PLACE[2]:.1f}",
        f"Irradiance Time Offset (h): {offset_hours}",
        "month,year",
        *(f"{m},{year}" for m, year in enumerate(months, start=1)),
        "time(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP",
    ]
    rows = [
        f"{months[s.month - 1]}{s:%m%d:%H}00,{r.temp_air},70,{r.ghi},{r.dni},{r.dhi},300,{r.wind_speed},90,{r.pressure}"
        for s, r in zip(frame.index, frame.itertuples(), strict=True)
    ]
    return "\r\n".join([*head, *rows, "", "T2m: 2-m air temperature (degree Celsius)", ""]) + "\r\n"


def nsrdb_csv(frame: pd.DataFrame, zone: int = -5, minute: int = 30, source: str = "NSRDB") -> str:
    """`frame` in the file's zone."""
    head = [
        "Source,Location ID,City,State,Country,Latitude,Longitude,Time Zone,Elevation,Local Time Zone,Pressure Units,"
        "Version",
        f"{source},1,-,-,-,{PLACE[0]},{PLACE[1]},{zone},{PLACE[2]:.0f},-5,mbar,4.0.0",
        "Year,Month,Day,Hour,Minute,GHI,DNI,DHI,Temperature,Wind Speed,Pressure",
    ]
    rows = [
        f"{s.year},{s.month},{s.day},{s.hour},{s.minute + minute},{r.ghi},{r.dni},{r.dhi},{r.temp_air},{r.wind_speed},"
        f"{r.pressure / 100}"
        for s, r in zip(frame.index, frame.itertuples(), strict=True)
    ]
    return "\n".join([*head, *rows]) + "\n"


def power_csv(frame: pd.DataFrame, clock: str = "UTC", unit: str = "Wh/m^2", factor: float = 1.0) -> str:
    head = [
        "-BEGIN HEADER-",
        "NASA/POWER Source Native Resolution Hourly Data ",
        f"Dates (month/day/year): 01/01/2019 through 12/31/2019 in {clock}",
        f"Location: Latitude  {PLACE[0]}   Longitude {PLACE[1]} ",
        f"Elevation from MERRA-2: Average for 0.5 x 0.625 degree lat/lon region = {PLACE[2]} meters",
        "The value for missing source data that cannot be computed or is outside of the sources availability range: "
        "-999 ",
        "Parameter(s): ",
        f"ALLSKY_SFC_SW_DWN     CERES SYN1deg All Sky Surface Shortwave Downward Irradiance ({unit}) ",
        f"ALLSKY_SFC_SW_DNI     CERES SYN1deg All Sky Surface Shortwave Downward Direct Normal Irradiance ({unit}) ",
        f"ALLSKY_SFC_SW_DIFF     CERES SYN1deg All Sky Surface Shortwave Diffuse Irradiance ({unit}) ",
        "T2M     MERRA-2 Temperature at 2 Meters (C) ",
        "PS     MERRA-2 Surface Pressure (kPa) ",
        "WS10M     MERRA-2 Wind Speed at 10 Meters (m/s) ",
        "-END HEADER-",
        "YEAR,MO,DY,HR,ALLSKY_SFC_SW_DWN,ALLSKY_SFC_SW_DNI,ALLSKY_SFC_SW_DIFF,T2M,PS,WS10M",
    ]
    rows = [
        f"{s.year},{s.month},{s.day},{s.hour},{r.ghi * factor},{r.dni * factor},{r.dhi * factor},{r.temp_air},"
        f"{r.pressure / 1000},{r.wind_speed}"
        for s, r in zip(frame.index, frame.itertuples(), strict=True)
    ]
    return "\n".join([*head, *rows]) + "\n"


def power_json(frame: pd.DataFrame) -> str:
    keys = [f"{s:%Y%m%d%H}" for s in frame.index]
    names = {
        "ALLSKY_SFC_SW_DWN": frame["ghi"],
        "ALLSKY_SFC_SW_DNI": frame["dni"],
        "ALLSKY_SFC_SW_DIFF": frame["dhi"],
        "T2M": frame["temp_air"],
        "WS10M": frame["wind_speed"],
        "PS": frame["pressure"] / 1000.0,
    }
    return json.dumps(
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [PLACE[1], PLACE[0], PLACE[2]]},
            "properties": {"parameter": {n: dict(zip(keys, map(float, v), strict=True)) for n, v in names.items()}},
            "header": {
                "title": "NASA/POWER Source Native Resolution Hourly Data",
                "fill_value": -999.0,
                "time_standard": "UTC",
                "start": keys[0][:8],
                "end": keys[-1][:8],
            },
            "messages": [],
            "parameters": {
                "ALLSKY_SFC_SW_DWN": {"units": "Wh/m^2", "longname": "All Sky Surface Shortwave Downward Irradiance"},
                "PS": {"units": "kPa", "longname": "Surface Pressure"},
            },
            "times": {"data": 1.0, "process": 0.1},
        }
    )


def tmy3_csv(frame: pd.DataFrame, months: tuple[int, ...] = ()) -> str:
    """`frame` local; stamps end their hour, 24:00 closes the day."""
    months = months or tuple(1990 + 5 * m % 11 for m in range(12))
    head = [
        f'802220,"BOGOTA ELDORADO",CU,-5.0,{PLACE[0]},{PLACE[1]},{PLACE[2]:.0f}',
        "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),GHI source,DNI (W/m^2),DHI (W/m^2),Dry-bulb (C),Pressure (mbar),"
        "Wspd (m/s)",
    ]
    rows = [
        f"{s:%m/%d}/{months[s.month - 1]},{s.hour + 1:02d}:00,{r.ghi},1,{r.dni},{r.dhi},{r.temp_air},"
        f"{r.pressure / 100},{r.wind_speed}"
        for s, r in zip(frame.index, frame.itertuples(), strict=True)
    ]
    return "\n".join([*head, *rows]) + "\n"


def table(
    frame: pd.DataFrame,
    columns: dict[str, Callable[[pd.Series], object]],
    stamp: Callable[[pd.Timestamp], str],
    heading: str = "Fecha y hora",
    preamble: tuple[str, ...] = (),
    separator: str = ",",
    decimal: str = ".",
) -> str:
    """A headed table; `columns` maps a heading to what a row gives."""
    head = separator.join([heading, *columns])
    rows = [
        separator.join([stamp(s), *(f"{value(row)}".replace(".", decimal) for value in columns.values())])
        for s, row in zip(frame.index, frame.itertuples(), strict=True)
    ]
    return "\n".join([*preamble, head, *rows]) + "\n"
