"""Colombia's step of the settlement at its limit of inverter power: three bills, one sentence, and the sweep."""

from collections.abc import Iterator

from mine_energy.errors import Finding, Param
from mine_energy.report import charts
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters.bill_lines import line_rows, money_unit
from mine_energy.report.charts import SizeLine, SizeMark
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.study.bills_result import ClassStep, SizeBill
from mine_energy.tariffs.co_sweep import SweepPoint

_LINES = 4
"""As many as a chart tells apart."""
_WHOLE_KW = 1e-6
_DIGITS = 4
"""Sizes differ by a few per cent of what they save."""


def blocks(step: ClassStep, w: Writer) -> Iterator[Block]:
    """Yield the three bills, why they differ, and what other sizes save."""
    yield Heading(text=w.text("step.title"))
    sentence = one_sentence(step)
    plain = w.text("step.none", limit=w.number(step.limit_kw_ac))
    yield Paragraph(text=plain if sentence is None else w.finding(sentence), tone="warning" if sentence else "quiet")
    yield _bills(step, w)
    if len(step.sweep.points) > 1:
        yield _picture(step, w)
    yield Paragraph(text=_again(step, w))


def one_sentence(step: ClassStep) -> Finding | None:
    """Return why a bill above the limit is dearer than the best within it, with the sizes of the three bills.

    Where the three do not show the step, the sweep may; where neither does, there is none.
    """
    best = max((one for one in step.bills if one.small_class), key=lambda one: one.saving, default=None)
    worse = [one for one in step.bills if best and not one.small_class and one.saving < best.saving]
    if best is None or not worse:
        return next((finding for finding in step.sweep.findings if finding.key == "tariff_class_step"), None)
    params: dict[str, Param] = {
        "small_kw": best.inverter_kw_ac,
        "small_saving": best.saving,
        "large_kw": worse[-1].inverter_kw_ac,
        "large_saving": worse[-1].saving,
        "currency": step.currency,
    }
    return Finding(key="tariff_class_step", level="info", params=params)


def _bills(step: ClassStep, w: Writer) -> Table:
    made = step.bills
    rows: list[tuple[str | Cell, ...]] = [
        (w.text("step.modules"), *(w.estimate(one.pv_kwp, "kWp") for one in made)),
        (w.text("step.class"), *(_class(one, step, w) for one in made)),
        *line_rows([one.totals for one in made], step.currency, w, _DIGITS),
    ]
    if any(one.credit_left for one in made):
        left = (w.estimate(one.credit_left, digits=_DIGITS) for one in made)
        rows.append((w.text("bills.credit_left", currency=step.currency), *left))
    payable = (w.estimate(one.payable, digits=_DIGITS) for one in made)
    rows.append((w.text("bills.payable", currency=step.currency), *payable))
    return Table(
        id="class-step",
        caption=w.text("step.bills", currency=step.currency),
        headings=(
            w.text("step.size"),
            *(w.number(one.inverter_kw_ac, _decimals(one), w.text("unit.kw_ac")) for one in made),
        ),
        rows=rows,
        foot=(
            w.text("step.saving", currency=step.currency),
            *(w.estimate(one.saving, digits=_DIGITS) for one in made),
        ),
        note=w.text("step.note", without=w.money(step.without_pv, step.currency, _DIGITS)),
    )


def _decimals(one: SizeBill) -> int:
    return 0 if abs(one.inverter_kw_ac - round(one.inverter_kw_ac)) < _WHOLE_KW else 1


def _class(one: SizeBill, step: ClassStep, w: Writer) -> str:
    key = "step.small" if one.small_class else "step.large"
    return w.text(key, limit=w.number(step.limit_kw_ac))


def _picture(step: ClassStep, w: Writer) -> Picture:
    points = step.sweep.points
    factor, unit = money_unit(max(abs(point.saving) for point in points), step.currency, w)
    lines = [_line(points, modules, factor, w) for modules in _chosen(points)]
    marks = [
        SizeMark(label=_size(point, w), size=point.inverter_kw_ac, value=point.saving / factor)
        for point in (step.sweep.best_small, step.sweep.best_large)
        if point is not None and any(point.pv_kwp == modules for modules in _chosen(points))
    ]
    scales = (
        Scale(label=w.text("chart.sizes.across"), tick=w.tick),
        Scale(label=w.text("chart.sizes.up", unit=unit), tick=w.tick),
    )
    limit = (step.limit_kw_ac, w.text("chart.sizes.limit", limit=w.number(step.limit_kw_ac)))
    words = {"limit": w.number(step.limit_kw_ac), "best": _best_words(step, w)}
    return Picture(
        image=charts.size_sweep(lines, limit, marks, scales),
        alt=w.text("chart.sizes.alt", count=len(points), **words),
        caption=w.text("chart.sizes.caption", **words),
    )


def _chosen(points: tuple[SweepPoint, ...]) -> list[float]:
    """Return the sizes in kWp to draw: those of the best plants first, then evenly over the rest."""
    sizes = sorted({point.pv_kwp for point in points})
    if len(sizes) <= _LINES:
        return sizes
    best = [_best(points, small=small).pv_kwp for small in (True, False) if any(p.small_class is small for p in points)]
    spread = [sizes[round(i * (len(sizes) - 1) / (_LINES - 1))] for i in range(_LINES)]
    return sorted(list(dict.fromkeys([*best, *spread]))[:_LINES])


def _best(points: tuple[SweepPoint, ...], *, small: bool) -> SweepPoint:
    return max((point for point in points if point.small_class is small), key=lambda point: point.saving)


def _line(points: tuple[SweepPoint, ...], modules: float, factor: float, w: Writer) -> SizeLine:
    own = sorted((point for point in points if point.pv_kwp == modules), key=lambda point: point.inverter_kw_ac)
    return SizeLine(
        label=w.estimate(modules, "kWp"),
        sizes=[point.inverter_kw_ac for point in own],
        values=[point.saving / factor for point in own],
    )


def _size(point: SweepPoint, w: Writer) -> str:
    return f"{w.number(point.inverter_kw_ac)} {w.text('unit.kw_ac')}"


def _best_words(step: ClassStep, w: Writer) -> str:
    found = [point for point in (step.sweep.best_small, step.sweep.best_large) if point is not None]
    return w.join([f"{_size(p, w)}: {w.money(p.saving, step.currency, _DIGITS)}" for p in found])


def _again(step: ClassStep, w: Writer) -> str:
    """Return from which size above the limit a plant saves as much as the best one within it."""
    sweep = step.sweep
    if sweep.best_small is None or sweep.best_large is None:
        return w.text("step.one_side")
    best = {
        "small": w.number(sweep.best_small.inverter_kw_ac),
        "kwp": w.estimate(sweep.best_small.pv_kwp, "kWp"),
        "saving": w.money(sweep.best_small.saving, step.currency, _DIGITS),
    }
    again = sweep.smallest_large_as_good
    if again is None:
        tried = w.number(max(point.inverter_kw_ac for point in sweep.points))
        return w.text("step.never_again", tried=tried, **best)
    return w.text("step.again", large=w.number(again.inverter_kw_ac), large_kwp=w.estimate(again.pv_kwp, "kWp"), **best)
