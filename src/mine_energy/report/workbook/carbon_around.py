"""What stands around Scope 2 in cells: life of the array, category 3, change, years ahead, plausibility, evidence."""

from collections.abc import Callable, Iterator, Sequence

from mine_energy.report.chapters.carbon_factors import FactorList
from mine_energy.report.figures import state_names
from mine_energy.report.workbook import blocks
from mine_energy.report.workbook.book import Content, Formula, Sheet, cell
from mine_energy.study import Study
from mine_energy.study.carbon_result import Carbon
from mine_energy.units import KG_PER_T, KWH_PER_MWH

_THREE = ("text", "auto", "auto", "auto", "indent", "plain", "indent", "indent")
Part = Callable[[Sheet, Study, Carbon, FactorList, int], int]


def around(sheet: Sheet, study: Study, factors: FactorList, top: int) -> int:
    """Write every block that the study has something for; return where the next may begin."""
    if study.carbon is None:
        return top
    parts: tuple[Part, ...] = (_lifetime, _category3, _life_cycle, _change, _ahead, _intensities, _checks, _record)
    for part in parts:
        top = part(sheet, study, study.carbon, factors, top)
    return top


def _lifetime(sheet: Sheet, study: Study, carbon: Carbon, factors: FactorList, top: int) -> int:
    """Write avoided tonnes over the life: declining energy times the lowest, median and highest margin."""
    del study
    w, found = sheet.book.w, carbon.lifetime
    if found is None:
        return top
    names = ("low", "central", "high")
    margins = [getattr(found, f"{name}_t_per_mwh") for name in names]
    tonnes = [getattr(found, f"{name}_t_co2e") for name in names]
    weighted = tonnes[1] / margins[1] * KWH_PER_MWH if margins[1] else found.energy_kwh
    row = top + 2
    text = [f"={cell(row, 1)}/{KWH_PER_MWH:.0f}*{cell(row + 1, column)}" for column in (1, 2, 3)]
    products = [Formula(text=one, value=value) for one, value in zip(text, tonnes, strict=True)]
    rows: list[Sequence[Content]] = [
        [w.text("workbook_carbon.weighted"), weighted, None, None, "kWh"],
        [w.text("carbon.factor"), *margins, "t/MWh", None, "", factors.names(found.factors)],
        [w.text("carbon.for_lifetime"), *products, "t CO₂e"],
    ]
    headings = ["", *(w.text(f"carbon.lifetime_{name}") for name in names), w.label("unit")]
    title = w.text("workbook_carbon.lifetime", years=found.years)
    return blocks.write(sheet, top, title, headings, rows, ("text", "auto", "auto", "auto", "indent")).after


def _category3(sheet: Sheet, study: Study, carbon: Carbon, factors: FactorList, top: int) -> int:
    w = sheet.book.w
    missing = w.text("carbon.not_calculated")
    rows: list[Sequence[Content]] = []
    for lines in zip(*(state.category3.lines for state in carbon.states), strict=True):
        values = [missing if line.t_co2e is None else line.t_co2e for line in lines]
        factor = next((line.factor for line in lines if line.factor is not None and line.t_co2e is not None), None)
        value = None if factor is None else factor.value
        rows.append([w.word("category3", lines[0].key), *values, "t CO₂e", value, factors.name(factor)])
    headings = [w.text("carbon.part"), *state_names(w), w.label("unit"), w.text("carbon.factor")]
    title = w.text("carbon.category3", year=study.scope2.today.activity_year)
    return blocks.write(sheet, top, title, headings, rows, _THREE).after


def _life_cycle(sheet: Sheet, study: Study, carbon: Carbon, factors: FactorList, top: int) -> int:
    w, found = sheet.book.w, carbon.pv_life_cycle
    if found is None:
        return top
    figure = found.factor_g_per_kwh
    energy = found.t_co2e / figure.value * KG_PER_T * KWH_PER_MWH if figure.value else study.states[2].pv_kwh
    row = top + 2
    text = f"={cell(row, 1)}*{cell(row, 2)}/{KG_PER_T * KWH_PER_MWH:.0f}"
    rows: list[Sequence[Content]] = [
        [
            w.text("carbon.for_pv_life_cycle"),
            energy,
            figure.value,
            Formula(text=text, value=found.t_co2e),
            "t CO₂e",
            None,
            factors.name(figure),
        ]
    ]
    headings = ["", w.label("energy_kwh"), "g CO₂e/kWh", "t CO₂e"]
    return blocks.write(sheet, top, w.text("carbon.life_cycle_title"), headings, rows, _THREE).after


def _change(sheet: Sheet, study: Study, carbon: Carbon, factors: FactorList, top: int) -> int:
    """Write the change from the base year: energies and factors as they are, the effects as live formulas."""
    w, found = sheet.book.w, carbon.change
    if found is None or found.base_factor is None or found.factor is None:
        return top
    base_kwh = found.base_t_co2e / found.base_factor.value * KWH_PER_MWH if found.base_factor.value else 0.0
    row, mwh = top + 2, f"{KWH_PER_MWH:.0f}"
    q0, f0, q1, f1 = cell(row, 1), cell(row, 2), cell(row + 1, 1), cell(row + 1, 2)
    rows: list[Sequence[Content]] = [
        [
            str(found.base_year),
            base_kwh,
            found.base_factor.value,
            Formula(text=f"={q0}/{mwh}*{f0}", value=found.base_t_co2e),
            "t CO₂e",
            None,
            factors.name(found.base_factor),
        ],
        [
            str(found.year),
            study.scope2.today.import_kwh,
            found.factor.value,
            Formula(text=f"={q1}/{mwh}*{f1}", value=found.t_co2e),
            "t CO₂e",
            None,
            factors.name(found.factor),
        ],
        _effect(w.text("carbon.activity_effect"), f"={f0}*({q1}-{q0})/{mwh}", found.activity_effect_t_co2e),
        _effect(w.text("carbon.factor_effect"), f"={q1}/{mwh}*({f1}-{f0})", found.factor_effect_t_co2e),
        _effect(w.text("carbon.constant_factor", year=found.year), f"={q1}/{mwh}*{f0}", found.constant_factor_t_co2e),
    ]
    headings = ["", f"{w.text('carbon.imports')} (kWh)", "t/MWh", "t CO₂e", w.label("unit")]
    title = w.text("carbon.change_title", base_year=found.base_year, year=found.year)
    return blocks.write(sheet, top, title, headings, rows, ("text", "auto", "auto", "auto", *["indent"] * 3)).after


def _effect(name: str, text: str, value: float) -> Sequence[Content]:
    return [name, None, None, Formula(text=text, value=value), "t CO₂e"]


def _ahead(sheet: Sheet, study: Study, carbon: Carbon, factors: FactorList, top: int) -> int:
    """Write Scope 2 of every year to come: energy of each state times the year's factor."""
    del study
    w = sheet.book.w
    found = [state.ahead for state in carbon.states if state.ahead is not None]
    if len(found) != len(carbon.states) or not found:
        return top
    rows: list[Sequence[Content]] = []
    for place, year in enumerate(found[0].years):
        factor = cell(top + 2 + place, 5)
        cells = [
            Formula(text=f"={cell(2, index)}/{KWH_PER_MWH:.0f}*{factor}", value=one.years[place].t_co2e)
            for index, one in enumerate(found, 1)
        ]
        rows.append([str(year.year), *cells, "t CO₂e", year.factor_t_per_mwh, factors.name(found[0].factor)])
    headings = [w.label("year"), *state_names(w), w.label("unit"), w.text("carbon.factor")]
    return blocks.write(sheet, top, w.text("carbon.ahead"), headings, rows, _THREE).after


def _intensities(sheet: Sheet, study: Study, carbon: Carbon, factors: FactorList, top: int) -> int:
    del study, factors
    w = sheet.book.w
    rows: list[Sequence[Content]] = []
    for key, unit in (
        ("kwh_per_kg_au", "kWh/kg Au"),
        ("kwh_per_t_ore", "kWh/t"),
        ("kwh_per_worker", "kWh"),
        ("t_co2e_per_kg_au", "t CO₂e/kg Au"),
        ("kg_co2e_per_t_ore", "kg CO₂e/t"),
        ("t_co2e_per_worker", "t CO₂e"),
    ):
        values = [getattr(state.intensities, key) for state in carbon.states]
        if any(value is not None for value in values):
            rows.append([w.text(f"carbon.{key}"), *values, unit])
    if not rows:
        return top
    headings = [w.text("quantity"), *state_names(w), w.label("unit")]
    return blocks.write(sheet, top, w.text("carbon.intensities"), headings, rows, _THREE).after


def _checks(sheet: Sheet, study: Study, carbon: Carbon, factors: FactorList, top: int) -> int:
    del study, factors
    w = sheet.book.w
    rows: list[Sequence[Content]] = [
        [
            " · ".join(part for part in (w.word("plausibility", check.key), check.subject) if part),
            check.value,
            check.low,
            check.high,
            check.unit,
            None,
            w.word("verdict", check.verdict),
            w.text("carbon.arithmetic") if check.source == "arithmetic" else check.source,
        ]
        for check in carbon.plausibility.checks
    ]
    if not rows:
        return top
    headings = [
        w.text("carbon.check"),
        w.text("carbon.follows"),
        "≥",
        "≤",
        w.label("unit"),
        "",
        w.text("carbon.verdict"),
        w.label("source"),
    ]
    styles = ("text", "auto", "auto", "auto", "indent", "indent", "indent", "indent")
    return blocks.write(sheet, top, w.text("carbon.plausibility"), headings, rows, styles).after


def _record(sheet: Sheet, study: Study, carbon: Carbon, factors: FactorList, top: int) -> int:
    del study, factors
    w, record = sheet.book.w, carbon.record
    if record is None:
        return top
    rows: list[Sequence[Content]] = [
        [
            row.meter,
            row.import_kwh,
            row.period_start.isoformat(),
            row.period_end.isoformat(),
            "kWh",
            None,
            w.word("evidence", row.evidence),
            row.document,
        ]
        for row in record.records
    ]
    headings = [
        w.text("carbon.meter"),
        w.label("energy_kwh"),
        w.text("carbon.period"),
        "",
        w.label("unit"),
        "",
        w.text("carbon.evidence_kind"),
        w.text("carbon.document"),
    ]
    styles = ("text", "auto", "indent", "indent", "indent", "indent", "indent", "indent")
    done = blocks.write(sheet, top, w.text("carbon.evidence"), headings, rows, styles)
    for offset, (name, content) in enumerate(_facts(sheet, carbon, done)):
        sheet.put(done.after - 1 + offset, 0, name)
        sheet.put(done.after - 1 + offset, 1, content, "auto")
    return done.after + 5


def _facts(sheet: Sheet, carbon: Carbon, done: blocks.Rows) -> Iterator[tuple[str, Content]]:
    w, record = sheet.book.w, carbon.record
    if record is None:
        return
    summed = f"=SUM({cell(done.top, 1)}:{cell(done.bottom, 1)})"
    yield w.text("total"), Formula(text=summed, value=record.evidence_kwh)
    yield w.text("carbon.record_label"), w.word("record_label", record.label)
    yield w.text("carbon.data_quality"), w.word("data_quality", record.data_quality)
    yield w.text("carbon.doubt_combined"), w.percent(record.uncertainty.combined)
    yield w.text("carbon.rule"), w.percent(record.recalculation_threshold)
