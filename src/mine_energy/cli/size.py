"""``size``: the plant that each meaning of "100 %" asks for, with its cost, its proof and its reliability."""

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, cast

import typer

from mine_energy import messages
from mine_energy.cli.console import AsJson, Lang, SiteFile, check_language, put, put_json, say_findings, working
from mine_energy.cli.tables import put_fitted
from mine_energy.cli.terminal import fitted

if TYPE_CHECKING:
    from mine_energy.report.format import Writer
    from mine_energy.site import Meaning
    from mine_energy.study import Sizing
    from mine_energy.study.inputs import Inputs

_SHOWN: Final = 1e-9

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
    say_findings(made.findings, language, country)


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

    put(messages.text("cli.size.meanings", w.language, currency=sizing.currency))
    put_fitted(_meaning_rows(sizing, w), drop=(7, 6), left=(0,))
    put()
    for text in proof_words(sizing, w):
        put(fitted(text, "  ", "    "))
    put()
    rows = _size_rows(sizing, w)
    if len(rows) > 1:
        put(messages.text("cli.size.sold", w.language))
        put_fitted(rows, left=(0,))
        put()
    for line in _lines(sizing, w):
        put(fitted(line, "  ", "    "))


def _meaning_rows(sizing: "Sizing", w: "Writer") -> list[list[str]]:
    heads = ["", "kWp", "kWh", "kW", w.text("sizing.investment"), w.text("sizing.annual_cost")]
    rows = [[*heads, w.text("sizing.own"), w.text("sizing.litres")]]
    named: list[tuple[str, Any]] = [(w.text("sizing.base"), sizing.base_case)]
    named += [(_name(one.key, sizing, w), one.plant) for one in sizing.meanings]
    for name, plant in named:
        if plant is None:
            rows.append([name, *("–",) * 7])
            continue
        sizes = (plant.pv_kwp, plant.battery_kwh, plant.genset_kw, plant.investment, plant.annual_cost)
        rows.append(
            [name, *(w.estimate(v) for v in sizes), w.percent(plant.self_sufficiency, 0), w.estimate(plant.fuel_l)]
        )
    rows[0][3] = w.text("sizing.genset")
    return rows


def _name(key: "Meaning", sizing: "Sizing", w: "Writer") -> str:
    name = w.text(f"sizing.meaning.{key}")
    return f"{name} *" if key == sizing.goal else name


def _size_rows(sizing: "Sizing", w: "Writer") -> list[list[str]]:
    rows = [["", "kWp", "kWh", w.text("sizing.genset"), w.text("sizing.annual_cost"), w.text("sizing.above")]]
    for one in sizing.meanings:
        plant = one.catalogue
        if plant is not None:
            sizes = (plant.pv_kwp, plant.battery_kwh, plant.genset_kw)
            cost = w.estimate(plant.annual_cost)
            rows.append([_name(one.key, sizing, w), *(w.number(v, 1) for v in sizes), cost, w.percent(one.above_free)])
    return rows


def _lines(sizing: "Sizing", w: "Writer") -> list[str]:
    """Return what the measures saved, what the budget buys, litres saved and the years' verdict."""
    lines, saved, budget, trust = [], sizing.saved, sizing.budget, sizing.trust
    currency = sizing.currency
    if saved is not None:
        lines.append(
            messages.text(
                "cli.size.saved",
                w.language,
                kwp=w.estimate(saved.pv_kwp, "kWp"),
                kwh=w.estimate(saved.battery_kwh, "kWh"),
                cost=w.money(saved.annual_cost, currency),
            )
        )
    if budget is not None:
        plant = budget.plant
        lines.append(
            messages.text(
                "cli.size.budget",
                w.language,
                budget=w.money(budget.budget, currency),
                kwp=w.estimate(plant.pv_kwp, "kWp"),
                kwh=w.estimate(plant.battery_kwh, "kWh"),
                cost=w.money(plant.annual_cost, currency),
            )
        )
    if sizing.fuel_saved_l > _SHOWN:
        lines.append(messages.text("cli.size.litres", w.language, litres=w.estimate(sizing.fuel_saved_l)))
    if trust is not None:
        lines.append(
            messages.text(
                "cli.size.trust",
                w.language,
                kept=trust.years_kept,
                years=trust.years,
                limit=w.percent(trust.lpsp_limit),
            )
        )
    return lines
