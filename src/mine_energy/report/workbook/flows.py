"""Energy by the hour and by the month; the months are live sums of the hours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

import numpy as np
import pandas as pd

from mine_energy.report.workbook.book import Area, Book, Column, Content, Formula, Sheet
from mine_energy.study import HourlyFlows, Study
from mine_energy.units import MONTHS_PER_YEAR

_FLOWS: Final = ("load_before", "load_after", "pv", "pv_used", "import", "export", "curtailed", "genset", "unserved")
"""Columns of both sheets, in order; they start at the third of the hourly sheet and the second of the monthly one."""
_FIRST_HOURLY: Final = 2
_TOP: Final = 2
_SHOWN: Final = (("pv_used", "#E69F00"), ("import", "#0072B2"), ("genset", "#D55E00"))


def _series(flows: HourlyFlows, name: str) -> "pd.Series[float]":
    return cast("pd.Series[float]", getattr(flows, f"{name}_kw"))


def hourly(book: Book, study: Study) -> None:
    """Write every hour of the year: mean powers, local time, label at the start of the hour."""
    w = book.w
    sheet = book.sheet("hourly")
    columns = [
        Column(heading=w.text("workbook.hour_start"), unit=w.text("workbook.local_time"), width=18, style="time"),
        Column(heading=w.label("month"), width=8, style="plain"),
        *(Column(heading=w.text(f"workbook.flow.{name}"), unit="kW", width=12, style="two") for name in _FLOWS),
    ]
    index = cast("pd.DatetimeIndex", study.hourly.load_after_kw.index)
    values = [_series(study.hourly, name).tolist() for name in _FLOWS]
    times = [datetime(t.year, t.month, t.day, t.hour, t.minute) for t in index]  # noqa: DTZ001  (Excel has no zones)
    rows: list[Sequence[Content]] = [
        (time, time.month, *powers) for time, powers in zip(times, zip(*values, strict=True), strict=True)
    ]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))


def monthly(book: Book, study: Study) -> None:
    """Write the energy of every month as live sums of the hourly sheet, a total, and a chart."""
    w = book.w
    sheet = book.sheet("monthly")
    columns = [
        Column(heading=w.label("month"), width=10, style="text"),
        *(Column(heading=w.text(f"workbook.flow.{name}"), unit="kWh", width=13) for name in _FLOWS),
    ]
    hours = len(study.hourly.load_after_kw)
    source = Area(sheet=w.text("workbook.sheet.hourly"), top=_TOP, bottom=_TOP + hours - 1)
    sums = {name: _months(_series(study.hourly, name)) for name in _FLOWS}
    rows: list[Sequence[Content]] = []
    for month, label in enumerate(w.month_names()):
        cells = [
            Formula(
                text=f"=SUMIF({source.outside(1)},{month + 1},{source.outside(_FIRST_HOURLY + place)})",
                value=sums[name][month],
            )
            for place, name in enumerate(_FLOWS)
        ]
        rows.append((label, *cells))
    area = sheet.table(0, columns, rows)
    sheet.page.freeze_panes(area.top, 1)
    totals = {place: float(sum(sums[name])) for place, name in enumerate(_FLOWS, 1)}
    sheet.total(area.bottom + 1, w.text("year"), totals, area, len(columns))
    for place, name in enumerate(_FLOWS, 1):
        about = f"{w.text(f'workbook.flow.{name}')}, {w.text('year')}"
        sheet.named(f"year_{name}_kwh", (area.bottom + 1, place), about, "kWh")
    _chart(sheet, area)


def _months(series: "pd.Series[float]") -> list[float]:
    months = cast("pd.DatetimeIndex", series.index).month.to_numpy()
    sums = np.bincount(months - 1, weights=series.to_numpy(), minlength=MONTHS_PER_YEAR)
    return [float(total) for total in sums]


def _chart(sheet: Sheet, area: Area) -> None:
    w = sheet.book.w
    chart = sheet.book.file.add_chart({"type": "column", "subtype": "stacked"})
    for name, colour in _SHOWN:
        column = 1 + _FLOWS.index(name)
        chart.add_series(
            {
                "name": [sheet.name, area.top - 2, column],
                "categories": area.chart_range(0),
                "values": area.chart_range(column),
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"name": "kWh", "num_format": "#,##0", "major_gridlines": {"visible": True}})
    sheet.chart(chart, (area.bottom + 4, 0), w.text("workbook_summary.months"), (760, 340))
