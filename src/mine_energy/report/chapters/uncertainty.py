"""How well the results are known, what matters most in them, and what to meter next."""

from collections.abc import Iterator, Sequence
from typing import Final

from mine_energy.audit import AuditUncertainty, Influence, MeasurementStep
from mine_energy.audit.measurement_plan import instruments
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Picture, Table
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study
from mine_energy.uncertainty import Band

_BARS: Final = 6


def applies(study: Study) -> bool:
    """Whether the audit was simulated."""
    return study.audit.uncertainty is not None


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    drawn = study.audit.uncertainty
    if drawn is None:
        return []
    return [
        Paragraph(text=w.text(f"uncertainty.basis_{drawn.basis}", draws=w.number(drawn.draws), seed=str(drawn.seed))),
        _totals(drawn, w),
        *([Paragraph(text=w.text("uncertainty.network"), tone="assumed")] if study.audit.network else []),
        *_processes(drawn, w),
        *_causes(drawn, w),
        *_tornados(drawn, w),
        *plan_blocks(drawn, study, w),
    ]


def _totals(drawn: AuditUncertainty, w: Writer) -> Table:
    year = w.text("unit.per_year")
    rows: list[tuple[str | Cell, ...]] = [
        (w.text("uncertainty.plant"), *_three(drawn.plant.energy_kwh, w), f"kWh{year}"),
        (w.text("uncertainty.saving"), *_three(drawn.saving.energy_kwh, w), f"kWh{year}"),
    ]
    money = drawn.money
    if money is not None:
        total, never = money.total, w.text("money.never")
        years = (total.payback.p10_years, total.payback.p50_years, total.payback.p90_years)
        rows += [
            (w.text("measures.capex"), *_three(total.capex, w), money.currency),
            (w.label("npv_usd"), *_three(total.npv, w), money.currency),
            (
                w.label("payback_years"),
                *(never if one is None else w.estimate(one, digits=2) for one in years),
                w.text("unit.years"),
            ),
            (w.text("uncertainty.price"), *(w.estimate(v, digits=3) for v in _values(money.price_per_kwh)), "USD/kWh"),
        ]
    note = "" if money is None else w.text("uncertainty.loss", share=w.percent(money.total.loss_probability))
    return Table(
        id="bands",
        caption=w.text("uncertainty.caption"),
        headings=(w.text("quantity"), "P10", "P50", "P90", w.label("unit")),
        rows=rows,
        align=("text", "number", "number", "number", "text"),
        note=f"{w.text('uncertainty.note')} {note}".strip(),
    )


def _values(band: Band) -> tuple[float, float, float]:
    return band.p10, band.p50, band.p90


def _three(band: Band, w: Writer) -> tuple[str, str, str]:
    return w.estimate(band.p10), w.estimate(band.p50), w.estimate(band.p90)


def _processes(drawn: AuditUncertainty, w: Writer) -> Iterator[Block]:
    if drawn.processes:
        names = [w.word("process", one.name) for one in drawn.processes]
        yield _bars("process", names, [one.energy_kwh for one in drawn.processes], "import", w)


def _causes(drawn: AuditUncertainty, w: Writer) -> Iterator[Block]:
    saving = [one for one in drawn.causes if one.energy_kwh.p90 > 0]
    if saving:
        names = [w.word("saving_cause", one.cause) for one in saving]
        yield _bars("cause", names, [one.energy_kwh for one in saving], "saving", w)


def _bars(kind: str, names: list[str], bands: list[Band], mark: style.Role, w: Writer) -> Picture:
    order = sorted(range(len(bands)), key=lambda i: -bands[i].p50)
    names, bands = [names[i] for i in order], [bands[i] for i in order]
    scale = Scale(label=w.text(f"chart.bands.axis_{kind}"), tick=w.tick)
    image = charts.horizontal_bars(
        names,
        [band.p50 for band in bands],
        scale,
        w.estimate,
        mark=style.MARKS[mark],
        bands=[(band.p10, band.p90) for band in bands],
    )
    listed = w.join([f"{n} {w.span(b.p10, b.p90, 'kWh')}" for n, b in zip(names, bands, strict=True)])
    alt, first = w.text("chart.bands.alt", listed=listed), bands[0]
    ends = {"low": w.estimate(first.p10), "high": w.estimate(first.p90)}
    return Picture(image=image, alt=alt, caption=w.text(f"chart.bands.caption_{kind}", name=names[0], **ends))


def _tornados(drawn: AuditUncertainty, w: Writer) -> Iterator[Block]:
    # Where something is saved, what moves the saving decides; the plan of measurement looks at the energy too.
    first = ("saving", drawn.on_saving) if drawn.on_saving else ("energy", drawn.on_energy)
    results = (first, ("npv", drawn.on_npv))
    shown = [(name, bars[:_BARS]) for name, bars in results if bars]
    if not shown:
        return
    yield Heading(text=w.text("uncertainty.matters_title"))
    yield Paragraph(text=w.text("uncertainty.matters"))
    for name, bars in shown:
        unit = drawn.money.currency if name == "npv" and drawn.money is not None else ""
        scale = Scale(label=w.text(f"chart.tornado.axis_{name}", currency=unit), tick=w.tick)
        labels = [influence_words(one, w) for one in bars]
        ends = [(one.at_p10, one.at_p90) for one in bars]
        legend = (w.text("chart.tornado.low"), w.text("chart.tornado.high"))
        image = charts.tornado(labels, ends, bars[0].base, legend, scale)
        listed = w.join([f"{n} {w.span(min(e), max(e))}" for n, e in zip(labels, ends, strict=True)])
        alt = w.text("chart.tornado.alt", base=w.estimate(bars[0].base), listed=listed)
        reached = {"low": w.estimate(min(ends[0])), "high": w.estimate(max(ends[0])), "currency": unit}
        yield Picture(image=image, alt=alt, caption=w.text(f"chart.tornado.caption_{name}", name=labels[0], **reached))


def influence_words(one: Influence, w: Writer) -> str:
    """Return what an input is, in words."""
    subject = one.subject
    if one.kind in {"effect", "capex"}:
        measure, _, tag = subject.partition(" ")
        subject = f"{w.word('measure', measure)}, {tag}"
    elif one.kind == "common_load":
        subject = w.word("load_method", subject.removeprefix("readings "))
    elif one.kind == "common_hours":
        subject = w.word("driver", subject)
    return w.text(f"influence.{one.kind}", subject=subject, members=one.members)


def plan_blocks(drawn: AuditUncertainty, study: Study, w: Writer) -> Iterator[Block]:
    """Yield the plan of measurement: what, with which instrument, for how long, and what it is worth."""
    if not drawn.plan:
        return
    names = {machine.tag: machine.description for machine in study.audit.machines}
    yield Heading(text=w.text("plan.title"))
    yield Paragraph(title=w.text("plan.first_title"), text=first_step(drawn, study, w), tone="good")
    yield Table(
        id="plan",
        caption=w.text("plan.caption"),
        headings=(
            w.text("plan.step"),
            w.text("plan.quantity"),
            w.text("plan.instrument"),
            w.text("plan.days"),
            w.text("plan.energy_left"),
            w.text("plan.saving_left"),
            w.text("plan.split_left"),
        ),
        rows=[_step(number, step, names, w) for number, step in enumerate(drawn.plan, 1)],
        align=("text", "text", "text", *("number",) * 4),
        note=_plan_note(drawn.plan, w),
    )


def _plan_note(plan: Sequence[MeasurementStep], w: Writer) -> str:
    note = w.text("plan.note")
    stays = next((step for step in plan if step.quantity == "energy"), None)
    return note if stays is None else f"{note} {w.text('plan.note_stays', days=_days_enough(stays))}"


def first_step(drawn: AuditUncertainty, study: Study, w: Writer) -> str:
    """Return what to meter first and how much narrower it makes the bands, in one sentence."""
    step = drawn.plan[0]
    name = next((m.description for m in study.audit.machines if m.tag == step.tag), "")
    return w.text(
        f"plan.first_{step.quantity}",
        machine=f"{step.tag} ({name})" if name else step.tag,
        instrument=_inside(w.word("instrument", step.instrument.key)),
        days=_days_enough(step),
        energy=w.percent(1 - step.energy_left, 0),
        saving=w.percent(1 - step.saving_left, 0),
    )


def _days_enough(step: MeasurementStep) -> int:
    """Return how long a reading takes to narrow the bands as the plan says.

    A sub-meter stays for good, but its step rests on the readings of power and of hours that it stands for: it is as
    good as both once it has been there as long as the slower of the two.
    """
    if step.quantity != "energy":
        return step.instrument.days
    known = instruments()
    return min(step.instrument.days, max(known["power"].days, known["hours"].days))


def _inside(word: str) -> str:
    """Return a word of a list as it stands inside a sentence."""
    return word[:1].lower() + word[1:]


def _step(number: int, step: MeasurementStep, names: dict[str, str], w: Writer) -> tuple[str | Cell, ...]:
    instrument = w.word("instrument", step.instrument.key)
    return (
        Cell(text=f"{number}. {step.tag}", unit=names.get(step.tag, "")),
        w.text(f"plan.read_{step.quantity}"),
        Cell(text=instrument, unit=f"±{w.percent(step.instrument.band, 0)}"),
        w.number(step.instrument.days),
        w.percent(step.energy_left, 0),
        w.percent(step.saving_left, 0),
        w.percent(step.split_left, 0),
    )
