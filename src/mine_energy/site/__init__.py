"""What a person writes about a plant: the site file, validated, frozen, with its units in the names.

:mod:`~mine_energy.site.plant` holds the sections, :mod:`~mine_energy.site.measures` those of ``[measures]``,
:mod:`~mine_energy.site.network` those of ``[network]``, :mod:`~mine_energy.site.billing` those of ``[billing]``,
:mod:`~mine_energy.site.financing` those of ``[financing]``.
"""

from mine_energy.site.base import Country, Fraction, NonNegative, Origin, Positive, Section
from mine_energy.site.billing import BillingChoice, ReactiveHistory
from mine_energy.site.carbon import CarbonChoice, CertificateChoice, ContractChoice
from mine_energy.site.financing import EndChoice, FinancingChoice, LoanChoice, OwnerChoice, TaxChoice
from mine_energy.site.measures import MeasuresChoice
from mine_energy.site.network import FeederChoice, NetworkChoice, TransformerChoice
from mine_energy.site.plan import PlanChoice, PlanMeasureChoice
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
    QualityChoice,
    Shift,
    Site,
    SiteFacts,
    WeatherChoice,
)

__all__ = [
    "ArrayChoice",
    "BillingChoice",
    "CarbonChoice",
    "CertificateChoice",
    "ContractChoice",
    "Country",
    "CoverageGoal",
    "EmissionsChoice",
    "EndChoice",
    "FeederChoice",
    "FinanceChoice",
    "FinancingChoice",
    "Fraction",
    "Genset",
    "GridConnection",
    "InventoryChoice",
    "LoanChoice",
    "MeasuresChoice",
    "MeterChoice",
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
    "TaxChoice",
    "TransformerChoice",
    "WeatherChoice",
]
