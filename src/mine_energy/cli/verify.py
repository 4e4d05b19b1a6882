"""``verify-pack``: the trail of a year's Scope 2 that a verifier follows, from every bill or reading to the tonnes."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mine_energy import messages
from mine_energy.cli.console import (
    AsJson,
    Lang,
    OutDir,
    SiteFile,
    check_language,
    finding_document,
    put,
    put_json,
    put_table,
    say_findings,
    working,
)
from mine_energy.errors import InputError, Problem

if TYPE_CHECKING:
    from mine_energy.emissions import VerifyPack
    from mine_energy.report.blocks import Block
    from mine_energy.report.format import Writer
    from mine_energy.study import Study

_RECORDS: Final = "records.csv"
_TEXT: Final = "verify_pack.txt"
_JSON: Final = "verify_pack.json"
_BOM: Final = b"\xef\xbb\xbf"
"""Tells a worksheet that a text is UTF-8."""


def verify_pack(site: SiteFile, out: OutDir = None, lang: Lang = None, as_json: AsJson = False) -> None:
    """Write the verifier's record of a site's Scope 2 in a folder: records, text and JSON."""
    from mine_energy.io.results import write_together
    from mine_energy.io.site_file import read_inputs
    from mine_energy.report.format import Writer
    from mine_energy.study import run_study

    language = check_language(lang)
    inputs = read_inputs(site)
    study = working(language, lambda: run_study(inputs, with_sizing=False))
    record = None if study.carbon is None else study.carbon.record
    if record is None:
        raise InputError([Problem(key="verify_nothing_bought", file=site.name, field="connection.kind")])
    w = Writer(language=language, country=study.site.site.country)
    document = _document(study, record, w)
    files = {_RECORDS: _records(record, w), _TEXT: _readable(study, record, w), _JSON: _bytes(document)}
    folder = out or Path("results") / site.stem / "verify"
    write_together(folder, files)
    paths = {name: (folder / name).as_posix() for name in files}
    if as_json:
        put_json({"schema_version": study.schema_version, "files": paths, **document})
        return
    put(study.site.site.name)
    put_table(_summary(record, w))
    put()
    for path in paths.values():
        put(f"  {messages.text('cli.wrote.file', language)}: {path}")
    say_findings(record.findings, language, w.country)


def _document(study: "Study", record: "VerifyPack", w: "Writer") -> dict[str, Any]:
    from mine_energy.io.results import document_of

    found = document_of(record)
    found["findings"] = [finding_document(finding, w.language, w.country) for finding in record.findings]
    return {
        "schema_version": study.schema_version,
        "mine_energy_version": study.mine_energy_version,
        "plant": study.site.site.name,
        "record": found,
        "inputs": [{"name": file.name, "sha256": file.sha256} for file in study.inputs],
    }


def _bytes(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _records(record: "VerifyPack", w: "Writer") -> bytes:
    """Return the records as the worksheets of the language open them: ``;`` and a decimal comma, or ``,`` and a point.

    Energies are whole to the watt-hour, without thousands marks.
    """
    comma = "," in messages.number(0.5, 1, w.language, w.country)
    text = io.StringIO()
    table = csv.writer(text, delimiter=";" if comma else ",", lineterminator="\r\n")
    columns = ("meter", "site", "start", "end", "days", "import_kwh", "evidence", "document")
    table.writerow([messages.text(f"cli.verify.{column}", w.language) for column in columns])
    for one in record.records:
        energy = f"{one.import_kwh:.3f}"
        days = (one.period_end - one.period_start).days + 1
        dates = (one.period_start.isoformat(), one.period_end.isoformat())
        kwh = energy.replace(".", ",") if comma else energy
        table.writerow([one.meter, one.site, *dates, days, kwh, w.word("evidence", one.evidence), one.document])
    return _BOM + text.getvalue().encode()


def _readable(study: "Study", record: "VerifyPack", w: "Writer") -> bytes:
    from mine_energy.cli.plain import plain
    from mine_energy.report.blocks import Block, Facts, Heading, Paragraph
    from mine_energy.report.chapters import carbon_factors, carbon_market, carbon_record

    factors = carbon_factors.factor_list(study, w)
    elsewhere = Paragraph(text=w.text("carbon.record_files"), tone="quiet")
    title = messages.text("cli.verify.title", w.language, w.country, plant=study.site.site.name)
    files = Facts(pairs=[(file.name, file.sha256) for file in study.inputs])
    blocks: list[Block] = [
        *carbon_record.label(study, w),
        *(_exact(block, record, w) for block in carbon_record.blocks(study, w) if block != elsewhere),
        *carbon_market.blocks(study, factors, w),
        *carbon_factors.factor_blocks(study, factors, w),
        Heading(text=messages.text("cli.verify.inputs", w.language)),
        files,
    ]
    made = f"mine-energy {study.mine_energy_version}"
    return ("\n".join((title, "=" * len(title), made, *plain(blocks))) + "\n").encode()


def _exact(block: "Block", record: "VerifyPack", w: "Writer") -> "Block":
    """Return the table of the evidence with every digit that its papers have; any other block as it is."""
    from mine_energy.report.blocks import Table

    if not isinstance(block, Table) or block.id != "evidence":
        return block
    rows = [
        (meter, period, w.number(one.import_kwh, 1), *rest)
        for (meter, period, _, *rest), one in zip(block.rows, record.records, strict=True)
    ]
    first, second, _, *rest = block.foot
    return replace(block, rows=rows, foot=(first, second, w.number(record.evidence_kwh, 1), *rest))


def _summary(record: "VerifyPack", w: "Writer") -> list[list[str]]:
    def text(key: str) -> str:
        return messages.text(f"cli.verify.{key}", w.language)

    shares = ", ".join(f"{w.word('evidence', kind)} {w.percent(share, 0)}" for kind, share in record.evidence_shares)
    return [
        [text("label"), w.word("record_label", record.label)],
        [text("year"), str(record.year)],
        [text("meters"), ", ".join(record.boundary.meters)],
        [text("evidence_kwh"), w.estimate(record.evidence_kwh, "kWh")],
        [text("shares"), shares],
        [text("location"), w.estimate(record.reported_location_t_co2e, "t CO₂e")],
        [text("market"), w.estimate(record.reported_market_t_co2e, "t CO₂e")],
        [text("quality"), w.word("data_quality", record.data_quality)],
        [text("uncertainty"), f"± {w.percent(record.uncertainty.combined)}"],
    ]
