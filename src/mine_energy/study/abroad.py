"""The same plant and the same PV in the other country: its tariff, its settlement, its grid, and why answers differ."""

from dataclasses import dataclass, replace
from math import fsum
from typing import Final

from mine_energy.dispatch import DispatchResult
from mine_energy.emissions import Factor, FactorKind, latest_factor
from mine_energy.errors import Finding, Infeasible, InputError, MissingData, Param
from mine_energy.finance import investment, pv_stream
from mine_energy.site import Country
from mine_energy.study.bills import BillsCase, bills_beside
from mine_energy.study.bills_result import Abroad, Bills, CountryCase, Reason, ReasonKey
from mine_energy.study.money import bill_meter, holidays_of
from mine_energy.study.plant import run_plant, series
from mine_energy.study.purchases import with_storage
from mine_energy.tariffs import (
    Bill,
    ExchangeRate,
    MeterState,
    Tariff,
    convert,
    exchange_rate,
    load_tariff,
    pe,
    with_spot_price,
)
from mine_energy.tariffs.charges import LineGroup
from mine_energy.units import KWH_PER_MWH

_OTHER: Final[dict[str, Country]] = {"CO": "PE", "PE": "CO"}
_COLOMBIA: Final = "co_ceo_n2_2025_estimate"
"""The one packaged Colombian sheet that is not of 2013."""
_USUAL_VOLTAGE_V: Final = 10_000.0
"""Of the comparison where the site's own is unknown, or belongs to a class without packaged options."""
_FAMILIES: Final[dict[ReasonKey, tuple[LineGroup, ...]]] = {
    "energy_price": ("energy", "levy"),
    "export_credit": ("swap", "sale"),
    "power_charges": ("demand",),
    "reactive": ("reactive",),
    "fixed_and_taxes": ("fixed", "surcharge", "fuel"),
}
_NOTABLE: Final = 0.02
"""Share of the larger saving from which a reason gets a sentence of its own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Billed:
    """One country's bills of the three states, and what they are converted with."""

    country: Country
    tariff: Tariff
    rate: ExchangeRate
    bills: tuple[Bill, Bill, Bill]
    flows: tuple[DispatchResult, DispatchResult, DispatchResult]
    factor: Factor
    home: bool


def all_bills(case: BillsCase) -> Bills | None:
    """Return all that stands beside the bills of the states, the other country's included; None off-grid."""
    beside = bills_beside(case)
    if beside is None:
        return None
    compared, said = abroad(case)
    return replace(beside, abroad=compared, findings=(*beside.findings, *said))


def abroad(case: BillsCase) -> tuple[Abroad | None, tuple[Finding, ...]]:
    """Return the plant of a study under the other country's tariff and grid.

    Load, PV and measures are the same; whoever delivers a surplus gets what the country's rule pays. The other
    country's tariff is a default: Colombia's packaged estimate for medium voltage, or the Peruvian option that is the
    cheapest today, kept through all states. Terms of ``[billing]`` belong to the site's country and stay there.

    Parameters
    ----------
    case
        Of the study.

    Returns
    -------
    Abroad or None
        None off-grid, without PV, or where the other country's rules or packaged figures do not cover the plant.
    tuple of Finding
        The comparison in sentences, or why there is none.
    """
    other = _OTHER.get(case.site.site.country)
    off_grid = case.site.connection.kind == "offgrid" or case.supply.grid is None
    if other is None or off_grid or case.states[2].pv_kwh <= 0:
        return None, ()
    try:
        there = _there(case, other)
    except (Infeasible, MissingData, InputError):
        return None, (Finding(key="study_no_abroad"),)
    home, away = _country(case, _here(case)), _country(case, there)
    reasons = _reasons(case, _here(case), there)
    made = Abroad(currency=case.site.finance.currency, home=home, abroad=away, reasons=reasons, findings=())
    made = replace(made, findings=tuple(_said(made)))
    return made, made.findings


def _here(case: BillsCase) -> _Billed:
    first, second, third = (state.bill for state in case.states)
    factor = case.states[0].scope2.location_factor
    country = case.site.site.country
    return _Billed(
        country=country,
        tariff=case.tariff,
        rate=case.rate,
        bills=(first, second, third),
        flows=case.flows,
        factor=factor or _factor(case, country),
        home=True,
    )


def _factor(case: BillsCase, country: str) -> Factor:
    """Return a grid's average of the study's factor year, or of the last one published before it."""
    chosen = case.site.emissions
    return latest_factor(
        country=country,
        kind=FactorKind.LOCATION_AVERAGE,
        not_after=chosen.factor_year or chosen.activity_year,
        gwp_set=chosen.gwp_set,
    )


def _there(case: BillsCase, country: Country) -> _Billed:
    meters, flows = _meters(case, country)
    days = holidays_of(country, case.loads[0])
    tariff = _tariff(country, meters[0], case)
    first, second, third = (bill_meter(meter, tariff, days) for meter in meters)
    return _Billed(
        country=country,
        tariff=tariff,
        rate=exchange_rate(country),
        bills=(first, second, third),
        flows=(case.flows[0], case.flows[1], flows),
        factor=_factor(case, country),
        home=False,
    )


def _meters(case: BillsCase, country: Country) -> tuple[tuple[MeterState, ...], DispatchResult]:
    """Return what the meter sees there; where a rule pays for exports, PV that had to be curtailed is delivered."""
    flows, load = case.flows[2], case.with_pv(case.unit, case.design.pv_kwp)
    if country == "CO" and case.supply.grid is not None and not case.supply.grid.export_allowed:
        grid = replace(case.supply.grid, export_allowed=True)
        flows = run_plant(load, case.unit, case.design.pv_kwp, replace(case.supply, grid=grid))
    first, second, third = (replace(meter, spot_price=None) for meter in case.meters())
    exported = series(load, flows.export_kw) if flows.export_kw.any() else None
    third = replace(third, load_kw=series(load, flows.import_kw), exports_kw=exported)
    return (first, second, third), flows


def _tariff(country: Country, today: MeterState, case: BillsCase) -> Tariff:
    """Return the other country's default tariff.

    Raises
    ------
    MissingData
        No priced option covers the plant.
    """
    if country == "CO":
        return with_spot_price(load_tariff(_COLOMBIA), None)
    volts = _voltage_v(case.site.connection.voltage_v)
    compared = pe.compare_options((today,), voltage_v=volts, holidays=holidays_of(country, case.loads[0]))
    if not compared.bills:
        raise MissingData("tariff_unknown", name=country, available="")
    return load_tariff(compared.bills[0].tariff_id)


def _voltage_v(volts: float | None) -> float:
    """Return the site's voltage where it is medium voltage, which has packaged options; else a usual one."""
    try:
        return volts if volts is not None and pe.voltage_class(volts) == "medium" else _USUAL_VOLTAGE_V
    except InputError:
        return _USUAL_VOLTAGE_V


def _money(case: BillsCase, one: _Billed, amount: float) -> float:
    """Return an amount of a country's tariff in the study's currency, through dollars."""
    currency = case.site.finance.currency
    if currency in {one.tariff.currency, "USD"}:
        return convert(amount, one.tariff.currency, currency, one.rate)
    return convert(convert(amount, one.tariff.currency, "USD", one.rate), "USD", currency, case.rate)


def _country(case: BillsCase, one: _Billed) -> CountryCase:
    imports = _three([flows.energy_kwh("import") for flows in one.flows])
    costs = _three([_money(case, one, made.payable) for made in one.bills])
    given = one.flows[2].energy_kwh("pv") - one.flows[2].energy_kwh("curtailed")
    per_usd, today = convert(1.0, "USD", case.site.finance.currency, case.rate), one.bills[0]
    stream = pv_stream(
        case.design.pv_kwp,
        case.design.inverter_kw,
        given,
        costs[1] - costs[2],
        case.site.finance,
        country=one.country,
        per_usd=per_usd,
    )
    load_kwh = case.states[2].load_kwh
    stream = with_storage(stream, case.site, case.storage, country=one.country, load_kwh=load_kwh, per_usd=per_usd)
    currency = case.site.finance.currency
    found = investment([stream], case.site.finance, scope="pv", country=one.country, currency=currency, per_usd=per_usd)
    return CountryCase(
        country=one.country,
        tariff_id=one.tariff.id,
        title_es=one.tariff.title_es,
        title_en=one.tariff.title_en,
        tariff_year=one.tariff.year,
        tariff_confidence=one.tariff.confidence,
        assumed=not one.home,
        tariff_currency=one.tariff.currency,
        per_usd=one.rate.per_usd,
        per_usd_source=one.rate.source,
        import_kwh=imports,
        cost_per_year=costs,
        credit_left=_money(case, one, one.bills[2].credit_left),
        price_per_kwh=costs[0] / imports[0] if imports[0] > 0 else None,
        energy_price_per_kwh=_money(case, one, _by_energy(today)) / imports[0] if imports[0] > 0 else None,
        power_share=today.amount("demand") / today.total if today.total > 0 else 0.0,
        measures_saving=costs[0] - costs[1],
        pv_saving=costs[1] - costs[2],
        pv_saving_per_kwh=(costs[1] - costs[2]) / given if given > 0 else None,
        pv_capex=found.capex,
        pv_npv=next(value.npv for value in found.npv if value.label == "base"),
        pv_payback_years=found.simple_payback_years,
        factor=one.factor,
        scope2_t_co2e=_three([kwh * one.factor.value / KWH_PER_MWH for kwh in imports]),
    )


def _by_energy(made: Bill) -> float:
    return fsum(made.amount(group) for group in _FAMILIES["energy_price"])


def _three(values: list[float]) -> tuple[float, float, float]:
    first, second, third = values
    return first, second, third


def _reasons(case: BillsCase, here: _Billed, there: _Billed) -> tuple[Reason, ...]:
    """Return what every family of lines adds to PV's saving, the widest difference first; they add up to it."""
    home, away = (_families(case, one) for one in (here, there))
    found = [Reason(key=key, home=home[key], abroad=away[key]) for key in home]
    return tuple(sorted(found, key=lambda reason: -abs(reason.difference)))


def _families(case: BillsCase, one: _Billed) -> dict[ReasonKey, float]:
    _, measured, with_pv = one.bills
    saved = {
        key: fsum(measured.amount(group) - with_pv.amount(group) for group in groups)
        for key, groups in _FAMILIES.items()
    }
    saved["credit_not_paid"] = measured.payable - with_pv.payable - (measured.total - with_pv.total)
    return {key: _money(case, one, amount) for key, amount in saved.items()}


def _said(made: Abroad) -> list[Finding]:
    """Return the comparison in sentences: what was assumed, both answers, every notable reason, and the carbon."""
    home, away = made.home, made.abroad
    taken: dict[str, Param] = {
        "tariff": away.tariff_id,
        "per_usd": away.per_usd,
        "currency": away.tariff_currency,
        "confidence": away.tariff_confidence,
    }
    found = [
        Finding(key=f"study_abroad_tariff_{away.country.lower()}", level="assumption", params=taken),
        Finding(key="study_abroad_saving", params=_pair(made, home.pv_saving, away.pv_saving)),
    ]
    least = _NOTABLE * max(abs(home.pv_saving), abs(away.pv_saving))
    for reason in made.reasons:
        if abs(reason.difference) > least or (reason.key == "power_charges" and max(_shares(made)) > _NOTABLE):
            more = _more(made).get(reason.key, {})
            params = _pair(made, reason.home, reason.abroad) | more
            found.append(Finding(key=f"study_abroad_{reason.key}", params=params))
    return [*found, _carbon(made)]


def _shares(made: Abroad) -> tuple[float, float]:
    return made.home.power_share, made.abroad.power_share


def _more(made: Abroad) -> dict[ReasonKey, dict[str, Param]]:
    """Return what sentences say beside both amounts: prices of a kWh, and the weight of power."""
    home, away = made.home, made.abroad
    prices = _pair(made, home.energy_price_per_kwh or 0.0, away.energy_price_per_kwh or 0.0)
    shares = _pair(made, 100.0 * home.power_share, 100.0 * away.power_share)
    return {
        "energy_price": {"co_price": prices["co"], "pe_price": prices["pe"]},
        "power_charges": {"co_percent": round(float(shares["co"]), 1), "pe_percent": round(float(shares["pe"]), 1)},
    }


def _pair(made: Abroad, home: float, away: float) -> dict[str, Param]:
    """Return amounts by country, so that the texts can name both rules."""
    co, pe_ = (home, away) if made.home.country == "CO" else (away, home)
    return {"co": co, "pe": pe_, "currency": made.currency}


def _carbon(made: Abroad) -> Finding:
    cases = {one.country: one for one in (made.home, made.abroad)}
    params: dict[str, Param] = {}
    for country, one in cases.items():
        name = country.lower()
        params[name] = one.scope2_t_co2e[0] - one.scope2_t_co2e[2]
        params[f"{name}_factor"] = one.factor.value
        params[f"{name}_year"] = one.factor.year
    return Finding(key="study_abroad_factor", params=params)
