"""Scope 2 among the other scopes, per unit of what the plant makes, and whether what is stated fits together."""

from collections.abc import Iterator, Sequence
from typing import Final

from mine_energy.emissions import Footprint, Plausibility, PlausibilityCheck
from mine_energy.report.blocks import Block, Bullets, Cell, Facts, Heading, Paragraph, Table
from mine_energy.report.figures import state_names
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study

_INTENSITIES: Final = (
    ("kwh_per_kg_au", "kWh/kg Au"),
    ("kwh_per_t_ore", "kWh/t"),
    ("kwh_per_worker", "kWh"),
    ("t_co2e_per_kg_au", "t CO₂e/kg Au"),
    ("kg_co2e_per_t_ore", "kg CO₂e/t"),
    ("t_co2e_per_worker", "t CO₂e"),
)
_DUST_T: Final = 1e-6


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield footprint, intensities and plausibility."""
    yield from _footprint(study, w)
    if study.carbon is not None:
        yield from _intensities(study, w)
        yield from plausibility_blocks(study.carbon.plausibility, w)


def _footprint(study: Study, w: Writer) -> Iterator[Block]:
    found = study.scope2.footprint
    if found is None:
        return
    yield Heading(text=w.text("carbon.footprint_title"))
    yield Paragraph(text=w.text(f"carbon.footprint_{found.basis}", share=w.percent(found.scope2_share)))
    yield Facts(
        pairs=[
            (w.label("scope1_t_co2e"), _first_scope(found, w)),
            (w.label("location_t_co2e"), w.estimate(found.scope2_t_co2e, "t CO₂e")),
            (w.label("scope3_t_co2e"), w.estimate(found.scope3_t_co2e, "t CO₂e") if found.scope3_t_co2e else NOTHING),
            (
                w.text("carbon.footprint_total"),
                w.estimate(found.total_t_co2e, "t CO₂e") if found.total_t_co2e else NOTHING,
            ),
            (w.text("carbon.scope3_share"), w.percent(found.scope3_share)),
        ]
    )


def _first_scope(found: Footprint, w: Writer) -> str:
    """Return Scope 1 as stated, else what published shares leave for it: the plan shows the same."""
    if found.scope1_t_co2e:
        return w.estimate(found.scope1_t_co2e, "t CO₂e")
    if found.basis != "published_shares" or found.total_t_co2e is None or found.scope3_t_co2e is None:
        return NOTHING
    rest = found.total_t_co2e - found.scope2_t_co2e - found.scope3_t_co2e
    return w.text("carbon.scope1_rest", tonnes=w.estimate(rest, "t CO₂e")) if rest > _DUST_T else NOTHING


def _intensities(study: Study, w: Writer) -> Iterator[Block]:
    found = [state.intensities for state in study.carbon.states] if study.carbon else []
    rows = [
        (f"{w.text(f'carbon.{key}')} ({unit})", *(w.estimate(getattr(one, key)) for one in found))
        for key, unit in _INTENSITIES
        if any(getattr(one, key) is not None for one in found)
    ]
    if not rows:
        return
    yield Heading(text=w.text("carbon.intensity_title"))
    yield Table(
        id="intensities",
        caption=w.text("carbon.intensities"),
        headings=(w.text("quantity"), *state_names(w)),
        rows=rows,
        note=w.text("carbon.intensities_note"),
    )


def plausibility_blocks(found: Plausibility, w: Writer) -> Iterator[Block]:
    """Yield what follows from the stated figures beside what is plausible: contradictions in words, then all checks."""
    if not found.checks:
        return
    yield Heading(text=w.text("carbon.plausibility_title"))
    bad = [check for check in found.checks if check.verdict == "contradiction"]
    if bad:
        yield Paragraph(
            text=w.text("carbon.contradictions", count=len(bad), checks=len(found.checks)),
            tone="warning",
        )
        yield Bullets(items=[w.finding(finding) for finding in found.findings])
    else:
        yield Paragraph(text=w.text("carbon.no_contradictions", checks=len(found.checks)), tone="good")
    yield Table(
        id="plausibility",
        caption=w.text("carbon.plausibility"),
        headings=(
            w.text("carbon.check"),
            w.text("carbon.follows"),
            w.text("carbon.limits"),
            w.text("carbon.verdict"),
            w.label("source"),
        ),
        rows=[_check(check, w) for check in (*bad, *(c for c in found.checks if c.verdict == "plausible"))],
        align=("text", "number", "number", "text", "text"),
    )


def _check(check: PlausibilityCheck, w: Writer) -> Sequence[str | Cell]:
    arithmetic = check.source == "arithmetic"
    source = w.text("carbon.arithmetic") if arithmetic else check.source
    foreign = w.language != "en" and not arithmetic
    return (
        Cell(text=w.word("plausibility", check.key), unit=check.subject),
        Cell(text=w.estimate(check.value), unit=_unit(check, w)),
        _limits(check, w),
        Cell(text=w.word("verdict", check.verdict), tone="good" if check.verdict == "plausible" else "warning"),
        Cell(
            text=source,
            badge="" if arithmetic else w.word("confidence", check.confidence),
            tone="assumed" if check.confidence == "D" else "",
            lang="en" if foreign else "",
        ),
    )


def _unit(check: PlausibilityCheck, w: Writer) -> str:
    if check.unit == "1":
        return ""
    return w.text("unit.years") if check.unit == "years" else check.unit


def _limits(check: PlausibilityCheck, w: Writer) -> str:
    if check.low is not None and check.high is not None:
        return w.span(check.low, check.high)
    if check.low is not None:
        return f"≥ {w.estimate(check.low)}"
    return NOTHING if check.high is None else f"≤ {w.estimate(check.high)}"
