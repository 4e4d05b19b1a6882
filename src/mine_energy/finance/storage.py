"""What stands beside a PV plant, a battery first: price by size, and bought again when its life ends."""

from dataclasses import dataclass, replace

from mine_energy.finance.assumptions import Assumption, packaged
from mine_energy.finance.replacements import repeated
from mine_energy.finance.stream import CapexLine, Stream

_LARGE_KWH = 100.0
"""From this size on the packaged price is that of larger systems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Equipment of a plant with a price by size and a life of its own.

    Parameters
    ----------
    key
        ``battery_plant``, ``battery_inverter``, ``genset``.
    quantity, unit
        How much of it.
    price
        USD per unit.
    life
        Years until it is bought again.
    """

    key: str
    quantity: float
    unit: str
    price: Assumption
    life: Assumption


def with_part(stream: Stream, part: Part, per_usd: float = 1.0) -> Stream:
    """Return a stream with one more part in it; of nothing, the stream as it is.

    What the part brings is in the stream's saving already: its bill is that of the plant with the part. It is bought
    again at today's price.

    Parameters
    ----------
    stream
        Of the plant.
    part
        What is bought.
    per_usd
        Units of the stream's currency per dollar.
    """
    if part.quantity <= 0:
        return stream
    price, size = part.price, part.quantity * per_usd
    amount, quoted = price.value * size, price.replaced_by_user
    line = CapexLine(
        key=part.key,
        subject="",
        quantity=part.quantity,
        unit=part.unit,
        unit_cost=price.value * per_usd,
        amount=amount,
        low_amount=amount if quoted else price.low.value * size,
        high_amount=amount if quoted else price.high.value * size,
        source="site file" if quoted else price.default.source,
        year="" if quoted else price.default.year,
        confidence="user" if quoted else price.default.confidence,
        assumed=not quoted,
    )
    return replace(
        stream,
        capex=(*stream.capex, line),
        replacements=(*stream.replacements, *repeated(part.key, amount, part.life.value, stream.asset_life_years)),
        assumptions=(*stream.assumptions, price, part.life),
    )


def with_battery(
    stream: Stream,
    battery_kwh: float,
    *,
    country: str,
    per_usd: float = 1.0,
    price_usd_per_kwh: float | None = None,
    life_years: float | None = None,
) -> Stream:
    """Return a stream with a battery in it; without one, the stream as it is.

    It is bought again at today's price, although prices have fallen for years: no source for their future is packaged.

    Parameters
    ----------
    stream
        Of the PV plant.
    battery_kwh
        Nominal capacity, zero or more.
    country
        ISO 3166 code: whose price.
    per_usd
        Units of the result's currency per dollar.
    price_usd_per_kwh, life_years
        A quote and the maker's life, instead of the packaged figures.

    Raises
    ------
    MissingData
        No packaged price for the country.
    """
    size = "from" if battery_kwh >= _LARGE_KWH else "under"
    price = packaged(f"battery_capex_{size}_100_kwh", country, price_usd_per_kwh)
    life = packaged("battery_life", country, life_years)
    return with_part(
        stream, Part(key="battery_plant", quantity=battery_kwh, unit="kWh", price=price, life=life), per_usd
    )
