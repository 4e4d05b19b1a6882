"""Calculators of the supply: capacitors, and the fuel of a genset."""

from typing import TYPE_CHECKING

from mine_energy.cli.calc import options as o
from mine_energy.cli.calc.answer import Answer, Quantity, show
from mine_energy.cli.calc.given import Given
from mine_energy.cli.calc.motors import note
from mine_energy.cli.console import AsJson, Lang, check_language
from mine_energy.errors import Finding

if TYPE_CHECKING:
    from mine_energy.loads.fuel import FuelLine


def capacitor(
    active: o.ActivePower,
    factor_now: o.FactorNow,
    factor_wanted: o.FactorWanted = "0.95",
    no_load_kvar: o.NoLoadKvar = None,
    short_circuit: o.ShortCircuit = None,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show the capacitors that raise a power factor, and their limits."""
    from mine_energy.measures.power_factor import SELF_EXCITATION_SHARE, kvar_for, resonance

    given = Given()
    power = given.power("--active", active, "active_power_kw")
    now = given.factor("--factor-now", factor_now, "factor_now")
    wanted = given.factor("--factor-wanted", factor_wanted, "factor_wanted")
    idle = given.maybe_number("--no-load-kvar", no_load_kvar, "no_load_kvar", "kvar")
    supply = given.maybe_number("--short-circuit", short_circuit, "short_circuit_mva", "MVA")
    given.done()
    bank = kvar_for(power, now, wanted)
    results = [Quantity(key="capacitor_kvar", value=bank, unit="kvar")]
    findings: list[Finding] = []
    if idle is None:
        findings.append(note("calc_self_excitation", "info", percent=SELF_EXCITATION_SHARE * 100))
    else:
        limit = SELF_EXCITATION_SHARE * idle
        results.append(Quantity(key="self_excitation_limit_kvar", value=limit, unit="kvar"))
        if bank > limit:
            findings.append(note("calc_over_self_excitation", "warning", kvar=bank, limit=limit))
    if supply is None:
        findings.append(note("calc_resonance_unchecked", "info"))
    elif bank > 0:
        found = resonance(supply, bank)
        results.append(Quantity(key="resonance_order", value=found.order))
        if found.near is not None:
            findings.append(note("calc_resonance_near", "warning", order=found.order, harmonic=found.near))
    answer = Answer(name="capacitor", given=given.quantities, results=results, findings=findings)
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def fuel(
    genset: o.GensetPower,
    hours: o.Hours,
    litres: o.Litres = None,
    energy: o.Energy = None,
    fuel_intercept: o.FuelAtRest = None,
    fuel_slope: o.FuelSlope = None,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Turn litres into energy, or energy into litres, along a genset's fuel line."""
    from mine_energy.loads.fuel import fuel_line
    from mine_energy.site import Genset

    given = Given()
    rated_kw = given.power("--genset", genset)
    run_hours = given.number("--hours", hours, "run_hours", "h", above=0)
    if (litres is None) == (energy is None):
        given.missing("--litres", "--energy") if litres is None else given.clash("--litres", "--energy")
    burnt = given.number("--litres", litres, "fuel_l", "L", least=0) if litres is not None else None
    made = given.number("--energy", energy, "energy_kwh", "kWh", least=0) if energy is not None else None
    stated = {
        name: given.number(option, text, name, unit, least=least)
        for option, text, name, unit, least in (
            ("--fuel-intercept", fuel_intercept, "fuel_intercept_l_per_h_per_kw", "L/h/kW", 0.0),
            ("--fuel-slope", fuel_slope, "fuel_slope_l_per_kwh", "L/kWh", 0.05),
        )
        if text is not None
    }
    given.done()
    line = fuel_line(Genset(rated_kw=rated_kw, **stated))
    ceiling = rated_kw * run_hours
    if burnt is not None:
        low, base, high = (line.energy_kwh(burnt, run_hours, place) for place in (0, 1, 2))
        named, unit, output = "energy", "kWh", base
    else:
        output = made or 0.0
        if output > ceiling:
            given.wrong("calc_over_rating", "--energy", energy or "", limit=ceiling)
            given.done()
        low, base, high = (_litres(line, output, run_hours, place) for place in (2, 1, 0))
        named, unit = "fuel", "L"
    results = [
        Quantity(key=f"{named}_base", value=base, unit=unit),
        Quantity(key=f"{named}_low", value=low, unit=unit),
        Quantity(key=f"{named}_high", value=high, unit=unit),
        Quantity(key="genset_load", value=output / ceiling, unit="fraction"),
    ]
    spent = burnt if burnt is not None else base
    if output > 0:
        results.append(Quantity(key="litres_per_kwh", value=spent / output, unit="L/kWh"))
    findings: list[Finding] = []
    if line.assumed:
        findings.append(note("calc_fuel_line_assumed", intercept=line.intercept[1], slope=line.slope[1]))
    if burnt is not None and base >= ceiling:
        findings.append(note("calc_fuel_over_rating", "warning"))
    answer = Answer(name="fuel", given=given.quantities, results=results, findings=findings)
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def _litres(line: "FuelLine", energy_kwh: float, hours: float, place: int) -> float:
    """Return the litres behind an energy: the fuel line read the other way."""
    from mine_energy.motors.chain import inverse

    return inverse(lambda litres: line.energy_kwh(litres, hours, place), energy_kwh, 10 * (line.rated_kw * hours + 1))
