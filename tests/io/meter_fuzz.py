"""Meters' files written in many forms, and damaged in known ways: what the fuzz test draws from.

A :class:`Record` is two days of a made-up plant. `written` renders it in one of many forms that mean the same; a damage
changes what it means and returns the lines on which it can be seen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

START = datetime(2025, 3, 17)
COUNT = 192
QUARTER = timedelta(minutes=15)

FORMS = {
    "iso": "%Y-%m-%d %H:%M",
    "iso seconds": "%Y-%m-%dT%H:%M:%S",
    "day first": "%d/%m/%Y %H:%M",
    "month first": "%m/%d/%Y %I:%M %p",
    "dots": "%d.%m.%Y %H:%M:%S",
    "short year": "%d/%m/%y %H:%M",
    "integer": "%Y%m%d%H%M",
    "named month": "%d-%b-%Y %H:%M",
}
STAMP_HEADS = {
    "": ["Fecha y hora", "Date and time", "timestamp", "Fecha/hora", "Local time"],
    "start": ["Inicio del intervalo", "Interval start", "Start time"],
    "end": ["Fin del intervalo", "Interval end", "End time"],
}
VALUE_HEADS = {
    ("energy", "kWh"): ["Energía activa [kWh]", "Active energy (kWh)", "Consumo kWh", "Usage_kWh", "kWhD"],
    ("energy", "Wh"): ["Energía activa [Wh]", "Consumption (Wh)"],
    ("power", "kW"): ["Potencia activa [kW]", "Active power (kW)", "Demanda media kW", "Average power kW"],
    ("power", "W"): ["Potencia activa total media (W)", "P_Avg[W]", "Mean active power W"],
    ("register", "kWh"): ["Lectura acumulada [kWh]", "Cumulative active energy (kWh)", "Registro kWh"],
}
UNIT_FACTOR = {"kWh": 1, "Wh": 1000, "kW": 4, "W": 4000}
REACTIVE_HEADS = ["Energía reactiva [kvarh]", "Reactive energy (kvarh)", "kVarhD", "Energía reactiva inductiva kvarh"]
BARE_HEADS = {
    "energy": ["Energía activa", "Active energy", "Consumo"],
    "power": ["Potencia activa", "Active power", "Demanda media"],
    "register": ["Lectura de energía activa", "Cumulative active energy"],
}
EXTRAS = {
    "Voltaje L1 [V]": lambda rng: f"{rng.uniform(430, 450):.1f}",
    "Factor de potencia": lambda rng: f"{rng.uniform(0.7, 0.99):.3f}",
    "Demanda máxima (kW)": lambda rng: f"{rng.uniform(300, 400):.1f}",
    "Nota": lambda rng: rng.choice(["", "ok", "revisado"]),
    "kWhR": lambda rng: "0",
    "Corriente A": lambda rng: f"{rng.uniform(10, 90):.2f}",
}
PREAMBLES = ["", "Equipo: ABC-1\r\n", "Planta\r\n\r\nSerie 12\r\n", "Report;v1\n\n"]


@dataclass
class Record:
    """A table before it is text: heads and cells by column, and how it is to be written."""

    heads: list[str]
    roles: list[str]
    rows: list[list[str]]
    kwh: float
    separator: str
    decimal: str
    encoding: str
    newline: str
    preamble: str
    quote: bool
    quantity: str
    unit: str
    edge: str
    final_newline: bool = True
    cut: int | None = None
    damage: str = ""
    damaged: set = field(default_factory=set)
    """Lines (1-based) on which the damage can be seen."""

    def column(self, role):
        return self.roles.index(role)

    @property
    def first_line(self):
        """Line of the first row of data."""
        return self.preamble.count("\n") + 2

    def line(self, row):
        return self.first_line + row

    def text(self):
        def shown(cell):
            return f'"{cell}"' if self.quote or self.separator in cell else cell

        rows = [self.heads, *self.rows]
        body = self.newline.join(self.separator.join(map(shown, row)) for row in rows)
        return self.preamble.replace("\r\n", self.newline) + body + (self.newline if self.final_newline else "")

    def data(self):
        data = self.text().encode(self.encoding)
        return data if self.cut is None else data[: self.cut]


def load_kwh(rng):
    """Energy of each quarter of an hour, kWh: a plant with two shifts, in hundredths."""
    base, day = rng.uniform(2, 30), rng.uniform(10, 400)
    values = [base + (day if 24 <= i % 96 < 80 else 0) * rng.uniform(0.7, 1.1) for i in range(COUNT)]
    values[5] = values[4] / 2  # never rising all along: that would be a register
    return [round(max(value, 1.0), 2) for value in values]


def written(rng: Random) -> Record:
    """Return two days of a plant in a random form; every form means the same."""
    quantity, unit = rng.choice(list(VALUE_HEADS))
    kwh = load_kwh(rng)
    kwh[3] = round(kwh[3]) + 0.25  # some value always shows its decimal mark
    decimal = rng.choice(".,")
    edge = rng.choice(["", "start", "end"]) if quantity != "register" else ""
    form = FORMS[rng.choice(list(FORMS))]
    named = rng.choice(STAMP_HEADS[edge])
    shift = QUARTER if edge == "end" else timedelta()
    count = COUNT + (quantity == "register")
    moments = [START + shift + QUARTER * i for i in range(count)]
    split = edge == "" and "%H:%M" in form and " " in form and rng.random() < 0.3
    columns = [("stamp", named, [m.strftime(form) for m in moments])]
    if split:
        parts = form.split(" ", 1)
        columns = [
            ("stamp", "Fecha", [m.strftime(parts[0]) for m in moments]),
            ("clock", "Hora", [m.strftime(parts[1]) for m in moments]),
        ]
    grouped = rng.random() < 0.3
    columns.append(
        (
            "active",
            rng.choice(VALUE_HEADS[quantity, unit]),
            [number(v, decimal, grouped) for v in shown_values(kwh, quantity, unit)],
        )
    )
    if quantity == "energy" and rng.random() < 0.5:
        columns.append(
            ("reactive", rng.choice(REACTIVE_HEADS), [number(round(0.5 * v + 0.01, 2), decimal, False) for v in kwh])
        )
    for name in rng.sample(list(EXTRAS), rng.randrange(4)):
        columns.append(("extra", name, [EXTRAS[name](rng).replace(".", decimal) for _ in moments]))
    rng.shuffle(columns)
    encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
    separator = rng.choice([";", "\t", "|", ","])
    return Record(
        heads=[head for _, head, _ in columns], roles=[role for role, _, _ in columns],
        rows=[list(row) for row in zip(*(cells for _, _, cells in columns), strict=True)],
        kwh=sum(kwh), separator=separator, decimal=decimal, encoding=encoding, newline=rng.choice(["\r\n", "\n"]),
        preamble=rng.choice(PREAMBLES), quote=rng.random() < 0.3, quantity=quantity, unit=unit, edge=edge,
        final_newline=rng.random() < 0.8,
    )  # fmt: skip


def shown_values(kwh, quantity, unit):
    if quantity != "register":
        return [round(value * UNIT_FACTOR[unit], 4) for value in kwh]
    total, found = 54321.5, [54321.5]
    for value in kwh:
        total = round(total + value, 2)
        found.append(total)
    return found


def number(value, decimal, grouped):
    """A number with two decimals, thousands in groups when asked."""
    text = f"{value:,.2f}" if grouped else f"{value:.2f}"
    return text if decimal == "." else text.replace(",", "_").replace(".", ",").replace("_", ".")


# Damages: each changes what the file means and says where that shows.


def used(record, rng):
    return rng.choice([i for i, role in enumerate(record.roles) if role in {"active", "reactive", "stamp", "clock"}])


def delete_line(record, rng):
    row = rng.randrange(len(record.rows))
    del record.rows[row]
    record.damaged = {record.line(row), record.line(row - 1), record.line(0), record.line(len(record.rows) - 1)}


def duplicate_line(record, rng):
    row = rng.randrange(len(record.rows))
    record.rows.insert(row, list(record.rows[row]))
    record.damaged = {record.line(row), record.line(row + 1)}


def swap_lines(record, rng):
    a, b = sorted(rng.sample(range(len(record.rows)), 2))
    record.rows[a], record.rows[b] = record.rows[b], record.rows[a]
    record.damaged = {record.line(r) for r in (a, a + 1, b, b + 1)}


def letter_for_digit(record, rng):
    row, column = rng.randrange(len(record.rows)), used(record, rng)
    cell = record.rows[row][column]
    place = rng.choice([i for i, c in enumerate(cell) if c.isdigit()])
    record.rows[row][column] = cell[:place] + rng.choice("OolISBeEZxk") + cell[place + 1 :]
    record.damaged = {record.line(row), record.line(row + 1)}


def blank_cell(record, rng):
    row = rng.randrange(len(record.rows))
    record.rows[row][used(record, rng)] = ""
    record.damaged = {record.line(row)}


def drop_cell(record, rng):
    row = rng.randrange(len(record.rows))
    del record.rows[row][used(record, rng)]
    record.damaged = {record.line(row)}


def flip_sign(record, rng):
    row, column = rng.randrange(len(record.rows)), record.column("active")
    record.rows[row][column] = "-" + record.rows[row][column]
    record.damaged = {record.line(row), record.line(row + 1)}


def remove_unit(record, rng):
    column = record.column("active")
    record.heads[column] = rng.choice(BARE_HEADS[record.quantity])
    record.damaged = {record.line(-1)}


def ambiguous_decimal(record, rng):
    row, column = rng.randrange(len(record.rows)), record.column("active")
    other = "," if record.decimal == "." else "."
    record.rows[row][column] = f"{rng.randrange(1, 1000)}{other}{rng.randrange(1000):03d}"
    record.damaged = {record.line(row), record.line(row + 1)}


def ambiguous_column(record, rng):
    column = record.column("active")
    mark = rng.choice(".,")
    for row in record.rows:
        row[column] = f"{rng.randrange(1, 999)}{mark}{rng.randrange(1000):03d}"
    record.damaged = {record.line(0)}


def cut_file(record, rng):
    whole = record.data()
    head = len(record.preamble) + len(record.separator.join(record.heads)) + 40
    head *= 2 if record.encoding == "utf-16" else 1
    record.cut = rng.randrange(head + 400, len(whole) - 3)
    text = whole[: record.cut].decode(record.encoding, "ignore")
    rows = text.count("\n") - record.preamble.count("\n") - 1
    record.damaged = {record.line(r) for r in (rows - 2, rows - 1, rows, 0)}


def shift_stamp(record, rng):
    row = rng.randrange(len(record.rows))
    clock = next((i for i, role in enumerate(record.roles) if role == "clock"), record.column("stamp"))
    cell = record.rows[row][clock]
    moved = {"00": "07", "15": "22", "30": "37", "45": "52"}
    place = cell.rfind(":", 0, len(cell) - 3 if cell.count(":") > 1 else None) + 1 if ":" in cell else len(cell) - 2
    record.rows[row][clock] = cell[:place] + moved[cell[place : place + 2]] + cell[place + 2 :]
    record.damaged = {record.line(row), record.line(row + 1)}


def unit_in_cell(record, rng):
    row, column = rng.randrange(len(record.rows)), record.column("active")
    record.rows[row][column] += rng.choice([" Wh", " kW", "k", " MWh"])
    record.damaged = {record.line(row)}


def two_units(record, rng):
    record.heads[record.column("active")] += rng.choice([" kW / kWh", " [Wh] kWh", " W, MWh"])
    record.damaged = {record.line(-1)}


def clock_change(record, rng):
    row = rng.randrange(20, COUNT - 20)
    cells = [list(r) for r in record.rows]
    columns = [i for i, role in enumerate(record.roles) if role in {"stamp", "clock"}]
    by = rng.choice([4, -4])
    for r in range(row, len(cells)):
        for column in columns:
            source = r + by
            if source < len(cells):
                record.rows[r][column] = cells[source][column]
    record.rows = record.rows[: len(cells) - max(by, 0)]
    record.damaged = {record.line(row), record.line(row + 1)}


DAMAGES: dict[str, Callable] = {
    f.__name__: f
    for f in (
        delete_line, duplicate_line, swap_lines, letter_for_digit, blank_cell, drop_cell, flip_sign, remove_unit,
        ambiguous_decimal, ambiguous_column, cut_file, shift_stamp, unit_in_cell, two_units, clock_change,
    )
}  # fmt: skip


def damaged(rng: Random) -> Record:
    """Return a record in a random form with one damage."""
    record = written(rng)
    record.damage = rng.choice(list(DAMAGES))
    DAMAGES[record.damage](record, rng)
    return record
