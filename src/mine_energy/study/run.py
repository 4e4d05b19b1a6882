"""From inputs to a study: the diagram of the architecture."""

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

import pandas as pd

from mine_energy._version import __version__
from mine_energy.arrays import FloatArray
from mine_energy.audit import AuditResult, audit
from mine_energy.dispatch import DispatchResult
from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile
from mine_energy.pv import (
    Array,
    Orientation,
    Washing,
    best_orientation,
    compare_washing,
    resolve_array,
    unit_performance,
    unit_yield,
    yield_uncertainty,
)
from mine_energy.site import Site
from mine_energy.sizing import ArraySpec, PVDesign, annual_net, coverage
from mine_energy.sizing.foresight import lp_difference
from mine_energy.sizing.start_current import StartMethod
from mine_energy.study.abroad import all_bills
from mine_energy.study.baseline import baseline_load, evidence_of, records_of, verified
from mine_energy.study.bills import BillsCase
from mine_energy.study.carbon import CarbonBasis, carbon_basis, compare, fuel_of, scope2_of
from mine_energy.study.carbon_around import carbon_of
from mine_energy.study.electrical import with_electrical
from mine_energy.study.inputs import Inputs
from mine_energy.study.money import MoneyCase, bill_of, measures_cost, money, tariff_for, worth_usd_per_kwh
from mine_energy.study.plan import plan_of
from mine_energy.study.plant import fuel_at_site, hourly_flows, run_plant, shortage, supply_of, yield_on
from mine_energy.study.provenance import is_reconstructed, used_sources
from mine_energy.study.reactive import power_factor_findings
from mine_energy.study.result import (
    SCHEMA_VERSION,
    Coverages,
    Designs,
    LoadSummary,
    Solar,
    State,
    StateKey,
    Study,
)
from mine_energy.study.sizing import GoalPlants, joined, run_sizing, sized_goal, stored_by
from mine_energy.study.sizing_case import YEARS, YEARS_BESIDE, SizingCase, catalogue_of, sizing_cases
from mine_energy.study.sizing_result import Sizing
from mine_energy.study.sizing_rules import year_air_c
from mine_energy.study.yield_models import YieldModels, yield_models
from mine_energy.tariffs import ExchangeRate, Tariff, convert, exchange_rate
from mine_energy.weather import Variability, Weather, from_climatology

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
    site = inputs.site
    rate = exchange_rate(site.site.country, site.finance.exchange_rate)
    factor = carbon_basis(inputs)
    tariff = tariff_for(site, inputs.tariff)
    audited = run_audit(inputs)
    before, after = audited.load_before, audited.load_after
    records = records_of(inputs, before)
    weather = inputs.weather or _packaged_weather(site)
    solar, models = _solar(inputs, weather, after)
    supply = supply_of(site, after, _air_c(weather, after), tariff, inputs.outages)
    pair = _sizing_cases(inputs, audited, (solar, models), weather, tariff, rate)
    tariff = fuel_at_site(tariff, supply)
    goal_plant = sized_goal(*pair) if site.coverage.goal != "annual_net" or _limited(site) else None
    designs = _designs(site, before, after, solar, goal_plant)
    unit = yield_on(solar.unit.kw_per_kwp, after)
    today = run_plant(before, unit, 0.0, supply)
    measured = run_plant(after, unit, 0.0, supply)
    with_pv = run_plant(after, unit, designs.after_measures.pv_kwp, stored_by(supply, site, goal_plant, "after"))
    unmeasured_pv = run_plant(
        before, unit, designs.before_measures.pv_kwp, stored_by(supply, site, goal_plant, "before")
    )
    inverter_kw = designs.after_measures.inverter_kw
    priced = (tariff, inputs.spot_price)
    states = (
        _state("today", site, priced, before, today, 0.0, rate, factor),
        _state("after_measures", site, priced, after, measured, 0.0, rate, factor),
        _state("after_pv", site, priced, after, with_pv, inverter_kw, rate, factor),
    )
    grid_stays = supply.grid is not None and site.coverage.goal != "offgrid"
    short = shortage((today, measured, *((with_pv,) if supply.genset or grid_stays else ())), supply.genset_kw)
    seen = power_factor_findings(after, measured, with_pv)
    solar = replace(solar, washing=_washing(solar, worth_usd_per_kwh(states, site.finance.currency, rate)))
    carbon = compare(site, states[0].scope2, states[1].scope2, states[2].scope2, with_pv)
    invested = money(
        MoneyCase(
            site=site,
            audit=audited,
            designs=designs,
            states=states,
            rate=rate,
            flows=(today, measured, with_pv),
            unmeasured=unmeasured_pv,
            storage=(goal_plant.after, goal_plant.before) if goal_plant else None,
            sure=solar.uncertainty,
        )
    )
    beside = all_bills(
        BillsCase(
            site=site,
            tariff=tariff,
            rate=rate,
            states=states,
            loads=(before, after),
            flows=(today, measured, with_pv),
            design=designs.after_measures,
            unit=unit,
            ac_loss_factor=solar.unit.array.ac_loss_factor,
            supply=stored_by(supply, site, goal_plant, "after"),
            spot_price=inputs.spot_price,
            storage=goal_plant.after if goal_plant else None,
        )
    )
    built = with_electrical(solar, inputs, weather, models, designs.after_measures.pv_kwp)
    problems = [replace(case, catalogue=catalogue_of(site, built)) for case in pair]
    sizing = (
        run_sizing(
            problems[0],
            problems[1],
            inputs.inventory,
            measures_cost=measures_cost(site, audited, rate),
            improved=_improved(audited),
            must_reach=site.coverage.goal != "annual_net" or _limited(site),
        )
        if with_sizing
        else None
    )
    return _joined(
        Study(
            schema_version=SCHEMA_VERSION,
            mine_energy_version=__version__,
            site=site,
            inputs=inputs.files,
            reconstructed=is_reconstructed(inputs),
            inventory=inputs.inventory,
            audit=verified(audited, records),
            records=records,
            load_before=_summary(before),
            load_after=_summary(after),
            solar=built,
            design=designs,
            coverage=_coverages(site, with_pv, unmeasured_pv),
            hourly=hourly_flows(before, after, with_pv),
            states=states,
            scope2=carbon,
            carbon=carbon_of(inputs, before, states, carbon, factor),
            plan=plan_of(site, audited, solar, states, carbon, invested),
            finance=invested,
            sizing=sizing,
            findings=(*inputs.findings, *rate.findings, *supply.findings, *short, *seen),
            sources=used_sources(inputs, tariff, sized=sizing is not None, bills=beside),
            bills=beside,
        )
    )


def run_audit(inputs: Inputs) -> AuditResult:
    """Return the audit of the inputs' inventory, on the year of load that they give."""
    return audit(
        inputs.site,
        inputs.inventory,
        baseline_load(inputs),
        year=inputs.site.emissions.activity_year,
        tariff=tariff_for(inputs.site, inputs.tariff),
        evidence=evidence_of(inputs),
    )


def run_solar(inputs: Inputs) -> Solar:
    """Return the sun at the site, the yield of one kWp of the array it asks for, and what one inverter takes of it."""
    weather = inputs.weather or _packaged_weather(inputs.site)
    solar, models = _solar(inputs, weather, _load_to_follow(inputs))
    return with_electrical(replace(solar, washing=_washing(solar)), inputs, weather, models)


def _washing(solar: Solar, usd_per_kwh: float | None = None) -> Washing | None:
    return compare_washing(solar.unit.array.soiling, solar.unit.kw_per_kwp, usd_per_kwh)


def _load_to_follow(inputs: Inputs) -> LoadProfile | None:
    """Return the load after measures where the array has to follow it and something tells it."""
    told = (inputs.load, inputs.inventory, inputs.bills, inputs.fuel_log)
    if inputs.site.array.objective != "self_consumption" or all(source is None for source in told):
        return None
    return run_audit(inputs).load_after


def _solar(inputs: Inputs, whole: Weather, load: LoadProfile | None) -> tuple[Solar, YieldModels]:
    """Return the sun at the site and what its yield is computed with.

    The direction is sought with PVWatts, whose map is quick and whose best tilt is that of any module; strings need the
    direction; the yield needs the strings.
    """
    site, weather = inputs.site, whole.representative_year()
    load_kw = None if load is None else load.hourly()
    array, facing = resolve_array(site, weather, horizon=inputs.horizon, load_kw=load_kw)
    models = yield_models(inputs, whole, array)
    unit = unit_yield(site, weather, models.array, models.module, models.inverter)
    sure = yield_uncertainty(site, whole, unit, models.module, models.inverter)
    solar = Solar(
        weather=weather.summary(),
        unit=unit,
        findings=(
            *weather.findings,
            *facing,
            *_followed(site, array, load),
            *models.findings,
            *unit.findings,
            *sure.findings,
        ),
        uncertainty=sure,
        performance=unit_performance(unit, weather.year_count),
        orientation=_map(site, weather, models.array, load_kw),
    )
    return solar, models


def _followed(site: Site, array: Array, load: LoadProfile | None) -> tuple[Finding, ...]:
    """Say which load the direction follows, where it was free to."""
    choice = site.array
    free = "optimal" in (choice.tilt_deg, choice.azimuth_deg) and not (array.faces or array.tracker)
    if load is None or choice.objective != "self_consumption" or not free:
        return ()
    return (Finding(key="pv_match_load", level="info", params={"energy_kwh": round(load.energy_kwh)}),)


def _map(site: Site, weather: Weather, array: Array, load_kw: "pd.Series[float] | None") -> Orientation | None:
    """Return the map over tilt and azimuth; several faces, or one that turns, have no place on it."""
    if array.faces or array.tracker:
        return None
    return best_orientation(site, weather, array, objective=site.array.objective, load_kw=load_kw)


def _packaged_weather(site: Site) -> Weather:
    facts = site.site
    return from_climatology(
        facts.latitude,
        facts.longitude,
        facts.altitude_m,
        seed=site.weather.seed,
        site_key=site.weather.climatology,
        country=facts.country,
        variability=Variability(
            daily_clearness_sd=site.weather.daily_clearness_sd, interannual_spread=site.weather.interannual_spread
        ),
    )


def run_sizing_only(inputs: Inputs, *, years: int | None = None, check_lp: bool = False) -> tuple[Sizing, float | None]:
    """Return the sizing of a plant alone, every meaning in units that are sold.

    Parameters
    ----------
    inputs
        As in :func:`run_study`.
    years
        Weather years to draw where there is only one and the site says nothing; 100 for an off-grid goal, 30 beside
        another one.
    check_lp
        Whether the foresight optimum of the goal is checked against the whole linear program.

    Returns
    -------
    Sizing, float or None
        And by how much the two differ, relative; None where it was not asked for or nothing can be checked.
    """
    site = inputs.site
    rate = exchange_rate(site.site.country, site.finance.exchange_rate)
    tariff = tariff_for(site, inputs.tariff)
    audited = run_audit(inputs)
    weather = inputs.weather or _packaged_weather(site)
    sun, models = _solar(inputs, weather, audited.load_after)
    solar = with_electrical(sun, inputs, weather, models)
    pair = _sizing_cases(inputs, audited, (solar, models), weather, tariff, rate, years)
    made = run_sizing(
        *pair,
        inputs.inventory,
        measures_cost=measures_cost(site, audited, rate),
        improved=_improved(audited),
        thorough=True,
    )
    load = pair[0].load
    supply = supply_of(site, load, _air_c(weather, load), tariff, inputs.outages)
    base = run_plant(load, pair[0].unit, 0.0, supply)
    said = (
        *inputs.findings,
        *rate.findings,
        *bill_of(site, tariff, load, base, 0.0).findings,
        *(() if supply.grid and site.genset else shortage((base,), supply.genset_kw)),
    )
    made = replace(made, findings=joined((*said, *made.findings)))
    if not check_lp or site.coverage.goal == "annual_net":
        return made, None
    case = pair[0].case(pair[0].goal(site.coverage.goal))
    goal = pair[0].goal(site.coverage.goal)
    return made, lp_difference(replace(case, prices=replace(case.prices, bill=None)), goal)


def _sizing_cases(
    inputs: Inputs,
    audited: AuditResult,
    sun: tuple[Solar, YieldModels],
    weather: Weather,
    tariff: Tariff,
    rate: ExchangeRate,
    years: int | None = None,
) -> tuple[SizingCase, SizingCase]:
    """Return the sizing problem after measures and before them."""
    asked = inputs.site.coverage.weather_years
    default = YEARS if inputs.site.coverage.goal == "offgrid" else YEARS_BESIDE
    loads = (audited.load_after, audited.load_before)
    after, before = sizing_cases(inputs, loads, *sun, weather, tariff, rate, asked or years or default)
    return after, before


def _limited(site: Site) -> bool:
    """Whether something keeps the annual balance from being PV energy over load: a limit, an outage, a size given."""
    grid, battery = site.grid, site.battery
    of_grid = (grid.export_limit_kw, grid.outages or None, grid.outages_per_year)
    given = (site.array.min_kwp, site.array.max_kwp, battery.min_kwh, battery.existing_kwh or None)
    # A plant that may not export keeps PV energy over load: nothing it states limits what it does not deliver.
    return any(limit is not None for limit in (*of_grid, *given))


def _improved(audited: AuditResult) -> dict[str, StartMethod]:
    """Return how machines start after the measures, where a drive or a soft starter is among those taken."""
    methods: dict[str, StartMethod] = {"drive": "vfd", "soft_starter": "soft_starter"}
    taken = [saving for saving in audited.savings if saving.decision == "apply" and saving.measure in methods]
    # A machine with both has the drive's start.
    return {one.tag: methods[one.measure] for one in sorted(taken, key=lambda one: one.measure == "drive")}


def _air_c(weather: Weather, load: LoadProfile) -> FloatArray:
    """Return the air temperature of a typical year on a load's steps."""
    index = cast("pd.DatetimeIndex", load.load_kw.index)
    return year_air_c(weather.representative_year().frame["temp_air"], index)


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


def _coverages(site: Site, with_pv: DispatchResult, unmeasured_pv: DispatchResult) -> Coverages:
    return Coverages(
        goal=site.coverage.goal,
        ratio=site.coverage.asked,
        after_measures=coverage(with_pv),
        before_measures=coverage(unmeasured_pv),
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
