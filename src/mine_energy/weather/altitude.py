"""Altitude where the user gives none: a coarse grid, and a warning that says so."""

from pvlib.location import lookup_altitude

from mine_energy.errors import Finding


def altitude_of(latitude: float, longitude: float, stated_m: float | None) -> tuple[float, tuple[Finding, ...]]:
    """Return the altitude of a place, m, and a warning where it is the grid's.

    The grid has cells of a twelfth of a degree, some 9 km, and steps of 28 m (pvlib's); in a valley it is several
    hundred metres too high, which thins the air, cools the modules and can change the region of the resource band.

    Parameters
    ----------
    latitude, longitude
        Degrees, north and east positive.
    stated_m
        What the user states, or None.
    """
    if stated_m is not None:
        return stated_m, ()
    # The grid's sea lies a step below zero.
    grid_m = max(float(lookup_altitude(latitude, longitude)), 0.0)
    return grid_m, (Finding(key="weather_altitude_grid", level="warning", params={"altitude_m": round(grid_m)}),)
