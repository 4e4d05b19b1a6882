"""The audit, step by step: machines, balance, reconciliation, measures, load after them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mine_energy.audit.adjustment import Adjustment, Evidence, ReconciledUses, adjust_inventory
from mine_energy.audit.after import load_after, monthly_peaks, network_saved_kw
from mine_energy.audit.balance import cause_savings, data_gaps, end_uses, machine_results, network_saving
from mine_energy.audit.bands import bands_of, marginal_price
from mine_energy.audit.decisions import terms_of
from mine_energy.audit.findings import band_findings, joined, measure_findings, origin_findings
from mine_energy.audit.ground import Ground, bills_behind, ground_of
from mine_energy.audit.potential import Potential, potential_of
from mine_energy.audit.reconcile import Balance, reconcile
from mine_energy.audit.result import AuditResult, CauseSaving, DataGap, MachineResult
from mine_energy.audit.supply import supply_curve
from mine_energy.audit.uncertainty_result import AuditUncertainty
from mine_energy.audit.uses import NetworkLoss, network_findings, network_losses, with_losses
from mine_energy.audit.verification import verification_plans
from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile, MachinePlan, schedule_rows
from mine_energy.loads.losses import per_year
from mine_energy.measures import PlantSeries, Saving
from mine_energy.motors import MotorInventory
from mine_energy.site import Site
from mine_energy.tariffs import Tariff


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
    machines run by the schedule, never below zero. Without a meter the baseline is built from the inventory. Where the
    site file gives transformer and feeders, the machines lie behind their losses and the baseline is the meter's.

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
    ground = ground_of(site, inventory, load, year, step_minutes)
    saved = _saved(ground, measures, tariff)
    doubt = _doubt(ground, saved.savings, evidence or Evidence())
    machines = machine_results(ground.plans, len(ground.days))
    losses = network_losses(ground.seen, saved.machines, saved.savings)
    balance = reconcile(
        ground.plans if inventory is not None else None,
        ground.machines_meter,
        ground.machines_load,
        site.site.workdays_per_month,
        ground.losses_kwh,
    )
    return _result(ground, machines, saved, losses, balance, doubt)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Saved:
    """What the measures do: savings, the load and the machines they leave, and what could not be taken off.

    ``causes`` are those of the adopted savings, ``technical`` those of everything that is possible.
    """

    found: Potential
    gaps: tuple[DataGap, ...]
    causes: tuple[CauseSaving, ...]
    technical: tuple[CauseSaving, ...]
    after: LoadProfile
    lost: tuple[Finding, ...]
    machines: PlantSeries

    @property
    def savings(self) -> tuple[Saving, ...]:
        """Adopted and listed."""
        return self.found.savings


def _saved(ground: Ground, names: Sequence[str] | None, tariff: Tariff | None) -> _Saved:
    baseline = ground.baseline
    found = potential_of(ground.site, baseline, ground.context, names, tariff)
    after, lost = load_after(baseline, found.savings)
    return _Saved(
        found=found,
        gaps=data_gaps(found.gaps),
        causes=_causes(ground, found.savings),
        technical=_causes(ground, found.technical),
        after=after,
        lost=lost,
        machines=baseline.machines_left(baseline.taken(found.savings), found.savings),
    )


def _causes(ground: Ground, savings: Sequence[Saving]) -> tuple[CauseSaving, ...]:
    """Return the savings that apply by cause, and what the network loses less with them."""
    baseline = ground.baseline
    total = sum(plan.energy_kwh_per_day for plan in ground.plans) * len(ground.days)
    causes = cause_savings(savings, total)
    less_kw = network_saved_kw(baseline, savings)
    at_peaks = float(np.mean([less_kw[peak.place] for peak in monthly_peaks(baseline)]))
    less_kwh = per_year(float(less_kw.sum()) * ground.before.step_hours, ground.before)
    less = network_saving(less_kwh, at_peaks, savings, total)
    return (*causes, less) if less is not None else causes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Doubt:
    """What the readings make of the inventory, and the bands."""

    adjusted: Adjustment | None
    uses: ReconciledUses | None
    bands: AuditUncertainty | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What both have to say."""
        return (*(self.adjusted.findings if self.adjusted else ()), *(self.bands.findings if self.bands else ()))


def _doubt(ground: Ground, savings: Sequence[Saving], evidence: Evidence) -> _Doubt:
    """Return what the readings make of the machines; meter and bills are seen from behind the network."""
    if not ground.plans:
        return _Doubt(adjusted=None, uses=None, bands=None)
    site = ground.site
    behind, billed_losses_kwh = bills_behind(ground, evidence)
    adjusted = adjust_inventory(ground.plans, site, ground.machines_load, ground.machines_meter, behind)
    bands = None
    if adjusted is not None and evidence.draws:
        price = marginal_price(site, savings)
        bands = bands_of(ground.plans, site, adjusted, savings, len(ground.days), evidence.draws, price)
    uses = adjusted.uses if adjusted is not None else None
    losses_kwh = billed_losses_kwh if ground.meter is None else ground.losses_kwh
    if uses is not None and losses_kwh:
        uses = uses.with_losses(losses_kwh)
    return _Doubt(adjusted=adjusted, uses=uses, bands=bands)


def _result(
    ground: Ground,
    machines: tuple[MachineResult, ...],
    saved: _Saved,
    losses: tuple[NetworkLoss, ...],
    balance: Balance,
    doubt: _Doubt,
) -> AuditResult:
    site, savings = ground.site, saved.savings
    applied = [s for s in savings if s.decision == "apply"]
    rated = {m.tag: m.rated_power_kw for m in machines}
    terms = (terms_of(site).rate, site.finance.mine_life_years)
    return AuditResult(
        year=ground.year,
        machines=machines,
        end_uses=with_losses(end_uses(machines), losses) if ground.inventory is not None else (),
        energy_kwh_per_year=sum(m.energy_kwh_per_year for m in machines),
        savings=savings,
        savings_by_cause=saved.causes,
        reconciliation=balance.reconciliation,
        schedule=schedule_rows(ground.plans),
        workdays=len(ground.days),
        rest_days=tuple(day.isoformat() for day in ground.rest_days),
        load_before=ground.before,
        load_after=saved.after,
        energy_before_kwh=ground.before.energy_kwh,
        energy_after_kwh=saved.after.energy_kwh,
        findings=_findings(ground, machines, saved, losses, (*balance.findings, *doubt.findings)),
        standalone_kwh_per_year=sum(s.standalone_kwh_per_year for s in applied),
        interaction_kwh_per_year=sum(s.standalone_kwh_per_year - s.energy_kwh_per_year for s in applied),
        gaps=saved.gaps,
        decisions=saved.found.decisions,
        supply_curve=supply_curve(savings, saved.found.decisions, rated, site.site.country, terms),
        verification=verification_plans(savings, {m.tag: m.energy_kwh_per_year for m in machines}),
        adjustment=doubt.adjusted.reconciliation if doubt.adjusted else None,
        reconciled=doubt.uses,
        uncertainty=doubt.bands,
        network=losses,
        adopt=saved.found.adopt,
        technical_by_cause=saved.technical,
    )


def _findings(
    ground: Ground,
    machines: Sequence[MachineResult],
    saved: _Saved,
    losses: Sequence[NetworkLoss],
    compared: Sequence[Finding],
) -> tuple[Finding, ...]:
    notes = (*_notes(ground.plans, ground.before, ground.inventory), *ground.findings, *origin_findings(machines))
    savings = saved.savings
    about = (*saved.found.findings, *band_findings(savings), *measure_findings(savings, saved.gaps), *saved.lost)
    network = network_findings(ground.seen, ground.meter, losses)
    return joined((*notes, *about, *network, *compared))


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
