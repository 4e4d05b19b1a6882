"""Assumptions and sources, as lists with filters."""

from typing import Final

from mine_energy.finance import Assumption
from mine_energy.report.chapters.notices import notices
from mine_energy.report.format import Writer
from mine_energy.report.workbook.book import Book, Column, Content, Formula, Soft
from mine_energy.study import Study

_DISCOUNT: Final = "discount_rate_real"


def assumptions(book: Book, study: Study) -> None:
    """Write every figure of the money with its range, and every finding, level by level."""
    w = book.w
    sheet = book.sheet("assumptions")
    columns = [
        Column(heading=w.text("workbook.class"), width=16, style="text"),
        Column(heading=w.text("money.figure"), width=90, style="wrap"),
        Column(heading=w.label("value"), width=12, style="auto"),
        Column(heading=w.text("workbook.low"), width=12, style="auto"),
        Column(heading=w.text("workbook.high"), width=12, style="auto"),
        Column(heading=w.label("unit"), width=14, style="indent"),
        Column(heading=w.label("confidence"), width=14, style="indent"),
        Column(heading=w.text("workbook.about"), width=60, style="wrap"),
    ]
    rows: list[list[Content]] = [
        [
            w.text("chapter.money"),
            w.word("assumption", item.key),
            *_range(item),
            w.word("money_unit", item.unit),
            _confidence(item, w),
            w.text("money.site_file") if item.replaced_by_user else item.default.source,
        ]
        for item in study.finance.both.assumptions
    ]
    for level in ("assumption", "warning", "info"):
        found = notices(study, level, w)
        rows += [[w.text(f"findings.{level}"), text, None, None, None, "", "", about] for text, about in found]
    area = sheet.table(0, columns, rows)
    sheet.list_view(area, len(columns))


def _range(item: Assumption) -> list[Content]:
    """Return a figure with its range; the discount rate is that of the cash flow, where it may be changed."""
    values: tuple[float, float | None, float | None] = (item.value, None, None)
    if item.ranged:
        values = (item.value, item.low.value, item.high.value)
    if item.key != _DISCOUNT:
        return [*values]
    live = zip(values, ("base", "low", "high"), strict=True)
    return [None if value is None else Formula(text=f"=rate_{name}*100", value=value) for value, name in live]


def _confidence(item: Assumption, w: Writer) -> Content:
    if item.replaced_by_user:
        return w.word("confidence", "user")
    words = w.word("confidence", item.default.confidence)
    return Soft(text=words) if item.default.confidence == "D" else words


def sources(book: Book, study: Study) -> None:
    """Write the packaged tables that were used, and the files that were read with their hashes."""
    w = book.w
    sheet = book.sheet("sources")
    columns = [
        Column(heading=w.text("assumptions.title"), width=44, style="wrap"),
        Column(heading=w.text("plant.file"), width=34, style="wrap"),
        Column(heading=w.text("assumptions.publisher"), width=34, style="wrap"),
        Column(heading=w.text("assumptions.place"), width=60, style="wrap"),
        Column(heading=w.label("year"), width=11, style="text"),
        Column(heading=w.text("assumptions.status"), width=13, style="text"),
        Column(heading="SHA-256", width=34, style="wrap"),
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
