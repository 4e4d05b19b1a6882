"""PV modules: maximum power, voltage and current under any light and cell temperature.

A module comes from the CEC list, from a datasheet by fitting, or from a PAN file, and answers in one of three ways:

- **PVWatts**: power in proportion to light, straight with temperature (Dobos 2014, NREL/TP-6A20-62641);
- **CEC**: single diode of De Soto et al. (2006) with the sixth parameter of Dobos (2012, J. Sol. Energy Eng. 134);
- **PVsyst**: single diode with a shunt that falls with light (Mermoud and Lejeune 2010), as PAN files state it.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Final, Literal

import numpy as np
import pandas as pd
from pvlib import pvsystem

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, MissingData
from mine_energy.pv.diodes import CecDiode, Diode, PvsystDiode
from mine_energy.pv.models import STC_CELL_C, DcOutput
from mine_energy.units import STC_IRRADIANCE_W_M2

Origin = Literal["cec_list", "datasheet", "pan"]

CEC_SOURCE: Final = "CEC module list in SAM's library of 2019-03-05, as shipped with pvlib"
_LIT_W_M2: Final = 0.5
"""Under this light a module is off: the equations lose their meaning before the module loses its last milliwatt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One PV module.

    Parameters
    ----------
    name, origin
        What it is called, and where its parameters come from.
    power_w, open_circuit_v, short_circuit_a, maximum_power_v, maximum_power_a
        At standard test conditions.
    short_circuit_temperature_per_k, open_circuit_temperature_per_k, power_temperature_per_k
        Coefficients as fractions per K.
    cells_in_series
        Number.
    area_m2, length_m, width_m, weight_kg
        Size; sides and weight None where the source does not say.
    system_v
        Maximum system voltage, V.
    fuse_a
        Maximum series fuse, A; None where the source does not say.
    diode
        Single-diode model; None for PVWatts.
    price_usd_per_w
        None without a price.
    source, year, confidence
        Of the figures.
    findings
        What a reader has to know about them.
    """

    name: str
    origin: Origin
    power_w: float
    open_circuit_v: float
    short_circuit_a: float
    maximum_power_v: float
    maximum_power_a: float
    short_circuit_temperature_per_k: float
    open_circuit_temperature_per_k: float
    power_temperature_per_k: float
    cells_in_series: int
    area_m2: float
    length_m: float | None
    width_m: float | None
    weight_kg: float | None
    system_v: float
    fuse_a: float | None
    diode: CecDiode | PvsystDiode | None
    price_usd_per_w: float | None
    source: str
    year: str
    confidence: str
    findings: tuple[Finding, ...] = ()

    @property
    def efficiency(self) -> float:
        """At standard test conditions, on the outer area."""
        return self.power_w / (self.area_m2 * STC_IRRADIANCE_W_M2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OperatingPoints:
    """One module's voltages and currents, same shape as the light; zero in the dark."""

    open_circuit_v: FloatArray
    short_circuit_a: FloatArray
    maximum_power_v: FloatArray
    maximum_power_a: FloatArray

    @property
    def power_w(self) -> FloatArray:
        """Maximum power, W."""
        return self.maximum_power_v * self.maximum_power_a


def open_circuit_v(module: Module, cell_c: float) -> float:
    """Return the open-circuit voltage under 1000 W/m2 by the datasheet's coefficient, V: the method of NEC 690.7(A)."""
    return module.open_circuit_v * (1.0 + module.open_circuit_temperature_per_k * (cell_c - STC_CELL_C))


def operating_points(module: Module, effective_w_m2: FloatArray, cell_c: FloatArray) -> OperatingPoints:
    """Return what a module does under some light at some cell temperature.

    Parameters
    ----------
    module
        The module; without a diode its currents follow light and its voltages the temperature alone.
    effective_w_m2
        Light that reaches the cells, W/m2.
    cell_c
        Cell temperature, degC.
    """
    light, cell = np.broadcast_arrays(np.asarray(effective_w_m2, float), np.asarray(cell_c, float))
    lit = light > _LIT_W_M2
    made = (
        _straight(module, light[lit], cell[lit])
        if module.diode is None
        else _solved(module.diode, light[lit], cell[lit])
    )
    whole = []
    for values in made:
        full = np.zeros(light.shape)
        full[lit] = values
        whole.append(full)
    return OperatingPoints(
        open_circuit_v=whole[0], short_circuit_a=whole[1], maximum_power_v=whole[2], maximum_power_a=whole[3]
    )


def _straight(module: Module, light: FloatArray, cell: FloatArray) -> tuple[FloatArray, ...]:
    above = cell - STC_CELL_C
    suns = light / STC_IRRADIANCE_W_M2
    current = 1.0 + module.short_circuit_temperature_per_k * above
    power = np.maximum(1.0 + module.power_temperature_per_k * above, 0.0)
    return (
        module.open_circuit_v * (1.0 + module.open_circuit_temperature_per_k * above),
        module.short_circuit_a * suns * current,
        module.maximum_power_v * power / current,
        module.maximum_power_a * suns * current,
    )


def _solved(diode: Diode, light: FloatArray, cell: FloatArray) -> tuple[FloatArray, ...]:
    made = pvsystem.singlediode(*diode.curve(light, cell))
    return tuple(np.asarray(made[name], dtype=float) for name in ("v_oc", "i_sc", "v_mp", "i_mp"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StringModule:
    """A string of equal modules as the chain's module model: :class:`mine_energy.pv.models.ModuleModel`.

    Parameters
    ----------
    module
        Of the string.
    modules_in_series
        Number.
    mppt_low_v, mppt_high_v
        Window of the inverter: outside of it the string works at the window's end, off its maximum power point.
    """

    module: Module
    modules_in_series: int = 1
    mppt_low_v: float = 0.0
    mppt_high_v: float = float("inf")

    def dc(self, effective_w_m2: FloatArray, cell_c: FloatArray) -> DcOutput:
        """Return power of one watt-peak and voltage of the string."""
        points = operating_points(self.module, effective_w_m2, cell_c)
        voltage = points.maximum_power_v
        low, high = self.mppt_low_v / self.modules_in_series, self.mppt_high_v / self.modules_in_series
        power = points.power_w
        outside = (voltage > 0.0) & ((voltage < low) | (voltage > high))
        if self.module.diode is not None and outside.any():
            light, cell = np.broadcast_arrays(effective_w_m2, cell_c)
            held = np.clip(voltage, low, high)
            current = pvsystem.i_from_v(held[outside], *self.module.diode.curve(light[outside], cell[outside]))
            power, voltage = power.copy(), np.where(outside, held, voltage)
            power[outside] = np.maximum(current * held[outside], 0.0)
        return DcOutput(power_w_per_wp=power / self.module.power_w, voltage_v=voltage * self.modules_in_series)


@cache
def _cec_list() -> pd.DataFrame:
    return pd.DataFrame(pvsystem.retrieve_sam("CECMod"))


def module_from_cec(name: str) -> Module:
    """Return a module of the packaged CEC list.

    Parameters
    ----------
    name
        As pvlib writes it: letters, digits and underscores.

    Raises
    ------
    MissingData
        The list has no such name; the message gives the nearest ones.
    """
    rows = _cec_list()
    if name not in rows:
        raise MissingData("pv_cec_module", name=name, available=nearest_names(name, rows))
    row = rows[name]
    length_m, width_m = (None if pd.isna(row[side]) else float(row[side]) for side in ("Length", "Width"))
    figures = {key: float(row[key]) for key in _CEC_FIGURES}
    return Module(
        name=name,
        origin="cec_list",
        power_w=figures["V_mp_ref"] * figures["I_mp_ref"],
        open_circuit_v=figures["V_oc_ref"],
        short_circuit_a=figures["I_sc_ref"],
        maximum_power_v=figures["V_mp_ref"],
        maximum_power_a=figures["I_mp_ref"],
        short_circuit_temperature_per_k=figures["alpha_sc"] / figures["I_sc_ref"],
        open_circuit_temperature_per_k=figures["beta_oc"] / figures["V_oc_ref"],
        power_temperature_per_k=figures["gamma_r"] / 100.0,
        cells_in_series=int(figures["N_s"]),
        area_m2=figures["A_c"],
        length_m=length_m,
        width_m=width_m,
        weight_kg=None,
        system_v=600.0,
        fuse_a=None,
        diode=CecDiode(
            short_circuit_a_per_k=figures["alpha_sc"],
            ideality_v=figures["a_ref"],
            photo_a=figures["I_L_ref"],
            saturation_a=figures["I_o_ref"],
            shunt_ohm=figures["R_sh_ref"],
            series_ohm=figures["R_s"],
            adjust_percent=figures["Adjust"],
        ),
        price_usd_per_w=None,
        source=CEC_SOURCE,
        year="2019",
        confidence="B",
        findings=(Finding(key="pv_cec_module_limits", level="assumption", subject=name, params={"system_v": 600.0}),),
    )


_CEC_FIGURES: Final = (
    *("V_mp_ref", "I_mp_ref", "V_oc_ref", "I_sc_ref", "alpha_sc", "beta_oc", "gamma_r", "N_s", "A_c"),
    *("a_ref", "I_L_ref", "I_o_ref", "R_sh_ref", "R_s", "Adjust"),
)


def nearest_names(name: str, rows: pd.DataFrame) -> str:
    """Return the five names of a list nearest to one, in words."""
    return ", ".join(get_close_matches(name, list(rows.columns), n=5, cutoff=0.5))
