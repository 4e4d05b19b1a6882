"""What a study found: the numbers that decide, sizes, coverage, savings by cause, money, tonnes."""

from collections.abc import Iterator
from typing import Final

from mine_energy.emissions import AvoidedEmissions
from mine_energy.finance import FinanceResult
from mine_energy.report.chapters.measures import cause_names
from mine_energy.report.compare.facts import Fact, text
from mine_energy.report.figures import further, headline, state_names
from mine_energy.report.format import Writer
from mine_energy.sizing import PVDesign
from mine_energy.study import Study
from mine_energy.study.sizing_result import SizedPlant

_PLANT: Final = {"pv_kwp": "kWp", "battery_kwh": "kWh", "battery_kw": "kW", "genset_kw": "kW"}
_DESIGN: Final = {"pv_kwp": "kWp", "inverter_kw": "kW", "tilt_deg": "°", "azimuth_deg": "°", "module_area_m2": "m²"}
_MEANINGS: Final = ("annual_net_ratio", "self_sufficiency", "lpsp_without_grid")


def result_facts(study: Study, w: Writer) -> Iterator[Fact]:
    """Yield the results.

    Parameters
    ----------
    study
        As read.
    w
        Of the labels.
    """
    yield from _states(study, w)
    yield from _sizes(study, w)
    yield from _coverage(study, w)
    yield from _savings(study, w)
    yield from _money(study, w)
    yield from _carbon(study, w)


def _states(study: Study, w: Writer) -> Iterator[Fact]:
    for row in (*headline(study, w), *further(study, w)):
        for state, name, value in zip(study.states, state_names(w), row.values, strict=True):
            label = f"{row.label}, {name[:1].lower()}{name[1:]}"
            key = f"{state.key}.{row.key}"
            yield Fact(group="states", key=key, label=label, value=value, unit=row.unit, share=row.share)


def _sizes(study: Study, w: Writer) -> Iterator[Fact]:
    yield from _design("after_measures", study.design.after_measures, w)
    yield from _design("before_measures", study.design.before_measures, w)
    yield Fact(
        group="sizes",
        key="specific_yield_kwh_per_kwp",
        label=w.label("specific_yield_kwh_per_kwp"),
        value=study.solar.unit.specific_yield_kwh_per_kwp,
        unit=w.unit("specific_yield_kwh_per_kwp"),
    )
    if study.sizing is None:
        return
    for one in study.sizing.meanings:
        name = w.text(f"sizing.meaning.{one.key}")
        if one.plant is not None:
            yield from _plant(one.key, name, one.plant, study.sizing.currency, w)


def _design(key: str, design: PVDesign, w: Writer) -> Iterator[Fact]:
    name = text(f"design.{key}", w)
    for field, unit in _DESIGN.items():
        label = f"{text(f'label.{field}', w)}, {name}"
        yield Fact(group="sizes", key=f"{key}.{field}", label=label, value=getattr(design, field), unit=unit)


def _plant(key: str, name: str, plant: SizedPlant, currency: str, w: Writer) -> Iterator[Fact]:
    units = {**_PLANT, "investment": currency, "annual_cost": f"{currency}{w.text('unit.per_year')}"}
    for field, unit in units.items():
        yield Fact(
            group="sizes",
            key=f"sizing.{key}.{field}",
            label=f"{name}: {text(f'label.{field}', w)}",
            value=getattr(plant, field),
            unit=unit,
            part=f"sizing.{key}",
            part_label=name,
        )


def _coverage(study: Study, w: Writer) -> Iterator[Fact]:
    found = study.coverage
    yield Fact(
        group="coverage",
        key="goal",
        label=text("label.goal", w),
        value=found.goal,
        word=w.text(f"sizing.meaning.{found.goal}"),
    )
    for key, coverage in (("after_measures", found.after_measures), ("before_measures", found.before_measures)):
        name = text(f"design.{key}", w)
        for field in _MEANINGS:
            label = f"{text(f'label.{field}', w)}, {name}"
            value = getattr(coverage, field)
            yield Fact(group="coverage", key=f"{key}.{field}", label=label, value=value, share=True)


def _savings(study: Study, w: Writer) -> Iterator[Fact]:
    causes, per_year = study.audit.savings_by_cause, w.text("unit.per_year")
    for name, one in zip(cause_names(causes, w), causes, strict=True):
        part = f"{one.cause}.{one.measure}"
        for field, unit in (
            ("energy_kwh_per_year", f"kWh{per_year}"),
            ("capex_usd", "USD"),
            ("value_per_year", f"{one.currency}{per_year}"),
        ):
            label = f"{name}: {text(f'label.{field}', w)}"
            value = getattr(one, field)
            yield Fact(
                group="savings", key=f"{part}.{field}", label=label, value=value, unit=unit, part=part, part_label=name
            )


def _money(study: Study, w: Writer) -> Iterator[Fact]:
    money = study.finance
    for key, result in (("measures", money.measures), ("pv", money.pv), ("both", money.both)):
        if result is not None:
            yield from _result(key, result, w)


def _result(key: str, result: FinanceResult, w: Writer) -> Iterator[Fact]:
    name, currency = text(f"scope.{key}", w), result.currency
    irr = result.irr[0] if len(result.irr) == 1 else None

    def fact(field: str, value: float | None, unit: str, share: bool = False) -> Fact:
        label = f"{name}: {text(f'label.{field}', w)}"
        return Fact(
            group="money",
            key=f"{key}.{field}",
            label=label,
            value=value,
            unit=unit,
            share=share,
            part=key,
            part_label=name,
        )

    yield fact("capex", result.capex, currency)
    yield fact("annual_saving", result.annual_saving, f"{currency}{w.text('unit.per_year')}")
    yield from (fact(f"npv_{value.label}", value.npv, currency) for value in result.npv)
    yield fact("irr", irr, "", share=True)
    yield fact("simple_payback_years", result.simple_payback_years, w.text("unit.years"))
    yield fact("lcoe_per_kwh", result.lcoe_per_kwh, f"{currency}/kWh")


def _carbon(study: Study, w: Writer) -> Iterator[Fact]:
    found, unit = study.scope2, f"t CO₂e{w.text('unit.per_year')}"
    for key, value in (("location_cut", found.location_cut_t_co2e), ("market_cut", found.market_cut_t_co2e)):
        yield Fact(group="carbon", key=key, label=text(f"label.{key}", w), value=value, unit=unit)
    apart: tuple[tuple[str, AvoidedEmissions | None], ...] = (
        ("avoided_exports", found.avoided_exports),
        ("avoided_project", found.avoided_project),
    )
    for key, avoided in apart:
        tonnes = avoided.avoided_t_co2e if avoided is not None else None
        yield Fact(group="carbon", key=key, label=text(f"label.{key}", w), value=tonnes, unit=unit)
