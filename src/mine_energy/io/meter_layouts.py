"""The layouts of meters' files: how each is recognised, what it does without writing it, and where it was seen.

``confirmed`` layouts were seen in a cited public source (a data set, a manual, or code that reads real exports);
``unconfirmed`` ones rest on description alone, and every file read by one says so in a finding.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from mine_energy.io.cells import show
from mine_energy.io.green_button import MARK
from mine_energy.io.meter_columns import hour_columns
from mine_energy.io.meter_hints import Hints
from mine_energy.io.meter_matrix import read_hour_matrix
from mine_energy.io.meter_readings import Habits, Readings
from mine_energy.io.meter_rows import read_columns_layout
from mine_energy.io.meter_words import Kind, Quantity
from mine_energy.io.stamps import MINUTE_MS, moments_ms
from mine_energy.io.tables import Table
from mine_energy.vocabulary import normalise

_ETIME: Final = re.compile(r"^(\d+):(\d{2})(?::(\d{2}))?$")
_PAC: Final = re.compile(r"\b(?:7km )?pac ?[1245]\d00\b|\bsentron\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One layout of a meter's file.

    Parameters
    ----------
    name
        As messages call it.
    recognise
        How sure the layout is of a table, 0 to 1, or None when it is not its own.
    read
        Turns a table into readings.
    layout
        ``confirmed`` in a cited source, or ``unconfirmed``.
    source
        Where the layout was seen, or that it was not.
    """

    name: str
    recognise: Callable[[Table], float | None]
    read: Callable[[Table, Hints], Readings]
    layout: Literal["confirmed", "unconfirmed"]
    source: str


def _headings(table: Table) -> list[str]:
    return [normalise(show(cell)) for cell in table.rows[table.header]]


def _starting(*starts: str, confidence: float = 0.9) -> Callable[[Table], float | None]:
    """Return a recogniser: every one of `starts` begins some heading."""

    def recognise(table: Table) -> float | None:
        headings = _headings(table)
        return confidence if all(any(text.startswith(one) for text in headings) for one in starts) else None

    return recognise


def _is_fluke_430(table: Table) -> float | None:
    """Recognise total active power, mean, without a unit, beside its extremes or other means, in the PC's language."""
    total = re.compile(
        r"^(?:[ce]inny vykon celkom priem|(?:active power|potencia activa) total (?:avg|med\w*|prom\w*))$"
    )
    return 0.9 if any(total.match(text) for text in _headings(table)) else None


def _is_hour_matrix(table: Table) -> float | None:
    return 0.99 if hour_columns(table.rows[table.header]) else None


def _is_green_button(table: Table) -> float | None:
    return 1.0 if table.header > 0 and show(table.cell(table.header - 1, 0)) == MARK else None


def _is_pac(table: Table) -> float | None:
    above = " ".join(
        normalise(show(cell)) for row in table.rows[: table.header + 1] for cell in row if cell is not None
    )
    return 0.7 if _PAC.search(above) else None


def _plain(table: Table) -> float | None:
    return 0.1 if table.header >= 0 else None


def _columns(habits: Habits) -> Callable[[Table, Hints], Readings]:
    def read(table: Table, hints: Hints) -> Readings:
        return read_columns_layout(table, hints, habits)

    return read


def _read_matrix(table: Table, hints: Hints) -> Readings:
    return read_hour_matrix(table, hints, Habits())


def _read_hioki(table: Table, hints: Hints) -> Readings:
    """Read by columns; the elapsed time of the first row tells whether stamps start or end their interval."""
    found = read_columns_layout(table, hints, Habits(label="end"))
    headings = _headings(table)
    if found.problems or len(found.stamps) < 2 or "etime" not in headings:
        return found
    elapsed = _ETIME.match(show(table.cell(found.rows[0], headings.index("etime"))))
    moments = moments_ms(found.stamps[:2], "ymd")
    if elapsed is None or moments is None:
        return found
    hours, minutes, seconds = (int(part or 0) for part in elapsed.groups())
    passed_ms = (hours * 60 + minutes) * MINUTE_MS + seconds * 1000
    known = {0: "start", int(moments[1] - moments[0]): "end"}.get(passed_ms)
    return replace(found, label=found.label or known)  # type: ignore[arg-type]  # one of the two edges or None


Units = dict[tuple[Kind, Quantity], float]
_W: Final[Units] = {("active", "power"): 0.001, ("reactive", "power"): 0.001}
_KWH: Final[Units] = {("active", "energy"): 1.0, ("reactive", "energy"): 1.0}
_KW: Final[Units] = {("active", "power"): 1.0, ("reactive", "power"): 1.0}

READERS: Final[dict[str, Reader]] = {
    "fluke_430": Reader(
        name="Fluke 434/435, Power Log Classic",
        recognise=_is_fluke_430,
        read=_columns(Habits(units=_W, label="end", no_thousands=True, signed=True)),
        layout="confirmed",
        source="Export of a Fluke 435 through Power Log Classic 4.6, described column by column at github.com/aranej/"
        "Fluke435-analyze; English headings, UTF-16 and 12-hour clock in public code that reads such exports",
    ),
    "fluke_1730": Reader(
        name="Fluke 1732-1748, Energy Analyze Plus",
        recognise=_starting("powerp total avg"),
        read=_columns(Habits(units=_W, label="start", no_thousands=True, signed=True)),
        layout="confirmed",
        source="Trend exports with Start(zone), Stop(zone) and PowerP_Total_avg, read by several public programs "
        "(Ecowatt, logger import of 1732 to 1748); the unit W is theirs",
    ),
    "hioki": Reader(
        name="Hioki PW3360/PW3365/PW3198",
        recognise=_starting("date", "etime"),
        read=_read_hioki,
        layout="confirmed",
        source="Date, Etime, Status, P_Avg[W], Q_Avg[var], WP+sum[Wh] below lines WIRING, INTERVAL, VT(PT), CT in "
        "public code that reads PW3360 and PW3365 files; Hioki PW8001 manual, 7.8 (Date, Etime, Status)",
    ),
    "circutor": Reader(
        name="Circutor MYeBOX",
        recognise=lambda table: _starting("p activa iii")(table) or _starting("e activa iii")(table),
        read=_columns(Habits(units={**_KW, **_KWH}, label="end", signed=True)),
        layout="confirmed",
        source="Audit of an ice plant with a MYeBOX 150 (Fecha/hora, P.Activa III T, E.Activa III T, E.Reactiva III "
        "M), public code that reads the export",
    ),
    "schneider_ion": Reader(
        name="Schneider PowerLogic ION/PM",
        recognise=lambda table: _starting("kwh del int")(table) or _starting("local time stamp", confidence=0.6)(table),
        read=_columns(Habits(label="end")),
        layout="confirmed",
        source="Data logs with kWh del int, kWh rec int, kVARh del int, kVARh Q1 int in public code that reads them",
    ),
    "siemens_pac": Reader(
        name="Siemens SENTRON PAC",
        recognise=_is_pac,
        read=_columns(Habits()),
        layout="unconfirmed",
        source="No file was seen; read as cumulative registers by name, unit and monotony",
    ),
    "co_platform": Reader(
        name="Plataforma de medida (Colombia): kWhD, kWhR, kVarhD, kVarhR",
        recognise=_starting("kwhd"),
        read=_columns(Habits()),
        layout="confirmed",
        source="Public platform with timestamp, kWhD, kVarhD, kWhR, kVarhR, kVarhPenalized, obisCode, meterId",
    ),
    "hour_matrix": Reader(
        name="24 x HORA",
        recognise=_is_hour_matrix,
        read=_read_matrix,
        layout="unconfirmed",
        source="No file was seen; described by users of Colombian commercial-boundary reports",
    ),
    "sicli": Reader(
        name="Osinergmin SICLI TABLA04",
        recognise=lambda table: (
            _starting("cod suministro", "energ actv")(table) or _starting("energ actv", "fecha")(table)
        ),
        read=_columns(Habits(units=_KWH, adds_suppliers=True)),
        layout="confirmed",
        source="Public extractor of yyyymmTABLA04.zip (tab, FECHA yyyymmddHHMM, COD EMPRESA, COD SUMINISTRO USUARIO, "
        "ENERG ACTV); its unit, kWh, and the adding of suppliers are inferred",
    ),
    "electrodunas": Reader(
        name="ElectroDunas",
        recognise=_starting("active energy", "voltaje fa", confidence=0.95),
        read=_columns(Habits(units=_KWH)),
        layout="confirmed",
        source="Fecha, Active_energy, Reactive_energy, Voltaje_FA, Voltaje_FC in public code that reads its extracts",
    ),
    "green_button": Reader(
        name="Green Button (ESPI)",
        recognise=_is_green_button,
        read=_columns(Habits()),
        layout="confirmed",
        source="NAESB REQ.21 Energy Services Provider Interface; feeds of the Green Button reference implementation",
    ),
    "columns": Reader(
        name="CSV / Excel",
        recognise=_plain,
        read=_columns(Habits()),
        layout="confirmed",
        source="UCI Machine Learning Repository, Steel Industry Energy Consumption (2018 data)",
    ),
}
"""Layouts by key, in the order in which they are asked."""


def reader_of(table: Table) -> tuple[str, Reader]:
    """Return the layout that is surest of a table, with its key; the first of equally sure ones."""
    sure = {key: reader.recognise(table) or 0.0 for key, reader in READERS.items()}
    best = max(sure, key=lambda key: sure[key])
    return best, READERS[best]
