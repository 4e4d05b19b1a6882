"""What stands beside Scope 2: category 3, the array's own carbon, fuel, change from the base year, years ahead."""

from collections.abc import Iterator, Sequence

from mine_energy.emissions import Category3, Category3Line, DieselDisplaced, Scope2Change, YearsAhead
from mine_energy.errors import Param
from mine_energy.report import charts
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters.carbon_factors import FactorList
from mine_energy.report.figures import first_scope_t, state_names
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study

_EVERY = 5
"""Years ahead that are shown: the first, every fifth, the last."""


def blocks(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
    """Yield what stands beside Scope 2, each under its own heading."""
    yield from _fuel(study, factors, w)
    yield from _diesel(study, w)
    if study.carbon is None:
        return
    yield from _category3(study, [state.category3 for state in study.carbon.states], factors, w)
    yield from _life_cycle(study, factors, w)
    if study.carbon.change is not None:
        yield from _change(study, study.carbon.change, factors, w)
    yield from _ahead(study, factors, w)


def _fuel(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
    fuel = study.states[0].fuel
    if fuel is None:
        return
    yield Heading(text=w.text("carbon.fuel_title"))
    burnt = [state.fuel for state in study.states]
    biogenic = [one.biogenic_co2_t if one else None for one in burnt]
    rows: list[Sequence[str | Cell]] = [
        (f"{w.label('fuel_l')} (L)", *(w.estimate(one.litres if one else 0.0) for one in burnt), NOTHING),
        (
            f"{w.label('scope1_t_co2e')} (t CO₂e)",
            *(w.estimate(first_scope_t(s)) for s in study.states),
            factors.cell(fuel, w),
        ),
    ]
    if any(one is not None for one in biogenic):
        rows.append((f"{w.text('carbon.biogenic')} (t CO₂)", *(w.estimate(one) for one in biogenic), NOTHING))
    blend = w.text("carbon.neat") if fuel.biofuel_share is None else w.percent(fuel.biofuel_share)
    yield Table(
        id="fuel",
        caption=w.text("carbon.fuel"),
        headings=(w.text("quantity"), *state_names(w), w.text("carbon.factor")),
        rows=rows,
        align=("text", "number", "number", "number", "text"),
        note=w.text(
            "carbon.fuel_note",
            factor=w.number(fuel.factor_kg_co2e_per_l, 3),
            gwp=fuel.gwp_set,
            blend=blend,
            source=fuel.source,
        ),
    )


def _diesel(study: Study, w: Writer) -> Iterator[Block]:
    if study.carbon is None:
        return
    steps: list[tuple[str, DieselDisplaced]] = [
        (w.text(key), found)
        for key, found in (
            ("carbon.by_measures", study.carbon.diesel_measures),
            ("carbon.by_pv", study.carbon.diesel),
        )
        if found is not None
    ]
    if not steps:
        return
    rows: list[Sequence[str]] = [
        (f"{w.text('carbon.litres_saved')} (L)", *(w.estimate(found.litres_saved) for _, found in steps)),
        (f"{w.text('carbon.litres_before')} (L/kWh)", *(w.number(f.litres_per_kwh_before, 3) for _, f in steps)),
        (f"{w.text('carbon.litres_after')} (L/kWh)", *(w.number(f.litres_per_kwh_after, 3) for _, f in steps)),
        (f"{w.text('carbon.part_load')} (L)", *(w.estimate(found.part_load_litres) for _, found in steps)),
        (f"{w.text('carbon.scope1_cut')} (t CO₂e)", *(w.estimate(found.scope1_cut_t_co2e) for _, found in steps)),
    ]
    if any(found.biogenic_cut_t_co2 is not None for _, found in steps):
        biogenic = (w.estimate(found.biogenic_cut_t_co2) for _, found in steps)
        rows.append((f"{w.text('carbon.biogenic')} (t CO₂)", *biogenic))
    yield Table(
        id="diesel",
        caption=w.text("carbon.diesel"),
        headings=(w.text("quantity"), *(name for name, _ in steps)),
        rows=rows,
        note=w.text("carbon.diesel_note"),
    )


def _category3(study: Study, found: Sequence[Category3], factors: FactorList, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("carbon.category3_title"))
    rows = [
        (
            w.word("category3", lines[0].key),
            *(_calculated(line, w) for line in lines),
            _third(lines, factors, w),
        )
        for lines in zip(*(one.lines for one in found), strict=True)
    ]
    complete = all(one.complete for one in found)
    yield Table(
        id="category3",
        caption=w.text("carbon.category3", year=study.scope2.today.activity_year),
        headings=(w.text("carbon.part"), *state_names(w), w.text("carbon.factor")),
        rows=rows,
        foot=(
            w.text("carbon.category3_sum" if complete else "carbon.category3_known"),
            *(_sum(one, w) for one in found),
            "",
        ),
        align=("text", "number", "number", "number", "text"),
        note=w.text("carbon.category3_note" if complete else "carbon.category3_incomplete"),
    )


def _calculated(line: Category3Line, w: Writer) -> str | Cell:
    if line.t_co2e is None:
        return Cell(text=w.text("carbon.not_calculated"), tone="assumed")
    return w.estimate(line.t_co2e)


def _sum(found: Category3, w: Writer) -> str | Cell:
    """Return the sum of what was calculated; a zero that stands for what was not needed is no sum."""
    if not found.complete and not found.calculated_t_co2e:
        return Cell(text=w.text("carbon.not_calculated"), tone="assumed")
    return w.estimate(found.calculated_t_co2e)


def _third(lines: Sequence[Category3Line], factors: FactorList, w: Writer) -> str | Cell:
    """Return the factor of a part: packaged or typed; for fuel, whose it is; nothing where none was needed."""
    known = next((line for line in lines if line.t_co2e is not None and (line.factor or line.source)), None)
    if known is None:
        return NOTHING
    if known.factor is not None:
        return factors.cell(known.factor, w)
    return Cell(text=known.source, unit=f"{known.year}, {w.word('confidence', known.confidence)}")


def _life_cycle(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
    found = study.carbon.pv_life_cycle if study.carbon else None
    if found is None:
        return
    figure = found.factor_g_per_kwh
    yield Heading(text=w.text("carbon.life_cycle_title"))
    key = "carbon.life_cycle" if found.share_of_benefit is not None else "carbon.life_cycle_alone"
    yield Paragraph(
        text=w.text(
            key,
            tonnes=w.estimate(found.t_co2e, "t CO₂e"),
            low=w.estimate(found.low_t_co2e),
            high=w.estimate(found.high_t_co2e),
            share=w.percent(found.share_of_benefit, 0),
            number=factors.name(figure),
            factor=w.number(figure.value, 0, "g CO₂e/kWh"),
        )
    )


def _change(study: Study, change: Scope2Change, factors: FactorList, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("carbon.change_title", base_year=change.base_year, year=change.year))
    words: dict[str, Param] = {
        "base_year": change.base_year,
        "year": change.year,
        "base": w.estimate(change.base_t_co2e, "t CO₂e"),
        "now": w.estimate(change.t_co2e, "t CO₂e"),
        "activity": _signed(change.activity_effect_t_co2e, w),
        "factor": _signed(change.factor_effect_t_co2e, w),
        "constant": w.estimate(change.constant_factor_t_co2e, "t CO₂e"),
    }
    after_activity = change.base_t_co2e + change.activity_effect_t_co2e
    image = charts.waterfall(
        [
            w.text("chart.change.base", year=change.base_year),
            w.text("chart.change.activity"),
            w.text("chart.change.factor"),
            w.text("chart.change.now", year=change.year),
        ],
        [change.base_t_co2e, after_activity, change.t_co2e, change.t_co2e],
        Scale(label=w.text("chart.carbon.axis"), tick=w.tick),
        w.estimate,
        whole="location",
        more_is_good=False,
    )
    yield Picture(image=image, alt=w.text("chart.change.alt", **words), caption=w.text("chart.change.caption", **words))
    yield Table(
        id="change",
        caption=w.text("carbon.change", base_year=change.base_year, year=change.year),
        headings=(w.text("quantity"), "t CO₂e", w.text("carbon.factor")),
        rows=[
            (str(change.base_year), w.estimate(change.base_t_co2e), factors.cell(change.base_factor, w)),
            (
                w.text("carbon.activity_effect"),
                _signed(change.activity_effect_t_co2e, w),
                factors.cell(change.base_factor, w),
            ),
            (w.text("carbon.factor_effect"), _signed(change.factor_effect_t_co2e, w), _both(change, factors)),
            (str(change.year), w.estimate(change.t_co2e), factors.cell(change.factor, w)),
            (
                w.text("carbon.constant_factor", year=change.year),
                w.estimate(change.constant_factor_t_co2e),
                factors.cell(change.base_factor, w),
            ),
        ],
        align=("text", "number", "text"),
        note=w.text("carbon.change_note" if change.factor_moved else "carbon.change_same_factor"),
    )
    for finding in change.findings:
        yield Paragraph(text=w.finding(finding), tone="warning")


def _both(change: Scope2Change, factors: FactorList) -> str:
    return factors.names(factor for factor in (change.base_factor, change.factor) if factor is not None)


def _signed(value: float, w: Writer) -> str:
    return f"+{w.estimate(value)}" if value > 0 else w.estimate(value)


def _ahead(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
    """Yield Scope 2 of the years to come; without a stated decline, that nobody stated one."""
    states = study.carbon.states if study.carbon else ()
    found = [state.ahead for state in states if state.ahead is not None]
    if len(found) != len(states):
        if study.scope2.today.location_factor is not None:
            yield Heading(text=w.text("carbon.ahead_title"))
            yield Paragraph(text=w.text("carbon.no_decline"))
        return
    if not found:
        return
    yield Heading(text=w.text("carbon.ahead_title"))
    yield _years_ahead(found, factors, w)


def _years_ahead(found: Sequence[YearsAhead], factors: FactorList, w: Writer) -> Table:
    years = [year.year for year in found[0].years]
    shown = [place for place, year in enumerate(years) if place in {0, len(years) - 1} or year % _EVERY == 0]
    first, last = found[0], found[-1]
    return Table(
        id="ahead",
        caption=w.text("carbon.ahead"),
        headings=(
            w.label("year"),
            w.text("carbon.ahead_factor"),
            *(f"{name} (t CO₂e)" for name in state_names(w)),
            w.text("carbon.ahead_band"),
        ),
        rows=[
            (
                str(years[place]),
                w.number(first.years[place].factor_t_per_mwh, 4),
                *(w.estimate(one.years[place].t_co2e) for one in found),
                w.span(last.years[place].low_t_co2e, last.years[place].high_t_co2e),
            )
            for place in shown
        ],
        note=w.text(
            "carbon.ahead_note",
            decline=w.percent(first.decline),
            source=first.decline_source,
            number=factors.name(first.factor),
            year=first.factor.year,
        ),
    )
