"""Quality of the supply phase by phase: voltage, distortion, unbalance, dips, currents, and what motors make of it."""

from collections.abc import Iterator

from mine_energy.loads import PowerQuality
from mine_energy.loads.quality_result import DURATION_SHARES, DistortionPhase, QualityLimit, VoltagePhase
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Heading, Paragraph, Picture, Table
from mine_energy.report.charts import Curve
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale

_COLOURS = (style.BLUE, style.VERMILION, style.GREEN)
_MARGIN_PERCENT = 3.0
_DERATED_FROM = 0.01
"""NEMA MG 1: up to here a motor carries its rated load."""


def blocks(found: PowerQuality, w: Writer, *, capacitors: bool) -> Iterator[Block]:
    """Yield the section about a record of quality.

    Parameters
    ----------
    found
        The record.
    w
        Writes texts.
    capacitors
        Whether a measure proposes them.
    """
    yield Paragraph(text=_record(found, w))
    yield Paragraph(text=w.text("quality.class_a"), tone="assumed")
    yield from _voltage(found, w)
    yield from _distortion(found, w)
    yield from _events(found, w)
    yield from _currents(found, w)
    yield from _motors(found, w, capacitors=capacitors)


def _record(found: PowerQuality, w: Writer) -> str:
    length = ""
    if found.step_minutes is not None and found.days is not None:
        minutes, days = w.estimate(found.step_minutes, digits=4), w.number(found.days, 1)
        length = w.text("quality.record_length", minutes=minutes, days=days)
    return w.text(
        "quality.record",
        file=w.subject(found.file),
        intervals=w.number(found.intervals),
        length=length,
        nominal=NOTHING if found.nominal_v is None else w.estimate(found.nominal_v, "V", digits=5),
        rules=w.text(f"quality.rules_{found.rules}"),
    )


def limit_of(found: PowerQuality, start: str) -> QualityLimit | None:
    """Return the limit that was used whose key begins so."""
    return next((one for one in found.limits if one.key.startswith(start)), None)


def _note(found: PowerQuality, start: str, w: Writer, sign: str = "") -> str:
    one, share = limit_of(found, start), limit_of(found, "quality_share")
    if one is None or share is None:
        return ""
    return w.text(
        "quality.limit_note",
        value=f"{sign}{w.percent(one.value, 0)}",
        source=one.source,
        confidence=one.confidence,
        share=w.percent(share.value, 0),
    )


def _phase(phase: str, heading: str) -> str:
    return phase or heading


def _voltage(found: PowerQuality, w: Writer) -> Iterator[Block]:
    if not found.voltages:
        return
    yield Table(
        id="quality-voltage",
        caption=w.text("quality.voltage_caption"),
        headings=(
            w.text("quality.phase"),
            *(f"{w.text(f'quality.{key}')} (V)" for key in ("reference", "low", "mean", "high")),
            w.text("quality.outside"),
        ),
        rows=[
            (
                _phase(one.phase, one.heading),
                *(w.number(value, 1) for value in (one.reference_v, one.low_v, one.mean_v, one.high_v)),
                w.percent(one.outside),
            )
            for one in found.voltages
        ],
        note=_note(found, "voltage_band", w, "±"),
    )
    held = [one for one in found.voltages if one.reference_v]
    band = limit_of(found, "voltage_band")
    if held and band is not None:
        yield _duration(held, band.value, w)


def _duration(held: list[VoltagePhase], band: float, w: Writer) -> Picture:
    """Draw the duration curve of every phase over its reference, with the band."""
    curves = []
    for place, one in enumerate(held):
        reference = one.reference_v or 1.0
        curves.append(
            Curve(
                label=_phase(one.phase, one.heading),
                x=tuple(100 * share for share in DURATION_SHARES),
                y=tuple(100 * float(value) / reference for value in one.duration_v),
                colour=_COLOURS[place % len(_COLOURS)],
                dashes=("-", (0, (5, 2)), (0, (1, 1.5)))[place % 3],
            )
        )
    low, high = min(curve.y[-1] for curve in curves), max(curve.y[0] for curve in curves)
    edges = (100 * (1 - band), 100 * (1 + band))
    for edge in edges:
        curves.append(Curve(label="", x=(0.0, 100.0), y=(edge, edge), colour=style.QUIET, dashes=(0, (2, 2))))
    x, y = (Scale(label=w.text(f"chart.voltage.{axis}"), tick=w.tick) for axis in ("x", "y"))
    limits = (min(low, edges[0]) - _MARGIN_PERCENT, max(high, edges[1]) + _MARGIN_PERCENT)
    image = charts.scatter([], curves, (x, y), x_limits=(0.0, 108.0), y_limits=limits)
    names = {"low": low, "high": high, "band_low": edges[0], "band_high": edges[1]}
    words = {name: w.percent(value / 100, 1) for name, value in names.items()}
    alt, caption = (w.text(f"chart.voltage.{key}", **words) for key in ("alt", "caption"))
    return Picture(image=image, alt=alt, caption=caption)


def _distortion(found: PowerQuality, w: Writer) -> Iterator[Block]:
    if found.distortion:
        yield Table(
            id="quality-thd",
            caption=w.text("quality.thd_caption"),
            headings=tuple(w.text(f"quality.{key}") for key in ("phase", "thd_of", "p95", "high", "over")),
            rows=[_distorted(one, w) for one in found.distortion],
            align=("text", "text", "number", "number", "number"),
            note=_note(found, "thd_voltage", w),
        )


def _distorted(one: DistortionPhase, w: Writer) -> tuple[str, ...]:
    of = w.text(f"quality.of_{one.of}")
    return (_phase(one.phase, one.heading), of, w.percent(one.p95), w.percent(one.highest), w.percent(one.over))


def event_rows(found: PowerQuality, w: Writer) -> list[tuple[str, str, str]]:
    """Return name, value and limit of unbalance, dips and interruptions, as far as they are known."""
    rows: list[tuple[str, str, str]] = []
    unbalance, dips = found.unbalance, found.dips

    def most(start: str) -> str:
        one = limit_of(found, start)
        return NOTHING if one is None else w.percent(one.value, 0)

    if unbalance is not None:
        rows += [
            (w.text("quality.unbalance_p95"), w.percent(unbalance.p95, 2), most("unbalance")),
            (w.text("quality.unbalance_highest"), w.percent(unbalance.highest, 2), NOTHING),
            (w.text("quality.unbalance_over"), w.percent(unbalance.over), most("quality_share")),
        ]
        if unbalance.nema_p95 is not None:
            rows.append((w.text("quality.unbalance_nema"), w.percent(unbalance.nema_p95, 2), w.percent(_DERATED_FROM)))
        rows.append((w.text("quality.output_factor"), w.percent(unbalance.output_factor, 0), NOTHING))
    if dips is not None:
        if dips.dips is not None:
            rows.append((w.text(f"quality.dips_{dips.counted}"), w.number(dips.dips), NOTHING))
        rows.append((w.text(f"quality.interruptions_{dips.counted}"), w.number(dips.interruptions), NOTHING))
        if dips.lowest is not None:
            rows.append((w.text("quality.lowest"), w.percent(dips.lowest), most("sag_threshold")))
    return rows


def _events(found: PowerQuality, w: Writer) -> Iterator[Block]:
    rows = event_rows(found, w)
    if rows:
        yield Table(
            id="quality-events",
            caption=w.text("quality.events_caption"),
            headings=(w.text("quantity"), w.text("quality.value"), w.text("quality.limit")),
            rows=rows,
            note=_note(found, "unbalance", w),
        )
    if found.unbalance is None:
        yield Paragraph(text=w.text("quality.unbalance_unknown"), tone="quiet")
    if found.dips is None or found.dips.dips is None:
        yield Paragraph(text=w.text("quality.dips_unknown"), tone="quiet")


def _currents(found: PowerQuality, w: Writer) -> Iterator[Block]:
    if not found.currents:
        return
    spread = found.current_unbalance
    note = ""
    if spread is not None:
        shares = {"p95": spread.p95, "highest": spread.highest, "used": spread.used}
        note = w.text("quality.current_note", **{name: w.percent(value) for name, value in shares.items()})
    yield Table(
        id="quality-current",
        caption=w.text("quality.current_caption"),
        headings=(w.text("quality.phase"), *(f"{w.text(f'quality.{key}')} (A)" for key in ("mean", "p95", "high"))),
        rows=[
            (_phase(one.phase, one.heading), *(w.number(value, 1) for value in (one.mean_a, one.p95_a, one.high_a)))
            for one in found.currents
        ],
        note=note,
    )


def _motors(found: PowerQuality, w: Writer, *, capacitors: bool) -> Iterator[Block]:
    yield Heading(text=w.text("quality.motors_title"))
    if found.unbalance is not None:
        nema, left = found.unbalance.nema_p95, found.unbalance.output_factor
        used = found.unbalance.p95 if nema is None else nema
        shares = {"percent": w.percent(used, 2)}
        if used > _DERATED_FROM:
            text = w.text("quality.motors_derate", **shares, output=w.percent(left, 0))
            yield Paragraph(text=text, tone="warning")
        else:
            yield Paragraph(text=w.text("quality.motors_fine", **shares), tone="good")
    if found.voltages:
        yield Paragraph(text=w.text("quality.motors_voltage"))
    if not capacitors:
        return
    worst = max((one.p95 for one in found.distortion if one.of == "voltage"), default=None)
    if worst is None:
        yield Paragraph(text=w.text("quality.resonance_unmeasured"), tone="warning")
    else:
        yield Paragraph(text=w.text("quality.resonance", thd=w.percent(worst)), tone="warning")
