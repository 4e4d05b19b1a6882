"""What a reader has to know before acting: warnings first, then notes."""

from collections.abc import Sequence

from mine_energy.report.blocks import Block
from mine_energy.report.chapters.assumptions import findings_blocks
from mine_energy.report.format import Writer
from mine_energy.study import Study


def applies(study: Study) -> bool:
    """Whether there is anything to say."""
    return any(finding.level != "assumption" for finding in study.findings)


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [block for level in ("warning", "info") for block in findings_blocks(study, level, w)]
