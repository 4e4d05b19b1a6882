"""PVGIS, the European Commission's service: hourly series and typical years, as CSV and as JSON.

Stamps are UTC. Satellite databases (SARAH, NSRDB) give the value of one instant, at the minute that the stamp shows or,
in typical years, that the header's *Irradiance Time Offset* tells; ERA5 gives the mean of the hour about its stamp's
half. Both are the moment at which the sun counts.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from mine_energy.errors import Finding
from mine_energy.io.weather_columns import Column, number, pick, read_columns, read_stamps
from mine_energy.io.weather_record import Hints, Place, Record, Stamps, is_coarse, refuse
from mine_energy.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR

_STAMP: Final = "%Y%m%d:%H%M"
_FIRST_LINE: Final = "latitude (decimal degrees)"
_NAMES: Final = {
    "G(h)": "ghi",
    "Gb(n)": "dni",
    "Gd(h)": "dhi",
    "T2m": "temp_air",
    "WS10m": "wind_speed",
    "SP": "pressure",
    "G(i)": "ghi",
    "Gb(i)": "bhi",
    "Gd(i)": "dhi",
}
"""Quantities by PVGIS' names; those of the plane (i) hold when it lies flat."""


def is_pvgis_csv(head: str) -> float:
    """Return how sure the layout is of the first lines of a text."""
    return 1.0 if head.lower().startswith(_FIRST_LINE) else 0.0


def is_pvgis_json(head: str) -> float:
    """Return how sure the layout is of the first lines of a text."""
    return 0.9 if head.startswith("{") and ('"meteo_data"' in head or '"radiation_db"' in head) else 0.0


def read_pvgis_csv(text: str, file: str, hints: Hints) -> Record:
    """Read an hourly series or a typical year written as CSV."""
    lines = text.splitlines()
    at = next((i for i, line in enumerate(lines) if line.lower().startswith(("time,", "time(utc),"))), None)
    if at is None:
        raise refuse(file, "weather_truncated", line=len(lines), value=lines[-1][:40])
    facts = _facts(lines[:at])
    names = [name.strip() for name in lines[at].split(",")]
    rows, numbers = [], []
    for row_line, line in enumerate(lines[at + 1 :], start=at + 2):
        if not line.strip():
            break
        rows.append(line.split(","))
        numbers.append(row_line)
        if len(rows[-1]) != len(names):
            found = {"columns": len(names), "found": len(rows[-1])}
            raise refuse(file, "weather_columns_missing", line=row_line, value=line[:40], **found)
    if not rows:
        raise refuse(file, "weather_truncated", line=at + 1, value=lines[at][:40])
    columns = {name: pick(rows, i) for i, name in enumerate(names)}
    years = [int(year) for year in (line.split(",")[1] for line in lines[:at] if _is_month(line)) if year.isdigit()]
    return _record(file, facts, columns, numbers, hints, years=tuple(years), line=at + 1)


def _is_month(line: str) -> bool:
    month, _, year = line.strip().partition(",")
    return month.isdigit() and 1 <= int(month) <= MONTHS_PER_YEAR and year.isdigit()


def _facts(lines: Sequence[str]) -> dict[str, str]:
    """Return the header as words by lower-case name."""
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def read_pvgis_json(text: str, file: str, hints: Hints) -> Record:
    """Read an hourly series or a typical year written as JSON."""
    document = load_json(text, file)
    outputs = part_of(document, "outputs")
    rows = outputs.get("hourly") or outputs.get("tmy_hourly") or []
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise refuse(file, "weather_truncated", line=1, value=text[:40])
    inputs = part_of(document, "inputs")
    location, meteo = part_of(inputs, "location"), part_of(inputs, "meteo_data")
    plane = part_of(part_of(inputs, "mounting_system") or part_of(inputs, "plane"), "fixed")
    facts = {
        "latitude (decimal degrees)": str(location.get("latitude", "")),
        "longitude (decimal degrees)": str(location.get("longitude", "")),
        "elevation (m)": str(location.get("elevation", "")),
        "radiation database": str(meteo.get("radiation_db", "")),
        "use horizon": str(meteo.get("use_horizon", "")),
        "slope": str(part_of(plane, "slope").get("value", "0")),
        "irradiance time offset (h)": str(location.get("irradiance_time_offset", "0")),
    }
    columns = {name: [str(row.get(name, "")) for row in rows] for name in rows[0]}
    months = outputs.get("months_selected")
    listed = months if isinstance(months, list) else []
    years = tuple(int(m["year"]) for m in listed if isinstance(m, dict) and str(m.get("year", "")).isdigit())
    # A JSON row has no line of its own that an editor shows alike: rows are counted, the first is 1.
    return _record(file, facts, columns, range(1, len(rows) + 1), hints, years=years, line=1)


def load_json(text: str, file: str) -> dict[str, Any]:
    """Return a JSON object, or refuse the text with the line at which it breaks."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise refuse(file, "weather_json", line=error.lineno, value=error.msg) from None
    if not isinstance(document, dict):
        raise refuse(file, "weather_json", line=1, value=text[:20])
    return document


def part_of(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object inside a JSON object, empty where there is none."""
    part = document.get(name)
    return part if isinstance(part, dict) else {}


def _record(
    file: str,
    facts: Mapping[str, str],
    columns: Mapping[str, Sequence[str]],
    lines: Sequence[int],
    hints: Hints,
    *,
    years: tuple[int, ...],
    line: int,
) -> Record:
    typical = "time(UTC)" in columns
    if not typical and "time" not in columns:
        raise refuse(file, "weather_no_stamps", line=line, value=", ".join(columns)[:60])
    place = _place(file, facts)
    slope = number(facts.get("slope", "0").split()[0].removesuffix("deg.")) if facts.get("slope") else 0.0
    if not typical and slope:
        raise refuse(file, "weather_tilted", value=f"{slope:g}")
    names = {name: own for name, own in _NAMES.items() if name in columns}
    given = set(names.values())
    if "ghi" not in given and not {"bhi", "dhi"} <= given:
        raise refuse(file, "weather_no_irradiance", line=line, value=", ".join(columns)[:60])
    written = {own: Column(texts=columns[name]) for name, own in names.items()}
    values = read_columns(file, lines, written)
    if "bhi" in values and "ghi" not in values:
        values["ghi"] = values["bhi"] + values["dhi"]
    stamps = read_stamps(file, lines, columns["time(UTC)" if typical else "time"], _STAMP)
    database = facts.get("radiation database") or "PVGIS"
    horizon = facts.get("use horizon", "").lower() in {"true", "1", "yes"}
    return Record(
        file=file,
        source=f"{file} ({database}{', TMY' if typical else ''})",
        kind="typical" if typical else "modelled",
        place=place,
        stamps=stamps,
        lines=lines,
        values=values,
        texts={own: column.texts for own, column in written.items()},
        utc_offset_hours=0.0 if hints.utc_offset_hours is None else hints.utc_offset_hours,
        label="middle",
        shift_minutes=MINUTES_PER_HOUR * (number(facts.get("irradiance time offset (h)", "0")) or 0.0),
        yearless=typical,
        years=years if typical else (),
        coarse=is_coarse(database),
        findings=_findings(file, columns, stamps, database, horizon=horizon),
    )


def _place(file: str, facts: Mapping[str, str]) -> Place:
    found: dict[str, float] = {}
    for at, (name, key, low, high) in enumerate(
        [
            ("latitude (decimal degrees)", "latitude", -90.0, 90.0),
            ("longitude (decimal degrees)", "longitude", -180.0, 180.0),
            ("elevation (m)", "altitude_m", -430.0, 9000.0),
        ],
        start=1,
    ):
        value = number(facts.get(name, ""))
        if value is None or not low <= value <= high:
            raise refuse(file, "weather_header_value", line=at, value=facts.get(name, ""), name=key, low=low, high=high)
        found[key] = value
    return Place(latitude=found["latitude"], longitude=found["longitude"], altitude_m=found["altitude_m"])


def _findings(
    file: str, columns: Mapping[str, Sequence[str]], stamps: Stamps, database: str, *, horizon: bool
) -> tuple[Finding, ...]:
    findings = [Finding(key="weather_database", subject=file, params={"database": database})]
    minute = int((stamps[0].astype("datetime64[m]") - stamps[0].astype("datetime64[h]")).astype(np.int64))
    if "time" in columns and "ERA5" not in database.upper():
        params = {"minute": f"{minute:02d}", "database": database}
        findings.append(Finding(key="weather_instants", level="assumption", subject=file, params=params))
    if horizon:
        findings.append(Finding(key="weather_horizon_inside", subject=file))
    if "Int" in columns:
        rebuilt = sum((number(text) or 0.0) > 0.0 for text in columns["Int"])
        if rebuilt:
            findings.append(Finding(key="weather_rebuilt_rows", subject=file, params={"rows": rebuilt}))
    return tuple(findings)
