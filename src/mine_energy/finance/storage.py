"""A battery beside a PV plant: price by size, and bought again when its life ends."""

from dataclasses import replace

from mine_energy.finance.assumptions import packaged
from mine_energy.finance.replacements import repeated
from mine_energy.finance.stream import CapexLine, Stream

_LARGE_KWH = 100.0
"""From this size on the packaged price is that of larger systems."""


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

    What the battery brings is in the stream's saving already: its bill is that of the plant with the battery. It is
    bought again at today's price, although prices have fallen for years: no source for their future is packaged.

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
    if battery_kwh <= 0:
        return stream
    size = "from" if battery_kwh >= _LARGE_KWH else "under"
    price = packaged(f"battery_capex_{size}_100_kwh", country, price_usd_per_kwh)
    life = packaged("battery_life", country, life_years)
    amount = price.value * battery_kwh * per_usd
    quoted = price.replaced_by_user
    line = CapexLine(
        key="battery",
        subject="",
        quantity=battery_kwh,
        unit="kWh",
        unit_cost=price.value * per_usd,
        amount=amount,
        low_amount=amount if quoted else price.low.value * battery_kwh * per_usd,
        high_amount=amount if quoted else price.high.value * battery_kwh * per_usd,
        source="site file" if quoted else price.default.source,
        year="" if quoted else price.default.year,
        confidence="user" if quoted else price.default.confidence,
        assumed=not quoted,
    )
    return replace(
        stream,
        capex=(*stream.capex, line),
        replacements=(*stream.replacements, *repeated("battery", amount, life.value, stream.asset_life_years)),
        assumptions=(*stream.assumptions, price, life),
    )
