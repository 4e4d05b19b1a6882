"""The connection in one line: where, at which voltage, through what, and which protections to ask the installer for.

No construction drawing: it says what an offer has to contain, not how to build it.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

from mine_energy import catalog
from mine_energy.errors import Finding
from mine_energy.pv.conditions import figure, rule
from mine_energy.pv.string_limits import ratings
from mine_energy.pv.strings import StringDesign, same_voltage
from mine_energy.site import Site
from mine_energy.units import W_PER_KW

Transformer = Literal["none", "needed", "plant", "unknown"]

LOW_VOLTAGE_V: Final = 1000.0
"""Above it a point of connection is of medium voltage (IEC 60038)."""

_AS_NAMED: Final = 0.97
"""Share of an inverter's nominal voltage from which a network counts as of that voltage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """A protection to ask for.

    Parameters
    ----------
    key
        A choice of the vocabulary's ``pv_protection``.
    side
        ``dc`` or ``ac``.
    rule, confidence
        Where it is asked for, and how well that is known.
    """

    key: str
    side: Literal["dc", "ac"]
    rule: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The connection of a design.

    Parameters
    ----------
    point
        ``plant_busbar`` with a grid, ``genset_busbar`` without: a choice of the vocabulary's ``pv_connection_point``.
    voltage_v
        There, line to line; None where the site does not say.
    inverter_ac_voltage_v
        None where the source does not say.
    inverters, inverter_kw, inverter_current_a
        Number, power and rated AC current of all of them together; current None without their voltage.
    breaker_a
        Least rating of the breaker of all of them.
    transformer
        ``none``, ``needed``, ``plant`` (the meter stands at medium voltage and the inverters behind the plant's own
        transformer) or ``unknown``.
    transformer_kva
        First standard rating; None where none is needed or the table ends.
    installation_rule
        Under which it is built.
    protections
        To ask the installer for.
    construction_drawing
        Always False.
    findings
        What is missing.
    """

    point: Literal["plant_busbar", "genset_busbar"]
    voltage_v: float | None
    inverter_ac_voltage_v: float | None
    inverters: int
    inverter_kw: float
    inverter_current_a: float | None
    breaker_a: float | None
    transformer: Transformer
    transformer_kva: float | None
    installation_rule: str
    protections: tuple[Protection, ...]
    construction_drawing: bool
    findings: tuple[Finding, ...]


def connection(site: Site, design: StringDesign) -> Connection:
    """Return the connection of a design at a site.

    Parameters
    ----------
    site
        Voltage and kind of its supply, its country, and whether modules lie on a roof.
    design
        Its inverters and strings.
    """
    grid_v, inverter_v = site.connection.voltage_v, design.inverter_ac_voltage_v
    current = None if inverter_v is None else design.inverter_kw * W_PER_KW / (sqrt(3.0) * inverter_v)
    kind = _transformer(grid_v, inverter_v)
    wanted_kva = design.inverter_kw * figure("transformer_margin")
    kva = next((size for size in ratings("transformer") if size >= wanted_kva), None) if kind == "needed" else None
    return Connection(
        point="plant_busbar" if site.connection.kind == "grid" else "genset_busbar",
        voltage_v=grid_v,
        inverter_ac_voltage_v=inverter_v,
        inverters=design.inverters,
        inverter_kw=design.inverter_kw,
        inverter_current_a=current,
        breaker_a=None if current is None else current * figure("breaker_factor"),
        transformer=kind,
        transformer_kva=kva,
        installation_rule=rule(site.site.country, "installation"),
        protections=_protections(site, design),
        construction_drawing=False,
        findings=_findings(site, design, kind, kva),
    )


def _transformer(grid_v: float | None, inverter_v: float | None) -> Transformer:
    if grid_v is not None and grid_v > LOW_VOLTAGE_V:
        return "plant"
    if grid_v is None or inverter_v is None:
        return "unknown"
    return "none" if same_voltage(inverter_v, grid_v) else "needed"


def _protections(site: Site, design: StringDesign) -> tuple[Protection, ...]:
    skipped = set() if design.fuse_a is not None else {"string_fuse"}
    if site.array.mounting == "open_rack" and site.array.roof_area_m2 is None:
        skipped.add("rapid_shutdown")
    if site.connection.kind != "grid":
        skipped |= {"network_relay_co", "network_relay_pe"}
    return tuple(
        Protection(
            key=row["key"],
            side="dc" if row["side"] == "dc" else "ac",
            rule=row["rule"],
            confidence=row["confidence"],
        )
        for row in catalog.table("pv/protections.csv")
        if row["country"] in {"any", site.site.country} and row["key"] not in skipped
    )


def _findings(site: Site, design: StringDesign, kind: str, kva: float | None) -> tuple[Finding, ...]:
    found = [Finding(key="pv_no_construction_drawing", level="info")]
    if site.connection.voltage_v is None:
        found.append(Finding(key="pv_connection_voltage_unknown", level="warning"))
    if kind == "plant":
        params = {"grid_v": round(site.connection.voltage_v or 0.0), "kw": round(design.inverter_kw, 1)}
        found.append(Finding(key="pv_transformer_plant", level="warning", params=params))
    if kind == "needed":
        params = {"grid_v": round(site.connection.voltage_v or 0.0), "ac_v": round(design.inverter_ac_voltage_v or 0.0)}
        found.append(Finding(key="pv_transformer_needed", level="warning", params=params))
        if kva is None:
            found.append(
                Finding(key="pv_transformer_size", level="warning", params={"kw": round(design.inverter_kw, 1)})
            )
    found += _low_voltage(site.connection.voltage_v, design) if kind == "none" else []
    if site.connection.kind == "offgrid":
        found.append(Finding(key="pv_offgrid_grid_forming", level="warning"))
    return tuple(found)


def _low_voltage(grid_v: float | None, design: StringDesign) -> list[Finding]:
    """Say what the inverters' largest current is worth where the network stands under their nominal voltage."""
    inverter_v = design.inverter_ac_voltage_v
    if grid_v is None or inverter_v is None or grid_v >= _AS_NAMED * inverter_v:
        return []
    # The rated current is taken as the largest: P = sqrt(3) U I.
    params = {"grid_v": round(grid_v), "ac_v": round(inverter_v), "kw": round(design.inverter_kw * grid_v / inverter_v)}
    return [Finding(key="pv_inverter_voltage", level="warning", params=params)]
