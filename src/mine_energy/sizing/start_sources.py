"""What carries a motor's start: a battery inverter, a genset, a grid connection.

An inverter holds its voltage and is limited by its current. An alternator is an internal voltage behind its transient
reactance X'd; a starting motor is an impedance, and so are the loads that run. Before the start the regulator holds
the terminals at 1, so per unit on the alternator's kVA, with S = P + jQ the power at rated voltage::

    E  = |1 + j X'd conj(S_run)|
    V  = E / |1 + j X'd conj(S_run + S_start)|          dip = 1 - V

which for a motor alone at power factor 0 is the usual ``X'd s / (1 + X'd s)``. The same circuit with the reactance of
the short-circuit power is the grid. The engine has to give the active power of what runs, and of the start at the
voltage that is left, ``P_run + P_start V**2``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Final

from mine_energy.catalog import sourced, table
from mine_energy.dispatch import derate
from mine_energy.dispatch.derate import Engine, engine_at_site
from mine_energy.dispatch.equipment import genset_figure
from mine_energy.errors import Finding, Param

_STEPS: Final = 60
_LARGEST: Final = 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class InverterSource:
    """A grid-forming battery inverter at the site, derated.

    Parameters
    ----------
    rated_kva
        Continuous, all units together.
    battery_kw
        Most that the battery itself gives for the seconds of a start; None leaves the limit to the inverter.
    overload
        Pairs of seconds and kVA over rated, shortest first; None takes the packaged ones.
    """

    rated_kva: float
    battery_kw: float | None = None
    overload: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GensetSource:
    """The sets that run together.

    Parameters
    ----------
    rated_kw
        Of the engines at the site, derated.
    rated_kva
        Of the alternators; None divides the plate's kW by the packaged power factor, so give it when engines are
        derated: an alternator does not shrink with its engine.
    transient_reactance
        X'd per unit; None takes the packaged assumption.
    dip_limit
        Largest dip of the voltage; None takes the packaged limit.
    overload_fraction
        Of the engine, for the seconds of a start; None takes the packaged figure.
    """

    rated_kw: float
    rated_kva: float | None = None
    transient_reactance: float | None = None
    dip_limit: float | None = None
    overload_fraction: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSource:
    """A connection to the grid.

    Parameters
    ----------
    short_circuit_kva
        At the plant's bus, its transformer included.
    dip_limit
        Largest dip; None takes the packaged limit.
    """

    short_circuit_kva: float
    dip_limit: float | None = None


Source = InverterSource | GensetSource | GridSource


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCheck:
    """Whether one source carries one start.

    Parameters
    ----------
    source
        ``inverter``, ``genset`` or ``grid``.
    starts
        Whether it does.
    needed_kva, needed_kw
        Running load and start together.
    available_kva, available_kw
        For the seconds of the start.
    voltage_dip, dip_limit
        Fractions; 0 and 1 for an inverter.
    enough_kva
        Smallest rating of that source that carries the start.
    """

    source: str
    starts: bool
    needed_kva: float
    needed_kw: float
    available_kva: float
    available_kw: float
    voltage_dip: float
    dip_limit: float
    enough_kva: float


def genset_at_site(
    engine: Engine, altitude_m: float, air_c: float, *, transient_reactance: float | None = None
) -> tuple[GensetSource, tuple[Finding, ...]]:
    """Return a set at its site: the engine derated, the alternator as on its plate, and what that assumes.

    Parameters
    ----------
    engine
        As its plate states it.
    altitude_m, air_c
        Of the site.
    transient_reactance
        X'd per unit on the alternator's kVA; None takes the packaged assumption and says so.
    """
    derated = engine_at_site(engine, altitude_m, air_c)
    notes = list(derated.findings)
    if transient_reactance is None:
        figure = genset_figure("transient_reactance")
        notes.append(Finding(key="start_reactance", level="assumption", params={"percent": 100 * figure.value}))
    source = GensetSource(
        rated_kw=derated.power_kw,
        rated_kva=engine.rated_kw / genset_figure("power_factor").value,
        transient_reactance=transient_reactance,
    )
    return source, tuple(notes)


def inverter_at_site(
    rated_kva: float, altitude_m: float, air_c: float, *, battery_kw: float | None = None
) -> tuple[InverterSource, tuple[Finding, ...]]:
    """Return a battery inverter at its site, with the packaged overload, and what that assumes.

    Parameters
    ----------
    rated_kva
        Of the plate.
    altitude_m, air_c
        Of the site.
    battery_kw
        As in :class:`InverterSource`.
    """
    derated = derate.inverter_at_site("battery", rated_kva, altitude_m, air_c)
    first = table("batteries/overload.csv")[0]
    params: dict[str, Param] = {"ratio": float(first["ratio"]), "seconds": float(first["seconds"])}
    note = Finding(key="start_overload", level="assumption", params=params)
    return InverterSource(rated_kva=derated.power_kw, battery_kw=battery_kw), (*derated.findings, note)


def voltage_dip(running: complex, start: complex, rated_kva: float, reactance: float) -> float:
    """Return the dip of the voltage when a load starts beside others, a fraction.

    Parameters
    ----------
    running, start
        At rated voltage, kW + j kvar.
    rated_kva
        Base of the reactance.
    reactance
        Transient reactance, per unit.
    """
    before = 1 + 1j * reactance * (running / rated_kva).conjugate()
    after = 1 + 1j * reactance * ((running + start) / rated_kva).conjugate()
    return max(1 - abs(before) / abs(after), 0.0)


def check_source(source: Source, running: complex, start: complex, seconds: float) -> SourceCheck:
    """Return whether a source carries a start beside the load that runs.

    Parameters
    ----------
    source
        One of the three.
    running, start
        At rated voltage, kW + j kvar.
    seconds
        Length of the start.
    """
    if isinstance(source, InverterSource):
        return _inverter(source, running, start, seconds)
    if isinstance(source, GensetSource):
        return _genset(source, running, start)
    limit = sourced("starting/limits.csv", "grid_dip_limit").value if source.dip_limit is None else source.dip_limit
    return _dip_check("grid", (source.short_circuit_kva, 1.0, limit), running, start, (inf, inf))


def _inverter(source: InverterSource, running: complex, start: complex, seconds: float) -> SourceCheck:
    points = source.overload
    if points is None:
        points = tuple((float(row["seconds"]), float(row["ratio"])) for row in table("batteries/overload.csv"))
    ratio = max((ratio for length, ratio in points if length >= seconds), default=1.0)
    total = running + start
    kva = source.rated_kva * ratio
    kw = kva if source.battery_kw is None else min(source.battery_kw, kva)
    return SourceCheck(
        source="inverter",
        starts=abs(total) <= kva and total.real <= kw,
        needed_kva=abs(total),
        needed_kw=total.real,
        available_kva=kva,
        available_kw=kw,
        voltage_dip=0.0,
        dip_limit=1.0,
        enough_kva=abs(total) / ratio,
    )


def _genset(source: GensetSource, running: complex, start: complex) -> SourceCheck:
    kva = source.rated_kva
    if kva is None:
        kva = source.rated_kw / genset_figure("power_factor").value
    reactance, limit, overload = (
        genset_figure(key).value if given is None else given
        for key, given in (
            ("transient_reactance", source.transient_reactance),
            ("voltage_dip_limit", source.dip_limit),
            ("overload_fraction", source.overload_fraction),
        )
    )
    most_kw = source.rated_kw * (1 + overload)
    return _dip_check("genset", (kva, reactance, limit), running, start, (most_kw, most_kw / kva if kva > 0 else inf))


def _dip_check(
    name: str,
    circuit: tuple[float, float, float],
    running: complex,
    start: complex,
    engine: tuple[float, float],
) -> SourceCheck:
    """Return the check of a source with a reactance: `circuit` is kVA, X'd, limit; `engine` most kW and kW per kVA."""
    kva, reactance, limit = circuit
    most_kw, kw_per_kva = engine
    dip = voltage_dip(running, start, kva, reactance) if kva > 0 else 1.0
    needed_kw = running.real + start.real * (1 - dip) ** 2

    def carries(rating: float) -> bool:
        left = voltage_dip(running, start, rating, reactance)
        return left <= limit and running.real + start.real * (1 - left) ** 2 <= rating * kw_per_kva

    return SourceCheck(
        source=name,
        starts=dip <= limit and needed_kw <= most_kw,
        needed_kva=abs(running + start),
        needed_kw=needed_kw,
        available_kva=kva,
        available_kw=most_kw,
        voltage_dip=dip,
        dip_limit=limit,
        enough_kva=_smallest(carries, _LARGEST * (abs(running) + abs(start) + 1)),
    )


def _smallest(carries: Callable[[float], bool], high: float) -> float:
    """Return the smallest rating that carries a start, by bisection: the dip falls and the engine grows with it."""
    low = 0.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if carries(middle) else (middle, high)
    return high
