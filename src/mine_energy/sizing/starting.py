"""Will it really run the mill? The start of each machine while the others run, against what feeds the plant."""

from collections.abc import Sequence
from dataclasses import dataclass

from mine_energy.errors import Finding, Infeasible, Param
from mine_energy.sizing.start_current import Machine, Start, StartMethod, start_of
from mine_energy.sizing.start_sources import (
    GensetSource,
    GridSource,
    InverterSource,
    Source,
    SourceCheck,
    check_source,
)

__all__ = [
    "GensetSource",
    "GridSource",
    "InverterSource",
    "Remedy",
    "StartCheck",
    "StartReport",
    "check_starts",
    "require_starts",
]

_REMEDIES: tuple[StartMethod, ...] = ("star_delta", "soft_starter", "vfd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Another way of starting a machine.

    Parameters
    ----------
    method
        ``star_delta``, ``soft_starter`` or ``vfd``.
    start_kva
        Of the start.
    enough_kva
        Smallest rating of the source that then carries it.
    starts
        Whether the source as it is carries it.
    torque
        At standstill and full voltage, over rated.
    torque_enough
        Whether it sets the machine going at the voltage that is left.
    """

    method: StartMethod
    start_kva: float
    enough_kva: float
    starts: bool
    torque: float
    torque_enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCheck:
    """The start of one machine.

    Parameters
    ----------
    tag, method
        Of the machine.
    start
        What it asks for.
    running_kw, running_kvar
        What runs at that moment.
    sources
        Each source by itself.
    starts
        Whether one of them carries it.
    starts_first
        Whether one of them carries it when no other machine runs yet.
    torque_enough
        Whether its torque at standstill, at the voltage that is left, sets it going.
    remedies
        For the source that comes closest; empty where it starts.
    """

    tag: str
    method: StartMethod
    start: Start
    running_kw: float
    running_kvar: float
    sources: tuple[SourceCheck, ...]
    starts: bool
    starts_first: bool
    torque_enough: bool
    remedies: tuple[Remedy, ...] = ()

    @property
    def closest(self) -> SourceCheck:
        """The source that carries it, or that needs to grow least."""
        return min(self.sources, key=_shortage)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartReport:
    """The starts of a plant.

    Parameters
    ----------
    checks
        One for each machine, in the order given.
    hardest
        Tag of the machine that asks most of its source; empty without machines.
    order
        Tags from the largest start to the smallest: the order in which to start after an outage.
    together_kva
        Apparent power if all started at once, as after an outage without a sequence.
    together_starts
        Whether a source carries that.
    findings
        What a reader has to know.
    """

    checks: tuple[StartCheck, ...]
    hardest: str
    order: tuple[str, ...]
    together_kva: float
    together_starts: bool
    findings: tuple[Finding, ...] = ()


def check_starts(
    machines: Sequence[Machine], sources: Sequence[Source], base: complex = 0j, *, peak_kw: float | None = None
) -> StartReport:
    """Return whether each machine starts while all others run.

    Each source is checked by itself: a hybrid plant may stand on its battery alone, or on its genset alone.

    Parameters
    ----------
    machines
        With their motors; units of one machine start one after the other.
    sources
        Derated to the site. Without any nothing starts.
    base
        Other load, kW + j kvar: lights, camp.
    peak_kw
        Largest load of the plant, where it is known that not all machines run at once: what runs beside a start is
        then at most this less the machine that starts. None lets all others run.
    """
    total = base + sum((machine.running() * machine.quantity for machine in machines), 0j)
    checks = tuple(_check(machine, sources, _beside(machine, total, base, peak_kw), base) for machine in machines)
    starts = [start_of(machine) for machine in machines]
    order = sorted(range(len(machines)), key=lambda i: -starts[i].kva)
    together = sum((one.power * m.quantity for one, m in zip(starts, machines, strict=True)), 0j)
    longest = max((one.seconds for one in starts), default=0.0)
    hardest = max(checks, key=lambda one: _shortage(one.closest), default=None) if sources else None
    return StartReport(
        checks=checks,
        hardest=hardest.tag if hardest else "",
        order=tuple(machines[i].tag for i in order),
        together_kva=abs(together),
        together_starts=any(check_source(source, base, together, longest).starts for source in sources),
        findings=tuple(found for one in checks for found in _findings(one)),
    )


def _beside(machine: Machine, total: complex, base: complex, peak_kw: float | None) -> complex:
    """Return what runs while a unit starts."""
    running = total - machine.running()
    if peak_kw is None:
        return running
    most = max(peak_kw - machine.running().real, base.real)
    return running * (most / running.real) if running.real > most else running


def _check(machine: Machine, sources: Sequence[Source], running: complex, base: complex) -> StartCheck:
    start = start_of(machine)
    found = tuple(check_source(source, running, start.power, start.seconds) for source in sources)
    starts = any(one.starts for one in found)
    dip = min((one.voltage_dip for one in found if one.starts == starts), default=0.0)
    remedies: tuple[Remedy, ...] = ()
    if not starts and sources:
        closest = min(range(len(found)), key=lambda i: _shortage(found[i]))
        remedies = tuple(_remedy(machine, method, sources[closest], running) for method in _REMEDIES)
    return StartCheck(
        tag=machine.tag,
        method=machine.method,
        start=start,
        running_kw=running.real,
        running_kvar=running.imag,
        sources=found,
        starts=starts,
        starts_first=any(check_source(source, base, start.power, start.seconds).starts for source in sources),
        torque_enough=_torque_enough(machine, start, dip),
        remedies=remedies,
    )


def _remedy(machine: Machine, method: StartMethod, source: Source, running: complex) -> Remedy:
    start = start_of(machine, method)
    found = check_source(source, running, start.power, start.seconds)
    return Remedy(
        method=method,
        start_kva=start.kva,
        enough_kva=found.enough_kva,
        starts=found.starts,
        torque=start.torque,
        torque_enough=_torque_enough(machine, start, found.voltage_dip, method),
    )


def _torque_enough(machine: Machine, start: Start, dip: float, method: StartMethod | None = None) -> bool:
    """Whether the torque at standstill is enough; it falls as the voltage squared, except behind electronics."""
    left = 1.0 if (method or machine.method) in {"vfd", "soft_starter"} else (1 - dip) ** 2
    return start.torque * left >= machine.breakaway_torque


def _shortage(one: SourceCheck) -> float:
    """Return the rating that a source needs over the one it has."""
    rated = one.available_kva
    if one.source == "inverter":
        # What is available counts the overload of the seconds; what is enough is a continuous rating.
        rated = one.available_kva * one.enough_kva / one.needed_kva if one.needed_kva > 0 else one.available_kva
        power = one.needed_kw / one.available_kw if one.available_kw > 0 else float("inf")
        return max(one.enough_kva / rated if rated > 0 else float("inf"), power)
    return one.enough_kva / rated if rated > 0 else float("inf")


def _findings(check: StartCheck) -> list[Finding]:
    found = []
    carrying = {one.source for one in check.sources if one.starts}
    failing = {one.source for one in check.sources if not one.starts}
    params: dict[str, Param] = {"start_kva": check.start.kva}
    if "inverter" in failing and carrying:
        found.append(Finding(key="start_not_on_inverter", level="warning", subject=check.tag, params=params))
    if "genset" in failing and carrying:
        found.append(Finding(key="start_not_on_genset", level="warning", subject=check.tag, params=params))
    if not check.starts and check.starts_first:
        params = {"start_kva": check.start.kva, "running_kw": check.running_kw}
        found.append(Finding(key="start_first", level="warning", subject=check.tag, params=params))
    if not check.torque_enough:
        params = {"percent": 100 * check.start.torque}
        found.append(Finding(key="start_torque", level="warning", subject=check.tag, params=params))
    return found


def require_starts(report: StartReport) -> None:
    """Refuse a plant that cannot start one of its machines, with what would help.

    Raises
    ------
    Infeasible
        ``start_inverter``, ``start_genset``, ``start_grid``: the source that comes closest, what it would have to be,
        and the same with a soft starter and with a drive. ``start_no_source``: nothing feeds the plant.
    """
    failed = [check for check in report.checks if not check.starts]
    if not failed:
        return
    if not failed[0].sources:
        raise Infeasible("start_no_source", tag=failed[0].tag)
    worst = max(failed, key=lambda one: _shortage(one.closest))
    closest = worst.closest
    params = _figures(worst, closest)
    if closest.source == "inverter":
        raise Infeasible("start_inverter", available_kw=closest.available_kw, **params)
    dip: dict[str, Param] = {"dip_percent": 100 * closest.voltage_dip, "limit_percent": 100 * closest.dip_limit}
    if closest.source == "genset":
        raise Infeasible("start_genset", available_kw=closest.available_kw, **dip, **params)
    raise Infeasible("start_grid", **dip, **params)


def _figures(check: StartCheck, closest: SourceCheck) -> dict[str, Param]:
    enough = {remedy.method: remedy.enough_kva for remedy in check.remedies}
    soft = next(remedy for remedy in check.remedies if remedy.method == "soft_starter")
    return {
        "tag": check.tag,
        "start_kva": check.start.kva,
        "running_kw": check.running_kw,
        "needed_kva": closest.needed_kva,
        "needed_kw": closest.needed_kw,
        "available_kva": closest.available_kva,
        "enough_kva": closest.enough_kva,
        "soft_starter_kva": enough["soft_starter"],
        "vfd_kva": enough["vfd"],
        "soft_torque_percent": 100 * soft.torque,
    }
