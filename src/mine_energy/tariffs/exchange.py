"""Exchange between a tariff's currency and the currency of the results, at a stated rate."""

from dataclasses import dataclass

from mine_energy import catalog
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.site import Country

LOCAL_CURRENCY: dict[Country, str] = {"CO": "COP", "PE": "PEN"}
_DOLLAR = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate:
    """Units of a currency per US dollar.

    Parameters
    ----------
    currency
        ISO 4217 code.
    per_usd
        Units of it for one dollar.
    source, year, confidence
        Where the rate comes from; ``user`` when the site file states it.
    """

    currency: str
    per_usd: float
    source: str
    year: str
    confidence: str

    @property
    def findings(self) -> tuple[Finding, ...]:
        """An assumption, unless the user stated the rate."""
        if self.confidence == "user" or self.currency == _DOLLAR:
            return ()
        params: dict[str, Param] = {"currency": self.currency, "rate": self.per_usd, "source": self.source}
        return (Finding(key="tariff_exchange_rate", level="assumption", params=params),)


def exchange_rate(country: Country, per_usd: float | None = None) -> ExchangeRate:
    """Return the rate of a country's currency: the user's, or the packaged round figure.

    Parameters
    ----------
    country
        Whose currency.
    per_usd
        Local currency per dollar as the site file states it.
    """
    currency = LOCAL_CURRENCY[country]
    if per_usd is not None:
        return ExchangeRate(currency=currency, per_usd=per_usd, source="site file", year="", confidence="user")
    found = catalog.finance_default("exchange_rate", country).default
    return ExchangeRate(
        currency=currency, per_usd=found.value, source=found.source, year=found.year, confidence=found.confidence
    )


def convert(amount: float, currency: str, target: str, rate: ExchangeRate) -> float:
    """Return an amount in another currency.

    Parameters
    ----------
    amount
        In `currency`.
    currency, target
        Dollars, or the currency of `rate`; equal ones change nothing.
    rate
        See :func:`exchange_rate`.

    Raises
    ------
    InputError
        A currency that the rate does not know.
    """
    for code in (currency, target):
        if code not in {_DOLLAR, rate.currency} and currency != target:
            params: dict[str, Param] = {"known": rate.currency}
            raise InputError([Problem(key="tariff_currency", field="finance.currency", value=code, params=params)])
    if currency == target:
        return amount
    return amount / rate.per_usd if target == _DOLLAR else amount * rate.per_usd
