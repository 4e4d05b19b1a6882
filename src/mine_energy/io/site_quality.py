"""The record of quality that a site file names, or the quality columns of its main meter's own file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mine_energy.errors import Finding, InputError, Problem
from mine_energy.io.meter_sources import open_meter
from mine_energy.io.power_quality import quality_of_meter, read_power_quality
from mine_energy.io.site_sections import number_of, section_of
from mine_energy.loads import PowerQuality
from mine_energy.loads.power_quality import Rules


def quality_reader(data: Mapping[str, Any]) -> Callable[[Path, str], PowerQuality]:
    """Return what reads the file of ``[power_quality]``.

    Parameters
    ----------
    data
        The site file as parsed, not validated.
    """

    def read(path: Path, name: str) -> PowerQuality:
        section = section_of(data, "power_quality")
        nominal_v = _voltage(section.get("nominal_voltage_v")) or _connection_v(data)
        sheet, decimal = (str(section.get(key) or "").strip() for key in ("sheet", "decimal"))
        found = read_power_quality(path, nominal_v, _rules(data), sheet=sheet, name=name, decimal=decimal)
        if found is None:
            raise InputError([Problem(key="no_quality_columns", file=name, sheet=sheet)])
        return found

    return read


def meter_quality(data: Mapping[str, Any], path: Path, name: str) -> tuple[PowerQuality | None, tuple[Finding, ...]]:
    """Return what the main meter's own file says about quality, and why it says nothing where it fails to.

    Parameters
    ----------
    data
        See :func:`quality_reader`.
    path, name
        Of a file that was read as a meter already.
    """
    section = section_of(data, "load")
    table, _ = open_meter(path, sheet=str(section.get("sheet") or "").strip(), name=name)
    return quality_of_meter(
        table,
        _connection_v(data),
        _rules(data),
        decimal=str(section.get("decimal") or ""),
        vt_ratio=number_of(section.get("vt_ratio")) or 1.0,
    )


def _connection_v(data: Mapping[str, Any]) -> float | None:
    return _voltage(section_of(data, "connection").get("voltage_v"))


def _voltage(value: object) -> float | None:
    """Return a voltage above zero; anything else is a problem of the site file already."""
    found = number_of(value)
    return found if found is not None and found > 0 else None


def _rules(data: Mapping[str, Any]) -> Rules:
    return "PE" if section_of(data, "site").get("country") == "PE" else "CO"
