"""The first screen: what decides, before anything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mine_energy.report import charts, style
from mine_energy.report.advice import Advice, advice
from mine_energy.report.blocks import Cell, Picture, Table
from mine_energy.report.chapters.sizing_words import round_percent, size_words
from mine_energy.report.charts import Layer
from mine_energy.report.figures import assumed_share, has_pv, headline, off_grid, state_names
from mine_energy.report.format import Writer
from mine_energy.report.style import Role, Scale
from mine_energy.study import Study

FIRST: Final = frozenset({"site_example", "study_genset_short", "audit_class_changes"})
"""Findings that stand above everything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One meaning of "100 %": its value, its name, what it says, and the plant that it takes where one was sized."""

    value: str
    name: str
    text: str
    plant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstScreen:
    """What the template puts on the first screen."""

    plant: str
    place: str
    banner: tuple[str, ...]
    comparison: Table
    picture: Picture
    advice: tuple[Advice, ...]
    meanings: tuple[Meaning, ...]
    carbon_note: str


def first_screen(study: Study, w: Writer) -> FirstScreen:
    """Return the first screen of a study."""
    facts = study.site.site
    names = state_names(w)[: _states(study)]
    place = ", ".join(part for part in (facts.region, w.word("country", facts.country)) if part)
    return FirstScreen(
        plant=facts.name,
        place=place,
        banner=tuple(banner(study, w)),
        comparison=Table(
            id="comparison",
            caption=w.text("first.title"),
            headings=(w.text("first.per_year"), *names),
            rows=[(Cell(text=row.label, unit=row.unit), *row.shown(w)[: len(names)]) for row in headline(study, w)],
            note=w.text("first.estimates"),
        ),
        picture=_supply(study, w),
        advice=advice(study, w),
        meanings=meanings(study, w) if has_pv(study) else (),
        carbon_note=carbon_note(study, w),
    )


def _states(study: Study) -> int:
    """Return how many states there are to show: without an array the third is the second."""
    return len(study.states) if has_pv(study) else 2


def banner(study: Study, w: Writer) -> Iterator[str]:
    """Yield what a reader has to know first: a set too small for its load, and what is not a fact about the plant.

    The latter are an invented plant, reconstruction, synthetic weather and assumed prices.
    """
    yield from (w.finding(finding) for finding in study.findings if finding.key in FIRST)
    if study.reconstructed and not any(finding.key == "site_example" for finding in study.findings):
        share = assumed_share(study)
        key = "first.banner_reconstructed" if share else "first.banner_reconstructed_site"
        yield w.text(key, share=w.percent(share, 0))
    load = study.audit.load_before
    if load.origin in {"scaled", "extrapolated", "billed"}:
        yield w.text(f"first.banner_{load.origin}", label=load.label)
    weather = study.solar.weather
    if weather.kind == "synthetic":
        yield w.text("first.banner_synthetic", source=weather.source, seed=str(weather.seed))
    if any(line.assumed for line in study.finance.both.capex_lines):
        yield w.text("first.banner_prices")


def meanings(study: Study, w: Writer) -> tuple[Meaning, ...]:
    """Return the three meanings of "100 %" for the design after measures."""
    c = study.coverage.after_measures
    alone = "_offgrid" if off_grid(study) else "" if study.site.connection.export_allowed else "_no_export"
    hours = w.estimate(c.loss_of_load_hours, "h")
    return (
        Meaning(
            value=w.percent(c.annual_net_ratio),
            name=w.label("annual_net_coverage"),
            text=w.text(f"meaning.annual_net{alone}"),
            plant=_reached(study, "annual_net", w),
        ),
        Meaning(
            value=w.percent(c.self_sufficiency),
            name=w.label("self_sufficiency"),
            text=w.text("meaning.hourly_self"),
            plant=_reached(study, "hourly_self", w),
        ),
        Meaning(
            value=w.percent(1.0 - c.lpsp_without_grid),
            name=w.label("offgrid_coverage"),
            text=w.text("meaning.offgrid", loss=w.percent(c.lpsp_without_grid), hours=hours),
            plant=_reached(study, "offgrid", w),
        ),
    )


def _reached(study: Study, key: str, w: Writer) -> str:
    """Return the cheapest plant that reaches what was asked in one meaning, with its cost; empty if none was sized."""
    found = next((one for one in study.sizing.meanings if one.key == key), None) if study.sizing else None
    if found is None or study.sizing is None:
        return ""
    asked = round_percent(found.asked, w)
    if found.plant is None:
        reason = w.finding(found.reason) if found.reason else ""
        return f"{w.text('first.not_reached', asked=asked)} {reason}".strip()
    currency, plant = study.sizing.currency, found.starting or found.plant
    words = w.text(
        "first.reached_starting" if found.starting else "first.reached",
        asked=asked,
        sizes=size_words(plant, w),
        investment=w.money(plant.investment, currency),
        cost=w.money(plant.annual_cost, currency),
    )
    fails = found.refused is not None and found.starting is None
    return f"{words} {w.text('first.fails_to_start')}" if fails else words


def carbon_note(study: Study, w: Writer) -> str:
    """Return the sentence about what Scope 2 does not contain."""
    avoided = study.scope2.avoided_exports
    if avoided is None or avoided.energy_kwh <= 0:
        return w.text("first.no_avoided")
    return w.text(
        "first.avoided",
        tonnes=w.estimate(avoided.avoided_t_co2e, "t CO₂e"),
        kwh=w.estimate(avoided.energy_kwh, "kWh"),
        kind=w.word("factor_kind", avoided.factor.kind.value),
        year=avoided.factor.year,
    )


def _supply(study: Study, w: Writer) -> Picture:
    today = study.states[0].load_kwh
    bought: Role = "genset" if off_grid(study) else "import"
    flows: dict[Role, list[float]] = {
        bought: [getattr(state, f"{bought}_kwh") for state in study.states],
        "pv": [state.pv_used_kwh for state in study.states],
        "saving": [max(0.0, today - state.load_kwh) for state in study.states],
    }
    layers = [
        Layer(label=w.text(f"chart.supply.{key}"), values=values, mark=style.MARKS[key])
        for key, values in flows.items()
    ]
    scale = Scale(label=w.text("chart.supply.axis"), tick=w.tick)
    last = study.states[2]
    words = {
        "today": w.estimate(today),
        "bought_today": w.estimate(flows[bought][0]),
        "bought": w.estimate(flows[bought][2]),
        "pv": w.estimate(last.pv_used_kwh),
        "saved": w.estimate(flows["saving"][2]),
    }
    image = charts.supply(state_names(w), layers, scale, w.estimate)
    caption = w.text(f"chart.supply.caption_{bought}", **words)
    return Picture(image=image, alt=w.text("chart.supply.alt", **words), caption=caption)
