"""The three meanings of "100 %", and the plant that reaches the one that was asked for at least cost.

``annual_net``
    PV energy of the year equals load of the year. In closed form, because energy is linear in kWp.
``hourly_self``
    Share of the load that PV and battery serve in the very step it is demanded (self-sufficiency).
``offgrid``
    Share of the load that would stay unserved without the grid (loss of power supply probability, LPSP), in so many
    of the weather years.

Arrays in, dataclasses out: :func:`size` needs no site file.
"""

from mine_energy.sizing.budget import BudgetPlan, best_for_budget
from mine_energy.sizing.case import Case, make_case
from mine_energy.sizing.catalogue import Catalogue
from mine_energy.sizing.compare import Saved, saved_by_measures
from mine_energy.sizing.costs import Costs, Existing
from mine_energy.sizing.coverage import Coverage, coverage
from mine_energy.sizing.design import ArraySpec, PVDesign, annual_net
from mine_energy.sizing.fortnight import Fortnight, worst_fortnight
from mine_energy.sizing.frontier import (
    FrontierPoint,
    IsoPoint,
    ReliabilityMap,
    cost_of_last_percent,
    coverage_frontier,
    iso_reliability,
    reliability_map,
)
from mine_energy.sizing.goals import AnnualNet, Goal, HourlySelf, LeastCost, OffGrid
from mine_energy.sizing.percentiles import Quantiles
from mine_energy.sizing.reserve import ReserveCheck, headroom_kw, single_unit_findings, spinning_reserve
from mine_energy.sizing.result import CatalogueChoice, Meanings, Money, PlantYear, Reliability, SizingResult
from mine_energy.sizing.rules import Ageing, Bounds, Metered, Prices
from mine_energy.sizing.sensitivity import SensitivityRow, sensitivity
from mine_energy.sizing.size import size
from mine_energy.sizing.start_current import Machine, machines_of
from mine_energy.sizing.starting import (
    GensetSource,
    GridSource,
    InverterSource,
    StartReport,
    check_starts,
    require_starts,
)

__all__ = [
    "Ageing",
    "AnnualNet",
    "ArraySpec",
    "Bounds",
    "BudgetPlan",
    "Case",
    "Catalogue",
    "CatalogueChoice",
    "Costs",
    "Coverage",
    "Existing",
    "Fortnight",
    "FrontierPoint",
    "GensetSource",
    "Goal",
    "GridSource",
    "HourlySelf",
    "InverterSource",
    "IsoPoint",
    "LeastCost",
    "Machine",
    "Meanings",
    "Metered",
    "Money",
    "OffGrid",
    "PVDesign",
    "PlantYear",
    "Prices",
    "Quantiles",
    "Reliability",
    "ReliabilityMap",
    "ReserveCheck",
    "Saved",
    "SensitivityRow",
    "SizingResult",
    "StartReport",
    "annual_net",
    "best_for_budget",
    "check_starts",
    "cost_of_last_percent",
    "coverage",
    "coverage_frontier",
    "headroom_kw",
    "iso_reliability",
    "machines_of",
    "make_case",
    "reliability_map",
    "require_starts",
    "saved_by_measures",
    "sensitivity",
    "single_unit_findings",
    "size",
    "spinning_reserve",
    "worst_fortnight",
]
