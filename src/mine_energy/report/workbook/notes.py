"""Assumptions and sources, as lists with filters."""

from mine_energy.report.chapters.notices import notices
from mine_energy.report.workbook.book import Book, Column, Content
from mine_energy.study import Study


def assumptions(book: Book, study: Study) -> None:
    """Write every figure of the money with its range, and every finding, level by level."""
    w = book.w
    sheet = book.sheet("assumptions")
    columns = [
        Column(heading=w.text("workbook.class"), width=16, style="text"),
        Column(heading=w.text("money.figure"), width=90, style="wrap"),
        Column(heading=w.label("value"), width=12, style="three"),
        Column(heading=w.text("workbook.low"), width=12, style="three"),
        Column(heading=w.text("workbook.high"), width=12, style="three"),
        Column(heading=w.label("unit"), width=14, style="text"),
        Column(heading=w.label("confidence"), width=14, style="text"),
        Column(heading=w.text("workbook.about"), width=60, style="wrap"),
    ]
    rows: list[list[Content]] = [
        [
            w.text("chapter.money"),
            w.word("assumption", item.key),
            item.value,
            item.low.value if item.ranged else None,
            item.high.value if item.ranged else None,
            w.word("money_unit", item.unit),
            w.word("confidence", "user" if item.replaced_by_user else item.default.confidence),
            w.text("money.site_file") if item.replaced_by_user else item.default.source,
        ]
        for item in study.finance.both.assumptions
    ]
    for level in ("assumption", "warning", "info"):
        found = notices(study, level, w)
        rows += [[w.text(f"findings.{level}"), text, None, None, None, "", "", about] for text, about in found]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))


def sources(book: Book, study: Study) -> None:
    """Write the packaged tables that were used, and the files that were read with their hashes."""
    w = book.w
    sheet = book.sheet("sources")
    columns = [
        Column(heading=w.text("assumptions.title"), width=44, style="wrap"),
        Column(heading=w.text("plant.file"), width=40, style="text"),
        Column(heading=w.text("assumptions.publisher"), width=34, style="wrap"),
        Column(heading=w.text("assumptions.place"), width=60, style="wrap"),
        Column(heading=w.label("year"), width=11, style="text"),
        Column(heading=w.text("assumptions.status"), width=13, style="text"),
        Column(heading="SHA-256", width=66, style="text"),
    ]
    rows: list[list[Content]] = [
        [
            s.title,
            f"data/{s.id}",
            s.publisher,
            f"{s.document}; {s.place}",
            s.year,
            w.word("source_status", s.status),
            s.sha256,
        ]
        for s in study.sources
    ]
    rows += [[w.text("plant.inputs_title"), file.name, "", "", "", "", file.sha256] for file in study.inputs]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))
