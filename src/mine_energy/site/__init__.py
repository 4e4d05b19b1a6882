"""What a person writes about a plant: the site file, validated, frozen, with its units in the names.

:mod:`~mine_energy.site.plant` holds the sections, :mod:`~mine_energy.site.array` and :mod:`~mine_energy.site.measures`
those of ``[array]`` and ``[measures]``.
:mod:`~mine_energy.site.plant` holds the sections, :mod:`~mine_energy.site.measures` those of ``[measures]``,
:mod:`~mine_energy.site.network` those of ``[network]``.
"""

from mine_energy.site.array import ArrayChoice, FaceChoice, SoilingChoice, TrackerChoice
from mine_energy.site.base import Country, Fraction, NonNegative, Origin, Positive, Section
from mine_energy.site.equipment import CatalogueSheet, EquipmentChoice, InverterSheet, ModuleSheet
from mine_energy.site.measures import MeasuresChoice
from mine_energy.site.network import FeederChoice, NetworkChoice, TransformerChoice
from mine_energy.site.plant import (
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
    QualityChoice,
    Shift,
    Site,
    SiteFacts,
    WeatherChoice,
)

__all__ = [
    "ArrayChoice",
    "CatalogueSheet",
    "Country",
    "CoverageGoal",
    "EmissionsChoice",
    "EquipmentChoice",
    "FaceChoice",
    "FeederChoice",
    "FinanceChoice",
    "Fraction",
    "Genset",
    "GridConnection",
    "InventoryChoice",
    "InverterSheet",
    "MeasuresChoice",
    "MeterChoice",
    "ModuleSheet",
    "NetworkChoice",
    "NonNegative",
    "Origin",
    "Place",
    "Positive",
    "Production",
    "Project",
    "Provenance",
    "QualityChoice",
    "Section",
    "Shift",
    "Site",
    "SiteFacts",
    "SoilingChoice",
    "TrackerChoice",
    "TransformerChoice",
    "WeatherChoice",
]
