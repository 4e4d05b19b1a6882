"""The plant's electric load as a series of interval means.

A :class:`LoadProfile` says how the plant draws power at one constant step: from its meter, built from the motor
list, scaled from another meter's shape, or what is left after measures. Everything downstream (bills, PV sizing,
Scope 2) takes its series, so energy is counted once and in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mine_energy.arrays import TimeSeries
from mine_energy.errors import Finding
from mine_energy.units import MINUTES_PER_HOUR, MONTHS_PER_YEAR

LoadOrigin = Literal["metered", "built", "scaled", "after_measures", "extrapolated", "billed"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadProfile:
    """Electric load of a plant at a constant step.

    Parameters
    ----------
    load_kw
        Mean active power drawn in each interval, kW; index in UTC-05:00, label at the interval's start (left).
    reactive_kvar
        Mean lagging (inductive) reactive power on the same index, kvar; None when it was not measured.
    step_minutes
        Length of every interval.
    origin
        ``metered`` (an interval meter's own figures), ``built`` (from the motor list), ``scaled`` (the shape of a
        meter with another energy; never called metered), ``after_measures``, ``extrapolated`` (a year repeated from
        weeks of metering) or ``billed`` (energy of the bills, shape of the shifts).
    label
        What a reader sees: a file's name, or how the series was built.
    findings
        What has to be known about it.
    filled
        Stretches whose values were filled by a named method, each ``start/end`` (ISO 8601, end excluded).
    energy_band_kwh
        Low and high end of the record's energy (90 % interval) where it is not a direct reading; None otherwise.
    """

    load_kw: TimeSeries
    reactive_kvar: TimeSeries | None = None
    step_minutes: float
    origin: LoadOrigin
    label: str = ""
    findings: tuple[Finding, ...] = ()
    filled: tuple[str, ...] = ()
    energy_band_kwh: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        index = cast("pd.DatetimeIndex", self.load_kw.index)
        if index.tz is None or not len(index):
            raise ValueError("a load needs at least one interval and a time zone")
        if self.reactive_kvar is not None and not self.reactive_kvar.index.equals(index):
            raise ValueError("active and reactive power need the same index")

    @property
    def step_hours(self) -> float:
        """Length of every interval, hours."""
        return self.step_minutes / MINUTES_PER_HOUR

    @property
    def energy_kwh(self) -> float:
        """Energy of the whole record, kWh."""
        return float(self.load_kw.to_numpy().sum()) * self.step_hours

    @property
    def peak_kw(self) -> float:
        """Highest interval mean, kW: the demand at this step."""
        return float(self.load_kw.to_numpy().max())

    @property
    def mean_kw(self) -> float:
        """Mean power of the whole record, kW."""
        return float(self.load_kw.to_numpy().mean())

    @property
    def load_factor(self) -> float:
        """Mean over peak power, 0 to 1; zero for a record without any load."""
        return self.mean_kw / self.peak_kw if self.peak_kw > 0 else 0.0

    @property
    def duration_hours(self) -> float:
        """Length of the whole record, hours."""
        return len(self.load_kw) * self.step_hours

    def filled_mask(self) -> NDArray[np.bool_]:
        """Return which intervals were filled; shape of the series."""
        index = cast("pd.DatetimeIndex", self.load_kw.index)
        mask = np.zeros(len(index), dtype=np.bool_)
        for stretch in self.filled:
            start, end = (pd.Timestamp(text) for text in stretch.split("/"))
            mask |= np.asarray((index >= start) & (index < end))
        return mask

    def hourly(self) -> "pd.Series[float]":
        """Return the mean power of each clock hour, kW, labelled at its start.

        Hours that the record covers only in part, at its two ends, are left out: a mean over part of an hour would
        count as a whole one. A series whose step is an hour or more comes back unchanged.
        """
        if self.step_minutes >= MINUTES_PER_HOUR:
            return self.load_kw.copy()
        per_hour = round(MINUTES_PER_HOUR / self.step_minutes)
        groups = self.load_kw.resample("h")
        return cast("pd.Series[float]", groups.mean()[groups.count() == per_hour])

    def monthly_kwh(self) -> tuple[float, ...]:
        """Return the energy of the twelve calendar months (January first), kWh; zero where the record has none.

        A record that spans more than a year adds equal months of different years.
        """
        months = cast("pd.DatetimeIndex", self.load_kw.index).month.to_numpy()
        sums = np.bincount(months - 1, weights=self.load_kw.to_numpy(), minlength=MONTHS_PER_YEAR)
        return tuple(float(total) for total in sums * self.step_hours)

    def scaled(self, energy_kwh: float) -> "LoadProfile":
        """Return a copy with the same shape and another energy, labelled as scaled.

        Parameters
        ----------
        energy_kwh
            Energy of the copy over the same record, kWh, positive.

        Raises
        ------
        ValueError
            The record has no energy to scale.
        """
        if self.energy_kwh <= 0:
            raise ValueError("a record without energy cannot be scaled")
        factor = energy_kwh / self.energy_kwh
        params: Mapping[str, float | str] = {"factor": factor, "energy_kwh": energy_kwh}
        return LoadProfile(
            load_kw=self.load_kw * factor,
            reactive_kvar=None if self.reactive_kvar is None else self.reactive_kvar * factor,
            step_minutes=self.step_minutes,
            origin="scaled",
            label=self.label,
            findings=(*self.findings, Finding(key="load_scaled", level="warning", subject=self.label, params=params)),
            filled=self.filled,
        )
