"""The load a study starts from, whatever the auditor holds: a year, some weeks, bills, a fuel log, or a motor list."""

from collections.abc import Sequence
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
    LBEn,
    LoadProfile,
    MachinePlan,
    analyse,
    compare_bills,
    demand_blocks,
    demand_range,
    fill_gaps,
    fit_baseline,
    fuel_energy,
    lben_record,
    load_from_bills,
    load_from_fuel,
    plan_machines,
    production_points,
    year_from_weeks,
    year_standard_error_kwh,
)
from mine_energy.loads.lben import Model
from mine_energy.loads.losses import behind_the_meter, network_of
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
    line, record = production_baseline(inputs)
    fuel = None
    if inputs.fuel_log is not None and inputs.site.genset is not None:
        fuel = fuel_energy(inputs.fuel_log, inputs.site.genset)
    peak = None
    if inputs.inventory is not None and year.origin == "built":
        peak = _demand(year, inputs.site, plan_machines(inputs.site, inputs.inventory))
    return Records(
        profile=analyse(year, inputs.site),
        demand_range=peak,
        bills=compared,
        production=line,
        lben=record,
        fuel=fuel,
        power_quality=inputs.power_quality,
        findings=(
            *_peak_findings(peak),
            *calendar,
            *findings,
            *(line.findings if line else ()),
            *(fuel.findings if fuel else ()),
        ),
    )


def production_baseline(inputs: Inputs, model: Model | None = None) -> tuple[Baseline | None, LBEn | None]:
    """Return energy against production, and its record as an energy baseline.

    Parameters
    ----------
    inputs
        With a production log, and energy from a meter, bills or the log itself.
    model
        Of the record; None takes the regression where it may serve as a baseline, and the ratio where it may not.

    Returns
    -------
    Baseline or None, LBEn or None
        None without common periods, and a record of None where a ratio has a period without production.

    Raises
    ------
    InputError
        The model asked for cannot be exported (``baseline_not_exportable``).
    """
    if inputs.production is None:
        return None, None
    points = production_points(inputs.production, inputs.load, inputs.bills)
    if points is None or len(points.starts) < _FEWEST_POINTS:
        return None, None
    # A billing period is a month for the number of points that a baseline needs, whatever the log's own step.
    period = "month" if points.source == "bills" else inputs.production.period
    line = fit_baseline(points.energy_kwh, points.ore_t, period, inputs.production.label)
    line = replace(line, findings=(*points.findings, *line.findings))
    if model is None and not line.accepted and not (line.production_t > 0).all():
        return line, None
    chosen = model or ("regression" if line.accepted else "ratio")
    return line, lben_record(line, points.starts[0], points.end - timedelta(days=1), chosen, inputs.site.site.name)


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


def _demand(year: LoadProfile, site: Site, plans: Sequence[MachinePlan]) -> DemandRange:
    """Return the range of the peak demand at the meter: that of the machines, with what the network loses on it."""
    network = network_of(site, plans)
    if network is None:
        return demand_range(year, plans)
    seen = behind_the_meter(year, network)
    found = demand_range(seen.load, plans)

    def metered(machines_kw: float) -> float:
        return float(seen.network.at_meter_kw(machines_kw, network.reactive_ratio * machines_kw))

    base = float(demand_blocks(year)[1].max())
    return replace(found, low_kw=min(metered(found.low_kw), base), base_kw=base, high_kw=metered(found.high_kw))


def verified(audit: AuditResult, records: Records) -> AuditResult:
    """Return an audit whose verification plans know how well energy follows production.

    Savings are those of a year, and so is the reporting period: the standard error is that of predicting a year from
    the baseline's points (IPMVP Option C asks for a saving of more than twice that); without an accepted baseline the
    audit is returned as it is.
    """
    line = records.production
    if line is None or not line.accepted:
        return audit
    error_kwh = year_standard_error_kwh(line)
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
