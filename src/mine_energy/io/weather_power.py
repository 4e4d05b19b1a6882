"""NASA POWER, hourly, as CSV and as JSON: satellite cells of a degree (CERES SYN1deg) and MERRA-2's air and wind.

A row's hour is the start of its mean. The clock is UTC, or LST, POWER's own local solar time: whole hours by longitude,
15 degrees each. -999 is missing. Units stand in the header, and differ by the community one asks as.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from mine_energy.errors import Finding, Param
from mine_energy.io.weather_columns import Column, number, pick, read_columns, stamps_of_parts
from mine_energy.io.weather_pvgis import load_json, part_of
from mine_energy.io.weather_record import Hints, Place, Record, refuse
from mine_energy.units import (
    AIR_PRESSURE_UNITS_PA,
    IRRADIATION_UNITS_WH_M2,
    ZERO_CELSIUS_K,
)

_NAMES: Final = {
    "ALLSKY_SFC_SW_DWN": "ghi",
    "ALLSKY_SFC_SW_DNI": "dni",
    "ALLSKY_SFC_SW_DIFF": "dhi",
    "T2M": "temp_air",
    "WS10M": "wind_speed",
    "WS2M": "wind_speed",
    "PS": "pressure",
}
_MISSING: Final = (-999.0, -99.0)
_UNIT: Final = re.compile(r"\(([^()]*)\)\s*$")
_DEGREES_PER_HOUR: Final = 15.0
_DEFAULT_UNITS: Final = {"ghi": "wh/m^2", "dni": "wh/m^2", "dhi": "wh/m^2", "pressure": "kpa"}


def is_power_csv(head: str) -> float:
    """Return how sure the layout is of the first lines of a text."""
    return 1.0 if head.upper().startswith("-BEGIN HEADER-") else 0.0


def is_power_json(head: str) -> float:
    """Return how sure the layout is of the first lines of a text."""
    known = '"Feature"' in head or '"properties"' in head or "POWER" in head
    return 0.8 if head.startswith("{") and known and "meteo_data" not in head else 0.0


def read_power_csv(text: str, file: str, hints: Hints) -> Record:
    """Read an hourly CSV."""
    lines = text.splitlines()
    end = next((i for i, line in enumerate(lines) if line.upper().startswith("-END HEADER-")), None)
    if end is None or len(lines) < end + 3:
        raise refuse(file, "weather_truncated", line=len(lines), value=lines[-1][:40])
    separator = "\t" if "\t" in lines[end + 1] else ","
    header = [name.strip().upper() for name in lines[end + 1].split(separator)]
    if not {"YEAR", "MO", "DY", "HR"} <= set(header):
        raise refuse(file, "weather_no_stamps", line=end + 2, value=lines[end + 1][:60])
    rows, numbers = [], []
    for at, line in enumerate(lines[end + 2 :], start=end + 3):
        if not line.strip():
            continue
        rows.append(line.split(separator))
        numbers.append(at)
        if len(rows[-1]) < len(header):
            found = {"columns": len(header), "found": len(rows[-1])}
            raise refuse(file, "weather_columns_missing", line=at, value=line[:40], **found)
    head = "\n".join(lines[:end])
    units = _units_of_lines(lines[:end])
    parts = [pick(rows, header.index(name)) for name in ("YEAR", "MO", "DY", "HR")]
    columns = {name: pick(rows, header.index(name)) for name in header if name in _NAMES}
    clock = "LST" if re.search(r"\bin LST\b", head) else "UTC"
    return _record(file, _place(file, head), parts, columns, units, numbers, hints, clock=clock)


def _place(file: str, head: str) -> Place:
    found = re.search(r"latitude\s+(\S+)\s+longitude\s+(\S+)", head, re.IGNORECASE)
    line = next((i for i, text in enumerate(head.splitlines(), start=1) if text.lower().startswith("location")), 1)
    height = re.search(r"=\s*(-?[\d.]+)\s*m", head)
    values = [number(part) if part else None for part in (found.group(1), found.group(2))] if found else [None, None]
    if values[0] is None or values[1] is None or abs(values[0]) > 90 or abs(values[1]) > 180:
        value = found.group(0) if found else ""
        raise refuse(file, "weather_header_value", line=line, value=value, name="latitude", low=-90.0, high=90.0)
    return Place(latitude=values[0], longitude=values[1], altitude_m=number(height.group(1)) if height else None)


def _units_of_lines(lines: Sequence[str]) -> dict[str, str]:
    """Return units by parameter, from lines such as ``PS  MERRA-2 Surface Pressure (kPa)``."""
    units = {}
    for line in lines:
        name, found = line.split(" ", 1)[0].strip(), _UNIT.search(line.strip())
        if name in _NAMES and found:
            units[name] = found.group(1).strip().lower()
    return units


def read_power_json(text: str, file: str, hints: Hints) -> Record:
    """Read an hourly answer of the service."""
    document = load_json(text, file)
    series = part_of(part_of(document, "properties"), "parameter")
    known = [name for name in series if name in _NAMES and isinstance(series[name], dict)]
    place = part_of(document, "geometry").get("coordinates")
    if not known or not isinstance(place, list) or len(place) < 2 or not series[known[0]]:
        raise refuse(file, "weather_truncated", line=1, value=text[:40])
    keys = list(series[known[0]])
    bad = next((key for key in keys if len(key) != 10 or not key.isdigit()), None)
    if bad is not None:
        raise refuse(file, "weather_not_hourly", line=1, value=bad)
    parts = [[key[:4], key[4:6], key[6:8], key[8:]][i] for key in keys for i in range(4)]
    columns = {name: [str(series[name].get(key, "")) for key in keys] for name in known}
    described = part_of(document, "parameters")
    units = {name: str(part_of(described, name).get("units", "")).lower() for name in known}
    clock = str(part_of(document, "header").get("time_standard", "UTC"))
    longitude, latitude, altitude_m = [number(str(part)) for part in place[:3]] + [None] * (3 - len(place[:3]))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise refuse(file, "weather_header_value", line=1, value=str(place), name="latitude", low=-90.0, high=90.0)
    where = Place(latitude=latitude, longitude=longitude, altitude_m=altitude_m)
    split = [parts[i::4] for i in range(4)]
    return _record(file, where, split, columns, units, range(1, len(keys) + 1), hints, clock=clock)


def _record(
    file: str,
    place: Place,
    parts: Sequence[Sequence[str]],
    columns: Mapping[str, Sequence[str]],
    units: Mapping[str, str],
    lines: Sequence[int],
    hints: Hints,
    *,
    clock: str,
) -> Record:
    written: dict[str, Column] = {}
    for name, texts in columns.items():
        own = _NAMES[name]
        if own == "wind_speed" and own in written and name == "WS2M":
            continue
        factor, offset = _conversion(file, name, own, units.get(name) or _DEFAULT_UNITS.get(own, ""))
        written[own] = Column(texts=texts, factor=factor, offset=offset, missing=_MISSING)
    if "ghi" not in written:
        raise refuse(file, "weather_no_irradiance", line=lines[0], value=", ".join(columns)[:60])
    findings = [
        Finding(key="weather_database", subject=file, params={"database": "NASA POWER (CERES SYN1deg, MERRA-2)"})
    ]
    zone = 0.0
    if clock.upper() == "LST" and hints.utc_offset_hours is None:
        zone = float(np.round((place.longitude or 0.0) / _DEGREES_PER_HOUR))
        params: dict[str, Param] = {"utc_offset_hours": f"{zone:+g}"}
        findings.append(Finding(key="weather_lst", level="assumption", subject=file, params=params))
    return Record(
        file=file,
        source=f"{file} (NASA POWER: CERES SYN1deg, MERRA-2)",
        kind="modelled",
        place=place,
        stamps=stamps_of_parts(file, lines, parts),
        lines=lines,
        values=read_columns(file, lines, written),
        texts={name: column.texts for name, column in written.items()},
        utc_offset_hours=zone if hints.utc_offset_hours is None else hints.utc_offset_hours,
        label="start",
        coarse=True,
        findings=tuple(findings),
    )


def _conversion(file: str, name: str, own: str, unit: str) -> tuple[float, float]:
    """Return factor and offset to the contract's unit; an hour's Wh/m2 is a mean in W/m2."""
    if own in {"ghi", "dni", "dhi"}:
        plain = unit.replace("^", "").replace("-hr", "h").replace(" ", "")
        known = {"wh/m2": 1.0, "w/m2": 1.0, **IRRADIATION_UNITS_WH_M2, "mj/hr": IRRADIATION_UNITS_WH_M2["mj/m2"]}
        known["mj/m2/hr"] = known["mj/m2"]
        if plain not in known:
            raise refuse(file, "weather_unit_unknown", value=unit, name=name)
        return known[plain], 0.0
    if own == "pressure":
        return AIR_PRESSURE_UNITS_PA.get(unit, AIR_PRESSURE_UNITS_PA["kpa"]), 0.0
    return 1.0, -ZERO_CELSIUS_K if own == "temp_air" and unit == "k" else 0.0
