"""What ``[billing]`` and ``[financing]`` say that no single value shows: rules of another country, terms that clash.

Loans, taxes and ends of life are asked of the room that computes them, so that one place holds each rule.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from mine_energy.errors import InputError, MissingData, Problem
from mine_energy.site import BillingChoice, FinancingChoice, OwnerChoice, Site
from mine_energy.tariffs import Tariff
from mine_energy.tariffs.user import CONTRIBUTION, VAT

_ONLY_IN: Final = {
    **dict.fromkeys(("contribution_applied", "contribution_base", "reactive_history", "reactive_exempt"), "CO"),
    **dict.fromkeys(("rural_levy_per_kwh", "metered_side", "typical_sector_1", "transformer_loss"), "PE"),
}
"""Country of the rules that only one of the two has."""
_STREAMS: Final = ("pv", "measures")
_ENDS: Final = {"salvage_fraction": "salvage", "relocation_cost_fraction": "relocation"}


def money_problems(site: Site) -> tuple[Problem, ...]:
    """Return what is wrong across the values of ``[billing]``, ``[financing]`` and the prices of a surplus.

    Parameters
    ----------
    site
        A site file whose values are valid one by one.

    Returns
    -------
    tuple of Problem
        By the site file's keys, without file and line.
    """
    found = list(_spot(site))
    if site.billing is not None:
        found += _billing(site, site.billing)
    if site.financing is not None:
        found += _financing(site, site.financing)
    return tuple(found)


def tariff_problems(site: Site, tariff: Tariff) -> tuple[Problem, ...]:
    """Return what ``[billing]`` says of a tax or a contribution that the tariff does not have."""
    asked = {"contribution_applied": CONTRIBUTION, "contribution_base": CONTRIBUTION, "vat_recoverable": VAT}
    keys = [surcharge.key for surcharge in tariff.surcharge]
    return tuple(
        Problem(
            key="billing_no_surcharge",
            field=f"billing.{name}",
            params={"name": key, "tariff": tariff.id, "available": ", ".join(keys) or "-"},
        )
        for name, key in asked.items()
        if site.billing is not None and getattr(site.billing, name) is not None and key not in keys
    )


def _spot(site: Site) -> Iterator[Problem]:
    connection, field = site.connection, "connection.spot_prices"
    if not connection.spot_prices:
        return
    if connection.spot_price_per_kwh is not None:
        yield Problem(key="spot_prices_twice", field=field, value=connection.spot_prices)
    if connection.kind == "offgrid":
        yield Problem(key="spot_prices_off_grid", field=field, value=connection.spot_prices)


def _billing(site: Site, billing: BillingChoice) -> Iterator[Problem]:
    if site.connection.kind == "offgrid":
        yield Problem(key="billing_off_grid", field="billing")
        return
    given = {name for name, info in BillingChoice.model_fields.items() if getattr(billing, name) != info.default}
    for name, country in _ONLY_IN.items():
        if name in given and country != site.site.country:
            params = {"key": name, "rule_country": country, "country": site.site.country}
            yield Problem(key="billing_other_country", field=f"billing.{name}", params=params)
    if billing.metered_side != "low_voltage" and site.site.country == "PE":
        for name in ("typical_sector_1", "transformer_loss"):
            if name in given:
                yield Problem(key="billing_not_low_voltage", field=f"billing.{name}", params={"key": name})


def _financing(site: Site, financing: FinancingChoice) -> Iterator[Problem]:
    from mine_energy.finance import end_of_life, loan_schedule, tax_terms  # noqa: PLC0415  (scipy takes its time)

    loan = financing.loan
    if loan is not None:
        if (loan.amount is None) == (loan.share is None):
            value = f"amount={loan.amount} share={loan.share}"
            yield Problem(key="finance_loan_amount", field="financing.loan.amount", value=value)
        yield from _asked(lambda: loan_schedule(loan, 1.0, loan.currency or site.finance.currency))
    yield from _owner(financing.owner)
    yield from _asked(lambda: tax_terms(financing.tax, site.site.country))
    theirs = financing.owner.tax
    if theirs is not None and financing.owner.kind == "third_party":
        found = _asked(lambda: tax_terms(theirs, site.site.country))
        yield from (replace(one, field=one.field.replace("financing.tax", "financing.owner.tax")) for one in found)
    yield from _asked(lambda: end_of_life(financing.end))
    for name in financing.tax.eligible:
        if name not in _STREAMS:
            yield Problem(key="financing_eligible", field="financing.tax.eligible", value=name)
    for name, kind in _ENDS.items():
        if getattr(financing.end, name) is not None and financing.end.kind != kind:
            params = {"key": name, "kind": financing.end.kind}
            yield Problem(key="financing_end_unused", field=f"financing.end.{name}", params=params)


def _owner(owner: OwnerChoice) -> Iterator[Problem]:
    if owner.kind == "third_party":
        if owner.ppa_price_per_kwh is None:
            yield Problem(key="finance_ppa_price", field="financing.owner.ppa_price_per_kwh")
        return
    for name, info in OwnerChoice.model_fields.items():
        if name != "kind" and getattr(owner, name) != info.default:
            yield Problem(key="financing_ppa_own", field=f"financing.owner.{name}", params={"key": name})


def _asked(ask: Callable[[], object]) -> tuple[Problem, ...]:
    """Return what a room refuses; figures that are not packaged are told when the study needs them."""
    try:
        ask()
    except InputError as error:
        return error.problems
    except MissingData:
        return ()
    return ()
