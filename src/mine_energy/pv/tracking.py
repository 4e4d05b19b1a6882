"""The plane of an array at every hour: fixed, or turning about one horizontal axis."""

import numpy as np
from pvlib import tracking

from mine_energy.arrays import FloatArray
from mine_energy.pv.array import Array
from mine_energy.pv.light import Plane
from mine_energy.weather import Sun

_TILT_STEP_DEG = 0.5


def plane_of(array: Array, position: Sun) -> Plane:
    """Return the plane of one array: two figures, or two for every hour with a tracker.

    Parameters
    ----------
    array
        Its angles or tracker, and horizon.
    position
        The sun.
    """
    if array.tracker is None:
        tilt, azimuth = array.tilt_deg, array.azimuth_deg
        seen = array.horizon.sky_factor(tilt, azimuth) if array.horizon else 1.0
        return Plane(tilt_deg=np.array([tilt]), azimuth_deg=np.array([azimuth]), sky_factor=np.array([seen]))
    tilt_deg, azimuth_deg = turned(array, position)
    # A tracker looks into the sky's middle over its day: the horizon takes from it what it takes from a level plane.
    seen = array.horizon.sky_factor(0.0, 0.0) if array.horizon else 1.0
    return Plane(tilt_deg=tilt_deg, azimuth_deg=azimuth_deg, sky_factor=np.array([seen]))


def turned(array: Array, position: Sun) -> tuple[FloatArray, FloatArray]:
    """Return tilt and azimuth of a tracker at every hour, level at night (pvlib.tracking.singleaxis).

    Tilts are whole half degrees, so that the views of few planes serve all hours; half a degree costs a few
    hundred-thousandths of the light.
    """
    if array.tracker is None:
        raise AssertionError("no tracker")
    axis = array.tracker.axis_azimuth_deg
    found = tracking.singleaxis(
        position.zenith_deg,
        position.azimuth_deg,
        axis_azimuth=axis,
        max_angle=array.tracker.max_rotation_deg,
        backtrack=array.tracker.backtracking,
        gcr=array.ground_cover_ratio,
    )
    rotation = np.nan_to_num(np.asarray(found["tracker_theta"], dtype=np.float64))
    steps = np.round(rotation / _TILT_STEP_DEG)
    # A positive turn looks to the right of the axis: to the east of one that points north.
    return np.abs(steps) * _TILT_STEP_DEG, np.mod(axis + np.where(steps < 0, -90.0, 90.0), 360.0)
