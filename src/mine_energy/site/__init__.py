"""What a person writes about a plant: the site file, validated, frozen, with its units in the names.

:mod:`~mine_energy.site.plant` holds the sections, :mod:`~mine_energy.site.measures` those of ``[measures]``.
"""

from mine_energy.site.base import Country, Fraction, NonNegative, Origin, Positive, Section
from mine_energy.site.measures import MeasuresChoice
from mine_energy.site.plant import (
    ArrayChoice,
    CoverageGoal,
    EmissionsChoice,
    FinanceChoice,
    Genset,
    GridConnection,
    InventoryChoice,
    MeterChoice,
    Place,
    Production,
    Project,
    Provenance,
    Shift,
    Site,
    SiteFacts,
    WeatherChoice,
)

__all__ = [
    "ArrayChoice",
    "Country",
    "CoverageGoal",
    "EmissionsChoice",
    "FinanceChoice",
    "Fraction",
    "Genset",
    "GridConnection",
    "InventoryChoice",
    "MeasuresChoice",
    "MeterChoice",
    "NonNegative",
    "Origin",
    "Place",
    "Positive",
    "Production",
    "Project",
    "Provenance",
    "Section",
    "Shift",
    "Site",
    "SiteFacts",
    "WeatherChoice",
]
