"""The layouts of weather files: how each is recognised by its content, and where it was seen.

``confirmed`` layouts were seen in a public source (a manual, a service's answer, or code that reads real files);
``unconfirmed`` ones rest on description alone, and every file read by one says so in a finding.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from mine_energy.io.weather_epw import is_epw, read_epw
from mine_energy.io.weather_nsrdb import is_nsrdb, is_tmy3, read_nsrdb, read_tmy3
from mine_energy.io.weather_power import is_power_csv, is_power_json, read_power_csv, read_power_json
from mine_energy.io.weather_pvgis import is_pvgis_csv, is_pvgis_json, read_pvgis_csv, read_pvgis_json
from mine_energy.io.weather_record import Hints, Record
from mine_energy.io.weather_tables import METEONORM, SOLARGIS, SOLCAST, STATION, Habits, read_table_file


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One layout of a weather file.

    Parameters
    ----------
    name
        As messages call it.
    recognise
        How sure the layout is of the first lines of a text, 0 to 1.
    read_text
        Turns a text into a record; None for tables, which are read from bytes.
    habits
        What the maker's tables do without writing it.
    layout
        ``confirmed`` in a cited source, or ``unconfirmed``.
    source
        Where the layout was seen, or that it was not.
    """

    name: str
    recognise: Callable[[str], float]
    read_text: Callable[[str, str, Hints], Record] | None = None
    habits: Habits = STATION
    layout: Literal["confirmed", "unconfirmed"] = "confirmed"
    source: str

    def read(self, data: bytes, text: str, file: str, hints: Hints) -> Record:
        """Read a file by this layout."""
        if self.read_text is None:
            return read_table_file(data, file, hints, self.habits)
        return self.read_text(text, file, hints)


def _says(*words: str) -> Callable[[str], float]:
    """Return a recogniser: every one of `words` stands in the first lines."""

    def recognise(head: str) -> float:
        low = head.lower()
        return 0.7 if all(word in low for word in words) else 0.0

    return recognise


def _is_solcast(head: str) -> float:
    low = head.lower().replace("_", "")
    return 0.7 if "periodend" in low and "ghi" in low else 0.0


def _is_meteonorm(head: str) -> float:
    low = head.lower()
    return 0.7 if "meteonorm" in low or "g_gh" in low else 0.0


READERS: Final[dict[str, Reader]] = {
    "epw": Reader(
        name="EPW (EnergyPlus)",
        recognise=is_epw,
        read_text=read_epw,
        source="EnergyPlus Auxiliary Programs, weather file format; real IWEC and TMYx files",
    ),
    "tmy3": Reader(
        name="TMY3",
        recognise=is_tmy3,
        read_text=read_tmy3,
        source="NREL/TP-581-43156, Users Manual for TMY3 Data Sets; the files that pvlib carries",
    ),
    "pvgis_csv": Reader(
        name="PVGIS CSV",
        recognise=is_pvgis_csv,
        read_text=read_pvgis_csv,
        source="Answers of seriescalc and tmy, versions 5.2 and 5.3, in public code and pvlib's readers",
    ),
    "pvgis_json": Reader(
        name="PVGIS JSON",
        recognise=is_pvgis_json,
        read_text=read_pvgis_json,
        source="Answers of seriescalc and tmy, versions 5.2 and 5.3, in public code and pvlib's readers",
    ),
    "nsrdb": Reader(
        name="NSRDB PSM3/PSM4, SAM CSV",
        recognise=is_nsrdb,
        read_text=read_nsrdb,
        source="SAM's weather file format for time series; NSRDB downloads in public code and pvlib's reader",
    ),
    "power_csv": Reader(
        name="NASA POWER CSV",
        recognise=is_power_csv,
        read_text=read_power_csv,
        source="Hourly answers of NASA POWER with their header, in public code",
    ),
    "power_json": Reader(
        name="NASA POWER JSON",
        recognise=is_power_json,
        read_text=read_power_json,
        source="Hourly answers of NASA POWER, in public code and pvlib's client",
    ),
    "solcast": Reader(
        name="Solcast",
        recognise=_is_solcast,
        habits=SOLCAST,
        source="Historic CSV with PeriodEnd, PeriodStart, Period (native) and period_end, period (API) in public code",
    ),
    "solargis": Reader(
        name="SolarGIS",
        recognise=_says("solargis"),
        habits=SOLARGIS,
        layout="unconfirmed",
        source="No file was seen; names, units and -9 for missing from pvlib's client of the service",
    ),
    "meteonorm": Reader(
        name="Meteonorm",
        recognise=_is_meteonorm,
        habits=METEONORM,
        layout="unconfirmed",
        source="No file was seen; symbols G_Gh, G_Dh, G_Bn, Ta, FF from public code that reads its exports",
    ),
    "columns": Reader(
        name="CSV / Excel",
        recognise=lambda _: 0.1,
        layout="confirmed",
        source="Any table with headings of time and irradiance; each heading's meaning is reported",
    ),
}
"""Layouts by key, in the order in which they are asked."""

_HEAD_CHARACTERS: Final = 6_000


def reader_of(text: str) -> tuple[str, Reader]:
    """Return the layout that is surest of a text, with its key; the first of equally sure ones."""
    head = text[:_HEAD_CHARACTERS].lstrip("\ufeff \t\r\n")
    sure = {key: reader.recognise(head) for key, reader in READERS.items()}
    best = max(sure, key=lambda key: sure[key])
    return best, READERS[best]
