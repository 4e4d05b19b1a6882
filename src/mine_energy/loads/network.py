"""Losses between the meter and the machines: transformer and feeders, as end uses of their own."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.errors import InputError, Problem
from mine_energy.units import HOURS_PER_YEAR, MINUTES_PER_HOUR

MeteringSide = Literal["supply", "plant"]
"""Where the meter stands: on the supply side of the transformer (its losses are metered) or on the plant's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformer:
    """A transformer, or several equal ones in parallel that share the load.

    Parameters
    ----------
    rated_kva
        Rated power of one, kVA.
    no_load_loss_kw
        Loss of one with voltage and no load, kW: all year, whatever the plant does (IEC 60076-1).
    load_loss_kw
        Loss of one at rated current, kW: it goes with the square of the load.
    units
        How many are on.
    """

    rated_kva: float
    no_load_loss_kw: float
    load_loss_kw: float
    units: int = 1

    def __post_init__(self) -> None:
        low = {"rated_kva": 1e-9, "no_load_loss_kw": 0.0, "load_loss_kw": 0.0, "units": 1}
        wrong = [
            Problem(key="motor_argument_low", field=name, value=f"{getattr(self, name):g}", params={"low": least})
            for name, least in low.items()
            if not getattr(self, name) >= least
        ]
        if wrong:
            raise InputError(wrong)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TransformerLosses:
    """Losses of a transformer, one figure per interval.

    Parameters
    ----------
    no_load_kw, load_kw
        Its two losses, kW.
    loading
        Apparent power over rated power.
    """

    no_load_kw: FloatArray
    load_kw: FloatArray
    loading: FloatArray

    @property
    def total_kw(self) -> FloatArray:
        """Both losses, kW."""
        return np.asarray(self.no_load_kw + self.load_kw)

    def energy_kwh(self, step_minutes: float) -> float:
        """Return the energy lost over the intervals, kWh."""
        return float(self.total_kw.sum() * step_minutes / MINUTES_PER_HOUR)


def transformer_losses(plant_kw: Any, plant_kvar: Any, transformer: Transformer) -> TransformerLosses:
    """Return the losses of a transformer for the load on its plant side.

    ``P0`` at all times and ``Pk (S / Sn)^2``, S the apparent power of the plant (IEC 60076-1; voltage taken as rated).

    Parameters
    ----------
    plant_kw, plant_kvar
        Active and reactive power on the plant side, kW and kvar; scalars or arrays of one shape.
    transformer
        Its ratings.
    """
    apparent = np.hypot(np.asarray(plant_kw, dtype=np.float64), np.asarray(plant_kvar, dtype=np.float64))
    loading = np.atleast_1d(apparent / (transformer.rated_kva * transformer.units))
    return TransformerLosses(
        no_load_kw=np.full_like(loading, transformer.units * transformer.no_load_loss_kw),
        load_kw=transformer.units * transformer.load_loss_kw * loading**2,
        loading=loading,
    )


def plant_power_kw(metered_kw: Any, metered_kvar: Any, transformer: Transformer, side: MeteringSide) -> Any:
    """Return the active power on the plant side of the transformer for what the meter saw, kW.

    Metered on the plant side it is the reading. On the supply side the losses come off: with the reactive power taken
    as it was metered, ``P + P0 + Pk (P^2 + Q^2) / Sn^2`` equals the reading, a quadratic in P.

    Parameters
    ----------
    metered_kw, metered_kvar
        Of the meter.
    transformer
        Its ratings.
    side
        Where the meter stands.

    Returns
    -------
    float or numpy.ndarray
        Zero where the reading is below the losses: the plant was off.
    """
    reading = np.asarray(metered_kw, dtype=np.float64)
    if side == "plant":
        return reading if reading.ndim else float(reading)
    share = transformer.load_loss_kw / (transformer.rated_kva**2 * transformer.units)
    left = reading - transformer.units * transformer.no_load_loss_kw - share * np.asarray(metered_kvar) ** 2
    above = np.maximum(left, 0.0)
    power = 2 * above / (1 + np.sqrt(1 + 4 * share * above))
    return power if power.ndim else float(power)


def no_load_energy_kwh_per_year(transformer: Transformer, hours_per_year: float = HOURS_PER_YEAR) -> float:
    """Return what a transformer loses in a year by being connected, kWh: also on days without work."""
    return transformer.units * transformer.no_load_loss_kw * hours_per_year


def feeder_loss_fraction(voltage_drop: float, power_factor: float, reactance_ratio: float = 0.0) -> float:
    """Return the power lost in a feeder over the power it delivers, from its voltage drop.

    With ``dV/V = (R P + X Q) / V^2`` and ``loss = R S^2 / V^2``: ``loss/P = dV/V / (pf^2 (1 + X/R tan phi))``.

    Parameters
    ----------
    voltage_drop
        Drop over nominal voltage, 0 to 0.3.
    power_factor
        Of the load, above 0 to 1, lagging.
    reactance_ratio
        X over R of the conductor: zero for small cables, towards one for large ones and overhead lines.

    Raises
    ------
    InputError
        An argument is out of range.
    """
    for name, value, low, high in (
        ("voltage_drop", voltage_drop, 0.0, 0.3),
        ("power_factor", power_factor, 0.01, 1.0),
        ("reactance_ratio", reactance_ratio, 0.0, 10.0),
    ):
        if not low <= value <= high:
            raise InputError(
                [Problem(key="motor_argument", field=name, value=f"{value:g}", params={"low": low, "high": high})]
            )
    tangent = float(np.sqrt(1 / power_factor**2 - 1))
    return voltage_drop / (power_factor**2 * (1 + reactance_ratio * tangent))


def feeder_loss_kw(load_kva: Any, reference_kva: float, reference_loss_kw: float) -> Any:
    """Return the loss of a feeder, kW: known at one load, it goes with the square of the current.

    Parameters
    ----------
    load_kva
        Apparent power of the feeder, kVA; scalar or array.
    reference_kva, reference_loss_kw
        A load and the loss at it, measured or from :func:`feeder_loss_fraction`.

    Raises
    ------
    InputError
        The reference load is not above zero.
    """
    if reference_kva <= 0:
        shown = f"{reference_kva:g}"
        raise InputError([Problem(key="motor_argument_low", field="reference_kva", value=shown, params={"low": 0})])
    load = np.asarray(load_kva, dtype=np.float64)
    lost = reference_loss_kw * (load / reference_kva) ** 2
    return lost if lost.ndim else float(lost)
