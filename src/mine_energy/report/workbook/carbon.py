"""Scope 2 of the three states with live products, and avoided emissions on rows of their own."""

from collections.abc import Sequence

from mine_energy.emissions import Factor
from mine_energy.report.figures import first_scope_t, off_grid, state_names
from mine_energy.report.workbook.book import Book, Column, Content, Formula, Sheet, cell
from mine_energy.study import Study
from mine_energy.units import KWH_PER_MWH

_WIDTH = 7


def carbon(book: Book, study: Study) -> None:
    """Write the sheet."""
    w = book.w
    sheet = book.sheet("footprint")
    names = state_names(w)
    columns = [
        Column(heading=w.text("quantity"), width=46, style="text"),
        *(Column(heading=name, width=17, style="two") for name in names),
        Column(heading=w.label("unit"), width=14, style="indent"),
        Column(heading=w.text("carbon.factor"), unit="t/MWh", width=12, style="three"),
        Column(heading=w.text("carbon.kind"), width=36, style="indent"),
    ]
    area = sheet.table(0, columns, _rows(study, book))
    sheet.page.freeze_panes(area.top, 1)
    for index, state in enumerate(study.states, 1):
        sheet.named(f"{state.key}_scope2_location", area.top + 1, index)
        sheet.named(f"{state.key}_scope2_market", area.top + 2, index)
    row = area.bottom + 2
    if study.scope2.today.market_basis == "location_average":
        country = w.word("country", study.scope2.today.country)
        sheet.note(row, w.text("carbon.no_residual", country=country), _WIDTH, height=45)
        row += 2
    row = _avoided(sheet, study, row)
    _factors(sheet, study, row)


def _rows(study: Study, book: Book) -> list[Sequence[Content]]:
    w, today = book.w, study.scope2.today
    imports: list[Content] = [w.text("carbon.imports"), *(s.scope2.import_kwh for s in study.states), "kWh", None, ""]
    rows: list[Sequence[Content]] = [imports]
    methods: list[tuple[str, Factor | None, str]] = [
        (w.label("location_t_co2e"), today.location_factor, "location_t_co2e"),
        (w.label("market_t_co2e"), today.market_factor, "market_t_co2e"),
        (w.text("carbon.for_wet"), today.low_factor, "low_t_co2e"),
        (w.text("carbon.for_dry"), today.high_factor, "high_t_co2e"),
    ]
    for name, factor, field in methods:
        if factor is not None:
            row = 2 + len(rows)
            cells = [_product(row, index, getattr(s.scope2, field)) for index, s in enumerate(study.states, 1)]
            rows.append([name, *cells, "t CO₂e", factor.value, _kind(factor, book)])
    if off_grid(study):
        rows.append([w.label("scope1_t_co2e"), *(first_scope_t(s) for s in study.states), "t CO₂e", None, ""])
    return rows


def _product(row: int, column: int, value: float) -> Formula:
    return Formula(text=f"={cell(2, column)}/{KWH_PER_MWH:.0f}*{cell(row, 5)}", value=value)


def _kind(factor: Factor, book: Book) -> str:
    return f"{book.w.word('factor_kind', factor.kind.value)}, {factor.year}"


def _avoided(sheet: Sheet, study: Study, top: int) -> int:
    w = sheet.book.w
    found = [a for a in (study.scope2.avoided_exports, study.scope2.avoided_project) if a is not None]
    if not found:
        return top
    sheet.title(top, w.text("carbon.avoided_title"))
    sheet.note(top + 1, w.text("carbon.avoided_box"), _WIDTH)
    for offset, one in enumerate(found):
        row = top + 2 + offset
        sheet.put(row, 0, w.word("avoided_basis", one.basis))
        sheet.put(row, 3, one.energy_kwh, "two")
        sheet.put(row, 4, "kWh", "indent")
        sheet.put(row, 5, one.factor.value, "three")
        sheet.put(row, 6, _kind(one.factor, sheet.book))
        text = f"={cell(row, 3)}/{KWH_PER_MWH:.0f}*{cell(row, 5)}"
        sheet.put(row, 1, Formula(text=text, value=one.avoided_t_co2e), "two")
        sheet.put(row, 2, "t CO₂e", "indent")
        sheet.named(f"avoided_{one.basis}", row, 1)
    return top + 3 + len(found)


def _factors(sheet: Sheet, study: Study, top: int) -> None:
    w, today = sheet.book.w, study.scope2.today
    avoided = study.scope2.avoided_exports
    used = [today.location_factor, today.market_factor, today.low_factor, today.high_factor]
    used.append(avoided.factor if avoided else None)
    headings = ("carbon.kind", "carbon.factor", "carbon.gwp", "assumptions.status")
    sheet.title(top, w.text("carbon.factors_title"))
    for index, key in enumerate(headings):
        sheet.put(top + 1, index, w.label("confidence") if index == len(headings) - 1 else w.text(key), "heading")
    sheet.put(top + 1, len(headings), w.label("source"), "heading")
    unique = list(dict.fromkeys(factor for factor in used if factor is not None))
    for row, factor in enumerate(unique, top + 2):
        sheet.put(row, 0, _kind(factor, sheet.book))
        sheet.put(row, 1, factor.value, "three")
        sheet.put(row, 2, w.word("gwp", factor.gwp_set))
        sheet.put(row, 3, w.word("confidence", factor.confidence))
        sheet.put(row, 4, factor.source)
