"""A horizon profile: a table of azimuth and elevation, or what PVGIS's ``printhorizon`` gives, as text or JSON."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.io.tables import read_bytes
from mine_energy.io.text_files import decode
from mine_energy.pv.horizon import Horizon, horizon_of

_AZIMUTH: Final = frozenset({"azimuth", "azimut", "azimuth_deg", "azimut_deg"})
_ELEVATION: Final = frozenset(
    {"elevation", "elevacion", "elevación", "altura", "height", "elevation_deg", "elevacion_deg", "horizon"}
)
_SPLIT: Final = re.compile(r"[;\t,]|\s{2,}")
_SOUTH_DEG: Final = 180.0
"""PVGIS counts from the south, west positive: its 0 is our 180."""
_LEAST_POINTS: Final = 2

Point = tuple[int | None, str, str]
"""Line, azimuth and height as written."""


def read_horizon(path: Path | str, name: str | None = None) -> Horizon:
    """Read a horizon profile.

    A table has a header with ``azimuth`` (degrees clockwise from north) and ``elevation``; a file of PVGIS has columns
    ``A`` and ``H_hor`` and counts from the south, and is turned. Heights under the horizontal plane count as zero.

    Parameters
    ----------
    path
        The file.
    name
        As the user wrote it, for messages.

    Returns
    -------
    Horizon

    Raises
    ------
    InputError
        The file is no profile, or holds figures that no horizon has; every line is told.
    """
    shown = name or str(path)
    text = decode(read_bytes(Path(path), shown))
    points, turn = _points(text or "")
    if len(points) < _LEAST_POINTS:
        raise InputError([Problem(key="horizon_not_read", file=shown)])
    wrong = [
        Problem(key="horizon_value", file=shown, line=line, value=f"{azimuth}, {height}")
        for line, azimuth, height in points
        if not _fits(azimuth, -180.0, 360.0) or not _fits(height, -10.0, 90.0)
    ]
    if wrong:
        raise InputError(wrong)
    figures = np.array([(_number(azimuth), _number(height)) for _, azimuth, height in points], dtype=np.float64)
    return horizon_of(figures[:, 0] + turn, figures[:, 1], shown)


def _points(text: str) -> tuple[list[Point], float]:
    """Return the points of a profile and the angle that turns its azimuths to the north; none where there is none."""
    if text.lstrip().startswith("{"):
        return list(_from_json(text)), _SOUTH_DEG
    rows = [(number, _cells(line)) for number, line in enumerate(text.splitlines(), start=1)]
    for at, (_, cells) in enumerate(rows):
        heads = [cell.lower() for cell in cells]
        for azimuths, heights, turn in (({"a"}, {"h_hor"}, _SOUTH_DEG), (_AZIMUTH, _ELEVATION, 0.0)):
            first, second = _column(heads, azimuths), _column(heads, heights)
            if first is not None and second is not None:
                return list(_table(rows[at + 1 :], first, second)), turn
    return [], 0.0


def _cells(line: str) -> list[str]:
    """Return a line's cells: semicolons or tabs win over commas, which may be decimal marks."""
    mark = next((mark for mark in (";", "\t") if mark in line), None)
    cells = line.split(mark) if mark else _SPLIT.split(line)
    return [cell.strip().strip('"') for cell in cells if cell.strip()]


def _column(heads: Sequence[str], names: frozenset[str] | set[str]) -> int | None:
    return next((at for at, head in enumerate(heads) if head in names), None)


def _table(rows: Sequence[tuple[int, list[str]]], first: int, second: int) -> Iterator[Point]:
    """Yield the points below a header, up to the first line that starts with a word (PVGIS's legend)."""
    for number, cells in rows:
        if not cells or cells[0].startswith("#"):
            continue
        if not re.match(r"^[-+]?[\d.,]", cells[0]):
            if cells[0][:1].isalpha() and ":" not in " ".join(cells) and len(cells) > second:
                yield number, cells[first], cells[second]
                continue
            return
        yield number, cells[first], cells[second] if second < len(cells) else ""


def _from_json(text: str) -> Iterator[Point]:
    try:
        profile = json.loads(text)["outputs"]["horizon_profile"]
        for point in profile:
            yield None, str(point["A"]), str(point["H_hor"])
    except (ValueError, KeyError, TypeError):
        return


def _number(written: str) -> float | None:
    try:
        value = float(written.replace(",", ".") if "." not in written else written)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _fits(written: str, low: float, high: float) -> bool:
    value = _number(written)
    return value is not None and low <= value <= high
