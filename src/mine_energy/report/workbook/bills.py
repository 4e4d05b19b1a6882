"""Every line of every month of the three bills, and what the months make one pay: live from quantity to payable."""

from mine_energy.report.figures import state_names
from mine_energy.report.format import Writer
from mine_energy.report.workbook.book import Area, Book, Column, Content, Formula, Sheet, cell
from mine_energy.study import State, Study
from mine_energy.tariffs import BillLine, BillMonth

_QUANTITY, _PRICE, _AMOUNT = 4, 6, 8
_SUM, _BROUGHT, _LEFT, _PAYABLE = 4, 6, 7, 8
"""Columns of the totals above the lines."""
_TOTALS_TOP = 1
_MONTHS_TOP = 2
_MONTH_SUM, _MONTH_BROUGHT, _MONTH_PAYABLE, _MONTH_CREDIT = 10, 11, 12, 13


def bills(book: Book, study: Study) -> None:
    """Write the totals of the states on top and the lines below."""
    w = book.w
    sheet = book.sheet("bill")
    currency = study.states[0].bill.currency
    lines = _lines(study, w)
    columns = [
        Column(heading=w.text("workbook.state"), width=30, style="text"),
        Column(heading=w.label("year"), width=8, style="plain"),
        Column(heading=w.label("month"), width=8, style="plain"),
        Column(heading=w.text("money.line"), width=44, style="text"),
        Column(heading=w.text("money.quantity"), width=17, style="two"),
        Column(heading=w.label("unit"), width=9, style="indent"),
        Column(heading=w.text("workbook.price"), width=17, style="three"),
        Column(heading=w.text("workbook.price_unit"), width=17, style="indent"),
        Column(heading=w.text("money.amount"), unit=currency, width=17, style="two"),
        Column(heading=w.label("confidence"), width=12, style="indent"),
        Column(heading=w.label("source"), width=50, style="text"),
    ]
    first = _head(study) + 2
    rows = [_line(name, line, first + i, book) for i, (name, line) in enumerate(lines)]
    area = sheet.table(_head(study), columns, rows)
    sheet.page.autofilter(area.top - 1, 0, area.bottom, len(columns) - 1)
    sheet.page.freeze_panes(area.top, 1)
    sheet.page.repeat_rows(area.top - 2, area.top - 1)
    sheet.put(0, 0, w.text("money.bills", currency=currency), "title")
    _totals(sheet, study, area)


def _lines(study: Study, w: Writer) -> list[tuple[str, BillLine]]:
    return [(name, line) for name, state in _named(study, w) for line in state.bill.lines]


def _named(study: Study, w: Writer) -> list[tuple[str, State]]:
    return list(zip(state_names(w), study.states, strict=True))


def _head(study: Study) -> int:
    """Return the row of the headings of the lines."""
    return _TOTALS_TOP + len(study.states) + 3


def _totals(sheet: Sheet, study: Study, area: Area) -> None:
    """Write sum, credit brought, credit left and payable of each state; the last is the money of the year."""
    w = sheet.book.w
    currency = study.states[0].bill.currency
    keys = {_SUM: "lines_sum", _BROUGHT: "credit_brought", _LEFT: "credit_left", _PAYABLE: "payable"}
    for column, key in keys.items():
        sheet.put(_TOTALS_TOP, column, w.text(f"bills.{key}", currency=currency), "heading")
    sheet.page.set_row(_TOTALS_TOP, 62)
    months = _months_area(study, w)
    for row, (name, state) in enumerate(_named(study, w), _TOTALS_TOP + 1):
        bill = state.bill
        sheet.put(row, 0, name)
        summed = f"=SUMIF({area.cells(0)},{cell(row, 0)},{area.cells(_AMOUNT)})"
        sheet.put(row, _SUM, Formula(text=summed, value=bill.total), "two")
        sheet.put(row, _BROUGHT, bill.credit_brought, "two")
        left = f"={cell(row, _PAYABLE)}+{cell(row, _BROUGHT)}-{cell(row, _SUM)}"
        sheet.put(row, _LEFT, Formula(text=left, value=bill.credit_left), "two")
        paid = f"=SUMIF({months.outside(0)},{cell(row, 0)},{months.outside(_MONTH_PAYABLE)})"
        sheet.put(row, _PAYABLE, Formula(text=paid, value=bill.payable), "total")
        sheet.named(f"{state.key}_bill", row, _PAYABLE)
        sheet.named(f"{state.key}_credit_left", row, _LEFT)


def _line(state: str, line: BillLine, row: int, book: Book) -> list[Content]:
    name = line.label_es if book.w.language == "es" else line.label_en
    amount = Formula(text=f"={cell(row, _QUANTITY)}*{cell(row, _PRICE)}", value=line.amount)
    return [
        state,
        line.year,
        line.month,
        name,
        line.quantity,
        line.unit,
        line.price,
        line.price_unit,
        amount,
        line.confidence,
        line.price_source,
    ]


def months(book: Book, study: Study) -> None:
    """Write the months of the three bills: the sum of their lines, the credit before, what is paid and what is left."""
    w = book.w
    sheet = book.sheet("bill_months")
    currency = study.states[0].bill.currency
    columns = [
        Column(heading=w.text("workbook.state"), width=30, style="text"),
        Column(heading=w.label("year"), width=8, style="plain"),
        Column(heading=w.label("month"), width=8, style="plain"),
        Column(heading=w.text("bills.month_import"), unit="kWh", style="whole"),
        Column(heading=w.text("bills.month_export"), unit="kWh", style="whole"),
        Column(heading=w.text("bills.month_kw"), unit="kW", style="one"),
        Column(heading="CF", style="two", width=8),
        Column(heading=w.text("reactive.excess"), unit="kvarh", style="whole"),
        Column(heading=w.text("reactive.month_days"), style="plain", width=8),
        Column(heading="M", style="plain", width=8),
        Column(heading=w.text("workbook.month_sum"), unit=currency, width=17, style="two"),
        Column(heading=w.text("workbook.month_brought"), unit=currency, width=17, style="two"),
        Column(heading=w.text("workbook.month_payable"), unit=currency, width=17, style="two"),
        Column(heading=w.text("workbook.month_credit"), unit=currency, width=17, style="two"),
    ]
    rows: list[list[Content]] = []
    for name, state in _named(study, w):
        brought: Content = state.bill.credit_brought
        for month in state.bill.months:
            row = _MONTHS_TOP + 2 + len(rows)
            rows.append(_month(name, month, row, brought, _lines_area(study, w)))
            brought = Formula(text=f"={cell(row, _MONTH_CREDIT)}", value=month.credit_carried)
    area = sheet.table(_MONTHS_TOP, columns, rows)
    sheet.title(0, w.text("bills.months", currency=currency))
    sheet.list_view(area, len(columns), frozen_columns=3)


def _lines_area(study: Study, w: Writer) -> Area:
    """Return where :func:`bills` puts the lines."""
    top = _head(study) + 2
    count = sum(len(state.bill.lines) for state in study.states)
    return Area(sheet=w.text("workbook.sheet.bill"), top=top, bottom=top + max(1, count) - 1)


def _months_area(study: Study, w: Writer) -> Area:
    """Return where :func:`months` puts the months."""
    top = _MONTHS_TOP + 2
    count = sum(len(state.bill.months) for state in study.states)
    return Area(sheet=w.text("workbook.sheet.bill_months"), top=top, bottom=top + max(1, count) - 1)


def _month(state: str, month: BillMonth, row: int, brought: Content, lines: Area) -> list[Content]:
    pairs = ",".join(f"{lines.outside(column)},{cell(row, column)}" for column in range(3))
    summed, before = cell(row, _MONTH_SUM), cell(row, _MONTH_BROUGHT)
    return [
        state,
        month.year,
        month.month,
        month.import_kwh,
        month.export_kwh,
        month.maximum_kw,
        month.presence_factor,
        month.reactive_excess_kvarh,
        month.reactive_days,
        month.reactive_multiplier,
        Formula(text=f"=SUMIFS({lines.outside(_AMOUNT)},{pairs})", value=month.total),
        brought,
        Formula(text=f"=MAX({summed}-{before},0)", value=month.payable),
        Formula(text=f"=MAX({before}-{summed},0)", value=month.credit_carried),
    ]
