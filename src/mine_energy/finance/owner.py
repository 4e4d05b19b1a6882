"""A PV plant of somebody else: what the site pays and keeps, what the owner earns, what Scope 2 counts as bought."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mine_energy.errors import InputError, Problem
from mine_energy.finance.results import FinanceResult, investment
from mine_energy.finance.stream import Stream, YearlyLine
from mine_energy.site import FinanceChoice
from mine_energy.site.financing import OwnerChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Ppa:
    """A power purchase agreement on the site's PV plant.

    Parameters
    ----------
    host
        Stream of the site: its bill's saving and the payments, no capital.
    owner
        Stream of the third party: all capital and upkeep, and the payments as income.
    purchased_kwh
        Of years 1 to the term: what the site buys on its own ground. In Scope 2 these are purchases from a supplier,
        not own generation; whether their attributes come with them is the contract's matter.
    payments
        Of the same years, today's money, positive.
    years
        That count: the term, the plant's life or the mine's.
    """

    host: Stream
    owner: Stream
    purchased_kwh: tuple[float, ...]
    payments: tuple[float, ...]
    years: int


def ppa(
    pv: Stream, owner: OwnerChoice, mine_life_years: float | None = None, generated_kwh_per_year: float | None = None
) -> Ppa:
    """Return what a PPA makes of a PV stream.

    Parameters
    ----------
    pv
        The plant as if the site bought it; its energy is what the site takes, used and exported.
    owner
        Price, its real escalation, term, and which kWh are paid.
    mine_life_years
        Of the host: nobody buys after it.
    generated_kwh_per_year
        What the plant could generate, curtailed energy included; needed where all of it is paid.

    Raises
    ------
    InputError
        No price; or all generation is to be paid and nobody says how much it is.
    """
    price = owner.ppa_price_per_kwh
    if price is None:
        raise InputError([Problem(key="finance_ppa_price", field="financing.owner.ppa_price_per_kwh")])
    paid = pv.energy_kwh_per_year if owner.ppa_basis == "used" else generated_kwh_per_year
    if paid is None:
        raise InputError([Problem(key="finance_ppa_generated", field="financing.owner.ppa_basis", value="generated")])
    term = owner.ppa_years or pv.asset_life_years
    years = replace(pv, asset_life_years=min(term, pv.asset_life_years)).years(mine_life_years)
    span = range(1, years + 1)
    growth = 1.0 + owner.ppa_escalation_real
    payments = tuple(paid * pv.left(year) * price * growth ** (year - 1) for year in span)
    host = replace(
        pv,
        capex=(),
        om_per_year=0.0,
        replacements=(),
        asset_life_years=float(years),
        yearly=(*pv.yearly, YearlyLine(key="ppa_payment", amounts=tuple(-amount for amount in payments))),
    )
    seller = replace(pv, annual_saving=0.0, yearly=(YearlyLine(key="ppa_income", amounts=payments),))
    return Ppa(
        host=host,
        owner=seller,
        purchased_kwh=tuple(paid * pv.left(year) for year in span),
        payments=payments,
        years=years,
    )


def owner_return(
    contract: Ppa, choice: FinanceChoice, *, country: str, currency: str = "USD", per_usd: float = 1.0
) -> FinanceResult:
    """Return the third party's money, before tax: whether anybody would offer such a price.

    Its horizon is the plant's life or the mine's; after the term the plant earns nothing here.
    """
    streams: Sequence[Stream] = (contract.owner,)
    return investment(streams, choice, scope="ppa_owner", country=country, currency=currency, per_usd=per_usd)
