"""How the work was done: the nine stages of an energy diagnosis, and which of them this study holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Table, Tone
from mine_energy.report.format import Writer
from mine_energy.study import Study

Status = Literal["done", "part", "missing"]
_TONES: Final[dict[Status, Tone]] = {"done": "good", "part": "assumed", "missing": "warning"}
_READ: Final = frozenset({"logged_kw", "spot_kw", "current", "slip"})
"""Load methods that rest on an instrument at the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a diagnosis.

    Parameters
    ----------
    key
        ``report.stage.<key>`` is its name.
    chapters
        Chapters of the report that hold it, in their order.
    status
        What this study has of it.
    """

    key: str
    chapters: tuple[str, ...]
    status: Status


def stages(study: Study) -> tuple[Stage, ...]:
    """Return the nine stages of the guide for mines of Peru's Ministry of Energy and Mines (2017), in order."""
    audit = study.audit
    billed = bool(study.records.bills) or (
        audit.reconciled is not None and any(one.source == "bill" for one in audit.reconciled.periods)
    )
    reads: Status = "missing"
    if _metered(study):
        reads = "done" if _read_share(study) == 1.0 else "part"
    elif _read_share(study) > 0:
        reads = "part"
    return (
        Stage(key="data", chapters=("plant",), status="done"),
        Stage(key="bills", chapters=("reconciliation", "bills"), status="done" if billed else "missing"),
        Stage(key="walk", chapters=("plant",), status=_walked(study)),
        Stage(key="metering", chapters=("reconciliation", "quality"), status=reads),
        Stage(key="evaluation", chapters=("reconciliation", "energy"), status=_evaluated(study)),
        Stage(key="opportunities", chapters=("measures", "motors"), status="done" if audit.savings else "missing"),
        Stage(
            key="appraisal",
            chapters=("measures", "motors", "money"),
            status="done" if study.finance.measures is not None else "missing",
        ),
        Stage(key="report", chapters=("summary",), status="done"),
        Stage(key="proposal", chapters=("verification",), status="part" if audit.verification else "missing"),
    )


def _metered(study: Study) -> bool:
    return study.audit.load_before.origin in {"metered", "extrapolated"}


def _evaluated(study: Study) -> Status:
    line = study.records.production
    if line is not None and line.accepted:
        return "done"
    return "part" if line is not None or study.audit.reconciliation.status == "compared" else "missing"


def _walked(study: Study) -> Status:
    origins = [machine.origin in {"nameplate", "measured"} for machine in study.audit.machines]
    if not any(origins):
        return "missing"
    return "done" if all(origins) else "part"


def _read_share(study: Study) -> float:
    """Return the share of the inventory's energy whose load was read at the machine."""
    total = sum(machine.energy_kwh_per_year for machine in study.audit.machines)
    read = sum(m.energy_kwh_per_year for m in study.audit.machines if m.load_method in _READ)
    return read / total if total else 0.0


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the section: the standards that gave the work its shape, and the table of stages."""
    yield Heading(text=w.text("method.title"))
    yield Paragraph(text=w.text("method.text"))
    rows = []
    for number, stage in enumerate(stages(study), 1):
        where = w.join([w.text(f"chapter.{name}") for name in stage.chapters])
        badge = Cell(text="", badge=w.text(f"method.{stage.status}"), tone=_TONES[stage.status])
        lacking = "metering_machines" if stage.key == "metering" and _metered(study) else stage.key
        why = "" if stage.status == "done" else w.text(f"stage_missing.{lacking}")
        rows.append((f"{number}. {w.text(f'stage.{stage.key}')}", where, badge, why))
    yield Table(
        id="stages",
        caption=w.text("method.caption"),
        headings=(
            w.text("method.stage"),
            w.text("method.chapter"),
            w.text("method.here"),
            w.text("method.lacking"),
        ),
        rows=rows,
        align=("text",) * 4,
    )
