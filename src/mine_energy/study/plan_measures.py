"""The measures that a study brings to its plan: families of adopted savings, and the array."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final

from mine_energy.audit import AuditResult
from mine_energy.finance.assumptions import PV_LIFE
from mine_energy.finance.streams import motor_life
from mine_energy.measures import Saving
from mine_energy.plan import Cut, PlanMeasure
from mine_energy.plan.model import CutUnit
from mine_energy.site import Site
from mine_energy.study.carbon import third_party
from mine_energy.study.plan_result import PlanSource
from mine_energy.study.result import Finance, Solar, State
from mine_energy.uncertainty.bands import Z_P90

ELECTRICITY: Final = "electricity"
DIESEL: Final = "diesel"
PV: Final = "pv"
UNPRICED: Final = "_unpriced"
_LONGEST_YEARS: Final = 60.0
States = tuple[State, State, State]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMeasure:
    """A measure of the study itself, before anybody says when and who pays."""

    source: PlanSource
    measure: PlanMeasure


def families(site: Site, audit: AuditResult, states: States, money: Finance) -> Iterator[OwnMeasure]:
    """Return one measure for each family of adopted savings; the unpriced part of a family is one of its own.

    Together they take what the supply loses from today to after measures, in proportion to the audit's savings: network
    losses and what the meter does not see are in it. Their money is shared as the audit's bills say. A family lives as
    long as its shortest-lived part.

    Parameters
    ----------
    site, audit, states, money
        Of the study.
    """
    applied = [saving for saving in audit.savings if saving.decision == "apply"]
    groups: dict[tuple[str, bool], list[Saving]] = {}
    for saving in applied:
        groups.setdefault((saving.measure, saving.price_known), []).append(saving)
    today, measured, _ = states
    taken = _taken(today, measured)
    energy = fsum(max(saving.energy_kwh_per_year, 0.0) for saving in applied)
    values = fsum(max(saving.value_per_year or 0.0, 0.0) for saving in applied)
    priced_share = _share([saving for saving in applied if saving.price_known], values, energy)
    saved = today.cost_per_year - measured.cost_per_year
    if money.measures is not None and priced_share > 0:
        saved = money.measures.annual_saving / priced_share
    per_usd = 1.0 if money.currency == "USD" else money.exchange_rate_per_usd
    ratings = {machine.tag: machine.rated_power_kw for machine in audit.machines}
    for (name, priced), members in groups.items():
        key = name if priced else f"{name}{UNPRICED}"
        tags = tuple(dict.fromkeys(saving.tag for saving in members if saving.tag))
        life = min(_life(saving, ratings, site) for saving in members)
        yield OwnMeasure(
            source=PlanSource(key=key, origin="measure", measure=name, tags=tags, priced=priced),
            measure=PlanMeasure(
                key=key,
                slice=_slice_of(today),
                cut=_family_cut(members, taken / energy if energy > 0 else 0.0, today),
                life_years=_capped(site, life),
                capex=fsum(saving.capex_usd for saving in members) * per_usd if priced else None,
                saving_per_year=saved * _share(members, values, energy),
                evidence="study",
            ),
        )


def array(site: Site, solar: Solar, states: States, money: Finance) -> Iterator[OwnMeasure]:
    """Return the array; nothing where none is built.

    It takes what the supply loses from after measures to after PV. Low and high are the yield exceeded with 90 and
    10 % probability over the longest horizon at hand. Its yearly cost holds upkeep, parts bought again and fading, in
    the mean of its life. Somebody else's array costs the site no capex and its price per kWh every year.

    Parameters
    ----------
    site, solar, states, money
        Of the study.
    """
    _, measured, with_pv = states
    taken = _taken(measured, with_pv)
    if with_pv.pv_kwh <= 0 or taken <= 0:
        return
    low, high = _spread(solar)
    of_others = third_party(site)
    saved = measured.cost_per_year - with_pv.cost_per_year if of_others else money.pv.annual_saving
    yield OwnMeasure(
        source=PlanSource(key=PV, origin="pv"),
        measure=PlanMeasure(
            key=PV,
            slice=_slice_of(measured),
            cut=Cut(low=taken * low, likely=taken, high=taken * high, unit=_unit_of(measured)),
            life_years=_capped(site, PV_LIFE.default.value),
            capex=0.0 if of_others else money.pv.capex,
            opex_per_year=_paid(site, with_pv) if of_others else _upkeep(money),
            saving_per_year=saved,
            payer="third_party" if of_others else "",
            from_budget=not of_others,
            evidence="study",
        ),
    )


def _upkeep(money: Finance) -> float:
    """Return what the saving of the first year loses in the mean year: upkeep, parts bought again, fading."""
    flow = money.pv.cash_flow[1:]
    return money.pv.annual_saving - fsum(flow) / len(flow) if flow else money.pv.om_per_year


def _paid(site: Site, with_pv: State) -> float:
    """Return what the site pays a year for somebody else's energy; zero where nobody states the price."""
    owner = site.financing.owner if site.financing is not None else None
    if owner is None or owner.ppa_price_per_kwh is None:
        return 0.0
    used = with_pv.pv_used_kwh + with_pv.export_kwh
    return owner.ppa_price_per_kwh * (used if owner.ppa_basis == "used" else with_pv.pv_kwh)


def _slice_of(state: State) -> str:
    return ELECTRICITY if state.fuel is None else DIESEL


def _unit_of(state: State) -> CutUnit:
    return "kwh" if state.fuel is None else "t_co2e"


def _taken(before: State, after: State) -> float:
    """Return bought kWh, or tonnes of the genset's fuel, that the later state has less; never below zero."""
    if before.fuel is None or after.fuel is None:
        return max(before.import_kwh - after.import_kwh, 0.0)
    return max(before.fuel.t_co2e - after.fuel.t_co2e, 0.0)


def _family_cut(members: Sequence[Saving], scale: float, today: State) -> Cut:
    likely = fsum(max(saving.energy_kwh_per_year, 0.0) for saving in members)
    low = fsum(max(min(s.energy_low_kwh_per_year, s.energy_kwh_per_year), 0.0) for s in members)
    high = fsum(max(s.energy_high_kwh_per_year, s.energy_kwh_per_year, 0.0) for s in members)
    return Cut(low=min(low, likely) * scale, likely=likely * scale, high=high * scale, unit=_unit_of(today))


def _share(members: Sequence[Saving], values: float, energy: float) -> float:
    if values > 0:
        return fsum(max(saving.value_per_year or 0.0, 0.0) for saving in members) / values
    return fsum(max(s.energy_kwh_per_year, 0.0) for s in members) / energy if energy > 0 else 0.0


def _life(saving: Saving, ratings: dict[str, float], site: Site) -> float:
    if saving.life_years:
        return saving.life_years
    rated = ratings.get(saving.tag)
    return 1.0 if rated is None else motor_life(rated, site.site.country).value


def _capped(site: Site, years: float) -> float:
    mine = site.finance.mine_life_years
    return min(years, _LONGEST_YEARS if mine is None else mine, _LONGEST_YEARS)


def _spread(solar: Solar) -> tuple[float, float]:
    sure = solar.uncertainty
    if sure is None or not sure.horizons:
        return 1.0, 1.0
    longest = max(sure.horizons, key=lambda horizon: horizon.years)
    return max(longest.p90 / longest.p50, 0.0), 1.0 + Z_P90 * longest.sd_high
