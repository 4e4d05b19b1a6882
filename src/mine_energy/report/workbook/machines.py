"""The inventory in the form of the template, with what the audit found beside it."""

from collections.abc import Mapping
from typing import Final

from mine_energy.audit import MachineResult
from mine_energy.io.template import cell_value, column_unit, inventory_rows, is_number, used_columns
from mine_energy.report.format import use_name
from mine_energy.report.workbook.book import Book, Column, Content, Style
from mine_energy.study import Study

_RESULTS: Final = ("input_kw", "hours_per_year", "energy_kwh_per_year", "share")
_METHODS: Final = ("load_method", "load_band", "efficiency_source", "efficiency_at_load")
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


def inventory(book: Book, study: Study) -> None:
    """Write the machines in the columns of the inventory template, and beside them what the audit found.

    No total stands below: the sheet can be read back as an inventory, and a total would be a machine.
    """
    w = book.w
    sheet = book.sheet("inventory")
    rows = () if study.inventory is None else inventory_rows(study.inventory)
    keys = used_columns(rows)
    columns = [*(_given(key, book) for key in keys), *(_found(key, book) for key in (*_RESULTS, *_METHODS))]
    results = {machine.tag: machine for machine in study.audit.machines}
    contents = [
        [*(cell_value(key, row.get(key), w.language) for key in keys), *_machine(results.get(str(row["tag"])), book)]
        for row in rows
    ]
    area = sheet.table(0, columns, contents)
    sheet.list_view(area, len(columns))


def end_uses(book: Book, study: Study) -> None:
    """Write the energy of every process and of every loss that the meter counts, and apart the losses it does not."""
    w = book.w
    sheet = book.sheet("end_uses")
    columns = [
        Column(heading=w.label("end_use"), width=34, style="text"),
        Column(heading=w.label("machines"), style="whole"),
        Column(heading=w.label("energy_kwh_per_year"), unit="kWh", width=16),
        Column(heading=w.label("share"), unit="%", style="percent"),
        Column(heading=w.text("network.after"), unit="kWh", width=18),
    ]
    after: dict[str, float] = {loss.key: loss.after_kwh_per_year for loss in study.audit.network}
    uses = study.audit.end_uses
    rows: list[list[Content]] = [
        [
            use_name(use, w),
            use.machines if use.kind == "process" else None,
            use.energy_kwh_per_year,
            use.share,
            after.get(use.process) if use.kind == "network" else None,
        ]
        for use in uses
    ]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))
    if rows:
        sums = {2: sum(use.energy_kwh_per_year for use in uses), 3: sum(use.share for use in uses)}
        sheet.total(area.bottom + 1, w.text("total"), sums, area, len(columns))
    for row, loss in enumerate((one for one in study.audit.network if not one.metered), area.bottom + 3):
        sheet.put(row, 0, f"{w.word('network_loss', loss.key)} ({w.text('network.unmetered')})", "text")
        sheet.put(row, 2, loss.energy_kwh_per_year, "whole")
        sheet.put(row, 4, loss.after_kwh_per_year, "whole")


def _given(key: str, book: Book) -> Column:
    """Return a column of the template."""
    style: Style = "text"
    if is_number(key):
        style = "whole" if key in _WHOLE else "two"
    unit = column_unit(key, book.w.language)
    return Column(heading=book.w.label(key), unit=unit, width=_WIDE.get(key, 13.0), style=style)


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
        return [None] * (len(_RESULTS) + len(_METHODS))
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
