"""What the study buys, as streams: the measures that apply, and PV with what stands beside it."""

from dataclasses import replace
from math import fsum
from typing import Final, Literal

from mine_energy import catalog
from mine_energy.audit import AuditResult
from mine_energy.catalog import DefaultRange, Sourced
from mine_energy.dispatch.equipment import battery_figure
from mine_energy.finance import (
    Assumption,
    CapexLine,
    EngineUpkeep,
    MeasurePurchase,
    MotorPurchase,
    Part,
    Stream,
    engine_savings,
    measure_streams,
    motor_streams,
    packaged,
    packaged_upkeep,
    with_part,
)
from mine_energy.finance.assumptions import INVERTER_LIFE, PV_LIFE, assume
from mine_energy.measures import Saving
from mine_energy.site import Site
from mine_energy.sizing import SizingResult
from mine_energy.study.shifting_result import Shifting
from mine_energy.units import HOURS_PER_DAY, HOURS_PER_YEAR

_LARGE_KWH: Final = 100.0
"""Load of a day from which the price of larger batteries holds, as in the sizing."""
_DAYS: Final = HOURS_PER_YEAR / HOURS_PER_DAY


def with_storage(
    stream: Stream, site: Site, storage: SizingResult | None, *, country: str, load_kwh: float, per_usd: float
) -> Stream:
    """Return the stream of PV with the battery and the set of the goal's plant, beyond what is owned.

    Parameters
    ----------
    stream
        Of PV; its saving is that of the whole plant.
    site
        Prices and lives that it states, and what it owns.
    storage
        The goal's plant; None where PV stands alone.
    country, per_usd
        Whose prices, and units of the study's currency per dollar.
    load_kwh
        Of a year: decides the size class of the battery's price, as in the sizing.
    """
    for part in _parts(site, storage, country, load_kwh) if storage is not None else ():
        stream = with_part(stream, part, per_usd)
    return stream


def _parts(site: Site, storage: SizingResult, country: str, load_kwh: float) -> tuple[Part, ...]:
    """Return what is bought beside PV: battery, its inverter where it has a price of its own, and a new set."""
    choice, genset = site.battery, site.genset
    stored = Part(
        key="battery_plant",
        quantity=max(storage.battery_kwh - choice.existing_kwh, 0.0),
        unit="kWh",
        price=_battery_price(site, country, load_kwh),
        life=_battery_life(site, country),
    )
    parts = [stored]
    if choice.price_usd_per_kw:
        price = _stated("battery_inverter", choice.price_usd_per_kw, "USD/kW")
        kw = max(storage.battery_kw - choice.existing_kw, 0.0)
        parts.append(Part(key="battery_inverter", quantity=kw, unit="kW", price=price, life=assume(INVERTER_LIFE)))
    if genset is None or not genset.existing:
        price = packaged("genset_capex", country, genset.price_usd_per_kw if genset is not None else None)
        # Its hours decide when it is bought again: engine lines, not years.
        parts.append(Part(key="genset", quantity=storage.genset_kw, unit="kW", price=price, life=assume(PV_LIFE)))
    return tuple(parts)


def _battery_price(site: Site, country: str, load_kwh: float) -> Assumption:
    """Return the price of a kWh: the quote, lead-acid's, or that of the size class that the sizing worked with."""
    choice = site.battery
    if choice.chemistry == "lead_acid":
        return assume(_chemistry("capex_usd_per_kwh", "lead_acid"), choice.price_usd_per_kwh)
    size = "from" if load_kwh / _DAYS >= _LARGE_KWH else "under"
    return packaged(f"battery_capex_{size}_100_kwh", country, choice.price_usd_per_kwh)


def _battery_life(site: Site, country: str) -> Assumption:
    """Return the life of a battery: the maker's, else the shorter of the usual one and the cells' calendar life."""
    choice = site.battery
    usual = packaged("battery_life", country, choice.life_years)
    cells = assume(_chemistry("calendar_life_years", choice.chemistry))
    return cells if choice.life_years is None and cells.value < usual.value else usual


def _chemistry(key: str, chemistry: Literal["lfp", "lead_acid"]) -> DefaultRange:
    low, default, high = (battery_figure(chemistry, key, place) for place in ("low", "default", "high"))
    name = f"battery_{'life' if 'life' in key else 'capex'}_{chemistry}"
    return DefaultRange(key=name, country="any", low=low, default=default, high=high, ranged=True)


def _stated(key: str, value: float, unit: str) -> Assumption:
    figure = Sourced(value=value, unit=unit, source="site file", year="", confidence="user")
    found = DefaultRange(key=key, country="any", low=figure, default=figure, high=figure, ranged=False)
    return assume(found, value)


def with_deferrable(stream: Stream, site: Site, shifting: Shifting | None, per_usd: float) -> Stream:
    """Return the stream of PV with what makes loads wait for it, as the site file prices it; it lasts as PV does."""
    moved = {block.name for block in shifting.blocks if block.reason == "moved"} if shifting is not None else set()
    lines = tuple(
        CapexLine(
            key="deferrable",
            subject=choice.name,
            quantity=1.0,
            unit="",
            unit_cost=choice.capex_usd * per_usd,
            amount=choice.capex_usd * per_usd,
            low_amount=choice.capex_usd * per_usd,
            high_amount=choice.capex_usd * per_usd,
            source="site file",
            year="",
            confidence="user",
            assumed=False,
        )
        for choice in site.deferrable
        if choice.name in moved and choice.capex_usd
    )
    return replace(stream, capex=(*stream.capex, *lines))


def with_engine(stream: Stream, site: Site, hours: tuple[float, float], years: int, per_usd: float) -> Stream:
    """Return a stream with what the set's other running hours save, or cost, in care, overhauls and new sets.

    Fuel is in the bills. A set that is bought counts all its hours; several count as one of their whole rating.

    Parameters
    ----------
    stream
        Of what changes the hours.
    site
        With its set; the stream stays as it is without one, or where the hours do not change.
    hours
        Of running a year, before and after.
    years
        Horizon.
    per_usd
        Units of the study's currency per dollar.
    """
    genset = site.genset
    before, after = hours if genset is None or genset.existing else (0.0, hours[1])
    if genset is None or before == after:
        return stream
    upkeep, assumed = packaged_upkeep(
        genset.rated_kw, site.site.country, per_usd=per_usd, hours_so_far=genset.age_hours or 0.0
    )
    upkeep, assumed = _own_upkeep(site, upkeep, assumed, per_usd)
    lines = tuple(replace(line, own=False) for line in engine_savings(upkeep, before, after, years))
    return replace(stream, yearly=(*stream.yearly, *lines), assumptions=(*stream.assumptions, *assumed))


def _own_upkeep(
    site: Site, upkeep: EngineUpkeep, assumed: tuple[Assumption, ...], per_usd: float
) -> tuple[EngineUpkeep, tuple[Assumption, ...]]:
    """Return an engine's upkeep with the site's own figures in place of packaged ones, and the rest of these."""
    genset = site.genset
    if genset is None:
        return upkeep, assumed
    kw = genset.rated_kw * per_usd
    own = {
        "overhaul_hours": ("genset_overhaul_hours", genset.overhaul_hours, 1.0),
        "overhaul_cost": ("genset_overhaul_share", genset.overhaul_cost_usd, per_usd),
        "cost_per_hour": ("genset_upkeep_usd_per_h_per_kw", genset.maintenance_usd_per_kw_hour, kw),
        "replacement_cost": ("genset_capex", genset.price_usd_per_kw, kw),
    }
    given = {name: (key, value * factor) for name, (key, value, factor) in own.items() if value is not None}
    replaced = {key for key, _ in given.values()}
    changed = replace(upkeep, **{name: value for name, (_, value) in given.items()})
    return changed, tuple(item for item in assumed if item.key not in replaced)


_MOTORS = frozenset({"replacement", "right_size"})


def measures_streams(site: Site, audit: AuditResult, annual_saving: float, per_usd: float) -> list[Stream]:
    """Return the streams of the measures that apply; those whose price nobody gave stay out with what they bring.

    The saving of the bill is shared as the bills with and without each measure say.
    """
    applied = [saving for saving in audit.savings if saving.decision == "apply"]
    shares = _shares(applied)
    bought = [(s, share * annual_saving) for s, share in zip(applied, shares, strict=True) if s.price_known]
    motors = [(s, amount) for s, amount in bought if s.measure in _MOTORS]
    others = [(s, amount) for s, amount in bought if s.measure not in _MOTORS]
    streams = motor_streams(
        [_motor(audit, saving) for saving, _ in motors],
        fsum(amount for _, amount in motors),
        country=site.site.country,
        per_usd=per_usd,
    )
    return [*streams, *measure_streams([_other(site, s, amount) for s, amount in others], per_usd=per_usd)]


def _shares(applied: list[Saving]) -> list[float]:
    """Return each saving's share of the money: by its own bills, by energy where they come to nothing."""
    values = [saving.value_per_year or 0.0 for saving in applied]
    if fsum(values) > 0:
        return [value / fsum(values) for value in values]
    energy = fsum(saving.energy_kwh_per_year for saving in applied)
    return [saving.energy_kwh_per_year / energy if energy > 0 else 0.0 for saving in applied]


def _motor(audit: AuditResult, saving: Saving) -> MotorPurchase:
    price = catalog.table("motors/cost_defaults.csv")[0]
    rated = next(machine.rated_power_kw for machine in audit.machines if machine.tag == saving.tag)
    assumed = saving.capex_assumed
    return MotorPurchase(
        tag=saving.tag,
        rated_power_kw=rated,
        quantity=saving.quantity,
        energy_kwh_per_year=saving.energy_kwh_per_year,
        capex_usd=saving.capex_usd,
        capex_low_usd=saving.capex_low_usd,
        capex_high_usd=saving.capex_high_usd,
        assumed=assumed,
        source=price["source"] if assumed else "site file",
        year=price["year"] if assumed else "",
        confidence=price["confidence"] if assumed else "user",
    )


def _other(site: Site, saving: Saving, annual_saving: float) -> MeasurePurchase:
    stated = site.origin_of(f"measures.{saving.measure}")
    soft = saving.capex_assumed or (stated is not None and stated.origin in {"assumed", "reconstructed", "synthetic"})
    return MeasurePurchase(
        measure=saving.measure,
        tag=saving.tag,
        energy_kwh_per_year=saving.energy_kwh_per_year,
        annual_saving=annual_saving,
        capex_usd=saving.capex_usd,
        capex_low_usd=saving.capex_low_usd,
        capex_high_usd=saving.capex_high_usd,
        life_years=saving.life_years or 1.0,
        assumed=soft,
        source="packaged default" if saving.capex_assumed else "site file",
        year="",
        confidence="D" if soft else "user",
    )
