"""Capacitors: a bank that never leads, away from resonance, and capacitors at motors below self-excitation."""

from dataclasses import dataclass
from math import acos as _acos
from math import ceil, sqrt, tan
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding
from mine_energy.measures.context import MeasureContext, PlantSeries, measure_assumption
from mine_energy.measures.drives import has_drive
from mine_energy.measures.outcome import Outcome, kept, note, reason
from mine_energy.measures.saving import Saving
from mine_energy.site.measures import MotorCapacitor, PowerFactorChoice
from mine_energy.units import W_PER_KW

MEASURE: Final = "power_factor"
CAUSE: Final = "reactive"
PLANT: Final = ""
"""Tag of a measure on the whole plant: it names no machine."""
HARMONICS: Final = (5, 7, 11, 13)
_TOO_NEAR: Final = 0.1
"""Distance from a harmonic, as a share of its order, inside which a resonance is called near."""
SELF_EXCITATION_SHARE: Final = 0.9
"""Largest capacitor at a motor over the motor's own reactive power without load (IEC 61642 and makers' guides quote
90 % of the no-load current)."""
_SHOWN_STEPS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Resonance:
    """Parallel resonance of one bank size with the supply: its order, and the harmonic it is near to, if any."""

    kvar: float
    order: float
    near: int | None


def kvar_for(active_kw: float, power_factor_now: float, power_factor_target: float) -> float:
    """Return the capacitors that raise a power factor: P (tan phi1 - tan phi2), kvar; zero where it is there already.

    Parameters
    ----------
    active_kw
        Power.
    power_factor_now, power_factor_target
        Lagging, above zero to one.
    """
    return max(0.0, active_kw * (tan(_acos(power_factor_now)) - tan(_acos(power_factor_target))))


def resonance(short_circuit_mva: float, bank_kvar: float) -> Resonance:
    """Return where a bank resonates with the supply: order n = sqrt(Ssc / Qc) (IEEE Std 18 and 1036).

    Parameters
    ----------
    short_circuit_mva
        Short-circuit power at the bank, MVA.
    bank_kvar
        Connected, kvar.
    """
    order = sqrt(short_circuit_mva * W_PER_KW / bank_kvar)
    near = next((h for h in HARMONICS if abs(order - h) <= _TOO_NEAR * h), None)
    return Resonance(kvar=bank_kvar, order=order, near=near)


def bank_output(reactive_kvar: FloatArray, bank_kvar: float, step_kvar: float) -> FloatArray:
    """Return what a bank gives in every interval: whole steps, never more than the plant takes, so it never leads.

    Parameters
    ----------
    reactive_kvar
        Of the plant, lagging positive.
    bank_kvar, step_kvar
        Size of the bank and of its steps.
    """
    steps = np.floor(np.minimum(np.maximum(reactive_kvar, 0.0), bank_kvar) / step_kvar + 1e-9)
    return np.asarray(np.minimum(steps * step_kvar, np.maximum(reactive_kvar, 0.0)))


def seen_power_factor(active_kw: FloatArray, reactive_kvar: FloatArray) -> float | None:
    """Return the power factor that a meter sees over a period: sum kWh over the root of both squared sums.

    Only imports and lagging reactive power count. PV takes kWh away and leaves the kvarh, so the same machines show a
    lower power factor behind PV. None without imports.

    Parameters
    ----------
    active_kw
        Imports in equal intervals; exports are negative and do not count.
    reactive_kvar
        Lagging positive.
    """
    active = float(np.maximum(active_kw, 0.0).sum())
    reactive = float(np.maximum(reactive_kvar, 0.0).sum())
    return active / sqrt(active**2 + reactive**2) if active > 0 else None


def apply(context: MeasureContext) -> list[Outcome]:
    """Return what capacitors do: reactive energy taken off the meter; their money is the bill's.

    Parameters
    ----------
    context
        The plant, with the series that the machines' measures leave.
    """
    choice = context.choice.power_factor
    if choice is None:
        return []
    at_motors = [_at_motor(context, entry) for entry in choice.at_motor]
    return [*at_motors, *_bank(context, choice, [o.saving for o in at_motors])]


def _plain(measure_tag: str, why: Finding) -> Outcome:
    saving = Saving(
        tag=measure_tag, measure=MEASURE, cause=CAUSE, decision="keep", reason=why, quantity=1, when="never"
    )
    return Outcome(saving=saving)


def _at_motor(context: MeasureContext, entry: MotorCapacitor) -> Outcome:
    machine = context.machine(entry.tag)
    if not machine.motor.is_motor:
        return kept(machine, MEASURE, CAUSE, reason("measure_not_a_motor"))
    if has_drive(machine):
        return kept(machine, MEASURE, CAUSE, reason("measure_capacitor_on_drive"))
    if entry.no_load_kvar is None:
        return kept(machine, MEASURE, CAUSE, reason("measure_no_load_kvar_unknown"))
    limit = SELF_EXCITATION_SHARE * entry.no_load_kvar
    if entry.kvar > limit:
        return kept(machine, MEASURE, CAUSE, reason("measure_self_excitation", kvar=entry.kvar, limit=limit))
    least = min((machine.reactive_kvar(p) for p in machine.points if p.hours_per_year > 0), default=0.0)
    given = min(entry.kvar, least) * machine.motor.quantity
    saving = Saving(
        tag=entry.tag,
        measure=MEASURE,
        cause=CAUSE,
        decision="apply",
        reason=reason("measure_capacitor", kvar=entry.kvar, limit=limit),
        quantity=machine.motor.quantity,
        reactive_kvar=given,
        unloaded_reactive_kvar=given if machine.unloaded_hours_per_year else 0.0,
        reactive_kvarh_per_year=given * (machine.hours_per_year + machine.unloaded_hours_per_year),
        price_known=False,
        life_years=measure_assumption("life_power_factor").value,
    )
    return Outcome(saving=saving)


def _bank(context: MeasureContext, choice: PowerFactorChoice, at_motors: list[Saving]) -> list[Outcome]:
    """Return the outcome of the bank; none where only capacitors at motors are asked for."""
    if choice.bank_kvar is None and choice.at_motor and choice.step_kvar is None:
        return []
    if context.off_grid:
        return [_plain(PLANT, reason("measure_capacitor_genset"))]
    if context.series is None or not context.series.reactive_known:
        return [_plain(PLANT, reason("measure_no_data_power_factor"))]
    series = context.series
    bank = _size(series, choice)
    if bank <= 0:
        return [_plain(PLANT, reason("measure_power_factor_reached", percent=choice.target * 100))]
    lowest = float(np.maximum(series.reactive_kvar, 0.0).min())
    if choice.step_kvar is None and bank > lowest:
        return [_plain(PLANT, reason("measure_bank_would_lead", kvar=bank, lowest=lowest))]
    step = min(choice.step_kvar or bank, bank)
    checks = _resonances(choice, bank, step)
    near = next((one for one in checks if one.near is not None), None)
    if near is not None and not choice.detuned:
        params = {"kvar": near.kvar, "order": near.order, "harmonic": near.near or 0}
        return [_plain(PLANT, reason("measure_resonance", **params))]
    return [Outcome(saving=_bank_saving(context, series, choice, bank, step))]


def _size(series: PlantSeries, choice: PowerFactorChoice) -> float:
    if choice.bank_kvar is not None:
        return choice.bank_kvar
    active, reactive = np.maximum(series.active_kw, 0.0), np.maximum(series.reactive_kvar, 0.0)
    wanted = float(np.max(reactive - active * tan(_acos(choice.target)), initial=0.0))
    return ceil(wanted / choice.step_kvar - 1e-9) * choice.step_kvar if choice.step_kvar else wanted


def _resonances(choice: PowerFactorChoice, bank: float, step: float) -> list[Resonance]:
    if choice.short_circuit_mva is None:
        return []
    count = max(1, round(bank / step))
    sizes = sorted({bank, *(step * k for k in range(1, count + 1))}) if count <= _SHOWN_STEPS else [step, bank]
    return [resonance(choice.short_circuit_mva, size) for size in sizes]


def _bank_saving(
    context: MeasureContext, series: PlantSeries, choice: PowerFactorChoice, bank: float, step: float
) -> Saving:
    given = bank_output(series.reactive_kvar, bank, step)
    notes = [] if choice.short_circuit_mva is not None else [note(PLANT, "measure_resonance_unchecked", "warning")]
    if any(has_drive(m) for m in context.machines) and not choice.detuned:
        notes.append(note(PLANT, "measure_bank_with_drives", "warning"))
    if choice.capex_usd is None:
        notes.append(note(PLANT, "measure_price_missing", "warning"))
    amount = choice.capex_usd or 0.0
    life = measure_assumption("life_power_factor").value
    return Saving(
        tag=PLANT,
        measure=MEASURE,
        cause=CAUSE,
        decision="apply",
        reason=reason("measure_bank", kvar=bank, step=step, percent=choice.target * 100),
        quantity=1,
        bank_kvar=bank,
        step_kvar=step,
        reactive_kvarh_per_year=float(given.sum()) * context.step_hours,
        capex_usd=amount,
        capex_low_usd=amount,
        capex_high_usd=amount,
        price_known=choice.capex_usd is not None,
        life_years=choice.life_years if choice.life_years is not None else life,
        findings=tuple(notes),
    )
