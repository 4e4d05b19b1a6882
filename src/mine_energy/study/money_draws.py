"""What is uncertain in a study's money: savings by audit and price, yield by weather, capital and upkeep."""

from collections.abc import Sequence
from math import fsum, sqrt
from typing import Any, Final

import numpy as np

from mine_energy.audit import AuditResult
from mine_energy.finance import Draws, Stream
from mine_energy.pv import YieldUncertainty
from mine_energy.pv.exceedance import HORIZONS_YEARS
from mine_energy.uncertainty import Band, Uncertain, draw, percentiles
from mine_energy.uncertainty.bands import Z_P90

Array = np.ndarray[Any, np.dtype[np.float64]]
_DRAWS: Final = 2000
_BETWEEN: Final = 0.8
"""Probability between P10 and P90."""


def draws_of(audit: AuditResult, sure: YieldUncertainty | None, streams: Sequence[Stream]) -> Draws:
    """Return draws of the factors on savings, capital and upkeep of the streams.

    A measure's saving is its energy, with the band of the audit's Monte Carlo, times the price of energy with its own;
    PV's is the mean yield of its life times the same draw of the price: an error in the price is one error. What PV
    exports is taken to move as what it serves.

    Parameters
    ----------
    audit
        With its Monte Carlo; without one the measures have no spread of their own.
    sure
        Of the yield.
    streams
        Of measures (``measures``) and PV (``pv``).
    """
    bands = audit.uncertainty
    count, seed = (bands.draws, bands.seed) if bands is not None else (_DRAWS, 1)
    known = [one for one in (_audited(audit), _priced(audit), _sunny(sure)) if one is not None]
    spent = [one for key in dict.fromkeys(s.key for s in streams) for one in _costs(key, streams)]
    inputs = (*known, *spent)
    if not inputs:
        return Draws()
    rows = dict(zip((one.name for one in inputs), draw(inputs, count, seed), strict=True))
    flat: Array = np.ones(count)
    price = rows.get("money price", flat)
    return Draws(
        saving={"measures": rows.get("money measures", flat) * price, "pv": rows.get("money yield", flat) * price},
        capex={s.key: rows[f"money capex {s.key}"] for s in streams if f"money capex {s.key}" in rows},
        om={s.key: rows[f"money om {s.key}"] for s in streams if f"money om {s.key}" in rows},
    )


def saving_band(draws: Draws, streams: Sequence[Stream]) -> tuple[float, float] | None:
    """Return P10 and P90 of the first year's saving of all streams over its base; None without draws or saving."""
    total = fsum(stream.annual_saving for stream in streams)
    if not draws.saving or total <= 0:
        return None
    parts = [stream.annual_saving * draws.saving[stream.key] for stream in streams if stream.key in draws.saving]
    found = percentiles(np.asarray(sum(parts)) / total)
    return min(found.p10, 1.0), max(found.p90, 1.0)


def yield_sds(sure: YieldUncertainty | None) -> tuple[float, float] | None:
    """Return the deviations below the expected yield, fractions: what averages out over years, and what does not."""
    if sure is None:
        return None
    yearly, lasting = (
        fsum(part.sd_low**2 for part in sure.components if part.averages == kind) for kind in ("over_years", "never")
    )
    return sqrt(yearly), sqrt(lasting)


def _audited(audit: AuditResult) -> Uncertain | None:
    """Return the factor on the energy that the measures save, its P10, P50 and P90 those of the audit."""
    base = audit.energy_before_kwh - audit.energy_after_kwh
    if audit.uncertainty is None or base <= 0:
        return None
    return _banded("money measures", audit.uncertainty.saving.energy_kwh, base)


def _priced(audit: AuditResult) -> Uncertain | None:
    """Return the factor on the price of energy; 1 is the median."""
    if audit.uncertainty is None or audit.uncertainty.money is None:
        return None
    band = audit.uncertainty.money.price_per_kwh
    return _banded("money price", band, band.p50) if band.p50 > 0 else None


def _sunny(sure: YieldUncertainty | None) -> Uncertain | None:
    """Return the factor on the mean yield of the longest horizon: single years average out, the place does not."""
    if sure is None:
        return None
    years = sure.of_years(HORIZONS_YEARS[-1])
    low, high = 1.0 - Z_P90 * years.sd_low, 1.0 + Z_P90 * years.sd_high
    return Uncertain(name="money yield", base=1.0, low=low, high=high, coverage=_BETWEEN, lower=0.0)


def _banded(name: str, band: Band, base: float) -> Uncertain:
    low, middle, high = (value / base for value in (band.p10, band.p50, band.p90))
    return Uncertain(name=name, base=middle, low=low, high=high, coverage=_BETWEEN)


def _costs(key: str, streams: Sequence[Stream]) -> list[Uncertain]:
    """Return the factors on capital and upkeep of the streams of one key, over the whole range of their prices."""
    members = [stream for stream in streams if stream.key == key]
    lines = [line for stream in members for line in stream.capex]
    found = []
    total = fsum(line.amount for line in lines)
    if total > 0:
        low, high = fsum(line.low_amount for line in lines) / total, fsum(line.high_amount for line in lines) / total
        found.append(_range(f"money capex {key}", low, high))
    om = [item for stream in members for item in stream.assumptions if item.key == "pv_om" and item.ranged]
    if om and om[0].value > 0:
        found.append(_range(f"money om {key}", om[0].low.value / om[0].value, om[0].high.value / om[0].value))
    return [one for one in found if one.varies]


def _range(name: str, low: float, high: float) -> Uncertain:
    return Uncertain(name=name, base=1.0, low=min(low, 1.0), high=max(high, 1.0), distribution="triangular")
