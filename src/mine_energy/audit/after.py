"""The load that the measures leave, and what each of them takes off it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, cast

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.audit.reconcile import record_days
from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile, MachinePlan, Run, parse_schedule, power_on, working_days
from mine_energy.loads.calendar import DAY_MINUTES
from mine_energy.loads.losses import Behind
from mine_energy.loads.schedule import stated_runs
from mine_energy.measures import PlantSeries, Saving
from mine_energy.measures.power_factor import bank_output
from mine_energy.measures.registry import ON_THE_PLANT
from mine_energy.units import HOURS_PER_YEAR, LOCAL_TIME, MINUTES_PER_HOUR, MONTHS_PER_YEAR

_NEGLIGIBLE_KWH: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taken:
    """What savings take off a load in every interval, and what shifted machines add at their new hours.

    Parameters
    ----------
    active_kw, reactive_kvar
        Taken off.
    added_kw, added_kvar
        Added.
    always_kw
        Taken off at the meter in every interval.
    """

    active_kw: FloatArray
    reactive_kvar: FloatArray
    added_kw: FloatArray
    added_kvar: FloatArray
    always_kw: float = 0.0

    def plus(self, other: "Taken") -> "Taken":
        """Return both together."""
        return Taken(
            active_kw=self.active_kw + other.active_kw,
            reactive_kvar=self.reactive_kvar + other.reactive_kvar,
            added_kw=self.added_kw + other.added_kw,
            added_kvar=self.added_kvar + other.added_kvar,
            always_kw=self.always_kw + other.always_kw,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Baseline:
    """The load before the measures and the runs of its machines.

    Parameters
    ----------
    load
        Baseline.
    plans
        Machines with their runs.
    workdays_per_month
        Sets the working days of a metered record.
    workdays
        Working days of the year, over which annual energy of moved machines is spread.
    seen
        The load from the machines' side of the network; None without one.
    """

    load: LoadProfile
    plans: Sequence[MachinePlan]
    workdays_per_month: int
    workdays: int
    seen: Behind | None = None
    _runs: dict[str, tuple[Run, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_runs", {plan.motor.tag: plan.runs for plan in self.plans})

    def on(self, runs: Sequence[tuple[Run, float]]) -> FloatArray:
        """Return the mean of a quantity in every interval of the baseline, from its runs on the working days."""
        index = cast("pd.DatetimeIndex", self.load.load_kw.index)
        if not runs:
            return np.zeros(len(index))
        return power_on(index, self.load.step_minutes, self.days(), runs, wrap=self.load.origin == "built")

    def days(self) -> tuple[date, ...]:
        """Return the working days whose runs can touch the baseline."""
        index = cast("pd.DatetimeIndex", self.load.load_kw.index)
        if self.load.origin == "built":
            return working_days(index[0].year, self.workdays_per_month)
        return record_days(self.load, self.workdays_per_month)

    def runs(self, tag: str) -> tuple[Run, ...]:
        """Return the runs of a machine; none for the plant itself."""
        return self._runs.get(tag, ())

    def taken(self, savings: Sequence[Saving]) -> Taken:
        """Return what savings that apply take off and add; a capacitor bank is not among them."""
        applied = [saving for saving in savings if saving.decision == "apply"]
        known = [saving for saving in applied if saving.tag in self._runs]
        moved = [saving for saving in known if saving.moved_to]
        always = sum(saving.always_kw for saving in applied)
        old = [(run, *self._moved(saving)) for saving in moved for run in self._runs[saving.tag]]
        new = [(run, *self._moved(saving)) for saving in moved for run in _runs_of(saving)]
        active = [(run, _kw(saving, run)) for saving in known for run in self._runs[saving.tag]]
        reactive = [(run, _kvar(saving, run)) for saving in known for run in self._runs[saving.tag]]
        return Taken(
            active_kw=self.on([*active, *((run, kw) for run, kw, _ in old)]),
            reactive_kvar=self.on([*reactive, *((run, kvar) for run, _, kvar in old)]),
            added_kw=self.on([(run, kw) for run, kw, _ in new]),
            added_kvar=self.on([(run, kvar) for run, _, kvar in new]),
            always_kw=always,
        )

    def _moved(self, saving: Saving) -> tuple[float, float]:
        hours = sum(run.minutes for run in self._runs[saving.tag]) / MINUTES_PER_HOUR * self.workdays
        if hours <= 0:
            return 0.0, 0.0
        return saving.moved_kwh_per_year / hours, saving.moved_kvarh_per_year / hours

    def machines(self) -> PlantSeries:
        """Return what the machines draw before the measures: the load without the network's losses."""
        known = self.load.reactive_kvar is not None
        if self.seen is not None:
            active, reactive = self.seen.load.load_kw.to_numpy(), self.seen.reactive_kvar
        else:
            active = self.load.load_kw.to_numpy()
            reactive = np.zeros_like(active) if self.load.reactive_kvar is None else self.load.reactive_kvar.to_numpy()
        return PlantSeries(active_kw=active, reactive_kvar=reactive, reactive_known=known)

    def machines_left(self, taken: Taken, savings: Sequence[Saving]) -> PlantSeries:
        """Return what the machines draw after savings: never below zero, and never leading by a bank."""
        before = self.machines()
        # A negative reading is the meter's own and stays.
        active = np.maximum(before.active_kw - taken.active_kw, np.minimum(before.active_kw, 0.0)) + taken.added_kw
        reactive = before.reactive_kvar
        reactive = np.maximum(reactive - taken.reactive_kvar, np.minimum(reactive, 0.0)) + taken.added_kvar
        for saving in savings:
            if saving.decision == "apply" and saving.bank_kvar > 0:
                reactive = reactive - bank_output(reactive, saving.bank_kvar, saving.step_kvar)
        through = None if self.seen is None else self.seen.network.through_kva(active, reactive)
        return replace(before, active_kw=active, reactive_kvar=reactive, through_kva=through)

    def left(self, taken: Taken, savings: Sequence[Saving]) -> PlantSeries:
        """Return the plant's power at the meter after savings.

        With a network its losses follow the machines, transformers as the savings leave them.
        """
        machines = self.machines_left(taken, savings)
        load = self.load.load_kw.to_numpy()
        less = 0.0 if self.seen is None else self.losses_saved(machines, savings)
        at_meter = machines.active_kw + (load - self.machines().active_kw) - less
        # What is saved in every hour is saved where it is lost; a supply that was off loses nothing.
        at_meter = np.maximum(at_meter - taken.always_kw, np.minimum(at_meter, 0.0))
        return replace(machines, active_kw=at_meter)

    def losses_saved(self, machines: PlantSeries, savings: Sequence[Saving]) -> FloatArray:
        """Return by how much the metered losses that go with the load fall, kW; zero without a network.

        Parameters
        ----------
        machines
            As the savings leave them, from :meth:`machines_left`.
        savings
            Those of them that change a transformer take its load loss off.
        """
        if self.seen is None or machines.through_kva is None:
            return np.zeros(len(self.load.load_kw))
        network, before = self.seen.network, self.machines()
        then = network.varying_kw(before.active_kw, before.reactive_kvar)
        now = network.varying_kw(machines.active_kw, machines.reactive_kvar)
        less = sum(s.load_loss_kw_per_kva2 for s in savings if s.decision == "apply")
        return np.asarray(then - now + less * machines.through_kva**2)


def _kw(saving: Saving, run: Run) -> float:
    return saving.unloaded_demand_kw if run.state == "unloaded" else saving.demand_kw


def _kvar(saving: Saving, run: Run) -> float:
    return saving.unloaded_reactive_kvar if run.state == "unloaded" else saving.reactive_kvar


def _runs_of(saving: Saving) -> tuple[Run, ...]:
    spans = parse_schedule(saving.moved_to)
    return stated_runs(spans, sum(end - start for start, end in spans), 0.0)


def series_after(baseline: Baseline, savings: Sequence[Saving]) -> PlantSeries:
    """Return the plant's power after savings, for the measures on the whole plant."""
    return baseline.left(baseline.taken(savings), savings)


def load_after(baseline: Baseline, savings: Sequence[Saving]) -> tuple[LoadProfile, tuple[Finding, ...]]:
    """Return the load after the measures that apply, at the step of the load before them.

    Every saving is taken off in the intervals in which its machine runs, in proportion to the minutes it runs. Where
    a meter shows less than that, the load stops at zero and the rest is reported. Reactive power follows the machines;
    a capacitor bank comes last and never makes it lead. The losses of a network follow what is left.

    Parameters
    ----------
    baseline
        Load before, machines with their runs.
    savings
        Of all measures.

    Returns
    -------
    LoadProfile, tuple of Finding
        Origin ``after_measures``, and a finding where energy could not be taken off.
    """
    before = baseline.load
    taken = baseline.taken(savings)
    left = baseline.left(taken, savings)
    index = before.load_kw.index
    profile = LoadProfile(
        load_kw=pd.Series(left.active_kw, index=index),
        reactive_kvar=None if before.reactive_kvar is None else pd.Series(left.reactive_kvar, index=index),
        step_minutes=before.step_minutes,
        origin="after_measures",
        label=before.label,
        findings=before.findings,
    )
    lost = _not_taken(baseline, taken, left, savings) * before.step_hours
    if lost <= _NEGLIGIBLE_KWH:
        return profile, ()
    wanted = float((taken.active_kw + taken.always_kw).sum()) * before.step_hours
    params = {"kwh": lost, "percent": lost / wanted * 100}
    return profile, (Finding(key="audit_savings_beyond_load", level="warning", subject=before.label, params=params),)


def _not_taken(baseline: Baseline, taken: Taken, left: PlantSeries, savings: Sequence[Saving]) -> float:
    """Return the sum of what savings promise in each interval and the load cannot give, kW."""
    machines = baseline.machines_left(taken, savings)
    less = baseline.losses_saved(machines, savings)
    gone = baseline.load.load_kw.to_numpy() + taken.added_kw - left.active_kw - less
    return float((taken.active_kw + taken.always_kw - gone).sum())


def network_saved_kw(baseline: Baseline, savings: Sequence[Saving]) -> FloatArray:
    """Return what the metered losses fall by in every interval because less is drawn, kW.

    What a changed transformer saves by itself is its own measure's and left out; the order of the measures puts it
    after those of the machines and before those on the reactive power.

    Parameters
    ----------
    baseline
        Load before, machines with their runs.
    savings
        Of all measures.
    """
    machines = baseline.machines_left(baseline.taken(savings), savings)
    saved = baseline.losses_saved(machines, savings)
    squared = sum(s.load_loss_kw_per_kva2 for s in savings if s.decision == "apply")
    if not squared:
        return saved
    earlier = [s for s in savings if s.measure not in ON_THE_PLANT]
    through = baseline.machines_left(baseline.taken(earlier), earlier).through_kva
    return saved if through is None else np.asarray(saved - squared * through**2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The interval of a month's maximum: its place, minutes after local midnight, and which days' runs can reach it."""

    place: int
    start_minute: float
    works: bool
    worked_before: bool


def monthly_peaks(baseline: Baseline) -> tuple[Peak, ...]:
    """Return the interval of each month's maximum of the baseline."""
    load = baseline.load.load_kw
    index = cast("pd.DatetimeIndex", load.index)
    months = np.asarray(index.year * MONTHS_PER_YEAR + index.month)
    values = load.to_numpy()
    days = set(baseline.days())
    peaks = []
    for month in np.unique(months):
        places = np.flatnonzero(months == month)
        place = int(places[np.argmax(values[places])])
        start = index[place].tz_convert(LOCAL_TIME)
        minute = start.hour * MINUTES_PER_HOUR + start.minute
        before = start.date() - timedelta(days=1)
        worked = before in days
        peaks.append(Peak(place=place, start_minute=minute, works=start.date() in days, worked_before=worked))
    return tuple(peaks)


def at_monthly_peaks(baseline: Baseline, saving: Saving, peaks: Sequence[Peak]) -> float | None:
    """Return what a saving takes off the monthly maxima of the baseline, mean over the months, kW.

    None where the saving comes and goes: no demand charge falls by what an average promises.

    Parameters
    ----------
    baseline
        Load before, machines with their runs.
    saving
        One that applies.
    peaks
        From :func:`monthly_peaks`.
    """
    if saving.decision == "keep" or not saving.steady:
        return None
    step = baseline.load.step_minutes
    runs = [(run, _kw(saving, run)) for run in baseline.runs(saving.tag)]
    on_runs = sum(kw * _covered(run, peak, step) for peak in peaks for run, kw in runs)
    return saving.always_kw + on_runs / len(peaks)


def _covered(run: Run, peak: Peak, step_minutes: float) -> float:
    """Return the share of a peak's interval that a run covers, started on its day or the day before."""
    starts = [peak.start_minute] * peak.works + [peak.start_minute + DAY_MINUTES] * peak.worked_before
    inside = (min(run.end_minute, start + step_minutes) - max(run.start_minute, start) for start in starts)
    return sum(max(0.0, minutes) for minutes in inside) / step_minutes


def duration_share(load: LoadProfile) -> float:
    """Return the length of a record over a year."""
    return load.duration_hours / HOURS_PER_YEAR
