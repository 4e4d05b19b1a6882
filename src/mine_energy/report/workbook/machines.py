"""The inventory in the form of the template, with what the audit found beside it."""

from collections.abc import Mapping
from typing import Final

from mine_energy.audit import MachineResult
from mine_energy.io.template import (
    cell_value,
    column_unit,
    drop_downs,
    inventory_rows,
    is_number,
    lists_sheet,
    used_columns,
)
from mine_energy.report.chapters.marks import SOFT_ORIGINS
from mine_energy.report.format import Writer, use_name
from mine_energy.report.workbook.book import Book, Column, Content, Formula, Soft
from mine_energy.report.workbook.looks import Style
from mine_energy.study import Study

_RESULTS: Final = ("input_kw", "hours_per_year", "energy_kwh_per_year", "share")
_METHODS: Final = ("load_method", "load_band", "efficiency_source", "efficiency_at_load")
_ALL: Final = (*_RESULTS, *_METHODS)
_STYLES: Final[Mapping[str, Style]] = {
    "share": "percent",
    "load_band": "percent",
    "efficiency_at_load": "percent",
    "input_kw": "two",
    "load_method": "text",
    "efficiency_source": "text",
}
_WIDE: Final = {"description": 34.0, "source": 40.0}
_WHOLE: Final = frozenset(("quantity", "standby_quantity", "poles", "frequency_hz", "rewinds", "manufacture_year"))
_EMPTY_WIDTH: Final = 9.0


def inventory(book: Book, study: Study) -> None:
    """Write the machines in the columns of the inventory template, and beside them what the audit found.

    No total stands below: the sheet can be read back as an inventory, and a total would be a machine.
    """
    if study.inventory is None:
        return
    w = book.w
    sheet = book.sheet("inventory")
    rows = inventory_rows(study.inventory)
    keys = used_columns(rows)
    filled = {key for row in rows for key in keys if cell_value(key, row.get(key), w.language) is not None}
    columns = [*(_given(key, key in filled, book) for key in keys), *(_found(key, book) for key in _ALL)]
    results = {machine.tag: machine for machine in study.audit.machines}
    contents = [
        [*(_cell(key, row.get(key), w) for key in keys), *_machine(results.get(str(row["tag"])), book)] for row in rows
    ]
    area = sheet.table(0, columns, contents)
    sheet.list_view(area, len(columns), frozen_columns=2)
    drop_downs(sheet.page, keys, len(rows), w.language)


def _cell(key: str, value: object, w: Writer) -> Content:
    content = cell_value(key, value, w.language)
    return Soft(text=str(content)) if key == "origin" and value in SOFT_ORIGINS else content


def lists(book: Book, study: Study) -> None:
    """Write the words that the columns of the inventory accept, on a hidden sheet: the lists of its cells."""
    if study.inventory is not None:
        lists_sheet(book.file, used_columns(inventory_rows(study.inventory)), book.w.language).hide()


def end_uses(book: Book, study: Study) -> None:
    """Write the energy of every process and of every loss that the meter counts, and apart the losses it does not."""
    w = book.w
    if not study.audit.end_uses:
        return
    sheet = book.sheet("end_uses")
    columns = [
        Column(heading=w.label("end_use"), width=34, style="text"),
        Column(heading=w.label("machines"), style="whole"),
        Column(heading=w.label("energy_kwh_per_year"), unit="kWh", width=16),
        Column(heading=w.label("share"), unit="%", style="percent"),
        *([Column(heading=w.text("network.after"), unit="kWh", width=18)] if study.audit.network else []),
    ]
    after: dict[str, float] = {loss.key: loss.after_kwh_per_year for loss in study.audit.network}
    uses = study.audit.end_uses
    rows: list[list[Content]] = [
        [
            use_name(use, w),
            use.machines if use.kind == "process" else None,
            use.energy_kwh_per_year,
            use.share,
            *([after.get(use.process) if use.kind == "network" else None] if study.audit.network else []),
        ]
        for use in uses
    ]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))
    sums = {2: sum(use.energy_kwh_per_year for use in uses)}
    sheet.total(area.bottom + 1, w.text("total"), sums, area, len(columns))
    share = Formula(text=f"=SUM({area.cells(3)})", value=sum(use.share for use in uses))
    sheet.put(area.bottom + 1, 3, share, "total_percent")
    sheet.named("audited_kwh", (area.bottom + 1, 2), w.label("energy_kwh_per_year"), "kWh")
    chart = book.file.add_chart({"type": "bar"})
    chart.add_series(
        {
            "categories": area.chart_range(0),
            "values": area.chart_range(2),
            "fill": {"color": "#0072B2"},
            "data_labels": {"value": True, "num_format": "#,##0"},
            "gap": 40,
        }
    )
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    # Each bar bears its figure: an axis would say it twice, and its numbers run into each other.
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    title = f"{w.text('workbook.sheet.end_uses')} (kWh)"
    sheet.chart(chart, (0, len(columns) + 1), title, (560, 120 + 26 * len(rows)))
    for row, loss in enumerate((one for one in study.audit.network if not one.metered), area.bottom + 3):
        sheet.put(row, 0, f"{w.word('network_loss', loss.key)} ({w.text('network.unmetered')})", "text")
        sheet.put(row, 2, loss.energy_kwh_per_year, "whole")
        sheet.put(row, 4, loss.after_kwh_per_year, "whole")


def _given(key: str, filled: bool, book: Book) -> Column:
    """Return a column of the template; those without a value are narrow."""
    unit = column_unit(key, book.w.language)
    style: Style = "indent" if key == "power_unit" else "text"
    if is_number(key):
        style = "whole" if key in _WHOLE else "one" if unit == "%" else "two"
    width = _WIDE.get(key, _EMPTY_WIDTH) if filled else _EMPTY_WIDTH
    return Column(heading=book.w.label(key), unit=unit, width=width, style=style)


def _found(key: str, book: Book) -> Column:
    """Return a column of the results, whose heading the reader of inventories passes over.

    A result's unit stands in its heading: in the row of units it would be taken for the unit of an input.
    """
    w = book.w
    named = {"load_method", "load_band", "efficiency_source"}
    heading = w.text(f"workbook_inventory.{key}") if key in named else w.label(key)
    unit = "" if key in named or not w.unit(key) or _STYLES.get(key) == "percent" else f", {w.unit(key)}"
    return Column(heading=f"{w.text('workbook.result')}: {heading}{unit}", width=16, style=_STYLES.get(key, "whole"))


def _machine(machine: MachineResult | None, book: Book) -> list[Content]:
    if machine is None:
        return [None] * len(_ALL)
    w = book.w
    return [
        machine.input_kw,
        machine.hours_per_year + machine.unloaded_hours_per_year,
        machine.energy_kwh_per_year,
        machine.share,
        w.word("load_method", machine.load_method),
        machine.load_band,
        w.word("efficiency_source", machine.efficiency_source),
        machine.efficiency_at_load,
    ]
