"""What is not known: random draws, bands, what matters most, and an inventory reconciled with its meters.

Arrays and plain data in, frozen dataclasses out; this room knows nothing of motors or tariffs. Equations and sources:
``docs/methods/uncertainty.md``.
"""

from mine_energy.uncertainty.bands import Band, percentiles, relative_sd
from mine_energy.uncertainty.distributions import Uncertain
from mine_energy.uncertainty.draws import common_error, draw, draw_chunks, simulate
from mine_energy.uncertainty.parts import (
    Cause,
    Indistinct,
    NextReading,
    Observation,
    ObservationResult,
    Part,
    PartResult,
    PriorRules,
    ProcessResult,
    Reconciliation,
    whole,
)
from mine_energy.uncertainty.posterior import Posterior
from mine_energy.uncertainty.reconcile import adjust, reconcile
from mine_energy.uncertainty.summary import Bar, Reading, measure_first, tornado

__all__ = [
    "Band",
    "Bar",
    "Cause",
    "Indistinct",
    "NextReading",
    "Observation",
    "ObservationResult",
    "Part",
    "PartResult",
    "Posterior",
    "PriorRules",
    "ProcessResult",
    "Reading",
    "Reconciliation",
    "Uncertain",
    "adjust",
    "common_error",
    "draw",
    "draw_chunks",
    "measure_first",
    "percentiles",
    "reconcile",
    "relative_sd",
    "simulate",
    "tornado",
    "whole",
]
