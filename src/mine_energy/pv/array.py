"""The PV array as its yield sees it: geometry, modules, inverter ratio, and the stated list of system losses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from mine_energy.catalog import Sourced
from mine_energy.errors import InputError, Problem
from mine_energy.site import ArrayChoice

Mounting = Literal["open_rack", "close_roof"]

SELF_CLEANING_TILT_DEG: Final = 10.0
"""Flatter modules keep their dust and their puddles; near the equator the floor costs half a per cent."""

POWER_TEMPERATURE_PER_K: Final = -0.0035
"""Power coefficient of present crystalline modules (type "premium" of Dobos 2014, NREL/TP-6A20-62641)."""
INVERTER_EFFICIENCY: Final = 0.96
"""Nominal efficiency of the PVWatts inverter (same report)."""
GROUND_ALBEDO: Final = 0.2
"""Grass and bare soil (same report's default)."""

_PVWATTS = "A. P. Dobos, PVWatts Version 5 Manual, NREL/TP-6A20-62641, system losses"

DEFAULT_LOSSES: Final[Mapping[str, Sourced]] = {
    name: Sourced(value=value, unit="1", source=_PVWATTS, year="2014", confidence=confidence, note=note)
    for name, value, confidence, note in (
        ("soiling", 0.02, "D", "US rain and dust; a mill's yard can be several times dustier"),
        ("shading", 0.03, "D", "near objects; a horizon of mountains is not in it"),
        ("snow", 0.0, "B", ""),
        ("mismatch", 0.02, "B", ""),
        ("wiring", 0.02, "B", ""),
        ("connections", 0.005, "B", ""),
        ("light_induced_degradation", 0.015, "B", ""),
        ("nameplate_rating", 0.01, "B", ""),
        ("age", 0.0, "B", "first year; the loss of later years belongs to the money"),
        ("availability", 0.03, "B", ""),
    )
}
"""System losses of PVWatts by name, fractions that multiply: 14.08 % together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One system loss of an array.

    Parameters
    ----------
    name
        A key of :data:`DEFAULT_LOSSES`.
    fraction
        Of the energy that reaches it.
    source, confidence
        Where the figure is from; ``user`` when the site file states it.
    """

    name: str
    fraction: float
    source: str
    confidence: str


def losses_of(replaced: Mapping[str, float], file: str = "") -> tuple[Loss, ...]:
    """Return the loss list of an array: the packaged one, with the user's own figures in their places.

    Parameters
    ----------
    replaced
        Fractions by name.
    file
        Site file, for the message.

    Raises
    ------
    InputError
        A name is not in the list.
    """
    unknown = [
        Problem(
            key="pv_unknown_loss",
            file=file,
            field=f"array.losses.{name}",
            value=name,
            params={"known": ", ".join(DEFAULT_LOSSES)},
        )
        for name in replaced
        if name not in DEFAULT_LOSSES
    ]
    if unknown:
        raise InputError(unknown)
    return tuple(
        Loss(name=name, fraction=float(replaced[name]), source="", confidence="user")
        if name in replaced
        else Loss(name=name, fraction=default.value, source=default.source, confidence=default.confidence)
        for name, default in DEFAULT_LOSSES.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """A fixed array, per kWp.

    Parameters
    ----------
    tilt_deg
        From horizontal, degrees.
    azimuth_deg
        Direction the modules face, degrees clockwise from north: 180 is south, 0 is north.
    mounting
        ``open_rack``: glass-polymer modules with air behind (SAPM); ``close_roof``: glass-glass close to a roof.
    dc_ac_ratio
        Module kWp over inverter kW AC.
    module_efficiency
        At standard test conditions.
    ground_cover_ratio
        Module area over ground area.
    power_temperature_per_k
        Relative change of power per kelvin of cell temperature above 25 degC.
    inverter_efficiency
        Nominal, at full load.
    albedo
        Of the ground around.
    losses
        System losses, each of which multiplies.
    """

    tilt_deg: float
    azimuth_deg: float
    mounting: Mounting = "open_rack"
    dc_ac_ratio: float = 1.2
    module_efficiency: float = 0.21
    ground_cover_ratio: float = 0.5
    power_temperature_per_k: float = POWER_TEMPERATURE_PER_K
    inverter_efficiency: float = INVERTER_EFFICIENCY
    albedo: float = GROUND_ALBEDO
    losses: tuple[Loss, ...] = losses_of({})

    @property
    def loss_factor(self) -> float:
        """What the system losses leave, all multiplied."""
        return float(np.prod([1.0 - loss.fraction for loss in self.losses]))

    @property
    def module_area_m2_per_kwp(self) -> float:
        """Module area of one kWp, m2."""
        return 1.0 / self.module_efficiency

    @property
    def ground_area_m2_per_kwp(self) -> float:
        """Ground that one kWp takes with its rows apart, m2."""
        return self.module_area_m2_per_kwp / self.ground_cover_ratio


def equator_facing_deg(latitude: float) -> float:
    """Return the azimuth that faces the equator: 180 (south) north of it, 0 (north) south of it."""
    return 180.0 if latitude >= 0.0 else 0.0


def array_of(choice: ArrayChoice, latitude: float, file: str = "") -> Array:
    """Return the array a site file asks for; what it leaves ``"optimal"`` faces the equator at the self-cleaning tilt.

    :func:`mine_energy.pv.resolve_array` then moves it to where it yields most.

    Parameters
    ----------
    choice
        Section ``[array]`` of a site file.
    latitude
        Degrees, north positive.
    file
        Site file, for messages.

    Raises
    ------
    InputError
        A loss has an unknown name.
    """
    return Array(
        tilt_deg=SELF_CLEANING_TILT_DEG if choice.tilt_deg == "optimal" else choice.tilt_deg,
        azimuth_deg=equator_facing_deg(latitude) if choice.azimuth_deg == "optimal" else choice.azimuth_deg,
        mounting=choice.mounting,
        dc_ac_ratio=choice.dc_ac_ratio,
        module_efficiency=choice.module_efficiency,
        ground_cover_ratio=choice.ground_cover_ratio,
        losses=losses_of(choice.losses, file),
    )
