"""Which figure moves a project's present value most, each moved alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import fsum

from mine_energy.errors import InputError, Problem
from mine_energy.finance.formulas import npv
from mine_energy.finance.project import Case, Project, cash_table, fraction_of, frame_of
from mine_energy.finance.rates import rates_of
from mine_energy.finance.stream import CapexLine, Stream

_PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One figure moved alone.

    Parameters
    ----------
    key
        ``capex``, ``om``, ``saving``, ``replacements``, ``discount_rate``, ``inflation``, ``mine_life_years``,
        ``energy_escalation_real``, ``dollar_dearer``.
    low, base, high
        Its values; factors for the first four, fractions and years for the others.
    source
        Where the range comes from: ``packaged``, ``quote``, ``audit``, ``stated``.
    """

    key: str
    low: float
    base: float
    high: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBar:
    """One bar of a tornado: the project's present value after tax with one figure at its low and its high."""

    key: str
    low: float
    high: float
    npv_base: float
    npv_at_low: float
    npv_at_high: float
    source: str

    @property
    def swing(self) -> float:
        """How far the present value moves, zero or more."""
        return abs(self.npv_at_high - self.npv_at_low)


def money_tornado(project: Project, swings: Sequence[Swing]) -> tuple[MoneyBar, ...]:
    """Return which figure moves the project's present value most, widest first.

    Parameters
    ----------
    project
        At its base.
    swings
        Figures and their ranges; :func:`default_swings` gives those of the packaged assumptions.

    Raises
    ------
    InputError
        An unknown figure, or a range out of order.
    """
    _check(swings)
    base = _value(project, None)
    bars = [
        MoneyBar(
            key=one.key,
            low=one.low,
            high=one.high,
            npv_base=base,
            npv_at_low=_value(project, (one.key, one.low)),
            npv_at_high=_value(project, (one.key, one.high)),
            source=one.source,
        )
        for one in swings
    ]
    return tuple(sorted(bars, key=lambda bar: (-bar.swing, bar.key)))


_CASES: dict[str, Callable[[float], Case]] = {
    "capex": lambda value: Case(capex=value),
    "om": lambda value: Case(om=value),
    "saving": lambda value: Case(saving=value),
    "replacements": lambda value: Case(replacements=value),
    "dollar_dearer": lambda value: Case(dollar_dearer=value),
}
_OTHERS = ("discount_rate", "inflation", "mine_life_years", "energy_escalation_real")


def _check(swings: Sequence[Swing]) -> None:
    problems = [
        Problem(key="finance_swing", field=one.key, value=f"{one.low:g} {one.base:g} {one.high:g}")
        for one in swings
        if one.key not in {*_CASES, *_OTHERS} or not one.low <= one.base <= one.high
    ]
    if problems:
        raise InputError(problems)


def _value(project: Project, moved: tuple[str, float] | None) -> float:
    """Return the present value after tax at the base rate, one figure moved."""
    case = Case()
    if moved is not None:
        key, value = moved
        if key in _CASES:
            case = _CASES[key](value)
        elif key in {"discount_rate", "mine_life_years"}:
            project = replace(project, choice=project.choice.model_copy(update={key: value}))
        else:
            project = replace(project, financing=project.financing.model_copy(update={key: value}))
    frame = frame_of(project)
    inflation = fraction_of(frame.inflation)
    return npv(rates_of(project, inflation).base, cash_table(project, frame, case).after_tax)


def default_swings(project: Project, *, saving: tuple[float, float] | None = None) -> tuple[Swing, ...]:
    """Return the ranges that the project's own assumptions carry.

    Parameters
    ----------
    project
        Whose capex lines, upkeep and rates.
    saving
        Low and high of the first year's saving over its base, from the audit's and the weather's bands.

    Returns
    -------
    tuple of Swing
        Those with a spread; a mine life that nobody stated runs from ten years to the assets' life.
    """
    capex = [line for stream in project.streams for line in stream.capex]
    found = [_capex_swing(capex), _om_swing(project.streams)]
    if saving is not None:
        found.append(Swing(key="saving", low=saving[0], base=1.0, high=saving[1], source="audit"))
    found.append(_rate_swing(project))
    if project.choice.mine_life_years is None and project.years > _SHORT_MINE:
        full = float(project.years)
        found.append(Swing(key="mine_life_years", low=_SHORT_MINE, base=full, high=full, source="stated"))
    found.append(Swing(key="dollar_dearer", low=-0.2, base=0.0, high=0.2, source="stated"))
    return tuple(one for one in found if one is not None and one.high > one.low)


_SHORT_MINE = 10.0


def _capex_swing(lines: Sequence[CapexLine]) -> Swing | None:
    total = fsum(line.amount for line in lines)
    if total <= 0:
        return None
    low, high = (fsum(amounts) / total for amounts in zip(*((x.low_amount, x.high_amount) for x in lines), strict=True))
    source = "packaged" if any(line.assumed for line in lines) else "quote"
    return Swing(key="capex", low=min(low, 1.0), base=1.0, high=max(high, 1.0), source=source)


def _om_swing(streams: Sequence[Stream]) -> Swing | None:
    """Return the range of the upkeep: that of the packaged figure, where one stream alone has upkeep."""
    known = [item for stream in streams for item in stream.assumptions if item.key == "pv_om" and item.ranged]
    if not known or known[0].value <= 0:
        return None
    om = known[0]
    return Swing(key="om", low=om.low.value / om.value, base=1.0, high=om.high.value / om.value, source="packaged")


def _rate_swing(project: Project) -> Swing:
    real = rates_of(project, 0.0).real
    low, base, high = (item / _PERCENT for item in (real.low.value, real.value, real.high.value))
    return Swing(key="discount_rate", low=min(low, base), base=base, high=max(high, base), source="packaged")
