"""What an audit says about itself: origins, bands, and equal findings joined into one."""

from collections.abc import Iterable, Sequence

from mine_energy.audit.result import DataGap, MachineResult
from mine_energy.errors import Finding
from mine_energy.measures import Saving
from mine_energy.motors.tables import assumption

_NOTABLE_KWH = 1.0


def joined(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in order of first appearance, those that differ in their subject alone as one.

    Parameters
    ----------
    findings
        In any order; the subjects of a joined finding are separated by commas, so that a long inventory stays
        readable.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.key, finding.level, *sorted(finding.params.items())), []).append(finding)
    return tuple(
        Finding(
            key=group[0].key,
            level=group[0].level,
            subject=", ".join(dict.fromkeys(f.subject for f in group if f.subject)),
            params=group[0].params,
        )
        for group in groups.values()
    )


def origin_findings(machines: Sequence[MachineResult]) -> tuple[Finding, ...]:
    """Return how much of the inventory's energy stands on rows that nobody measured or read from a plate."""
    soft = [m for m in machines if m.origin in {"reconstructed", "assumed", "synthetic"}]
    total = sum(m.energy_kwh_per_year for m in machines)
    if not soft or total <= 0:
        return ()
    percent = sum(m.energy_kwh_per_year for m in soft) / total * 100
    params = {"count": len(soft), "total": len(machines), "percent": percent}
    return (Finding(key="audit_rows_not_measured", level="assumption", params=params),)


def band_findings(savings: Sequence[Saving]) -> tuple[Finding, ...]:
    """Return the findings of the savings, and what their low and high ends mean."""
    found = [f for saving in savings for f in saving.findings]
    if any(saving.decision == "apply" for saving in savings):
        percent = assumption("efficiency_loss_tolerance").value * 100
        found.insert(0, Finding(key="measure_band", level="info", params={"percent": percent}))
    return tuple(found)


def measure_findings(savings: Sequence[Saving], gaps: Sequence[DataGap]) -> tuple[Finding, ...]:
    """Return how much of the savings is interaction, and how many measures want data."""
    applied = [s for s in savings if s.decision == "apply"]
    energy = sum(s.energy_kwh_per_year for s in applied)
    alone = sum(s.standalone_kwh_per_year for s in applied)
    found: list[Finding] = []
    if abs(alone - energy) > _NOTABLE_KWH:
        params = {"alone_kwh": alone, "kwh": energy, "interaction_kwh": alone - energy}
        found.append(Finding(key="measure_interaction", params=params))
    if gaps:
        count = sum(max(len(gap.tags), 1) for gap in gaps)
        found.append(Finding(key="measure_data_missing", level="warning", params={"count": count}))
    return tuple(found)
