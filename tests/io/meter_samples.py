"""Small files in the documented layout of each meter, with the truth they hold.

Every sample is written here from a description of its layout, never copied from a file: two days of a made-up plant.
"""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import sin

import openpyxl


@dataclass(frozen=True)
class Sample:
    """A file's name and bytes, what has to be said to read it, and what it holds."""

    layout: str
    name: str
    data: bytes
    kwh: float
    kvarh: float | None
    first: str = "2025-03-18 00:00:00-05:00"
    step: float = 15
    hints: dict = field(default_factory=dict)
    findings: frozenset = frozenset()


COUNT = 192
START = datetime(2025, 3, 18)


def kw(i):
    """Mean power of interval i, kW, one decimal and never rising all along."""
    return round(60 + 25 * sin(i / 5) + 7 * sin(i * 1.7), 1)


def kvar(i):
    return round(0.55 * kw(i) + 3 * sin(i / 3), 1)


POWER = [kw(i) for i in range(COUNT)]
REACTIVE = [kvar(i) for i in range(COUNT)]
KWH = sum(POWER) / 4
KVARH = sum(REACTIVE) / 4


def times(form, step=15, shift=0, count=COUNT):
    return [(START + timedelta(minutes=step * i + shift)).strftime(form) for i in range(count)]


def comma(value, decimals=3):
    """A number with a decimal comma and its leading zero dropped."""
    text = f"{value:.{decimals}f}".replace(".", ",")
    return text.replace("0,", ",", 1) if text.lstrip("-").startswith("0,") else text


def lines(*rows, sep=";", end="\r\n"):
    return end.join(sep.join(row) for row in rows) + end


def fluke_430(language="es", first_minute=15):
    heads = {
        "sk": (
            "Dátum",
            "Čas",
            "Napätie L1N",
            "Činný výkon L1N",
            "Činný výkon Celkom",
            "Klasický VAR Celkom",
            "Klasický PF Celkom",
            ("Min", "Priem", "Max"),
            "cp1250",
        ),
        "es": (
            "Fecha",
            "Hora",
            "Tensión L1N",
            "Potencia activa L1N",
            "Potencia activa Total",
            "Potencia reactiva Total",
            "Factor de potencia Total",
            ("Mín", "Med", "Máx"),
            "cp1252",
        ),
        "en": (
            "Date",
            "Time",
            "Vrms ph-n AN",
            "Active Power AN",
            "Active Power Total",
            "Reactive Power Total",
            "Power Factor Total",
            ("Min", "Avg", "Max"),
            "utf-16",
        ),
    }
    date, clock, *names, kinds, encoding = heads[language]
    head = [date, clock, *(f"{name} {kind}" for name in names for kind in kinds)]
    rows = [head]
    for i, (p, q) in enumerate(zip(POWER, REACTIVE, strict=True)):
        moment = START + timedelta(minutes=15 * i + first_minute)
        stamp = [moment.strftime("%d.%m.%Y"), moment.strftime("%H:%M:%S.000")]
        if language == "en":
            stamp = [moment.strftime("%m/%d/%Y"), moment.strftime("%I:%M:%S %p.000")]
        cells = []
        for value in (254.0, p * 333.3, p * 1000, q * 1000, 0.87):
            cells += [comma(0.9 * value), comma(value), ""]
        if language == "en":
            cells = [cell.replace(",", ".") for cell in cells]
        rows.append([*stamp, *cells])
    return Sample(
        "fluke_430",
        f"pl_{language}.txt",
        lines(*rows, sep="\t").encode(encoding),
        KWH,
        KVARH,
        findings=frozenset({"meter_unit_assumed"}),
    )


def fluke_1730(zone="SA Pacific Standard Time", shift=0):
    head = [
        f"Start({zone})",
        f"Stop({zone})",
        "Vrms_AN_avg",
        "PowerP_Total_min",
        "PowerP_Total_avg",
        "PowerP_Total_max",
        "PowerQfund_Total_avg",
        "PowerS_Total_avg",
        "PfFwdRev_Total_avg",
    ]
    begin, end = times("%Y-%m-%d %H:%M:%S", shift=shift), times("%Y-%m-%d %H:%M:%S", shift=shift + 15)
    rows = [
        [
            a,
            b,
            "254.1",
            f"{p * 900:.2f}",
            f"{p * 1000:.2f}",
            f"{p * 1100:.2f}",
            f"{q * 1000:.2f}",
            f"{p * 1200:.2f}",
            "0.87",
        ]
        for a, b, p, q in zip(begin, end, POWER, REACTIVE, strict=True)
    ]
    return Sample("fluke_1730", "trend.txt", lines(head, *rows, sep="\t").encode(), KWH, KVARH)


def hioki():
    above = [
        ["HIOKI PW3360", "Ver 2.00"],
        ["WIRING", "3P4W"],
        ["INTERVAL", "15min"],
        ["VT(PT)", "1"],
        ["CT", "60"],
        [""],
    ]
    head = [
        "Date",
        "Etime",
        "Status",
        "Freq_Avg[Hz]",
        "U1_Avg[V]",
        "P1_Avg[W]",
        "P_Avg[W]",
        "P_max[W]",
        "Q_Avg[var]",
        "PF_Avg",
        "WP+sum[Wh]",
        "WP-sum[Wh]",
        "WQLAGsum[varh]",
        "Pdem+sum[W]",
    ]
    rows, energy, lag = [], 0.0, 0.0
    for i, (p, q, t) in enumerate(zip(POWER, REACTIVE, times("%Y-%m-%d %H:%M:%S", shift=15), strict=True)):
        energy, lag, m = energy + p * 250, lag + q * 250, 15 * (i + 1)
        rows.append(
            [
                t,
                f"{m // 60:05d}:{m % 60:02d}:00",
                "00000000",
                "60.00",
                "254.0",
                f"{p * 333:.1f}",
                f"{p * 1000:.1f}",
                f"{p * 1200:.1f}",
                f"{q * 1000:.1f}",
                "0.87",
                f"{energy:.1f}",
                "0.0",
                f"{lag:.1f}",
                f"{p * 1000:.1f}",
            ]
        )
    return Sample("hioki", "25031800.CSV", lines(*above, head, *rows, sep=",").encode(), KWH, KVARH)


def circutor(split=False):
    head = [
        *(["Fecha", "Hora"] if split else ["Fecha/hora"]),
        "Tensión L1",
        "P.Activa III",
        "P.Activa III -",
        "P.Activa III T",
        "P.Activa III T máx",
        "E.Activa III T",
        "E.Reactiva III M",
        "F.P. III",
    ]
    stamps = times("%d/%m/%Y %H:%M:%S", shift=15)
    rows = [
        [
            *(t.split(" ") if split else [t]),
            "254,1",
            comma(p, 1),
            "0,0",
            comma(p, 1),
            comma(p * 1.1, 1),
            f"{p / 4:.4f}".replace(".", ","),
            f"{q / 4:.4f}".replace(".", ","),
            "0,87",
        ]
        for t, p, q in zip(stamps, POWER, REACTIVE, strict=True)
    ]
    return Sample("circutor", "myebox.txt", lines(head, *rows, sep="\t").encode("cp1252"), KWH, KVARH)


def schneider_ion():
    head = [
        "Local Time Stamp",
        "kWh del int",
        "kWh rec int",
        "kVARh del int",
        "kVARh rec int",
        "kVARh Q4 int",
        "Vll avg mean",
    ]
    rows = [
        [t, f"{p / 4:.4f}", "0.0000", f"{q / 4:.4f}", "0.0000", "0.0000", "440.1"]
        for t, p, q in zip(times("%m/%d/%Y %I:%M:%S %p", shift=15), POWER, REACTIVE, strict=True)
    ]
    return Sample("schneider_ion", "ion.csv", lines(head, *rows, sep=",").encode("utf-8-sig"), KWH, KVARH)


def registers(values, start, decimals=3):
    found = [start]
    for value in values:
        found.append(round(found[-1] + value / 4, 6))
    return [f"{value:.{decimals}f}" for value in found]


def siemens_pac():
    above = [["SENTRON PAC4200"], ["Serie", "LQN/1234"]]
    head = [
        "Fecha y hora",
        "Energía activa importada acumulada (kWh)",
        "Energía activa exportada acumulada (kWh)",
        "Energía reactiva importada acumulada (kvarh)",
    ]
    active, reactive = registers(POWER, 123456.25), registers(REACTIVE, 45678.5)
    rows = [
        [t, a, "12.000", r] for t, a, r in zip(times("%d.%m.%Y %H:%M", count=COUNT + 1), active, reactive, strict=True)
    ]
    return Sample(
        "siemens_pac",
        "pac.csv",
        lines(*above, head, *rows).encode("cp1252"),
        KWH,
        KVARH,
        findings=frozenset({"meter_layout_unconfirmed", "meter_register_steps"}),
    )


def co_platform():
    head = ["id", "timestamp", "kWhD", "kVarhD", "kWhR", "kVarhR", "kVarhPenalized", "obisCode", "meterId", "location"]
    rows = [
        [str(i), t, f"{p / 4:.4f}", f"{q / 4:.4f}", "0", "0", "0.5", "1.8.0", "M001", "Planta"]
        for i, (t, p, q) in enumerate(zip(times("%Y-%m-%dT%H:%M:%S-05:00"), POWER, REACTIVE, strict=True))
    ]
    return Sample("co_platform", "plataforma.csv", lines(head, *rows, sep=",").encode(), KWH, KVARH)


def dotted(value):
    """A number with dots between thousands and a decimal comma."""
    return f"{value:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")


def matrix_rows(days=20):
    active = [[round(1200 + 300 * sin(d + h / 3), 2) for h in range(24)] for d in range(days)]
    return active, [[round(0.4 * value, 2) for value in row] for row in active]


def hour_matrix(days=20, total=True, hour_25=True):
    active, reactive = matrix_rows(days)
    head = [
        "FRONTERA",
        "FECHA",
        "TIPO",
        *(f"HORA {h:02d}" for h in range(1, 26 if hour_25 else 25)),
        *(["TOTAL"] if total else []),
    ]
    rows = [head]
    for day in range(days):
        date = (START + timedelta(days=day)).strftime("%d/%m/%Y")
        for kind, values in (
            ("Energía activa", active[day]),
            ("Energía reactiva", reactive[day]),
            ("kWhR", [0.0] * 24),
        ):
            extra = [*([""] if hour_25 else []), *([dotted(sum(values))] if total else [])]
            rows.append(["Frt01234", date, kind, *(dotted(v) for v in values), *extra])
    truth = sum(map(sum, active)), sum(map(sum, reactive))
    return Sample(
        "hour_matrix",
        "matriz.csv",
        lines(*rows).encode("latin-1"),
        *truth,
        step=60,
        findings=frozenset({"meter_layout_unconfirmed", "meter_unit_assumed"}),
    )


def sicli(two=True, zipped=True):
    head = [
        "COD EMPRESA",
        "COD SUMINISTRO USUARIO",
        "COD PUNTO SUMINISTRO",
        "FECHA",
        "ENERG ACTV",
        "ENERG REACTV",
        "PERIODO",
    ]
    stamps = times("%Y%m%d%H%M", shift=15)
    rows = [
        ["ENDP", "CL0123", "P1", t, f"{p / 4:.4f}", f"{q / 4:.4f}", "202503"]
        for t, p, q in zip(stamps, POWER, REACTIVE, strict=True)
    ]
    kwh, kvarh = KWH, KVARH
    if two:
        rows += [["KALL", "CL0123", "P1", t, "2.5000", "0.5000", "202503"] for t in stamps[96:]]
        kwh, kvarh = kwh + 96 * 2.5, kvarh + 96 * 0.5
    data = lines(head, *rows, sep="\t").encode()
    if zipped:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("202503TABLA04.txt", data)
        data = stream.getvalue()
    told = {"meter_unit_assumed", *(["meter_suppliers_added"] if two else [])}
    return Sample(
        "sicli", "202503TABLA04.zip" if zipped else "202503TABLA04.txt", data, kwh, kvarh, findings=frozenset(told)
    )


def electrodunas():
    head = ["Fecha", "Active_energy", "Reactive_energy", "Voltaje_FA", "Voltaje_FC"]
    active = [round(kw(i), 4) for i in range(48)]
    rows = [
        [t, f"{p:.4f}", f"{p / 3:.4f}", "2264.1", "2271.9"]
        for t, p in zip(times("%Y-%m-%d %H:%M:%S", 60, count=48), active, strict=True)
    ]
    return Sample(
        "electrodunas",
        "DATOSCLIENTE1.csv",
        lines(head, *rows, sep=",").encode(),
        sum(active),
        sum(round(p / 3, 4) for p in active),
        step=60,
        findings=frozenset({"meter_unit_assumed"}),
    )


def green_button(active="72", prefix="", extra=""):
    """Two meter readings (Wh and varh) with their types, linked as ESPI links them; stamps in UTC."""
    parts = []
    for number, uom, values in ((1, active, POWER), (2, "73", REACTIVE)):
        parts.append(
            f'<entry><link rel="self" href="/MR/{number}"/><link rel="related" href="/RT/{number}"/>'
            f'<content><MeterReading xmlns="http://naesb.org/espi"/></content></entry>'
            f'<entry><link rel="self" href="/RT/{number}"/><content><ReadingType xmlns="http://naesb.org/espi">'
            f"<accumulationBehaviour>4</accumulationBehaviour><flowDirection>1</flowDirection>"
            f"<intervalLength>900</intervalLength><powerOfTenMultiplier>-1</powerOfTenMultiplier><uom>{uom}</uom>"
            f"</ReadingType></content></entry>"
        )
        readings = []
        for i, value in enumerate(values):
            epoch = int((START + timedelta(minutes=15 * i, hours=5)).replace(tzinfo=UTC).timestamp())
            readings.append(
                f"<IntervalReading><timePeriod><duration>900</duration><start>{epoch}</start></timePeriod>"
                f"<value>{round(value * 2500)}</value></IntervalReading>"
            )
        parts.append(
            f'<entry><link rel="up" href="/MR/{number}/IntervalBlock"/><content>'
            f'<IntervalBlock xmlns="http://naesb.org/espi">\n'
            + "\n".join(readings)
            + "\n</IntervalBlock></content></entry>"
        )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{prefix}<feed xmlns="http://www.w3.org/2005/Atom">\n'
        + "\n".join(parts)
        + f"{extra}</feed>\n"
    )
    return Sample("green_button", "gb.xml", text.encode(), KWH, KVARH)


def plain():
    head = ["Fecha y hora", "Energía activa [kWh]", "Energía reactiva [kvarh]"]
    rows = [
        [t, f"{p / 4:.4f}".replace(".", ","), f"{q / 4:.4f}".replace(".", ",")]
        for t, p, q in zip(times("%d/%m/%Y %H:%M"), POWER, REACTIVE, strict=True)
    ]
    return Sample("columns", "planta.csv", lines(head, *rows).encode("cp1252"), KWH, KVARH)


def workbook():
    made = openpyxl.Workbook()
    page = made.active
    page.append(["Planta", "Norte"])
    page.append(["Fecha y hora", "Potencia activa [kW]", "Potencia reactiva [kvar]"])
    for i, (p, q) in enumerate(zip(POWER, REACTIVE, strict=True)):
        page.append([START + timedelta(minutes=15 * i), p, q])
    stream = io.BytesIO()
    made.save(stream)
    return Sample("columns", "planta.xlsx", stream.getvalue(), KWH, KVARH)


SAMPLES = {
    "fluke 430 in Slovak": fluke_430("sk"),
    "fluke 430 in Spanish": fluke_430("es"),
    "fluke 430 in English": fluke_430("en"),
    "fluke 1730": fluke_1730(),
    "fluke 1730 in UTC": fluke_1730("Greenwich", shift=300),
    "hioki": hioki(),
    "circutor": circutor(),
    "circutor, date and time apart": circutor(split=True),
    "schneider": schneider_ion(),
    "siemens": siemens_pac(),
    "platform": co_platform(),
    "matrix": hour_matrix(),
    "matrix without total": hour_matrix(total=False, hour_25=False),
    "sicli, two suppliers": sicli(),
    "sicli, one supplier, not zipped": sicli(two=False, zipped=False),
    "electrodunas": electrodunas(),
    "green button": green_button(),
    "plain": plain(),
    "workbook": workbook(),
}
