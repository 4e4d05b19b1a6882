"""Discount rates of a project in nominal money, and the rate that equity asks for."""

from dataclasses import dataclass, replace

from mine_energy.finance.assumptions import Assumption, packaged
from mine_energy.finance.formulas import nominal_rate, real_rate
from mine_energy.finance.project import Project, fraction_of

_PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Discount rates of a project, real as packaged or stated, and that of equity, nominal."""

    real: Assumption
    equity: Assumption
    low: float
    base: float
    high: float
    equity_nominal: float


def rates_of(project: Project, inflation: float) -> Rates:
    """Return the nominal discount rates that go with an inflation.

    The packaged rate of equity is nominal and local; it is brought to the result's currency through its real value.

    Raises
    ------
    MissingData
        No packaged rate for the country.
    """
    stated = project.choice.discount_rate
    real = packaged("discount_rate_real", project.country, None if stated is None else stated * _PERCENT)
    wanted = project.financing.equity_rate
    equity, nominal = _equity_rate(project, real, wanted, inflation)
    return Rates(
        real=real,
        equity=equity,
        low=nominal_rate(real.low.value / _PERCENT, inflation),
        base=nominal_rate(fraction_of(real), inflation),
        high=nominal_rate(real.high.value / _PERCENT, inflation),
        equity_nominal=nominal,
    )


def _equity_rate(
    project: Project, real: Assumption, wanted: float | None, inflation: float
) -> tuple[Assumption, float]:
    if wanted is not None:
        return replace(real, key="equity_rate", value=wanted * _PERCENT, replaced_by_user=True), wanted
    if project.country != "CO":
        return replace(real, key="equity_rate"), nominal_rate(fraction_of(real), inflation)
    local = packaged("discount_rate_nominal", project.country)
    if project.currency == "COP":
        return local, fraction_of(local)
    local_inflation = fraction_of(packaged("inflation", project.country))
    return local, nominal_rate(real_rate(fraction_of(local), local_inflation), inflation)
