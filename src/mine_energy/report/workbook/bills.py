"""Every line of every month of the three bills: quantity x price = amount, live."""

from mine_energy.report.figures import state_names
from mine_energy.report.workbook.book import Book, Column, Content, Formula, cell
from mine_energy.study import Study
from mine_energy.tariffs import BillLine

_QUANTITY, _PRICE, _AMOUNT = 4, 6, 8


def bills(book: Book, study: Study) -> None:
    """Write the totals of the states on top and the lines below."""
    w = book.w
    sheet = book.sheet("bill")
    names = state_names(w)
    currency = study.states[0].bill.currency
    lines = [(name, line) for name, state in zip(names, study.states, strict=True) for line in state.bill.lines]
    head = len(names) + 4
    first = head + 2
    columns = [
        Column(heading=w.text("workbook.state"), width=22, style="text"),
        Column(heading=w.label("year"), width=8, style="plain"),
        Column(heading=w.label("month"), width=8, style="plain"),
        Column(heading=w.text("money.line"), width=44, style="text"),
        Column(heading=w.text("money.quantity"), width=15, style="two"),
        Column(heading=w.label("unit"), width=9, style="indent"),
        Column(heading=w.text("workbook.price"), width=14, style="three"),
        Column(heading=w.text("workbook.price_unit"), width=14, style="indent"),
        Column(heading=w.text("money.amount"), unit=currency, width=17, style="two"),
        Column(heading=w.label("confidence"), width=12, style="indent"),
        Column(heading=w.label("source"), width=50, style="text"),
    ]
    area = sheet.table(head, columns, [_line(name, line, first + i, book) for i, (name, line) in enumerate(lines)])
    sheet.page.autofilter(area.top - 1, 0, area.bottom, len(columns) - 1)
    sheet.page.freeze_panes(area.top, 1)
    sheet.page.repeat_rows(area.top - 2, area.top - 1)
    sheet.put(0, 0, w.text("money.bills", currency=currency), "title")
    for row, (name, state) in enumerate(zip(names, study.states, strict=True), 1):
        sheet.put(row, 0, name)
        text = f"=SUMIF({area.cells(0)},{cell(row, 0)},{area.cells(_AMOUNT)})"
        sheet.put(row, _AMOUNT, Formula(text=text, value=state.bill.total), "total")
        sheet.named(f"{state.key}_bill", row, _AMOUNT)


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
