"""From inputs to a study: the diagram of the architecture."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from mine_energy._version import __version__
from mine_energy.arrays import FloatArray
from mine_energy.audit import AuditResult
from mine_energy.dispatch import DispatchResult
from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.sizing import coverage
from mine_energy.study.abroad import all_bills
from mine_energy.study.audited import run_audit
from mine_energy.study.baseline import records_of, verified
from mine_energy.study.bills import BillsCase
from mine_energy.study.bills_result import Bills
from mine_energy.study.carbon import CarbonBasis, carbon_basis, compare, fuel_of, scope2_of
from mine_energy.study.carbon_around import carbon_of
from mine_energy.study.designs import designs_of
from mine_energy.study.electrical import with_electrical
from mine_energy.study.inputs import Inputs
from mine_energy.study.money import MoneyCase, bill_of, measures_cost, money, tariff_for, worth_usd_per_kwh
from mine_energy.study.plan import plan_of
from mine_energy.study.plant import Supply, fuel_at_site, hourly_flows, shortage, supply_of, yield_on
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
from mine_energy.study.runs import YearRuns, shifting_of, year_runs
from mine_energy.study.shifting_result import Shifting
from mine_energy.study.sizing import GoalPlants, joined, run_sizing, sized_goal, stored_by
from mine_energy.study.sizing_case import SizingCase, catalogue_of
from mine_energy.study.sizing_result import Sizing
from mine_energy.study.sizing_run import air_on, improved_starts, is_limited, sizing_pair
from mine_energy.study.sun import packaged_weather, solar_of, washing_of
from mine_energy.study.yield_models import YieldModels
from mine_energy.tariffs import ExchangeRate, Tariff, convert, exchange_rate
from mine_energy.weather import Weather

_LEAST_KWP = 1e-6
STATIONS: Final = ("audit", "sun", "year", "money", "sizing", "plan")
"""Of a study, in the order in which they are reached."""
Progress = Callable[[str], None]
"""Told of the station that a study has reached."""


def _silent(station: str) -> None:
    """Tell nobody."""


def run_study(inputs: Inputs, *, with_sizing: bool = True, progress: Progress = _silent) -> Study:
    """Return the whole study of one plant.

    Parameters
    ----------
    inputs
        What the readers of :mod:`mine_energy.io` return.
    with_sizing
        Whether the three meanings of "100 %" are sized with their cost: most of the time a study takes. A goal other
        than the annual balance is sized in any case.
    progress
        Called with the name of each of :data:`STATIONS` when it is reached, in their order; ``sizing`` only where
        something is sized there.

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
    year = _year(inputs, with_sizing=with_sizing, progress=progress)
    records = records_of(inputs, year.loads[0])
    today, measured, with_pv = (state.scope2 for state in year.states)
    scope2 = compare(year.site, today, measured, with_pv, year.runs.flows[2])
    progress("money")
    invested, bills = _money(year), _bills(year)
    built = with_electrical(year.solar, inputs, year.weather, year.models, year.designs.after_measures.pv_kwp)
    sizing = None
    if with_sizing and year.sizes:
        progress("sizing")
        sizing = _sizing(year, built, year.sizes)
    progress("plan")
    hourly = hourly_flows(year.loads[0], year.runs.loads[2], year.runs.flows[2])
    carbon = carbon_of(inputs, year.loads[0], year.states, scope2, year.factor, hourly)
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
            hourly=hourly,
            states=year.states,
            scope2=scope2,
            carbon=carbon,
            plan=plan_of(year.site, year.audit, year.solar, year.states, scope2, invested, carbon.lifetime),
            finance=invested,
            sizing=sizing,
            findings=(*inputs.findings, *year.findings),
            sources=used_sources(inputs, year.tariff, sized=sizing is not None, bills=bills),
            bills=bills,
            shifting=year.shifting,
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Year:
    """A plant's year three times over: today, after measures, after measures and PV; what the rest is computed from.

    ``loads`` are those before and after the measures, ``runs`` the flows of the three states; ``chosen`` are the plants
    of a goal that is sized, and ``sizes`` their problems, None where nothing is sized.
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
    runs: YearRuns
    states: tuple[State, State, State]
    shifting: Shifting | None
    findings: tuple[Finding, ...]

    @property
    def site(self) -> Site:
        """The site file."""
        return self.inputs.site

    @property
    def loads(self) -> tuple[LoadProfile, LoadProfile]:
        """Before and after the measures."""
        return self.audit.load_before, self.audit.load_after


def _year(inputs: Inputs, *, with_sizing: bool, progress: Progress) -> _Year:
    site = inputs.site
    rate = exchange_rate(site.site.country, site.finance.exchange_rate)
    factor = carbon_basis(inputs)
    tariff = tariff_for(site, inputs.tariff)
    progress("audit")
    audited = run_audit(inputs)
    before, after = audited.load_before, audited.load_after
    progress("sun")
    weather = inputs.weather or packaged_weather(site)
    solar, models = solar_of(inputs, weather, after)
    supply = supply_of(site, after, air_on(weather, after), tariff, inputs.outages)
    # The problems draw years of weather: a quarter of the time of a study that sizes nothing.
    progress("year")
    searched = _is_sized(site)
    sun = (solar, models)
    sizes = sizing_pair(inputs, audited, sun, weather, tariff, rate) if with_sizing or searched else None
    tariff = fuel_at_site(tariff, supply)
    chosen = sized_goal(*sizes) if sizes and searched else None
    designs = designs_of(site, before, after, solar, chosen)
    unit = yield_on(solar.unit.kw_per_kwp, after)
    runs = year_runs(inputs, audited, unit, designs, supply, chosen)
    today, measured, with_pv = runs.flows
    priced, inverter_kw = (tariff, inputs.spot_price), designs.after_measures.inverter_kw
    states = (
        _state("today", site, priced, runs.loads[0], today, 0.0, rate, factor),
        _state("after_measures", site, priced, runs.loads[1], measured, 0.0, rate, factor),
        _state("after_pv", site, priced, runs.loads[2], with_pv, inverter_kw, rate, factor),
    )
    unmoved = bill_of(site, tariff, after, runs.unmoved, inverter_kw, inputs.spot_price)
    shifting = shifting_of(site, runs, states[2], unmoved, rate, searched=searched)
    grid_stays = supply.grid is not None and site.coverage.goal != "offgrid"
    short = shortage((today, measured, *((with_pv,) if supply.genset or grid_stays else ())), supply.genset_kw)
    seen = power_factor_findings(after, measured, runs.loads[2], with_pv)
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
        runs=runs,
        states=states,
        shifting=shifting,
        findings=(*rate.findings, *supply.findings, *short, *seen, *(shifting.findings if shifting else ())),
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
            flows=year.runs.flows,
            unmeasured=year.runs.unmeasured,
            storage=(year.chosen.after, year.chosen.before) if year.chosen else None,
            sure=year.solar.uncertainty,
            shifting=year.shifting,
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
            flows=year.runs.flows,
            design=year.designs.after_measures,
            unit=year.unit,
            ac_loss_factor=year.solar.unit.array.ac_loss_factor,
            supply=stored_by(year.supply, year.site, year.chosen, "after"),
            spot_price=year.inputs.spot_price,
            storage=year.chosen.after if year.chosen else None,
            deferral=year.runs.deferral,
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


def _coverages(year: _Year) -> Coverages:
    return Coverages(
        goal=year.site.coverage.goal,
        ratio=year.site.coverage.asked,
        after_measures=coverage(year.runs.flows[2]),
        before_measures=coverage(year.runs.unmeasured),
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
