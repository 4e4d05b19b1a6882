"""From inputs to a study: the diagram of the architecture."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from mine_energy._version import __version__
from mine_energy.arrays import FloatArray
from mine_energy.audit import AuditResult
from mine_energy.dispatch import DispatchResult
from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.sizing import ArraySpec, PVDesign, annual_net, coverage
from mine_energy.study.abroad import all_bills
from mine_energy.study.audited import run_audit
from mine_energy.study.baseline import records_of, verified
from mine_energy.study.bills import BillsCase
from mine_energy.study.bills_result import Bills
from mine_energy.study.carbon import CarbonBasis, carbon_basis, compare, fuel_of, scope2_of
from mine_energy.study.carbon_around import carbon_of
from mine_energy.study.electrical import with_electrical
from mine_energy.study.inputs import Inputs
from mine_energy.study.money import MoneyCase, bill_of, measures_cost, money, tariff_for, worth_usd_per_kwh
from mine_energy.study.plan import plan_of
from mine_energy.study.plant import Supply, fuel_at_site, hourly_flows, run_plant, shortage, supply_of, yield_on
from mine_energy.study.provenance import is_reconstructed, used_sources
from mine_energy.study.reactive import power_factor_findings
from mine_energy.study.result import (
    SCHEMA_VERSION,
    Coverages,
    Designs,
    Finance,
    LoadSummary,
    Solar,
    State,
    StateKey,
    Study,
)
from mine_energy.study.sizing import GoalPlants, joined, run_sizing, sized_goal, stored_by
from mine_energy.study.sizing_case import SizingCase, catalogue_of
from mine_energy.study.sizing_result import Sizing
from mine_energy.study.sizing_run import air_on, improved_starts, is_limited, sizing_pair
from mine_energy.study.sun import packaged_weather, solar_of, washing_of
from mine_energy.study.yield_models import YieldModels
from mine_energy.tariffs import ExchangeRate, Tariff, convert, exchange_rate
from mine_energy.weather import Weather

_LEAST_KWP = 1e-6


def run_study(inputs: Inputs, *, with_sizing: bool = True) -> Study:
    """Return the whole study of one plant.

    Parameters
    ----------
    inputs
        What the readers of :mod:`mine_energy.io` return.
    with_sizing
        Whether the three meanings of "100 %" are sized with their cost: most of the time a study takes. A goal other
        than the annual balance is sized in any case.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        The inputs do not belong together, or cover less than a year.
    MissingData
        A factor, price or climate is not packaged; the message lists what is.
    Infeasible
        No array reaches the goal, or no settlement rule covers its exports.
    """
    year = _year(inputs, with_sizing=with_sizing)
    records = records_of(inputs, year.loads[0])
    today, measured, with_pv = (state.scope2 for state in year.states)
    scope2 = compare(year.site, today, measured, with_pv, year.flows[2])
    invested, bills = _money(year), _bills(year)
    built = with_electrical(year.solar, inputs, year.weather, year.models, year.designs.after_measures.pv_kwp)
    sizing = _sizing(year, built, year.sizes) if with_sizing and year.sizes else None
    return _joined(
        Study(
            schema_version=SCHEMA_VERSION,
            mine_energy_version=__version__,
            site=year.site,
            inputs=inputs.files,
            reconstructed=is_reconstructed(inputs),
            inventory=inputs.inventory,
            audit=verified(year.audit, records),
            records=records,
            load_before=_summary(year.loads[0]),
            load_after=_summary(year.loads[1]),
            solar=built,
            design=year.designs,
            coverage=_coverages(year),
            hourly=hourly_flows(*year.loads, year.flows[2]),
            states=year.states,
            scope2=scope2,
            carbon=carbon_of(inputs, year.loads[0], year.states, scope2, year.factor),
            plan=plan_of(year.site, year.audit, year.solar, year.states, scope2, invested),
            finance=invested,
            sizing=sizing,
            findings=(*inputs.findings, *year.findings),
            sources=used_sources(inputs, year.tariff, sized=sizing is not None, bills=bills),
            bills=bills,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Year:
    """A plant's year three times over: today, after measures, after measures and PV; what the rest is computed from.

    ``loads`` are those before and after the measures, ``flows`` those of the three states; ``unmeasured`` has the array
    that today's load would need; ``chosen`` are the plants of a goal that is sized, and ``sizes`` their problems, None
    where nothing is sized.
    """

    inputs: Inputs
    rate: ExchangeRate
    factor: CarbonBasis
    tariff: Tariff
    audit: AuditResult
    weather: Weather
    solar: Solar
    models: YieldModels
    supply: Supply
    sizes: tuple[SizingCase, SizingCase] | None
    chosen: GoalPlants | None
    designs: Designs
    unit: FloatArray
    flows: tuple[DispatchResult, DispatchResult, DispatchResult]
    unmeasured: DispatchResult
    states: tuple[State, State, State]
    findings: tuple[Finding, ...]

    @property
    def site(self) -> Site:
        """The site file."""
        return self.inputs.site

    @property
    def loads(self) -> tuple[LoadProfile, LoadProfile]:
        """Before and after the measures."""
        return self.audit.load_before, self.audit.load_after


def _year(inputs: Inputs, *, with_sizing: bool) -> _Year:
    site = inputs.site
    rate = exchange_rate(site.site.country, site.finance.exchange_rate)
    factor = carbon_basis(inputs)
    tariff = tariff_for(site, inputs.tariff)
    audited = run_audit(inputs)
    before, after = audited.load_before, audited.load_after
    weather = inputs.weather or packaged_weather(site)
    solar, models = solar_of(inputs, weather, after)
    supply = supply_of(site, after, air_on(weather, after), tariff, inputs.outages)
    # The problems draw years of weather: a quarter of the time of a study that sizes nothing.
    searched = _is_sized(site)
    sun = (solar, models)
    sizes = sizing_pair(inputs, audited, sun, weather, tariff, rate) if with_sizing or searched else None
    tariff = fuel_at_site(tariff, supply)
    chosen = sized_goal(*sizes) if sizes and searched else None
    designs = _designs(site, before, after, solar, chosen)
    unit = yield_on(solar.unit.kw_per_kwp, after)
    today, measured = run_plant(before, unit, 0.0, supply), run_plant(after, unit, 0.0, supply)
    with_pv = run_plant(after, unit, designs.after_measures.pv_kwp, stored_by(supply, site, chosen, "after"))
    unmeasured = run_plant(before, unit, designs.before_measures.pv_kwp, stored_by(supply, site, chosen, "before"))
    priced = (tariff, inputs.spot_price)
    states = (
        _state("today", site, priced, before, today, 0.0, rate, factor),
        _state("after_measures", site, priced, after, measured, 0.0, rate, factor),
        _state("after_pv", site, priced, after, with_pv, designs.after_measures.inverter_kw, rate, factor),
    )
    grid_stays = supply.grid is not None and site.coverage.goal != "offgrid"
    short = shortage((today, measured, *((with_pv,) if supply.genset or grid_stays else ())), supply.genset_kw)
    seen = power_factor_findings(after, measured, with_pv)
    return _Year(
        inputs=inputs,
        rate=rate,
        factor=factor,
        tariff=tariff,
        audit=audited,
        weather=weather,
        solar=replace(solar, washing=washing_of(solar, worth_usd_per_kwh(states, site.finance.currency, rate))),
        models=models,
        supply=supply,
        sizes=sizes,
        chosen=chosen,
        designs=designs,
        unit=unit,
        flows=(today, measured, with_pv),
        unmeasured=unmeasured,
        states=states,
        findings=(*rate.findings, *supply.findings, *short, *seen),
    )


def _is_sized(site: Site) -> bool:
    """Whether the array comes from a search rather than from energy over yield."""
    return site.coverage.goal != "annual_net" or is_limited(site)


def _money(year: _Year) -> Finance:
    return money(
        MoneyCase(
            site=year.site,
            audit=year.audit,
            designs=year.designs,
            states=year.states,
            rate=year.rate,
            flows=year.flows,
            unmeasured=year.unmeasured,
            storage=(year.chosen.after, year.chosen.before) if year.chosen else None,
            sure=year.solar.uncertainty,
        )
    )


def _bills(year: _Year) -> Bills | None:
    return all_bills(
        BillsCase(
            site=year.site,
            tariff=year.tariff,
            rate=year.rate,
            states=year.states,
            loads=year.loads,
            flows=year.flows,
            design=year.designs.after_measures,
            unit=year.unit,
            ac_loss_factor=year.solar.unit.array.ac_loss_factor,
            supply=stored_by(year.supply, year.site, year.chosen, "after"),
            spot_price=year.inputs.spot_price,
            storage=year.chosen.after if year.chosen else None,
        )
    )


def _sizing(year: _Year, built: Solar, sizes: tuple[SizingCase, SizingCase]) -> Sizing:
    after, before = (replace(case, catalogue=catalogue_of(year.site, built)) for case in sizes)
    return run_sizing(
        after,
        before,
        year.inputs.inventory,
        measures_cost=measures_cost(year.site, year.audit, year.rate),
        improved=improved_starts(year.audit),
        must_reach=_is_sized(year.site),
    )


def _designs(
    site: Site, before: LoadProfile, after: LoadProfile, solar: Solar, chosen: GoalPlants | None = None
) -> Designs:
    array = solar.unit.array
    spec = ArraySpec(
        tilt_deg=array.tilt_deg,
        azimuth_deg=array.azimuth_deg,
        dc_ac_ratio=array.dc_ac_ratio,
        module_efficiency=array.module_efficiency,
        ground_cover_ratio=array.ground_cover_ratio,
    )

    def design(load: LoadProfile, kwp: float | None) -> PVDesign:
        # The yield is summed on the load's own calendar, so that the balance of a leap year closes too.
        specific = float(yield_on(solar.unit.kw_per_kwp, load).sum()) * load.step_hours
        ratio = site.coverage.net_ratio if kwp is None else max(kwp, _LEAST_KWP) * specific / load.energy_kwh
        return annual_net(load.energy_kwh, specific, spec, ratio=ratio)

    first, second = (
        design(load, None if plant is None else plant.pv_kwp)
        for load, plant in ((before, chosen.before if chosen else None), (after, chosen.after if chosen else None))
    )
    return Designs(before_measures=first, after_measures=second, pv_saved_kwp=first.pv_kwp - second.pv_kwp)


def _coverages(year: _Year) -> Coverages:
    return Coverages(
        goal=year.site.coverage.goal,
        ratio=year.site.coverage.asked,
        after_measures=coverage(year.flows[2]),
        before_measures=coverage(year.unmeasured),
    )


def _state(
    key: StateKey,
    site: Site,
    priced: "tuple[Tariff, pd.Series[float] | None]",
    load: LoadProfile,
    flows: DispatchResult,
    inverter_kw: float,
    rate: ExchangeRate,
    factor: CarbonBasis,
) -> State:
    tariff, spot_price = priced
    made = bill_of(site, tariff, load, flows, inverter_kw, spot_price)
    names = ("load", "import", "genset", "pv", "pv_used", "export", "curtailed", "unserved")
    supplied = flows.import_kw if site.connection.kind == "grid" else flows.genset_kw
    return State(
        key=key,
        **{f"{name}_kwh": flows.energy_kwh(name) for name in names},
        peak_kw=float(supplied.max()),
        bill=made,
        cost_per_year=convert(made.payable, made.currency, site.finance.currency, rate),
        credit_left=convert(made.credit_left, made.currency, site.finance.currency, rate),
        scope2=scope2_of(site, load, flows, factor),
        fuel=fuel_of(site, made),
    )


def _summary(load: LoadProfile) -> LoadSummary:
    return LoadSummary(
        energy_kwh=load.energy_kwh,
        peak_kw=load.peak_kw,
        mean_kw=load.mean_kw,
        load_factor=load.load_factor,
        step_minutes=load.step_minutes,
        origin=load.origin,
        label=load.label,
        monthly_kwh=load.monthly_kwh(),
    )


def _joined(study: Study) -> Study:
    """Return the study with every room's findings in one list, equal ones once, in the order of the way."""
    rooms: list[Iterable[Finding]] = [
        study.findings,
        study.records.findings,
        study.audit.findings,
        study.solar.findings,
        study.sizing.findings if study.sizing else (),
        study.carbon.findings if study.carbon else (),
        study.plan.all_findings if study.plan else (),
    ]
    rooms += [state.bill.findings for state in study.states]
    rooms += [state.scope2.findings for state in study.states]
    rooms += [state.fuel.findings for state in study.states if state.fuel]
    avoided = (study.scope2.avoided_exports, study.scope2.avoided_project)
    rooms += [one.findings for one in avoided if one]
    rooms += [study.finance.findings, study.bills.findings if study.bills else ()]
    # What is said of measures and PV together need not be said again, with other figures, of each.
    together = {finding.key for finding in study.finance.both.findings}
    rooms.append(study.finance.both.findings)
    for part in (study.finance.measures, study.finance.pv):
        rooms.append([finding for finding in part.findings if finding.key not in together] if part else [])
    return replace(study, findings=joined(finding for room in rooms for finding in room))
