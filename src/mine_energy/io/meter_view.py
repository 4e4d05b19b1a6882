"""What the reader of a meter's file understood, for the person who has to agree with it."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mine_energy.errors import Finding
from mine_energy.io.cells import column_letters, show
from mine_energy.io.meter_hints import checked_hints
from mine_energy.io.meter_layouts import reader_of
from mine_energy.io.meter_readings import Readings
from mine_energy.io.meter_sources import open_meter
from mine_energy.io.meters import read_meter
from mine_energy.io.power_quality import quality_of_meter, without_used
from mine_energy.loads import LoadProfile, PowerQuality, quality_findings
from mine_energy.loads.power_quality import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column that was used.

    Parameters
    ----------
    role
        ``stamp``, ``active`` or ``reactive``.
    letters, heading
        Where it is, and what stands above it.
    quantity
        ``power``, ``energy`` or ``register``; empty for the stamp.
    """

    role: str
    letters: str
    heading: str
    quantity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterView:
    """A meter's file as its reader understood it.

    Parameters
    ----------
    file, sheet
        Which table.
    layout, layout_status, layout_source
        The layout's name, whether a cited source confirms it, and that source.
    header_line
        Line or row of the headings.
    columns
        Those used.
    first_stamp, first_start, first_end
        The first stamp as written, and the interval it was taken for, ISO 8601.
    last_end
        End of the last interval.
    intervals, missing_intervals
        How many the record holds, and how many of them have no value.
    step_minutes
        Length of an interval.
    energy_kwh, mean_kw, peak_kw, peak_at
        Of the record, intervals without a value left out.
    reactive_kvarh
        Lagging; None without a reactive column.
    findings
        What has to be known.
    power_quality
        Voltage, distortion, unbalance, dips and currents; None when the file has no such column.
    """

    file: str
    sheet: str
    layout: str
    layout_status: str
    layout_source: str
    header_line: int
    columns: tuple[ColumnView, ...]
    first_stamp: str
    first_start: str
    first_end: str
    last_end: str
    intervals: int
    missing_intervals: int
    step_minutes: float
    energy_kwh: float
    mean_kw: float
    peak_kw: float
    peak_at: str
    reactive_kvarh: float | None
    findings: tuple[Finding, ...]
    power_quality: PowerQuality | None = None


def view_meter(
    path: Path | str,
    *,
    sheet: str = "",
    nominal_voltage_v: float | None = None,
    rules: Rules = "CO",
    **hints: str | float,
) -> MeterView:
    """Return what the reader makes of a meter's file.

    Parameters
    ----------
    path, sheet, **hints
        As :func:`~mine_energy.io.meters.read_meter`.
    nominal_voltage_v
        Between lines, V, for what the file says about the quality of the supply; None holds voltages against nothing.
    rules
        Whose limits of quality.

    Raises
    ------
    InputError
        Whatever is wrong or cannot be decided.
    """
    load = read_meter(path, None, sheet=sheet, name=None, **hints)
    table, _ = open_meter(path, sheet=sheet, name=str(path))
    _, reader = reader_of(table)
    found = reader.read(table, checked_hints(str(path), dict(hints)))
    decimal, vt_ratio = str(hints.get("decimal", "")), float(hints.get("vt_ratio", 1.0))
    quality, doubts = quality_of_meter(table, nominal_voltage_v, rules, decimal=decimal, vt_ratio=vt_ratio)
    index = pd.DatetimeIndex(load.load_kw.index)
    step = pd.Timedelta(minutes=load.step_minutes)
    known = load.load_kw.dropna()
    return MeterView(
        file=table.file,
        sheet=table.sheet,
        layout=reader.name,
        layout_status=reader.layout,
        layout_source=reader.source,
        header_line=table.lines[table.header],
        columns=_columns(found),
        first_stamp=show(table.cell(found.rows[0], found.stamp_column)),
        first_start=index[0].isoformat(),
        first_end=(index[0] + step).isoformat(),
        last_end=(index[-1] + step).isoformat(),
        intervals=len(index),
        missing_intervals=len(index) - len(known),
        step_minutes=load.step_minutes,
        energy_kwh=float(known.sum()) * load.step_hours,
        mean_kw=float(known.mean()),
        peak_kw=float(known.max()),
        peak_at=pd.Timestamp(str(known.idxmax())).isoformat(),
        reactive_kvarh=_lagging(load),
        findings=(
            *without_used(load.findings, quality),
            *quality_findings(load),
            *(quality.findings if quality else ()),
            *doubts,
        ),
        power_quality=quality,
    )


def _columns(found: Readings) -> tuple[ColumnView, ...]:
    used = [("stamp", found.stamp_column, ""), ("active", found.active_column, found.active_quantity)]
    if found.reactive is not None:
        used.append(("reactive", found.reactive_column, found.reactive_quantity))
    headings = found.table
    return tuple(
        ColumnView(
            role=role,
            letters=column_letters(column),
            heading=show(headings.cell(headings.header, column)),
            quantity=quantity,
        )
        for role, column, quantity in used
    )


def _lagging(load: LoadProfile) -> float | None:
    if load.reactive_kvar is None:
        return None
    return float(load.reactive_kvar.clip(lower=0).sum()) * load.step_hours
