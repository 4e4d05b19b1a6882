"""``size``: the plant that each meaning of "100 %" asks for, with its cost, its proof and its reliability."""

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, cast

import typer

from mine_energy import messages
from mine_energy.cli.console import AsJson, Lang, SiteFile, check_language, put, put_json, say_findings, working
from mine_energy.cli.tables import put_fitted
from mine_energy.cli.terminal import fitted
from mine_energy.errors import Infeasible

if TYPE_CHECKING:
    from mine_energy.report.format import Writer
    from mine_energy.study import Sizing
    from mine_energy.study.inputs import Inputs
    from mine_energy.study.sizing_result import MeaningResult

_SHOWN: Final = 1e-9
_DROPPED: Final = (5, 3, 6)
"""Columns that a narrow terminal does without: the share of the sun, the investment, the set that is always there."""
_SIZE_GENSET: Final = 3

Coverage = Annotated[
    Literal["annual-net", "hourly-self", "offgrid", "least-cost"] | None,
    typer.Option("--coverage", help="cli.help.coverage", show_default=False),
]
Lpsp = Annotated[float | None, typer.Option("--lpsp", min=0, max=0.999, help="cli.help.lpsp", show_default=False)]
Percentile = Annotated[
    float | None, typer.Option("--percentile", min=0.01, max=1, help="cli.help.percentile", show_default=False)
]
Years = Annotated[int | None, typer.Option("--years", min=2, max=1000, help="cli.help.years", show_default=False)]
Ratio = Annotated[float | None, typer.Option("--ratio", min=0.01, max=3, help="cli.help.ratio", show_default=False)]
Budget = Annotated[float | None, typer.Option("--budget", min=1, help="cli.help.budget", show_default=False)]
CheckLp = Annotated[bool, typer.Option("--check-lp", help="cli.help.check_lp")]


def size(
    site: SiteFile,
    coverage: Coverage = None,
    ratio: Ratio = None,
    lpsp: Lpsp = None,
    percentile: Percentile = None,
    years: Years = None,
    budget: Budget = None,
    check_lp: CheckLp = False,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Size the plant for a goal and show the other meanings beside it."""
    from mine_energy.io.results import document_of
    from mine_energy.io.site_file import read_inputs
    from mine_energy.report.format import Writer
    from mine_energy.study import SCHEMA_VERSION, run_sizing_only

    language = check_language(lang)
    changes = {"ratio": ratio, "lpsp": lpsp, "percentile": percentile, "weather_years": years}
    if coverage is not None:
        changes["goal"] = cast("Any", coverage.replace("-", "_"))
    inputs = _asked(read_inputs(site), {key: value for key, value in changes.items() if value is not None}, budget)
    if inputs.site.coverage.goal == "hourly_self" and inputs.site.coverage.hourly_ratio > 1:
        raise typer.BadParameter(messages.text("cli.ratio_over_one", language), param_hint="--ratio")
    made, check = working(language, lambda: run_sizing_only(inputs, check_lp=check_lp))
    if as_json:
        put_json({"schema_version": SCHEMA_VERSION, **document_of(made), "check_lp": check})
        return
    country = inputs.site.site.country
    _show(made, Writer(language=language, country=country))
    if check is not None:
        put(messages.text("cli.size.check_lp", language, country, difference=check))
    elif check_lp:
        put(messages.text("cli.size.no_lp", language))
    refused = [one.refused for one in made.meanings if one.refused is not None]
    say_findings([finding for finding in made.findings if finding not in refused], language, country)
    asked = made.of(made.goal).refused
    if asked is not None:
        raise Infeasible("size_refused", tag=asked.subject)


def _asked(inputs: "Inputs", changes: dict[str, Any], budget: float | None) -> "Inputs":
    """Return the inputs with what the command line asks for in place of the site file's."""
    from dataclasses import replace

    site = inputs.site
    goal = site.coverage.model_copy(update=changes)
    if "goal" in changes and changes["goal"] != site.coverage.goal and "ratio" not in changes:
        # A ratio of the site file belongs to its own goal.
        goal = goal.model_copy(update={"ratio": None})
    update: dict[str, Any] = {"coverage": goal}
    if budget is not None:
        update["finance"] = site.finance.model_copy(update={"budget_usd": budget})
    return replace(inputs, site=site.model_copy(update=update))


def _show(sizing: "Sizing", w: "Writer") -> None:
    from mine_energy.report.chapters.sizing import proof_words

    put(_text("meanings", w, currency=sizing.currency))
    put_fitted(_meaning_rows(sizing, w), drop=_DROPPED, left=(0,))
    put()
    for text in proof_words(sizing, w):
        put(fitted(text, "  ", "    "))
    put()
    for title, rows in (("sold", _size_rows(sizing, w)), ("measures", _saved_rows(sizing, w))):
        if len(rows) > 1:
            put(_text(title, w))
            put_fitted(rows, left=(0,))
            put()
    for line in _lines(sizing, w):
        put(fitted(line, "  ", "    "))


def _text(key: str, w: "Writer", **params: Any) -> str:
    return messages.text(f"cli.size.{key}", w.language, **params)


def _sets(sizing: "Sizing") -> bool:
    """Whether a generator stands in any of the plants."""
    plants = [sizing.base_case, *(one.plant for one in sizing.meanings if one.plant is not None)]
    return any(plant.genset_kw > 0 for plant in plants)


def _meaning_rows(sizing: "Sizing", w: "Writer") -> list[list[str]]:
    heads = ["", "kWp", "kWh", w.text("sizing.investment"), w.text("sizing.annual_cost"), _text("own", w)]
    sets = _sets(sizing)
    rows = [[*heads, *((_text("genset", w), _text("litres_head", w)) if sets else ())]]
    named: list[tuple[str, Any]] = [(w.text("sizing.base"), sizing.base_case)]
    for one in sizing.meanings:
        named.append((_name(one, sizing, w), one.plant))
        if one.starting is not None:
            named.append((_text("starting_row", w), one.starting))
    for name, plant in named:
        if plant is None:
            rows.append([name, *("–",) * (len(rows[0]) - 1)])
            continue
        sizes = (plant.pv_kwp, plant.battery_kwh, plant.investment, plant.annual_cost)
        row = [name, *(w.estimate(v) for v in sizes), w.percent(plant.self_sufficiency, 0)]
        rows.append([*row, *((w.estimate(plant.genset_kw), w.estimate(plant.fuel_l)) if sets else ())])
    return rows


def _name(one: "MeaningResult", sizing: "Sizing", w: "Writer") -> str:
    name = w.text(f"sizing.meaning.{one.key}")
    marks = ("*" if one.key == sizing.goal else "", "†" if one.refused is not None else "")
    return " ".join([name, *(mark for mark in marks if mark)])


def _size_rows(sizing: "Sizing", w: "Writer") -> list[list[str]]:
    rows = [["", "kWp", "kWh", _text("genset", w), w.text("sizing.annual_cost"), _text("above", w)]]
    for one in sizing.meanings:
        plant = one.catalogue
        if plant is not None:
            sizes = (plant.pv_kwp, plant.battery_kwh, plant.genset_kw)
            cost = w.estimate(plant.annual_cost)
            rows.append([_name(one, sizing, w), *(w.number(v, 1) for v in sizes), cost, w.percent(one.above_free)])
    return rows if _sets(sizing) else [[cell for i, cell in enumerate(row) if i != _SIZE_GENSET] for row in rows]


def _saved_rows(sizing: "Sizing", w: "Writer") -> list[list[str]]:
    rows = [["", "kWp", "kWh", w.text("sizing.investment"), w.text("sizing.annual_cost")]]
    for one in sizing.meanings:
        if one.saved is not None:
            found = one.saved
            values = (found.pv_kwp, found.battery_kwh, found.investment, found.annual_cost)
            rows.append([_name(one, sizing, w), *(w.estimate(value) for value in values)])
    return rows


def _lines(sizing: "Sizing", w: "Writer") -> list[str]:
    """Return what the budget buys, litres saved, the years' verdict, and what a refused plant needs."""
    lines, budget, trust = [], sizing.budget, sizing.trust
    currency = sizing.currency
    if budget is not None:
        plant = budget.plant
        lines.append(
            _text(
                "budget",
                w,
                budget=w.money(budget.budget, currency),
                measures=w.money(budget.measures, currency),
                spent=w.money(budget.investment, currency),
                kwp=w.estimate(plant.pv_kwp, "kWp"),
                kwh=w.estimate(plant.battery_kwh, "kWh"),
                cost=w.money(plant.annual_cost, currency),
            )
        )
    if sizing.fuel_saved_l > _SHOWN:
        meaning = w.text(f"sizing.meaning.{sizing.detail}")
        lines.append(_text("litres", w, meaning=meaning, litres=w.estimate(sizing.fuel_saved_l)))
    if trust is not None:
        kept = {"kept": trust.years_kept, "years": trust.years, "limit": w.percent(trust.lpsp_limit)}
        lines.append(_text("trust", w, **kept))
        if trust.battery_p50_kwh is not None:
            kwh = (trust.battery_p10_kwh, trust.battery_p50_kwh, trust.battery_p90_kwh)
            low, middle, high = (w.estimate(value, "kWh") for value in kwh)
            lines.append(_text("batteries", w, p10=low, p50=middle, p90=high))
    for one in sizing.meanings:
        if one.refused is not None:
            name = w.text(f"sizing.meaning.{one.key}")
            lines.append(_text("refused", w, meaning=name, reason=w.finding(one.refused)))
    return lines
