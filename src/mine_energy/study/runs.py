"""The three states of a plant, run: today, after measures, after measures and PV with what waits for the sun."""

from dataclasses import dataclass, replace

from mine_energy.arrays import FloatArray
from mine_energy.audit import AuditResult
from mine_energy.dispatch import DispatchResult
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.study.inputs import Inputs
from mine_energy.study.plant import Supply, run_plant
from mine_energy.study.result import Designs, State
from mine_energy.study.shifting import Deferral, Served, deferral_of
from mine_energy.study.shifting_result import Shifting
from mine_energy.study.shifting_said import shifting_findings
from mine_energy.study.sizing import GoalPlants, stored_by
from mine_energy.tariffs import Bill, ExchangeRate, convert


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearRuns:
    """A year of the plant in its three states.

    Parameters
    ----------
    loads
        Of the three: the third is the second with what waits for the sun where it runs with PV.
    flows
        Of the three.
    unmeasured
        Of today's load with the array that it would need.
    unmoved
        Of the third state with every load at its hours of today.
    deferral, served
        What may wait, and what became of it; None where nothing may.
    """

    loads: tuple[LoadProfile, LoadProfile, LoadProfile]
    flows: tuple[DispatchResult, DispatchResult, DispatchResult]
    unmeasured: DispatchResult
    unmoved: DispatchResult
    deferral: Deferral | None
    served: Served | None


def year_runs(
    inputs: Inputs,
    audited: AuditResult,
    unit: FloatArray,
    designs: Designs,
    supply: Supply,
    chosen: GoalPlants | None = None,
) -> YearRuns:
    """Return the flows of the three states, at the load's own step.

    Parameters
    ----------
    inputs, audited
        Of the study.
    unit
        Shape (n,), kW per kWp on the load's steps.
    designs
        Arrays after measures and before them.
    supply
        Grid or set.
    chosen
        The goal's plants, whose batteries stand beside PV; None without.
    """
    before, after = audited.load_before, audited.load_after
    kwp, earlier_kwp = designs.after_measures.pv_kwp, designs.before_measures.pv_kwp
    behind = stored_by(supply, inputs.site, chosen, "after")
    deferral = deferral_of(inputs, audited)
    served = None if deferral is None else deferral.served(after, unit, kwp)
    load = after if served is None else served.load
    earlier = before if deferral is None else deferral.served(before, unit, earlier_kwp, "before").load
    with_pv = run_plant(load, unit, kwp, behind)
    return YearRuns(
        loads=(before, after, load),
        flows=(run_plant(before, unit, 0.0, supply), run_plant(after, unit, 0.0, supply), with_pv),
        unmeasured=run_plant(earlier, unit, earlier_kwp, stored_by(supply, inputs.site, chosen, "before")),
        unmoved=with_pv if served is None or not served.moved else run_plant(after, unit, kwp, behind),
        deferral=deferral,
        served=served,
    )


def shifting_of(
    site: Site, runs: YearRuns, with_pv: State, unmoved: Bill, rate: ExchangeRate, *, searched: bool
) -> Shifting | None:
    """Return what waits for the sun, beside the same plant with every load at its hours of today; None without any.

    Parameters
    ----------
    site, runs, rate
        Of the study.
    with_pv
        The third state.
    unmoved
        Its bill with every load at its hours of today.
    searched
        Whether the plant comes from a search, which does without waiting.
    """
    if runs.served is None:
        return None
    currency = site.finance.currency
    shifting = Shifting(
        blocks=runs.served.blocks,
        pv_used_kwh=with_pv.pv_used_kwh,
        pv_used_unmoved_kwh=runs.unmoved.energy_kwh("pv_used"),
        import_kwh=with_pv.import_kwh,
        import_unmoved_kwh=runs.unmoved.energy_kwh("import"),
        cost_per_year=with_pv.cost_per_year,
        cost_unmoved_per_year=convert(unmoved.payable, unmoved.currency, currency, rate),
        currency=currency,
    )
    return replace(shifting, findings=shifting_findings(site, shifting, searched=searched))
