"""Least-cost sizes with perfect foresight and a certified gap, by cutting planes over dispatched years."""

from mine_energy.sizing.exact.least import least_cost
from mine_energy.sizing.exact.problem import (
    SIZES,
    Asset,
    Coverage,
    Demand,
    Energy,
    ExactResult,
    Limit,
    Method,
    OutOfBounds,
    Problem,
)
from mine_energy.sizing.exact.solve import TARGET_GAP

__all__ = [
    "SIZES",
    "TARGET_GAP",
    "Asset",
    "Coverage",
    "Demand",
    "Energy",
    "ExactResult",
    "Limit",
    "Method",
    "OutOfBounds",
    "Problem",
    "least_cost",
]
