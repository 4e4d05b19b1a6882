"""How sure the money is: all yardsticks over draws of audit and weather.

Percentiles here are those of statistics: P10 is what 10 % of the draws lie below. What a lender calls P90, exceeded
with 90 %, is P10 of a value and P90 of a payback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any, Literal

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.finance.stream import Stream
from mine_energy.uncertainty import percentiles

Array = np.ndarray[Any, np.dtype[np.float64]]
_RATE_LOW, _RATE_HIGH = -0.99, 10.0
_HALVINGS = 60
_NEGLIGIBLE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Draws of what is uncertain, each an array of shape (draws,); what is missing stands at its base.

    Parameters
    ----------
    saving
        Factor on the saving of a stream, by its key: from the audit for measures, from the weather for PV. Streams
        of one key move together.
    capex, om
        Factors by stream key.
    """

    saving: Mapping[str, Array] = field(default_factory=dict)
    capex: Mapping[str, Array] = field(default_factory=dict)
    om: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyBand:
    """Percentiles of one yardstick; None where one is not finite: a payback that never comes."""

    key: Literal["npv", "irr", "simple_payback_years", "discounted_payback_years"]
    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRisk:
    """Bands of a project's yardsticks, real and before tax and loan.

    Parameters
    ----------
    draws
        How many.
    rate
        Real discount rate of present value and discounted payback.
    bands
        Present value, internal rate, paybacks.
    loss_probability
        Share of the draws with a present value below zero.
    """

    draws: int
    rate: float
    bands: tuple[MoneyBand, ...]
    loss_probability: float


def money_at_risk(
    streams: Sequence[Stream], draws: Draws, rate: float, mine_life_years: float | None = None
) -> MoneyRisk:
    """Return the bands of present value, internal rate and paybacks over draws.

    Parameters
    ----------
    streams
        Of one decision, or of several together.
    draws
        Factors on savings, capital and upkeep; draw k of one belongs to draw k of the others, so that errors that
        audit and weather share stay shared.
    rate
        Real discount rate.
    mine_life_years
        Cuts the lives.

    Raises
    ------
    InputError
        No draws, arrays of different lengths, or a value that is not finite.
    """
    count = _count(draws)
    flows = _flows(streams, draws, count, mine_life_years)
    worth = flows @ (1.0 + rate) ** -np.arange(flows.shape[1], dtype=np.float64)
    rates = _rates(flows)
    samples: tuple[tuple[Literal["npv", "irr", "simple_payback_years", "discounted_payback_years"], Array], ...] = (
        ("npv", worth),
        ("irr", rates),
        ("simple_payback_years", _paybacks(flows, 0.0)),
        ("discounted_payback_years", _paybacks(flows, rate)),
    )
    return MoneyRisk(
        draws=count,
        rate=rate,
        bands=tuple(_band(key, values) for key, values in samples),
        loss_probability=float(np.mean(worth < 0)),
    )


def _band(key: Literal["npv", "irr", "simple_payback_years", "discounted_payback_years"], values: Array) -> MoneyBand:
    found = percentiles(values)
    low, middle, high = (value if isfinite(value) else None for value in (found.p10, found.p50, found.p90))
    return MoneyBand(key=key, p10=low, p50=middle, p90=high)


def _count(draws: Draws) -> int:
    arrays = [(f"{kind}.{key}", values) for kind in ("saving", "capex", "om") for key, values in _of(draws, kind)]
    sizes = {len(values) for _, values in arrays}
    problems = [
        Problem(key="finance_draws", field=name, value=str(values.shape))
        for name, values in arrays
        if values.ndim != 1 or not len(values) or not np.isfinite(values).all() or len(sizes) > 1
    ]
    if problems or not arrays:
        raise InputError(problems or [Problem(key="finance_draws", field="draws", value="0")])
    return sizes.pop()


def _of(draws: Draws, kind: str) -> list[tuple[str, Array]]:
    mapping: Mapping[str, Array] = getattr(draws, kind)
    return [(key, np.atleast_1d(np.asarray(values, dtype=np.float64))) for key, values in mapping.items()]


def _flows(streams: Sequence[Stream], draws: Draws, count: int, mine_life_years: float | None) -> Array:
    lives = [stream.years(mine_life_years) for stream in streams]
    flows = np.zeros((count, max(lives, default=0) + 1))
    for stream, years in zip(streams, lives, strict=True):
        saving, capex, om = (
            np.asarray(kind.get(stream.key, 1.0), dtype=np.float64) for kind in (draws.saving, draws.capex, draws.om)
        )
        flows[:, 0] -= stream.investment * capex
        for year in range(1, years + 1):
            rest = stream.extra(year) - stream.replaced(year, years)
            final = stream.final_value(year, years) * capex
            flows[:, year] += stream.saving(year) * saving - stream.om_per_year * om + rest + final
    return flows


def _paybacks(flows: Array, rate: float) -> Array:
    """Return the paybacks of all rows; infinite where the flow never recovers for good."""
    years = np.arange(flows.shape[1])
    total = np.cumsum(flows * (1.0 + rate) ** -years.astype(np.float64), axis=1)
    below = total < 0
    last = flows.shape[1] - 1 - np.argmax(below[:, ::-1], axis=1)
    found = np.full(len(flows), inf)
    found[~below.any(axis=1)] = 0.0
    rows = np.flatnonzero(below.any(axis=1) & (last < flows.shape[1] - 1))
    at, after = total[rows, last[rows]], total[rows, last[rows] + 1]
    found[rows] = last[rows] - at / (after - at)
    return found


def _rates(flows: Array) -> Array:
    """Return the internal rate of each row by bisection; minus infinity where the flow never returns its capital.

    Rows that change sign more than once have a rate between the limits that need not be the only one; present value is
    the yardstick there.
    """
    years = np.arange(flows.shape[1], dtype=np.float64)
    low, high = np.full(len(flows), _RATE_LOW), np.full(len(flows), _RATE_HIGH)

    def worth(rates: Array) -> Array:
        found: Array = (flows * (1.0 + rates[:, None]) ** -years).sum(axis=1)
        return found

    lost = flows[:, 1:].max(axis=1, initial=0.0) <= 0
    none = worth(high) > 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        gains = worth(middle) > 0
        low, high = np.where(gains, middle, low), np.where(gains, high, middle)
    found: Array = (low + high) / 2
    # Where no rate in the range brings the value to zero, the search ends at the range's low end.
    lost |= np.abs(worth(found)) > _NEGLIGIBLE * np.abs(flows).sum(axis=1)
    found[none] = inf
    found[lost & ~none] = -inf
    return found
