"""From a machine before and after a measure to its saving."""

from dataclasses import dataclass, replace
from typing import Protocol

from mine_energy.errors import Finding, Level, Param
from mine_energy.measures.context import measure_assumption
from mine_energy.measures.machine import Machine, Window
from mine_energy.measures.saving import Saving

_NEGLIGIBLE_KWH = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A saving, and the machine as the measure leaves it; None where it changes no machine."""

    saving: Saving
    machine: Machine | None = None


class Priced(Protocol):
    """What an entry of the site file says about money."""

    @property
    def capex_usd(self) -> float | None:
        """Price installed, USD."""

    @property
    def life_years(self) -> float | None:
        """Life."""


def reason(key: str, **params: Param) -> Finding:
    """Return why a measure applies or not."""
    return Finding(key=key, params=params)


def note(tag: str, key: str, level: Level = "assumption", **params: Param) -> Finding:
    """Return a finding about a machine."""
    return Finding(key=key, level=level, subject=tag, params=params)


def kept(machine: Machine, measure: str, cause: str, why: Finding) -> Outcome:
    """Return the outcome of a measure that leaves a machine as it is."""
    saving = Saving(
        tag=machine.motor.tag,
        measure=measure,
        cause=cause,
        decision="keep",
        reason=why,
        quantity=machine.motor.quantity,
        when="never",
        old_efficiency=machine.efficiency_full_load if machine.motor.is_motor else None,
    )
    return Outcome(saving=saving)


def idle_reason(machine: Machine) -> Finding | None:
    """Return why nothing can be saved on a machine that draws nothing, or None."""
    if machine.motor.quantity == 0 or machine.energy_kwh_per_year <= 0:
        return reason("measure_does_not_run")
    return None


def saved(before: Machine, after: Machine, measure: str, cause: str, why: Finding) -> Outcome:
    """Return the outcome of a measure that turns one machine into another; kept where that saves nothing.

    Parameters
    ----------
    before, after
        The machine as the earlier measures left it, and as this one does.
    measure, cause
        Names.
    why
        What is done.
    """
    energy = before.energy_kwh_per_year - after.energy_kwh_per_year
    if measure in before.applied:
        return kept(before, measure, cause, reason("measure_already_applied"))
    if energy <= _NEGLIGIBLE_KWH:
        return kept(before, measure, cause, reason("measure_saves_nothing"))
    saving = Saving(
        tag=before.motor.tag,
        measure=measure,
        cause=cause,
        decision="apply",
        reason=why,
        quantity=before.motor.quantity,
        energy_kwh_per_year=energy,
        energy_low_kwh_per_year=energy,
        energy_high_kwh_per_year=energy,
        standalone_kwh_per_year=energy,
        demand_kw=_mean(before, before.energy_kwh("running") - after.energy_kwh("running"), "running"),
        unloaded_demand_kw=_mean(before, before.energy_kwh("unloaded") - after.energy_kwh("unloaded"), "unloaded"),
        reactive_kvar=_mean(before, before.reactive_kvarh("running") - after.reactive_kvarh("running"), "running"),
        unloaded_reactive_kvar=_mean(
            before, before.reactive_kvarh("unloaded") - after.reactive_kvarh("unloaded"), "unloaded"
        ),
        reactive_kvarh_per_year=_reactive(before) - _reactive(after),
        life_years=measure_life(measure, None),
    )
    return Outcome(saving=saving, machine=replace(after, applied=(*before.applied, measure)))


def _mean(machine: Machine, energy: float, window: Window) -> float:
    hours = machine.window_hours(window)
    return energy / hours if hours else 0.0


def _reactive(machine: Machine) -> float:
    return machine.reactive_kvarh("running") + machine.reactive_kvarh("unloaded")


def priced(outcome: Outcome, entry: Priced, *findings: Finding) -> Outcome:
    """Return an outcome with the price and the life that the site file gives, and further findings."""
    saving = outcome.saving
    if saving.decision == "keep":
        return outcome
    price = entry.capex_usd
    notes = findings if price is not None else (*findings, note(saving.tag, "measure_price_missing", "warning"))
    amount = price or 0.0
    done = replace(
        saving,
        capex_usd=amount,
        capex_low_usd=amount,
        capex_high_usd=amount,
        price_known=price is not None,
        life_years=measure_life(saving.measure, entry.life_years),
        findings=(*saving.findings, *notes),
    )
    return replace(outcome, saving=done)


def measure_life(measure: str, stated: float | None) -> float | None:
    """Return the life of a measure, years: as stated, or assumed; None for motors, whose life follows their size."""
    if stated is not None:
        return stated
    if measure in {"replacement", "right_size"}:
        return None
    return measure_assumption(f"life_{measure}").value


def unsteady(outcome: Outcome) -> Outcome:
    """Return an outcome whose saving comes and goes, so that no demand at the monthly peak is promised."""
    return replace(outcome, saving=replace(outcome.saving, steady=False))
