"""A motor's efficiency at full load, and its curve: plate, maker's points, class table, year, or an old motor."""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from mine_energy.catalog import table
from mine_energy.errors import Finding, InputError, MissingData, Param, Problem
from mine_energy.motors.classes import ClassEfficiency, class_efficiency, rating_span_kw
from mine_energy.motors.curve import LossCurve, points_curve, two_loss_curve
from mine_energy.motors.inventory import Motor
from mine_energy.motors.notes import note
from mine_energy.motors.rewind import RewindLoss, after_rewinds, rewind_loss
from mine_energy.motors.tables import CLASSES, assumption

EfficiencySource = Literal["plate", "points", "class_table", "unverified_table", "year_guess", "assumed", "none"]
DEFAULT_POLES: Final = 4
LARGEST_KW: Final = 375.0
SMALLEST_KW: Final = 0.70


@dataclass(frozen=True, slots=True, kw_only=True)
class FullLoad:
    """A motor's losses as it stands.

    Parameters
    ----------
    curve
        After rewinds.
    source
        Where the efficiency comes from.
    plate_efficiency
        At full load, before rewinds.
    rewind
        What the rewinds took; None without any.
    loss_band
        Half-width of the 90 % interval of the losses, as a share of them.
    """

    curve: LossCurve
    source: EfficiencySource
    plate_efficiency: float
    rewind: RewindLoss | None
    loss_band: float


def full_load(motor: Motor, poles: int, notes: list[Finding], faults: list[Problem]) -> FullLoad | None:
    """Return a motor's losses as it stands, or None when its efficiencies contradict one another.

    The expected loss of the rewinds is taken off the full-load efficiency, all losses growing in proportion.

    Parameters
    ----------
    motor
        Row of the inventory, as it stands on the network.
    poles
        Number of poles.
    notes, faults
        Get what is assumed and what is refused.
    """
    points = _points(motor)
    if points:
        try:
            new, source = points_curve(motor.rated_power_kw, points), _points_source(motor, poles, notes)
        except InputError as error:
            faults.extend(error.problems)
            return None
    else:
        efficiency, source = _efficiency(motor, poles, notes)
        new = two_loss_curve(efficiency, motor.rated_power_kw)
    plate = new.efficiency_full_load
    rewind = rewind_loss(motor.rewinds, motor.rewind_shop) if motor.rewinds else None
    curve = new
    if rewind is not None:
        curve = new.at_efficiency(after_rewinds(plate, rewind.mean))
        key = "motor_rewound" if motor.rewind_shop == "unknown" else "motor_rewound_certified"
        params: dict[str, Param] = {"count": motor.rewinds, "points": rewind.mean * 100}
        notes.append(
            note(motor, key, "assumption", low_points=rewind.low * 100, high_points=rewind.high * 100, **params)
        )
    known = source in {"plate", "points", "class_table"}
    band = "efficiency_loss_tolerance" if known else "efficiency_loss_band_assumed"
    return FullLoad(curve=curve, source=source, plate_efficiency=plate, rewind=rewind, loss_band=assumption(band).value)


def _points(motor: Motor) -> dict[float, float]:
    """Return the maker's efficiencies by load; empty when there is none below full load."""
    part = {0.25: motor.efficiency_25, 0.5: motor.efficiency_50, 0.75: motor.efficiency_75}
    known = {load: value for load, value in part.items() if value is not None}
    if known and motor.efficiency is not None:
        known[1.0] = motor.efficiency
    return known


def _points_source(motor: Motor, poles: int, notes: list[Finding]) -> EfficiencySource:
    if motor.efficiency is None:
        notes.append(note(motor, "motor_full_load_from_points", "assumption"))
    else:
        _compare_with_class(motor, poles, notes)
    return "points"


def _efficiency(motor: Motor, poles: int, notes: list[Finding]) -> tuple[float, EfficiencySource]:
    if motor.efficiency is not None:
        _compare_with_class(motor, poles, notes)
        return motor.efficiency, "plate"
    if motor.ie_class is not None and motor.construction == "cage":
        found = _lookup(motor.ie_class, motor.rated_power_kw, poles, motor.frequency_hz)
        if found is not None:
            return found.value, _table_source(motor, found, notes)
    guessed = _from_year(motor, poles, notes)
    return guessed if guessed is not None else (_assumed_efficiency(motor, poles, notes), "assumed")


def _from_year(motor: Motor, poles: int, notes: list[Finding]) -> tuple[float, EfficiencySource] | None:
    """Return the efficiency of the class that motors of a year usually have (``data/motors/class_by_year.csv``)."""
    if motor.manufacture_year is None or motor.construction != "cage" or motor.ie_class is not None:
        return None
    ie_class = class_of_year(motor.manufacture_year)
    found = _lookup(ie_class, motor.rated_power_kw, poles, motor.frequency_hz)
    if found is None:
        return None
    params: dict[str, Param] = {"year": str(motor.manufacture_year), "ie_class": ie_class}
    notes.append(note(motor, "motor_class_from_year", "assumption", **params))
    if found.status == "unverified":
        notes.append(_unverified(ie_class, motor, "motor_unverified_table"))
    return found.value, "year_guess"


def class_of_year(year: int) -> str:
    """Return the class guessed for a motor made in a year."""
    return next(ie_class for start, ie_class in reversed(_years()) if year >= start)


@cache
def _years() -> tuple[tuple[int, str], ...]:
    return tuple((int(row["year_from"]), row["ie_class"]) for row in table("motors/class_by_year.csv"))


def _compare_with_class(motor: Motor, poles: int, notes: list[Finding]) -> None:
    if motor.ie_class is None or motor.efficiency is None or (motor.poles is None and motor.rated_speed_rpm is None):
        return
    found = _lookup(motor.ie_class, motor.rated_power_kw, poles, motor.frequency_hz)
    if found is not None and motor.efficiency < found.value - 1e-9:
        params: dict[str, Param] = {"ie_class": motor.ie_class, "efficiency_percent": motor.efficiency * 100}
        notes.append(note(motor, "motor_plate_below_class", "warning", minimum_percent=found.value * 100, **params))


def _lookup(ie_class: str, rated_power_kw: float, poles: int, frequency_hz: int) -> ClassEfficiency | None:
    try:
        return class_efficiency(ie_class, rated_power_kw, poles, frequency_hz)
    except MissingData:
        return None


def _table_source(motor: Motor, found: ClassEfficiency, notes: list[Finding]) -> EfficiencySource:
    if found.status == "verified":
        return "class_table"
    key = "motor_unverified_table" if found.status == "unverified" else "motor_single_source_table"
    notes.append(_unverified(motor.ie_class or "", motor, key))
    return "unverified_table" if found.status == "unverified" else "class_table"


def _unverified(ie_class: str, motor: Motor, key: str) -> Finding:
    return note(motor, key, "assumption", ie_class=ie_class, frequency_hz=motor.frequency_hz)


def _assumed_efficiency(motor: Motor, poles: int, notes: list[Finding]) -> float:
    """Return the efficiency assumed where neither plate nor table gives one, and say which row it is.

    The lowest class that reaches down to the rating, above its range at its highest rating; below every range the
    smallest rating there is.
    """
    ie_class, rating = _nearest_row(motor, poles)
    found = class_efficiency(ie_class, rating, poles, motor.frequency_hz)
    params: dict[str, Param] = {"ie_class": ie_class, "poles": poles, "rating_kw": found.rating_kw}
    key = _reason(motor, inside=rating == motor.rated_power_kw)
    notes.append(note(motor, key, "assumption", frequency_hz=motor.frequency_hz, **params))
    if found.status == "unverified":
        notes.append(_unverified(ie_class, motor, "motor_unverified_table"))
    return found.value


def _nearest_row(motor: Motor, poles: int) -> tuple[str, float]:
    known = [(c, span) for c in CLASSES if (span := rating_span_kw(c, poles, motor.frequency_hz)) is not None]
    stated = [(c, span) for c, span in known if c == motor.ie_class]
    for ie_class, (low, high) in (*stated, *known):
        rating = min(motor.rated_power_kw, high)
        if rating >= low and _lookup(ie_class, rating, poles, motor.frequency_hz) is not None:
            return ie_class, rating
    smallest = min(known, key=lambda pair: pair[1][0])
    return smallest[0], smallest[1][0]


def _reason(motor: Motor, *, inside: bool) -> str:
    """Return why no table holds a motor's efficiency."""
    if motor.construction != "cage":
        return "motor_outside_construction"
    if motor.rated_power_kw > LARGEST_KW:
        return "motor_outside_large"
    if motor.rated_power_kw < SMALLEST_KW:
        return "motor_outside_small"
    return "motor_efficiency_assumed" if inside else "motor_outside_tables"
