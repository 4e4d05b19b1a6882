"""Emissions of fuel burnt on site (Scope 1), with the biofuel of the blend apart, and diesel displaced."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Literal

import numpy.typing as npt

from mine_energy import catalog
from mine_energy.emissions.amounts import energies, total_kwh
from mine_energy.emissions.factors import GwpSet, warming_potential
from mine_energy.errors import Finding, InputError, MissingData, Param, Problem
from mine_energy.units import KG_PER_T, L_PER_US_GAL

_TABLE = "fuels/fuel_factors.csv"
_ASSUMPTIONS = "emissions/assumptions.csv"
_LITRES = {"kg/L": 1.0, "kg/US gal": L_PER_US_GAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelEmissions:
    """What burning a fuel emits.

    Parameters
    ----------
    fuel, use, country
        Which fuel, where and how burnt.
    litres
        Burnt, as sold.
    co2_t, ch4_kg, n2o_kg
        By gas: fossil carbon dioxide; methane and nitrous oxide of the whole blend.
    t_co2e
        With the warming potentials of `gwp_set`; without biogenic carbon dioxide.
    factor_kg_co2e_per_l
        Of the neat fossil fuel.
    gwp_set, source, year, confidence, note
        Of the factor.
    findings
        What a reader has to know: the biofuel share.
    biofuel_share
        By volume; None where the fuel is counted as neat.
    biogenic_co2_t
        Of the biofuel, outside the scopes; None where the share is not known.
    """

    fuel: str
    use: str
    country: str
    litres: float
    co2_t: float
    ch4_kg: float
    n2o_kg: float
    t_co2e: float
    factor_kg_co2e_per_l: float
    gwp_set: str
    source: str
    year: str
    confidence: str
    note: str
    findings: tuple[Finding, ...]
    biofuel_share: float | None = None
    biogenic_co2_t: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DieselDisplaced:
    """What PV takes off a genset's fuel.

    Parameters
    ----------
    litres_before, litres_after, litres_saved
        Of the year.
    litres_per_kwh_before, litres_per_kwh_after
        Specific consumption; None without generation. At part load it rises.
    part_load_litres
        Part of the gain that the poorer specific consumption takes back: litres after, minus what the same energy
        would burn at the specific consumption of before.
    scope1_cut_t_co2e, biogenic_cut_t_co2
        Scope 1, and apart the biogenic carbon dioxide; the latter None where the share is not known.
    findings
        The part-load penalty.
    """

    litres_before: float
    litres_after: float
    litres_saved: float
    litres_per_kwh_before: float | None
    litres_per_kwh_after: float | None
    part_load_litres: float | None
    scope1_cut_t_co2e: float
    biogenic_cut_t_co2: float | None
    findings: tuple[Finding, ...]


def fuel_emissions(
    litres: float,
    fuel: str,
    country: str,
    *,
    use: str = "stationary",
    gwp_set: GwpSet = "AR5",
    biofuel_share: float | Literal["national"] | None = None,
) -> FuelEmissions:
    """Return the emissions of litres of a fuel, burnt as it is sold in a country.

    The packaged factors are the IPCC's per unit of energy times the country's own density and heating value, which are
    never mixed with another's. Carbon dioxide of the biofuel in a blend is biogenic: outside the scopes and apart, as
    the GHG Protocol Corporate Standard asks; its methane and nitrous oxide stay in Scope 1.

    Parameters
    ----------
    litres
        Burnt in the year; not negative.
    fuel
        ``diesel``, ``gasoline`` ...
    country
        ISO 3166 code.
    use
        ``stationary``.
    gwp_set
        Assessment report of the warming potentials.
    biofuel_share
        By volume, 0 to 1, of diesel; ``"national"`` takes the packaged share of the country, shown as an assumption;
        None counts the fuel as neat, the high side.

    Raises
    ------
    MissingData
        No factor per volume for this fuel, use and country, or no national share; the message lists what exists.
    InputError
        Negative litres, a share outside 0 to 1, or a share of a fuel other than diesel.
    """
    if not litres >= 0:
        params: dict[str, Param] = {"position": 1}
        raise InputError([Problem(key="emissions_energy", field="litres", value=str(litres), params=params)])
    row = _row(fuel, country, use)
    share, findings = _share(biofuel_share, fuel, country)
    volume = litres / _LITRES[row["unit"]]
    kg = {gas: volume * float(row[gas.lower()]) for gas in ("CO2", "CH4", "N2O")}
    kg["CO2"] *= 1.0 - (share or 0.0)
    kg_co2e = sum(amount * warming_potential(gas, gwp_set) for gas, amount in kg.items())
    per_unit = sum(float(row[gas.lower()]) * warming_potential(gas, gwp_set) for gas in kg)
    biogenic = catalog.sourced(_ASSUMPTIONS, "biodiesel_co2_kg_per_l").value
    return FuelEmissions(
        fuel=fuel,
        use=use,
        country=country,
        litres=litres,
        co2_t=kg["CO2"] / KG_PER_T,
        ch4_kg=kg["CH4"],
        n2o_kg=kg["N2O"],
        t_co2e=kg_co2e / KG_PER_T,
        factor_kg_co2e_per_l=per_unit / _LITRES[row["unit"]],
        gwp_set=gwp_set,
        source=row["source"],
        year=row["year"],
        confidence=row["confidence"],
        note=row["note"],
        findings=findings,
        biofuel_share=share,
        biogenic_co2_t=None if share is None else litres * share * biogenic / KG_PER_T,
    )


def genset_litres(
    generation_kw: npt.ArrayLike, *, step_hours: float, rated_kw: float, intercept: float, slope: float
) -> float:
    """Return the litres that a set burns, F0 x rating x running hours + F1 x energy.

    Parameters
    ----------
    generation_kw
        Mean power of each step; a step without generation is a step that the set stands still.
    step_hours
        Length of a step.
    rated_kw
        Prime rating.
    intercept, slope
        F0, litres an hour per rated kW, and F1, litres per kWh: the straight fuel line of HOMER's help.
    """
    values = energies(generation_kw, "generation_kw")
    running_hours = float((values > 0).sum()) * step_hours
    return intercept * rated_kw * running_hours + slope * fsum(values) * step_hours


def diesel_displaced(
    before: FuelEmissions, after: FuelEmissions, *, before_kwh: float, after_kwh: float
) -> DieselDisplaced:
    """Return what less fuel cuts from Scope 1, and how much of the gain part load takes back.

    Parameters
    ----------
    before, after
        Fuel of the year without and with PV, of one fuel, country and blend.
    before_kwh, after_kwh
        Generated by the set in each.

    Raises
    ------
    InputError
        Two fuels, countries, blends or sets of warming potentials; negative energy.
    """
    first, last = _basis(before), _basis(after)
    if first != last:
        raise InputError([Problem(key="emissions_two_fuels", field="fuel", value=" | ".join((first, last)))])
    start, end = total_kwh(before_kwh, "before_kwh"), total_kwh(after_kwh, "after_kwh")
    per_before = before.litres / start if start > 0 else None
    per_after = after.litres / end if end > 0 else None
    penalty = None if per_before is None else after.litres - per_before * end
    found = []
    if penalty is not None and penalty > 0:
        params: dict[str, Param] = {"litres": penalty, "before": per_before or 0.0, "after": per_after or 0.0}
        found.append(Finding(key="emissions_part_load", level="info", params=params))
    biogenic = None
    if before.biogenic_co2_t is not None and after.biogenic_co2_t is not None:
        biogenic = before.biogenic_co2_t - after.biogenic_co2_t
    return DieselDisplaced(
        litres_before=before.litres,
        litres_after=after.litres,
        litres_saved=before.litres - after.litres,
        litres_per_kwh_before=per_before,
        litres_per_kwh_after=per_after,
        part_load_litres=penalty,
        scope1_cut_t_co2e=before.t_co2e - after.t_co2e,
        biogenic_cut_t_co2=biogenic,
        findings=tuple(found),
    )


def _basis(fuel: FuelEmissions) -> str:
    return f"{fuel.fuel} {fuel.country} {fuel.use} {fuel.gwp_set} {fuel.biofuel_share}"


def _share(
    given: float | Literal["national"] | None, fuel: str, country: str
) -> tuple[float | None, tuple[Finding, ...]]:
    params: dict[str, Param] = {"country": country}
    if given is None:
        return None, (Finding(key="emissions_neat_fuel", level="info", params=params),)
    if fuel != "diesel":
        raise InputError([Problem(key="emissions_biofuel_of", field="biofuel_share", value=fuel)])
    if given == "national":
        rows = [row["key"] for row in catalog.table(_ASSUMPTIONS) if row["key"].startswith("biodiesel_share_")]
        if f"biodiesel_share_{country.lower()}" not in rows:
            available = ", ".join(key.removeprefix("biodiesel_share_").upper() for key in rows)
            raise MissingData("emissions_biofuel_share", country=country, available=available)
        figure = catalog.sourced(_ASSUMPTIONS, f"biodiesel_share_{country.lower()}")
        params |= {"percent": 100 * figure.value, "source": figure.source}
        return figure.value, (Finding(key="emissions_biofuel_assumed", level="assumption", params=params),)
    if not 0 <= given <= 1:
        raise InputError([Problem(key="emissions_rate", field="biofuel_share", value=str(given))])
    params |= {"percent": 100 * given}
    return given, (Finding(key="emissions_biofuel_apart", level="info", params=params),)


def _row(fuel: str, country: str, use: str) -> Mapping[str, str]:
    volumes = [row for row in catalog.table(_TABLE) if row["unit"] in _LITRES]
    found = [row for row in volumes if (row["fuel"], row["country"], row["use"]) == (fuel, country, use)]
    if not found:
        available = ", ".join(sorted({f"{row['fuel']} {row['country']} {row['use']}" for row in volumes}))
        raise MissingData("emissions_fuel_missing", fuel=fuel, country=country, use=use, available=available)
    return min(found, key=lambda row: list(_LITRES).index(row["unit"]))
