"""Sizing and reliability: plants of each meaning, the frontier, the map, starts, charge, the worst fortnight."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from mine_energy.report.chapters.sizing_pictures import shares_of_load
from mine_energy.report.format import Writer
from mine_energy.report.style import Role
from mine_energy.report.workbook.book import Book, Column, Content, Sheet
from mine_energy.study import Sizing, Study
from mine_energy.study.sizing_result import MeaningResult, SizedPlant

_SIZES: Final = {"pv_kwp": "kWp", "battery_kwh": "kWh", "battery_kw": "kW", "genset_kw": "kW"}
_MONEY: Final = ("investment", "annual_cost", "capital", "om", "fuel", "imports", "exports", "unserved")
_FLOWS: Final = ("load", "pv", "pv_used", "discharge", "export", "curtailed", "import", "genset", "unserved")
_SHARES: Final = ("annual_net_ratio", "self_sufficiency", "lpsp_without_grid", "lpsp_p10", "lpsp_p50", "lpsp_p90")
_RUN: Final = {"fuel_l": "L", "genset_hours": "h", "full_cycles": ""}
_SAVED: Final = {"load_kwh": "kWh", "pv_kwp": "kWp", "battery_kwh": "kWh", "genset_kw": "kW"}
_KVA: Final = ("start_kva", "available", "enough", "with_soft", "with_vfd")
_WIDE: Final = 46
_NARROW: Final = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A plant with its heading, what its sizes are, its meaning, and whether it carries the meaning's proof."""

    heading: str
    kind: str
    plant: SizedPlant
    meaning: MeaningResult | None = None
    proven: bool = False

    def value(self, key: str) -> float | None:
        """Return a figure of the plant; percentiles only where several weather years were simulated."""
        years = self.meaning.years if self.meaning else 1
        return None if key.startswith("lpsp_p") and years <= 1 else float(getattr(self.plant, key))

    def proof(self, key: str) -> float | None:
        """Return a figure of the proof: none of a closed form, which bounds the size and not the bill."""
        one = self.meaning
        if one is None or not self.proven:
            return None
        if key == "asked":
            return one.asked if one.asked > 0 else None
        return {"lower_bound": one.lower_bound, "gap": one.gap}[key]


def sizing(book: Book, study: Study) -> None:
    """Write the sheet; nothing where the plant was not sized."""
    made, w = study.sizing, book.w
    if made is None:
        return
    sheet = book.sheet("sizing", blocks=True)
    last = _plants(sheet, made, w)
    for part in (_saved, _frontier, _map, _sensitivity, _starts, _charge):
        last = part(sheet, last + 2, made, w)
    _fortnight(sheet, last + 2, study, made, w)


def _plants(sheet: Sheet, made: Sizing, w: Writer) -> int:
    named = [_Named(heading=w.text("sizing.base"), kind="", plant=made.base_case)]
    for one in made.meanings:
        heading = w.text(f"sizing.meaning.{one.key}")
        if one.plant is not None:
            named.append(_Named(heading=heading, kind=w.text("sizing.free"), plant=one.plant, meaning=one, proven=True))
        if one.catalogue is not None:
            named.append(_Named(heading=heading, kind=w.text("sizing.sold"), plant=one.catalogue, meaning=one))
        if one.starting is not None:
            named.append(_Named(heading=heading, kind=w.text("sizing.starting"), plant=one.starting, meaning=one))
    columns = [
        _first(w.text("sizing.sheet.plants")),
        Column(heading=w.label("unit"), width=_NARROW, style="indent"),
        *(Column(heading=one.heading, unit=one.kind, width=_NARROW, style="auto") for one in named),
    ]
    keys = [(k, w.text(f"sizing.row.{k}"), unit) for k, unit in _SIZES.items()]
    keys += [(k, w.text(f"sizing.row.{k}"), made.currency) for k in _MONEY]
    keys += [(f"{k}_kwh", w.text(f"sizing.flow.{k}"), "kWh") for k in _FLOWS]
    keys += [(k, w.text(f"sizing.row.{k}"), "%") for k in _SHARES]
    keys += [(k, w.text(f"sizing.row.{k}"), unit) for k, unit in _RUN.items()]
    rows: list[list[Content]] = [[label, unit, *(one.value(key) for one in named)] for key, label, unit in keys]
    for key, unit in (("asked", "%"), ("lower_bound", made.currency), ("gap", "%")):
        rows.append([w.text(f"sizing.row.{key}"), unit, *(one.proof(key) for one in named)])
    rows = [[*row[:2], *(_percent(row[1], value) for value in row[2:])] for row in rows]
    area = sheet.table(0, columns, rows)
    sheet.page.freeze_panes(area.top, 1)
    return area.bottom


def _percent(unit: Content, value: Content) -> Content:
    """Return a value in the unit that its row states: shares as per cent."""
    return 100.0 * value if unit == "%" and isinstance(value, int | float) else value


def _first(heading: str, unit: str = "") -> Column:
    return Column(heading=heading, unit=unit, width=_WIDE, style="text")


def _amount(heading: str, unit: str = "") -> Column:
    return Column(heading=heading, unit=unit, width=_NARROW, style="auto")


def _share(heading: str) -> Column:
    return Column(heading=heading, unit="%", width=_NARROW, style="percent")


def _below(sheet: Sheet, top: int, columns: Sequence[Column], rows: Sequence[Sequence[Content]]) -> int:
    return sheet.table(top, columns, rows).bottom


def _saved(sheet: Sheet, top: int, made: Sizing, w: Writer) -> int:
    """Write every meaning's plant before and after the measures, and what they save of it."""
    units = _SAVED | {"investment": made.currency, "annual_cost": made.currency}
    rows: list[Sequence[Content]] = []
    for one in made.meanings:
        for key, unit in units.items() if one.before is not None and one.plant is not None else ():
            was, now = float(getattr(one.before, key)), float(getattr(one.plant, key))
            label = w.text("sizing.flow.load") if key == "load_kwh" else w.text(f"sizing.row.{key}")
            rows.append((f"{w.text(f'sizing.meaning.{one.key}')}: {label}", unit, was, now, was - now))
    if not rows:
        return top - 2
    columns = [
        _first(w.text("sizing.sheet.saved")),
        Column(heading=w.label("unit"), width=_NARROW, style="indent"),
        *(_amount(w.text(f"sizing.{name}")) for name in ("before", "after", "saved")),
    ]
    return _below(sheet, top, columns, rows)


def _frontier(sheet: Sheet, top: int, made: Sizing, w: Writer) -> int:
    if not made.frontier:
        return top - 2
    columns = [
        Column(heading=w.text("sizing.sheet.frontier"), unit="%", width=_WIDE, style="percent"),
        _amount(w.text("sizing.row.pv_kwp"), "kWp"),
        _amount(w.text("sizing.row.battery_kwh"), "kWh"),
        *(_amount(w.text(f"sizing.row.{key}"), made.currency) for key in ("investment", "annual_cost")),
        _amount(w.text("sizing.sheet.per_point"), made.currency),
    ]
    rows = [
        (p.coverage, p.pv_kwp, p.battery_kwh, p.investment, p.annual_cost, p.extra_cost_per_percent)
        for p in made.frontier
    ]
    return _below(sheet, top, columns, rows)


def _map(sheet: Sheet, top: int, made: Sizing, w: Writer) -> int:
    found = made.reliability
    if found is None:
        return top - 2
    arrays, batteries = np.asarray(found.pv_kwp), np.asarray(found.battery_kwh)
    sheet.title(top, w.text("sizing.sheet.map"))
    columns = [
        Column(heading=w.text("sizing.sheet.map_corner"), unit="kWp \\ kWh", width=_WIDE, style="auto"),
        *(Column(heading=w.number(kwh), unit="kWh", width=_NARROW, style="percent") for kwh in batteries),
    ]
    values = np.asarray(found.lpsp).reshape(len(arrays), len(batteries))
    rows = [(float(kwp), *map(float, row)) for kwp, row in zip(arrays, values, strict=True)]
    return _below(sheet, top + 1, columns, rows)


def _sensitivity(sheet: Sheet, top: int, made: Sizing, w: Writer) -> int:
    if not made.sensitivity:
        return top - 2
    low, high = w.text("sizing.sheet.low"), w.text("sizing.sheet.high")
    cost, array = w.text("sizing.row.annual_cost"), w.text("sizing.row.pv_kwp")
    columns = [
        _first(w.text("sizing.sheet.sensitivity"), w.text(f"sizing.meaning.{made.goal}")),
        _share(w.text("sizing.sheet.change")),
        *(_amount(f"{cost}, {end}", made.currency) for end in (low, high)),
        *(_amount(f"{array}, {end}", "kWp") for end in (low, high)),
        *(_amount(f"{w.text('sizing.row.battery_kwh')}, {end}", "kWh") for end in (low, high)),
    ]
    names = ("change", "low_cost", "high_cost", "low_pv_kwp", "high_pv_kwp", "low_battery_kwh", "high_battery_kwh")
    rows = [(w.text(f"sizing.input.{row.key}"), *(getattr(row, name) for name in names)) for row in made.sensitivity]
    return _below(sheet, top, columns, rows)


def _starts(sheet: Sheet, top: int, made: Sizing, w: Writer) -> int:
    if not made.starts:
        return top - 2
    columns = [
        _first(w.text("sizing.sheet.starts")),
        Column(heading=w.label("drive"), width=_NARROW, style="text"),
        Column(heading=w.text("sizing.source_name"), width=_NARROW, style="text"),
        Column(heading=w.text("sizing.result"), width=_NARROW, style="text"),
        *(_amount(w.text(f"sizing.{key}"), "kVA") for key in _KVA),
    ]
    rows: list[Sequence[Content]] = [
        (
            one.tag,
            w.word("drive", one.method),
            w.text(f"sizing.source.{one.source}"),
            w.text("sizing.starts" if one.starts else "sizing.fails"),
            one.start_kva,
            one.available_kva,
            one.enough_kva,
            one.soft_starter_kva,
            one.vfd_kva,
        )
        for one in made.starts
    ]
    return _below(sheet, top, columns, rows)


def _charge(sheet: Sheet, top: int, made: Sizing, w: Writer) -> int:
    if not made.soc_hours:
        return top - 2
    columns = [
        _first(w.text("sizing.sheet.charge")),
        *(_share(w.text(f"sizing.sheet.charge_{end}")) for end in ("from", "to")),
        _share(w.text("chart.charge.hours")),
    ]
    count = len(made.soc_hours)
    rows = [("", place / count, (place + 1) / count, share) for place, share in enumerate(made.soc_hours)]
    return _below(sheet, top, columns, rows)


_DAYS: Final[tuple[Role, ...]] = ("pv", "battery", "import", "genset", "unserved")


def _fortnight(sheet: Sheet, top: int, study: Study, made: Sizing, w: Writer) -> None:
    worst = made.fortnight
    if worst is None:
        return
    sheet.title(top, w.text("sizing.sheet.fortnight"))
    start = study.audit.load_after.load_kw.index[0]
    first = datetime(start.year, start.month, start.day, start.hour)  # noqa: DTZ001  (Excel has no zones)
    columns = [
        Column(
            heading=w.text("sizing.sheet.year_of_weather", year=w.number(worst.weather_year + 1)),
            unit=w.text("workbook.local_time"),
            width=_WIDE,
            style="time",
        ),
        _amount(w.text("chart.fortnight.load"), "kW"),
        _amount(w.text("chart.fortnight.available"), "kW"),
        *(_amount(w.text(f"chart.fortnight.{role}"), "kW") for role in _DAYS),
        _share(w.text("chart.fortnight.soc")),
    ]
    shares = shares_of_load(worst)
    series = [np.asarray(s) for s in (worst.load_kw, worst.pv_kw, *(shares[role] for role in _DAYS), worst.soc)]
    rows: list[Sequence[Content]] = [
        (first + timedelta(hours=worst.first_hour + hour), *(float(values[hour]) for values in series))
        for hour in range(len(series[0]))
    ]
    _below(sheet, top + 1, columns, rows)
