"""The three bills: what a year makes one pay, its months, every line; live from quantity and price to payable."""

from typing import Final

from mine_energy.report.figures import state_names
from mine_energy.report.format import Writer
from mine_energy.report.workbook.book import Area, Book, Column, Content, Formula, Sheet, cell, elsewhere
from mine_energy.report.workbook.prices import price_cell, price_key, price_places
from mine_energy.study import State, Study
from mine_energy.tariffs import BillLine, BillMonth

_QUANTITY, _PRICE, _AMOUNT = 4, 6, 8
_SUM, _BROUGHT, _LEFT, _PAYABLE = 1, 2, 3, 4
"""Columns of the year's totals."""
_TOTALS_TOP: Final = 1
_MONTH_SUM, _MONTH_BROUGHT, _MONTH_PAYABLE, _MONTH_CREDIT = 3, 4, 5, 6
_LINES_TOP: Final = 0


def bills(book: Book, study: Study) -> None:
    """Write the totals of the states on top, and their months below."""
    w = book.w
    sheet = book.sheet("bill")
    currency = study.states[0].bill.currency
    sheet.title(0, w.text("money.bills", currency=currency))
    months = _months_area(study, w)
    _totals(sheet, study, months)
    sheet.title(months.top - 3, w.text("bills.months", currency=currency))
    money = (("month_sum", 17), ("month_brought", 17), ("month_payable", 17), ("month_credit", 17))
    columns = [
        Column(heading=w.text("workbook.state"), width=30, style="text"),
        Column(heading=w.label("year"), width=15, style="plain"),
        Column(heading=w.label("month"), width=15, style="plain"),
        *(Column(heading=w.text(f"workbook.{key}"), unit=currency, width=width) for key, width in money),
        Column(heading=w.text("bills.month_import"), unit="kWh"),
        Column(heading=w.text("bills.month_export"), unit="kWh"),
        Column(heading=w.text("bills.month_kw"), unit="kW", style="one"),
        Column(heading=w.text("workbook_bills.presence"), unit="1", style="two"),
        Column(heading=w.text("reactive.excess"), unit="kvarh"),
        Column(heading=w.text("reactive.month_days"), unit="d"),
        Column(heading=w.text("workbook_bills.progression"), unit="1"),
    ]
    lines = _lines_area(study, w)
    rows: list[list[Content]] = []
    for name, state in _named(study, w):
        brought: Content = state.bill.credit_brought
        for month in state.bill.months:
            row = months.top + len(rows)
            rows.append(_month(name, month, row, brought, lines))
            brought = Formula(text=f"={cell(row, _MONTH_CREDIT)}", value=month.credit_carried)
    area = sheet.table(months.top - 2, _used(columns, rows), [_kept(row, columns, rows) for row in rows])
    sheet.page.autofilter(area.top - 1, 0, area.bottom, len(_used(columns, rows)) - 1)
    sheet.page.freeze_panes(0, 1)


def _used(columns: list[Column], rows: list[list[Content]]) -> list[Column]:
    """Return the columns that hold something: the factors of reactive energy and of presence are of some tariffs."""
    return [columns[place] for place in _places(rows, len(columns))]


def _kept(row: list[Content], columns: list[Column], rows: list[list[Content]]) -> list[Content]:
    return [row[place] for place in _places(rows, len(columns))]


def _places(rows: list[list[Content]], count: int) -> list[int]:
    return [n for n in range(count) if n <= _MONTH_CREDIT or any(row[n] is not None for row in rows)]


def _named(study: Study, w: Writer) -> list[tuple[str, State]]:
    return list(zip(state_names(w), study.states, strict=True))


def _totals(sheet: Sheet, study: Study, months: Area) -> None:
    """Write sum, credit brought, credit left and payable of each state; the last is the money of the year."""
    w = sheet.book.w
    currency = study.states[0].bill.currency
    keys = {_SUM: "lines_sum", _BROUGHT: "credit_brought", _LEFT: "credit_left", _PAYABLE: "payable"}
    titles = {column: w.text(f"bills.{key}", currency=currency) for column, key in keys.items()}
    sheet.put(_TOTALS_TOP, 0, w.text("workbook.state"), "heading")
    sheet.put(_TOTALS_TOP + 1, 0, "", "unit")
    for column, title in titles.items():
        sheet.put(_TOTALS_TOP, column, title, "heading")
        sheet.put(_TOTALS_TOP + 1, column, currency, "unit")
    lines = _lines_area(study, w)
    for row, (name, state) in enumerate(_named(study, w), _TOTALS_TOP + 2):
        bill = state.bill
        sheet.put(row, 0, name)
        summed = f"=SUMIF({lines.outside(0)},{cell(row, 0)},{lines.outside(_AMOUNT)})"
        sheet.put(row, _SUM, Formula(text=summed, value=bill.total), "whole")
        sheet.put(row, _BROUGHT, bill.credit_brought, "whole")
        left = f"={cell(row, _PAYABLE)}+{cell(row, _BROUGHT)}-{cell(row, _SUM)}"
        sheet.put(row, _LEFT, Formula(text=left, value=bill.credit_left), "whole")
        paid = f"=SUMIF({months.cells(0)},{cell(row, 0)},{months.cells(_MONTH_PAYABLE)})"
        sheet.put(row, _PAYABLE, Formula(text=paid, value=bill.payable), "total")
        sheet.named(f"{state.key}_bill", (row, _PAYABLE), f"{titles[_PAYABLE]}: {name}", currency)
        sheet.named(f"{state.key}_credit_left", (row, _LEFT), f"{titles[_LEFT]}: {name}", currency)


def _lines_area(study: Study, w: Writer) -> Area:
    """Return where :func:`lines` puts the lines."""
    count = sum(len(state.bill.lines) for state in study.states)
    top = _LINES_TOP + 2
    return Area(sheet=w.text("workbook.sheet.bill_lines"), top=top, bottom=top + max(1, count) - 1)


def _months_area(study: Study, w: Writer) -> Area:
    """Return where :func:`bills` puts the months."""
    top = _TOTALS_TOP + 2 + len(study.states) + 4
    count = sum(len(state.bill.months) for state in study.states)
    return Area(sheet=w.text("workbook.sheet.bill"), top=top, bottom=top + max(1, count) - 1)


def _month(state: str, month: BillMonth, row: int, brought: Content, lines: Area) -> list[Content]:
    pairs = ",".join(f"{lines.outside(column)},{cell(row, column)}" for column in range(3))
    summed, before = cell(row, _MONTH_SUM), cell(row, _MONTH_BROUGHT)
    return [
        state,
        month.year,
        month.month,
        Formula(text=f"=SUMIFS({lines.outside(_AMOUNT)},{pairs})", value=month.total),
        brought,
        Formula(text=f"=MAX({summed}-{before},0)", value=month.payable),
        Formula(text=f"=MAX({before}-{summed},0)", value=month.credit_carried),
        month.import_kwh,
        month.export_kwh or None,
        month.maximum_kw,
        month.presence_factor,
        month.reactive_excess_kvarh,
        month.reactive_days,
        month.reactive_multiplier,
    ]


def lines(book: Book, study: Study) -> None:
    """Write every line of every month: quantity times price, the price on its own sheet."""
    w = book.w
    sheet = book.sheet("bill_lines")
    currency = study.states[0].bill.currency
    columns = [
        Column(heading=w.text("workbook.state"), width=30, style="text"),
        Column(heading=w.label("year"), width=8, style="plain"),
        Column(heading=w.label("month"), width=8, style="plain"),
        Column(heading=w.text("money.line"), width=44, style="text"),
        Column(heading=w.text("money.quantity"), width=14, style="auto"),
        Column(heading=w.label("unit"), width=9, style="indent"),
        Column(heading=w.text("workbook.price"), width=12, style="auto"),
        Column(heading=w.text("workbook.price_unit"), width=15, style="indent"),
        Column(heading=w.text("money.amount"), unit=currency, width=17, style="whole"),
    ]
    places = price_places(study)
    found = [(name, line) for name, state in _named(study, w) for line in state.bill.lines]
    rows = [
        _line(name, line, _LINES_TOP + 2 + place, places[price_key(line)], book)
        for place, (name, line) in enumerate(found)
    ]
    area = sheet.table(_LINES_TOP, columns, rows)
    sheet.list_view(area, len(columns))


def _line(state: str, line: BillLine, row: int, price: int, book: Book) -> list[Content]:
    name = line.label_es if book.w.language == "es" else line.label_en
    return [
        state,
        line.year,
        line.month,
        name,
        line.quantity,
        line.unit,
        Formula(text=f"={price_cell(book, price)}", value=line.price),
        line.price_unit,
        Formula(text=f"={cell(row, _QUANTITY)}*{cell(row, _PRICE)}", value=line.amount),
    ]


def bill_cell(book: Book, state: int) -> str:
    """Return the address of what a state's year makes one pay, for formulas on other sheets."""
    return elsewhere(book.w.text("workbook.sheet.bill"), _TOTALS_TOP + 2 + state, _PAYABLE)
