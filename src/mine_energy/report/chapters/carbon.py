"""Scope 2 by both methods, what surrounds it, and avoided emissions in a place of their own."""

from collections.abc import Iterator, Sequence

from mine_energy.emissions import AvoidedEmissions, CarbonLines, LifetimeAvoided
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Cell, Facts, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters import carbon_beyond as beyond
from mine_energy.report.chapters import carbon_context as context
from mine_energy.report.chapters import carbon_market as market
from mine_energy.report.chapters import carbon_match as match
from mine_energy.report.chapters import carbon_record as record
from mine_energy.report.chapters.carbon_factors import FactorList, factor_blocks, factor_list
from mine_energy.report.charts import Layer
from mine_energy.report.figures import first_scope_t, off_grid, state_names
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter: both methods, factors, what is avoided elsewhere, what stands around, the record."""
    factors = factor_list(study, w)
    return [
        Paragraph(text=w.text("carbon.intro_no_grid" if off_grid(study) else "carbon.intro")),
        *record.label(study, w),
        *_chart(study, w),
        *_states(study, factors, w),
        *market.blocks(study, factors, w),
        *factor_blocks(study, factors, w),
        *_cut(study, factors, w),
        *_avoided(study, factors, w),
        *match.blocks(study, w),
        *beyond.blocks(study, factors, w),
        *context.blocks(study, w),
        *record.blocks(study, w),
    ]


def _chart(study: Study, w: Writer) -> Iterator[Block]:
    location = [state.scope2.location_t_co2e for state in study.states]
    by_market = [state.scope2.market_t_co2e for state in study.states]
    banded = not off_grid(study) and all(s.scope2.low_t_co2e is not None for s in study.states)
    named = w.text("chart.carbon.location" if banded else "chart.carbon.location_alone")
    layers = [
        Layer(label=named, values=location, mark=style.MARKS["location"]),
        Layer(label=w.text("chart.carbon.market"), values=by_market, mark=style.MARKS["market"]),
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
        bands=whiskers if banded else (),
    )
    alt, caption = _chart_words(study, whiskers if banded else [], w)
    yield Picture(image=image, alt=alt, caption=caption)


def _chart_words(study: Study, bands: Sequence[tuple[float, float]], w: Writer) -> tuple[str, str]:
    """Return the words that stand for the chart, and its caption."""
    location = [w.estimate(state.scope2.location_t_co2e) for state in study.states]
    by_market = [w.estimate(state.scope2.market_t_co2e) for state in study.states]
    fuel = [w.estimate(first_scope_t(state)) for state in study.states]
    avoided = study.scope2.avoided_exports
    words = {
        **dict(zip(("today", "after", "pv"), location, strict=True)),
        **dict(zip(("fuel_today", "fuel_after", "fuel"), fuel, strict=True)),
        "market_today": by_market[0],
        "market": by_market[2],
        "band": "",
        "avoided": w.text("nothing") if avoided is None else w.estimate(avoided.avoided_t_co2e, "t"),
    }
    if bands:
        words["band"] = w.text("chart.carbon.alt_band", low=w.estimate(bands[0][0]), high=w.estimate(bands[0][1]))
    grid = "_no_grid" if off_grid(study) else ""
    return w.text(f"chart.carbon.alt{grid}", **words), w.text(f"chart.carbon.caption{grid}", **words)


def _states(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
    states, today = study.states, study.scope2.today

    def tonnes(field: str) -> list[str]:
        return [w.estimate(getattr(s.scope2, field)) for s in states]

    rows: list[Sequence[str | Cell]] = [
        (f"{w.text('carbon.imports')} (kWh)", *tonnes("import_kwh"), NOTHING),
        (
            f"{w.label('location_t_co2e')} (t CO₂e)",
            *tonnes("location_t_co2e"),
            factors.cell(today.location_factor, w),
        ),
        (f"{w.label('market_t_co2e')} (t CO₂e)", *tonnes("market_t_co2e"), market.reference(study, factors, w)),
    ]
    if today.low_factor is not None and today.high_factor is not None:
        rows += [
            (f"{w.text('carbon.for_wet')} (t CO₂e)", *tonnes("low_t_co2e"), factors.cell(today.low_factor, w)),
            (f"{w.text('carbon.for_dry')} (t CO₂e)", *tonnes("high_t_co2e"), factors.cell(today.high_factor, w)),
        ]
    if off_grid(study):
        fuel = (w.estimate(first_scope_t(s)) for s in states)
        rows.append((f"{w.label('scope1_t_co2e')} (t CO₂e)", *fuel, factors.cell(states[0].fuel, w)))
    yield Table(
        id="scope2",
        caption=w.text("carbon.states", year=today.activity_year),
        headings=(w.text("quantity"), *state_names(w), w.text("carbon.factor")),
        rows=rows,
        align=("text", "number", "number", "number", "text"),
        note=w.text("carbon.states_note") if today.low_factor is not None else "",
    )
    if today.location_factor is not None and today.factor_year != today.activity_year:
        yield Paragraph(
            text=w.text("carbon.years_differ", factor_year=today.factor_year, activity_year=today.activity_year),
            tone="warning",
        )


def _cut(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
    """Yield the cut of Scope 2 step by step: the one quantity of the three that belongs to the inventory."""
    carbon = study.carbon
    if carbon is None or carbon.lines.scope2_cut_t == 0 == carbon.lines.scope2_cut_market_t:
        return
    steps: tuple[CarbonLines, ...] = (carbon.measures_lines, carbon.pv_lines, carbon.lines)
    yield Heading(text=w.text("carbon.cut_title"))
    yield Table(
        id="scope2_cut",
        caption=w.text("carbon.cut"),
        headings=(
            w.text("carbon.method"),
            w.text("carbon.by_measures"),
            w.text("carbon.by_pv"),
            w.text("carbon.by_both"),
            w.text("carbon.factor"),
        ),
        rows=[
            (
                f"{w.label('location_t_co2e')} (t CO₂e)",
                *(w.estimate(step.scope2_cut_t) for step in steps),
                factors.cell(study.scope2.today.location_factor, w),
            ),
            (
                f"{w.label('market_t_co2e')} (t CO₂e)",
                *(w.estimate(step.scope2_cut_market_t) for step in steps),
                market.reference(study, factors, w),
            ),
        ],
        align=("text", "number", "number", "number", "text"),
        note=w.text("carbon.cut_note"),
    )


def _avoided(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
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
            f"{w.text('carbon.avoided_t')} (t CO₂e)",
            f"{w.text('carbon.avoided_band')} (t CO₂e)",
            w.text("carbon.factor"),
            w.text("carbon.claim"),
        ),
        rows=[_avoided_row(avoided, factors, w) for avoided in kinds],
        align=("text", "number", "number", "number", "text", "text"),
        note=w.text("carbon.avoided_note"),
    )
    if any(avoided.claim == "transferred" for avoided in kinds):
        yield Paragraph(text=w.text("carbon.transferred"), tone="warning")
    if study.carbon is not None and study.carbon.lifetime is not None:
        yield from _lifetime(study.carbon.lifetime, factors, w)


def _avoided_row(avoided: AvoidedEmissions, factors: FactorList, w: Writer) -> Sequence[str | Cell]:
    claim = w.word("claim", avoided.claim)
    low, high = avoided.low_avoided_t_co2e, avoided.high_avoided_t_co2e
    return (
        w.word("avoided_basis", avoided.basis),
        w.estimate(avoided.energy_kwh),
        w.estimate(avoided.avoided_t_co2e),
        NOTHING if low == high else w.span(low, high),
        factors.cell(avoided.factor, w),
        Cell(text=claim, tone="warning" if avoided.claim == "transferred" else ""),
    )


def _lifetime(lifetime: LifetimeAvoided, factors: FactorList, w: Writer) -> Iterator[Block]:
    def tonnes(t_co2e: float, margin: float) -> Cell:
        return Cell(text=w.estimate(t_co2e, "t CO₂e"), unit=f"({w.number(margin, 3)} t/MWh)")

    decline = w.percent(lifetime.decline) if lifetime.decline else w.text("carbon.not_stated")
    yield Paragraph(
        text=w.text(
            "carbon.lifetime",
            years=lifetime.years,
            energy=w.estimate(lifetime.energy_kwh, "kWh"),
            fading=w.percent(lifetime.degradation),
            decline=decline,
            factors=factors.names(lifetime.factors),
        )
    )
    yield Facts(
        pairs=[
            (w.text("carbon.lifetime_low"), tonnes(lifetime.low_t_co2e, lifetime.low_t_per_mwh)),
            (w.text("carbon.lifetime_central"), tonnes(lifetime.central_t_co2e, lifetime.central_t_per_mwh)),
            (w.text("carbon.lifetime_high"), tonnes(lifetime.high_t_co2e, lifetime.high_t_per_mwh)),
        ]
    )
