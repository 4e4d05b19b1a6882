"""The equipment at hand: catalogue rows, CEC names and read files as modules and inverters.

The packaged catalogue holds generic classes (assumed, without a maker) and a few products of the public CEC lists under
their exact names. A user's own takes its place whole: equipment is what can be bought, not what a program ships.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from mine_energy import catalog
from mine_energy.errors import Finding, Infeasible, MissingData
from mine_energy.pv.inverters import Inverter, cec_curve, inverter_from_cec
from mine_energy.pv.module_fit import Plate, fit_diode
from mine_energy.pv.modules import Module, module_from_cec
from mine_energy.site.equipment import CatalogueSheet, InverterSheet, ModuleSheet

PACKAGED: Final = "pv/catalogue.toml"
GENERIC_MODULE: Final = "generic_550_perc"
"""Module of a site that names none."""
CEC_PREFIX: Final = "cec:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What a design may be made of.

    Parameters
    ----------
    module
        Of every string.
    inverters
        One that was chosen, or all that may be.
    findings
        What is assumed because nothing was chosen.
    """

    module: Module
    inverters: tuple[Inverter, ...]
    findings: tuple[Finding, ...] = ()


@cache
def packaged_catalogue() -> CatalogueSheet:
    """Return the packaged catalogue."""
    content: dict[str, Any] = dict(catalog.toml(PACKAGED))
    return CatalogueSheet.model_validate(content)


def module_of(sheet: ModuleSheet) -> Module:
    """Return a catalogue row as a module, its diode from the CEC list where it is named there, else fitted.

    A sheet that no single diode meets keeps the straight lines of PVWatts, and a finding says so: its strings follow
    from its own coefficients either way.

    Raises
    ------
    MissingData
        ``cec_name`` is not in the list.
    """
    findings: tuple[Finding, ...] = ()
    diode = None
    if sheet.cec_name:
        diode = module_from_cec(sheet.cec_name).diode
    else:
        try:
            diode = fit_diode(Plate(**{name: getattr(sheet, name) for name in Plate.__dataclass_fields__}))
        except Infeasible:
            findings += (Finding(key="pv_module_straight", level="assumption", subject=sheet.key),)
    if sheet.confidence == "D":
        findings += (Finding(key="pv_equipment_generic", level="assumption", subject=sheet.key),)
    same = (*Plate.__dataclass_fields__, "power_w", "cells_in_series", "length_m", "width_m", "weight_kg", "system_v")
    same = (*same, "fuse_a", "price_usd_per_w", "source", "year", "confidence")
    return Module(
        name=sheet.key,
        origin="cec_list" if sheet.cec_name else "datasheet",
        area_m2=sheet.length_m * sheet.width_m,
        diode=diode,
        findings=findings,
        **{name: getattr(sheet, name) for name in same},
    )


def inverter_of(sheet: InverterSheet) -> Inverter:
    """Return a catalogue row as an inverter, with the Sandia curve where it is named in the CEC list.

    Raises
    ------
    MissingData
        ``cec_name`` is not in the list.
    """
    findings: tuple[Finding, ...] = ()
    if sheet.confidence == "D":
        findings = (Finding(key="pv_equipment_generic", level="assumption", subject=sheet.key),)
    named = set(InverterSheet.model_fields) - {"key", "cec_name", "note", "mppt_count"}
    # A row of the list alone does not tell how many trackers there are: a default of one would be a limit made up.
    counted = None if sheet.cec_name and "mppt_count" not in sheet.model_fields_set else sheet.mppt_count
    return Inverter(
        name=sheet.key,
        origin="cec_list" if sheet.cec_name else "pvwatts",
        mppt_count=counted,
        sandia=cec_curve(sheet.cec_name) if sheet.cec_name else None,
        points=(),
        findings=findings,
        **{name: getattr(sheet, name) for name in sorted(named)},
    )


def find_module(name: str, sheet: CatalogueSheet) -> Module:
    """Return the module a site file names: a key of the catalogue, or ``cec:`` and a name of the list.

    Raises
    ------
    MissingData
        Neither has it; the message lists what exists.
    """
    if name.startswith(CEC_PREFIX):
        return module_from_cec(name.removeprefix(CEC_PREFIX).strip())
    row = next((row for row in sheet.module if row.key == name), None)
    if row is None:
        raise MissingData("pv_module_unknown", name=name, available=_keys(sheet.module))
    return module_of(row)


def find_inverter(name: str, sheet: CatalogueSheet) -> Inverter:
    """Return the inverter a site file names: a key of the catalogue, or ``cec:`` and a name of the list.

    Raises
    ------
    MissingData
        Neither has it; the message lists what exists.
    """
    if name.startswith(CEC_PREFIX):
        return inverter_from_cec(name.removeprefix(CEC_PREFIX).strip())
    row = next((row for row in sheet.inverter if row.key == name), None)
    if row is None:
        raise MissingData("pv_inverter_unknown", name=name, available=_keys(sheet.inverter))
    return inverter_of(row)


def _keys(rows: Sequence[ModuleSheet] | Sequence[InverterSheet]) -> str:
    return ", ".join(row.key for row in rows)


def equipment(
    module: Module | None = None, inverter: Inverter | None = None, sheet: CatalogueSheet | None = None
) -> Equipment:
    """Return what a design may be made of, the generic module and every inverter where nothing was chosen.

    Parameters
    ----------
    module, inverter
        As chosen; None where not.
    sheet
        Catalogue; the packaged one when None.
    """
    own = sheet is not None
    sheet = sheet or packaged_catalogue()
    findings: tuple[Finding, ...] = ()
    if module is None:
        names = [row.key for row in sheet.module]
        module = find_module(GENERIC_MODULE if GENERIC_MODULE in names else names[0], sheet)
        findings += (Finding(key="pv_module_not_chosen", level="assumption", params={"name": module.name}),)
    if inverter is not None:
        return Equipment(module=module, inverters=(inverter,), findings=findings)
    rows = [row for row in sheet.inverter if own or not row.cec_name]
    return Equipment(module=module, inverters=tuple(inverter_of(row) for row in rows), findings=findings)
