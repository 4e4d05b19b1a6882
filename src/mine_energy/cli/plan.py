"""``plan``: the decarbonisation plan of a site, what each measure takes and costs, and what does not add up."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from mine_energy.cli.console import (
    AsJson,
    Lang,
    SiteFile,
    check_language,
    finding_document,
    put,
    put_json,
    say_findings,
    working,
)
from mine_energy.cli.tables import put_fitted
from mine_energy.cli.terminal import fitted

if TYPE_CHECKING:
    from mine_energy.messages import Language
    from mine_energy.plan import PlanMeasure, PlanYear
    from mine_energy.report.format import Writer
    from mine_energy.study import Study
    from mine_energy.study.plan_result import StudyPlan

_DROPPED: Final = (3, 6)
"""Columns that a narrow terminal does without: full effect, cost per tonne."""
_DROPPED_YEARS: Final = (4, 6, 5)
"""The band, removals, the market-based figure."""
_MONTHS: Final = 12


def plan(site: SiteFile, lang: Lang = None, as_json: AsJson = False) -> None:
    """Show the decarbonisation plan of a site."""
    from mine_energy.io.site_file import read_inputs
    from mine_energy.report.format import Writer
    from mine_energy.study import run_study

    language = check_language(lang)
    inputs = read_inputs(site)
    study = working(language, lambda: run_study(inputs, with_sizing=False))
    made = study.plan
    if made is None:
        raise AssertionError("a study always has a plan")
    country = study.site.site.country
    if as_json:
        put_json(_document(study, made, language))
        return
    _show(study, made, Writer(language=language, country=country))
    said = [finding for finding in made.plan.findings if finding not in made.findings]
    say_findings((*made.findings, *said), language, country)


def _document(study: "Study", made: "StudyPlan", language: "Language") -> dict[str, Any]:
    from mine_energy.io.results import document_of

    country = study.site.site.country
    document = document_of(made)
    document["plan"]["doubts"] = [finding_document(finding, language, country) for finding in made.plan.doubts]
    document["plan"]["findings"] = [finding_document(finding, language, country) for finding in made.plan.findings]
    document["findings"] = [finding_document(finding, language, country) for finding in made.findings]
    return {"schema_version": study.schema_version, "plant": study.site.site.name, **document}


def _show(study: "Study", made: "StudyPlan", w: "Writer") -> None:
    from mine_energy.report.chapters.roadmap_words import about

    plan, currency = made.plan, made.plan.money.currency
    total = sum(part.t_co2e or 0.0 for part in plan.base.slices)
    params = {"plant": study.site.site.name, "first": plan.span.first_year, "last": plan.span.last_year}
    put(fitted(_text("title", w, **params, base_year=plan.base.base_year, base=w.estimate(total, "t CO₂e"))))
    put()
    put(_text("measures", w, currency=currency))
    put_fitted(_measure_rows(made, w), drop=_DROPPED)
    put()
    put(_text("path", w, currency=currency))
    put_fitted(_year_rows(made, w), drop=_DROPPED_YEARS)
    put()
    put(_text("payers", w, currency=currency))
    put_fitted(_payer_rows(made, w))
    put()
    put(_text("doubts" if plan.doubts else "no_doubts", w, count=len(plan.doubts)))
    for doubt in plan.doubts:
        put(fitted(about(doubt, made, w), "  - ", "    "))


def _text(key: str, w: "Writer", **params: Any) -> str:
    from mine_energy import messages

    return messages.text(f"cli.plan.{key}", w.language, w.country, **params)


def _measure_rows(made: "StudyPlan", w: "Writer") -> list[list[str]]:
    from mine_energy.report.chapters.roadmap_words import measure_name

    plan = made.plan
    tasks = {task.key: task for task in plan.tasks}
    blocks = {block.key: block for block in plan.curve}
    taken: dict[str, float] = {}
    for wedge in (*plan.wedges, *plan.certificates, *plan.removals):
        taken[wedge.key] = max(taken.get(wedge.key, 0.0), wedge.t_co2e)
    columns = ("measure", "decided", "works", "full", "capex", "tonnes", "per_tonne")
    rows = [[_text(column, w) for column in columns]]
    for measure in plan.measures:
        task, block = tasks[measure.key], blocks.get(measure.key)
        months = (_month(month, plan.span.first_year) for month in (task.start_month, task.online_month))
        rows.append(
            [
                measure_name(measure.key, made, w) + _class_of(measure, w),
                *months,
                _month(task.full_month, plan.span.first_year),
                w.estimate(measure.capex),
                w.estimate(taken.get(measure.key)),
                w.estimate(block.cost_per_t if block is not None else None),
            ]
        )
    return rows


def _class_of(measure: "PlanMeasure", w: "Writer") -> str:
    return "" if measure.kind == "reduction" else f" ({_text(measure.kind, w)})"


def _month(month: float, first_year: int) -> str:
    """Return a month of the plan as ``2026-07``."""
    years, rest = divmod(int(month), _MONTHS)
    return f"{first_year + years}-{rest + 1:02d}"


def _year_rows(made: "StudyPlan", w: "Writer") -> list[list[str]]:
    columns = ("year", "grid", "taken", "left", "band", "market", "removals", "spent", "budget")
    rows = [[_text(column, w) for column in columns]]
    rows += [_year_row(year, w) for year in made.plan.years]
    budget = made.plan.money.budget
    if budget is not None:
        spent = sum(year.capex_of_budget for year in made.plan.years)
        rows.append([_text("total", w), *("",) * 6, w.estimate(spent), w.estimate(budget)])
    return rows


def _year_row(year: "PlanYear", w: "Writer") -> list[str]:
    values: Sequence[float | None] = (year.market_t_co2e, year.removals_t_co2e, year.capex_of_budget, year.budget)
    return [
        str(year.year),
        w.estimate(year.base_t_co2e + year.factor_effect_t_co2e),
        w.estimate(year.wedges_t_co2e),
        w.estimate(year.location_t_co2e),
        w.span(year.low_t_co2e, year.high_t_co2e),
        *(w.estimate(value) for value in values),
    ]


def _payer_rows(made: "StudyPlan", w: "Writer") -> list[list[str]]:
    from mine_energy.report.chapters.roadmap_words import payer_name

    rows = [[_text(column, w) for column in ("payer", "capex", "opex", "unpriced")]]
    for row in made.plan.payers:
        name = payer_name(row.payer, w) or _text("nobody", w)
        rows.append([name, w.estimate(row.capex), w.estimate(row.opex_per_year), w.number(row.unpriced)])
    return rows
