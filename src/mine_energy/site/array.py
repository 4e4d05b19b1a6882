"""Section ``[array]`` of a site file: the PV array, its faces, tracker and dust."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from mine_energy.site.base import Fraction, NonNegative, Positive, Section
from mine_energy.units import MONTHS_PER_YEAR

Loss = Annotated[float, Field(ge=0, lt=1)]
"""A share lost; a loss of everything leaves no array."""
Tilt = Annotated[float, Field(ge=0, le=90)]
Azimuth = Annotated[float, Field(ge=0, lt=360)]
Mounting = Literal["open_rack", "close_roof", "insulated_back"]


def _twelve(months: tuple[float, ...]) -> tuple[float, ...]:
    if len(months) != MONTHS_PER_YEAR:
        raise PydanticCustomError("twelve_months", "twelve values")
    return months


Months = Annotated[tuple[Loss, ...], AfterValidator(_twelve)]
RainMonths = Annotated[tuple[NonNegative, ...], AfterValidator(_twelve)]


class FaceChoice(Section):
    """``[[array.faces]]``: one plane of an array of several, as one slope of a roof."""

    name: str = ""
    """Name, for the tables."""
    tilt_deg: Tilt
    """Tilt from horizontal, degrees."""
    azimuth_deg: Azimuth
    """Degrees clockwise from north."""
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    """Its part of the array's kWp; the shares of all faces add up to one."""
    kwp: Positive | None = None
    """Or its kWp: the proportions count, the size of the whole follows from the goal."""
    mounting: Mounting | None = None
    """How the air reaches the modules' back; the array's own when absent."""


class TrackerChoice(Section):
    """``[array.tracker]``: rows that turn about one horizontal axis."""

    axis_azimuth_deg: Azimuth = 0.0
    """Direction of the axis, degrees clockwise from north."""
    max_rotation_deg: Annotated[float, Field(gt=0, le=90)] = 60.0
    """Largest turn from level, degrees."""
    backtracking: bool = True
    """Whether rows turn back so as not to shade each other."""


class SoilingChoice(Section):
    """``[array.soiling]``: dust by month, or as it grows between rains and washes (Kimber)."""

    monthly: Months | None = None
    """Loss of each of the twelve months, fractions; then nothing else of this section is used."""
    rain_mm: RainMonths | None = None
    """Rain of each of the twelve months, mm."""
    cleaning_rains: RainMonths | None = None
    """Days of each month with rain enough to wash the modules; counted from `rain_mm` when absent."""
    rate_per_day: Annotated[float, Field(ge=0, le=0.05)] | None = None
    """Loss that one dry day adds, fraction; a packaged figure, shown as an assumption, when absent."""
    cleaning_rain_mm: Positive | None = None
    """Rain of a day that washes the modules, mm."""
    grace_days: Annotated[int, Field(ge=0, le=60)] | None = None
    """Days after such a rain in which the ground is damp and no dust settles."""
    max_loss: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Loss at which dust stops to grow, fraction."""
    wash_dates: tuple[date, ...] = ()
    """Days on which the modules are washed; only month and day count."""
    washes_per_year: Annotated[int, Field(ge=0, le=52)] = 0
    """Or so many washes, evenly over the year."""
    wash_cost_usd_per_kwp: NonNegative | None = None
    """Price of one wash, USD per kWp; a packaged figure, shown as an assumption, when absent."""

    @model_validator(mode="after")
    def _has_rain(self) -> "SoilingChoice":
        if self.monthly is None and self.rain_mm is None and self.cleaning_rains is None:
            raise PydanticCustomError("soiling_without_rain", "monthly, rain_mm or cleaning_rains")
        return self


class ArrayChoice(Section):
    """``[array]``: the PV array, per kWp."""

    tilt_deg: Tilt | Literal["optimal"] = "optimal"
    """Tilt from horizontal, degrees, or ``"optimal"`` for the best at 10 degrees or more."""
    azimuth_deg: Azimuth | Literal["optimal"] = "optimal"
    """Degrees clockwise from north, or ``"optimal"``."""
    objective: Literal["annual", "worst_month", "self_consumption"] = "annual"
    """What ``"optimal"`` means: most energy in the year, in the worst month, or used by the plant itself."""
    faces: tuple[FaceChoice, ...] = ()
    """Several planes instead of one tilt and azimuth."""
    mounting: Mounting = "open_rack"
    """How the air reaches the modules' back."""
    dc_ac_ratio: Annotated[float, Field(ge=0.5, le=2.5)] = 1.2
    """Module kWp over inverter kW AC."""
    module_efficiency: Annotated[float, Field(ge=0.05, le=0.3)] = 0.21
    """At standard test conditions; sets the module area."""
    ground_cover_ratio: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Module area over ground area."""
    row_shading: bool | None = None
    """Whether rows shade each other at that ratio; when absent, on open racks and not on roofs."""
    horizon: str = ""
    """File of the horizon: CSV of azimuth and elevation, or PVGIS's horizon profile; empty for a free horizon."""
    transposition: Literal["hay_davies", "perez", "isotropic"] = "hay_davies"
    """Model of the sky's light on the tilted plane."""
    albedo: Fraction | None = None
    """Reflectance of the ground; a packaged figure, shown as an assumption, when absent."""
    glass: Literal["physical", "ashrae", "martin_ruiz"] = "physical"
    """Model of the reflection at the glass."""
    cell_model: Literal["sapm", "faiman"] = "sapm"
    """Model of the cell temperature."""
    power_temperature_per_k: Annotated[float, Field(ge=-0.01, le=0)] | None = None
    """Change of the modules' power per kelvin, fraction; a packaged figure when absent."""
    inverter_efficiency: Annotated[float, Field(gt=0.8, le=1)] | None = None
    """Nominal; a packaged figure when absent."""
    bifaciality: Fraction = 0.0
    """Rear over front efficiency of bifacial modules; 0 for ordinary ones."""
    row_height_m: Positive | None = None
    """Centre of a row above the ground, m (bifacial modules)."""
    row_width_m: Positive | None = None
    """Slant length of a row, m (bifacial modules)."""
    rear_loss: Loss | None = None
    """Share of the rear's light lost to frame and posts (bifacial modules)."""
    row_rule: Literal["ground_cover", "winter_noon", "shade_free"] = "ground_cover"
    """What sets the distance of rows in the area: the ratio above, no shade at noon of the worse solstice, or none for
    `shade_free_hours` about noon."""
    shade_free_hours: Annotated[float, Field(ge=0, le=5)] = 3.0
    """Hours on each side of solar noon, at both solstices: 3 is nine to fifteen o'clock."""
    min_kwp: NonNegative | None = None
    """Least array of the design, kWp; equal to `max_kwp` it is fixed."""
    max_kwp: Positive | None = None
    """Most array of the design, kWp: what area or permit allows."""
    roof_area_m2: Positive | None = None
    """Roof there is, m2."""
    ground_area_m2: Positive | None = None
    """Ground there is, m2."""
    roof_limit_kg_per_m2: Positive | None = None
    """What the roof may bear besides its own weight, kg/m2."""
    tracker: TrackerChoice | None = None
    """Rows on a single axis; a fixed array when absent."""
    soiling: SoilingChoice | None = None
    """Dust by month or between rains; the flat loss of the list when absent."""
    losses: dict[str, Loss] = Field(default_factory=dict)
    """System losses that replace the packaged list, by name, as fractions below one."""

    @model_validator(mode="after")
    def _faces_add_up(self) -> "ArrayChoice":
        if not self.faces:
            return self
        if self.tracker is not None:
            raise PydanticCustomError("faces_with_tracker", "faces or a tracker")
        by_share = [face.share is not None and face.kwp is None for face in self.faces]
        by_kwp = [face.kwp is not None and face.share is None for face in self.faces]
        if not (all(by_share) or all(by_kwp)):
            raise PydanticCustomError("faces_mixed", "share or kwp for all faces")
        if all(by_share) and abs(sum(face.share or 0.0 for face in self.faces) - 1.0) > 1e-3:
            raise PydanticCustomError("faces_sum", "shares must add up to one")
        return self
