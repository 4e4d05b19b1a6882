"""``audit``: where the energy goes, what can be saved by cause, what to do with each motor, and what the meter says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from mine_energy import messages
from mine_energy.cli.console import (
    AsJson,
    Lang,
    SiteFile,
    check_language,
    put,
    put_json,
    say_findings,
    working,
)
from mine_energy.cli.tables import put_fitted
from mine_energy.cli.terminal import fitted

if TYPE_CHECKING:
    from mine_energy.audit import AuditResult
    from mine_energy.audit.result import VerificationPlan
    from mine_energy.report.format import Writer
    from mine_energy.study.inputs import Inputs

Rows = list[list[str]]
_STEPS: Final = 8
"""Steps of the supply curve on the screen; the report has them all."""
_TAGS: Final = 3


def audit(site: SiteFile, lang: Lang = None, as_json: AsJson = False) -> None:
    """Show where the energy goes, what measures would save, and what the meter says of it."""
    from mine_energy.io.results import document_of
    from mine_energy.io.site_file import read_inputs
    from mine_energy.report import summary
    from mine_energy.report.format import Writer
    from mine_energy.study import SCHEMA_VERSION

    language = check_language(lang)
    inputs = read_inputs(site)
    result = working(language, lambda: _audited(inputs))
    country = inputs.site.site.country
    if as_json:
        put_json({"schema_version": SCHEMA_VERSION, **document_of(result)})
        return
    w = Writer(language=language, country=country)
    say_findings((f for f in inputs.findings if f.key == "site_example"), language, country)
    _section("end_uses", summary.end_use_table(result, language, country), w)
    _section("reconciliation", _reconciliation_rows(result, w), w, plain=True)
    _section("bands", _band_rows(result, w), w)
    if result.uncertainty is not None and result.network:
        put(fitted(w.text("uncertainty.network"), "  ", "  ") + "\n")
    _section("savings", _saving_rows(result, w), w, left=(0, 1), wrap=1, drop=(0, 2, 5))
    _section("supply", _supply_rows(result, w), w, left=(0, 1, 5), wrap=1, drop=(5, 3))
    _section("decisions", _decision_rows(result, w), w, left=(0, 1), wrap=1)
    _section("verification", _verification_rows(result, w), w, left=(0, 1, 2, 3), wrap=0, drop=(3,))
    _gaps(result, w)
    say_findings(result.findings, language, country)


def _audited(inputs: "Inputs") -> "AuditResult":
    """Return the audit, its verification plans aware of how well energy follows production where that is known."""
    from mine_energy.study import run_audit
    from mine_energy.study.baseline import records_of, verified

    result = run_audit(inputs)
    return verified(result, records_of(inputs, result.load_before))


def _section(
    name: str,
    rows: Sequence[Sequence[str]],
    w: "Writer",
    *,
    left: Sequence[int] = (0,),
    wrap: int = 0,
    drop: Sequence[int] = (),
    plain: bool = False,
) -> None:
    """Print a table under its title; nothing where it has no rows below the headings (a plain one has no headings)."""
    if len(rows) > (0 if plain else 1):
        put(messages.text(f"cli.{name}", w.language))
        put_fitted(rows, left=left, wrap=wrap, drop=drop)
        put()


def _gaps(result: "AuditResult", w: "Writer") -> None:
    """Print the measures that could not be looked at as sentences: what to measure is too long for a column."""
    if result.gaps:
        put(messages.text("cli.gaps", w.language))
    for gap in result.gaps:
        about = f" ({', '.join(gap.tags)})" if gap.tags else ""
        put(fitted(f"{w.word('measure', gap.measure)}{about}: {w.finding(gap.reason)}", "  ", "    "))


def _saving_rows(result: "AuditResult", w: "Writer") -> Rows:
    """Return savings by cause and measure, in the order in which they are applied."""
    names = [w.label(key) for key in ("saving_cause", "measure", "machines")]
    rows = [[*names, "kWh", w.text("measures.band"), "%", _word("per_year", w)]]
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
    share = w.percent(total / base if base else None)
    return [*rows, [w.text("total"), w.text("total"), "", w.estimate(total), "", share, ""]]


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


def _supply_rows(result: "AuditResult", w: "Writer") -> Rows:
    """Return the cheapest saved kWh, in their order."""
    heads = [w.label("tag"), w.label("measure"), "kWh", _word("cumulative", w), "USD/kWh", w.text("supply.basis")]
    steps = result.supply_curve
    rows = [
        [
            step.tag,
            w.word("measure", step.measure),
            w.estimate(step.energy_kwh_per_year),
            w.estimate(step.cumulative_kwh_per_year),
            w.estimate(step.cce_usd_per_kwh, digits=2),
            w.text(f"supply.{step.basis}"),
        ]
        for step in steps[:_STEPS]
    ]
    if len(steps) > _STEPS:
        rows.append(["", messages.text("cli.audit.more", w.language, count=len(steps) - _STEPS), "", "", "", ""])
    return [heads, *rows]


def _verification_rows(result: "AuditResult", w: "Writer") -> Rows:
    """Return how each measure is verified, the machines of one way together; the uncertainty is the largest of them."""
    together: dict[tuple[str, ...], list[VerificationPlan]] = {}
    for plan in result.verification:
        way = (plan.measure, plan.option, plan.instrument, str(plan.days))
        together.setdefault(way, []).append(plan)
    heads = [w.label("measure"), w.label("machines"), "IPMVP", w.text("verification.instrument")]
    rows = [
        [
            w.word("measure", measure),
            _tags([plan.tag for plan in plans], w),
            option,
            w.word("verification_instrument", instrument),
            days,
            _largest([plan.uncertainty for plan in plans], w),
        ]
        for (measure, option, instrument, days), plans in together.items()
    ]
    return [[*heads, w.text("verification.days"), _word("uncertainty", w)], *rows]


def _largest(uncertainties: Sequence[float | None], w: "Writer") -> str:
    """Return the largest of some uncertainties; a dash where none is known."""
    known = [one for one in uncertainties if one is not None]
    return f"±{w.percent(max(known), 0)}" if known else w.percent(None)


def _tags(tags: Sequence[str], w: "Writer") -> str:
    """Return up to three tags, and how many more there are."""
    shown = ", ".join(tags[:_TAGS])
    more = len(tags) - _TAGS
    return f"{shown} +{more}" if more > 0 else shown


def _reconciliation_rows(result: "AuditResult", w: "Writer") -> Rows:
    from mine_energy.report.chapters.reconciliation import metered_label, record_label

    found = result.reconciliation
    if found.status != "compared":
        return [[w.text(f"reconciliation.{found.status}")]]
    rows = [
        [record_label(result, w), w.estimate(found.days)],
        [metered_label(result, w), w.estimate(found.metered_kwh, "kWh")],
        *([[w.text("network.losses"), w.estimate(found.losses_kwh, "kWh")]] if found.losses_kwh else []),
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
