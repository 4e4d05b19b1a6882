"""The inventory in the form of the template, and the decision about every motor."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from mine_energy.audit import MachineResult
from mine_energy.measures import Saving
from mine_energy.report.workbook.book import Book, Column, Content, Formula, Style, cell
from mine_energy.study import Study

_PERCENT: Final = 100.0
_TEMPLATE: Final = (
    *("tag", "description", "equipment", "area", "process", "quantity", "standby_quantity", "rated_power_kw"),
    *("power_unit", "ie_class", "efficiency", "load_factor", "hours_per_day", "unloaded_hours_per_day"),
    *("origin", "source"),
)
"""Columns of the inventory template that a study knows."""
_RESULTS: Final = ("input_kw", "hours_per_year", "energy_kwh_per_year", "share")
_TEXTS: Final = frozenset(
    ("tag", "description", "equipment", "area", "process", "power_unit", "ie_class", "origin", "source")
)
_FINE: Final = frozenset(
    ("rated_power_kw", "input_kw", "efficiency", "load_factor", "hours_per_day", "unloaded_hours_per_day")
)
_WIDE: Final = {"description": 34.0, "source": 40.0}
_UNITS: Final = {"efficiency": "%", "load_factor": "%", "hours_per_day": "h", "unloaded_hours_per_day": "h"}


def inventory(book: Book, study: Study) -> None:
    """Write the machines under the template's headings, and beside them what the audit found.

    No total stands below: the sheet can be read back as an inventory, and a total would be a machine.
    """
    sheet = book.sheet("inventory")
    keys = (*_TEMPLATE, *(f"+{key}" for key in _RESULTS))
    columns = [_column(key, book) for key in keys]
    hours = _hours(study)
    rows = [_machine(machine, hours, book) for machine in study.audit.machines]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))


def _column(key: str, book: Book) -> Column:
    """Return a column of the template, or one of the results, whose heading the reader of inventories passes over.

    A result's unit stands in its heading: in the row of units it would be taken for the unit of an input.
    """
    w, name = book.w, key.removeprefix("+")
    heading, style = w.label(name), _style(name)
    if key.startswith("+"):
        unit = f", {w.unit(name)}" if w.unit(name) else ""
        return Column(heading=f"{w.text('workbook.result')}: {heading}{unit}", width=15, style=style)
    unit = _UNITS.get(name, "" if name == "rated_power_kw" else w.unit(name))
    return Column(heading=heading, unit=unit, width=_WIDE.get(name, 13.0), style=style)


def _style(name: str) -> Style:
    if name in _TEXTS:
        return "text"
    if name == "share":
        return "percent"
    return "two" if name in _FINE else "whole"


def _hours(study: Study) -> Mapping[tuple[str, bool], float]:
    """Return the hours of a working day by machine, running and unloaded."""
    hours: dict[tuple[str, bool], float] = defaultdict(float)
    for run in study.audit.schedule:
        hours[run.tag, run.state == "unloaded"] += run.hours
    return hours


def _machine(machine: MachineResult, hours: Mapping[tuple[str, bool], float], book: Book) -> list[Content]:
    w = book.w
    words: dict[str, Any] = {
        "equipment": w.word("equipment", machine.equipment),
        "process": w.word("process", machine.process),
        "origin": w.word("origin", machine.origin),
        "ie_class": machine.ie_class or "",
        "power_unit": "kW",
        "efficiency": None if machine.efficiency_full_load is None else _PERCENT * machine.efficiency_full_load,
        "load_factor": _PERCENT * machine.load_factor,
        "hours_per_day": hours.get((machine.tag, False), 0.0),
        "unloaded_hours_per_day": hours.get((machine.tag, True), 0.0),
        "hours_per_year": machine.hours_per_year + machine.unloaded_hours_per_year,
    }
    return [words[key] if key in words else getattr(machine, key) for key in (*_TEMPLATE, *_RESULTS)]


def measures(book: Book, study: Study) -> None:
    """Write the decision about every motor, its saving and its price, with live sums."""
    w = book.w
    sheet = book.sheet("measures")
    per_year = w.text("unit.per_year")
    columns = [
        Column(heading=w.label("tag"), style="text"),
        Column(heading=w.label("saving_cause"), width=24, style="text"),
        Column(heading=w.text("measures.decision"), style="text"),
        Column(heading=w.text("measures.reason"), width=60, style="wrap"),
        Column(heading=w.text("workbook.old_efficiency"), unit="%", style="percent"),
        Column(heading=w.text("workbook.new_efficiency"), unit="%", style="percent"),
        Column(heading=w.text("measures.saving"), unit=f"kWh{per_year}"),
        Column(heading=w.text("workbook.low"), unit=f"kWh{per_year}"),
        Column(heading=w.text("workbook.high"), unit=f"kWh{per_year}"),
        Column(heading=w.text("workbook.demand"), unit="kW", style="two"),
        Column(heading=w.text("measures.capex"), unit="USD"),
        Column(heading=w.text("workbook.usd_per_kwh"), unit="USD/kWh", style="two"),
    ]
    savings = study.audit.savings
    rows = [_saving(saving, row, book) for row, saving in enumerate(savings, 2)]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))
    if not savings:
        return
    fields = {
        6: "energy_kwh_per_year",
        7: "energy_low_kwh_per_year",
        8: "energy_high_kwh_per_year",
        9: "demand_kw",
        10: "capex_usd",
    }
    sums = {index: sum(float(getattr(saving, name)) for saving in savings) for index, name in fields.items()}
    sheet.total(area.bottom + 1, w.text("total"), sums, area, len(columns))
    sheet.named("measures_saving_kwh", area.bottom + 1, 6)
    sheet.named("measures_capex_usd", area.bottom + 1, 10)


def _saving(saving: Saving, row: int, book: Book) -> list[Content]:
    w = book.w
    applies = saving.decision == "apply"
    ratio = saving.capex_usd / saving.energy_kwh_per_year if saving.energy_kwh_per_year else ""
    return [
        saving.tag,
        w.word("saving_cause", saving.cause),
        w.text("measures.apply" if applies else "measures.keep"),
        w.finding(saving.reason),
        saving.old_efficiency,
        saving.new_efficiency,
        saving.energy_kwh_per_year,
        saving.energy_low_kwh_per_year,
        saving.energy_high_kwh_per_year,
        saving.demand_kw,
        saving.capex_usd,
        Formula(text=f'=IF({cell(row, 6)}>0,{cell(row, 10)}/{cell(row, 6)},"")', value=ratio),
    ]
