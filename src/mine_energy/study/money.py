"""Bills of the three states and the money of the two decisions."""

from dataclasses import replace
from math import floor, fsum
from typing import cast

import pandas as pd

from mine_energy import catalog
from mine_energy.audit import AuditResult
from mine_energy.dispatch import DispatchResult
from mine_energy.finance import (
    FinanceResult,
    MeasurePurchase,
    MotorPurchase,
    Replacement,
    Stream,
    investment,
    measure_streams,
    motor_streams,
    packaged,
    pv_stream,
)
from mine_energy.loads import LoadProfile, holiday_dates
from mine_energy.measures import Saving
from mine_energy.site import Site
from mine_energy.sizing import PVDesign, SizingResult
from mine_energy.study.plant import series
from mine_energy.study.result import Finance, State
from mine_energy.tariffs import Bill, ExchangeRate, Tariff, bill, convert, for_genset, with_spot_price


def tariff_for(site: Site, tariff: Tariff) -> Tariff:
    """Return the tariff with what the site adds: its own genset, the price of a surplus."""
    tariff = with_spot_price(tariff, site.connection.spot_price_per_kwh)
    if site.connection.kind == "grid" or site.genset is None:
        return tariff
    return for_genset(tariff, site.genset, site.site.country)


def bill_of(site: Site, tariff: Tariff, load: LoadProfile, flows: DispatchResult, inverter_kw: float) -> Bill:
    """Return the year's bills of what a plant takes from its supply."""
    if site.connection.kind == "offgrid":
        return bill(series(load, flows.genset_kw), tariff)
    years = sorted(set(cast("pd.DatetimeIndex", load.load_kw.index).year))
    exported = flows.export_kw.any()
    return bill(
        series(load, flows.import_kw),
        tariff,
        exports_kw=series(load, flows.export_kw) if exported else None,
        reactive_kvar=load.reactive_kvar,
        inverter_kw_ac=inverter_kw if exported else None,
        holidays=holiday_dates(site.site.country, years),
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


def money(
    site: Site,
    audit: AuditResult,
    design: PVDesign,
    states: tuple[State, State, State],
    rate: ExchangeRate,
    storage: SizingResult | None = None,
) -> Finance:
    """Return the money of measures, PV (with the battery and genset of `storage`, if any), and both."""
    today, measured, with_pv = states
    currency = site.finance.currency
    per_usd = 1.0 if currency == "USD" else rate.per_usd
    country = site.site.country
    # A change of class near the tariff's limit is no merit of a measure and may not come: its money is not counted.
    lucky = convert(class_change_of(audit), today.bill.currency, currency, rate)
    first = _measures(site, audit, today.cost_per_year - measured.cost_per_year - lucky, per_usd)
    second = pv_stream(
        design.pv_kwp,
        design.inverter_kw,
        with_pv.pv_kwh - with_pv.curtailed_kwh,
        measured.cost_per_year - with_pv.cost_per_year,
        site.finance,
        country=country,
        per_usd=per_usd,
    )
    if storage is not None:
        second = with_storage(second, site, storage, per_usd)

    def of(scope: str, streams: list[Stream]) -> FinanceResult:
        return investment(streams, site.finance, scope=scope, country=country, currency=currency, per_usd=per_usd)

    return Finance(
        currency=currency,
        exchange_rate_per_usd=rate.per_usd,
        exchange_rate_source=rate.source,
        measures=of("measures", first) if first else None,
        pv=of("pv", [second]),
        both=of("both", [*first, second]),
    )


def measures_cost(site: Site, audit: AuditResult, rate: ExchangeRate) -> float:
    """Return what the measures that apply cost, in the study's currency."""
    per_usd = convert(1.0, "USD", site.finance.currency, rate)
    return fsum(line.amount for stream in _measures(site, audit, 0.0, per_usd) for line in stream.capex)


def with_storage(stream: Stream, site: Site, sized: SizingResult, per_usd: float) -> Stream:
    """Return the stream of PV with battery and genset: what is bought beyond what the plant owns."""
    own = site.genset.rated_kw if site.genset is not None and site.genset.existing else 0.0
    battery_kwh = max(sized.battery_kwh - site.battery.existing_kwh, 0.0)
    genset_kw = 0.0 if own else sized.genset_kw
    money = sized.plant.money.investment
    rest = money - sum(line.amount for line in stream.capex)
    if rest <= 0 or battery_kwh + genset_kw <= 0:
        return stream
    line = replace(
        stream.capex[0],
        key="battery_plant",
        quantity=battery_kwh or genset_kw,
        unit="kWh" if battery_kwh else "kW",
        unit_cost=rest / (battery_kwh or genset_kw),
        amount=rest,
        low_amount=rest,
        high_amount=rest,
        source="" if site.battery.price_usd_per_kwh is None else "site file",
        year="",
        confidence="C" if site.battery.price_usd_per_kwh is None else "user",
        assumed=site.battery.price_usd_per_kwh is None,
    )
    life = packaged("battery_life", site.site.country).value if site.battery.life_years is None else None
    again = Replacement(key="battery_plant", year=floor(site.battery.life_years or life or 1.0), amount=rest)
    return replace(stream, capex=(*stream.capex, line), replacements=(*stream.replacements, again))


def class_change_of(audit: AuditResult) -> float:
    """Return what the bill after measures owes to months that change their class, in the tariff's currency a year."""
    found = next((finding for finding in audit.findings if finding.key == "audit_class_changes"), None)
    return 0.0 if found is None else float(found.params["amount"])


_MOTORS = frozenset({"replacement", "right_size"})


def _measures(site: Site, audit: AuditResult, annual_saving: float, per_usd: float) -> list[Stream]:
    """Return the streams of the measures that apply; those whose price nobody gave stay out with what they bring.

    The saving of the bill is shared as the bills with and without each measure say.
    """
    applied = [saving for saving in audit.savings if saving.decision == "apply"]
    shares = _shares(applied)
    bought = [(s, share * annual_saving) for s, share in zip(applied, shares, strict=True) if s.price_known]
    motors = [(s, amount) for s, amount in bought if s.measure in _MOTORS]
    others = [(s, amount) for s, amount in bought if s.measure not in _MOTORS]
    streams = motor_streams(
        [_motor(audit, saving) for saving, _ in motors],
        fsum(amount for _, amount in motors),
        country=site.site.country,
        per_usd=per_usd,
    )
    return [*streams, *measure_streams([_other(site, s, amount) for s, amount in others], per_usd=per_usd)]


def _shares(applied: list[Saving]) -> list[float]:
    """Return each saving's share of the money: by its own bills, by energy where they come to nothing."""
    values = [saving.value_per_year or 0.0 for saving in applied]
    if fsum(values) > 0:
        return [value / fsum(values) for value in values]
    energy = fsum(saving.energy_kwh_per_year for saving in applied)
    return [saving.energy_kwh_per_year / energy if energy > 0 else 0.0 for saving in applied]


def _motor(audit: AuditResult, saving: Saving) -> MotorPurchase:
    price = catalog.table("motors/cost_defaults.csv")[0]
    rated = next(machine.rated_power_kw for machine in audit.machines if machine.tag == saving.tag)
    assumed = saving.capex_assumed
    return MotorPurchase(
        tag=saving.tag,
        rated_power_kw=rated,
        quantity=saving.quantity,
        energy_kwh_per_year=saving.energy_kwh_per_year,
        capex_usd=saving.capex_usd,
        capex_low_usd=saving.capex_low_usd,
        capex_high_usd=saving.capex_high_usd,
        assumed=assumed,
        source=price["source"] if assumed else "site file",
        year=price["year"] if assumed else "",
        confidence=price["confidence"] if assumed else "user",
    )


def _other(site: Site, saving: Saving, annual_saving: float) -> MeasurePurchase:
    stated = site.origin_of(f"measures.{saving.measure}")
    soft = saving.capex_assumed or (stated is not None and stated.origin in {"assumed", "reconstructed", "synthetic"})
    return MeasurePurchase(
        measure=saving.measure,
        tag=saving.tag,
        energy_kwh_per_year=saving.energy_kwh_per_year,
        annual_saving=annual_saving,
        capex_usd=saving.capex_usd,
        capex_low_usd=saving.capex_low_usd,
        capex_high_usd=saving.capex_high_usd,
        life_years=saving.life_years or 1.0,
        assumed=soft,
        source="packaged default" if saving.capex_assumed else "site file",
        year="",
        confidence="D" if soft else "user",
    )
