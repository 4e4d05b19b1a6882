"""Area and weight: of the modules, of the ground with rows apart, and whether roof or ground takes them.

Module area by efficiency, ``kWp / efficiency``, and by whole modules, ``modules x length x width``. Ground area by
cover, ``module area / ground cover ratio``, and by rows, ``module area x pitch / slant``. A row stays out of the next
one's shadow at the pitch ``slant (cos(tilt) + sin(tilt) / tan(profile))``. The profile is the sun's height on the plane
across the rows, ``tan(profile) = tan(height) / cos(sun azimuth - array azimuth)`` (Duffie and Beckman, Solar
Engineering of Thermal Processes, on shading).
"""

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, radians, sin, tan
from typing import Final

import numpy as np

from mine_energy.errors import Finding
from mine_energy.pv.array import Array
from mine_energy.pv.conditions import figure
from mine_energy.pv.modules import Module
from mine_energy.pv.strings import StringDesign
from mine_energy.site.array import ArrayChoice

_SOLSTICE_DEG: Final = 23.44
_LOW_SUN_DEG: Final = 5.0
"""Under this height the pitch grows without end for light that is worth nothing."""
_DEG_PER_HOUR: Final = 15.0
_LEVEL_DEG: Final = 1.0
_STEP_HOURS: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaResult:
    """Area and weight of a design.

    Parameters
    ----------
    module_area_m2, module_area_by_efficiency_m2
        Of whole modules; of the same kWp at the module's efficiency.
    ground_area_by_cover_m2, ground_area_by_pitch_m2
        With rows apart: by the site's ground cover ratio, and by the pitch that is used.
    row_slant_m
        Slant length of a row: one module upright.
    pitch_winter_noon_m
        Distance of rows at which noon of the worse solstice is free of shade; None for level rows.
    pitch_shade_free_m
        The same for all hours about noon that are asked for.
    shade_free_hours
        Those hours, on each side of noon.
    pitch_cover_m, pitch_used_m
        By the ground cover ratio, and by the rule that the site chooses, with room to walk.
    row_rule
        ``ground_cover``, ``winter_noon`` or ``shade_free``.
    roof_area_needed_m2
        With walkways and edges.
    weight_kg, weight_kg_per_m2
        Of modules and rails, and over the area that they cover; without ballast.
    fits_roof, fits_ground, roof_bears
        None where the site does not say what there is.
    findings
        What does not fit, and what is assumed.
    """

    module_area_m2: float
    module_area_by_efficiency_m2: float
    ground_area_by_cover_m2: float
    ground_area_by_pitch_m2: float
    row_slant_m: float
    pitch_winter_noon_m: float | None
    pitch_shade_free_m: float | None
    shade_free_hours: float
    pitch_cover_m: float
    pitch_used_m: float
    row_rule: str
    roof_area_needed_m2: float
    weight_kg: float
    weight_kg_per_m2: float
    fits_roof: bool | None
    fits_ground: bool | None
    roof_bears: bool | None
    findings: tuple[Finding, ...]


def sun_at(latitude: float, declination_deg: float, hours_from_noon: float) -> tuple[float, float]:
    """Return the sun's height and azimuth, degrees, by solar time.

    Parameters
    ----------
    latitude
        Degrees, north positive.
    declination_deg
        23.44 and -23.44 at the solstices.
    hours_from_noon
        Negative in the morning.
    """
    phi, delta, omega = (radians(angle) for angle in (latitude, declination_deg, _DEG_PER_HOUR * hours_from_noon))
    height = asin(max(-1.0, min(1.0, sin(phi) * sin(delta) + cos(phi) * cos(delta) * cos(omega))))
    south = sin(phi) * cos(delta) * cos(omega) - cos(phi) * sin(delta)
    west = cos(delta) * sin(omega)
    return degrees(height), (180.0 + degrees(atan2(west, south))) % 360.0


def free_pitch_m(
    slant_m: float, tilt_deg: float, azimuth_deg: float, latitude: float, hours_from_noon: float = 0.0
) -> float | None:
    """Return the distance of rows at which none shades the next at both solstices, so many hours about noon.

    Near the equator the sun stands north of the plant at one solstice and south at the other; whichever is worse for
    the way the rows face counts. The sun behind a row shades nothing that faces it.

    Parameters
    ----------
    slant_m
        Length of a row along its slope.
    tilt_deg, azimuth_deg
        Of the modules.
    latitude
        Degrees, north positive.
    hours_from_noon
        0 for the winter-noon rule; 3 keeps nine to fifteen o'clock free.

    Returns
    -------
    float or None
        None for level rows, which shade nothing, and where the sun at such an hour has all but set.
    """
    if tilt_deg < _LEVEL_DEG:
        return None
    tilt = radians(tilt_deg)
    longest = slant_m * cos(tilt)
    after = [*np.arange(0.0, hours_from_noon, _STEP_HOURS), hours_from_noon]
    steps = [*after, *(-hour for hour in after)]
    for declination in (_SOLSTICE_DEG, -_SOLSTICE_DEG):
        for hour in steps:
            height, azimuth = sun_at(latitude, declination, float(hour))
            if height < _LOW_SUN_DEG:
                return None
            across = cos(radians(azimuth - azimuth_deg))
            shadow = sin(tilt) * across / tan(radians(min(height, 89.999)))
            longest = max(longest, slant_m * (cos(tilt) + max(shadow, 0.0)))
    return longest


def areas(design: StringDesign, module: Module, array: Array, choice: ArrayChoice, latitude: float) -> AreaResult:
    """Return the area and weight of a design, and whether what the site has takes them.

    Parameters
    ----------
    design, module
        Strings and their module.
    array
        Tilt, azimuth and ground cover ratio.
    choice
        What roof and ground there are, and the rule for the rows.
    latitude
        Degrees, north positive.
    """
    area_m2 = design.modules * module.area_m2
    slant_m = module.length_m or array.row_width_m
    facing = (slant_m, array.tilt_deg, array.azimuth_deg, latitude)
    noon, free = free_pitch_m(*facing), free_pitch_m(*facing, choice.shade_free_hours)
    pitches = {"ground_cover": slant_m / array.ground_cover_ratio, "winter_noon": noon, "shade_free": free}
    walkable = slant_m * cos(radians(array.tilt_deg)) + figure("walkway_m")
    ruled = pitches[choice.row_rule]
    used = max(walkable, ruled or 0.0) if choice.row_rule != "ground_cover" else pitches["ground_cover"]
    kg_per_m2 = _module_kg_per_m2(module) + figure("mounting_weight_kg_per_m2")
    made = {
        "ground_m2": area_m2 / slant_m * (used or slant_m),
        "roof_m2": area_m2 * figure("roof_access_factor"),
        "kg_per_m2": kg_per_m2,
    }
    return AreaResult(
        module_area_m2=area_m2,
        module_area_by_efficiency_m2=design.pv_kwp / module.efficiency,
        ground_area_by_cover_m2=area_m2 / array.ground_cover_ratio,
        ground_area_by_pitch_m2=made["ground_m2"],
        row_slant_m=slant_m,
        pitch_winter_noon_m=noon,
        pitch_shade_free_m=free,
        shade_free_hours=choice.shade_free_hours,
        pitch_cover_m=slant_m / array.ground_cover_ratio,
        pitch_used_m=used or slant_m,
        row_rule=choice.row_rule,
        roof_area_needed_m2=made["roof_m2"],
        weight_kg=area_m2 * kg_per_m2,
        weight_kg_per_m2=kg_per_m2,
        fits_roof=_within(made["roof_m2"], choice.roof_area_m2),
        fits_ground=_within(made["ground_m2"], choice.ground_area_m2),
        roof_bears=_within(kg_per_m2, choice.roof_limit_kg_per_m2),
        findings=tuple(_findings(made, module, array, choice, (noon, free, walkable))),
    )


def _module_kg_per_m2(module: Module) -> float:
    if module.weight_kg is None:
        return figure("module_weight_kg_per_m2")
    return module.weight_kg / module.area_m2


def _within(needed: float, there: float | None) -> bool | None:
    return None if there is None else needed <= there


def _findings(
    made: dict[str, float],
    module: Module,
    array: Array,
    choice: ArrayChoice,
    pitches: tuple[float | None, float | None, float],
) -> list[Finding]:
    found = []
    limits = (
        ("pv_roof_too_small", "roof_m2", choice.roof_area_m2),
        ("pv_ground_too_small", "ground_m2", choice.ground_area_m2),
        ("pv_roof_too_weak", "kg_per_m2", choice.roof_limit_kg_per_m2),
    )
    for key, name, there in limits:
        if _within(made[name], there) is False:
            params = {"needed": round(made[name], 1), "there": there or 0.0}
            found.append(Finding(key=key, level="warning", params=params))
    if module.weight_kg is None:
        params = {"kg_per_m2": figure("module_weight_kg_per_m2")}
        found.append(Finding(key="pv_weight_assumed", level="assumption", subject=module.name, params=params))
    noon, free, walkable = pitches
    if choice.row_rule == "shade_free" and free is None and array.tilt_deg >= _LEVEL_DEG:
        params = {"hours": choice.shade_free_hours}
        found.append(Finding(key="pv_rows_sun_down", level="warning", params=params))
    ruled = noon if choice.row_rule == "winter_noon" else free
    if choice.row_rule != "ground_cover" and (ruled is None or ruled < walkable):
        params = {"walkway_m": figure("walkway_m")}
        found.append(Finding(key="pv_rows_walkway", level="assumption", params=params))
    return found
