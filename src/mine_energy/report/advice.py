"""Three recommendations, each with money, carbon and who acts; they follow the numbers, also when these say no."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mine_energy.finance import FinanceResult
from mine_energy.loads import days_behind
from mine_energy.measures import Saving
from mine_energy.report.chapters.sizing_words import litres_words, size_words
from mine_energy.report.chapters.uncertainty import first_step
from mine_energy.report.figures import assumed_share, class_change, first_scope_t, has_pv, off_grid
from mine_energy.report.format import Writer
from mine_energy.study import State, Study

_CHEAPER = 0.98
"""A plant is worth a word from two per cent on."""
_NOTABLE_GAP: Final = 0.1
"""Share of the metered energy without a machine from which to look for it comes first."""


_PLACES: Final[Mapping[str, str]] = {
    "pv": "finance",
    "pv_none": "reliability",
    "pv_wait": "finance",
    "pv_offgrid": "finance",
    "pv_wait_offgrid": "finance",
    "act": "measures",
    "act_and_wait": "measures",
    "act_selected": "measures",
    "replace_later": "energy",
    "keep": "energy",
    "measure": "answer",
    "measure_offgrid": "answer",
    "measure_weeks": "answer",
    "measure_rows": "answer",
    "quotes": "answer",
}
"""Chapters that say more of each advice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One recommendation.

    Parameters
    ----------
    title, text
        What to do, and why.
    pairs
        Money, carbon and who acts, with their names.
    place
        Id of the place in the report that says more.
    """

    title: str
    text: str
    pairs: tuple[tuple[str, str], ...]
    place: str


def advice(study: Study, w: Writer) -> tuple[Advice, ...]:
    """Return what the study recommends about the data, the machines and PV, in the order in which to act.

    Where the plant is not measured, measuring comes first; then what pays, the larger gain before the smaller.
    """
    decisions = [(_value(study.finance.pv), _pv(study, w)), (_value(study.finance.measures), _machines(study, w))]
    decided = [one for _, one in sorted(decisions, key=lambda pair: pair[0], reverse=True)]
    data = _data(study, w)
    return (data, *decided) if _unmeasured(study) else (*decided, data)


def _unmeasured(study: Study) -> bool:
    return not _metered(study) or assumed_share(study) > 0


def _metered(study: Study) -> bool:
    return study.audit.load_before.origin == "metered"


def _value(result: FinanceResult | None) -> float:
    return 0.0 if result is None else _base_npv(result)


def _advice(w: Writer, key: str, text: str, money: str, carbon: str) -> Advice:
    pairs = (
        (w.text("advice.money"), money),
        (w.text("advice.carbon"), carbon),
        (w.text("advice.who"), w.text(f"advice.{key}.who")),
    )
    place = _PLACES.get(key, "plant")
    return Advice(title=w.text(f"advice.{key}.title"), text=text, pairs=pairs, place=place)


def _machines(study: Study, w: Writer) -> Advice:
    result = study.finance.measures
    if not study.audit.machines:
        return _advice(
            w, "inventory", w.text("advice.inventory.text"), w.text("advice.no_cost"), w.text("advice.unknown")
        )
    if result is None:
        return _advice(w, "keep", w.text("advice.keep.text"), w.text("advice.no_cost"), w.text("advice.unchanged"))
    saved = study.audit.energy_before_kwh - study.audit.energy_after_kwh
    share = saved / study.audit.energy_before_kwh if study.audit.energy_before_kwh else 0.0
    now, later = _timing(study)
    key = _machines_key(_base_npv(result) >= 0, now, later)
    adopted = key == "act_and_wait" and study.audit.adopt == "worthwhile"
    words = w.text(
        f"advice.{key}.text_adopted" if adopted else f"advice.{key}.text",
        **_counted(now, later, w),
        kwh=w.estimate(saved, "kWh"),
        share=w.percent(share),
        years=w.number(result.horizon_years),
    )
    waiting = w.text("advice.act_selected.later", **_counted(now, later, w)) if key == "act_selected" and later else ""
    change = class_change(study)
    other = w.text("class_change.advice", amount=w.money(change, result.currency)) if change else ""
    text = " ".join(part for part in (words, waiting, _saving_band(study, w), other) if part)
    money = "; ".join(part for part in (_money(result, w), _npv_band(study, w)) if part)
    return _advice(w, key, text, money, _cut(study.states[0], study.states[1], study, w))


def _counted(now: int, later: int, w: Writer) -> dict[str, str]:
    """Return what is done now and what waits as words that agree with their number."""
    counts = {"done": now, "saves": now, "later": later, "motors": later}
    return {
        name: w.text(f"advice.counted.{name}_{'one' if count == 1 else 'many'}", count=count)
        for name, count in counts.items()
    }


def _timing(study: Study) -> tuple[int, int]:
    """Return how many savings are due now, and how many motors wait for their failure."""
    chosen = {decision.tag: decision.chosen for decision in study.audit.decisions}
    applied = [saving for saving in study.audit.savings if saving.decision == "apply" or _is_swap(saving)]
    waiting = sum(_waits(saving, chosen) for saving in applied)
    return len(applied) - waiting, waiting


def _is_swap(saving: Saving) -> bool:
    """Whether a better motor is possible but not bought now: the motor is replaced or rewound when it fails."""
    return saving.decision == "listed" and saving.measure == "replacement"


def _waits(saving: Saving, chosen: Mapping[str, str]) -> bool:
    """Whether a saving waits for the failure of its motor: the decision about the motor rules where there is one."""
    if saving.measure == "replacement" and saving.tag in chosen and chosen[saving.tag] != "undecided":
        return chosen[saving.tag] != "now"
    return saving.when == "at_failure"


def _machines_key(pays: bool, now: int, later: int) -> str:
    """Return which advice fits: act, act and wait for failures, only wait, or get better prices first."""
    if not now:
        return "replace_later"
    if not pays:
        return "act_selected"
    return "act_and_wait" if later else "act"


def _saving_band(study: Study, w: Writer) -> str:
    drawn = study.audit.uncertainty
    if drawn is None or drawn.saving.energy_kwh.p90 <= 0:
        return ""
    band = drawn.saving.energy_kwh
    return w.text("advice.saving_band", span=w.span(band.p10, band.p90, "kWh"), middle=w.estimate(band.p50, "kWh"))


def _npv_band(study: Study, w: Writer) -> str:
    drawn = study.audit.uncertainty
    if drawn is None or drawn.money is None:
        return ""
    band = drawn.money.total.npv
    return w.text("advice.npv_band", currency=drawn.money.currency, span=w.span(band.p10, band.p90))


def _pv(study: Study, w: Writer) -> Advice:
    result, design = study.finance.pv, study.design.after_measures
    if not has_pv(study):
        return _advice(
            w, "pv_none", w.text("advice.pv_none.text"), w.text("advice.no_cost"), w.text("advice.unchanged")
        )
    key = "pv" if _base_npv(result) >= 0 else "pv_wait"
    key += "_offgrid" if off_grid(study) else ""
    words = w.text(
        f"advice.{key}.text",
        kwp=w.estimate(design.pv_kwp, "kWp"),
        inverter=w.estimate(design.inverter_kw, "kW"),
        area=w.estimate(design.ground_area_m2, "m²"),
        share=w.percent(study.coverage.after_measures.self_sufficiency, 0),
        years=w.number(result.horizon_years),
    )
    text = " ".join(part for part in (words, _over_budget(study, w), _with_battery(study, w)) if part)
    return _advice(w, key, text, _money(result, w), _cut(study.states[1], study.states[2], study, w))


def _over_budget(study: Study, w: Writer) -> str:
    """Return that measures and array cost more than the owner has, and what the money buys where it was sized."""
    over = [w.finding(one) for one in study.finance.both.findings if one.key == "finance_over_budget"]
    bought = study.sizing.budget if study.sizing else None
    if over and bought is not None:
        over.append(w.text("advice.budget_buys", sizes=size_words(bought.plant, w)))
    return " ".join(over)


def _with_battery(study: Study, w: Writer) -> str:
    """Return what a battery would change where the plant of least cost has one and clearly costs less."""
    sizing = study.sizing
    least = next((one.plant for one in sizing.meanings if one.key == "least_cost"), None) if sizing else None
    if sizing is None or least is None or least.battery_kwh < 1 or sizing.goal == "least_cost":
        return ""
    goal, base = sizing.of(sizing.goal).plant, sizing.base_case
    without = min(base.annual_cost, goal.annual_cost if goal else base.annual_cost)
    if least.annual_cost > _CHEAPER * without:
        return ""
    words = w.text(
        "advice.with_battery",
        sizes=size_words(least, w),
        investment=w.money(least.investment, sizing.currency),
        base=w.money(base.annual_cost, sizing.currency),
        cost=w.money(least.annual_cost, sizing.currency),
    )
    return " ".join(part for part in (words, litres_words(base, least, w)) if part)


def _data(study: Study, w: Writer) -> Advice:
    if not _unmeasured(study):
        return _advice(w, "quotes", w.text("advice.quotes.text"), w.text("advice.no_cost"), w.text("advice.unchanged"))
    decided = w.money(study.finance.both.capex, study.finance.currency)
    text = w.text("advice.measure.text", capex=decided)
    drawn = study.audit.uncertainty
    first = first_step(drawn, study, w) if drawn is not None and drawn.plan else ""
    key = "measure_offgrid" if off_grid(study) else "measure"
    days = days_behind(study.audit.load_before)
    if days is not None:
        gap = study.audit.reconciliation.gap_fraction or 0.0
        unknown = w.text("advice.measure_weeks.gap", share=w.percent(gap, 0)) if gap > _NOTABLE_GAP else ""
        words = w.text("advice.measure_weeks.text", days=days, capex=decided)
        key, text = "measure_weeks", f"{words} {unknown}".strip()
    if _metered(study):
        share = w.percent(assumed_share(study), 0)
        key, text = "measure_rows", w.text("advice.measure_rows.text", share=share, capex=decided)
    return _advice(w, key, f"{text} {first}".strip(), w.text("advice.no_cost"), w.text("advice.unchanged"))


def _base_npv(result: FinanceResult) -> float:
    return next(value.npv for value in result.npv if value.label == "base")


def _money(result: FinanceResult, w: Writer) -> str:
    key = "advice.money_text" if result.simple_payback_years is not None else "advice.money_never"
    return w.text(
        key,
        capex=w.money(result.capex, result.currency),
        saving=w.money(result.annual_saving, result.currency),
        payback=w.estimate(result.simple_payback_years, digits=2),
        npv=w.money(_base_npv(result), result.currency),
    )


def _cut(before: State, after: State, study: Study, w: Writer) -> str:
    if off_grid(study):
        cut = (first_scope_t(before) or 0.0) - (first_scope_t(after) or 0.0)
        return w.text("advice.cut_fuel", tonnes=w.estimate(cut, "t CO₂e", digits=2))
    location = before.scope2.location_t_co2e - after.scope2.location_t_co2e
    market = before.scope2.market_t_co2e - after.scope2.market_t_co2e
    return w.text(
        "advice.cut_grid",
        location=w.estimate(location, digits=2),
        market=w.estimate(market, "t CO₂e", digits=2),
    )
