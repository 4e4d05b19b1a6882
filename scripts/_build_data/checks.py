"""Checks of the packaged tables that need nothing but the tables: each returns what is wrong, in words."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from math import log10
from pathlib import Path

from _build_data import provenance
from _build_data.carbon import FORBIDDEN
from _build_data.files import Row, read
from _build_data.schema import CONFIDENCE, SCHEMAS, STATUS, Range, Schema

_FIELDS = ("id", "title", "publisher", "document", "place", "year", "licence", "sha256", "status")
_NEVER = re.compile(r"filler|do.not.ship|padding", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = (31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Tables = dict[str, list[Row]]


def load(data: Path) -> tuple[Tables, dict[str, list[str]]]:
    """Return the readable tables below `data`, and what is wrong with the others, by id."""
    tables: Tables = {}
    wrong: dict[str, list[str]] = {}
    for name in (name for name in provenance.packaged_files(data) if name.endswith(".csv")):
        try:
            tables[name] = read(data / name)
        except (ValueError, UnicodeDecodeError) as error:
            wrong[name] = [f"not readable as a table: {error}"]
    return tables, wrong


def check_records(data: Path) -> dict[str, list[str]]:
    """Compare ``SOURCES.toml`` with the files: every file recorded, every record a file, every hash right."""
    records = provenance.records(data)
    files = provenance.packaged_files(data)
    wrong: dict[str, list[str]] = {name: ["recorded, but there is no such file"] for name in records.keys() - {*files}}
    for name in files:
        wrong[name] = _check_record(data / name, records.get(name))
    for name in provenance.repeated(data):
        wrong[name].append("recorded twice in SOURCES.toml")
    return wrong


def _check_record(path: Path, record: dict[str, str] | None) -> list[str]:
    if record is None:
        return ["no [[source]] block in SOURCES.toml: add one, then run scripts/build_data --hash"]
    found = [f"record has no {field}" for field in _FIELDS if not record.get(field)]
    if record.get("status") not in STATUS:
        found.append(f"status {record.get('status')!r} is not one of {sorted(STATUS)}")
    if record.get("confidence", "A") not in CONFIDENCE:
        found.append(f"confidence {record['confidence']!r} is not a letter A to D")
    if record.get("sha256") != provenance.sha256(path):
        found.append("hash differs from the record: run scripts/build_data --hash if the change is meant")
    return found


def check_bytes(path: Path) -> list[str]:
    """Return what is wrong with a file as bytes: encoding, line ends, words that forbid packaging."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return ["not utf-8"]
    found = ["line ends are not LF"] if "\r" in text else []
    found += ["does not end in a line end"] if not text.endswith("\n") else []
    found += [f"share-alike publisher: {word.group()!r}" for word in FORBIDDEN.finditer(text)]
    found += [f"marked not for packaging: {word.group()!r}" for word in _NEVER.finditer(text)]
    return found


def check_schema(name: str, rows: list[Row]) -> list[str]:
    """Return where a table departs from its schema."""
    schema = SCHEMAS.get(name)
    if schema is None:
        return ["no schema in scripts/_build_data/schema.py"]
    if not rows or set(rows[0]) != schema.all_columns():
        return [f"columns differ from the schema: {sorted(set(rows[0] if rows else ()) ^ schema.all_columns())}"]
    counts = Counter(tuple(row[column] for column in schema.key) for row in rows)
    found = [f"row named twice: {key}" for key, count in counts.items() if count > 1]
    for line, row in enumerate(rows, start=2):
        found += [f"line {line}: {problem}" for problem in _check_row(schema, row)]
    return found


def _check_row(schema: Schema, row: Row) -> list[str]:
    found = [f"{column} is empty" for column in schema.required if not row[column]]
    found += [f"{c} {row[c]!r} is not in its list" for c, allowed in schema.words.items() if row[c] not in allowed]
    return found + [
        problem for column, limits in schema.ranges.items() for problem in _check_figure(column, row[column], limits)
    ]


def _check_figure(column: str, text: str, limits: Range) -> list[str]:
    if not text:
        return [] if limits.optional else [f"{column} is empty"]
    try:
        value = float(text)
    except ValueError:
        return [f"{column} {text!r} is not a number"]
    return [] if limits.low <= value <= limits.high else [f"{column} {text} is outside {limits.low} to {limits.high}"]


def check_gaps(tables: Tables) -> list[str]:
    """Hold every empty figure to be a known gap, and every gap to be empty."""
    pairs = (("grid_factors/grid_factors.csv", "value"), ("finance/defaults.csv", "default"))
    return [
        f"{name}: figure and confidence disagree: {list(row.values())[:5]}"
        for name, column in pairs
        for row in tables[name]
        if (row[column] == "") != (row["confidence"] == "gap")
    ]


def check_ranges(tables: Tables) -> list[str]:
    """Hold low, default and high to their order."""
    found = []
    for name, middle in (("finance/defaults.csv", "default"), ("fuels/lifecycle.csv", "value")):
        for row in tables[name]:
            figures = [float(row[column]) for column in ("low", middle, "high") if row[column]]
            if figures != sorted(figures):
                found.append(f"{name}: {row['key']} is out of order: {figures}")
    return found


def check_classes(tables: Tables) -> list[str]:
    """Hold a better class to a better efficiency at every rating."""
    found = []
    for name in ("motors/ie_efficiency_60hz.csv", "motors/ie_efficiency_50hz.csv"):
        ratings: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for row in tables[name]:
            ratings[row["poles"], row["rated_kw"]][row["ie_class"]] = float(row["efficiency_pct"])
        for rating, classes in ratings.items():
            ordered = [classes[name] for name in sorted(classes)]
            if any(worse >= better for worse, better in pairwise(ordered)):
                found.append(f"{name}: classes out of order at poles, kW {rating}: {classes}")
    return found


def check_fifty_hz_formula(tables: Tables) -> list[str]:
    """Compute every 50 Hz row inside a band again from the packaged coefficients, to the printed decimal."""
    bands = tables["motors/iec_50hz_interpolation_coefficients.csv"]
    found = []
    for row in tables["motors/ie_efficiency_50hz.csv"]:
        power = float(row["rated_kw"])
        x = log10(power)
        for band in (band for band in bands if _covers(band, row, power)):
            a, b, c, d = (float(band[name]) for name in "abcd")
            value = ((a * x + b) * x + c) * x + d
            if abs(value - float(row["efficiency_pct"])) > 0.0501:
                found.append(
                    f"motors/ie_efficiency_50hz.csv: {row['ie_class']} {row['poles']}p {power} kW: {value:.2f}"
                )
    return found


def _covers(band: Row, row: Row, power: float) -> bool:
    same = (band["ie_class"], band["poles"]) == (row["ie_class"], row["poles"])
    return same and float(band["kw_min"]) <= power <= float(band["kw_max"])


def check_gas_sums(tables: Tables) -> list[str]:
    """Add up the factors given by gas, weighted with the packaged potentials, and compare with the packaged sum."""
    gwp = {row["gas"]: float(row["ar5"]) for row in tables["fuels/gwp.csv"]}
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in tables["grid_factors/grid_factors.csv"]:
        if row["kind"] == "gas_component":
            sums[row["country"], row["year"]] += float(row["value"]) * gwp[row["gases"].lower()]
    found = []
    for row in tables["grid_factors/grid_factors.csv"]:
        total = sums.get((row["country"], row["year"]))
        by_gas = row["kind"] == "location_average" and row["gases"] == "CO2+CH4+N2O"
        if by_gas and (total is None or abs(total - float(row["value"])) > 1e-6):
            found.append(f"grid_factors: {row['country']} {row['year']}: gases give {total}")
    return found


def check_fuel_sums(tables: Tables) -> list[str]:
    """Add up the fuel factors by gas and compare with the packaged CO2e columns, within their printed digits."""
    gwp = {row["gas"]: row for row in tables["fuels/gwp.csv"]}
    found = []
    for row in tables["fuels/fuel_factors.csv"]:
        biogenic = row["fuel"] == "wood"
        for era in ("ar4", "ar5", "ar6"):
            if not row["ch4"] or biogenic:
                continue
            total = sum(float(row[gas]) * float(gwp[gas][era]) for gas in ("co2", "ch4", "n2o"))
            if abs(total / float(row[f"co2e_{era}"]) - 1) > 1e-4:
                found.append(f"fuel_factors: {row['fuel']} {row['use']} {row['unit']} {era}: gases give {total:.6g}")
    return found


def check_year_means(tables: Tables) -> list[str]:
    """Compare the monthly irradiation, weighted by days, with the annual column."""
    found = []
    for row in tables["climatology/ghi_monthly_cells.csv"]:
        mean = _year_mean([float(row[f"ghi_{month}_kwh_m2_day"]) for month in _MONTHS])
        if abs(mean - float(row["ghi_annual_kwh_m2_day"])) > 0.03:
            found.append(f"ghi_monthly_cells: {row['south_latitude']}, {row['west_longitude']}: months give {mean:.3f}")
    months: dict[str, list[float]] = defaultdict(list)
    for row in tables["climatology/sites_monthly.csv"]:
        months[row["site"]].append(float(row["ghi_recommended_kwh_m2_day"]))
    for row in tables["climatology/sites_annual.csv"]:
        figures = months[row["site"]]
        annual = _year_mean(figures) * 365.2425 if len(figures) == 12 else 0.0
        if abs(annual / float(row["ghi_recommended_kwh_m2_year"]) - 1) > 0.005:
            found.append(f"sites_monthly: {row['site']}: {len(figures)} months give {annual:.0f}")
    return found


def _year_mean(months: list[float]) -> float:
    return sum(days * month for days, month in zip(_DAYS, months, strict=True)) / sum(_DAYS)


CROSS_CHECKS: tuple[Callable[[Tables], list[str]], ...] = (
    check_gaps,
    check_ranges,
    check_classes,
    check_fifty_hz_formula,
    check_gas_sums,
    check_fuel_sums,
    check_year_means,
)
