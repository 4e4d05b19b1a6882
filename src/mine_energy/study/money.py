"""Bills of the three states and the money of the two decisions."""

from mine_energy import catalog
from mine_energy.audit import AuditResult
from mine_energy.dispatch import DispatchResult
from mine_energy.finance import FinanceResult, MotorPurchase, Stream, investment, motor_streams, pv_stream
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.sizing import PVDesign
from mine_energy.study.plant import series
from mine_energy.study.result import Finance, State
from mine_energy.tariffs import Bill, ExchangeRate, Tariff, bill, for_genset


def tariff_for(site: Site, tariff: Tariff) -> Tariff:
    """Return the tariff with the site's own genset in it, where there is one."""
    if site.connection.kind == "grid" or site.genset is None:
        return tariff
    return for_genset(tariff, site.genset, site.site.country)


def bill_of(site: Site, tariff: Tariff, load: LoadProfile, flows: DispatchResult, inverter_kw: float) -> Bill:
    """Return the year's bills of what a plant takes from its supply."""
    if site.connection.kind == "offgrid":
        return bill(series(load, flows.genset_kw), tariff)
    exported = flows.export_kw.any()
    return bill(
        series(load, flows.import_kw),
        tariff,
        exports_kw=series(load, flows.export_kw) if exported else None,
        reactive_kvar=load.reactive_kvar,
        inverter_kw_ac=inverter_kw if exported else None,
    )


def money(
    site: Site, audit: AuditResult, design: PVDesign, states: tuple[State, State, State], rate: ExchangeRate
) -> Finance:
    """Return the money of measures, PV, and both."""
    today, measured, with_pv = states
    currency = site.finance.currency
    per_usd = 1.0 if currency == "USD" else rate.per_usd
    country = site.site.country
    first = _measures(audit, today.cost_per_year - measured.cost_per_year, country, per_usd)
    second = pv_stream(
        design.pv_kwp,
        design.inverter_kw,
        with_pv.pv_kwh - with_pv.curtailed_kwh,
        measured.cost_per_year - with_pv.cost_per_year,
        site.finance,
        country=country,
        per_usd=per_usd,
    )

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


def _measures(audit: AuditResult, annual_saving: float, country: str, per_usd: float) -> list[Stream]:
    """Return the streams of the measures that apply; the saving of the bill is shared by energy."""
    sizes = {machine.tag: machine.rated_power_kw for machine in audit.machines}
    price = catalog.table("motors/cost_defaults.csv")[0]
    bought = [
        MotorPurchase(
            tag=saving.tag,
            rated_power_kw=sizes[saving.tag],
            quantity=saving.quantity,
            energy_kwh_per_year=saving.energy_kwh_per_year,
            capex_usd=saving.capex_usd,
            capex_low_usd=saving.capex_low_usd,
            capex_high_usd=saving.capex_high_usd,
            source=price["source"],
            year=price["year"],
            confidence=price["confidence"],
        )
        for saving in audit.savings
        if saving.decision == "apply"
    ]
    return list(motor_streams(bought, annual_saving, country=country, per_usd=per_usd))
