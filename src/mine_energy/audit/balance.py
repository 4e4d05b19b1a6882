"""The energy of every machine and process in a year, and the savings of every cause."""

from collections.abc import Sequence
from typing import Final

from mine_energy.audit.result import CauseSaving, DataGap, MachineResult
from mine_energy.audit.uses import EndUse
from mine_energy.loads import MachinePlan
from mine_energy.measures import Saving

NETWORK_CAUSE: Final = "network_losses"
"""Cause of what transformer and feeders lose less."""
_NEGLIGIBLE_KWH: Final = 1e-6


def machine_results(plans: Sequence[MachinePlan], workdays: int) -> tuple[MachineResult, ...]:
    """Return what every inventory row draws in a year.

    Parameters
    ----------
    plans
        Machines with state and schedule.
    workdays
        Working days of the year.
    """
    total = sum(plan.energy_kwh_per_day for plan in plans) * workdays
    return tuple(_machine(plan, workdays, total) for plan in plans)


def _machine(plan: MachinePlan, workdays: int, total_kwh: float) -> MachineResult:
    motor, state = plan.motor, plan.state
    energy = plan.energy_kwh_per_day * workdays
    return MachineResult(
        tag=motor.tag,
        description=motor.description,
        area=motor.area,
        process=motor.process,
        equipment=motor.equipment,
        origin=motor.origin,
        source=motor.source,
        ie_class=motor.ie_class,
        quantity=motor.quantity,
        standby_quantity=motor.standby_quantity,
        rated_power_kw=motor.rated_power_kw,
        load_factor=state.load_factor,
        load_method=state.load_method,
        load_band=state.load_band,
        efficiency_full_load=state.efficiency_full_load,
        efficiency_source=state.efficiency_source,
        efficiency_at_load=state.efficiency_at_load,
        input_kw=state.input_kw,
        unloaded_input_kw=state.unloaded_input_kw,
        hours_per_year=plan.hours_per_day * workdays,
        unloaded_hours_per_year=plan.unloaded_hours_per_day * workdays,
        energy_kwh_per_year=energy,
        share=_share(energy, total_kwh),
        flags=tuple(dict.fromkeys(f.key for f in (*state.findings, *plan.findings))),
    )


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0


def end_uses(machines: Sequence[MachineResult]) -> tuple[EndUse, ...]:
    """Return the energy by process, the largest first."""
    total = sum(m.energy_kwh_per_year for m in machines)
    groups: dict[str, list[float]] = {}
    for machine in machines:
        groups.setdefault(machine.process, []).append(machine.energy_kwh_per_year)
    uses = [
        EndUse(process=key, energy_kwh_per_year=sum(v), share=_share(sum(v), total), machines=len(v))
        for key, v in groups.items()
    ]
    return tuple(sorted(uses, key=lambda use: (-use.energy_kwh_per_year, use.process)))


def cause_savings(savings: Sequence[Saving], total_kwh: float) -> tuple[CauseSaving, ...]:
    """Return the sums of the savings that apply, by cause and measure, in the order of the measures.

    Parameters
    ----------
    savings
        Of all measures.
    total_kwh
        Energy of the inventory in the year.
    """
    groups: dict[tuple[str, str], list[Saving]] = {}
    for saving in savings:
        if saving.decision == "apply":
            groups.setdefault((saving.cause, saving.measure), []).append(saving)
    return tuple(_cause(cause, measure, group, total_kwh) for (cause, measure), group in groups.items())


def _cause(cause: str, measure: str, group: Sequence[Saving], total_kwh: float) -> CauseSaving:
    energy = sum(s.energy_kwh_per_year for s in group)
    alone = sum(s.standalone_kwh_per_year for s in group)
    values = [s.value_per_year for s in group if s.value_per_year is not None]
    return CauseSaving(
        cause=cause,
        measure=measure,
        machines=len(group),
        energy_kwh_per_year=energy,
        energy_low_kwh_per_year=sum(s.energy_low_kwh_per_year for s in group),
        energy_high_kwh_per_year=sum(s.energy_high_kwh_per_year for s in group),
        share=_share(energy, total_kwh),
        demand_kw=sum(s.demand_kw + s.always_kw for s in group),
        capex_usd=sum(s.capex_usd for s in group),
        standalone_kwh_per_year=alone,
        interaction_kwh_per_year=alone - energy,
        peak_kw=sum(s.peak_kw or 0.0 for s in group),
        reactive_kvarh_per_year=sum(s.reactive_kvarh_per_year for s in group),
        value_per_year=sum(values) if len(values) == len(group) else None,
        currency=group[0].currency,
    )


def network_saving(saved_kwh: float, peak_kw: float, savings: Sequence[Saving], total_kwh: float) -> CauseSaving | None:
    """Return what the network loses less because the machines draw less, as a cause of its own; None for nothing.

    Its band is that of the savings behind it: the loss that a kW takes along changes little within it. What it is
    worth lies in the value of those savings, whose bills are those of the meter; so it has none of its own.

    Parameters
    ----------
    saved_kwh, peak_kw
        In a year, and at the monthly maxima.
    savings
        Of all measures.
    total_kwh
        Energy of the inventory in the year.
    """
    applied = [saving for saving in savings if saving.decision == "apply"]
    base = sum(s.energy_kwh_per_year for s in applied)
    if abs(saved_kwh) <= _NEGLIGIBLE_KWH:
        return None
    low, high = (
        saved_kwh * _share(sum(ends), base) if base > 0 else saved_kwh
        for ends in ([s.energy_low_kwh_per_year for s in applied], [s.energy_high_kwh_per_year for s in applied])
    )
    return CauseSaving(
        cause=NETWORK_CAUSE,
        measure="network",
        machines=0,
        energy_kwh_per_year=saved_kwh,
        energy_low_kwh_per_year=low,
        energy_high_kwh_per_year=high,
        share=_share(saved_kwh, total_kwh),
        demand_kw=0.0,
        capex_usd=0.0,
        standalone_kwh_per_year=saved_kwh,
        peak_kw=peak_kw,
    )


def data_gaps(gaps: Sequence[Saving]) -> tuple[DataGap, ...]:
    """Return the measures without data, the machines of each together, in the order of the measures."""
    groups: dict[str, list[Saving]] = {}
    for gap in gaps:
        groups.setdefault(gap.measure, []).append(gap)
    return tuple(
        DataGap(
            measure=measure, cause=group[0].cause, tags=tuple(s.tag for s in group if s.tag), reason=group[0].reason
        )
        for measure, group in groups.items()
    )
