"""What every reader of a weather file hands over: rows with their stamps, values in one set of units, their origin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.weather.contract import Kind

Label = Literal["start", "middle", "end", "unknown"]
"""Which moment of its interval a row's stamp names; ``middle`` also stands for values of one instant."""

Stamps = NDArray[np.datetime64]
"""``datetime64[s]`` in the file's own clock."""

MAX_PROBLEMS: Final = 20
"""A broken file has thousands of bad cells; the first twenty show what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What a quantity may be in any hour on earth, in the unit of the contract."""

    low: float
    high: float
    high_within_hour: float | None = None
    """For steps under an hour: clouds beside the sun focus light for minutes, not for an hour."""


LIMITS: Final = {
    "ghi": Limit(low=0.0, high=1_700.0, high_within_hour=2_100.0),
    "dni": Limit(low=0.0, high=1_500.0),
    "dhi": Limit(low=0.0, high=1_200.0, high_within_hour=1_400.0),
    "bhi": Limit(low=0.0, high=1_500.0),
    "temp_air": Limit(low=-60.0, high=60.0),
    "wind_speed": Limit(low=0.0, high=75.0),
    "pressure": Limit(low=31_000.0, high=120_000.0),
}
"""Limits by quantity: W/m2, degC, m/s, Pa. ``bhi`` is the beam on the horizontal plane."""

OPTIONAL: Final = frozenset({"pressure"})
THERMAL_OFFSET_W_M2: Final = 15.0
"""Below zero down to here a thermopile's night reading is its own heat loss to the sky, not a fault of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record is from; None where the file does not say."""

    latitude: float | None = None
    longitude: float | None = None
    altitude_m: float | None = None
    name: str = ""
    country: str = ""
    """ISO 3166 code, two or three letters, as the file has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a person says of a weather file that the file does not say itself.

    Parameters
    ----------
    latitude, longitude, altitude_m
        Of the plant: taken where the file names no place, with a finding.
    utc_offset_hours
        Zone of the stamps, hours east of Greenwich; None takes the file's word, else UTC-05:00 with a finding.
    stamps
        ``start``, ``middle`` or ``end`` of the interval; empty takes the file's word or the sun's.
    gaps
        ``refuse``, or ``fill`` with the same hours of the days around.
    missing
        ``refuse`` a file without temperature or wind, or take them from the packaged ``climatology``.
    kind
        What the source is, where its layout does not tell.
    source
        What messages and reports call the source; empty takes the file's own words.
    """

    latitude: float | None = None
    longitude: float | None = None
    altitude_m: float | None = None
    utc_offset_hours: float | None = None
    stamps: Literal["", "start", "middle", "end"] = ""
    gaps: Literal["refuse", "fill"] = "refuse"
    missing: Literal["refuse", "climatology"] = "refuse"
    kind: Kind | Literal[""] = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """Rows of a weather file as they stand, in the contract's units.

    Parameters
    ----------
    file
        Name of the file, as messages call it.
    source
        Whose data they are, with the database that answered.
    kind
        As in :class:`~mine_energy.weather.Weather`; None when the layout does not tell.
    place
        Where the file says it is.
    stamps
        Of every row, in the file's clock.
    lines
        Line of every row.
    values
        Arrays by quantity (:data:`LIMITS`); NaN where the file says that a value is missing.
    texts
        The same cells as written, for messages.
    utc_offset_hours
        Of the file's clock; None when nothing tells.
    step_minutes
        Between rows; None to find it from the stamps.
    label
        What the stamps name.
    shift_minutes
        Stated by the file: how long after its stamp a value holds.
    yearless
        Whether only month, day and hour of a stamp count: one year, its months perhaps from several.
    years
        Years of the months, where the file lists them.
    coarse
        Whether it rests on a reanalysis or on cells of a degree, which do not see a coast's stratus.
    findings
        What the reader has to tell.
    """

    file: str
    source: str
    place: Place
    stamps: Stamps
    lines: Sequence[int]
    values: Mapping[str, FloatArray]
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    kind: Kind | None = None
    utc_offset_hours: float | None = None
    step_minutes: float | None = None
    label: Label = "unknown"
    shift_minutes: float = 0.0
    yearless: bool = False
    years: tuple[int, ...] = ()
    coarse: bool = False
    findings: tuple[Finding, ...] = field(default=())


def refuse(file: str, key: str, line: int | None = None, value: str = "", **params: Param) -> InputError:
    """Return the error of one problem."""
    return InputError([Problem(key=key, file=file, line=line, value=value, params=params)])


def raise_first(problems: Iterable[Problem]) -> None:
    """Raise the first twenty of `problems`, if there are any."""
    listed = list(problems)
    if listed:
        raise InputError(listed[:MAX_PROBLEMS])


COARSE_WORDS: Final = ("ERA5", "MERRA", "POWER", "SYN1DEG", "CERES", "CFSR")


def is_coarse(source: str) -> bool:
    """Whether the name of a database says reanalysis, or satellite cells of a degree."""
    return any(word in source.upper() for word in COARSE_WORDS)
