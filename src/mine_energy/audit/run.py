"""The audit, step by step: machines, balance, reconciliation, measures, load after them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from mine_energy.audit.adjustment import Evidence, adjust_inventory
from mine_energy.audit.after import Baseline, at_monthly_peaks, load_after, monthly_peaks, series_after
from mine_energy.audit.balance import cause_savings, data_gaps, end_uses, machine_results
from mine_energy.audit.bands import bands_of, marginal_price
from mine_energy.audit.decisions import decide, terms_of
from mine_energy.audit.findings import band_findings, joined, measure_findings, origin_findings
from mine_energy.audit.reconcile import reconcile
from mine_energy.audit.result import AuditResult, Decision
from mine_energy.audit.supply import supply_curve
from mine_energy.audit.value import valued
from mine_energy.audit.verification import verification_plans
from mine_energy.errors import Finding, InputError, Problem
from mine_energy.loads import LoadProfile, MachinePlan, load_of, plan_machines, schedule_rows, working_days
from mine_energy.measures import Assessment, Machine, MeasureContext, Saving, assess
from mine_energy.motors import MotorInventory
from mine_energy.site import Site
from mine_energy.tariffs import Tariff, convert, exchange_rate
from mine_energy.units import NETWORK_HZ


def audit(
    site: Site,
    inventory: MotorInventory | None = None,
    load: LoadProfile | None = None,
    *,
    year: int,
    measures: Sequence[str] | None = None,
    step_minutes: float = 15,
    tariff: Tariff | None = None,
    evidence: Evidence | None = None,
) -> AuditResult:
    """Return where a plant's energy goes, what can be saved, and the load before and after.

    Where there is a meter it is the baseline, at its own step; savings are taken off at the steps in which their
    machines run by the schedule, never below zero. Without a meter the baseline is built from the inventory.

    Parameters
    ----------
    site
        The plant.
    inventory
        Its machines; None leaves end uses and savings unknown.
    load
        Its meter; None builds the load from the inventory.
    year
        Calendar year of the working days and of a built load.
    measures
        Names of :data:`~mine_energy.measures.MEASURES` to apply, all by default; always applied in that order.
    step_minutes
        Step of a built load.
    tariff
        Of the supply; without it savings have no money and decisions no net present value.
    evidence
        Bills and readings below the main meter, and the number of draws behind the bands.

    Returns
    -------
    AuditResult

    Raises
    ------
    InputError
        Neither inventory nor meter is given, a schedule is wrong, the meter does not belong to the inventory, or the
        measures of the site file do not fit the inventory.
    """
    if inventory is None and load is None:
        raise InputError([Problem(key="audit_nothing_to_audit", field="inventory")])
    plans = plan_machines(site, inventory) if inventory is not None else ()
    days = working_days(year, site.site.workdays_per_month)
    before = load if load is not None else load_of(plans, site, year, step_minutes)
    balance = reconcile(plans if inventory is not None else None, load, before, site.site.workdays_per_month)
    machines = machine_results(plans, len(days))
    baseline = Baseline(load=before, plans=plans, workdays_per_month=site.site.workdays_per_month, workdays=len(days))
    context = _context(plans, site, len(days), before.step_hours)
    found = assess(context, measures, lambda done: series_after(baseline, done)) if plans else _nothing(context)
    savings = _with_money(baseline, found.savings, tariff)
    decisions = _decisions(site, replace(context, machines=found.before_motors), savings, tariff)
    after, lost = load_after(baseline, savings)
    evidence = evidence or Evidence()
    adjusted = adjust_inventory(plans, site, before, load, evidence) if plans else None
    bands = None
    if adjusted is not None and evidence.draws:
        bands = bands_of(plans, site, adjusted, savings, len(days), evidence.draws, marginal_price(site, savings))
    uncertain = (*(adjusted.findings if adjusted else ()), *(bands.findings if bands else ()))
    gaps = data_gaps(found.gaps)
    about = (*band_findings(savings), *measure_findings(savings, gaps), *lost)
    notes = (*_notes(plans, before, inventory), *origin_findings(machines), *about)
    total = sum(m.energy_kwh_per_year for m in machines)
    return AuditResult(
        year=year,
        machines=machines,
        end_uses=end_uses(machines),
        energy_kwh_per_year=total,
        savings=savings,
        savings_by_cause=cause_savings(savings, total),
        reconciliation=balance.reconciliation,
        schedule=schedule_rows(plans),
        workdays=len(days),
        rest_days=_rest(year, days),
        load_before=before,
        load_after=after,
        energy_before_kwh=before.energy_kwh,
        energy_after_kwh=after.energy_kwh,
        findings=joined((*notes, *balance.findings, *uncertain)),
        standalone_kwh_per_year=sum(s.standalone_kwh_per_year for s in savings),
        interaction_kwh_per_year=sum(
            s.standalone_kwh_per_year - s.energy_kwh_per_year for s in savings if s.decision == "apply"
        ),
        gaps=gaps,
        decisions=decisions,
        supply_curve=supply_curve(
            savings,
            decisions,
            {m.tag: m.rated_power_kw for m in machines},
            site.site.country,
            (terms_of(site).rate, site.finance.mine_life_years),
        ),
        verification=verification_plans(savings, {m.tag: m.energy_kwh_per_year for m in machines}),
        adjustment=adjusted.reconciliation if adjusted else None,
        reconciled=adjusted.uses if adjusted else None,
        uncertainty=bands,
    )


def _context(plans: Sequence[MachinePlan], site: Site, workdays: int, step_hours: float) -> MeasureContext:
    return MeasureContext(
        machines=tuple(
            Machine(
                motor=plan.motor,
                state=plan.state,
                hours_per_year=plan.hours_per_day * workdays,
                unloaded_hours_per_year=plan.unloaded_hours_per_day * workdays,
            )
            for plan in plans
        ),
        choice=site.measures,
        replacement_class=site.measures.replacement_class,
        frequency_hz=NETWORK_HZ,
        min_hours_per_year=site.measures.min_hours_per_year,
        altitude_m=site.site.altitude_m,
        off_grid=site.connection.kind == "offgrid",
        country=site.site.country,
        step_hours=step_hours,
    )


def _nothing(context: MeasureContext) -> Assessment:
    return Assessment(savings=(), gaps=(), machines=context.machines, before_motors=context.machines)


def _with_money(baseline: Baseline, savings: Sequence[Saving], tariff: Tariff | None) -> tuple[Saving, ...]:
    """Return savings with what they take off the monthly maxima and, with a tariff, off the bill."""
    peaks = monthly_peaks(baseline)
    at_peak = tuple(replace(s, peak_kw=at_monthly_peaks(baseline, s, peaks)) for s in savings)
    return at_peak if tariff is None else valued(baseline, at_peak, tariff)


def _decisions(
    site: Site, context: MeasureContext, savings: Sequence[Saving], tariff: Tariff | None
) -> tuple[Decision, ...]:
    if tariff is None:
        return decide(site, context, savings, None)
    rate = exchange_rate(site.site.country, site.finance.exchange_rate)
    return decide(site, context, savings, convert(1.0, tariff.currency, "USD", rate))


def _rest(year: int, days: Sequence[date]) -> tuple[str, ...]:
    working = set(days)
    every = (date(year, 1, 1) + timedelta(days=i) for i in range(366))
    return tuple(day.isoformat() for day in every if day.year == year and day not in working)


def _notes(plans: Sequence[MachinePlan], before: LoadProfile, inventory: MotorInventory | None) -> tuple[Finding, ...]:
    """Return what is known about the inventory, the machines and the baseline, each finding once."""
    notes: list[Finding] = []
    if inventory is None:
        notes.append(Finding(key="audit_no_inventory", level="warning"))
    elif not inventory.motors:
        notes.append(Finding(key="audit_empty_inventory", level="warning", subject=inventory.file))
    notes += inventory.findings if inventory is not None else ()
    notes += [f for plan in plans for f in (*plan.state.findings, *plan.findings)]
    return (*notes, *(f for f in before.findings if f not in notes))
