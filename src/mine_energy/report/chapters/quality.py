"""Power quality: power factor and reactive excess, the capacitors that answer them, voltage and its unbalance."""

from collections.abc import Iterator, Sequence
from typing import Final

from mine_energy.loads import LoadProfile, ReactiveAnalysis, analyse_reactive
from mine_energy.measures import Saving
from mine_energy.report.blocks import Block, Bullets, Cell, Facts, Heading, Paragraph, Table
from mine_energy.report.chapters import quality_phases
from mine_energy.report.chapters.notices import grouped
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study

_ABOUT: Final = (
    "load_thd",
    "load_voltage",
    "load_unbalance",
    "load_dips",
    "motor_unbalance",
    "motor_voltage",
    "motor_phase",
    "measure_drive_harmonics",
    "measure_resonance",
    "measure_bank",
    "measure_capacitor",
    "load_reactive",
    "load_phase",
    "quality_",
)
"""How the keys of findings about voltage, harmonics and reactive power begin."""


def applies(study: Study) -> bool:
    """Whether anything is known about reactive power or voltage."""
    measured = study.records.power_quality is not None or study.audit.load_before.reactive_kvar is not None
    return measured or bool(_findings(study))


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [*_reactive(study, w), *_bank(study, w), *_voltage(study, w)]


def _reactive(study: Study, w: Writer) -> Iterator[Block]:
    audit = study.audit
    pair = (analyse_reactive(audit.load_before), analyse_reactive(audit.load_after))
    if pair[0] is None:
        yield Paragraph(title=w.text("quality.no_reactive_title"), text=w.text("quality.no_reactive"), tone="warning")
        return
    yield Paragraph(text=w.text("quality.intro"))
    if audit.load_before.origin != "metered":
        yield Paragraph(text=w.text("quality.estimated"), tone="assumed")
    rows = [
        (w.text("quality.power_factor"), *(_factor(one, w) for one in pair)),
        (f"{w.text('quality.lagging')} (kvarh)", *(_value(one, "lagging_kvarh", w) for one in pair)),
        (f"{w.text('quality.leading')} (kvarh)", *(_value(one, "leading_kvarh", w) for one in pair)),
        (f"{w.text('quality.excess_co')} (kvarh)", *(_value(one, "colombia_excess_kvarh", w) for one in pair)),
        (f"{w.text('quality.excess_pe')} (kvarh)", *(_value(one, "peru_excess_kvarh", w) for one in pair)),
        (f"{w.text('quality.peak')} (kVA)", *(_apparent(one, w) for one in (audit.load_before, audit.load_after))),
    ]
    country = study.site.site.country
    yield Table(
        id="reactive",
        caption=w.text("quality.caption"),
        headings=(w.text("quantity"), w.text("state.today"), w.text("state.after_measures")),
        rows=rows,
        note=w.text("quality.note", country=w.word("country", country)),
    )


def _factor(found: ReactiveAnalysis | None, w: Writer) -> str:
    return NOTHING if found is None else w.number(found.power_factor, 3)


def _value(found: ReactiveAnalysis | None, name: str, w: Writer) -> str:
    return NOTHING if found is None else w.estimate(float(getattr(found, name)))


def _apparent(load: LoadProfile, w: Writer) -> str:
    if load.reactive_kvar is None:
        return NOTHING
    squares = load.load_kw.to_numpy() ** 2 + load.reactive_kvar.to_numpy() ** 2
    return w.estimate(float(squares.max()) ** 0.5)


def _bank(study: Study, w: Writer) -> Iterator[Block]:
    banks = [saving for saving in study.audit.savings if saving.cause == "reactive"]
    if not banks:
        return
    yield Heading(text=w.text("quality.bank_title"))
    for saving in banks:
        yield from _proposal(saving, w)


def _proposal(saving: Saving, w: Writer) -> Iterator[Block]:
    yield Paragraph(text=w.finding(saving.reason), tone="good" if saving.decision == "apply" else "quiet")
    if saving.decision != "apply":
        return
    year = w.text("unit.per_year")
    pairs: list[tuple[str, str | Cell]] = [
        (w.text("quality.bank"), w.estimate(saving.bank_kvar or None, "kvar")),
        (w.text("quality.step"), w.estimate(saving.step_kvar or None, "kvar")),
        (w.text("quality.reactive_saved"), w.estimate(saving.reactive_kvarh_per_year, f"kvarh{year}")),
        (w.text("measures.capex"), w.money(saving.capex_usd, "USD")),
    ]
    if saving.value_per_year is not None:
        pairs.append((w.text("causes.value"), f"{w.money(saving.value_per_year, saving.currency)}{year}"))
    yield Facts(pairs=pairs)


def _findings(study: Study) -> list[tuple[str, str]]:
    """Return the keys and subjects of what was found about voltage, harmonics and reactive power."""
    return [(one.key, one.subject) for one in study.findings if one.key.startswith(_ABOUT)]


def _voltage(study: Study, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("quality.voltage_title"))
    record = study.records.power_quality
    if record is not None:
        capacitors = any(one.cause == "reactive" and one.decision == "apply" for one in study.audit.savings)
        yield from quality_phases.blocks(record, w, capacitors=capacitors)
    elif not any(key.startswith(_ABOUT[:7]) for key, _ in _findings(study)):
        yield Paragraph(text=w.text("quality.no_voltage"), tone="warning")
    found = grouped((one for one in study.findings if one.key.startswith(_ABOUT)), w)
    if found:
        yield Bullets(items=[Cell(text=text, unit=f"({about})" if about else "") for text, about in found])
