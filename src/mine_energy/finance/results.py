"""An investment over its horizon: streams of capital, savings and costs in; cash flow and yardsticks out.

Everything is real (without inflation), before tax and at year ends. A stream is what one decision buys: the motors, the
PV plant. Each lives as long as its assets or as the mine, whichever ends first; several streams simply add.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import floor, fsum
from typing import Literal

from mine_energy.errors import Finding, Param
from mine_energy.finance.assumptions import Assumption, packaged
from mine_energy.finance.formulas import (
    cost_of_conserved_energy,
    discounted_payback,
    irr,
    lcoe,
    mirr,
    npv,
    sign_changes,
    simple_payback,
)
from mine_energy.finance.stream import CapexLine, Stream
from mine_energy.site import FinanceChoice

_PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentValue:
    """Net present value at one discount rate: ``low``, ``base`` or ``high``."""

    label: Literal["low", "base", "high"]
    rate: float
    npv: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FinanceResult:
    """The money of one decision, or of several together.

    Parameters
    ----------
    scope
        Whose: ``measures``, ``pv``, ``both`` ...
    currency, price_basis, tax_basis
        Amounts are real and before tax.
    horizon_years, horizon_limit
        Years of operation, and what ends them.
    mine_life_years
        As stated; None when nobody did.
    capex_lines, capex
        The investment.
    annual_saving, om_per_year
        Of the first year.
    cash_flow
        C0 to CN.
    npv
        At three real discount rates.
    irr
        Every root; empty where there is none.
    mirr
        Modified internal rate of return at the base rate, where the flow changes sign more than once.
    simple_payback_years, discounted_payback_years
        Interpolated; the second at the base rate. None where C0 never comes back.
    lcoe_per_kwh
        Of what the streams generate, at the base rate; None where nothing is generated.
    lcoe_served_per_kwh
        The same costs over the energy that reaches the load; None where no stream states it.
    cce_per_kwh
        Cost of conserved energy of what they save, at the base rate; None where nothing is saved.
    assumptions
        Every figure that was not measured or quoted, with its range.
    findings
        What a reader has to know.
    """

    scope: str
    currency: str
    price_basis: Literal["real"] = "real"
    tax_basis: Literal["before_tax"] = "before_tax"
    horizon_years: int
    horizon_limit: Literal["asset_life", "mine_life"]
    mine_life_years: float | None
    capex_lines: tuple[CapexLine, ...]
    capex: float
    annual_saving: float
    om_per_year: float
    cash_flow: tuple[float, ...]
    npv: tuple[PresentValue, ...]
    irr: tuple[float, ...]
    simple_payback_years: float | None
    discounted_payback_years: float | None
    lcoe_per_kwh: float | None
    cce_per_kwh: float | None
    mirr: float | None = None
    lcoe_served_per_kwh: float | None = None
    assumptions: tuple[Assumption, ...]
    findings: tuple[Finding, ...]


def investment(
    streams: Sequence[Stream],
    choice: FinanceChoice,
    *,
    scope: str,
    country: str,
    currency: str = "USD",
    per_usd: float = 1.0,
) -> FinanceResult:
    """Return cash flow and yardsticks of one or several streams.

    Parameters
    ----------
    streams
        In the result's currency. Their cash flows add; a stream that ends earlier is not bought again.
    choice
        The site's section: discount rate, mine life, budget.
    scope
        Name of the result.
    country
        ISO 3166 code: whose default discount rate.
    currency, per_usd
        Of the amounts, and its units per dollar (for the budget, which is in dollars).

    Returns
    -------
    FinanceResult

    Raises
    ------
    MissingData
        No default discount rate for the country.
    """
    mine_life = choice.mine_life_years
    years = [stream.years(mine_life) for stream in streams]
    flow = _added([stream.cash_flow(n) for stream, n in zip(streams, years, strict=True)])
    discount = packaged("discount_rate_real", country, _per_cent(choice.discount_rate))
    rate = discount.value / _PERCENT
    roots = irr(flow)
    return FinanceResult(
        scope=scope,
        currency=currency,
        horizon_years=max(years, default=0),
        horizon_limit="mine_life" if any(_shortened(stream, mine_life) for stream in streams) else "asset_life",
        mine_life_years=mine_life,
        capex_lines=tuple(line for stream in streams for line in stream.capex),
        capex=fsum(stream.investment for stream in streams),
        annual_saving=fsum(stream.annual_saving for stream in streams),
        om_per_year=fsum(stream.om_per_year for stream in streams),
        cash_flow=flow,
        npv=_present_values(discount, flow),
        irr=roots,
        mirr=mirr(flow, rate, rate) if sign_changes(flow) > 1 else None,
        simple_payback_years=simple_payback(flow),
        discounted_payback_years=discounted_payback(rate, flow),
        lcoe_per_kwh=_lcoe(streams, years, rate),
        lcoe_served_per_kwh=_lcoe_served(streams, years, rate),
        cce_per_kwh=_cce(streams, years, rate),
        assumptions=(discount, *dict.fromkeys(item for stream in streams for item in stream.assumptions)),
        findings=_findings(streams, choice, flow, roots, per_usd),
    )


def _per_cent(fraction: float | None) -> float | None:
    return None if fraction is None else fraction * _PERCENT


def _shortened(stream: Stream, mine_life_years: float | None) -> bool:
    return mine_life_years is not None and mine_life_years < stream.asset_life_years


def _added(flows: list[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(fsum(year) for year in zip_longest(*flows, fillvalue=0.0)) or (0.0,)


def _present_values(discount: Assumption, flow: tuple[float, ...]) -> tuple[PresentValue, ...]:
    rates: tuple[tuple[Literal["low", "base", "high"], float], ...] = (
        ("low", discount.low.value),
        ("base", discount.value),
        ("high", discount.high.value),
    )
    return tuple(
        PresentValue(label=label, rate=percent / _PERCENT, npv=npv(percent / _PERCENT, flow))
        for label, percent in rates
    )


def _lcoe(streams: Sequence[Stream], years: list[int], rate: float) -> float | None:
    pairs = [(stream, n) for stream, n in zip(streams, years, strict=True) if stream.kind == "generates"]
    costs = _added([stream.own_costs(n) for stream, n in pairs])
    return lcoe(costs, _added([stream.energy_kwh(n) for stream, n in pairs]), rate)


def _lcoe_served(streams: Sequence[Stream], years: list[int], rate: float) -> float | None:
    pairs = [(s, n) for s, n in zip(streams, years, strict=True) if s.kind == "generates" and s.served_kwh_per_year]
    return lcoe(_added([s.own_costs(n) for s, n in pairs]), _added([s.served_kwh(n) for s, n in pairs]), rate)


def _cce(streams: Sequence[Stream], years: list[int], rate: float) -> float | None:
    """Return the energy-weighted cost of conserved energy, each stream over its own life."""
    saving = [(stream, n) for stream, n in zip(streams, years, strict=True) if stream.kind == "saves" and n > 0]
    # Capacitors and moved hours save money alone: their price buys no energy.
    pairs = [(stream, n) for stream, n in saving if stream.energy_kwh_per_year > 0]
    saved = fsum(stream.energy_kwh_per_year for stream, _ in pairs)
    costs = [
        cost_of_conserved_energy(stream.investment, stream.om_per_year, stream.energy_kwh_per_year, rate, n)
        for stream, n in pairs
    ]
    if saved <= 0 or any(cost is None for cost in costs):
        return None
    weighted = (cost * stream.energy_kwh_per_year for cost, (stream, _) in zip(costs, pairs, strict=True) if cost)
    return fsum(weighted) / saved


def _findings(
    streams: Sequence[Stream],
    choice: FinanceChoice,
    flow: tuple[float, ...],
    roots: tuple[float, ...],
    per_usd: float,
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    capex = fsum(stream.investment for stream in streams)
    if choice.mine_life_years is None:
        longest: dict[str, Param] = {"years": max((stream.years(None) for stream in streams), default=0)}
        found.append(Finding(key="finance_no_mine_life", level="assumption", params=longest))
    elif choice.mine_life_years != floor(choice.mine_life_years):
        found.append(Finding(key="finance_whole_years", params={"years": floor(choice.mine_life_years)}))
    assumed = sorted({line.key for stream in streams for line in stream.capex if line.assumed})
    if assumed:
        found.append(Finding(key="finance_capex_assumed", level="assumption", params={"lines": ", ".join(assumed)}))
    if choice.budget_usd is not None and capex > choice.budget_usd * per_usd:
        money: dict[str, Param] = {"capex_usd": capex / per_usd, "budget_usd": choice.budget_usd}
        found.append(Finding(key="finance_over_budget", level="warning", params=money))
    if sum(flow[1:]) <= 0 < capex:
        found.append(Finding(key="finance_no_saving", level="warning"))
    if len(roots) > 1:
        found.append(Finding(key="finance_several_irr", level="warning", params={"count": len(roots)}))
    return tuple(found)
