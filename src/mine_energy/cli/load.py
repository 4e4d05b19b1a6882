"""The plant's load from its meter: ``load check`` says what the reader understood, ``load profile`` what it shows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mine_energy import messages
from mine_energy.cli.baseline import baseline
from mine_energy.cli.console import (
    SCHEMA_VERSION,
    AsJson,
    Lang,
    check_language,
    finding_document,
    language_only,
    problem_document,
    put,
    put_json,
    put_table,
    say_findings,
    working,
)
from mine_energy.errors import InputError, Problem
from mine_energy.messages import Language

if TYPE_CHECKING:
    from mine_energy.io.meter_view import MeterView
    from mine_energy.loads import PowerQuality
    from mine_energy.loads.analysis import LoadAnalysis
    from mine_energy.loads.power_quality import Rules
    from mine_energy.report.format import Writer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.callback()(language_only)

MeterFile = Annotated[Path, typer.Argument(help="cli.help.meter_file", metavar="FILE", show_default=False)]
Target = Annotated[Path, typer.Argument(help="cli.help.load_target", metavar="FILE|SITE.toml", show_default=False)]
Sheet = Annotated[str, typer.Option("--sheet", help="cli.option.sheet", metavar="NAME", show_default=False)]
Unit = Annotated[str, typer.Option("--unit", help="cli.option.unit", metavar="kW|kWh|...", show_default=False)]
Quantity = Annotated[
    str, typer.Option("--quantity", help="cli.option.quantity", metavar="energy|power|register", show_default=False)
]
Stamps = Annotated[str, typer.Option("--stamps", help="cli.option.stamps", metavar="start|end", show_default=False)]
DateOrder = Annotated[
    str, typer.Option("--date-order", help="cli.option.date_order", metavar="dmy|mdy|ymd", show_default=False)
]
Decimal = Annotated[str, typer.Option("--decimal", help="cli.option.decimal", metavar=".|,", show_default=False)]
CtRatio = Annotated[float, typer.Option("--ct-ratio", help="cli.option.ct_ratio", metavar="N")]
VtRatio = Annotated[float, typer.Option("--vt-ratio", help="cli.option.vt_ratio", metavar="N")]
Nominal = Annotated[
    float, typer.Option("--nominal-voltage", help="cli.option.nominal_voltage", metavar="V", min=0, show_default=False)
]
Gaps = Annotated[str, typer.Option("--gaps", help="cli.option.gaps", metavar="refuse|mark")]
Marks = Annotated[str, typer.Option("--country", help="cli.option.country", metavar="CO|PE")]
_ENERGY_UNITS: Final = {"power": "kW", "energy": "kWh", "register": "kWh"}


@app.command("check", help="cli.help.load_check")
def check(
    file: MeterFile,
    sheet: Sheet = "",
    unit: Unit = "",
    quantity: Quantity = "",
    stamps: Stamps = "",
    date_order: DateOrder = "",
    decimal: Decimal = "",
    ct_ratio: CtRatio = 1.0,
    vt_ratio: VtRatio = 1.0,
    gaps: Gaps = "refuse",
    nominal_voltage: Nominal = 0.0,
    country: Marks = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Say what the reader understood of a meter's file, or why it refuses it."""
    from mine_energy.io.meter_view import view_meter
    from mine_energy.report.format import Writer
    from mine_energy.report.looked import meter_rows

    language = check_language(lang)
    words = {"unit": unit, "quantity": quantity, "stamps": stamps, "date_order": date_order, "decimal": decimal}
    hints: dict[str, str | float] = {"ct_ratio": ct_ratio, "vt_ratio": vt_ratio, "gaps": gaps}
    hints |= {name: word for name, word in words.items() if word}
    try:
        rules: Rules = "PE" if country == "PE" else "CO"
        nominal = nominal_voltage or None
        view = working(language, lambda: view_meter(file, sheet=sheet, nominal_voltage_v=nominal, rules=rules, **hints))
    except InputError as error:
        if not as_json:
            raise
        problems = [problem_document(problem, language) for problem in error.problems]
        put_json({"schema_version": SCHEMA_VERSION, "ok": False, "problems": problems})
        raise typer.Exit(error.exit_code) from None
    if as_json:
        put_json(_view_document(view, language, country))
        return
    put(messages.text("cli.load.understood", language, file=view.file))
    put_table(meter_rows(view, Writer(language=language, country=country)), left=2)
    if view.power_quality is not None:
        for title, rows in _quality_tables(view.power_quality, language, country):
            put(title)
            put_table(rows)
    say_findings(view.findings, language, country)


def _view_document(view: "MeterView", language: Language, country: str) -> dict[str, Any]:
    from mine_energy.io.results import document_of

    found = document_of(view)
    findings = [finding_document(finding, language, country) for finding in view.findings]
    return {"schema_version": SCHEMA_VERSION, "ok": True, **found, "findings": findings}


def _quality_tables(found: "PowerQuality", language: Language, country: str) -> list[tuple[str, list[list[str]]]]:
    """Return what a file says about the quality of the supply, with the words of the report."""
    from mine_energy.report.chapters.quality_phases import event_rows
    from mine_energy.report.format import Writer

    w = Writer(language=language, country=country)

    def heads(*keys: str, unit: str = "") -> list[str]:
        return [w.text("quality.phase"), *(w.text(f"quality.{key}") + unit for key in keys)]

    volts = [[*heads("low", "mean", "high", unit=" (V)"), w.text("quality.outside")]]
    volts += [
        [
            one.phase or one.heading,
            *(w.number(v, 1) for v in (one.low_v, one.mean_v, one.high_v)),
            w.percent(one.outside),
        ]
        for one in found.voltages
    ]
    distorted = [heads("thd_of", "p95", "high", "over")]
    distorted += [
        [
            one.phase or one.heading,
            w.text(f"quality.of_{one.of}"),
            *(w.percent(share) for share in (one.p95, one.highest, one.over)),
        ]
        for one in found.distortion
    ]
    amps = [heads("mean", "p95", "high", unit=" (A)")]
    amps += [
        [one.phase or one.heading, *(w.number(a, 1) for a in (one.mean_a, one.p95_a, one.high_a))]
        for one in found.currents
    ]
    events = [[w.text("quantity"), w.text("quality.value"), w.text("quality.limit")], *map(list, event_rows(found, w))]
    tables = (("voltage", volts), ("thd", distorted), ("events", events), ("current", amps))
    return [(w.text(f"quality.{name}_caption"), rows) for name, rows in tables if len(rows) > 1]


app.command("baseline", help="cli.help.load_baseline")(baseline)


@app.command("profile", help="cli.help.load_profile")
def profile(
    target: Target, sheet: Sheet = "", country: Marks = "CO", lang: Lang = None, as_json: AsJson = False
) -> None:
    """Show what a load record shows: kinds of day, base load, demand, power factor, reactive excess."""
    from mine_energy.io.results import document_of

    language = check_language(lang)
    found, marks = working(language, lambda: _analysed(target, sheet, country))
    if as_json:
        findings = [finding_document(finding, language, marks) for finding in found.findings]
        put_json({"schema_version": SCHEMA_VERSION, **document_of(found), "findings": findings})
        return
    put(f"{found.label} ({messages.text(f'cli.load.origin_{found.origin}', language)})")
    for title, rows in _profile_tables(found, language, marks):
        put(title)
        put_table(rows)
    say_findings(found.findings, language, marks)


def _analysed(target: Path, sheet: str, country: str) -> "tuple[LoadAnalysis, str]":
    """Return the analysis of a meter's file, or of the load of a site, and the country of its marks."""
    from dataclasses import replace

    from mine_energy.loads.analysis import analyse

    if target.suffix.lower() != ".toml":
        from mine_energy.io.meters import read_meter
        from mine_energy.loads import quality_findings

        metered = read_meter(target, sheet=sheet)
        found = analyse(metered)
        return replace(found, findings=(*metered.findings, *quality_findings(metered), *found.findings)), country
    from mine_energy.io.site_file import read_inputs
    from mine_energy.loads import build_load

    inputs = read_inputs(target, for_study=False)
    load = inputs.load
    if load is None:
        if inputs.inventory is None:
            raise InputError([Problem(key="audit_nothing_to_audit", file=str(target), field="inventory")])
        load, _ = build_load(inputs.site, inputs.inventory, inputs.site.emissions.activity_year)
    found = analyse(load, inputs.site)
    example = (one for one in inputs.findings if one.key == "site_example")
    return replace(found, findings=(*example, *load.findings, *found.findings)), inputs.site.site.country


def _profile_tables(found: "LoadAnalysis", language: Language, country: str) -> list[tuple[str, list[list[str]]]]:
    from mine_energy.report.format import Writer

    w = Writer(language=language, country=country)

    def name(key: str) -> str:
        return messages.text(f"cli.load.{key}", language)

    def shown(value: float | None, decimals: int, unit: str = "") -> str:
        # A meter's figures are exact to its digits; what was built or repeated is an estimate.
        return w.number(value, decimals, unit) if found.origin == "metered" else w.estimate(value, unit)

    whole = [
        [name("step"), w.estimate(found.step_minutes, "min", digits=4)],
        [name("days"), w.number(found.days)],
        [name("energy"), shown(found.energy_kwh, 2, "kWh")],
        [name("mean"), shown(found.mean_kw, 2, "kW")],
        [name("peak"), shown(found.peak_kw, 2, "kW")],
        [name("peak_at"), found.peak_at],
        [name("load_factor"), w.percent(found.load_factor, 2 if found.origin == "metered" else 0)],
        [name("night"), w.estimate(found.night_kw, "kW")],
        [name("sunday"), w.estimate(found.sunday_kw, "kW")],
        *_reactive_rows(found, shown, name),
    ]
    kinds = [[name("day_kind"), name("days"), f"kWh/{name('day')}", f"± kWh/{name('day')}"]]
    kinds += [
        [
            name(f"day_{k.kind}"),
            w.number(k.days),
            w.estimate(k.kwh_per_day),
            w.estimate(round(k.sd_kwh_per_day, 3)),
        ]
        for k in found.day_types
    ]
    months = [[name("month"), "kWh", "kW", name("covered")]]
    months += [
        [f"{m.year}-{m.month:02d}", shown(m.energy_kwh, 0), shown(m.demand_kw, 2), w.percent(m.covered, 0)]
        for m in found.demand
    ]
    return [
        (name("record"), whole),
        (name("duration"), _duration_rows(found, shown, w)),
        (name("day_types"), [*kinds, *_comparison_rows(found, w, name)]),
        (messages.text("cli.load.demand", language, minutes=f"{found.demand_minutes:g}"), months),
    ]


_DURATION_SHARES: Final = (0.0, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


def _duration_rows(found: "LoadAnalysis", shown: Any, w: "Writer") -> list[list[str]]:
    """Return the power that is reached or passed during some shares of the time."""
    curve = {round(float(s), 3): float(kw) for s, kw in zip(found.duration_share, found.duration_kw, strict=True)}
    return [
        [w.percent(share, 0), shown(curve[share], 2, "kW"), w.percent(curve[share] / found.peak_kw, 0)]
        for share in _DURATION_SHARES
        if share in curve and found.peak_kw > 0
    ]


def _comparison_rows(found: "LoadAnalysis", w: "Writer", name: Any) -> list[list[str]]:
    """Return how many days the calendar and the energy agree on; nothing where the energy shows one kind of day."""
    compared = found.comparison
    if compared is None or not compared.agreeing_days + compared.contrary_days:
        return []
    return [
        [name("agreeing"), w.number(compared.agreeing_days), "", ""],
        [name("contrary"), w.number(compared.contrary_days), "", ""],
    ]


def _reactive_rows(found: "LoadAnalysis", shown: Any, name: Any) -> list[list[str]]:
    reactive = found.reactive
    if reactive is None:
        return []
    return [
        [name("power_factor"), shown(reactive.power_factor, 4)],
        [name("reactive_energy"), shown(reactive.lagging_kvarh, 2, "kvarh")],
        [name("leading"), shown(reactive.leading_kvarh, 2, "kvarh")],
        [name("excess_CO"), shown(reactive.colombia_excess_kvarh, 0, "kvarh")],
        [name("excess_PE"), shown(reactive.peru_excess_kvarh, 0, "kvarh")],
    ]
