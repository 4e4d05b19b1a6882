"""Dust: by month as stated, or growing day by day between rains and washes; and what washing costs and brings.

The model is that of Kimber et al. (IEEE WCPEC 2006) through pvlib: a constant loss per dry day up to a limit, nothing
after a rain that washes and in some days of damp ground behind it, and nothing right after a wash by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pvlib.soiling import kimber

from mine_energy import catalog
from mine_energy.arrays import FloatArray, TimeSeries
from mine_energy.site.array import SoilingChoice

_YEAR = 2023
"""Calendar of the course of dust; any year without a 29 February."""
_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS = sum(_DAYS_IN_MONTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Soiling:
    """The course of dust over a year.

    Parameters
    ----------
    monthly
        Loss of every month, when it is stated; else empty, and the rest counts.
    cleaning_rains
        Days with rain that washes, in every month; spread evenly over it.
    rate_per_day, max_loss
        Loss that a dry day adds, and where it stops, fractions.
    grace_days
        Days of damp ground after a rain.
    washes
        Days of the year on which the modules are washed, 0 to 364.
    wash_cost_usd_per_kwp
        Price of one wash.
    assumed
        Names of the figures above that nobody stated.
    """

    monthly: tuple[float, ...] = ()
    cleaning_rains: tuple[float, ...] = ()
    rate_per_day: float = 0.0
    max_loss: float = 1.0
    grace_days: int = 0
    washes: tuple[int, ...] = ()
    wash_cost_usd_per_kwp: float = 0.0
    assumed: tuple[str, ...] = ()

    @property
    def washing_usd_per_kwp_year(self) -> float:
        """What the washes of a year cost."""
        return len(self.washes) * self.wash_cost_usd_per_kwp

    def daily_loss(self) -> FloatArray:
        """Return the share of the light lost on each of 365 days."""
        if self.monthly:
            return np.repeat(np.array(self.monthly), _DAYS_IN_MONTH)
        days = pd.date_range(pd.Timestamp(_YEAR, 1, 1), periods=2 * _DAYS, freq="D")
        rain = np.tile(_rain_days(self.cleaning_rains), 2)
        # Two years: dust of December lies on the modules in January.
        loss = kimber(
            pd.Series(rain, index=days),
            cleaning_threshold=0.5,
            soiling_loss_rate=self.rate_per_day,
            grace_period=self.grace_days,
            max_soiling=self.max_loss,
            manual_wash_dates=[days[wash + year * _DAYS] for year in (0, 1) for wash in self.washes] or None,
        )
        return np.asarray(loss.to_numpy()[_DAYS:])

    def hourly_pass(self, index: pd.DatetimeIndex) -> FloatArray:
        """Return the share of the light that passes the dust at every label of an index; leap days repeat the 28th."""
        return np.asarray(1.0 - self.daily_loss()[_day_slots(index)])


@dataclass(frozen=True, slots=True, kw_only=True)
class WashPlan:
    """One schedule of washing against none.

    Parameters
    ----------
    washes_per_year
        Evenly spread.
    loss
        Share of the year's light that dust takes.
    gained_kwh_per_kwp
        Energy above that without washing.
    cost_usd_per_kwp
        Of the washes of a year.
    net_usd_per_kwp
        Worth of the energy gained less the cost; None where nobody says what a kWh is worth.
    """

    washes_per_year: int
    loss: float
    gained_kwh_per_kwp: float
    cost_usd_per_kwp: float
    net_usd_per_kwp: float | None

    @property
    def cost_usd_per_kwh_gained(self) -> float | None:
        """What a kWh won by washing costs; None where washing wins nothing."""
        return self.cost_usd_per_kwp / self.gained_kwh_per_kwp if self.gained_kwh_per_kwp > 0.0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Washing:
    """Schedules of washing side by side.

    Parameters
    ----------
    plans
        From none on.
    washes_per_year
        What the yield counts with.
    wash_cost_usd_per_kwp
        Price of one wash.
    energy_usd_per_kwh
        Worth of a kWh; None where no bill tells it.
    """

    plans: tuple[WashPlan, ...]
    washes_per_year: int
    wash_cost_usd_per_kwp: float
    energy_usd_per_kwh: float | None

    @property
    def best(self) -> WashPlan | None:
        """The schedule that leaves most; None without the worth of a kWh. The first among equals."""
        valued = [(plan.net_usd_per_kwp, plan) for plan in self.plans if plan.net_usd_per_kwp is not None]
        return max(valued, key=lambda one: one[0])[1] if valued else None


def washing_plans(
    soiling: Soiling,
    daily_clean_kwh_per_kwp: FloatArray,
    energy_price_usd_per_kwh: float | None,
    counts: Sequence[int] = (0, 1, 2, 3, 4, 6, 8, 12, 18, 24),
) -> tuple[WashPlan, ...]:
    """Return what schedules of even washing lose, cost and bring; the best has the largest `net_usd_per_kwp`.

    Parameters
    ----------
    soiling
        Rains and dust; its own washes are not used.
    daily_clean_kwh_per_kwp
        Energy of clean modules on each of 365 days.
    energy_price_usd_per_kwh
        Worth of one kWh; None where it is not known.
    counts
        Washes a year to compare.

    Raises
    ------
    ValueError
        Dust is stated by month: it does not answer to washes.
    """
    if soiling.monthly:
        raise ValueError("stated monthly dust does not answer to washes")
    clean = np.asarray(daily_clean_kwh_per_kwp, dtype=np.float64)
    bare = float(clean @ (1.0 - replace(soiling, washes=()).daily_loss()))
    plans = []
    for count in counts:
        plan = replace(soiling, washes=even_days(count))
        made = float(clean @ (1.0 - plan.daily_loss()))
        cost = plan.washing_usd_per_kwp_year
        plans.append(
            WashPlan(
                washes_per_year=count,
                loss=1.0 - made / float(clean.sum()),
                gained_kwh_per_kwp=made - bare,
                cost_usd_per_kwp=cost,
                net_usd_per_kwp=(
                    None if energy_price_usd_per_kwh is None else (made - bare) * energy_price_usd_per_kwh - cost
                ),
            )
        )
    return tuple(plans)


def compare_washing(
    soiling: Soiling | None, kw_per_kwp: TimeSeries, energy_usd_per_kwh: float | None = None
) -> Washing | None:
    """Return schedules of washing for a year of yield; None where no course of dust answers to washes.

    The energy of clean modules is that of the year over what its dust passes, hour by hour: power is taken as straight
    in the light.

    Parameters
    ----------
    soiling
        The course that the yield holds; None for a flat loss.
    kw_per_kwp
        AC power of one kWp with that dust, hourly, one year.
    energy_usd_per_kwh
        Worth of one kWh.
    """
    if soiling is None or soiling.monthly:
        return None
    index = cast("pd.DatetimeIndex", kw_per_kwp.index)
    clean = kw_per_kwp.to_numpy() / soiling.hourly_pass(index)
    daily = np.bincount(_day_slots(index), weights=clean, minlength=_DAYS).astype(np.float64)
    return Washing(
        plans=washing_plans(soiling, daily, energy_usd_per_kwh),
        washes_per_year=len(soiling.washes),
        wash_cost_usd_per_kwp=soiling.wash_cost_usd_per_kwp,
        energy_usd_per_kwh=energy_usd_per_kwh,
    )


def _day_slots(index: pd.DatetimeIndex) -> NDArray[np.intp]:
    """Return the day of the year of every label, 0 to 364; 29 February is the 28th."""
    after_leap_day = index.is_leap_year & (index.month > 2)
    leap_day = index.is_leap_year & (index.month == 2) & (index.day == 29)
    return np.asarray(index.day_of_year.to_numpy() - 1 - (after_leap_day | leap_day), dtype=np.intp)


def even_days(count: int) -> tuple[int, ...]:
    """Return the days of the year of washes evenly spread, each in the middle of its part."""
    return tuple(int((i + 0.5) * _DAYS / count) for i in range(count))


def soiling_of(choice: SoilingChoice) -> Soiling:
    """Return the course of dust that a site file states; what it leaves out is packaged, and named in `assumed`."""
    if choice.monthly is not None:
        return Soiling(monthly=choice.monthly)
    stated: dict[str, float | None] = {
        "soiling_rate_per_day": choice.rate_per_day,
        "max_soiling": choice.max_loss,
        "grace_days": choice.grace_days,
        "wash_cost_usd_per_kwp": choice.wash_cost_usd_per_kwp,
        "cleaning_rain_mm": choice.cleaning_rain_mm,
    }
    packaged = {key: catalog.sourced("pv/assumptions.csv", key).value for key in stated}
    figures = {key: packaged[key] if value is None else value for key, value in stated.items()}
    washes = tuple(sorted({_day_of_year(day) for day in choice.wash_dates})) or even_days(choice.washes_per_year)
    needed = [key for key in stated if key != "cleaning_rain_mm" or choice.cleaning_rains is None]
    return Soiling(
        cleaning_rains=choice.cleaning_rains or _cleaning_rains(choice.rain_mm or (), figures["cleaning_rain_mm"]),
        rate_per_day=figures["soiling_rate_per_day"],
        max_loss=figures["max_soiling"],
        grace_days=int(figures["grace_days"]),
        washes=washes,
        wash_cost_usd_per_kwp=figures["wash_cost_usd_per_kwp"],
        assumed=tuple(key for key in needed if stated[key] is None),
    )


def _day_of_year(day: date) -> int:
    """Return a day of the year, 0 to 364; 29 February is the 28th."""
    month_day = (day.month, min(day.day, _DAYS_IN_MONTH[day.month - 1]))
    return (date(_YEAR, *month_day) - date(_YEAR, 1, 1)).days


def _cleaning_rains(rain_mm: tuple[float, ...], threshold_mm: float) -> tuple[float, ...]:
    """Return the days with more than `threshold_mm` that a month's rain makes, days' rain being exponential."""
    per_day = catalog.sourced("pv/assumptions.csv", "rain_per_wet_day_mm").value
    return tuple(float(mm / per_day * np.exp(-threshold_mm / per_day)) for mm in rain_mm)


def _rain_days(per_month: tuple[float, ...]) -> FloatArray:
    """Return 365 days, 1 where it rains enough to wash, evenly over every month."""
    rate = np.minimum(np.repeat(np.array(per_month), _DAYS_IN_MONTH) / np.repeat(_DAYS_IN_MONTH, _DAYS_IN_MONTH), 1.0)
    # A rain falls on the day on which the sum of the year passes a half, one and a half ...
    fallen = np.floor(np.cumsum(rate) + 0.5)
    return np.asarray(np.diff(fallen, prepend=0.0))
