"""Scope 2 by both methods, what surrounds it, and avoided emissions in a place of their own."""

from collections.abc import Iterator, Sequence

from mine_energy.emissions import Factor
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Cell, Facts, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters.marks import confidence_cell, quoted_cell
from mine_energy.report.charts import Layer
from mine_energy.report.figures import first_scope_t, off_grid, state_names
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [
        Paragraph(text=w.text("carbon.intro")),
        *_chart(study, w),
        *_states(study, w),
        *_factors(study, w),
        *_avoided(study, w),
        *_footprint(study, w),
        *_fuel(study, w),
    ]


def _chart(study: Study, w: Writer) -> Iterator[Block]:
    location = [state.scope2.location_t_co2e for state in study.states]
    market = [state.scope2.market_t_co2e for state in study.states]
    layers = [
        Layer(label=w.text("chart.carbon.location"), values=location, mark=style.MARKS["location"]),
        Layer(label=w.text("chart.carbon.market"), values=market, mark=style.MARKS["market"]),
    ]
    if off_grid(study):
        fuel = [first_scope_t(state) or 0.0 for state in study.states]
        layers = [Layer(label=w.text("chart.carbon.fuel"), values=fuel, mark=style.MARKS["genset"]), *layers]
    avoided = study.scope2.avoided_exports
    bands = [(s.scope2.low_t_co2e, s.scope2.high_t_co2e) for s in study.states]
    whiskers = [(low, high) for low, high in bands if low is not None and high is not None]
    scale = Scale(label=w.text("chart.carbon.axis"), tick=w.tick)
    image = charts.emissions(
        state_names(w),
        layers,
        scale,
        w.estimate,
        avoided=None if avoided is None else (w.text("chart.carbon.avoided"), avoided.avoided_t_co2e),
        bands=whiskers if len(whiskers) == len(bands) and not off_grid(study) else (),
    )
    alt = w.text(
        "chart.carbon.alt",
        today=w.estimate(location[0]),
        after=w.estimate(location[1]),
        pv=w.estimate(location[2]),
        market=w.estimate(market[2]),
        avoided=w.text("nothing") if avoided is None else w.estimate(avoided.avoided_t_co2e, "t"),
    )
    yield Picture(image=image, alt=alt, caption=w.text("chart.carbon.caption"))


def _states(study: Study, w: Writer) -> Iterator[Block]:
    states = study.states

    def band(low: float | None, high: float | None) -> str:
        return NOTHING if low is None or high is None else w.span(low, high)

    rows = [
        (f"{w.text('carbon.imports')} (kWh)", *(w.estimate(s.scope2.import_kwh) for s in states)),
        (f"{w.label('location_t_co2e')} (t CO₂e)", *(w.estimate(s.scope2.location_t_co2e) for s in states)),
        (f"{w.label('market_t_co2e')} (t CO₂e)", *(w.estimate(s.scope2.market_t_co2e) for s in states)),
        (
            f"{w.text('carbon.band')} (t CO₂e)",
            *(band(s.scope2.low_t_co2e, s.scope2.high_t_co2e) for s in states),
        ),
    ]
    if off_grid(study):
        rows.append((f"{w.label('scope1_t_co2e')} (t CO₂e)", *(w.estimate(first_scope_t(s)) for s in states)))
    yield Table(
        id="scope2",
        caption=w.text("carbon.states", year=study.scope2.today.activity_year),
        headings=(w.text("quantity"), *state_names(w)),
        rows=rows,
        note=w.text("carbon.states_note"),
    )
    today = study.scope2.today
    if today.market_basis == "location_average":
        yield Paragraph(
            title=w.text("carbon.no_residual_title"),
            text=w.text("carbon.no_residual", country=w.word("country", today.country)),
            tone="warning",
        )
    else:
        yield Paragraph(text=w.text("carbon.residual"))


def _factors(study: Study, w: Writer) -> Iterator[Block]:
    today, avoided = study.scope2.today, study.scope2.avoided_exports
    used: list[tuple[str, Factor]] = [
        (w.text("carbon.for_location"), today.location_factor),
        (w.text("carbon.for_market"), today.market_factor),
    ]
    if today.low_factor and today.high_factor:
        used += [(w.text("carbon.for_wet"), today.low_factor), (w.text("carbon.for_dry"), today.high_factor)]
    if avoided is not None:
        used.append((w.text("carbon.for_avoided"), avoided.factor))
    yield Heading(text=w.text("carbon.factors_title"))
    yield Table(
        id="factors",
        caption=w.text("carbon.factors"),
        headings=(
            w.text("carbon.use"),
            w.label("value"),
            w.text("carbon.kind"),
            w.label("year"),
            w.text("carbon.gwp"),
            w.label("confidence"),
            w.label("source"),
        ),
        rows=[_factor(name, factor, w) for name, factor in used],
        align=("text", "number", "text", "number", "text", "text", "text"),
        note=w.text("carbon.factors_note"),
    )


def _factor(name: str, factor: Factor, w: Writer) -> tuple[str | Cell, ...]:
    return (
        name,
        Cell(text=w.number(factor.value, 4), unit=factor.unit.replace("CO2", " CO₂")),
        w.word("factor_kind", factor.kind.value),
        str(factor.year),
        w.word("gwp", factor.gwp_set),
        confidence_cell(factor.confidence, w),
        quoted_cell(factor.source, w),
    )


def _avoided(study: Study, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("carbon.avoided_title"))
    kinds = [a for a in (study.scope2.avoided_exports, study.scope2.avoided_project) if a is not None]
    if not kinds:
        yield Paragraph(text=w.text("carbon.avoided_none"))
        return
    yield Paragraph(title=w.text("carbon.avoided_box_title"), text=w.text("carbon.avoided_box"), tone="quiet")
    yield Table(
        id="avoided",
        caption=w.text("carbon.avoided"),
        headings=(
            w.text("carbon.basis"),
            f"{w.label('energy_kwh')} (kWh)",
            f"{w.text('carbon.factor')} (t/MWh)",
            f"{w.text('carbon.avoided_t')} (t CO₂e)",
            f"{w.text('carbon.avoided_band')} (t CO₂e)",
        ),
        rows=[
            (
                w.word("avoided_basis", a.basis),
                w.estimate(a.energy_kwh),
                w.number(a.factor.value, 3),
                w.estimate(a.avoided_t_co2e),
                w.span(a.low_avoided_t_co2e, a.high_avoided_t_co2e),
            )
            for a in kinds
        ],
        note=w.text("carbon.avoided_note"),
    )


def _footprint(study: Study, w: Writer) -> Iterator[Block]:
    found = study.scope2.footprint
    if found is None:
        return
    yield Heading(text=w.text("carbon.footprint_title"))
    yield Paragraph(text=w.text(f"carbon.footprint_{found.basis}", share=w.percent(found.scope2_share)))
    yield Facts(
        pairs=[
            (w.label("scope1_t_co2e"), w.estimate(found.scope1_t_co2e, "t CO₂e") if found.scope1_t_co2e else NOTHING),
            (w.label("location_t_co2e"), w.estimate(found.scope2_t_co2e, "t CO₂e")),
            (w.label("scope3_t_co2e"), w.estimate(found.scope3_t_co2e, "t CO₂e") if found.scope3_t_co2e else NOTHING),
            (
                w.text("carbon.footprint_total"),
                w.estimate(found.total_t_co2e, "t CO₂e") if found.total_t_co2e else NOTHING,
            ),
            (w.text("carbon.scope3_share"), w.percent(found.scope3_share)),
        ]
    )


def _fuel(study: Study, w: Writer) -> Iterator[Block]:
    fuel = study.states[0].fuel
    if fuel is None:
        return
    yield Heading(text=w.text("carbon.fuel_title"))
    litres = [state.fuel.litres if state.fuel else 0.0 for state in study.states]
    yield Table(
        id="fuel",
        caption=w.text("carbon.fuel"),
        headings=(w.text("quantity"), *state_names(w)),
        rows=[
            (f"{w.label('fuel_l')} (L)", *(w.estimate(value) for value in litres)),
            (f"{w.label('scope1_t_co2e')} (t CO₂e)", *(w.estimate(first_scope_t(s)) for s in study.states)),
        ],
        note=w.text(
            "carbon.fuel_note", factor=w.number(fuel.factor_kg_co2e_per_l, 3), gwp=fuel.gwp_set, source=fuel.source
        ),
    )
