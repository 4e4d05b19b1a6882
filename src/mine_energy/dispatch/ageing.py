"""How long a battery lasts: cycles from its state of charge, years from its calendar, the shorter of both.

Two counts of cycling are offered. ``throughput`` (the default) takes the energy that goes through the cells against
what they can pass at the depth of their window, as HOMER does. ``rainflow`` counts closed cycles of every depth
(ASTM E1049) and adds the shares of life that they cost (Miner) on the chemistry's curve of cycles against depth
(Wöhler). The capacity of a year follows a straight fade from new to the end of life.
"""

from dataclasses import dataclass
from functools import cache
from math import ceil, inf, sqrt
from typing import Any, Final, Literal

import numpy as np
import rainflow

from mine_energy.arrays import FloatArray, readonly
from mine_energy.catalog import sourced, table
from mine_energy.dispatch.equipment import Chemistry, battery_figure
from mine_energy.errors import Finding
from mine_energy.units import HOURS_PER_DAY, HOURS_PER_YEAR, ZERO_CELSIUS_K

Method = Literal["throughput", "rainflow"]
Vector = np.ndarray[Any, np.dtype[np.float64]]

_DUST: Final = 1e-9
_MODEL_REFERENCE_K: Final = 296.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cycles:
    """Closed cycles of a state of charge, by depth.

    Parameters
    ----------
    depths
        Shape (m,), share of the nameplate energy, ascending.
    counts
        Shape (m,), cycles of that depth in the whole series.
    """

    depths: FloatArray
    counts: FloatArray

    @property
    def equivalent_full(self) -> float:
        """Full cycles with the same throughput."""
        return float(self.depths @ self.counts)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BatteryLife:
    """What a year of running costs a battery.

    Parameters
    ----------
    equivalent_full_cycles_per_year
        Energy taken out of the cells over the nameplate energy.
    throughput_kwh_per_year
        Energy taken out of the cells.
    throughput_life_years, rainflow_life_years, calendar_life_years
        To the end of life by each count alone; infinite for a battery that never cycles.
    life_years
        The shorter of the calendar's and the chosen count's.
    fade_per_year
        Share of the nameplate energy lost a year.
    method
        The count that was chosen.
    replacement_years
        Times after the start at which a new battery is bought, inside the horizon.
    capacity_by_year
        Shape (horizon,), mean capacity of each year over nameplate, replacements included.
    findings
        What was assumed.
    """

    equivalent_full_cycles_per_year: float
    throughput_kwh_per_year: float
    throughput_life_years: float
    rainflow_life_years: float
    calendar_life_years: float
    life_years: float
    fade_per_year: float
    method: Method
    replacement_years: tuple[float, ...]
    capacity_by_year: FloatArray
    findings: tuple[Finding, ...] = ()


def count_cycles(soc: Any) -> Cycles:
    """Return the closed cycles of a periodic state of charge (rainflow, ASTM E1049).

    The series is turned so that it starts and ends at its peak, as the standard has it for repeating histories: then
    every cycle closes and none is left as a half.

    Parameters
    ----------
    soc
        Shape (n,), fractions of the nameplate energy; a constant may be added.

    Returns
    -------
    Cycles
        Depths, each once and rising, and how often each is passed in the period.

    Raises
    ------
    ValueError
        The series is empty or not finite.

    References
    ----------
    ASTM E1049-85 (2017), Standard practices for cycle counting in fatigue analysis, 5.4.5 (repeating histories).
    """
    # Below 1e-12 a change is rounding; the counter multiplies changes, and products of the smallest ones vanish.
    values = np.round(np.asarray(soc, dtype=np.float64), 12)
    if values.size == 0 or not np.isfinite(values).all():
        raise ValueError("a state of charge needs finite values")
    turned = np.roll(values, -int(values.argmax()))
    found: dict[float, float] = {}
    for depth, _, count, _, _ in rainflow.extract_cycles([*turned.tolist(), float(turned[0])]):
        if depth > _DUST:
            found[depth] = found.get(depth, 0.0) + count
    depths = sorted(found)
    return Cycles(depths=readonly(depths), counts=readonly([found[depth] for depth in depths]))


def cycles_to_end_of_life(depth: Any, chemistry: Chemistry = "lfp") -> Vector:
    """Return how many cycles of a depth a chemistry bears (``data/batteries/cycle_life.csv``).

    Straight lines between the points in logarithms of both; shallower than the table the energy passed stays that of
    its shallowest point, which is on the safe side.

    Parameters
    ----------
    depth
        Share of the nameplate energy, above 0 to 1; scalar or array.
    chemistry
        ``lfp`` or ``lead_acid``.

    Returns
    -------
    numpy.ndarray
        Shape of `depth`, at least (1,): cycles until the end-of-life capacity.

    Raises
    ------
    ValueError
        A depth outside its range.
    """
    depths = np.atleast_1d(np.asarray(depth, dtype=np.float64))
    if not ((depths > 0) & (depths <= 1 + _DUST)).all():
        raise ValueError("a depth of discharge lies above 0 and is at most 1")
    known, cycles = _curve(chemistry)
    inside = np.exp(np.interp(np.log(depths), np.log(known), np.log(cycles)))
    return np.where(depths < known[0], cycles[0] * known[0] / depths, inside)


@cache
def _curve(chemistry: Chemistry) -> tuple[Vector, Vector]:
    rows = sorted((float(r["depth"]), float(r["cycles"])) for r in _rows("cycle_life", chemistry))
    return np.array([depth for depth, _ in rows]), np.array([count for _, count in rows])


def _rows(name: str, chemistry: Chemistry) -> list[Any]:
    return [row for row in table(f"batteries/{name}.csv") if row["chemistry"] == chemistry]


def wear(cycles: Cycles, chemistry: Chemistry = "lfp") -> float:
    """Return the share of its life that a battery spends on some cycles: the sum of counts over cycles borne.

    Damage adds up linearly and in any order (Palmgren-Miner).

    Parameters
    ----------
    cycles
        Of :func:`count_cycles`, or of any period.
    chemistry
        Whose table of cycles to end of life.

    References
    ----------
    Miner, M. A. (1945). Cumulative damage in fatigue. Journal of Applied Mechanics 12.
    """
    if not cycles.depths.size:
        return 0.0
    return float((cycles.counts / cycles_to_end_of_life(np.minimum(cycles.depths, 1.0), chemistry)).sum())


def calendar_loss_lfp(cell_c: Any, soc: Any, years: float) -> float:
    """Return the share of its capacity that an LFP cell loses by time alone.

    ``k = a exp(b (1/T - 1/296)) exp(c (soc/T - 1/296))``, loss = square root of the sum of ``k**2`` over the days
    (calendar model of the System Advisor Model; coefficients in ``data/batteries/calendar.csv``).

    Parameters
    ----------
    cell_c
        Cell temperature, degC; scalar or a typical year of steps.
    soc
        State of charge, fractions; scalar or the same steps.
    years
        Age.
    """
    a, b, c = (sourced("batteries/calendar.csv", key).value for key in ("a", "b", "c"))
    kelvin = np.asarray(cell_c, dtype=np.float64) + ZERO_CELSIUS_K
    charge = np.asarray(soc, dtype=np.float64)
    exponent = b * (1 / kelvin - 1 / _MODEL_REFERENCE_K) + c * (charge / kelvin - 1 / _MODEL_REFERENCE_K)
    days = years * HOURS_PER_YEAR / HOURS_PER_DAY
    return float(sqrt(np.mean((a * np.exp(exponent)) ** 2) * days))


def battery_life(
    stored_kwh: Any,
    nameplate_kwh: float,
    *,
    chemistry: Chemistry = "lfp",
    window: float = 0.9,
    step_hours: float = 1.0,
    horizon_years: int = 20,
    method: Method = "throughput",
    calendar_years: float | None = None,
) -> BatteryLife:
    """Return how long a battery lasts under a series of stored energy.

    Parameters
    ----------
    stored_kwh
        Shape (n,), energy at the end of each step, periodic; a constant may be added (a floor counts or not).
    nameplate_kwh
        Energy of the battery when new.
    chemistry
        ``lfp`` or ``lead_acid``.
    window
        ``soc_max - soc_min`` of its rule: depth at which its throughput is read from the curve.
    step_hours
        Length of a step.
    horizon_years
        Years for which capacity and replacements are wanted.
    method
        Count of cycling that decides.
    calendar_years
        Life by time alone; None is the packaged default of the chemistry.

    Raises
    ------
    ValueError
        The battery has no energy, a value is not finite, or the window is not above 0 and at most 1.
    """
    stored = np.asarray(stored_kwh, dtype=np.float64)
    if nameplate_kwh <= 0 or not np.isfinite(stored).all() or not stored.size:
        raise ValueError("a battery's life needs its energy and finite stored energies")
    years = stored.size * step_hours / HOURS_PER_YEAR
    cycles = count_cycles(stored / nameplate_kwh)
    full = cycles.equivalent_full / years
    passes = float(cycles_to_end_of_life(window, chemistry)[0]) * window
    lives = {"throughput": passes / full if full > 0 else inf, "rainflow": _per(wear(cycles, chemistry), years)}
    figure = battery_figure(chemistry, "calendar_life_years")
    by_time = figure.value if calendar_years is None else calendar_years
    life = min(by_time, lives[method])
    fade = (1 - battery_figure(chemistry, "end_of_life_fraction").value) / life
    return BatteryLife(
        equivalent_full_cycles_per_year=full,
        throughput_kwh_per_year=full * nameplate_kwh,
        throughput_life_years=lives["throughput"],
        rainflow_life_years=lives["rainflow"],
        calendar_life_years=by_time,
        life_years=life,
        fade_per_year=fade,
        method=method,
        replacement_years=replacement_years(life, horizon_years),
        capacity_by_year=capacity_by_year(life, fade, horizon_years),
        findings=_assumed(chemistry, method, by_time, calendar_years is None),
    )


def _per(share: float, years: float) -> float:
    return years / share if share > 0 else inf


def _assumed(chemistry: Chemistry, method: Method, by_time: float, packaged: bool) -> tuple[Finding, ...]:
    key = "battery_life_throughput" if method == "throughput" else "battery_life_rainflow"
    source = _rows("cycle_life", chemistry)[0]["source"]
    found = [Finding(key=key, level="assumption", params={"source": source})]
    if packaged:
        params = {"years": by_time}
        found.append(Finding(key="battery_calendar_life", level="assumption", params=params))
    return tuple(found)


def replacement_years(life_years: float, horizon_years: float) -> tuple[float, ...]:
    """Return the times at which a battery is replaced inside a horizon; none at its very end.

    Parameters
    ----------
    life_years
        Of one battery, above 0; infinite is never replaced.
    horizon_years
        Years that are looked at.

    Returns
    -------
    tuple of float
        Years after the start.
    """
    number = ceil(horizon_years / life_years - _DUST) - 1 if life_years < inf else 0
    return tuple(life_years * (i + 1) for i in range(number))


def capacity_by_year(life_years: float, fade_per_year: float, horizon_years: int) -> FloatArray:
    """Return the mean capacity of each year over nameplate: straight fade, new again at each replacement.

    Parameters
    ----------
    life_years
        Of one battery, above 0.
    fade_per_year
        Share of the nameplate lost in a year.
    horizon_years
        Whole years.

    Returns
    -------
    numpy.ndarray
        Shape (horizon_years,), 0 to 1; years in which a battery is replaced hold parts of both.
    """
    ends = np.arange(horizon_years + 1, dtype=np.float64)
    whole = np.floor(ends / life_years)
    # Integral of the age since the last replacement, from 0 to each year's end.
    age = whole * life_years**2 / 2 + (ends - whole * life_years) ** 2 / 2
    return readonly(1 - fade_per_year * np.diff(age))
