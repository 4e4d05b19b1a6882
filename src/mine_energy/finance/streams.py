"""Ready-made streams: a PV plant and replaced motors at packaged prices, each figure replaceable and on show."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from mine_energy.catalog import Sourced
from mine_energy.errors import InputError, Problem
from mine_energy.finance.assumptions import INVERTER_LIFE, PV_LIFE, Assumption, assume, packaged
from mine_energy.finance.replacements import repeated
from mine_energy.finance.stream import CapexLine, EndOfLife, Stream
from mine_energy.site import FinanceChoice
from mine_energy.site.financing import EndChoice
from mine_energy.units import W_PER_KW

_PERCENT = 100.0


def pv_stream(
    pv_kwp: float,
    inverter_kw: float,
    energy_kwh_per_year: float,
    annual_saving: float,
    choice: FinanceChoice,
    *,
    country: str,
    per_usd: float = 1.0,
    served_kwh_per_year: float | None = None,
) -> Stream:
    """Return the stream of a PV plant.

    Parameters
    ----------
    pv_kwp, inverter_kw
        Module power, and the sum of the inverters' nameplates, kW AC.
    energy_kwh_per_year
        Generated in the first year, after curtailment.
    annual_saving
        Bill without minus bill with, in the result's currency.
    choice
        The site's section; its price per kWp replaces the default.
    country
        ISO 3166 code: whose prices.
    per_usd
        Units of the result's currency per dollar.
    served_kwh_per_year
        What of it reaches the load; stated off-grid, where the cost per kWh served is a second yardstick.

    Raises
    ------
    MissingData
        No default price for the country.
    """
    quote = choice.pv_capex_usd_per_kwp
    price = packaged("pv_capex", country, None if quote is None else quote / W_PER_KW)
    upkeep = packaged("pv_om", country)
    fading = packaged("pv_degradation", country)
    inverter = packaged("inverter_replacement", country)
    life, inverter_life = assume(PV_LIFE), assume(INVERTER_LIFE)
    again = repeated("inverter", inverter.value * W_PER_KW * inverter_kw * per_usd, inverter_life.value, life.value)
    return Stream(
        key="pv",
        kind="generates",
        capex=(_plant_line(pv_kwp, price, W_PER_KW * per_usd),),
        annual_saving=annual_saving,
        om_per_year=upkeep.value * pv_kwp * per_usd,
        energy_kwh_per_year=energy_kwh_per_year,
        degradation_per_year=fading.value / _PERCENT,
        asset_life_years=life.value,
        replacements=again,
        served_kwh_per_year=served_kwh_per_year,
        assumptions=(price, upkeep, fading, inverter, life, inverter_life),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MotorPurchase:
    """Motors that a measure buys.

    Parameters
    ----------
    tag
        Which machine.
    rated_power_kw
        Of one motor.
    quantity
        Motors.
    energy_kwh_per_year
        Saved by all of them.
    capex_usd, capex_low_usd, capex_high_usd
        All of them installed.
    assumed
        Whether the price is a default.
    source, year, confidence
        Of the price.
    """

    tag: str
    rated_power_kw: float
    quantity: int
    energy_kwh_per_year: float
    capex_usd: float
    capex_low_usd: float
    capex_high_usd: float
    assumed: bool = True
    source: str = "packaged motor prices per kW, installed"
    year: str = "2024"
    confidence: str = "D"


def motor_streams(
    purchases: Sequence[MotorPurchase], annual_saving: float, *, country: str, per_usd: float = 1.0
) -> tuple[Stream, ...]:
    """Return the streams of replaced motors: one for each usual life, which depends on size.

    Parameters
    ----------
    purchases
        What is bought.
    annual_saving
        Bill before minus bill after all of it, in the result's currency; shared in proportion to the energy saved.
    country
        ISO 3166 code: whose lives.
    per_usd
        Units of the result's currency per dollar.

    Returns
    -------
    tuple of Stream
        Empty without purchases; their savings add up to `annual_saving`.

    Raises
    ------
    MissingData
        No life is packaged for a size.
    """
    total = fsum(purchase.energy_kwh_per_year for purchase in purchases)
    by_life: dict[str, list[MotorPurchase]] = {}
    for purchase in purchases:
        by_life.setdefault(f"motor_life_{_size(purchase.rated_power_kw, 7.5, 75.0)}", []).append(purchase)
    return tuple(
        _motor_stream(members, annual_saving / total if total else 0.0, packaged(key, country), per_usd)
        for key, members in by_life.items()
    )


def motor_life(rated_power_kw: float, country: str) -> Assumption:
    """Return the usual life of a motor, which depends on its size.

    Raises
    ------
    MissingData
        No life is packaged for the size.
    """
    return packaged(f"motor_life_{_size(rated_power_kw, 7.5, 75.0)}", country)


def _motor_stream(members: list[MotorPurchase], saving_per_kwh: float, life: Assumption, per_usd: float) -> Stream:
    energy = fsum(purchase.energy_kwh_per_year for purchase in members)
    return Stream(
        key="measures",
        kind="saves",
        capex=tuple(_motor_line(purchase, per_usd) for purchase in members),
        annual_saving=saving_per_kwh * energy,
        energy_kwh_per_year=energy,
        asset_life_years=life.value,
        assumptions=(life,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePurchase:
    """What a measure other than a motor costs and brings.

    Parameters
    ----------
    measure, tag
        Which.
    energy_kwh_per_year
        Saved; zero for measures that save money alone.
    annual_saving
        Of the bill, in the result's currency.
    capex_usd, capex_low_usd, capex_high_usd
        Installed.
    life_years
        Of what is bought.
    assumed, source, year, confidence
        Of the price.
    """

    measure: str
    tag: str
    energy_kwh_per_year: float
    annual_saving: float
    capex_usd: float
    capex_low_usd: float
    capex_high_usd: float
    life_years: float
    assumed: bool
    source: str
    year: str
    confidence: str


def measure_streams(purchases: Sequence[MeasurePurchase], *, per_usd: float = 1.0) -> tuple[Stream, ...]:
    """Return the streams of measures other than motors: one for each life.

    Parameters
    ----------
    purchases
        What is bought.
    per_usd
        Units of the result's currency per dollar.
    """
    by_life: dict[float, list[MeasurePurchase]] = {}
    for purchase in purchases:
        by_life.setdefault(purchase.life_years, []).append(purchase)
    return tuple(
        Stream(
            key="measures",
            kind="saves",
            capex=tuple(_measure_line(purchase, per_usd) for purchase in members),
            annual_saving=fsum(purchase.annual_saving for purchase in members),
            energy_kwh_per_year=fsum(purchase.energy_kwh_per_year for purchase in members),
            asset_life_years=life,
        )
        for life, members in by_life.items()
    )


def _measure_line(purchase: MeasurePurchase, per_usd: float) -> CapexLine:
    amount = purchase.capex_usd * per_usd
    return CapexLine(
        key=purchase.measure,
        subject=purchase.tag,
        quantity=1.0,
        unit="",
        unit_cost=amount,
        amount=amount,
        low_amount=purchase.capex_low_usd * per_usd,
        high_amount=purchase.capex_high_usd * per_usd,
        source=purchase.source,
        year=purchase.year,
        confidence=purchase.confidence,
        assumed=purchase.assumed,
    )


def _motor_line(purchase: MotorPurchase, per_usd: float) -> CapexLine:
    quantity = purchase.rated_power_kw * purchase.quantity
    amount = purchase.capex_usd * per_usd
    return CapexLine(
        key="motor",
        subject=purchase.tag,
        quantity=quantity,
        unit="kW",
        unit_cost=amount / quantity if quantity else 0.0,
        amount=amount,
        low_amount=purchase.capex_low_usd * per_usd,
        high_amount=purchase.capex_high_usd * per_usd,
        source=purchase.source,
        year=purchase.year,
        confidence=purchase.confidence,
        assumed=purchase.assumed,
    )


def _size(rated_power_kw: float, small_kw: float, large_kw: float) -> str:
    """Return the packaged size class: ``under_7_5_kw``, ``7_5_to_75_kw``, ``over_75_kw``."""
    low, high = (f"{limit:g}".replace(".", "_") for limit in (small_kw, large_kw))
    if rated_power_kw < small_kw:
        return f"under_{low}_kw"
    return f"over_{high}_kw" if rated_power_kw > large_kw else f"{low}_to_{high}_kw"


def _plant_line(pv_kwp: float, price: Assumption, factor: float) -> CapexLine:
    used = price.default if not price.replaced_by_user else _user(price)
    spread = (price.value, price.value) if price.replaced_by_user else (price.low.value, price.high.value)
    return CapexLine(
        key="pv_plant",
        subject="",
        quantity=pv_kwp,
        unit="kWp",
        unit_cost=price.value * factor,
        amount=price.value * factor * pv_kwp,
        low_amount=spread[0] * factor * pv_kwp,
        high_amount=spread[1] * factor * pv_kwp,
        source=used.source,
        year=used.year,
        confidence=used.confidence,
        assumed=not price.replaced_by_user,
    )


def _user(price: Assumption) -> Sourced:
    return Sourced(value=price.value, unit=price.unit, source="site file", year="", confidence="user")


def end_of_life(choice: EndChoice) -> EndOfLife:
    """Return what a site file says of the assets at the horizon.

    Raises
    ------
    InputError
        Salvage without its share, or relocation without its cost: neither has a default.
    """
    needed = {"salvage": "salvage_fraction", "relocation": "relocation_cost_fraction"}.get(choice.kind)
    if needed is not None and getattr(choice, needed) is None:
        raise InputError([Problem(key="finance_end", field=f"financing.end.{needed}", value=choice.kind)])
    return EndOfLife(
        kind=choice.kind,
        salvage_fraction=choice.salvage_fraction or 0.0,
        relocation_cost_fraction=choice.relocation_cost_fraction or 0.0,
    )
