"""Will it really run the mill? Starts of the plant's motors on what was sized, and ratings at the site's altitude."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from mine_energy.dispatch.derate import inverter_at_site
from mine_energy.errors import Finding, Infeasible
from mine_energy.motors import MotorInventory
from mine_energy.site import Meaning
from mine_energy.sizing import SizingResult
from mine_energy.sizing.start_current import StartMethod, machines_of
from mine_energy.sizing.start_sources import GensetSource, InverterSource, Source
from mine_energy.sizing.starting import StartCheck, check_starts
from mine_energy.study.sizing_case import SizingCase
from mine_energy.study.sizing_meanings import sized_plant
from mine_energy.study.sizing_result import DeratedUnit, SizedPlant, StartOfMachine

_SHOWN: Final = 6
"""Machines of the largest starts that a reader sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """What is known of the starts of a plant.

    Parameters
    ----------
    starts
        The largest ones.
    refused
        Why the plant cannot be built as it is; None where everything starts.
    larger
        The least plant of the same meaning whose battery inverter starts everything.
    findings
        What has to be said.
    """

    starts: tuple[StartOfMachine, ...] = ()
    refused: Finding | None = None
    larger: SizedPlant | None = None
    findings: tuple[Finding, ...] = ()


def starts_of(
    case: SizingCase,
    key: Meaning,
    made: SizingResult | Finding,
    inventory: MotorInventory | None,
    improved: Mapping[str, StartMethod] | None = None,
) -> Starts:
    """Return the starts on the battery inverter and the generators of a plant.

    A plant that stays on the grid without either is started by the grid as today: nothing is checked.

    Parameters
    ----------
    case
        The problem after measures: beside a start at most the rest of its highest load runs.
    key, made
        The meaning whose plant is looked at, and that plant.
    inventory
        The machines; None leaves the check out.
    improved
        How machines start after the measures, by tag.
    """
    if inventory is None or not isinstance(made, SizingResult):
        return Starts()
    sources = _sources(case, made)
    changed = improved or {}
    machines = [replace(one, method=changed.get(one.tag, one.method)) for one in machines_of(inventory.motors)]
    if not sources or not machines:
        return Starts()
    report = check_starts(machines, sources, peak_kw=case.peak_kw)
    largest = sorted(report.checks, key=lambda check: (-check.start.kva, check.tag))[:_SHOWN]
    failed = [check for check in report.checks if not check.starts]
    found = tuple(finding for finding in report.findings if finding.key != "start_first")
    starts = tuple(_start(check) for check in largest)
    if not failed:
        return Starts(starts=starts, findings=found)
    worst = max(failed, key=lambda check: check.closest.enough_kva)
    refused = _refusal(worst, len(failed))
    return Starts(
        starts=starts,
        refused=refused,
        larger=_larger(case, key, made, worst.closest.enough_kva),
        findings=(refused, *found),
    )


def _refusal(worst: StartCheck, count: int) -> Finding:
    enough = {remedy.method: remedy.enough_kva for remedy in worst.remedies}
    params = {
        "count": count,
        "start_kva": worst.start.kva,
        "available_kva": worst.closest.available_kva,
        "enough_kva": worst.closest.enough_kva,
        "soft_starter_kva": enough.get("soft_starter", worst.closest.enough_kva),
        "vfd_kva": enough.get("vfd", worst.closest.enough_kva),
    }
    return Finding(key="study_start_fails", level="warning", subject=worst.tag, params=params)


def _larger(case: SizingCase, key: Meaning, made: SizingResult, enough_kva: float) -> SizedPlant | None:
    """Return the plant of the same meaning with at least the battery inverter that starts everything; None without."""
    if made.battery_kw <= 0:
        return None
    goal = case.goal(key)
    left = inverter_at_site("battery", made.battery_kw, case.site.site.altitude_m).factor
    least_kw = enough_kva / left
    bounds = case.arguments(goal)["bounds"]
    tied = bounds.battery_kw_per_kwh
    name, least = ("battery_kw", least_kw) if tied is None else ("battery_kwh", least_kw / tied)
    low, high = getattr(bounds, name)
    if least > high:
        return None
    try:
        found = case.sized(goal, catalogue=False, bounds=replace(bounds, **{name: (max(low, least), high)}))
    except Infeasible:
        return None
    return sized_plant(found.plant)


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
