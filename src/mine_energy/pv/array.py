"""The PV array as its yield sees it: where it looks, what stands around it, what it is made of and what it loses."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from mine_energy import catalog
from mine_energy.pv.horizon import Horizon
from mine_energy.pv.losses import DEFAULT_LOSSES, Loss, left, losses_of
from mine_energy.pv.models import PVWattsInverter, PVWattsModule
from mine_energy.pv.soiling import Soiling, soiling_of
from mine_energy.site import ArrayChoice
from mine_energy.site.array import FaceChoice

__all__ = [
    "DEFAULT_LOSSES",
    "SELF_CLEANING_TILT_DEG",
    "Array",
    "Face",
    "Loss",
    "Tracker",
    "array_of",
    "assumed",
    "equator_facing_deg",
    "losses_of",
]

Mounting = Literal["open_rack", "close_roof", "insulated_back"]
Transposition = Literal["hay_davies", "perez", "isotropic"]
Glass = Literal["physical", "ashrae", "martin_ruiz"]
CellModel = Literal["sapm", "faiman"]


def assumed(key: str) -> float:
    """Return a figure of the packaged table of assumptions about arrays, in the unit that the table states."""
    return catalog.sourced("pv/assumptions.csv", key).value


SELF_CLEANING_TILT_DEG: Final = assumed("self_cleaning_tilt_deg")
"""Flatter modules keep their dust and their puddles; near the equator the floor costs half a per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """One of several planes of an array, as two slopes of a roof.

    Parameters
    ----------
    tilt_deg, azimuth_deg
        As in :class:`Array`.
    share
        Of the array's kWp; the shares of an array add up to one.
    mounting
        As in :class:`Array`.
    name
        In the user's words; may be empty.
    """

    tilt_deg: float
    azimuth_deg: float
    share: float
    mounting: Mounting = "open_rack"
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """A horizontal axis about which the rows turn with the sun.

    Parameters
    ----------
    axis_azimuth_deg
        Direction of the axis, degrees clockwise from north.
    max_rotation_deg
        Largest turn from level, degrees.
    backtracking
        Whether the rows turn back early and late, so as not to shade each other.
    """

    axis_azimuth_deg: float = 0.0
    max_rotation_deg: float = 60.0
    backtracking: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """An array, per kWp.

    Parameters
    ----------
    tilt_deg
        From horizontal, degrees; of the largest face where there are several, and without meaning with a tracker.
    azimuth_deg
        Direction the modules face, degrees clockwise from north: 180 is south, 0 is north.
    mounting
        How the air reaches the back: ``open_rack``, ``close_roof`` or ``insulated_back``.
    dc_ac_ratio
        Module kWp over inverter kW AC.
    module_efficiency
        At standard test conditions.
    ground_cover_ratio
        Module area over ground area: slant length of a row over the distance between rows.
    power_temperature_per_k
        Relative change of power per kelvin of cell temperature above 25 degC.
    inverter_efficiency
        Nominal, at full load.
    albedo
        Of the ground around.
    losses
        System losses, each of which multiplies.
    transposition
        Model of the light of the sky on a tilted plane.
    glass
        Model of the reflection at an angle of incidence.
    cell_model
        Model of the cell temperature.
    row_shading
        Whether equal rows stand before and behind at the ground cover ratio and take light from each other.
    bifaciality
        Rear over front efficiency; 0 for a module that sees with its front alone.
    row_height_m, row_width_m
        Centre of a row above the ground, and its slant length: they matter to the light behind the modules.
    rear_loss
        Share of the rear's light that frame, posts and its unevenness take.
    tracker
        None for a fixed array.
    horizon
        Mountains and buildings far enough to be the same for every module; None for a free horizon.
    soiling
        Dust by month, or growing between rains and washes; None takes the flat loss of the list.
    faces
        Two or more planes on one inverter, each with a tracker of its maximum power; empty for one plane.
    """

    tilt_deg: float
    azimuth_deg: float
    mounting: Mounting = "open_rack"
    dc_ac_ratio: float = 1.2
    module_efficiency: float = 0.21
    ground_cover_ratio: float = 0.5
    power_temperature_per_k: float = assumed("power_temperature_per_k")
    inverter_efficiency: float = assumed("inverter_efficiency")
    albedo: float = assumed("albedo")
    losses: tuple[Loss, ...] = losses_of({})
    transposition: Transposition = "hay_davies"
    glass: Glass = "physical"
    cell_model: CellModel = "sapm"
    row_shading: bool = False
    bifaciality: float = 0.0
    row_height_m: float = assumed("row_height_m")
    row_width_m: float = assumed("row_width_m")
    rear_loss: float = assumed("rear_loss")
    tracker: Tracker | None = None
    horizon: Horizon | None = None
    soiling: Soiling | None = None
    faces: tuple[Face, ...] = ()

    @property
    def flat_losses(self) -> tuple[Loss, ...]:
        """The losses that are one figure all year: soiling is not, where its course is modelled."""
        return tuple(loss for loss in self.losses if not (self.soiling and loss.name == "soiling"))

    @property
    def loss_factor(self) -> float:
        """What the flat losses leave, all multiplied."""
        return left(self.flat_losses)

    @property
    def dc_loss_factor(self) -> float:
        """What the flat losses before the inverter leave."""
        return left(self.flat_losses, "light", "dc")

    @property
    def ac_loss_factor(self) -> float:
        """What the losses after the inverter leave."""
        return left(self.flat_losses, "ac")

    @property
    def module_model(self) -> PVWattsModule:
        """The PVWatts module of this temperature coefficient."""
        return PVWattsModule(power_temperature_per_k=self.power_temperature_per_k)

    @property
    def inverter_model(self) -> PVWattsInverter:
        """The PVWatts inverter of this ratio and efficiency."""
        return PVWattsInverter(limit_w_per_wp=1.0 / self.dc_ac_ratio, nominal_efficiency=self.inverter_efficiency)

    @property
    def module_area_m2_per_kwp(self) -> float:
        """Module area of one kWp, m2."""
        return 1.0 / self.module_efficiency

    @property
    def ground_area_m2_per_kwp(self) -> float:
        """Ground that one kWp takes with its rows apart, m2."""
        return self.module_area_m2_per_kwp / self.ground_cover_ratio

    def planes(self) -> tuple[tuple[float, "Array"], ...]:
        """Return the share of every face and the array as if all of it were that face."""
        return tuple(
            (
                face.share,
                replace(self, tilt_deg=face.tilt_deg, azimuth_deg=face.azimuth_deg, mounting=face.mounting, faces=()),
            )
            for face in self.faces
        ) or ((1.0, self),)


def equator_facing_deg(latitude: float) -> float:
    """Return the azimuth that faces the equator: 180 (south) north of it, 0 (north) south of it."""
    return 180.0 if latitude >= 0.0 else 0.0


def array_of(choice: ArrayChoice, latitude: float, file: str = "", horizon: Horizon | None = None) -> Array:
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
    horizon
        What the file that the section names holds.

    Raises
    ------
    InputError
        A loss has an unknown name.
    """
    faces = _faces(choice)
    main = max(faces, key=lambda face: face.share) if faces else None
    tilt = SELF_CLEANING_TILT_DEG if choice.tilt_deg == "optimal" else choice.tilt_deg
    azimuth = equator_facing_deg(latitude) if choice.azimuth_deg == "optimal" else choice.azimuth_deg
    stated = {key: value for key in _STATED if (value := getattr(choice, key)) is not None}
    return Array(
        tilt_deg=main.tilt_deg if main else tilt,
        azimuth_deg=main.azimuth_deg if main else azimuth,
        mounting=main.mounting if main else choice.mounting,
        dc_ac_ratio=choice.dc_ac_ratio,
        module_efficiency=choice.module_efficiency,
        ground_cover_ratio=choice.ground_cover_ratio,
        losses=losses_of(choice.losses, file),
        transposition=choice.transposition,
        glass=choice.glass,
        cell_model=choice.cell_model,
        row_shading=_rows(choice),
        bifaciality=choice.bifaciality,
        tracker=_tracker(choice),
        horizon=horizon,
        soiling=soiling_of(choice.soiling) if choice.soiling else None,
        faces=faces,
        **stated,
    )


_STATED = ("power_temperature_per_k", "inverter_efficiency", "albedo", "row_height_m", "row_width_m", "rear_loss")


def _rows(choice: ArrayChoice) -> bool:
    """Return whether rows shade each other: as stated, else wherever modules stand on racks and not on a roof."""
    if choice.row_shading is not None:
        return choice.row_shading
    return choice.mounting == "open_rack" and not choice.faces


def _tracker(choice: ArrayChoice) -> Tracker | None:
    stated = choice.tracker
    if stated is None:
        return None
    return Tracker(
        axis_azimuth_deg=stated.axis_azimuth_deg,
        max_rotation_deg=stated.max_rotation_deg,
        backtracking=stated.backtracking,
    )


def _faces(choice: ArrayChoice) -> tuple[Face, ...]:
    total = sum(_weight(face) for face in choice.faces)
    return tuple(
        Face(
            tilt_deg=face.tilt_deg,
            azimuth_deg=face.azimuth_deg,
            share=_weight(face) / total,
            mounting=face.mounting or choice.mounting,
            name=face.name,
        )
        for face in choice.faces
    )


def _weight(face: FaceChoice) -> float:
    return face.kwp if face.kwp is not None else face.share or 0.0
