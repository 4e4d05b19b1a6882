"""What a person writes about a plant: the site file, validated, frozen, with its units in the names.

:mod:`~mine_energy.site.plant` holds the sections; those of ``[array]``, ``[equipment]``, ``[measures]``, ``[network]``,
``[billing]``, ``[financing]``, ``[carbon]``, ``[[deferrable]]`` and ``[plan]`` have modules of their own, and
:mod:`~mine_energy.site.storage` holds what a plant is sized with.
"""

from mine_energy.site.array import ArrayChoice, FaceChoice, SoilingChoice, TrackerChoice
from mine_energy.site.base import Country, Fraction, NonNegative, Origin, Positive, Section
from mine_energy.site.billing import BillingChoice, ReactiveHistory
from mine_energy.site.carbon import CarbonChoice, CertificateChoice, ContractChoice
from mine_energy.site.deferrable import DeferrableChoice
from mine_energy.site.equipment import CatalogueSheet, EquipmentChoice, InverterSheet, ModuleSheet
from mine_energy.site.financing import EndChoice, FinancingChoice, LoanChoice, OwnerChoice, TaxChoice
from mine_energy.site.measures import MeasuresChoice
from mine_energy.site.network import FeederChoice, NetworkChoice, TransformerChoice
from mine_energy.site.plan import PlanChoice, PlanMeasureChoice
from mine_energy.site.plant import (
    EmissionsChoice,
    FinanceChoice,
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
from mine_energy.site.storage import BatteryChoice, CoverageGoal, Genset, GridChoice, Meaning

__all__ = [
    "ArrayChoice",
    "BatteryChoice",
    "BillingChoice",
    "CarbonChoice",
    "CatalogueSheet",
    "CertificateChoice",
    "ContractChoice",
    "Country",
    "CoverageGoal",
    "DeferrableChoice",
    "EmissionsChoice",
    "EndChoice",
    "EquipmentChoice",
    "FaceChoice",
    "FeederChoice",
    "FinanceChoice",
    "FinancingChoice",
    "Fraction",
    "Genset",
    "GridChoice",
    "GridConnection",
    "InventoryChoice",
    "InverterSheet",
    "LoanChoice",
    "Meaning",
    "MeasuresChoice",
    "MeterChoice",
    "ModuleSheet",
    "NetworkChoice",
    "NonNegative",
    "Origin",
    "OwnerChoice",
    "Place",
    "PlanChoice",
    "PlanMeasureChoice",
    "Positive",
    "Production",
    "Project",
    "Provenance",
    "QualityChoice",
    "ReactiveHistory",
    "Section",
    "Shift",
    "Site",
    "SiteFacts",
    "SoilingChoice",
    "TaxChoice",
    "TrackerChoice",
    "TransformerChoice",
    "WeatherChoice",
]
