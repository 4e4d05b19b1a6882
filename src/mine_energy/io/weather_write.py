"""Weather as a file that other programs read too: SAM's standard time series (the layout of NSRDB downloads)."""

from typing import Final

import numpy as np
import pandas as pd

from mine_energy.io.weather_record import Place
from mine_energy.units import AIR_PRESSURE_UNITS_PA

MISSING: Final = -999
_FACTS: Final = ("Source", "Location ID", "City", "State", "Country", "Latitude", "Longitude", "Time Zone", "Elevation")
_UNITS: Final = ("GHI Units", "DNI Units", "DHI Units", "Temperature Units", "Pressure Units", "Wind Speed Units")
_UNIT_WORDS: Final = ("w/m2", "w/m2", "w/m2", "c", "mbar", "m/s")
_HEADINGS: Final = {
    "ghi": "GHI",
    "dni": "DNI",
    "dhi": "DHI",
    "temp_air": "Temperature",
    "wind_speed": "Wind Speed",
    "pressure": "Pressure",
}


def standard_csv(frame: pd.DataFrame, place: Place, source: str) -> bytes:
    """Return weather as SAM's standard CSV in UTC.

    Parameters
    ----------
    frame
        Columns of the contract (``pressure`` in Pa may lack), index tz-aware; a stamp's minute is the moment its values
        hold. NaN is written -999.
    place
        With coordinates and altitude.
    source
        Database, as the reader will call it; commas become semicolons.
    """
    index = pd.DatetimeIndex(frame.index).tz_convert("UTC")
    names = [name for name in _HEADINGS if name in frame]
    columns = {name: frame[name].to_numpy(dtype=np.float64) for name in names}
    if "pressure" in columns:
        columns["pressure"] = columns["pressure"] / AIR_PRESSURE_UNITS_PA["mbar"]
    facts = (
        source.replace(",", ";"),
        "-",
        place.name.replace(",", ";") or "-",
        "-",
        place.country or "-",
        f"{place.latitude:g}",
        f"{place.longitude:g}",
        "0",
        f"{place.altitude_m:g}",
    )
    texts = [[_text(value) for value in column] for column in columns.values()]
    stamps = [f"{s.year},{s.month},{s.day},{s.hour},{s.minute}" for s in index]
    rows = [",".join(row) for row in zip(stamps, *texts, strict=True)]
    head = [
        ",".join((*_FACTS, *_UNITS)),
        ",".join((*facts, *_UNIT_WORDS)),
        ",".join(("Year", "Month", "Day", "Hour", "Minute", *(_HEADINGS[name] for name in names))),
    ]
    return ("\n".join([*head, *rows]) + "\n").encode("utf-8")


def _text(value: float) -> str:
    return f"{round(value, 2):g}" if np.isfinite(value) and abs(value) < 1e4 else str(MISSING)
