"""What a study was given, and the prices, factors and tables it was worked out with."""

from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel

from mine_energy.emissions import Factor
from mine_energy.report.compare.facts import Fact, Group, Value, flat, text
from mine_energy.report.figures import off_grid
from mine_energy.report.format import Writer
from mine_energy.study import Study
from mine_energy.vocabulary import terms

_HASH_SHOWN: Final = 12


def given_facts(study: Study, w: Writer) -> Iterator[Fact]:
    """Yield the inputs: the site file's values, files by their hash, machines by their tag, the weather.

    Parameters
    ----------
    study
        As read.
    w
        Of the labels.
    """
    yield _fact("program", "mine_energy_version", study.mine_energy_version, w)
    yield from _written(study.site, "site")
    for file in study.inputs:
        yield Fact(group="files", key=file.name, label=file.name, value=file.sha256[:_HASH_SHOWN], exact=True)
    yield from _machines(study, w)
    weather = study.solar.weather
    yield _fact("weather", "kind", weather.kind, w, word=w.word("weather_kind", weather.kind))
    for key in ("source", "seed", "ghi_kwh_m2", "temp_air_mean_c"):
        yield _fact("weather", key, getattr(weather, key), w)


def price_facts(study: Study, w: Writer) -> Iterator[Fact]:
    """Yield what the study was priced and counted with: tariff, emission factors, money's assumptions, tables.

    Parameters
    ----------
    study
        As read.
    w
        Of the labels.
    """
    yield from _tariff(study, w)
    yield from _factors(study, w)
    yield from _assumptions(study, w)
    for source in study.sources:
        yield Fact(group="tables", key=source.id, label=source.id, value=source.sha256[:_HASH_SHOWN], exact=True)


def _fact(group: Group, key: str, value: Value, w: Writer, unit: str = "", *, word: str = "") -> Fact:
    label = text(f"label.{key}", w)
    return Fact(group=group, key=key, label=label, value=value, unit=unit, exact=True, word=word)


def _written(section: BaseModel, group: Group) -> Iterator[Fact]:
    for key, part, value in flat(section.model_dump(mode="json")):
        yield Fact(group=group, key=key, label=key, value=value, exact=True, part=part, part_label=part)


def _machines(study: Study, w: Writer) -> Iterator[Fact]:
    motors = study.inventory.motors if study.inventory is not None else ()
    known = terms()
    for motor in motors:
        for key, value in motor.model_dump(mode="json").items():
            if key == "tag":
                continue
            label = f"{motor.tag}: {key}" if key not in known else f"{motor.tag}: {known[key].label(w.language)}"
            name = f"{motor.tag}.{key}"
            yield Fact(
                group="inventory", key=name, label=label, value=value, exact=True, part=motor.tag, part_label=motor.tag
            )


def _tariff(study: Study, w: Writer) -> Iterator[Fact]:
    bill = study.states[0].bill
    yield _fact("tariff", "tariff_id", bill.tariff_id, w)
    yield _fact("tariff", "valid_from", bill.valid_from, w)
    yield _fact("tariff", "price_year", bill.year, w)
    for line in bill.totals:
        label = line.label_es if w.language == "es" else line.label_en
        yield Fact(
            group="tariff",
            key=f"price.{line.key}",
            label=label,
            value=line.price,
            unit=f"{bill.currency}/{line.unit}",
            part=line.key,
            part_label=label,
        )


def _factors(study: Study, w: Writer) -> Iterator[Fact]:
    today, avoided = study.scope2.today, study.scope2.avoided_project
    fuel, basis = study.states[0].fuel, today.market_basis
    yield from _factor("location_factor", today.location_factor, w)
    yield from _factor("market_factor", today.market_factor, w)
    if not off_grid(study):
        yield _fact("factors", "market_basis", basis, w, word=w.word("market_basis", basis))
    yield from _factor("avoided_factor", avoided.factor if avoided is not None else None, w)
    if fuel is not None:
        yield _fact("factors", "fuel_factor", fuel.factor_kg_co2e_per_l, w, "kg CO₂e/L")
        yield _fact("factors", "gwp_set", fuel.gwp_set, w)


def _factor(key: str, factor: Factor | None, w: Writer) -> Iterator[Fact]:
    if factor is None:
        return
    yield _fact("factors", key, factor.value, w, factor.unit)
    yield _fact("factors", f"{key}_year", factor.year, w)
    yield _fact("factors", f"{key}_source", factor.source, w)


def _assumptions(study: Study, w: Writer) -> Iterator[Fact]:
    money = study.finance
    yield _fact("finance", "currency", money.currency, w)
    local = next((one for one in (study.states[0].bill.currency, money.currency) if one != "USD"), "")
    yield _fact("finance", "exchange_rate", money.exchange_rate_per_usd, w, f"{local}/USD" if local else "")
    for one in money.both.assumptions:
        label = w.word("assumption", one.key)
        name = f"assumption.{one.key}"
        yield Fact(
            group="finance", key=name, label=label, value=one.value, unit=w.word("money_unit", one.unit), exact=True
        )
