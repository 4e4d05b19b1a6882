"""``audit``: where the energy goes, what can be saved by cause, what to do with each motor, and what the meter says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mine_energy import messages
from mine_energy.cli.console import (
    AsJson,
    Lang,
    SiteFile,
    check_language,
    put,
    put_json,
    put_table,
    say_findings,
    working,
)
from mine_energy.messages import Language

if TYPE_CHECKING:
    from mine_energy.audit import AuditResult
    from mine_energy.report.format import Writer

Rows = list[list[str]]


def audit(site: SiteFile, lang: Lang = None, as_json: AsJson = False) -> None:
    """Show where the energy goes, what measures would save, and what the meter says of it."""
    from mine_energy.io.results import document_of
    from mine_energy.io.site_file import read_inputs
    from mine_energy.report import summary
    from mine_energy.report.format import Writer
    from mine_energy.study import SCHEMA_VERSION, run_audit

    language = check_language(lang)
    inputs = read_inputs(site)
    result = working(language, lambda: run_audit(inputs))
    country = inputs.site.site.country
    if as_json:
        put_json({"schema_version": SCHEMA_VERSION, **document_of(result)})
        return
    w = Writer(language=language, country=country)
    put(messages.text("cli.end_uses", language))
    put_table(summary.end_use_table(result, language, country))
    _section("savings", _saving_rows(result, w), language, left=2)
    _section("bands", _band_rows(result, w), language)
    _section("decisions", _decision_rows(result, w), language, left=2)
    _section("gaps", _gap_rows(result, w), language, left=3)
    put(messages.text("cli.reconciliation", language))
    put_table(_reconciliation_rows(result, w))
    say_findings(result.findings, language, country)


def _section(name: str, rows: Sequence[Sequence[str]], language: Language, left: int = 1) -> None:
    """Print a table under its title; nothing where it has no rows below the headings."""
    if len(rows) > 1:
        put(messages.text(f"cli.{name}", language))
        put_table(rows, left=left)


def _saving_rows(result: "AuditResult", w: "Writer") -> Rows:
    """Return savings by cause and measure, in the order in which they are applied."""
    names = [w.label(key) for key in ("saving_cause", "measure", "machines")]
    rows = [[*names, "kWh", w.text("measures.band"), w.text("measures.share"), _word("per_year", w)]]
    rows += [
        [
            w.word("saving_cause", cause.cause),
            w.word("measure", cause.measure),
            str(cause.machines),
            w.estimate(cause.energy_kwh_per_year),
            w.span(cause.energy_low_kwh_per_year, cause.energy_high_kwh_per_year),
            w.percent(cause.share),
            w.money(cause.value_per_year, cause.currency),
        ]
        for cause in result.savings_by_cause
    ]
    if len(rows) == 1:
        return [*rows, [w.text("measures.none"), *[""] * 6]]
    total = sum(cause.energy_kwh_per_year for cause in result.savings_by_cause)
    base = result.energy_kwh_per_year
    return [*rows, [w.text("total"), "", "", w.estimate(total), "", w.percent(total / base if base else None), ""]]


def _band_rows(result: "AuditResult", w: "Writer") -> Rows:
    """Return P10, P50 and P90 of the plant's energy, of the savings and of their net present value."""
    found = result.uncertainty
    if found is None:
        return []
    bands = [("band_plant", found.plant.energy_kwh, "kWh"), ("band_saving", found.saving.energy_kwh, "kWh")]
    if found.money is not None:
        bands.append(("band_npv", found.money.total.npv, found.money.currency))
    return [
        ["", "P10", "P50", "P90"],
        *([f"{_word(key, w)} ({unit})", *(w.estimate(v) for v in (b.p10, b.p50, b.p90))] for key, b, unit in bands),
    ]


def _decision_rows(result: "AuditResult", w: "Writer") -> Rows:
    """Return what to do with each motor, and the net present value of the option chosen."""
    rows = [[w.label("tag"), _word("decision", w), "kWh", f"{w.label('npv_usd')} (USD)"]]
    for one in result.decisions:
        chosen = next((option for option in one.options if option.key == one.chosen), None)
        rows.append(
            [
                one.tag,
                w.word("decision", one.chosen),
                w.estimate(chosen.saved_kwh_per_year if chosen else None),
                w.estimate(chosen.npv_usd if chosen else None),
            ]
        )
    return rows


def _gap_rows(result: "AuditResult", w: "Writer") -> Rows:
    return [
        [w.label("measure"), w.label("tag"), _word("what_to_measure", w)],
        *([w.word("measure", gap.measure), ", ".join(gap.tags), w.finding(gap.reason)] for gap in result.gaps),
    ]


def _reconciliation_rows(result: "AuditResult", w: "Writer") -> Rows:
    found = result.reconciliation
    if found.status != "compared":
        return [[w.text(f"reconciliation.{found.status}")]]
    rows = [
        [w.text("reconciliation.days"), w.estimate(found.days)],
        [w.text("reconciliation.metered"), w.estimate(found.metered_kwh, "kWh")],
        [w.text("reconciliation.inventory"), w.estimate(found.inventory_kwh, "kWh")],
        [w.text("reconciliation.gap_share"), w.percent(found.gap_fraction)],
    ]
    if result.reconciled is not None:
        rows += [
            [w.word("process", use.process), w.span(use.band_kwh.p10, use.band_kwh.p90, "kWh")]
            for use in result.reconciled.uses
        ]
    return rows


def _word(key: str, w: "Writer") -> str:
    return messages.text(f"cli.audit.{key}", w.language)
