"""Ventilation on demand: the fan follows the air that people, fumes and engines need, at the local air density."""

from dataclasses import replace
from typing import Final

from mine_energy.errors import Finding
from mine_energy.measures.context import MeasureContext
from mine_energy.measures.curves import speed_controlled_power
from mine_energy.measures.drives import drive_notes, drive_obstacle, drive_price, speed_controlled
from mine_energy.measures.gaps import gaps
from mine_energy.measures.machine import Machine
from mine_energy.measures.outcome import Outcome, kept, note, priced, reason, saved, unsteady
from mine_energy.site.measures import VentilationEntry
from mine_energy.units import W_PER_KW, ZERO_CELSIUS_K

MEASURE: Final = "ventilation"
CAUSE: Final = "demand"
CATALOGUE_DENSITY_KG_M3: Final = 1.2
"""Density of air for which makers state fan curves (ISO 5801, AMCA 210)."""
_GAS_CONSTANT_AIR: Final = 287.05
_MINE_AIR_DEG_C: Final = 25.0


def air_density_kg_m3(pressure_pa: float, temperature_deg_c: float = _MINE_AIR_DEG_C) -> float:
    """Return the density of dry air, p / (R T) with R = 287.05 J/(kg K), kg/m3.

    Parameters
    ----------
    pressure_pa
        Atmospheric pressure, Pa.
    temperature_deg_c
        Degrees Celsius.
    """
    return pressure_pa / (_GAS_CONSTANT_AIR * (temperature_deg_c + ZERO_CELSIUS_K))


def fan_shaft_kw(flow_m3_per_s: float, pressure_pa: float, fan_efficiency: float, density_kg_m3: float) -> float:
    """Return the shaft power of a fan: Q p (rho / 1.2) / efficiency, kW.

    A fan moves the same volume at any density; its pressure and its power follow the density.

    Parameters
    ----------
    flow_m3_per_s, pressure_pa, fan_efficiency
        Of the maker's curve, for air of 1.2 kg/m3.
    density_kg_m3
        Of the air at the fan.
    """
    return flow_m3_per_s * pressure_pa * density_kg_m3 / CATALOGUE_DENSITY_KG_M3 / fan_efficiency / W_PER_KW


def apply(context: MeasureContext) -> list[Outcome]:
    """Return what air on demand saves: the flow of a mine's open circuit falls with speed, its power with the cube.

    Parameters
    ----------
    context
        The plant.
    """
    entries = context.choice.ventilation
    done = [_outcome(context, entry) for entry in entries]
    named = {e.tag for e in entries} | {e.tag for e in context.choice.drive}
    return done + gaps(context, MEASURE, CAUSE, named, _suits)


def _suits(machine: Machine) -> bool:
    return machine.motor.process == "ventilation" and drive_obstacle(machine) is None


def _outcome(context: MeasureContext, entry: VentilationEntry) -> Outcome:
    machine = context.machine(entry.tag)
    obstacle = drive_obstacle(machine)
    lowest = min(flow for _, flow in entry.duty)
    if obstacle is None and lowest < entry.minimum_flow_fraction:
        params = {"percent": lowest * 100, "minimum": entry.minimum_flow_fraction * 100}
        obstacle = reason("measure_below_minimum_flow", **params)
    if obstacle is not None:
        return kept(machine, MEASURE, CAUSE, obstacle)
    certain, notes = _checked(context, machine, entry)
    duty = tuple((share, 1 - context.effect(1 - flow, entry.band) * certain) for share, flow in entry.duty)
    # The fan's curve plays no part where the circuit has no static head: any ratio gives the same crossing.
    after = speed_controlled(machine, duty, lambda _: 1.0, lambda flow: speed_controlled_power(flow, 0.0, 1.2))
    why = reason("measure_ventilation", percent=sum(s * f for s, f in entry.duty) * 100)
    outcome = unsteady(saved(machine, after, MEASURE, CAUSE, why))
    if outcome.saving.decision == "keep":
        return outcome
    notes = (*notes, *drive_notes(context, machine))
    if entry.capex_usd is not None:
        return priced(outcome, entry, *notes)
    done = drive_price(context, outcome, machine)
    return replace(done, saving=replace(done.saving, findings=(*done.saving.findings, *notes)))


def _checked(context: MeasureContext, machine: Machine, entry: VentilationEntry) -> tuple[float, tuple[Finding, ...]]:
    """Return the share of the cut to count on, and what the fan's own figures say against the inventory's power.

    Where the fan's flow and pressure at the local density need less than the inventory's shaft power, only that part
    of the cut is counted.
    """
    if entry.flow_m3_per_s is None or entry.pressure_pa is None or entry.fan_efficiency is None:
        return 1.0, ()
    density = air_density_kg_m3(context.air_pressure_pa)
    needed = fan_shaft_kw(entry.flow_m3_per_s, entry.pressure_pa, entry.fan_efficiency, density)
    shaft = machine.mean_shaft_kw
    params = {"density": density, "kw": needed, "inventory_kw": shaft}
    found = note(entry.tag, "measure_fan_check", "info" if needed >= shaft else "warning", **params)
    return min(1.0, needed / shaft) if shaft > 0 else 1.0, (found,)
