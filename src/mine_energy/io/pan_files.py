"""PAN and OND files of PVsyst as a module and an inverter."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import Final

import numpy as np

from mine_energy.errors import Finding, InputError, Problem
from mine_energy.io.pvsyst_text import Block, points_of, read_blocks
from mine_energy.io.tables import read_bytes
from mine_energy.pv.diodes import PvsystDiode, meeting_coefficient, power_coefficient_per_k, pvsyst_reference
from mine_energy.pv.inverters import Inverter, PointCurve
from mine_energy.pv.modules import Module, operating_points
from mine_energy.units import STC_IRRADIANCE_W_M2, W_PER_KW

_KNOWN_SHUNT_DARK: Final = 4.0
"""Dark over reference shunt of crystalline modules, where a file does not say (PVsyst's help, from memory)."""
_SHUNT_EXPONENT: Final = 5.5
_POWER_OFF: Final = 0.03
_COEFFICIENT_OFF: Final = 0.05
_SAME: Final = (
    *("power_w", "open_circuit_v", "short_circuit_a", "maximum_power_v", "maximum_power_a"),
    *("power_temperature_per_k", "length_m", "width_m", "system_v"),
)


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads figures of a component and gathers what is wrong with them."""

    component: Block
    file: str
    problems: list[Problem] = field(default_factory=list)

    def words(self, *keys: str) -> str:
        """Return the first of some keys as text, empty without any."""
        found = [entry for key in keys if (entry := self.component.find(key)) is not None]
        return found[0].text if found else ""

    def number(self, *keys: str, low: float, high: float, needed: bool = True, factor: float = 1.0) -> float | None:
        """Return the first of some keys as a number in its limits, times a factor; None where it is wrong or absent."""
        entry = next((entry for key in keys if (entry := self.component.find(key)) is not None), None)
        if entry is None or not entry.text:
            if needed:
                line = self.component.line if entry is None else entry.line
                self._problem("pvsyst_missing", line, keys[0], "")
            return None
        value = _float(entry.text)
        if value is None:
            self._problem("pvsyst_not_a_number", entry.line, keys[0], entry.text)
            return None
        if not low <= value * factor <= high:
            limits = {"low": f"{low / factor:g}", "high": f"{high / factor:g}"}
            self._problem("pvsyst_out_of_range", entry.line, keys[0], entry.text, limits)
            return None
        return value * factor

    def _problem(self, key: str, line: int, name: str, value: str, params: dict[str, str] | None = None) -> None:
        problem = Problem(key=key, file=self.file, line=line, field=name, value=value[:80], params=params or {})
        self.problems.append(problem)

    def line(self, key: str) -> int:
        """Return the line of a key, or of the component."""
        entry = self.component.find(key)
        return self.component.line if entry is None else entry.line

    def refuse(self) -> None:
        """Raise everything that was found wrong."""
        if self.problems:
            raise InputError(sorted(self.problems, key=lambda problem: problem.line or 0))


def _float(text: str) -> float | None:
    """Return a number; a comma between two groups of digits is a decimal mark that some program put in."""
    body = text.strip()
    if body.count(",") == 1 and "." not in body:
        body = body.replace(",", ".")
    try:
        value = float(body)
    except ValueError:
        return None
    return value if isfinite(value) else None


def read_pan(path: Path | str, name: str | None = None) -> Module:
    """Read a module from a PAN file.

    Parameters
    ----------
    path
        PVsyst's text format.
    name
        How messages call it.

    Raises
    ------
    InputError
        Not such a file, or figures that are missing, out of range or contradict each other: with their lines.
    """
    file = str(path) if name is None else name
    component = read_blocks(read_bytes(Path(path), file), file, ("pvModule",))
    reader = _Reader(component=component, file=file)
    figures = _module_figures(reader)
    reader.refuse()
    got = {key: value for key, value in figures.items() if value is not None}
    _consistent(reader, got)
    reader.refuse()
    return _module(reader, got, file)


def _module_figures(reader: _Reader) -> dict[str, float | None]:
    number = reader.number
    return {
        "power_w": number("PNom", low=5, high=1500),
        "open_circuit_v": number("Voc", low=1, high=400),
        "short_circuit_a": number("Isc", low=0.1, high=40),
        "maximum_power_v": number("Vmp", "Vmpp", low=1, high=400),
        "maximum_power_a": number("Imp", "Impp", low=0.1, high=40),
        "short_circuit_a_per_k": number("muISC", low=-0.02, high=0.1, factor=1e-3),
        "open_circuit_v_per_k": number("muVocSpec", low=-3, high=0, factor=1e-3),
        "power_temperature_per_k": number("muPmpReq", "muPmp", low=-0.008, high=-0.0005, factor=0.01),
        "cells": number("NCelS", low=1, high=1000),
        "shunt_ohm": number("RShunt", low=1, high=1e6),
        "shunt_dark_ohm": number("Rp_0", low=1, high=1e7, needed=False),
        "shunt_exponent": number("Rp_Exp", low=0.1, high=30, needed=False),
        "series_ohm": number("RSerie", low=0, high=10),
        "ideality": number("Gamma", low=0.3, high=3),
        "ideality_per_k": number("muGamma", low=-0.02, high=0.02, needed=False),
        "recombination_v": number("D2MuTau", low=0, high=20, needed=False),
        "width_m": number("Width", low=0.1, high=3),
        "length_m": number("Height", low=0.1, high=4),
        "weight_kg": number("Weight", low=0.5, high=100, needed=False),
        "system_v": number("VMaxIEC", "VMaxUL", low=50, high=2000),
    }


def _consistent(reader: _Reader, got: dict[str, float]) -> None:
    """Refuse a maximum power point outside the curve, and a power that is not its product."""
    if got["maximum_power_v"] >= got["open_circuit_v"]:
        line, value = reader.line("Vmp"), f"{got['maximum_power_v']:g}"
        reader.problems.append(Problem(key="pan_point_outside", file=reader.file, line=line, field="Vmp", value=value))
    if got["maximum_power_a"] >= got["short_circuit_a"]:
        line, value = reader.line("Imp"), f"{got['maximum_power_a']:g}"
        reader.problems.append(Problem(key="pan_point_outside", file=reader.file, line=line, field="Imp", value=value))
    product = got["maximum_power_v"] * got["maximum_power_a"]
    if abs(product / got["power_w"] - 1.0) > _POWER_OFF:
        params = {"product": f"{product:.1f}"}
        reader.problems.append(
            Problem(
                key="pan_power_product",
                file=reader.file,
                line=reader.line("PNom"),
                field="PNom",
                value=f"{got['power_w']:g}",
                params=params,
            )
        )


def _module(reader: _Reader, got: dict[str, float], file: str) -> Module:
    photo_a, saturation_a = pvsyst_reference(
        open_circuit_v=got["open_circuit_v"],
        short_circuit_a=got["short_circuit_a"],
        series_ohm=got["series_ohm"],
        shunt_ohm=got["shunt_ohm"],
        ideality=got["ideality"],
        cells_in_series=int(got["cells"]),
    )
    diode = PvsystDiode(
        short_circuit_a_per_k=got["short_circuit_a_per_k"],
        ideality=got["ideality"],
        ideality_per_k=got.get("ideality_per_k", 0.0),
        photo_a=photo_a,
        saturation_a=saturation_a,
        shunt_ohm=got["shunt_ohm"],
        shunt_dark_ohm=got.get("shunt_dark_ohm", _KNOWN_SHUNT_DARK * got["shunt_ohm"]),
        shunt_exponent=got.get("shunt_exponent", _SHUNT_EXPONENT),
        series_ohm=got["series_ohm"],
        cells_in_series=int(got["cells"]),
    )
    label = " ".join(part for part in (reader.words("Manufacturer"), reader.words("Model")) if part) or file
    module = Module(
        name=label,
        origin="pan",
        short_circuit_temperature_per_k=got["short_circuit_a_per_k"] / got["short_circuit_a"],
        open_circuit_temperature_per_k=got["open_circuit_v_per_k"] / got["open_circuit_v"],
        cells_in_series=int(got["cells"]),
        area_m2=got["length_m"] * got["width_m"],
        weight_kg=got.get("weight_kg"),
        fuse_a=None,
        diode=diode,
        price_usd_per_w=None,
        source=file,
        year=reader.words("YearBeg"),
        confidence="user",
        findings=_module_findings(got, label),
        **{name: got[name] for name in _SAME},
    )
    return _with_coefficient(_checked(module, reader), diode)


def _with_coefficient(module: Module, diode: PvsystDiode) -> Module:
    """Return a module whose power falls with temperature as its file states, where the file's muGamma does not do it.

    Files exist whose muGamma belongs to another coefficient; energy hangs on the datasheet's.
    """
    stated, made = module.power_temperature_per_k, power_coefficient_per_k(diode)
    if abs(made / stated - 1.0) <= _COEFFICIENT_OFF:
        return module
    met = meeting_coefficient(diode, stated)
    key = "pan_coefficient_met" if met is not None else "pan_coefficient_differs"
    params = {"stated_percent": round(100.0 * stated, 3), "diode_percent": round(100.0 * made, 3)}
    told = Finding(key=key, level="warning", subject=module.name, params=params)
    return replace(module, diode=met or diode, findings=(*module.findings, told))


def _module_findings(got: dict[str, float], label: str) -> tuple[Finding, ...]:
    found = []
    if "shunt_dark_ohm" not in got:
        found.append(Finding(key="pan_shunt_assumed", level="assumption", subject=label))
    if got.get("recombination_v", 0.0) > 0.0:
        found.append(Finding(key="pan_recombination_left_out", level="warning", subject=label))
    return tuple(found)


def _checked(module: Module, reader: _Reader) -> Module:
    """Refuse a diode that does not give the file's own power: a resistance or ideality of another unit."""
    power_w = float(operating_points(module, np.array(STC_IRRADIANCE_W_M2), np.array(25.0)).power_w)
    if not abs(power_w / module.power_w - 1.0) <= _POWER_OFF:
        params = {"power": f"{power_w:.1f}"}
        line = reader.line("RSerie")
        raise InputError(
            [
                Problem(
                    key="pan_diode_power",
                    file=reader.file,
                    line=line,
                    field="RSerie",
                    value=f"{module.power_w:g}",
                    params=params,
                )
            ]
        )
    return module


def read_ond(path: Path | str, name: str | None = None) -> Inverter:
    """Read an inverter from an OND file.

    Parameters
    ----------
    path
        PVsyst's text format.
    name
        How messages call it.

    Raises
    ------
    InputError
        Not such a file, or figures that are missing or out of range: with their lines.
    """
    file = str(path) if name is None else name
    component = read_blocks(read_bytes(Path(path), file), file, ("pvGInverter", "pvInverter"))
    reader = _Reader(component=component, file=file)
    rated_kw = reader.number("PNomConv", low=0.1, high=10000)
    low_v = reader.number("VMppMin", low=10, high=1500)
    high_v = reader.number("VMPPMax", low=10, high=2000)
    max_v = reader.number("VAbsMax", low=10, high=2000)
    efficiency = reader.number("EfficEuro", "EfficMax", low=0.5, high=1, factor=0.01)
    ac_v = reader.number("VOutConv", low=50, high=36000, needed=False)
    trackers = reader.number("NbMPPT", low=1, high=100, needed=False)
    current_a = reader.number("IMaxDC", low=0, high=20000, needed=False)
    night_w = reader.number("Night_Loss", low=0, high=10000, needed=False)
    points = _curves(reader)
    if low_v and high_v and max_v and not low_v < high_v <= max_v:
        params = {"low": f"{low_v:g}", "high": f"{high_v:g}", "maximum": f"{max_v:g}"}
        line = reader.line("VMPPMax")
        reader.problems.append(
            Problem(key="ond_window", file=file, line=line, field="VMPPMax", value=f"{high_v:g}", params=params)
        )
    reader.refuse()
    if not (rated_kw and low_v and high_v and max_v and efficiency):
        raise AssertionError("a reader without problems has every needed figure")
    label = " ".join(part for part in (reader.words("Manufacturer"), reader.words("Model")) if part) or file
    return Inverter(
        name=label,
        origin="ond",
        rated_kw=rated_kw,
        ac_voltage_v=ac_v,
        efficiency=efficiency,
        dc_max_v=max_v,
        mppt_low_v=low_v,
        mppt_high_v=high_v,
        mppt_count=None if trackers is None else int(trackers),
        # The file's current is of the whole inverter.
        mppt_current_a=current_a / trackers if current_a and trackers else None,
        mppt_short_circuit_a=None,
        night_w=night_w or 0.0,
        rated_altitude_m=None,
        altitude_derating_per_km=None,
        altitude_max_m=None,
        surge_ratio=1.0,
        sandia=None,
        points=points,
        price_usd_per_kw=None,
        source=file,
        year=reader.words("YearBeg"),
        confidence="user",
        findings=() if points else (Finding(key="ond_no_curve", level="assumption", subject=label),),
    )


def _curves(reader: _Reader) -> tuple[PointCurve, ...]:
    """Return the efficiency curves: three by voltage where the file has them, else the one."""
    voltages = [_float(part) for part in reader.words("VNomEff").split(",") if part.strip()]
    made = []
    for number, voltage in enumerate(voltages, 1):
        block = reader.component.block(f"ProfilPIOV{number}")
        if block is not None and voltage:
            made.append(_curve(reader, block, voltage))
    if not made and (single := reader.component.block("ProfilPIO")) is not None:
        made.append(_curve(reader, single, 0.0))
    curves = [curve for curve in made if curve is not None]
    return tuple(sorted(curves, key=lambda curve: curve.voltage_v))


def _curve(reader: _Reader, block: Block, voltage_v: float) -> PointCurve | None:
    """Return one curve in W, from its points up to the first that does not go up."""
    pairs: list[tuple[float, float]] = []
    for entry, _ in points_of(block):
        both = [_float(part) for part in entry.text.split(",")]
        if len(both) != 2 or both[0] is None or both[1] is None:
            problem = Problem(key="ond_point", file=reader.file, line=entry.line, field=block.name, value=entry.text)
            reader.problems.append(problem)
            return None
        if pairs and both[0] <= pairs[-1][0]:
            break
        pairs.append((both[0], both[1]))
    if len(pairs) < 2:
        return None
    return _plausible(reader, block, pairs, voltage_v)


def _plausible(
    reader: _Reader, block: Block, pairs: Sequence[tuple[float, float]], voltage_v: float
) -> PointCurve | None:
    """Return the curve in W; refuse more power out than in, and a curve that is not of this inverter's size."""
    rated = reader.component.find("PNomConv")
    rated_kw = (_float(rated.text) if rated else None) or 0.0
    # Points stand in W; some programs write them in kW, as the inverter's own power.
    factor = W_PER_KW if rated_kw and pairs[-1][0] < 10.0 * rated_kw else 1.0
    worst = max(ac - dc for dc, ac in pairs)
    if worst > 0.0 or (rated_kw and not 0.3 < pairs[-1][1] * factor / (rated_kw * W_PER_KW) < 3.0):
        problem = Problem(
            key="ond_curve", file=reader.file, line=block.line, field=block.name, value=f"{pairs[-1][0]:g}"
        )
        reader.problems.append(problem)
        return None
    return PointCurve(
        voltage_v=voltage_v,
        dc_w=tuple(dc * factor for dc, _ in pairs),
        ac_w=tuple(ac * factor for _, ac in pairs),
    )
