"""Energy baseline (línea de base energética, LBEn) as a record to export.

UPME's Resolution 16 of 2024 names three models: absolute value, ratio and regression. That is known from secondary
sources; the form's own fields were not seen, so the record says which parts are not confirmed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import numpy as np

from mine_energy.errors import Finding, InputError, Problem
from mine_energy.loads.baseline import Baseline, BaselinePeriod

Model = Literal["absolute", "ratio", "regression"]

INSTRUMENT: Final = "UPME, Resolución 000016 de 2024"
CONFIDENCE: Final = "B"
UNCONFIRMED: Final = ("field_names", "form_layout", "acceptance_limits", "adjustment_rules")
"""What the resolution may ask otherwise: its text was not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LBEn:
    """An energy baseline by one of the three models.

    Parameters
    ----------
    model
        ``absolute`` (energy of a period), ``ratio`` (energy per tonne) or ``regression``.
    instrument, confidence, unconfirmed
        Which rule asks for it, how it is known, and what of it is not confirmed.
    organisation, energy_carrier, relevant_variable, unit
        Of what, of which energy, by what, in which unit the value stands.
    start, end, period, points
        Base period (end included), length of a point and number of points.
    value
        kWh a period, or kWh/t; for a regression its slope.
    intercept_kwh
        E0 of a regression, else None.
    standard_error
        Standard deviation of the points (absolute), of the ratio between points (ratio) or of the residuals, kWh
        (regression).
    r2
        Of a regression, else None.
    energy_kwh, production_t
        Sums of the base period.
    findings
        What has to be known.
    """

    model: Model
    instrument: str
    confidence: str
    unconfirmed: tuple[str, ...]
    organisation: str
    energy_carrier: str
    relevant_variable: str
    unit: str
    start: date
    end: date
    period: BaselinePeriod
    points: int
    value: float
    intercept_kwh: float | None
    standard_error: float
    r2: float | None
    energy_kwh: float
    production_t: float
    findings: tuple[Finding, ...]


def lben_record(
    baseline: Baseline, start: date, end: date, model: Model = "regression", organisation: str = ""
) -> LBEn:
    """Return a baseline as a record of one of the three models.

    Parameters
    ----------
    baseline
        The points, and the line for the regression model.
    start, end
        First and last day of the base period.
    model
        ``absolute``, ``ratio`` or ``regression``.
    organisation
        Name of the plant.

    Raises
    ------
    InputError
        A regression that was refused as a baseline, or a ratio without production (``baseline_not_exportable``).
    """
    energy, production = float(baseline.energy_kwh.sum()), float(baseline.production_t.sum())
    refused = model == "regression" and not baseline.accepted
    if refused or (model == "ratio" and not (baseline.production_t > 0).all()):
        raise InputError([Problem(key="baseline_not_exportable", field=model, value=", ".join(baseline.refusals))])
    figures: dict[Model, dict[str, Any]] = {
        "absolute": {
            "value": energy / baseline.points,
            "unit": f"kWh/{baseline.period}",
            "standard_error": float(baseline.energy_kwh.std(ddof=1)),
        },
        "ratio": {
            "value": energy / production if production > 0 else 0.0,
            "unit": "kWh/t",
            "standard_error": _ratio_sd(baseline),
        },
        "regression": {
            "value": baseline.slope_kwh_per_t,
            "unit": f"kWh/t; kWh/{baseline.period}",
            "intercept_kwh": baseline.intercept_kwh,
            "r2": baseline.r2,
            "standard_error": baseline.residual_sd_kwh,
        },
    }
    said = Finding(key="baseline_lben_unconfirmed", level="warning", params={"instrument": INSTRUMENT})
    common: dict[str, Any] = {"intercept_kwh": None, "r2": None} | figures[model]
    return LBEn(
        model=model,
        instrument=INSTRUMENT,
        confidence=CONFIDENCE,
        unconfirmed=UNCONFIRMED,
        organisation=organisation,
        energy_carrier="electricity",
        relevant_variable="" if model == "absolute" else "ore_t",
        start=start,
        end=end,
        period=baseline.period,
        points=baseline.points,
        energy_kwh=energy,
        production_t=production,
        findings=(*baseline.findings, said),
        **common,
    )


def _ratio_sd(baseline: Baseline) -> float:
    known = baseline.production_t > 0
    ratios = baseline.energy_kwh[known] / baseline.production_t[known]
    return float(np.std(ratios, ddof=1)) if len(ratios) > 1 else 0.0
