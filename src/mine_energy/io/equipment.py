"""The module and inverter that a site file names: a catalogue's rows, names of the CEC lists, PAN and OND files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from mine_energy.errors import InputError, MissingData, Problem
from mine_energy.io.pan_files import read_ond, read_pan
from mine_energy.io.tables import read_bytes
from mine_energy.io.toml_files import line_of, parse_toml
from mine_energy.io.validation import dotted, flaws
from mine_energy.pv.catalogue import Equipment, equipment, find_inverter, find_module, packaged_catalogue
from mine_energy.site.equipment import CatalogueSheet, EquipmentChoice, ModuleSheet

T = TypeVar("T")
ReadFile = Callable[[str, Callable[[Path, str], Any]], Any]
"""Reads a file named in the site file, and records it: the site reader's own way."""

_POWER_OFF = 0.03


def is_file(name: str) -> bool:
    """Whether a module or inverter is named by its file."""
    return name.lower().endswith((".pan", ".ond"))


def read_catalogue(path: Path | str, name: str | None = None) -> CatalogueSheet:
    """Read a catalogue of modules and inverters.

    Parameters
    ----------
    path
        TOML with ``[[module]]`` and ``[[inverter]]``.
    name
        How messages call it.

    Raises
    ------
    InputError
        Every problem of the file, with its line.
    """
    file = str(path) if name is None else name
    data, lines = parse_toml(read_bytes(Path(path), file), file)
    try:
        sheet = CatalogueSheet.model_validate(data)
    except ValidationError as error:
        raise InputError(
            Problem(
                key=flaw.key,
                file=file,
                line=line_of(lines, dotted(flaw.place)),
                field=dotted(flaw.place),
                value=flaw.value,
                params=flaw.params,
            )
            for flaw in flaws(error, CatalogueSheet)
        ) from None
    problems = _contradictions(sheet, file, lines)
    if problems:
        raise InputError(problems)
    return sheet


def _contradictions(sheet: CatalogueSheet, file: str, lines: Mapping[str, int]) -> list[Problem]:
    """Return what no single figure shows: a power point outside its curve, a window that is none, a key twice."""
    found = []

    def say(key: str, field: str, value: float | str, **params: str) -> None:
        line = line_of(lines, field)
        found.append(Problem(key=key, file=file, line=line, field=field, value=f"{value}", params=params))

    for at, module in enumerate(sheet.module, 1):
        _module_flaws(module, f"module.{at}", say)
    for at, inverter in enumerate(sheet.inverter, 1):
        if not inverter.mppt_low_v < inverter.mppt_high_v <= inverter.dc_max_v:
            limits = {"low": f"{inverter.mppt_low_v:g}", "maximum": f"{inverter.dc_max_v:g}"}
            say(
                "ond_window",
                f"inverter.{at}.mppt_high_v",
                inverter.mppt_high_v,
                high=f"{inverter.mppt_high_v:g}",
                **limits,
            )
    for kind, keys in (("module", [r.key for r in sheet.module]), ("inverter", [r.key for r in sheet.inverter])):
        for at, key in enumerate(keys, 1):
            if key in keys[: at - 1]:
                say("catalogue_key_twice", f"{kind}.{at}.key", key)
    return found


def _module_flaws(module: ModuleSheet, place: str, say: Callable[..., None]) -> None:
    if module.maximum_power_v >= module.open_circuit_v:
        say("pan_point_outside", f"{place}.maximum_power_v", module.maximum_power_v)
    if module.maximum_power_a >= module.short_circuit_a:
        say("pan_point_outside", f"{place}.maximum_power_a", module.maximum_power_a)
    product = module.maximum_power_v * module.maximum_power_a
    if abs(product / module.power_w - 1.0) > _POWER_OFF:
        say("pan_power_product", f"{place}.power_w", module.power_w, product=f"{product:.1f}")


def read_equipment(choice: EquipmentChoice, read: ReadFile) -> tuple[Equipment | None, list[Problem]]:
    """Return the equipment a site file asks for, and what is wrong with its names.

    Parameters
    ----------
    choice
        ``[equipment]``.
    read
        Reads a named file; returns None where it could not, having kept the problems.

    Returns
    -------
    tuple
        None where some part could not be had; problems by field of the site file, without file and line.
    """
    problems: list[Problem] = []
    sheet = read(choice.catalogue, read_catalogue) if choice.catalogue else None
    if choice.catalogue and sheet is None:
        return None, problems
    rows = sheet or packaged_catalogue()
    module = _part(choice.module, "equipment.module", read, read_pan, lambda name: find_module(name, rows), problems)
    inverter = _part(
        choice.inverter, "equipment.inverter", read, read_ond, lambda name: find_inverter(name, rows), problems
    )
    if problems or (choice.module and module is None) or (choice.inverter and inverter is None):
        return None, problems
    try:
        return equipment(module, inverter, sheet), problems
    except MissingData as missing:
        # A row of the user's own catalogue names a product that the CEC list does not have.
        return None, [Problem(key=missing.key, field="equipment.catalogue", params=missing.params)]


def _part(
    name: str,
    field: str,
    read: ReadFile,
    from_file: Callable[[Path, str], T],
    from_rows: Callable[[str], T],
    problems: list[Problem],
) -> T | None:
    if not name:
        return None
    if is_file(name):
        made: T | None = read(name, from_file)
        return made
    try:
        return from_rows(name)
    except MissingData as missing:
        problems.append(Problem(key=missing.key, field=field, value=name, params=missing.params))
        return None
