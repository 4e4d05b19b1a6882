"""Emissions: factors whose kind is a type, Scope 2 by both methods, avoided emissions apart, fuel burnt on site."""

from mine_energy.emissions.factors import (
    Factor,
    FactorKind,
    FactorKindError,
    GwpSet,
    factor_band,
    latest_factor,
    load_factor,
    load_factors,
)
from mine_energy.emissions.fuels import FuelEmissions, fuel_emissions
from mine_energy.emissions.grid import (
    AvoidedEmissions,
    Footprint,
    Scope2Result,
    avoided_exports,
    avoided_project,
    footprint,
    margin_factor_of,
    residual_mix_of,
    scope2,
)

__all__ = [
    "AvoidedEmissions",
    "Factor",
    "FactorKind",
    "FactorKindError",
    "Footprint",
    "FuelEmissions",
    "GwpSet",
    "Scope2Result",
    "avoided_exports",
    "avoided_project",
    "factor_band",
    "footprint",
    "fuel_emissions",
    "latest_factor",
    "load_factor",
    "load_factors",
    "margin_factor_of",
    "residual_mix_of",
    "scope2",
]
