"""Sentences of the sizing chapter: the answer, the proof, what forms the voltage, what was assumed."""

from collections.abc import Iterator

from mine_energy.report.blocks import Paragraph
from mine_energy.report.figures import off_grid
from mine_energy.report.format import Writer
from mine_energy.study import Sizing, Study
from mine_energy.study.sizing_result import MeaningResult, SizedPlant
from mine_energy.units import MINUTES_PER_HOUR

_SEEN = 0.5
"""A size below half a kWp, kWh or kW is none."""
_CHEAPER = 0.98
"""A plant is called cheaper from two per cent on."""
_ROUGH = 0.01
_WHOLE = 1e-6


def name_of(key: str, w: Writer) -> str:
    """Return the name of a meaning as the middle of a sentence writes it."""
    name = w.text(f"sizing.meaning.{key}")
    return name[0].lower() + name[1:]


def round_percent(share: float, w: Writer) -> str:
    """Return a share that somebody asked for: no decimals where it has none."""
    return w.percent(share, 0 if abs(100 * share - round(100 * share)) < _WHOLE else 1)


def size_words(plant: SizedPlant, w: Writer) -> str:
    """Return the sizes of a plant in words."""
    kwp, kwh, kw = (
        w.estimate(plant.pv_kwp, "kWp"),
        w.estimate(plant.battery_kwh, "kWh"),
        w.estimate(plant.battery_kw, "kW"),
    )
    words = w.text("sizing.words_pv", kwp=kwp)
    if plant.battery_kwh > _SEEN:
        words = w.text("sizing.words_battery", kwp=kwp, kwh=kwh, kw=kw)
    if plant.genset_kw > _SEEN:
        words = w.text("sizing.words_genset", plant=words, kw=w.estimate(plant.genset_kw, "kW"))
    return words


def answer(sizing: Sizing, w: Writer) -> Iterator[Paragraph]:
    """Yield what the goal asks for, what it costs and what it saves; and a cheaper plant where there is one."""
    goal = sizing.of(sizing.goal)
    title = w.text("sizing.answer_title", meaning=name_of(sizing.goal, w))
    if goal.plant is None:
        reason = w.finding(goal.reason) if goal.reason else ""
        yield Paragraph(title=title, text=w.text("sizing.answer_none", reason=reason), tone="warning")
    else:
        yield Paragraph(title=title, text=_plant_words(sizing, goal.plant, w), tone="good")
    least = next((one for one in sizing.meanings if one.key == "least_cost"), None)
    if least is None or least.plant is None or least.key == sizing.goal:
        return
    if _is_none(least.plant):
        yield Paragraph(title=w.text("sizing.cheaper_title"), text=w.text("sizing.keep_today"), tone="quiet")
    elif goal.plant is None or least.plant.annual_cost < _CHEAPER * goal.plant.annual_cost:
        yield Paragraph(title=w.text("sizing.cheaper_title"), text=_plant_words(sizing, least.plant, w), tone="good")


def _is_none(plant: SizedPlant) -> bool:
    """Whether neither array nor battery is built."""
    return plant.pv_kwp <= _SEEN and plant.battery_kwh <= _SEEN


def _plant_words(sizing: Sizing, plant: SizedPlant, w: Writer) -> str:
    base = sizing.base_case
    words = w.text(
        "sizing.answer",
        sizes=size_words(plant, w),
        investment=w.money(plant.investment, sizing.currency),
        base=w.money(base.annual_cost, sizing.currency),
        cost=w.money(plant.annual_cost, sizing.currency),
        net=w.percent(plant.annual_net_ratio, 0),
        own=w.percent(plant.self_sufficiency, 0),
    )
    return " ".join(part for part in (words, litres_words(base, plant, w)) if part)


def litres_words(base: SizedPlant, plant: SizedPlant, w: Writer) -> str:
    """Return the diesel that a plant saves against today's; empty where it saves none."""
    saved = base.fuel_l - plant.fuel_l
    if base.fuel_l <= 0 or saved <= 0:
        return ""
    return w.text("sizing.answer_litres", litres=w.estimate(saved, "L"), share=w.percent(saved / base.fuel_l, 0))


def proof_words(sizing: Sizing, w: Writer) -> Iterator[str]:
    """Yield how close to the optimum each plant is, in words."""
    for one in sizing.meanings:
        name = w.text(f"sizing.meaning.{one.key}")
        if one.plant is None:
            reason = w.finding(one.reason) if one.reason else ""
            yield w.text("sizing.not_reached", meaning=name, reason=reason)
        else:
            yield _proof(one, name, sizing.currency, w)


def _proof(one: MeaningResult, name: str, currency: str, w: Writer) -> str:
    bound, gap = w.money(one.lower_bound, currency), w.percent(one.gap, _decimals(one.gap))
    # A closed form bounds the size, and says nothing of the cost.
    key = one.bound_by if one.lower_bound is not None or one.bound_by == "closed_form" else "none"
    return w.text(f"sizing.proof_{key}", meaning=name, bound=bound, gap=gap)


def _decimals(gap: float | None) -> int:
    return 2 if gap is not None and gap < _ROUGH else 0


def last_percent(sizing: Sizing, w: Writer) -> Iterator[Paragraph]:
    """Yield what the last step of reliability costs: from the first point within a point of the last one."""
    points = sizing.frontier
    near = [point for point in points[:-1] if points[-1].coverage - point.coverage < 0.01 + 1e-9]
    if not near:
        return
    first, last = near[0], points[-1]
    yield Paragraph(
        text=w.text(
            "sizing.last_percent",
            low=w.percent(first.coverage),
            high=w.percent(last.coverage),
            more=w.money(last.annual_cost - first.annual_cost, sizing.currency),
            share=w.percent((last.annual_cost - first.annual_cost) / first.annual_cost, 0),
            investment=w.money(last.investment - first.investment, sizing.currency),
        )
    )


def forming(study: Study, sizing: Sizing, w: Writer) -> Iterator[str]:
    """Yield who holds the voltage when the grid is away, plants of one kind together: without it PV gives nothing."""
    names: dict[str, list[str]] = {}
    for one in sizing.meanings:
        if one.plant is not None and not (_is_none(one.plant) and one.plant.genset_kw <= _SEEN):
            names.setdefault(_former(study, one.plant), []).append(w.text(f"sizing.meaning.{one.key}"))
    for key, meanings in names.items():
        yield w.text(f"sizing.forming_{key}", meaning=w.join(meanings))


def _former(study: Study, plant: SizedPlant) -> str:
    if plant.battery_kwh > _SEEN and study.site.battery.grid_forming:
        return "battery"
    if plant.genset_kw > _SEEN:
        return "genset"
    return "battery_not" if plant.battery_kwh > _SEEN else "none"


def refused(sizing: Sizing, w: Writer) -> Iterator[Paragraph]:
    """Yield why a plant cannot be built as it is, and the least one of the same meaning that starts every machine."""
    for one in sizing.meanings:
        if one.refused is None:
            continue
        parts = [w.finding(one.refused)]
        if one.starting is not None:
            cost = w.money(one.starting.annual_cost, sizing.currency)
            investment = w.money(one.starting.investment, sizing.currency)
            parts.append(
                w.text("sizing.starting_plant", sizes=size_words(one.starting, w), investment=investment, cost=cost)
            )
        title = w.text("sizing.start_fails_title", meaning=w.text(f"sizing.meaning.{one.key}"))
        yield Paragraph(title=title, text=" ".join(parts), tone="warning")


def derated(study: Study, w: Writer) -> Iterator[str]:
    """Yield what the altitude leaves of each machine."""
    sizing = study.sizing
    for unit in () if sizing is None else sizing.derated:
        lost = unit.rated_kw - unit.site_kw > _SEEN
        yield w.text(
            "sizing.derated" if lost else "sizing.not_derated",
            kind=w.text(f"sizing.unit.{unit.kind}"),
            rated=w.estimate(unit.rated_kw, "kW"),
            left=w.estimate(unit.site_kw, "kW"),
            altitude=w.number(study.site.site.altitude_m, 0, "m"),
        )


def step_note(study: Study, sizing: Sizing, w: Writer) -> str:
    """Return which plants run by the hour and which on the load's own steps, where the two differ.

    A plant that has no grid compares its plants with one another, and with no bill of another chapter.
    """
    minutes = study.audit.load_after.step_minutes
    by_hour = any(one.key == "offgrid" and one.plant is not None for one in sizing.meanings)
    differ = minutes < MINUTES_PER_HOUR and by_hour and not off_grid(study)
    return w.text("sizing.hourly", minutes=w.number(minutes)) if differ else ""


def alone_note(study: Study, sizing: Sizing, w: Writer) -> str:
    """Return that off-grid coverage leaves the genset out where the site has one."""
    plant = next((one.plant for one in sizing.meanings if one.key == "offgrid"), None)
    out = study.site.genset is not None and plant is not None and plant.genset_kw <= _SEEN
    return w.text("sizing.without_genset") if out else ""


def assumed(sizing: Sizing, w: Writer) -> list[str]:
    """Return the assumptions under the sizes, prices that were not quoted among them."""
    return [w.finding(finding) for finding in sizing.findings if finding.level == "assumption"]
