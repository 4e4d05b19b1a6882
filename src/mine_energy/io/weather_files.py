"""Reads weather files of every usual layout into :class:`~mine_energy.weather.Weather`; a file is never altered.

::

    bytes -- reader_of --> Record -- hourly --> Hours -- gaps, components, air and wind --> Weather
             by content    rows     true labels, UTC-05:00

Layouts are entries of :data:`mine_energy.io.weather_layouts.READERS`. To add one, write a function from a text to a
:class:`~mine_energy.io.weather_record.Record` and give it an entry.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, Param
from mine_energy.io.text_files import decode
from mine_energy.io.weather_gaps import without_gaps
from mine_energy.io.weather_hours import Hours, hourly
from mine_energy.io.weather_layouts import READERS, reader_of
from mine_energy.io.weather_origin import Where, band_of, kind_of, located
from mine_energy.io.weather_record import Hints, Record, refuse
from mine_energy.weather.climatology import monthly_climate
from mine_energy.weather.components import complete_irradiance, stand_in_temperature
from mine_energy.weather.contract import REQUIRED, Weather
from mine_energy.weather.quality import (
    MIDDLE_MINUTES,
    closure_rmse,
    estimate_sun_offset,
    impossible_share,
    quality_findings,
    sky_offset,
)
from mine_energy.weather.sun import Sun, mean_clear_sky_ghi, sun

__all__ = ["READERS", "Hints", "layout_of", "read_hours", "read_weather"]

_MOST_IMPOSSIBLE: Final = 0.03
"""Share of the irradiation above that outside the atmosphere: under 1 % in sound files, 2 to 10 % two hours off."""
_OFF_MINUTES: Final = 30.0
_OFF_FACTOR: Final = 1.5
_OFF_W_M2: Final = 5.0
"""Stated stamps are doubted when another offset, half an hour away, closes the components this much better."""
_STANDS_IN: Final = {"temp_air": "weather_temp_air_stands_in", "wind_speed": "weather_wind_speed_stands_in"}
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"


def read_weather(path: str | Path, name: str = "", hints: Hints | None = None) -> Weather:
    """Return the weather of a file.

    Parameters
    ----------
    path
        EPW, TMY3, PVGIS (CSV, JSON), NSRDB and SAM, NASA POWER (CSV, JSON), Solcast, SolarGIS, Meteonorm, or any table
        with headings of time and irradiance: told by content.
    name
        How the file is called in messages and as source; its own name when empty.
    hints
        What the file does not say: see :class:`~mine_energy.io.weather_record.Hints`.

    Returns
    -------
    Weather
        Hourly in UTC-05:00: on the nominal year, or on whole calendar years when the file holds several.

    Raises
    ------
    InputError
        The file cannot be read, is of no layout we know, or has something wrong, each with its line. Or its sun shines
        at night: coordinates, time zone and hours are not of one place.
    """
    hints = hints or Hints()
    record, hours = read_hours(path, name, hints)
    values, gap_findings = without_gaps(record, hours, fill=hints.gaps == "fill")
    where = located(record, hints)
    values, offset, sun_findings = _timed(record, hours, values, where)
    if not any(values[key].any() for key in ("ghi", "dhi") if key in values):
        raise refuse(record.file, "weather_dark", line=record.lines[0], value="0")
    position = sun(hours.index, where.latitude, where.longitude, where.altitude_m, offset)
    light, light_findings = complete_irradiance(values, hours.index, position, record.file)
    frame, air_findings = _frame(record, hours.index, values | light, position, where, hints)
    _check_sun(record, frame, position, where)
    rmse = closure_rmse(frame, position)
    clear = mean_clear_sky_ghi(hours.index, (where.latitude, where.longitude, where.altitude_m), offset)
    band, band_findings = band_of(record, where)
    kind, kind_findings = kind_of(record, hints)
    return Weather(
        frame=frame,
        latitude=where.latitude,
        longitude=where.longitude,
        altitude_m=where.altitude_m,
        kind=kind,
        source=hints.source or record.source,
        years=hours.years,
        sun_offset_minutes=offset,
        closure_rmse_w_m2=rmse,
        band_low=band[0],
        band_high=band[1],
        findings=(
            *sun_findings(rmse),
            *record.findings,
            *kind_findings,
            *where.findings,
            *hours.findings,
            *gap_findings,
            *light_findings,
            *air_findings,
            *quality_findings(frame, position, clear, record.file),
            *band_findings,
        ),
    )


def layout_of(path: str | Path) -> str:
    """Return the name of the layout by which a file is read."""
    data = _bytes(Path(path), Path(path).name)
    text = "" if data.startswith((_ZIP, _OLE)) else decode(data) or ""
    return reader_of(text)[1].name


def read_hours(path: str | Path, name: str = "", hints: Hints | None = None) -> tuple[Record, Hours]:
    """Return the rows of a weather file and their hours, gaps and all.

    Raises
    ------
    InputError
        As :func:`read_weather`, but for gaps and for the sun.
    """
    path, hints = Path(path), hints or Hints()
    name = name or path.name
    data = _bytes(path, name)
    text = "" if data.startswith((_ZIP, _OLE)) else decode(data)
    if text is None or text.lstrip()[:5].lower() in {"%pdf-", "<!doc", "<html", "<?xml"}:
        raise refuse(name, "weather_not_recognised", line=1)
    _, reader = reader_of(text)
    record = reader.read(data, text.lstrip("\ufeff \t\r\n"), name, hints)
    if reader.layout == "unconfirmed":
        found = Finding(
            key="weather_layout_unconfirmed", level="assumption", subject=name, params={"layout": reader.name}
        )
        record = replace(record, findings=(found, *record.findings))
    return record, hourly(record)


def _bytes(path: Path, name: str) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise refuse(name, "weather_file_missing") from None
    except (OSError, ValueError):  # a folder, no permission, a device that is gone
        raise refuse(name, "weather_file_unreadable") from None
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"):
        raise refuse(name, "weather_file_empty")
    return data


def _timed(
    record: Record, hours: Hours, values: dict[str, FloatArray], where: Where
) -> tuple[dict[str, FloatArray], float, "_OffsetFindings"]:
    """Return the values under true left labels, the sun's offset, and what to say of it."""
    whole = {"ghi", "dni", "dhi"} <= values.keys()
    light = pd.DataFrame({key: values[key] for key in ("ghi", "dni", "dhi") if key in values}, index=hours.index)
    place = (where.latitude, where.longitude, where.altitude_m)
    if hours.offset_minutes is not None:
        best = estimate_sun_offset(light, *place) if whole else None
        return values, hours.offset_minutes, _OffsetFindings(record.file, hours.offset_minutes, stated=True, best=best)
    if whole and values["dni"].any():
        offset, _ = estimate_sun_offset(light, *place)
    else:
        offset = sky_offset(light, *place) if "ghi" in values else MIDDLE_MINUTES
    if offset < 0.0:
        # The stamps end their hours: every value goes to the label at which its hour began.
        values = {key: np.roll(column, -1) for key, column in values.items()}
        offset += 2.0 * MIDDLE_MINUTES
    return values, offset, _OffsetFindings(record.file, offset, stated=False, sky=not whole)


@dataclass(frozen=True, slots=True)
class _OffsetFindings:
    """Says where the sun's offset comes from, once the closure is known."""

    file: str
    offset: float
    stated: bool
    sky: bool = False
    best: tuple[float, float] | None = None

    def __call__(self, rmse_w_m2: float) -> tuple[Finding, ...]:
        key = "weather_sun_stated" if self.stated else "weather_stamps_from_sky" if self.sky else "weather_sun_offset"
        params: dict[str, Param] = {"offset_minutes": round(self.offset), "rmse_w_m2": round(rmse_w_m2, 1)}
        found = Finding(key=key, level="assumption" if self.sky else "info", subject=self.file, params=params)
        if self.best is None:
            return (found,)
        offset, rmse = self.best
        off = abs(offset - self.offset) >= _OFF_MINUTES and rmse_w_m2 > _OFF_FACTOR * rmse + _OFF_W_M2
        doubt = Finding(
            key="weather_offset_disagrees",
            level="warning",
            subject=self.file,
            params={"stated_minutes": round(self.offset), "best_minutes": round(offset), **params, "best_rmse": rmse},
        )
        return (found, doubt) if off else (found,)


def _frame(
    record: Record,
    index: pd.DatetimeIndex,
    values: dict[str, FloatArray],
    position: Sun,
    where: Where,
    hints: Hints,
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the contract's frame; temperature and wind from the climatology only when that was asked for."""
    findings: tuple[Finding, ...] = ()
    lacking = [key for key in ("temp_air", "wind_speed") if key not in values]
    if lacking and hints.missing == "refuse":
        raise refuse(record.file, "weather_column_missing", line=record.lines[0] - 1 or 1, name=", ".join(lacking))
    if lacking:
        climate = monthly_climate(where.latitude, where.longitude, where.altitude_m)
        temperature = stand_in_temperature(climate, index, values["ghi"], position)
        made = {"temp_air": temperature, "wind_speed": np.full(len(index), climate.wind_mean_m_s)}
        values = values | {key: made[key] for key in lacking}
        findings = tuple(
            Finding(
                key=_STANDS_IN[key],
                level="assumption",
                subject=record.file,
                params={"mean": round(float(values[key].mean()), 1)},
            )
            for key in lacking
        )
    kept = [*REQUIRED, *(["pressure"] if "pressure" in values and np.isfinite(values["pressure"]).all() else [])]
    return pd.DataFrame({key: values[key] for key in kept}, index=index), findings


def _check_sun(record: Record, frame: pd.DataFrame, position: Sun, where: Where) -> None:
    """Refuse a file whose sun is not that of the place and zone it names."""
    share = impossible_share(frame, position)
    if share > _MOST_IMPOSSIBLE:
        zone = "UTC-5" if record.utc_offset_hours is None else f"UTC{record.utc_offset_hours:+g}"
        shown = f"{where.latitude:g}, {where.longitude:g}, {zone}"
        raise refuse(record.file, "weather_sun_mismatch", line=1, value=shown, share_percent=round(100 * share, 1))
