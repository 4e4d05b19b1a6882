"""The decarbonisation plan: measures in their order and time, wedges, cost curve, budget, and what does not add up."""

from mine_energy.plan.build import build_plan
from mine_energy.plan.model import (
    CapexStep,
    CurveBlock,
    Cut,
    PayerRow,
    Plan,
    PlanBase,
    PlanMeasure,
    PlanMoney,
    PlanSpan,
    PlanYear,
    Slice,
    Task,
    Wedge,
)
from mine_energy.plan.written import measures_of, slices_of

__all__ = [
    "CapexStep",
    "CurveBlock",
    "Cut",
    "PayerRow",
    "Plan",
    "PlanBase",
    "PlanMeasure",
    "PlanMoney",
    "PlanSpan",
    "PlanYear",
    "Slice",
    "Task",
    "Wedge",
    "build_plan",
    "measures_of",
    "slices_of",
]
