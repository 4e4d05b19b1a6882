"""Sizing and reliability: meanings, units that are sold, the map, the frontier, the worst fortnight."""

import numpy as np

from mine_energy.report.format import Writer
from mine_energy.report.workbook.book import Book, Column, Content, Sheet
from mine_energy.study import Sizing, Study
from mine_energy.study.sizing_result import MeaningResult, SizedPlant

_SIZES = ("pv_kwp", "battery_kwh", "battery_kw", "genset_kw")
_MONEY = ("investment", "annual_cost", "capital", "om", "fuel", "imports", "exports", "unserved")
_FLOWS = (
    "load_kwh",
    "pv_kwh",
    "pv_used_kwh",
    "discharge_kwh",
    "export_kwh",
    "curtailed_kwh",
    "import_kwh",
    "genset_kwh",
    "unserved_kwh",
)
_SHARES = ("annual_net_ratio", "self_sufficiency", "lpsp_without_grid", "lpsp_p10", "lpsp_p50", "lpsp_p90")
_HOURS = ("load_kw", "pv_kw", "import_kw", "genset_kw", "unserved_kw", "soc")


def sizing(book: Book, study: Study) -> None:
    """Write the sheet; nothing where the plant was not sized."""
    made, w = study.sizing, book.w
    if made is None:
        return
    sheet = book.sheet("sizing")
    last = _plants(sheet, made, w)
    last = _frontier(sheet, last + 3, made, w)
    last = _map(sheet, last + 3, made, w)
    _fortnight(sheet, last + 3, made, w)


def _plants(sheet: Sheet, made: Sizing, w: Writer) -> int:
    named: list[tuple[str, SizedPlant | None, MeaningResult | None]] = [(w.text("sizing.base"), made.base_case, None)]
    for one in made.meanings:
        named.append((w.text(f"sizing.meaning.{one.key}"), one.plant, one))
        if one.catalogue is not None:
            title = f"{w.text(f'sizing.meaning.{one.key}')} ({w.text('sizing.sold')})"
            named.append((title, one.catalogue, None))
    named = [row for row in named if row[1] is not None]
    columns = [
        Column(heading=w.text("quantity"), width=44, style="text"),
        Column(heading=w.label("unit"), width=12, style="indent"),
        *(Column(heading=name, width=16, style="two") for name, _, _ in named),
    ]
    rows: list[list[Content]] = []
    for key, unit in (*((k, "") for k in _SIZES), *((k, made.currency) for k in _MONEY)):
        rows.append([w.text(f"sizing.row.{key}"), unit, *(getattr(p, key) for _, p, _ in named)])
    rows += [[w.text(f"sizing.flow.{k[:-4]}"), "kWh", *(getattr(p, k) for _, p, _ in named)] for k in _FLOWS]
    rows += [[w.text(f"sizing.row.{k}"), "1", *(getattr(p, k) for _, p, _ in named)] for k in _SHARES]
    rows.append([w.text("sizing.litres"), "L", *(p.fuel_l if p else None for _, p, _ in named)])
    rows.append([w.text("sizing.row.lower_bound"), made.currency, *(m.lower_bound if m else None for _, _, m in named)])
    area = sheet.table(0, columns, rows)
    sheet.page.freeze_panes(area.top, 1)
    return area.bottom


def _frontier(sheet: Sheet, top: int, made: Sizing, w: Writer) -> int:
    columns = [
        Column(heading=w.text("chart.frontier.coverage"), width=44, style="percent"),
        Column(heading="kWp", width=12, style="one"),
        Column(heading=w.text("sizing.battery"), width=16, style="one"),
        Column(heading=w.text("sizing.investment"), unit=made.currency, width=16),
        Column(heading=w.text("sizing.annual_cost"), unit=made.currency, width=16),
    ]
    rows = [(p.coverage, p.pv_kwp, p.battery_kwh, p.investment, p.annual_cost) for p in made.frontier]
    return sheet.table(top, columns, rows).bottom


def _map(sheet: Sheet, top: int, made: Sizing, w: Writer) -> int:
    found = made.reliability
    if found is None:
        return top
    arrays, batteries = np.asarray(found.pv_kwp), np.asarray(found.battery_kwh)
    values = np.asarray(found.lpsp).reshape(len(arrays), len(batteries))
    columns = [
        Column(heading=w.text("chart.map.lpsp"), unit="kWp \\ kWh", width=44, style="one"),
        *(Column(heading=w.number(kwh), unit="kWh", width=12, style="percent") for kwh in batteries),
    ]
    rows = [(float(kwp), *map(float, row)) for kwp, row in zip(arrays, values, strict=True)]
    return sheet.table(top, columns, rows).bottom


def _fortnight(sheet: Sheet, top: int, made: Sizing, w: Writer) -> None:
    worst = made.fortnight
    if worst is None:
        return
    names = ("load", "pv", "import", "genset", "loss")
    columns = [
        Column(heading=w.text("chart.fortnight.caption"), unit="h", width=44, style="whole"),
        *(Column(heading=w.text(f"chart.fortnight.{name}"), unit="kW", width=12, style="two") for name in names),
        Column(heading=w.text("chart.fortnight.soc"), width=12, style="percent"),
    ]
    series = [np.asarray(getattr(worst, name)) for name in _HOURS]
    rows = [(float(hour), *(float(values[hour]) for values in series)) for hour in range(len(series[0]))]
    sheet.table(top, columns, rows)
