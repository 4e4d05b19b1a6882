"""Emissions of fuel burnt on site (Scope 1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from mine_energy import catalog
from mine_energy.emissions.factors import GwpSet, warming_potential
from mine_energy.errors import Finding, InputError, MissingData, Problem
from mine_energy.units import KG_PER_T, L_PER_US_GAL

_TABLE = "fuels/fuel_factors.csv"
_LITRES = {"kg/L": 1.0, "kg/US gal": L_PER_US_GAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelEmissions:
    """What burning a fuel emits.

    Parameters
    ----------
    fuel, use, country
        Which fuel, where and how burnt.
    litres
        Burnt.
    co2_t, ch4_kg, n2o_kg
        By gas, of the neat fossil fuel.
    t_co2e
        With the warming potentials of `gwp_set`.
    factor_kg_co2e_per_l
        What it was computed with.
    gwp_set, source, year, confidence, note
        Of the factor.
    findings
        What a reader has to know: the biofuel share.
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


def fuel_emissions(
    litres: float, fuel: str, country: str, *, use: str = "stationary", gwp_set: GwpSet = "AR5"
) -> FuelEmissions:
    """Return the emissions of litres of a fuel, burnt as it is sold in a country.

    The packaged factors are the IPCC's per unit of energy times the country's own density and heating value, which are
    never mixed with another's.

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

    Raises
    ------
    MissingData
        No factor per volume for this fuel, use and country; the message lists what exists.
    InputError
        Negative litres.
    """
    if not litres >= 0:
        params = {"position": 1}
        raise InputError([Problem(key="emissions_energy", field="litres", value=str(litres), params=params)])
    row = _row(fuel, country, use)
    volume = litres / _LITRES[row["unit"]]
    kg = {gas: volume * float(row[gas.lower()]) for gas in ("CO2", "CH4", "N2O")}
    kg_co2e = sum(amount * warming_potential(gas, gwp_set) for gas, amount in kg.items())
    per_unit = sum(float(row[gas.lower()]) * warming_potential(gas, gwp_set) for gas in kg)
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
        findings=(Finding(key="emissions_neat_fuel", level="info", params={"country": country}),),
    )


def _row(fuel: str, country: str, use: str) -> Mapping[str, str]:
    volumes = [row for row in catalog.table(_TABLE) if row["unit"] in _LITRES]
    found = [row for row in volumes if (row["fuel"], row["country"], row["use"]) == (fuel, country, use)]
    if not found:
        available = ", ".join(sorted({f"{row['fuel']} {row['country']} {row['use']}" for row in volumes}))
        raise MissingData("emissions_fuel_missing", fuel=fuel, country=country, use=use, available=available)
    return min(found, key=lambda row: list(_LITRES).index(row["unit"]))
