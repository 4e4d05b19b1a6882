"""Loads that wait for the sun: where ``[[deferrable]]`` blocks run once there is PV, and what that moves.

Today and after the measures they run as they do now. With PV each block, in the order of the site file, leaves its
hours and takes what the rest of the load leaves of the PV, by the controller's rule of
:mod:`mine_energy.dispatch.deferrable`. A block that would use no more PV that way stays where it is.
"""

from dataclasses import dataclass, replace
from datetime import time
from typing import Final, Literal, cast

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.audit import AuditResult
from mine_energy.audit.machine_load import MachineLoads, machine_loads
from mine_energy.dispatch import Batch, BlockRun, Tank, daily_energy_kwh, defer, production_days, window_hours
from mine_energy.loads import LoadProfile
from mine_energy.site import DeferrableChoice
from mine_energy.study.inputs import Inputs
from mine_energy.study.shifting_result import Reason, ShiftedBlock
from mine_energy.units import LOCAL_TIME, MINUTES_PER_HOUR

_NEGLIGIBLE_KWH: Final = 1e-3
"""Energy of a year below which nothing has moved."""
_ROUNDING: Final = 1e-9

Which = Literal["before", "after"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waiting:
    """A block of the site file and what it draws today and after the measures, kW, shape (n,) each."""

    choice: DeferrableChoice
    before_kw: FloatArray
    after_kw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Served:
    """A load as it is served with PV, and what became of each block."""

    load: LoadProfile
    blocks: tuple[ShiftedBlock, ...]

    @property
    def moved(self) -> bool:
        """Whether any block left its hours."""
        return any(block.reason == "moved" for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deferral:
    """The blocks of a site, in its order."""

    waiting: tuple[Waiting, ...]

    def served(self, load: LoadProfile, unit: FloatArray, pv_kwp: float, which: Which = "after") -> Served:
        """Return a load with its blocks where an array lets them run.

        Parameters
        ----------
        load
            Before or after the measures, at its own step.
        unit
            Shape (n,), kW per kWp in its steps.
        pv_kwp
            Array.
        which
            Which of the two loads it is.
        """
        pv_kw, blocks = unit * pv_kwp, []
        for one in self.waiting:
            wanted = one.after_kw if which == "after" else one.before_kw
            load, block = _placed(one.choice, wanted, load, pv_kw)
            blocks.append(block)
        return Served(load=load, blocks=tuple(blocks))


def deferral_of(inputs: Inputs, audited: AuditResult) -> Deferral | None:
    """Return the blocks of a site with what they draw by the schedule; None where nothing may wait."""
    site = inputs.site
    if not site.deferrable:
        return None
    machines = machine_loads(site, inputs.inventory, audited)
    return Deferral(waiting=tuple(_waiting(choice, machines) for choice in site.deferrable))


def served_by(deferral: Deferral | None, load: LoadProfile, unit: FloatArray, pv_kwp: float) -> LoadProfile:
    """Return the load after measures as an array serves it; as it is where nothing may wait."""
    return load if deferral is None else deferral.served(load, unit, pv_kwp).load


def _waiting(choice: DeferrableChoice, machines: MachineLoads) -> Waiting:
    if choice.kwh_per_day is not None:
        found = machines.stated(choice.kwh_per_day, choice.usual)
    else:
        found = machines.of(choice.tags)
    return Waiting(choice=choice, before_kw=found.before_kw, after_kw=found.after_kw)


def _placed(
    choice: DeferrableChoice, wanted: FloatArray, load: LoadProfile, pv_kw: FloatArray
) -> tuple[LoadProfile, ShiftedBlock]:
    """Return a load with one block in the sun, and what became of the block."""
    total, hours = load.load_kw.to_numpy(), load.step_hours
    index = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(LOCAL_TIME)
    # A meter that shows less than the schedule has the last word.
    present = np.minimum(wanted, np.maximum(total, 0.0))
    most = choice.max_kw or float(present.max(initial=0.0))
    moving, days_kept = _that_fits(choice, present, most, index)
    fixed = total - moving
    block = ShiftedBlock(
        name=choice.name,
        kind=choice.kind,
        tags=choice.tags,
        reason="idle",
        max_kw=most,
        energy_kwh=float(present.sum()) * hours,
        from_pv_before_kwh=float(np.minimum(present, np.maximum(pv_kw - total + present, 0.0)).sum()) * hours,
        starts_before=_starts(present),
        days_kept=days_kept,
        unseen_kwh=float((wanted - present).sum()) * hours,
        tank_kwh=_tank_kwh(choice, most),
    ).stayed()
    if float(moving.sum()) * hours <= _NEGLIGIBLE_KWH:
        return load, replace(block, reason="window" if block.energy_kwh > _NEGLIGIBLE_KWH else "idle")
    made = defer(index, fixed, pv_kw, [_rule(choice, moving, most, index)])
    run = made.blocks[0]
    reason = _reason(run, float(np.minimum(moving, np.maximum(pv_kw - fixed, 0.0)).sum()) * hours)
    if reason != "moved":
        return load, replace(block, reason=reason, dry_kwh=run.dry_kwh)
    power = present - moving + run.load_kw
    moved = replace(
        block,
        reason="moved",
        energy_after_kwh=float(power.sum()) * hours,
        moved_kwh=float(np.maximum(power - present, 0.0).sum()) * hours,
        from_pv_after_kwh=float(np.minimum(power, np.maximum(pv_kw - total + present, 0.0)).sum()) * hours,
        starts_after=_starts(power),
    )
    return _moved(load, moving, run.load_kw), moved


def _that_fits(
    choice: DeferrableChoice, present: FloatArray, most: float, index: pd.DatetimeIndex
) -> tuple[FloatArray, int]:
    """Return what may leave its hours, and the number of working days whose work does not fit into the window.

    Those days stay as they are, as does the work of a day that the ends of the record cut.
    """
    if choice.kind == "tank":
        return present, 0
    first, last = _hour(choice.earliest), _hour(choice.deadline)
    days = production_days(index, first)
    owed, room = daily_energy_kwh(index, present, first), most * window_hours(index, first, last)
    fits = owed <= room * (1 + _ROUNDING)
    whole = (days > 0) & (days < days[-1]) if first else np.ones(days.size, dtype=bool)
    return np.where(fits[days], present, 0.0), len(set(days[whole & ~fits[days]].tolist()))


def _rule(choice: DeferrableChoice, moving: FloatArray, most: float, index: pd.DatetimeIndex) -> Batch | Tank:
    first, last = _hour(choice.earliest), _hour(choice.deadline)
    least = min(most if choice.min_kw is None else choice.min_kw, most)
    if choice.kind == "batch":
        return Batch(
            name=choice.name,
            max_kw=most,
            owed_kwh=daily_energy_kwh(index, moving, first),
            first_hour=first,
            deadline_hour=last,
            min_kw=least,
            sun_share=choice.sun_share,
        )
    return Tank(
        name=choice.name,
        max_kw=most,
        tank_kwh=_tank_kwh(choice, most),
        use_kw=moving,
        refill_fraction=choice.refill_share,
        first_hour=first,
        deadline_hour=last,
        min_kw=least,
        sun_share=choice.sun_share,
    )


def _reason(run: BlockRun, from_pv_before_kwh: float) -> Reason:
    if run.dry_kwh > _NEGLIGIBLE_KWH:
        return "dry"
    return "moved" if run.from_surplus_kwh > from_pv_before_kwh + _NEGLIGIBLE_KWH else "no_gain"


def _tank_kwh(choice: DeferrableChoice, most: float) -> float:
    """Return the electric energy that fills a tank: its volume over the pump's flow is hours at full power."""
    if choice.tank_m3 is None or choice.flow_m3_per_hour is None:
        return 0.0
    return choice.tank_m3 / choice.flow_m3_per_hour * most


def _hour(moment: time) -> float:
    return moment.hour + moment.minute / MINUTES_PER_HOUR


def _starts(power: FloatArray) -> int:
    """Return how often a block starts in the period."""
    running = power > _ROUNDING * max(float(power.max(initial=0.0)), 1.0)
    return int(np.count_nonzero(running & ~np.concatenate([[False], running[:-1]])))


def _moved(load: LoadProfile, left: FloatArray, added: FloatArray) -> LoadProfile:
    """Return a load with a block at other hours.

    Its reactive power goes with it: the block's share of the plant's as the meter sees it, behind a capacitor bank.
    """
    total = load.load_kw.to_numpy()
    reactive = load.reactive_kvar
    if reactive is not None:
        share = np.divide(left, total, out=np.zeros_like(total), where=total > 0)
        gone = share * np.maximum(reactive.to_numpy(), 0.0)
        reactive = reactive - gone + added * float(gone.sum()) / float(left.sum())
    return replace(load, load_kw=pd.Series(total - left + added, index=load.load_kw.index), reactive_kvar=reactive)
