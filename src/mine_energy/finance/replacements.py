"""When parts are bought again: at the end of their life, or by the hours that an engine has run."""

from dataclasses import dataclass
from math import floor

from mine_energy import catalog
from mine_energy.catalog import DefaultRange
from mine_energy.errors import InputError, Problem
from mine_energy.finance.assumptions import Assumption, assume, packaged
from mine_energy.finance.stream import Replacement, YearlyLine


def repeated(key: str, amount: float, life_years: float, horizon_years: float) -> tuple[Replacement, ...]:
    """Return a part that is bought again whenever it has lived its life.

    Parameters
    ----------
    key, amount
        What, and its price in today's money.
    life_years
        Of one part, one year or more; purchases stand at the end of the year nearest to its end.
    horizon_years
        Life of what it belongs to; nothing is bought at its end or later.

    Raises
    ------
    InputError
        A life under one year.
    """
    if life_years < 1:
        raise InputError([Problem(key="finance_life_short", field=key, value=f"{life_years:g}")])
    count = floor(horizon_years / life_years) + 1
    years = (round(turn * life_years) for turn in range(1, count + 1))
    return tuple(
        Replacement(key=key, year=year, amount=amount, life_years=life_years) for year in years if year < horizon_years
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineUpkeep:
    """What an engine costs by the hours that it has run.

    Parameters
    ----------
    overhaul_hours, overhaul_cost
        Interval between overhauls, and the price of one.
    life_hours, replacement_cost
        Hours after which the set is replaced (instead of the overhaul then due), and its price.
    hours_so_far
        On the hour meter since new.
    cost_per_hour
        Oil, filters and care, per hour.
    """

    overhaul_hours: float
    overhaul_cost: float
    life_hours: float
    replacement_cost: float
    hours_so_far: float = 0.0
    cost_per_hour: float = 0.0


def packaged_upkeep(
    rated_kw: float, country: str, *, per_usd: float = 1.0, hours_so_far: float = 0.0
) -> tuple[EngineUpkeep, tuple[Assumption, ...]]:
    """Return what a diesel set costs by its hours, from packaged figures, all of them assumptions to be replaced.

    Parameters
    ----------
    rated_kw
        Prime rating.
    country
        ISO 3166 code: whose price of a new set.
    per_usd
        Units of the result's currency per dollar.
    hours_so_far
        On the hour meter since new.

    Raises
    ------
    MissingData
        No packaged price for the country.
    """
    price = packaged("genset_capex", country)
    hours, life, share, care = (
        assume(_engine_figure(key))
        for key in ("overhaul_hours", "life_hours", "overhaul_share", "upkeep_usd_per_h_per_kw")
    )
    new = price.value * rated_kw * per_usd
    upkeep = EngineUpkeep(
        overhaul_hours=hours.value,
        overhaul_cost=share.value * new,
        life_hours=life.value,
        replacement_cost=new,
        hours_so_far=hours_so_far,
        cost_per_hour=care.value * rated_kw * per_usd,
    )
    return upkeep, (price, hours, life, share, care)


def _engine_figure(key: str) -> DefaultRange:
    row = next(row for row in catalog.table("finance/engines.csv") if row["key"] == key)
    low, default, high = (catalog.sourced_row(row, column) for column in ("low", "default", "high"))
    return DefaultRange(key=f"genset_{key}", country="any", low=low, default=default, high=high, ranged=True)


def engine_costs(upkeep: EngineUpkeep, hours_per_year: float, years: int) -> tuple[YearlyLine, ...]:
    """Return the costs of one engine by year: upkeep, overhauls and replacements, as negative amounts.

    Hours run on from the hour meter. Whenever they pass the life, the set is replaced and the meter starts again at
    zero; whenever they pass a multiple of the interval before that, it is overhauled. Both stand at the end of the
    year in which they fall due; at the end of the last year neither is done.

    Parameters
    ----------
    upkeep
        Intervals and prices, today's money.
    hours_per_year
        Running hours of a year, zero or more.
    years
        Horizon.

    Returns
    -------
    tuple of YearlyLine
        ``engine_upkeep``, ``engine_overhaul`` and ``engine_replacement``, each of `years` amounts.

    Raises
    ------
    InputError
        An interval or a life is not positive, or hours are negative.
    """
    _check(upkeep, hours_per_year)
    overhauls, replacements = [], []
    # A set beyond its life is due at once.
    meter = min(upkeep.hours_so_far, upkeep.life_hours)
    for _ in range(years):
        done = meter + hours_per_year
        replaced = floor(done / upkeep.life_hours)
        overhauls.append(_overhauls(upkeep, meter, done))
        replacements.append(replaced)
        meter = done - replaced * upkeep.life_hours
    # Nothing runs after the last year, so nothing is made ready for it.
    overhauls[-1:], replacements[-1:] = [0] * min(1, years), [0] * min(1, years)
    care = -upkeep.cost_per_hour * hours_per_year
    return (
        YearlyLine(key="engine_upkeep", amounts=(care,) * years),
        YearlyLine(key="engine_overhaul", amounts=tuple(-upkeep.overhaul_cost * count for count in overhauls)),
        YearlyLine(key="engine_replacement", amounts=tuple(-upkeep.replacement_cost * count for count in replacements)),
    )


def engine_savings(upkeep: EngineUpkeep, hours_before: float, hours_after: float, years: int) -> tuple[YearlyLine, ...]:
    """Return what fewer running hours save by year: the engine's costs before, less those after.

    Savings of overhauls are a matter of dates: one put off by some years comes back as a cost when it is due, so that
    amounts may be negative in single years.

    Parameters
    ----------
    upkeep
        Intervals and prices, today's money; the same engine in both cases.
    hours_before, hours_after
        Running hours a year.
    years
        Horizon.

    Raises
    ------
    InputError
        As :func:`engine_costs`.
    """
    before = engine_costs(upkeep, hours_before, years)
    after = engine_costs(upkeep, hours_after, years)
    return tuple(
        YearlyLine(key=one.key, amounts=tuple(a - b for a, b in zip(two.amounts, one.amounts, strict=True)))
        for one, two in zip(before, after, strict=True)
    )


def _overhauls(upkeep: EngineUpkeep, start: float, end: float) -> int:
    """Return the overhauls due in (start, end], those that fall on a replacement left out."""

    def due(hours: float) -> int:
        return floor(hours / upkeep.overhaul_hours)

    lives = floor(end / upkeep.life_hours)
    # Within each life the multiples of the interval strictly below the life count; the meter restarts after it.
    if lives == 0:
        return due(end) - due(start)
    per_life = due(upkeep.life_hours)
    if per_life * upkeep.overhaul_hours >= upkeep.life_hours:
        per_life -= 1
    first = max(0, per_life - due(start))
    return first + (lives - 1) * per_life + due(end - lives * upkeep.life_hours)


def _check(upkeep: EngineUpkeep, hours_per_year: float) -> None:
    wrong = [
        Problem(key="finance_not_positive", field=name, value=f"{getattr(upkeep, name):g}")
        for name in ("overhaul_hours", "life_hours")
        if not getattr(upkeep, name) > 0
    ]
    negative = {"hours_so_far": upkeep.hours_so_far, "hours_per_year": hours_per_year}
    wrong += [Problem(key="finance_negative", field=k, value=f"{v:g}") for k, v in negative.items() if not v >= 0]
    if wrong:
        raise InputError(wrong)
