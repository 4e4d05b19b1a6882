"""The motors: how loaded and how efficient they are, and what to do with each."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from mine_energy.audit import Decision, MachineResult, Option
from mine_energy.motors import efficiency_at_load
from mine_energy.motors.classes import class_efficiency, rating_span_kw
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Picture, Table, Tone
from mine_energy.report.charts import Curve, Points
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study
from mine_energy.units import NETWORK_HZ

_SMALL_KW: Final = 7.5
"""Motors below it lose visibly more: one pair of lines for all sizes would fit none of them."""
_POLES: Final = 4
_CLASSES: Final = ("IE3", "IE2")
_LOADS: Final = tuple(percent / 100 for percent in range(20, 121, 5))
_LEAST_AREA, _MOST_AREA = 18.0, 220.0
_TONES: Final[dict[str, Tone]] = {"now": "good", "undecided": "warning", "keep": "quiet"}


def applies(study: Study) -> bool:
    """Whether there is a motor with an efficiency or a decision."""
    return bool(study.audit.decisions) or any(m.efficiency_at_load is not None for m in study.audit.machines)


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [*_scatter(study, w), *_decisions(study, w)]


def _scatter(study: Study, w: Writer) -> Iterator[Block]:
    motors = [m for m in study.audit.machines if m.efficiency_at_load is not None and m.load_factor > 0]
    if not motors:
        return
    most = max(m.energy_kwh_per_year for m in motors) or 1.0
    groups = (
        ("small", [m for m in motors if m.rated_power_kw < _SMALL_KW], style.VERMILION, "o"),
        ("large", [m for m in motors if m.rated_power_kw >= _SMALL_KW], style.BLUE, "s"),
    )
    points, curves = [], []
    for name, members, colour, marker in groups:
        if not members:
            continue
        label = w.text(f"chart.motors.{name}", limit=w.number(_SMALL_KW, 1))
        points.append(_points(label, members, most, colour, marker))
        curves += list(_class_curves(median(m.rated_power_kw for m in members), colour, w))
    shown = [y for one in points for y in one.y] + [y for curve in curves for y in curve.y]
    left = min(20.0, 100 * min(m.load_factor for m in motors) - 3)
    right = max(1.2, *(m.load_factor for m in motors))
    x, y = (Scale(label=w.text(f"chart.motors.{axis}"), tick=w.tick) for axis in ("x", "y"))
    image = charts.scatter(points, curves, (x, y), x_limits=(left, 100 * right + 20), y_limits=(min(shown) - 3, 100.0))
    low = [m.tag for m in motors if m.load_factor < 0.4]
    words = {
        "count": w.number(len(motors)),
        "low": w.percent(min(m.load_factor for m in motors), 0),
        "high": w.percent(max(m.load_factor for m in motors), 0),
        "worst": w.percent(min(m.efficiency_at_load or 0.0 for m in motors)),
        "best": w.percent(max(m.efficiency_at_load or 0.0 for m in motors)),
        "under": w.number(len(low)),
    }
    alt, caption = (w.text(f"chart.motors.{key}", **words) for key in ("alt", "caption"))
    yield Picture(image=image, alt=alt, caption=caption)
    yield Paragraph(text=w.text("motors.scatter_note"))
    if low:
        yield Paragraph(text=w.text("motors.low_load", tags=w.join(low)))


def _points(label: str, members: Sequence[MachineResult], most: float, colour: str, marker: str) -> Points:
    span = _MOST_AREA - _LEAST_AREA
    return Points(
        label=label,
        x=[100 * m.load_factor for m in members],
        y=[100 * (m.efficiency_at_load or 0.0) for m in members],
        colour=colour,
        marker=marker,
        sizes=[_LEAST_AREA + span * m.energy_kwh_per_year / most for m in members],
    )


def _class_curves(power_kw: float, colour: str, w: Writer) -> Iterator[Curve]:
    """Yield what motors of each class would have at every load, at the standard rating nearest to `power_kw`."""
    for name, dashes in zip(_CLASSES, ("-", (0, (4, 2))), strict=True):
        span = rating_span_kw(name, _POLES, NETWORK_HZ)
        if span is None:
            continue
        found = class_efficiency(name, min(max(power_kw, span[0]), span[1]), _POLES, NETWORK_HZ)
        values = [100 * float(efficiency_at_load(found.value, load, found.rating_kw)) for load in _LOADS]
        label = f"{name}, {w.tick(found.rating_kw)} kW"
        yield Curve(label=label, x=[100 * load for load in _LOADS], y=values, colour=colour, dashes=dashes)


def _decisions(study: Study, w: Writer) -> Iterator[Block]:
    decisions = study.audit.decisions
    if not decisions:
        return
    yield Heading(text=w.text("motors.decisions_title"))
    yield Paragraph(text=w.text("motors.decisions_intro"))
    yield Table(
        id="decisions",
        caption=w.text("motors.decisions"),
        headings=(
            w.label("tag"),
            w.text("motors.decision"),
            f"{w.text('measures.saving')} (kWh{w.text('unit.per_year')})",
            f"{w.text('measures.capex')} (USD)",
            f"{w.text('motors.npv')} (USD)",
            w.text("motors.cce"),
            w.text("measures.reason"),
        ),
        rows=[_decision(one, w) for one in decisions],
        align=("text", "text", *("number",) * 4, "text"),
        note=w.text("motors.decisions_note"),
    )
    yield from _options(decisions, w)


def chosen_option(decision: Decision) -> Option | None:
    """Return the option that was chosen; None where nothing was decided or compared."""
    return next((option for option in decision.options if option.key == decision.chosen), None)


def _decision(decision: Decision, w: Writer) -> tuple[str | Cell, ...]:
    badge = Cell(text="", badge=w.word("decision", decision.chosen), tone=_TONES.get(decision.chosen, ""))
    option = chosen_option(decision)
    reason = w.finding(decision.reason)
    if option is None or option.key in {"keep", "at_failure_rewind"}:
        return decision.tag, badge, NOTHING, NOTHING, NOTHING, NOTHING, reason
    return (
        decision.tag,
        badge,
        w.estimate(option.saved_kwh_per_year),
        w.estimate(option.capex_usd),
        w.estimate(option.npv_usd),
        w.estimate(option.cce_usd_per_kwh, digits=2),
        reason,
    )


def _options(decisions: Sequence[Decision], w: Writer) -> Iterator[Block]:
    """Yield the money of what was compared: investment on the day and value over the years, option by option."""
    keys = [key for key in ("now", "at_failure_new", "at_failure_ie4") if _offered(decisions, key)]
    if not keys:
        return
    columns = [f"{w.word('decision', key)}: {w.text(f'motors.{what}')}" for key in keys for what in ("buy", "worth")]
    yield Table(
        id="options",
        caption=w.text("motors.options"),
        headings=(w.label("tag"), w.text("motors.kwh_value"), w.text("motors.years"), *columns),
        rows=[_cash(decision, keys, w) for decision in decisions if decision.options],
        note=w.text("motors.options_note"),
    )


def _offered(decisions: Sequence[Decision], key: str) -> bool:
    return any(option.key == key for decision in decisions for option in decision.options)


def _cash(decision: Decision, keys: Sequence[str], w: Writer) -> tuple[str | Cell, ...]:
    options = {option.key: option for option in decision.options}
    cells: list[str | Cell] = []
    for key in keys:
        option = options.get(key)  # type: ignore[call-overload]
        npv = None if option is None else option.npv_usd
        tone: Tone = "good" if npv is not None and npv > 0 else ""
        cells += [w.estimate(None if option is None else option.capex_usd), Cell(text=w.estimate(npv), tone=tone)]
    return decision.tag, w.estimate(decision.value_usd_per_kwh, digits=2), w.number(decision.years), *cells
