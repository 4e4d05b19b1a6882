"""The load a study starts from, whatever the auditor holds: a year, some weeks, bills, a fuel log, or a motor list."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import numpy as np
import pandas as pd

from mine_energy.audit import AuditResult, Evidence, MeterReading
from mine_energy.audit.verification import verification_plans
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.loads import (
    Baseline,
    DemandRange,
    FuelEnergy,
    LoadProfile,
    analyse,
    compare_bills,
    demand_range,
    fill_gaps,
    fit_baseline,
    fuel_energy,
    load_from_bills,
    load_from_fuel,
    plan_machines,
    predict,
    with_energy,
    year_from_weeks,
)
from mine_energy.site import Site
from mine_energy.study.inputs import Inputs
from mine_energy.study.result import Records
from mine_energy.units import HOURS_PER_DAY, LOCAL_TIME

_YEAR = timedelta(days=365)
_FEWEST_POINTS = 3
"""Below three points a line has no residual to judge it by."""


def baseline_load(inputs: Inputs) -> LoadProfile | None:
    """Return one year of load from the best that is there, or None where only the motor list can tell.

    In order: the meter (less than a year is extended by kind of day, more than a year keeps the last one); then,
    without a motor list, the bills, then the fuel log.

    Raises
    ------
    InputError
        The record has gaps and the site file names no method to fill them, or is too short to extend.
    """
    site, year = inputs.site, inputs.site.emissions.activity_year
    if inputs.load is not None:
        return metered_year(inputs.load, site)
    if inputs.inventory is not None:
        return None
    if inputs.bills is not None:
        return load_from_bills(inputs.bills, site, year)
    if inputs.fuel_log is not None:
        return load_from_fuel(inputs.fuel_log, site, year)
    return None


def metered_year(load: LoadProfile, site: Site) -> LoadProfile:
    """Return one year of load from a meter's record: filled as the site file says, extended, or cut to its last year.

    Raises
    ------
    InputError
        The record has gaps and the site file names no method to fill them, or is too short to extend.
    """
    return _year_of(_filled(load, site), site, site.emissions.activity_year)


def evidence_of(inputs: Inputs) -> Evidence:
    """Return what the audit knows beside inventory and meter."""
    readings = (MeterReading(**reading.model_dump()) for reading in inputs.site.readings)
    return Evidence(bills=inputs.bills, readings=tuple(readings))


def records_of(inputs: Inputs, year: LoadProfile) -> Records:
    """Return what the records show by themselves: the profile, bills beside the meter, energy against production."""
    load = inputs.load
    calendar = _calendar_findings(load, site=inputs.site) if load is not None else ()
    compared, findings = compare_bills(inputs.bills, load) if inputs.bills and load else ((), ())
    line = None
    if inputs.production is not None and load is not None:
        _, energy_kwh, tonnes = with_energy(inputs.production, load)
        if len(energy_kwh) >= _FEWEST_POINTS:
            line = fit_baseline(energy_kwh, tonnes, inputs.production.period, load.label)
    fuel = None
    if inputs.fuel_log is not None and inputs.site.genset is not None:
        fuel = fuel_energy(inputs.fuel_log, inputs.site.genset)
    peak = None
    if inputs.inventory is not None and year.origin == "built":
        peak = demand_range(year, plan_machines(inputs.site, inputs.inventory))
    return Records(
        profile=analyse(year, inputs.site),
        demand_range=peak,
        bills=compared,
        production=line,
        fuel=fuel,
        findings=(
            *_peak_findings(peak),
            *calendar,
            *findings,
            *(line.findings if line else ()),
            *(fuel.findings if fuel else ()),
        ),
    )


def _said(part: Baseline | FuelEnergy | None) -> tuple[Finding, ...]:
    return part.findings if part else ()


def _peak_findings(peak: DemandRange | None) -> tuple[Finding, ...]:
    if peak is None:
        return ()
    params: dict[str, Param] = {
        "low_kw": peak.low_kw,
        "base_kw": peak.base_kw,
        "high_kw": peak.high_kw,
        "percent": 100 * peak.coincidence,
    }
    return (Finding(key="load_demand_range", level="assumption", params=params),)


def verified(audit: AuditResult, records: Records) -> AuditResult:
    """Return an audit whose verification plans know how well energy follows production.

    The standard error is that of predicting as many periods as the baseline has, with its production (IPMVP Option C
    asks for a saving of more than twice that); without an accepted baseline the audit is returned as it is.
    """
    line = records.production
    if line is None or not line.accepted:
        return audit
    error_kwh = predict(line, line.production_t).standard_error_kwh
    energies = {machine.tag: machine.energy_kwh_per_year for machine in audit.machines}
    return replace(audit, verification=verification_plans(audit.savings, energies, error_kwh))


def _calendar_findings(load: LoadProfile, site: Site) -> tuple[Finding, ...]:
    """Tell that a record is of other years than the carbon accounts."""
    index = cast("pd.DatetimeIndex", load.load_kw.index).tz_convert(LOCAL_TIME)
    whole = timedelta(hours=load.duration_hours) >= _YEAR
    used = index[index >= index[-1] - _YEAR + timedelta(minutes=load.step_minutes)] if whole else index
    years, activity = sorted(set(used.year)), site.emissions.activity_year
    if years == [activity] or (not whole and activity in years):
        return ()
    params: dict[str, Param] = {
        "record_years": "-".join(str(year) for year in dict.fromkeys((years[0], years[-1]))),
        "days": round(load.duration_hours / HOURS_PER_DAY, 1),
        "activity_year": str(activity),
        "factor_year": str(site.emissions.factor_year or activity),
    }
    key = "study_record_other_year" if whole else "study_weeks_other_year"
    return (Finding(key=key, level="warning", subject=load.label, params=params),)


def _filled(load: LoadProfile, site: Site) -> LoadProfile:
    missing = int(np.isnan(load.load_kw.to_numpy()).sum())
    if not missing:
        return load
    method = site.load.fill if site.load else None
    if method is None:
        params: dict[str, Param] = {"count": missing}
        raise InputError([Problem(key="load_gaps_unfilled", file=load.label, params=params)])
    return fill_gaps(load, method, site)


def _year_of(load: LoadProfile, site: Site, year: int) -> LoadProfile:
    covered = timedelta(hours=load.duration_hours)
    if covered < _YEAR:
        return year_from_weeks(load, site, year)
    if covered < _YEAR + timedelta(days=2):
        return load
    index = cast("pd.DatetimeIndex", load.load_kw.index)
    keep = index >= index[-1] - _YEAR + timedelta(minutes=load.step_minutes)
    days = load.duration_hours / HOURS_PER_DAY
    params: dict[str, Param] = {"days": days, "first": str(index[keep][0].date())}
    said = Finding(key="load_last_year_used", level="warning", subject=load.label, params=params)
    reactive = None if load.reactive_kvar is None else load.reactive_kvar[keep]
    return replace(load, load_kw=load.load_kw[keep], reactive_kvar=reactive, findings=(*load.findings, said))
