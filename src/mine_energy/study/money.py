"""Bills of the three states and the money of the two decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum
from typing import Final, cast

import pandas as pd

from mine_energy.audit import AuditResult
from mine_energy.dispatch import DispatchResult
from mine_energy.errors import Finding
from mine_energy.finance import (
    EndOfLife,
    FinanceResult,
    MoneyInputs,
    MoneyPlan,
    Stream,
    end_of_life,
    investment,
    money_plan,
    pv_stream,
)
from mine_energy.loads import LoadProfile, holiday_dates
from mine_energy.pv import YieldUncertainty
from mine_energy.site import Site
from mine_energy.site.financing import FinancingChoice
from mine_energy.sizing import PVDesign, SizingResult
from mine_energy.study.money_draws import draws_of, saving_band, yield_sds
from mine_energy.study.plant import series
from mine_energy.study.purchases import measures_streams, with_deferrable, with_engine, with_storage
from mine_energy.study.result import Designs, Finance, State
from mine_energy.study.shifting_result import Shifting
from mine_energy.tariffs import (
    Bill,
    ExchangeRate,
    MeterState,
    Tariff,
    bill,
    convert,
    for_genset,
    with_billing,
    with_spot_price,
)

_NO_PLANT_KW: Final = 1e-3


def tariff_for(site: Site, tariff: Tariff) -> Tariff:
    """Return the tariff with what the site adds: its own genset, the price of a surplus, how it is billed."""
    tariff = with_billing(with_spot_price(tariff, site.connection.spot_price_per_kwh), site.billing)
    if site.connection.kind == "grid" or site.genset is None:
        return tariff
    return for_genset(tariff, site.genset, site.site.country)


def holidays_of(country: str, load: LoadProfile) -> frozenset[date]:
    """Return a country's holidays in the years of a load."""
    return holiday_dates(country, sorted(set(cast("pd.DatetimeIndex", load.load_kw.index).year)))


def meter_of(
    key: str,
    load: LoadProfile,
    flows: DispatchResult,
    inverter_kw: float,
    spot_price: "pd.Series[float] | None" = None,
) -> MeterState:
    """Return what the grid's meter sees of a plant.

    Parameters
    ----------
    key
        Of the state.
    load, flows
        Of the plant, in the load's steps.
    inverter_kw
        Sum of the inverters' nameplates, kW AC; 0 without PV. With PV the plant is a self-generator, exports or not.
    spot_price
        Hourly prices of a surplus, where a file gives them.
    """
    return MeterState(
        key=key,
        load_kw=series(load, flows.import_kw),
        exports_kw=series(load, flows.export_kw) if flows.export_kw.any() else None,
        reactive_kvar=load.reactive_kvar,
        inverter_kw_ac=inverter_kw if inverter_kw > _NO_PLANT_KW else None,
        spot_price=spot_price,
    )


def bill_of(
    site: Site,
    tariff: Tariff,
    load: LoadProfile,
    flows: DispatchResult,
    inverter_kw: float,
    spot_price: "pd.Series[float] | None" = None,
) -> Bill:
    """Return the year's bills of what a plant takes from its supply."""
    if site.connection.kind == "offgrid":
        return bill(series(load, flows.genset_kw), tariff)
    return bill_meter(meter_of("", load, flows, inverter_kw, spot_price), tariff, holidays_of(site.site.country, load))


def bill_meter(meter: MeterState, tariff: Tariff, holidays: frozenset[date]) -> Bill:
    """Return the year's bills of a meter."""
    return bill(
        meter.load_kw,
        tariff,
        exports_kw=meter.exports_kw,
        reactive_kvar=meter.reactive_kvar,
        inverter_kw_ac=meter.inverter_kw_ac,
        spot_price=meter.spot_price,
        holidays=holidays,
    )


def worth_usd_per_kwh(states: tuple[State, State, State], currency: str, rate: ExchangeRate) -> float | None:
    """Return what the plant's PV saves with each kWh that it makes, USD; None without PV.

    The mean over the year's PV: what is exported or curtailed counts with what it brings.
    """
    _, measured, with_pv = states
    if with_pv.pv_kwh <= 0.0:
        return None
    saved = convert(measured.cost_per_year - with_pv.cost_per_year, currency, "USD", rate)
    return saved / with_pv.pv_kwh


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MoneyCase:
    """What a study's money follows from.

    Parameters
    ----------
    site, audit, designs, states, rate
        Of the study.
    flows
        Today, after measures, after PV.
    unmeasured
        Today's load with the PV that it would need.
    storage
        Plants of the goal for the load after measures and before them, where they hold more than PV.
    sure
        How sure the yield is.
    shifting
        Loads that wait for the sun, whose price joins that of PV.
    """

    site: Site
    audit: AuditResult
    designs: Designs
    states: tuple[State, State, State]
    rate: ExchangeRate
    flows: tuple[DispatchResult, DispatchResult, DispatchResult]
    unmeasured: DispatchResult
    storage: tuple[SizingResult, SizingResult] | None = None
    sure: YieldUncertainty | None = None
    shifting: Shifting | None = None

    @property
    def per_usd(self) -> float:
        """Units of the study's currency per dollar."""
        return convert(1.0, "USD", self.site.finance.currency, self.rate)


def money(case: MoneyCase) -> Finance:
    """Return the money of measures, of PV (with the battery and the set of the goal's plant), and of both.

    Raises
    ------
    InputError
        Terms of ``[financing]`` that do not go together.
    MissingData
        A figure that nobody stated is not packaged for the country.
    """
    site = case.site
    end = end_of_life(site.financing.end) if site.financing is not None else EndOfLife()
    found, plant, earlier = _streams(case)
    measures = [replace(stream, end=end) for stream in found]
    plant, earlier = replace(plant, end=end), replace(earlier, end=end)
    drawn = draws_of(case.audit, case.sure, (*measures, plant))
    loan = site.financing.loan if site.financing is not None else None
    local = loan is not None and loan.currency == case.rate.currency
    plan = money_plan(
        MoneyInputs(
            measures=tuple(measures),
            pv=plant,
            pv_before=earlier,
            saved_kwp=case.designs.pv_saved_kwp,
            generated_kwh_per_year=case.states[2].pv_kwh,
            choice=site.finance,
            financing=site.financing or FinancingChoice(),
            country=site.site.country,
            currency=site.finance.currency,
            per_usd=case.per_usd,
            loan_per_usd=case.rate.per_usd if local else None,
            draws=drawn if drawn.saving else None,
            saving=saving_band(drawn, (*measures, plant)),
            yield_sds=yield_sds(case.sure),
        )
    )
    # Of a plant that somebody else owns the site has the payments and the saving, and no capital.
    held = plan.contract.host if plan.contract is not None else plant
    return Finance(
        currency=site.finance.currency,
        exchange_rate_per_usd=case.rate.per_usd,
        exchange_rate_source=case.rate.source,
        measures=_real(case, "measures", measures) if measures else None,
        pv=_real(case, "pv", [held]),
        both=_real(case, "both", [*measures, held]),
        plan=plan,
        financed=site.financing is not None,
        findings=_findings(site, plan),
    )


def _streams(case: MoneyCase) -> tuple[list[Stream], Stream, Stream]:
    """Return the streams of measures, of PV, and of the PV that the load before measures would need."""
    site, currency = case.site, case.site.finance.currency
    today, measured, _ = case.states
    # A change of class near the tariff's limit is no merit of a measure and may not come: its money is not counted.
    lucky = convert(class_change_of(case.audit), today.bill.currency, currency, case.rate)
    saved = today.cost_per_year - measured.cost_per_year - lucky
    measures = list(measures_streams(site, case.audit, saved, case.per_usd))
    after, before = case.storage or (None, None)
    plant = _plant(case, case.designs.after_measures, case.flows[2], after, measured.cost_per_year)
    earlier = _plant(case, case.designs.before_measures, case.unmeasured, before, None)
    hours = [one.genset_hours for one in case.flows]
    plant = with_engine(plant, site, (hours[1], hours[2]), plant.years(site.finance.mine_life_years), case.per_usd)
    if measures:
        longest = max(range(len(measures)), key=lambda n: measures[n].asset_life_years)
        years = measures[longest].years(site.finance.mine_life_years)
        measures[longest] = with_engine(measures[longest], site, (hours[0], hours[1]), years, case.per_usd)
    return measures, plant, earlier


def _plant(
    case: MoneyCase, design: PVDesign, flows: DispatchResult, storage: SizingResult | None, cost_before: float | None
) -> Stream:
    """Return the stream of a PV plant; its saving is zero where no bill before it is given."""
    site = case.site
    offgrid = site.connection.kind == "offgrid" or site.coverage.goal == "offgrid"
    others = sum(flows.energy_kwh(name) for name in ("import", "genset", "unserved"))
    load_kwh = flows.energy_kwh("load")
    made = pv_stream(
        design.pv_kwp,
        design.inverter_kw,
        flows.energy_kwh("pv") - flows.energy_kwh("curtailed"),
        0.0 if cost_before is None else cost_before - case.states[2].cost_per_year,
        site.finance,
        country=site.site.country,
        per_usd=case.per_usd,
        served_kwh_per_year=max(load_kwh - others, 0.0) if offgrid else None,
    )
    made = with_storage(made, site, storage, country=site.site.country, load_kwh=load_kwh, per_usd=case.per_usd)
    return with_deferrable(made, site, case.shifting, case.per_usd)


def _real(case: MoneyCase, scope: str, streams: Sequence[Stream]) -> FinanceResult:
    """Return the yardsticks before tax and loan, in today's money."""
    site = case.site
    return investment(
        streams,
        site.finance,
        scope=scope,
        country=site.site.country,
        currency=site.finance.currency,
        per_usd=case.per_usd,
    )


def _findings(site: Site, plan: MoneyPlan) -> tuple[Finding, ...]:
    """Return what loan, taxes and contract have to say; without ``[financing]``, that there are none."""
    if site.financing is None:
        return (Finding(key="study_no_financing", level="assumption"),)
    untaxed = plan.contract is not None and site.financing.owner.tax is None
    return (*plan.both.findings, *((Finding(key="finance_owner_untaxed", level="assumption"),) if untaxed else ()))


def measures_cost(site: Site, audit: AuditResult, rate: ExchangeRate) -> float:
    """Return what the measures that apply cost, in the study's currency."""
    per_usd = convert(1.0, "USD", site.finance.currency, rate)
    return fsum(line.amount for stream in measures_streams(site, audit, 0.0, per_usd) for line in stream.capex)


def class_change_of(audit: AuditResult) -> float:
    """Return what the bill after measures owes to months that change their class, in the tariff's currency a year."""
    found = next((finding for finding in audit.findings if finding.key == "audit_class_changes"), None)
    return 0.0 if found is None else float(found.params["amount"])
