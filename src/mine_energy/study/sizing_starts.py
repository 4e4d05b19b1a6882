"""Will it really run the mill? Starts of the plant's motors on what was sized, and ratings at the site's altitude."""

from typing import Final

from mine_energy.dispatch.derate import inverter_at_site
from mine_energy.errors import Finding
from mine_energy.motors import MotorInventory
from mine_energy.sizing import SizingResult
from mine_energy.sizing.start_current import machines_of
from mine_energy.sizing.start_sources import GensetSource, InverterSource, Source
from mine_energy.sizing.starting import StartCheck, check_starts
from mine_energy.study.sizing_case import SizingCase
from mine_energy.study.sizing_result import DeratedUnit, StartOfMachine

_SHOWN: Final = 6
"""Machines of the largest starts that a reader sees."""


def starts_of(
    case: SizingCase, made: SizingResult | Finding, inventory: MotorInventory | None
) -> tuple[tuple[StartOfMachine, ...], tuple[Finding, ...]]:
    """Return the largest starts on the battery inverter and the generators of a plant, and what is to be said.

    A plant that stays on the grid without either is started by the grid as today: nothing is checked.
    """
    if inventory is None or not isinstance(made, SizingResult):
        return (), ()
    sources = _sources(case, made)
    machines = machines_of(inventory.motors)
    if not sources or not machines:
        return (), ()
    report = check_starts(machines, sources)
    largest = sorted(report.checks, key=lambda check: (-check.start.kva, check.tag))[:_SHOWN]
    failed = [check for check in report.checks if not check.starts]
    found = [finding for finding in report.findings if finding.key != "start_first"]
    if failed:
        worst = max(failed, key=lambda check: check.start.kva)
        enough = {remedy.method: remedy.enough_kva for remedy in worst.remedies}
        params = {
            "count": len(failed),
            "start_kva": worst.start.kva,
            "available_kva": worst.closest.available_kva,
            "enough_kva": worst.closest.enough_kva,
            "soft_starter_kva": enough.get("soft_starter", worst.closest.enough_kva),
            "vfd_kva": enough.get("vfd", worst.closest.enough_kva),
        }
        found.append(Finding(key="study_start_fails", level="warning", subject=worst.tag, params=params))
    return tuple(_start(check) for check in largest), tuple(found)


def _sources(case: SizingCase, made: SizingResult) -> list[Source]:
    sources: list[Source] = []
    if made.battery_kw > 0 and case.equipment.battery.grid_forming:
        left = inverter_at_site("battery", made.battery_kw, case.site.site.altitude_m)
        sources.append(InverterSource(rated_kva=left.power_kw))
    genset = case.site.genset
    if made.genset_kw > 0 and genset is not None:
        # The alternator keeps its kVA when thin air takes power off the engine.
        sources.append(GensetSource(rated_kw=made.genset_kw, rated_kva=genset.rated_kw / 0.8))
    return sources


def _start(check: StartCheck) -> StartOfMachine:
    closest = check.closest
    enough = {remedy.method: remedy.enough_kva for remedy in check.remedies}
    return StartOfMachine(
        tag=check.tag,
        method=check.method,
        start_kva=check.start.kva,
        running_kw=check.running_kw,
        source=closest.source,
        available_kva=closest.available_kva,
        enough_kva=closest.enough_kva,
        starts=check.starts,
        soft_starter_kva=enough.get("soft_starter"),
        vfd_kva=enough.get("vfd"),
    )


def derated_of(case: SizingCase, made: SizingResult | Finding) -> tuple[DeratedUnit, ...]:
    """Return what the altitude leaves of the genset and of the battery inverter."""
    found = []
    left = case.equipment.genset_at_site
    if left is not None and case.site.genset is not None:
        found.append(DeratedUnit(kind="genset", rated_kw=case.site.genset.rated_kw, site_kw=left.power_kw))
    if isinstance(made, SizingResult) and made.battery_kw > 0:
        kept = inverter_at_site("battery", made.battery_kw, case.site.site.altitude_m)
        found.append(DeratedUnit(kind="battery_inverter", rated_kw=made.battery_kw, site_kw=kept.power_kw))
    return tuple(found)
