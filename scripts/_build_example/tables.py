"""The files that the invented plant hands over: motor list, meter, bills, production."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from _build_example.days import Day, year
from _build_example.rules import MACHINES, METER_DAYS, METER_FROM, READINGS, STEP_MINUTES

SOURCE = "planta de ejemplo, no existe"
_STEP_HOURS = STEP_MINUTES / 60
_PEAK = (18, 23)
_NUMBER = "EJEMPLO-"
_METER_NUMBER = "EJEMPLO-M1"
_PRICES = {
    "peak": 0.2769,
    "off_peak": 0.2376,
    "fixed": 4.18,
    "generation": (29.78, 56.09),
    "distribution": (15.99, 16.4),
    "reactive": 0.0481,
    "reactive_free": 0.30,
}
"""Of the packaged tariff ``pe_mt3``, PEN without IGV; pairs are off peak and present at peak."""


def files() -> dict[str, str]:
    """Return the text of every file by its name."""
    days = year()
    return {
        "motores.csv": _motors(),
        "medidor.csv": _meter(days),
        "facturas.csv": _bills(days),
        "produccion.csv": _production(days),
    }


def _table(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _motors() -> str:
    headings = (
        *("Etiqueta", "Descripción", "Tipo de equipo", "Área", "Proceso", "Cantidad en marcha", "Cantidad de reserva"),
        *("Potencia nominal [kW]", "Polos", "Eficiencia [%]", "Factor de potencia", "Factor de carga [%]"),
        *("Horas por día", "Horas en vacío por día", "Potencia en vacío relativa [%]", "Horario", "Tipo de carga"),
        *("Arranque", "Transmisión", "Origen del dato", "Fuente"),
    )
    rows = [
        (
            *(m.tag, m.description, m.equipment, "Planta", m.process, m.quantity, m.standby, f"{m.rated_kw:g}"),
            *(m.poles or "", f"{100 * m.efficiency:g}" if m.efficiency else "", f"{m.power_factor:g}"),
            *(f"{100 * m.stated_load:g}", f"{m.hours:g}", f"{m.unloaded_hours:g}" if m.unloaded_hours else ""),
            f"{100 * m.unloaded_fraction:g}" if m.unloaded_hours else "",
            _clock(m.start, m.start + m.hours) if m.equipment != "Compresor" else "",
            *(m.load_type, m.drive if m.poles else "", m.transmission, m.origin, SOURCE),
        )
        for m in MACHINES
        if m.listed
    ]
    return _table([headings, *rows])


def _clock(start: float, end: float) -> str:
    return "-".join(f"{int(hour):02d}:{round(hour % 1 * 60):02d}" for hour in (start, end))


def _meter(days: Sequence[Day]) -> str:
    rows: list[Sequence[object]] = [("Fecha y hora", "Potencia activa [kW]", "Potencia reactiva [kvar]")]
    for day in _between(days, METER_FROM, METER_FROM + timedelta(days=METER_DAYS)):
        for step, (active, reactive) in enumerate(zip(day.active_kw, day.reactive_kvar, strict=True)):
            hour, minute = divmod(step * STEP_MINUTES, 60)
            rows.append((f"{day.day.isoformat()} {hour:02d}:{minute:02d}", f"{active:.2f}", f"{reactive:.2f}"))
    return _table(rows)


def _bills(days: Sequence[Day]) -> str:
    rows: list[Sequence[object]] = [
        (
            *("Número de factura", "Medidor", "Inicio del periodo", "Fin del periodo", "Días facturados"),
            "Energía activa [kWh]",
            *("Energía reactiva [kvarh]", "Demanda máxima [kW]", "Importe", "Moneda", "Tipo de lectura"),
        )
    ]
    maxima: list[float] = []
    for number, (start, end) in enumerate(pairwise(READINGS), start=1):
        inside = _between(days, start, end)
        maxima.append(max(max(day.active_kw) for day in inside))
        energy = sum(sum(day.active_kw) for day in inside) * _STEP_HOURS
        reactive = sum(sum(day.reactive_kvar) for day in inside) * _STEP_HOURS
        amount = _amount(inside, energy, reactive, maxima)
        rows.append(
            (
                *(f"{_NUMBER}{number:02d}", _METER_NUMBER),
                *(start.strftime("%d/%m/%Y"), end.strftime("%d/%m/%Y"), (end - start).days, round(energy)),
                *(round(reactive), f"{maxima[-1]:.1f}", f"{amount:.2f}", "PEN", "Real"),
            )
        )
    return _table(rows)


def _amount(days: Sequence[Day], energy: float, reactive: float, maxima: Sequence[float]) -> float:
    """Return what a bill comes to: two energies, power by presence at peak, reactive energy above the free share."""
    first, last = (round(hour / _STEP_HOURS) for hour in _PEAK)
    peak = sum(sum(day.active_kw[first:last]) for day in days) * _STEP_HOURS
    counted = [day for day in days if day.day.weekday() != 6]
    at_peak = sum(sum(day.active_kw[first:last]) for day in counted) * _STEP_HOURS
    hours = len(counted) * (_PEAK[1] - _PEAK[0])
    present = at_peak / (maxima[-1] * hours) >= 0.5
    two = sorted(maxima[-6:])[-2:]
    return (
        peak * _PRICES["peak"]
        + (energy - peak) * _PRICES["off_peak"]
        + _PRICES["fixed"]
        + maxima[-1] * _PRICES["generation"][present]
        + sum(two) / len(two) * _PRICES["distribution"][present]
        + max(0.0, reactive - _PRICES["reactive_free"] * energy) * _PRICES["reactive"]
    )


def _production(days: Sequence[Day]) -> str:
    rows: list[Sequence[object]] = [("Fecha", "Mineral procesado [t]")]
    rows += [(day.day.isoformat(), f"{day.ore_t:.1f}") for day in days]
    return _table(rows)


def _between(days: Sequence[Day], start: date, end: date) -> list[Day]:
    return [day for day in days if start <= day.day < end]
