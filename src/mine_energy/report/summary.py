"""What a terminal shows: the figures that decide, and the sentences that belong to them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from mine_energy.audit import AuditResult
from mine_energy.messages import Language
from mine_energy.report.chapters.array_map import faces_table, facing_words
from mine_energy.report.chapters.losses import in_electricity
from mine_energy.report.chapters.measures import cause_names
from mine_energy.report.chapters.notices import notices
from mine_energy.report.chapters.sun import band_words, performance_rows
from mine_energy.report.chapters.washing import washing_headings, washing_rows
from mine_energy.report.figures import further, headline, investments, off_grid, state_names
from mine_energy.report.first import FIRST, banner, carbon_note, meanings
from mine_energy.report.format import NOTHING, Writer, use_name
from mine_energy.sizing import Coverage
from mine_energy.study import Solar, State, Study
from mine_energy.study.sizing_result import MeaningResult


def numbers(study: Study) -> dict[str, Any]:
    """Return the headline figures as plain JSON values, in the units of their names.

    Parameters
    ----------
    study
        As computed or read.
    """
    spent = dict(zip((state.key for state in study.states), investments(study), strict=True))
    return {
        "plant": study.site.site.name,
        "reconstructed": study.reconstructed,
        "currency": study.finance.currency,
        "states": {state.key: _state(state) | {"investment": spent[state.key]} for state in study.states},
        "pv_kwp": study.design.after_measures.pv_kwp,
        "inverter_kw": study.design.after_measures.inverter_kw,
        "specific_yield_kwh_per_kwp": study.solar.unit.specific_yield_kwh_per_kwp,
        "weather_kind": study.solar.weather.kind,
        "coverage": {
            "before_measures": _coverage(study.coverage.before_measures),
            "after_measures": _coverage(study.coverage.after_measures),
        },
        "avoided_exports_t_co2e": study.scope2.avoided_exports.avoided_t_co2e if study.scope2.avoided_exports else None,
        "npv": {value.label: value.npv for value in study.finance.both.npv},
        "simple_payback_years": study.finance.both.simple_payback_years,
        "lcoe_per_kwh": study.finance.pv.lcoe_per_kwh,
        "sizing": None if study.sizing is None else {one.key: _sized(one) for one in study.sizing.meanings},
    }


def _sized(found: MeaningResult) -> dict[str, float] | None:
    if found.plant is None:
        return None
    names = ("pv_kwp", "battery_kwh", "battery_kw", "genset_kw", "investment", "annual_cost", "fuel_l")
    return {"asked": found.asked} | {name: float(getattr(found.plant, name)) for name in names}


def _state(state: State) -> dict[str, float | None]:
    return {
        "load_kwh": state.load_kwh,
        "import_kwh": state.import_kwh,
        "genset_kwh": state.genset_kwh,
        "unserved_kwh": state.unserved_kwh,
        "pv_used_kwh": state.pv_used_kwh,
        "export_kwh": state.export_kwh,
        "peak_kw": state.peak_kw,
        "cost_per_year": state.cost_per_year,
        "scope2_location_t_co2e": state.scope2.location_t_co2e,
        "scope2_market_t_co2e": state.scope2.market_t_co2e,
        "scope1_fuel_t_co2e": state.fuel.t_co2e if state.fuel else None,
    }


def _coverage(found: Coverage) -> dict[str, float]:
    return {
        "annual_net_ratio": found.annual_net_ratio,
        "self_sufficiency": found.self_sufficiency,
        "lpsp_without_grid": found.lpsp_without_grid,
    }


def _writer(study: Study, language: Language) -> Writer:
    return Writer(language=language, country=study.site.site.country)


def table(study: Study, language: Language) -> list[list[str]]:
    """Return the figures of the three states as rows of text; the first row holds the headings."""
    w = _writer(study, language)
    rows = [*headline(study, w), *further(study, w)]
    return [[w.text("first.per_year"), *state_names(w)], *([row.heading, *row.shown(w)] for row in rows)]


_DECIDE: Final = ("finance_", "study_", "plan_", "reconcile_", "audit_")
"""What comes first where a terminal has no room for all: money, design, plan, then the plant's own figures."""
_MOST: Final = 8


def warnings(study: Study, language: Language) -> tuple[list[str], int]:
    """Return the warnings that decide most, in sentences, and how many the report has beyond them.

    What `notes` already says, such as where the weather comes from, is neither shown nor counted.
    """
    w = _writer(study, language)
    said = {*FIRST, "weather_synthetic"}
    order = {prefix: place for place, prefix in enumerate(_DECIDE)}
    open_ones = [one for one in study.findings if one.level == "warning" and one.key not in said]
    ranked = sorted(open_ones, key=lambda one: next((order[p] for p in _DECIDE if one.key.startswith(p)), len(_DECIDE)))
    found = notices(replace(study, findings=tuple(ranked)), "warning", w)
    lines = [f"{about}: {sentence}" if about else sentence for sentence, about in found]
    return lines[:_MOST], len(lines[_MOST:])


def notes(study: Study, language: Language) -> list[str]:
    """Return the sentences without which the figures would mislead."""
    w = _writer(study, language)
    lines = list(banner(study, w))
    design = study.design.after_measures
    lines.append(
        w.text("summary.design", kwp=w.estimate(design.pv_kwp, "kWp"), inverter=w.estimate(design.inverter_kw, "kW"))
    )
    three = "; ".join(f"{meaning.name} {meaning.value}" for meaning in meanings(study, w))
    lines.append(w.text("summary.meanings", three=three))
    lines += [f"{meaning.name}: {meaning.plant}" for meaning in meanings(study, w) if meaning.plant]
    if not off_grid(study):
        last = study.states[2].scope2
        lines.append(
            w.text(
                "summary.methods",
                location=w.estimate(last.location_t_co2e, "t CO₂e"),
                market=w.estimate(last.market_t_co2e, "t CO₂e"),
            )
        )
    lines.append(carbon_note(study, w))
    return lines


def end_use_table(audit: AuditResult, language: Language, country: str) -> list[list[str]]:
    """Return the energy of each process as rows of text; the first row holds the headings."""
    w = Writer(language=language, country=country)
    rows = [[w.label("end_use"), w.label("machines"), "kWh", w.label("share")]]
    rows += [
        [
            use_name(use, w),
            str(use.machines) if use.kind == "process" else "",
            w.estimate(use.energy_kwh_per_year),
            w.percent(use.share),
        ]
        for use in audit.end_uses
    ]
    total = sum(use.energy_kwh_per_year for use in audit.end_uses)
    rows.append([w.text("total"), str(len(audit.machines)), w.estimate(total), ""])
    return rows


def savings_table(audit: AuditResult, language: Language, country: str) -> list[list[str]]:
    """Return the savings of each cause as rows of text; the first row holds the headings."""
    w = Writer(language=language, country=country)
    rows = [[w.label("saving_cause"), w.label("machines"), "kWh", w.text("measures.band"), w.text("measures.share")]]
    rows += [
        [
            name,
            str(cause.machines),
            w.estimate(cause.energy_kwh_per_year),
            w.span(cause.energy_low_kwh_per_year, cause.energy_high_kwh_per_year),
            w.percent(cause.share),
        ]
        for name, cause in zip(cause_names(audit.savings_by_cause, w), audit.savings_by_cause, strict=True)
    ]
    return rows if len(rows) > 1 else [*rows, [w.text("measures.none"), *[NOTHING] * 4]]


def solar_table(solar: Solar, language: Language, country: str) -> list[list[str]]:
    """Return what one kWp gives as rows of text; the first row holds the headings."""
    w = Writer(language=language, country=country)
    weather, unit = solar.weather, solar.unit
    pairs: Sequence[tuple[str, str]] = (
        (w.text("sun.weather_title"), w.word("weather_kind", weather.kind)),
        (w.label("source"), weather.source),
        (w.label("ghi_kwh_per_m2"), w.estimate(unit.ghi_kwh_m2, "kWh/m²", digits=4)),
        (w.text("sun.band"), band_words(weather.band_low, weather.band_high, w)),
        (w.label("poa_kwh_per_m2"), w.estimate(unit.poa_kwh_m2, "kWh/m²", digits=4)),
        (w.text("sun.orientation"), facing_words(unit.array, w)),
        (w.label("specific_yield_kwh_per_kwp"), w.estimate(unit.specific_yield_kwh_per_kwp, "kWh/kWp", digits=4)),
        (w.text("sun.yield_band"), w.span(unit.yield_low_kwh_per_kwp, unit.yield_high_kwh_per_kwp, "kWh/kWp")),
        *_exceeded(solar, w),
        (w.label("performance_ratio"), w.percent(unit.performance_ratio)),
    )
    return [[w.text("quantity"), w.label("value")], *([name, value] for name, value in pairs)]


def solar_tables(solar: Solar, w: Writer) -> list[tuple[str, list[list[str]]]]:
    """Return chain, months, figures of IEC 61724-1, faces and washing, as far as there are: a title and rows each."""
    names, chain = w.month_names(), solar.unit.chain
    losses = [[w.text("sun.step"), w.text("sun.after_step"), w.text("sun.change")]]
    losses += [
        [
            w.word("pv_step", step.key),
            w.number(step.value, 1, "kWh/kWp" if electric else "kWh/m²"),
            w.percent(step.factor - 1.0, 2) if place else NOTHING,
        ]
        for place, (step, electric) in enumerate(zip(chain, in_electricity(chain), strict=True))
    ]
    months = [[w.label("month"), w.text("sun.ghi"), w.text("sun.poa"), w.text("sun.yield"), "PR"]]
    months += [
        [
            names[month.month - 1],
            w.number(month.ghi_kwh_m2, 0),
            w.number(month.poa_kwh_m2, 0),
            w.number(month.specific_yield_kwh_per_kwp, 0),
            w.percent(month.performance_ratio),
        ]
        for month in solar.unit.months
    ]
    tables = [(w.text("sun.chain"), losses), (f"{w.text('sun.months')} ({w.text('chart.sun_months.axis')})", months)]
    if solar.performance is not None:
        heading = [w.text("quantity"), w.label("value")]
        figures = [[name, value] for name, value in performance_rows(solar.performance, w) if value != NOTHING]
        tables.append((w.text("performance.caption"), [heading, *figures]))
    if solar.unit.faces:
        table = faces_table(solar, w)
        # One column of words: the face and which way it looks.
        named = [[f"{name}: {facing}", *map(str, rest)] for name, facing, *rest in table.rows]
        tables.append((table.caption, [[table.headings[0], *table.headings[2:]], *named]))
    if solar.washing is not None:
        rows = [list(row) for row in washing_rows(solar.washing, w)]
        tables.append((w.text("washing.caption"), [list(washing_headings(w)), *rows]))
    return tables


def _exceeded(solar: Solar, w: Writer) -> list[tuple[str, str]]:
    if solar.uncertainty is None:
        return []
    year = solar.uncertainty.of_years(1)
    return [(w.text(f"exceedance.{key}"), w.number(getattr(year, key), 0, "kWh/kWp")) for key in ("p90", "p99")]
