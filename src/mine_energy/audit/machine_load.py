"""What single machines draw in every step of a load, before the measures and after them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from mine_energy.arrays import FloatArray, readonly
from mine_energy.audit.after import Baseline
from mine_energy.audit.ground import ground_of
from mine_energy.audit.result import AuditResult
from mine_energy.loads import parse_schedule
from mine_energy.loads.schedule import stated_runs
from mine_energy.measures import Saving
from mine_energy.motors import MotorInventory
from mine_energy.site import Site
from mine_energy.units import MINUTES_PER_HOUR


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MachineLoad:
    """Power of some machines together, by their schedule, in the steps of the plant's load.

    Parameters
    ----------
    before_kw, after_kw
        Shape (n,): before and after the measures that apply. A meter may show less in a step than the schedule says.
    """

    before_kw: FloatArray
    after_kw: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MachineLoads:
    """The schedules behind an audit's load, to be asked for single machines; from :func:`machine_loads`."""

    baseline: Baseline
    savings: Sequence[Saving]

    def of(self, tags: Collection[str]) -> MachineLoad:
        """Return what the machines of some tags draw together."""
        plans = [plan for plan in self.baseline.plans if plan.motor.tag in tags]
        active = self.baseline.on([(run, plan.power_kw(run.state)) for plan in plans for run in plan.runs])
        taken = self.baseline.taken([saving for saving in self.savings if saving.tag in tags])
        return MachineLoad(
            before_kw=readonly(active),
            after_kw=readonly(np.maximum(active - taken.active_kw, 0.0) + taken.added_kw),
        )

    def stated(self, kwh_per_day: float, usual: str) -> MachineLoad:
        """Return a load of which only the energy of a working day and its hours are known; no measure touches it.

        Raises
        ------
        ValueError
            The hours are no schedule, or none.
        """
        spans = parse_schedule(usual)
        minutes = sum(end - start for start, end in spans)
        if minutes <= 0:
            raise ValueError(usual)
        runs = stated_runs(spans, minutes, 0.0)
        power = readonly(self.baseline.on([(run, kwh_per_day * MINUTES_PER_HOUR / minutes) for run in runs]))
        return MachineLoad(before_kw=power, after_kw=power)


def machine_loads(site: Site, inventory: MotorInventory | None, audited: AuditResult) -> MachineLoads:
    """Return the schedules behind an audit's load.

    Parameters
    ----------
    site, inventory
        As the audit took them.
    audited
        Its result: the load before the measures and the savings.
    """
    before = audited.load_before
    record = None if before.origin == "built" else before
    ground = ground_of(site, inventory, record, audited.year, before.step_minutes)
    return MachineLoads(baseline=ground.baseline, savings=audited.savings)
