"""The registers of one load on one tariff's calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np
import pandas as pd

from mine_energy.loads import reactive_excess_by_period
from mine_energy.tariffs import pe
from mine_energy.tariffs.blocks import Calendar, Floats, Ints, block_means, calendar, check_series, sums
from mine_energy.tariffs.model import DemandCharge, Tariff


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Meter:
    """The registers of a load on a tariff's calendar: energies per step, demands per demand interval."""

    tariff: Tariff
    steps: Calendar
    index: pd.DatetimeIndex
    import_kwh: Floats
    export_kwh: Floats
    reactive_kvarh: Floats | None
    demand_kw: Floats
    demand_first: Ints

    def maxima_kw(self, charge: DemandCharge | None = None) -> Floats:
        """Return each month's highest demand, within a charge's window when one is given."""
        inside = np.ones(len(self.demand_kw), dtype=np.bool_)
        if charge is not None:
            inside = self.steps.inside(charge)[self.demand_first]
        highest = np.zeros(len(self.steps.periods))
        np.maximum.at(highest, self.steps.period[self.demand_first], np.where(inside, self.demand_kw, 0.0))
        return highest

    def presence(self) -> Floats | None:
        """Return each month's presence factor, or None when the tariff has no classification."""
        if self.tariff.presence is None:
            return None
        return pe.presence_factor(self.import_kwh, self.maxima_kw(), self.steps, self.tariff.presence)

    def reactive_excess_kvarh(self) -> Floats | None:
        """Return each month's billed reactive energy, or None when rule or data are missing."""
        rule = self.tariff.reactive
        if rule is None or self.reactive_kvarh is None:
            return None
        lagging, count = np.maximum(self.reactive_kvarh, 0.0), len(self.steps.periods)
        if rule.rule == "monthly":
            return reactive_excess_by_period(self.import_kwh, lagging, self.steps.period, rule.ratio, count)
        excess = reactive_excess_by_period(self.import_kwh, lagging, self.steps.clock_hour, rule.ratio)
        return sums(self.hour_period(), excess, count)

    def hour_first(self) -> Ints:
        """Return the position of the first step of every clock hour."""
        return cast("Ints", np.flatnonzero(np.diff(self.steps.clock_hour, prepend=-1)))

    def hour_period(self) -> Ints:
        """Return the billing month of every clock hour."""
        return cast("Ints", self.steps.period[self.hour_first()])


def read_meter(
    load_kw: "pd.Series[float]",
    tariff: Tariff,
    exports_kw: "pd.Series[float] | None",
    reactive_kvar: "pd.Series[float] | None",
    holidays: Collection[date],
) -> Meter:
    """Return the registers of a load, checked.

    Parameters
    ----------
    load_kw, exports_kw, reactive_kvar
        See :func:`mine_energy.tariffs.bill`.
    tariff
        Gives the clock and the windows.
    holidays
        Dates that count as holidays.

    Raises
    ------
    InputError
        A series that cannot be billed.
    """
    check_series(load_kw, "load_kw")
    index = cast("pd.DatetimeIndex", load_kw.index)
    if exports_kw is not None:
        check_series(exports_kw, "exports_kw", like=index)
    if reactive_kvar is not None:
        check_series(reactive_kvar, "reactive_kvar", like=index, signed=True)
    steps = calendar(index, tariff.utc_offset_hours, holidays)
    power = load_kw.to_numpy(dtype=np.float64)
    exports = np.zeros_like(power) if exports_kw is None else exports_kw.to_numpy(dtype=np.float64)
    reactive = None if reactive_kvar is None else reactive_kvar.to_numpy(dtype=np.float64) * steps.step_hours
    demand, first = block_means(power, steps.demand_block)
    return Meter(
        tariff=tariff,
        steps=steps,
        index=index,
        import_kwh=power * steps.step_hours,
        export_kwh=exports * steps.step_hours,
        reactive_kvarh=reactive,
        demand_kw=demand,
        demand_first=first,
    )
