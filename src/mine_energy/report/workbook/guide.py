"""How to use the workbook: what may be changed, what follows, and every named cell with its link."""

from mine_energy.report.workbook.book import Book, Column, Content, Given, Soft
from mine_energy.study import Study

_KEYS = ("changes", "follows", "stays", "inventory", "assumed", "names")
_LINK = 3


def guide(book: Book, study: Study) -> None:
    """Write the sheet, the last one that is seen."""
    del study
    w = book.w
    sheet = book.sheet("guide", portrait=True)
    sheet.title(0, w.text("workbook_guide.title"))
    for row, key in enumerate(_KEYS, 1):
        sheet.note(row, w.text(f"workbook_guide.{key}"), 4)
    top = len(_KEYS) + 2
    sheet.put(top, 0, Given(value=1234.5), "one")
    sheet.put(top, 1, w.text("workbook_guide.given"))
    sheet.put(top + 1, 0, Soft(text=w.word("origin", "assumed")))
    sheet.put(top + 1, 1, w.text("workbook_guide.soft"))
    columns = [
        Column(heading=w.text("workbook_guide.name"), width=30, style="text"),
        Column(heading=w.text("workbook_guide.about"), width=48, style="wrap"),
        Column(heading=w.label("unit"), width=14, style="indent"),
        Column(heading=w.text("workbook_guide.place"), width=26, style="text"),
    ]
    rows: list[list[Content]] = [[one.name, one.about, one.unit, None] for one in book.names]
    area = sheet.table(top + 3, columns, rows)
    for row, one in enumerate(book.names, area.top):
        shown = f"{one.sheet}!{one.place}"
        place = f"internal:'{one.sheet}'!{one.place}"
        sheet.page.write_url(row, _LINK, place, book.formats["link"], string=shown)
    sheet.page.autofilter(area.top - 1, 0, area.bottom, len(columns) - 1)
    sheet.page.freeze_panes(1, 0)
