"""``load baseline``: energy against production, and its record as an energy baseline."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mine_energy import messages
from mine_energy.cli.console import (
    SCHEMA_VERSION,
    AsJson,
    Lang,
    SiteFile,
    check_language,
    finding_document,
    put,
    put_json,
    put_table,
    say_findings,
)
from mine_energy.errors import InputError, Problem

if TYPE_CHECKING:
    from mine_energy.loads import LBEn
    from mine_energy.report.format import Writer

Model = Annotated[
    Literal["absolute", "ratio", "regression"] | None,
    typer.Option("--model", help="cli.help.baseline_model", show_default=False),
]
RecordFile = Annotated[
    Path | None, typer.Option("--out", help="cli.help.baseline_file", metavar="FILE.json", show_default=False)
]


def baseline(
    site: SiteFile, model: Model = None, out: RecordFile = None, lang: Lang = None, as_json: AsJson = False
) -> None:
    """Show energy against production and export it as an energy baseline."""
    from mine_energy.io.results import document_of, write_together
    from mine_energy.io.site_file import read_inputs
    from mine_energy.report.format import Writer
    from mine_energy.study.baseline import production_baseline

    language = check_language(lang)
    inputs = read_inputs(site, for_study=False)
    line, record = production_baseline(inputs, model)
    if line is None or record is None:
        raise InputError([Problem(key="baseline_no_points", file=site.as_posix(), field="production_log")])
    w = Writer(language=language, country=inputs.site.site.country)
    findings = [finding_document(finding, language, w.country) for finding in record.findings]
    document: dict[str, Any] = {"schema_version": SCHEMA_VERSION, **document_of(record), "findings": findings}
    if out is not None:
        write_together(out.parent, {out.name: _bytes(document)})
    if as_json:
        put_json(document)
        return
    put(w.text("production.lben"))
    put_table(_rows(record, w))
    if out is not None:
        put(f"{messages.text('cli.wrote.file', language)}: {out.as_posix()}")
    say_findings(record.findings, language, w.country)


def _bytes(document: dict[str, Any]) -> bytes:
    import json

    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _rows(record: "LBEn", w: "Writer") -> list[list[str]]:
    from mine_energy.report.chapters.production import record_facts

    return [list(pair) for pair in record_facts(record, w)]
