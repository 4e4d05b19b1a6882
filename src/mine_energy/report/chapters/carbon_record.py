"""A verifier's record in the report: label, boundary, evidence by meter and period, quality, uncertainty, rule."""

from collections.abc import Iterator, Sequence

from mine_energy.emissions import VerifyPack
from mine_energy.errors import Finding
from mine_energy.report.blocks import Block, Bullets, Cell, Facts, Heading, Paragraph, Table
from mine_energy.report.chapters.marks import SOFT_ORIGINS
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study

_SAID = frozenset({"emissions_record_reconstructed", "emissions_no_gas_split"})
"""Findings that the label and the facts say already."""


def label(study: Study, w: Writer) -> Iterator[Block]:
    """Yield what these tonnes are: an inventory, or an estimate that a verifier cannot take for one."""
    record = study.carbon.record if study.carbon else None
    if record is not None and record.label == "estimate_not_an_inventory":
        yield Paragraph(
            title=w.text("carbon.estimate_title"),
            text=w.text("carbon.estimate", share=w.percent(dict(record.evidence_shares).get("reconstructed", 0.0), 0)),
            tone="assumed",
        )


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the record of today's Scope 2."""
    record = study.carbon.record if study.carbon else None
    if record is None:
        return
    yield Heading(text=w.text("carbon.record_title", year=record.year))
    yield Facts(pairs=[*_boundary(record, w), *_quality(record, w)])
    yield _evidence(record, w)
    found = [finding for finding in record.findings if finding.key not in _SAID]
    if found:
        yield Bullets(items=_sentences(found, w))
    yield Paragraph(text=w.text("carbon.record_files"), tone="quiet")


def _boundary(record: VerifyPack, w: Writer) -> Iterator[tuple[str, str | Cell]]:
    boundary = record.boundary
    yield w.text("carbon.record_label"), Cell(text=w.word("record_label", record.label))
    yield w.text("carbon.organisation"), boundary.organisation or NOTHING
    approach = w.word("consolidation", boundary.consolidation)
    if boundary.consolidation == "equity_share":
        approach = f"{approach}, {w.percent(boundary.equity_share)}"
    yield w.text("carbon.consolidation"), approach
    yield w.text("carbon.sites"), ", ".join(boundary.sites) or NOTHING
    yield w.text("carbon.meters"), ", ".join(boundary.meters) or NOTHING
    left_out = "; ".join(f"{name} ({reason})" for name, reason in boundary.left_out)
    yield w.text("carbon.left_out"), left_out or w.text("carbon.none_left_out")
    yield f"{w.label('location_t_co2e')}", w.estimate(record.reported_location_t_co2e, "t CO₂e")
    yield f"{w.label('market_t_co2e')}", w.estimate(record.reported_market_t_co2e, "t CO₂e")


def _quality(record: VerifyPack, w: Writer) -> Iterator[tuple[str, str | Cell]]:
    shares = (f"{w.word('evidence', kind)} {w.percent(share, 0)}" for kind, share in record.evidence_shares)
    yield w.text("carbon.evidence_shares"), ", ".join(shares) or NOTHING
    grade = w.word("data_quality", record.data_quality)
    yield w.text("carbon.data_quality"), Cell(text=grade, tone="warning" if record.data_quality == "low" else "")
    doubt = record.uncertainty
    yield w.text("carbon.doubt_activity"), Cell(text=f"± {w.percent(doubt.activity)}", badge="D", tone="assumed")
    yield (
        w.text("carbon.doubt_factor"),
        w.text("carbon.not_stated") if doubt.factor is None else f"± {w.percent(doubt.factor)}",
    )
    yield w.text("carbon.doubt_combined"), f"± {w.percent(doubt.combined)}"
    gases = ", ".join(f"{line.gas} {w.estimate(line.t, 't')}" for line in record.gases)
    yield w.text("carbon.gases"), gases or w.text("carbon.gases_not_published")
    yield w.text("carbon.rule"), w.text("carbon.rule_text", share=w.percent(record.recalculation_threshold, 0))


def _evidence(record: VerifyPack, w: Writer) -> Table:
    return Table(
        id="evidence",
        caption=w.text("carbon.evidence"),
        headings=(
            w.text("carbon.meter"),
            w.text("carbon.period"),
            f"{w.label('energy_kwh')} (kWh)",
            w.text("carbon.evidence_kind"),
            w.text("carbon.document"),
        ),
        rows=[
            (
                row.meter,
                w.days(row.period_start, row.period_end),
                _energy(row.import_kwh, row.evidence, w),
                Cell(text=w.word("evidence", row.evidence), tone="assumed" if row.evidence in SOFT_ORIGINS else ""),
                row.document or NOTHING,
            )
            for row in record.records
        ],
        foot=(w.text("total"), "", _energy(record.evidence_kwh, _worst(record), w), "", ""),
        align=("text", "text", "number", "text", "text"),
        note=w.text("carbon.evidence_note", imports=w.estimate(record.import_kwh, "kWh")),
    )


def _energy(kwh: float, evidence: str, w: Writer) -> str:
    """Return a reading to the kilowatt-hour, and a reconstruction as the estimate that it is."""
    return w.estimate(kwh) if evidence in SOFT_ORIGINS else w.number(kwh)


def _worst(record: VerifyPack) -> str:
    return next((row.evidence for row in record.records if row.evidence in SOFT_ORIGINS), "metered")


def _sentences(found: Sequence[Finding], w: Writer) -> list[str]:
    return list(dict.fromkeys(w.finding(finding) for finding in found))
