"""Files that auditors hand over with something wrong: each refused with its place, value and reason in both languages.

The corpus is a table rather than a folder: a file is its content, and what must be said of it stands beside it. An
expectation is ``(key, place, value)``; a place is a line of a text file, a cell of a workbook, or a dotted key.
"""

import io
import zipfile
from datetime import datetime, timedelta

import openpyxl
import pytest

from mine_energy.errors import InputError
from mine_energy.io.inventory import read_inventory
from mine_energy.io.meters import read_meter
from mine_energy.io.site_file import read_site
from mine_energy.messages import LANGUAGES, problem_text
from site_texts import GRID, PLACE, YEAR

HEAD = "Etiqueta;Potencia nominal [kW];Horas por día"


def inventory(*rows, head=HEAD):
    return "\n".join([head, *rows]) + "\n"


def book(*rows, sheet="Motores", edit=None):
    made = openpyxl.Workbook()
    page = made.active
    page.title = sheet
    for row in rows:
        page.append(row)
    if edit:
        edit(page)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def zipped(name, content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def damaged(made):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as whole, zipfile.ZipFile(stream, "w") as archive:
        for name in whole.namelist():
            content = whole.read(name)
            archive.writestr(name, content[: len(content) // 2] if name.endswith("sheet1.xml") else content)
    return stream.getvalue()


def meter(*rows, head="Fecha y hora;Energía activa [kWh]"):
    return "\n".join([head, *rows]) + "\n"


def quarter_hours(first, values, sep=";", step=15, fmt="%Y-%m-%d %H:%M"):
    start = datetime.fromisoformat(first)
    return [f"{(start + timedelta(minutes=step * i)).strftime(fmt)}{sep}{v}" for i, v in enumerate(values)]


DAY = quarter_hours("2025-03-01 00:00", ["1.5"] * 96)


def day(**changes):
    rows = list(DAY)
    for key, row in changes.items():
        rows[int(key[1:])] = row
    return meter(*rows)


INVENTORIES = [
    # name, file name, content, expectations
    ("empty", "m.csv", b"", [("file_empty", None, "")]),
    ("only a byte-order mark and blanks", "m.csv", b"\xef\xbb\xbf \r\n\r\n", [("file_empty", None, "")]),
    ("only separators", "m.csv", ";;;\n;;;\n", [("file_empty", None, "")]),
    ("a picture", "m.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40), [("not_a_table_but", None, "")]),
    ("a PDF", "m.csv", b"%PDF-1.7\n1 0 obj\n", [("not_a_table_but", None, "")]),
    (
        "a web page named .xls",
        "m.xls",
        "<html><table><tr><td>Tag</td></tr></table></html>",
        [("not_a_table_but", None, "")],
    ),
    ("a broken zip", "m.xlsx", b"PK\x03\x04" + b"x" * 200, [("workbook_broken", None, "")]),
    (
        "a broken old workbook",
        "m.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        [("workbook_broken", None, "")],
    ),
    (
        "a locked workbook",
        "m.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(50),
        [("workbook_password", None, "")],
    ),
    ("no headings", "m.csv", "1;2;3\n4;5;6\n", [("no_headings", None, "")]),
    ("an empty sheet", "m.xlsx", book(), [("sheet_empty", None, "")]),
    ("an open quotation mark", "m.csv", inventory('"M1;5;3', *["M2;5;3"] * 40), [("quote_unclosed", 2, "")]),
    (
        "required columns missing, all at once",
        "m.csv",
        "Etiqueta;Proceso\nM1;Molienda\n",
        [("missing_column", 1, ""), ("missing_column", 1, "")],
    ),
    (
        "two columns for one thing",
        "m.csv",
        inventory("M1;5;3;4", head=HEAD + ";Hours per day"),
        [("heading_twice", 1, "Hours per day")],
    ),
    (
        "unknown unit",
        "m.csv",
        inventory("M1;5;3", head="Tag;Power [BTU/h];Hours per day"),
        [("unknown_unit", 1, "Power [BTU/h]")],
    ),
    (
        "apparent power",
        "m.csv",
        inventory("M1;5;3", head="Tag;Power [kVA];Hours per day"),
        [("unknown_unit", 1, "Power [kVA]")],
    ),
    ("no unit", "m.csv", inventory("M1;5;3", head="Tag;Rated power;Hours per day"), [("unit_missing", 2, "5")]),
    (
        "heading and row disagree on the unit",
        "m.csv",
        inventory("M1;5;hp;3", head="Tag;Rated power [kW];Power unit;Hours per day"),
        [("unit_conflict", 2, "5")],
    ),
    (
        "unknown unit of a row",
        "m.csv",
        inventory("M1;5;BTU;3", head="Tag;Rated power;Power unit;Hours per day"),
        [("unknown_word", 2, "BTU")],
    ),
    ("decimal mark that cannot be told", "m.csv", inventory("M1;1,234;3"), [("decimal_undecidable", 2, "1,234")]),
    (
        "the same with a point",
        "m.csv",
        inventory("M1;1.500;3", "M2;2.250;3"),
        [("decimal_undecidable", 2, "1.500")],
    ),
    ("ninety-two thousand or ninety-two", "m.csv", inventory("M1;92,400;3"), [("decimal_undecidable", 2, "92,400")]),
    (
        "both decimal marks",
        "m.csv",
        inventory("M1;1.5;3", "M2;2,5;3"),
        [("decimal_marks_mixed", 2, "1.5"), ("decimal_marks_mixed", 3, "2,5")],
    ),
    ("decimal comma in a comma file", "m.csv", "Tag,Power [kW],Hours per day\nM1,7,5,3\n", [("row_too_long", 2, "")]),
    ("words in a number", "m.csv", inventory("M1;cinco;3"), [("not_a_number", 2, "cinco")]),
    ("an energy for a power", "m.csv", inventory("M1;5 kWh;3"), [("not_a_number", 2, "5 kWh")]),
    (
        "not a number",
        "m.csv",
        inventory("M1;NaN;3", "M2;inf;3"),
        [("not_a_number", 2, "NaN"), ("not_a_number", 3, "inf")],
    ),
    ("Excel's error in text", "m.csv", inventory("M1;#¡REF!;3"), [("error_cell", 2, "#¡REF!")]),
    (
        "error cell",
        "m.xlsx",
        book(["Tag", "Power [kW]", "Hours per day"], ["M1", "#N/A", 3]),
        [("error_cell", "B2", "#N/A")],
    ),
    (
        "error in a column that may be empty",
        "m.xlsx",
        book(["Tag", "Power [kW]", "Hours per day", "Load factor [%]"], ["M1", 5, 3, "#DIV/0!"]),
        [("error_cell", "D2", "#DIV/0!")],
    ),
    (
        "formula that was never computed",
        "m.xlsx",
        book(["Tag", "Power [kW]", "Hours per day", "Load factor [%]"], ["M1", 5, 3, "=50+20"]),
        [("formula_without_value", "D2", "=")],
    ),
    (
        "true in a number",
        "m.xlsx",
        book(["Tag", "Power [kW]", "Hours per day"], ["M1", True, 3]),
        [("bool_in_number", "B2", "TRUE")],
    ),
    (
        "date in a number",
        "m.xlsx",
        book(["Tag", "Power [kW]", "Hours per day"], ["M1", datetime(2025, 5, 3, 12), 3]),
        [("date_in_number", "B2", "2025-05-03 12:00:00")],
    ),
    (
        "date in a tag",
        "m.xlsx",
        book(["Tag", "Power [kW]", "Hours per day"], [datetime(2025, 5, 3, 12), 5, 3]),
        [("not_text", "A2", "2025-05-03 12:00:00")],
    ),
    ("negative plate", "m.csv", inventory("M1;-5;3"), [("must_be_over", 2, "-5")]),
    ("zero plate", "m.csv", inventory("M1;0;3"), [("must_be_over", 2, "0")]),
    ("a plant in one motor", "m.csv", inventory("M1;50000;3"), [("must_be_at_most", 2, "50000")]),
    (
        "efficiency above 100 %",
        "m.csv",
        inventory("M1;5;3;105", head=HEAD + ";Eficiencia [%]"),
        [("must_be_at_most", 2, "105")],
    ),
    (
        "91.7 where a fraction belongs",
        "m.csv",
        inventory("M1;5;3;91,7", head=HEAD + ";Eficiencia"),
        [("fraction_over_one", 2, "91,7")],
    ),
    (
        "0.917 in a column of per cent",
        "m.csv",
        inventory("M1;5;3;0,917", head=HEAD + ";Eficiencia [%]"),
        [("percent_under_one", 2, "0,917")],
    ),
    (
        "load factor 78 without %",
        "m.csv",
        inventory("M1;5;3;78", head=HEAD + ";Factor de carga"),
        [("fraction_over_one", 2, "78")],
    ),
    (
        "load factor above 1.3",
        "m.csv",
        inventory("M1;5;3;180", head=HEAD + ";Factor de carga [%]"),
        [("must_be_at_most", 2, "180")],
    ),
    ("power factor 0", "m.csv", inventory("M1;5;3;0", head=HEAD + ";cos φ"), [("must_be_over", 2, "0")]),
    ("25 hours a day", "m.csv", inventory("M1;5;25"), [("must_be_at_most", 2, "25")]),
    ("hours in per cent", "m.csv", inventory("M1;5;50 %"), [("percent_out_of_place", 2, "50 %")]),
    (
        "more than a day in two states",
        "m.csv",
        inventory("M1;5;20;6", head=HEAD + ";Horas en vacío por día"),
        [("hours_over_a_day", 2, "6")],
    ),
    ("two and a half motors", "m.csv", inventory("M1;5;3;2,5", head=HEAD + ";Cantidad"), [("not_whole", 2, "2,5")]),
    ("minus one motor", "m.csv", inventory("M1;5;3;-1", head=HEAD + ";Cantidad"), [("must_be_at_least", 2, "-1")]),
    ("three poles", "m.csv", inventory("M1;5;3;3", head=HEAD + ";Polos"), [("not_accepted", 2, "3")]),
    (
        "faster than synchronous",
        "m.csv",
        inventory("M1;5;3;4;1800", head=HEAD + ";Polos;RPM"),
        [("speed_not_below_synchronous", 2, "1800")],
    ),
    ("unknown word", "m.csv", inventory("M1;5;3;Moliendo", head=HEAD + ";Proceso"), [("unknown_word", 2, "Moliendo")]),
    ("unknown class", "m.csv", inventory("M1;5;3;IE9", head=HEAD + ";Clase IE"), [("unknown_word", 2, "IE9")]),
    (
        "unreadable schedule",
        "m.csv",
        inventory("M1;5;3;8 a 11", head=HEAD + ";Horario"),
        [("schedule_unreadable", 2, "8 a 11")],
    ),
    ("duplicate tags", "m.csv", inventory("M1;5;3", "M2;5;3", "m1;7;3"), [("tag_twice", 4, "m1")]),
    ("a machine without a tag", "m.csv", inventory(";5;3"), [("cell_empty", 2, "")]),
    ("a row of totals", "m.csv", inventory("M1;5;3", "TOTAL;5;3"), [("total_row", 3, "TOTAL")]),
    ("no machine", "m.csv", inventory(), [("no_machines", None, "")]),
    ("only the example", "m.csv", inventory("EJEMPLO-1;5;3"), [("no_machines", None, "")]),
    (
        "merged numbers",
        "m.xlsx",
        book(
            ["Tag", "Power [kW]", "Hours per day"], ["M1", 5, 3], ["M2", None, 3], edit=lambda p: p.merge_cells("B2:B3")
        ),
        [("merged_number", "B3", "")],
    ),
    (
        "everything at once",
        "m.csv",
        inventory("M1;-5;30;;", "M1;x;3;105;", head=HEAD + ";Eficiencia [%];Color"),
        [
            ("must_be_over", 2, "-5"),
            ("must_be_at_most", 2, "30"),
            ("must_be_at_most", 3, "105"),
            ("not_a_number", 3, "x"),
            ("tag_twice", 3, "M1"),
        ],
    ),
    (
        "heading and units row disagree",
        "m.csv",
        "Tag;Power [kW];Hours per day\n;hp;h\nM1;5;3\n",
        [("unit_conflict", 1, "Power [kW]")],
    ),
    (
        "error in a text",
        "m.xlsx",
        book(["Tag", "Power [kW]", "Hours per day", "Description"], ["M1", 5, 3, "#REF!"], ["M2", 5, 3, "=A1"]),
        [("error_cell", "D2", "#REF!"), ("formula_without_value", "D3", "=")],
    ),
    ("Excel's error in a text", "m.csv", inventory("M1;5;3;#N/D", head=HEAD + ";Fuente"), [("error_cell", 2, "#N/D")]),
    ("half of a UTF-16 character", "m.csv", b"\xff\xfeT\0a\0g\0;", [("not_a_table", None, "")]),
    ("a zip of something else", "m.xlsx", zipped("a.txt", b"hello"), [("not_a_table_but", None, "")]),
    (
        "a damaged sheet",
        "m.xlsx",
        damaged(book(["Tag", "Power [kW]", "Hours per day"], ["M1", 5, 3])),
        [("workbook_broken", None, "")],
    ),
]

METERS = [
    ("empty", "m.csv", b"", [("file_empty", None, "")]),
    ("no headings", "m.csv", "\n".join(DAY), [("no_meter_headings", None, "")]),
    ("no time", "m.csv", "Tarifa;Energía activa [kWh]\nA;1.5\n", [("no_time_column", 1, "")]),
    ("no energy", "m.csv", "Fecha y hora;Voltaje\n2025-01-01 00:00;440\n", [("no_active_column", 1, "")]),
    (
        "no unit",
        "m.csv",
        meter(*DAY, head="Fecha y hora;Energía activa"),
        [("meter_unit_missing", 1, "Energía activa")],
    ),
    (
        "two of a kind",
        "m.csv",
        meter(*(f"{r};2.5" for r in DAY), head="Fecha y hora;kWh A;kWh B"),
        [("columns_alike", 1, "kWh B")],
    ),
    (
        "a register by name",
        "m.csv",
        meter(*DAY, head="Fecha y hora;Lectura acumulada [kWh]"),
        [("cumulative_register", 1, "Lectura acumulada [kWh]")],
    ),
    (
        "a register by its values",
        "m.csv",
        meter(*quarter_hours("2025-03-01 00:00", [f"{100 + 2.5 * i:.1f}" for i in range(96)])),
        [("cumulative_register", 2, "100.0")],
    ),
    ("one row", "m.csv", meter(DAY[0]), [("too_few_intervals", None, "")]),
    ("a gap", "m.csv", meter(*DAY[:40], *DAY[42:]), [("gap", 42, "2025-03-01 10:30")]),
    ("a repeated stamp", "m.csv", meter(*DAY[:40], DAY[39], *DAY[40:]), [("stamp_twice", 42, "2025-03-01 09:45")]),
    (
        "back in time",
        "m.csv",
        meter(*DAY[:40], *DAY[44:48], *DAY[40:44], *DAY[48:]),
        [("gap", 42, "2025-03-01 11:00"), ("gap", 50, "2025-03-01 12:00"), ("stamp_backwards", 46, "2025-03-01 10:00")],
    ),
    (
        "an odd step",
        "m.csv",
        day(r40="2025-03-01 10:07;1.5"),
        [("step_irregular", 42, "2025-03-01 10:07"), ("step_irregular", 43, "2025-03-01 10:15")],
    ),
    ("negative", "m.csv", day(r40="2025-03-01 10:00;-1.5"), [("value_negative", 42, "-1.5")]),
    ("missing value", "m.csv", day(r40="2025-03-01 10:00;"), [("value_missing", 42, "")]),
    ("missing stamp", "m.csv", day(r40=";1.5"), [("stamp_missing", 42, "")]),
    ("words for a value", "m.csv", day(r40="2025-03-01 10:00;sin dato"), [("not_a_number", 42, "sin dato")]),
    (
        "a day that does not exist",
        "m.csv",
        day(r40="2025-02-30 10:00;1.5"),
        [("stamp_unreadable", 42, "2025-02-30 10:00")],
    ),
    ("25 o'clock", "m.csv", day(r40="2025-03-01 25:00;1.5"), [("stamp_unreadable", 42, "2025-03-01 25:00")]),
    (
        "13 in the afternoon",
        "m.csv",
        day(r40="2025-03-01 13:00 PM;1.5"),
        [("stamp_unreadable", 42, "2025-03-01 13:00 PM")],
    ),
    ("a short year", "m.csv", day(r40="01/03/205 10:00;1.5"), [("stamp_unreadable", 42, "01/03/205 10:00")]),
    ("minute 75 of an integer stamp", "m.csv", day(r40="202503011075;1.5"), [("stamp_unreadable", 42, "202503011075")]),
    (
        "a month that is none",
        "m.csv",
        day(r40="01-xyz-2025 10:00;1.5"),
        [("stamp_unreadable", 42, "01-xyz-2025 10:00")],
    ),
    (
        "an hour that is none",
        "m.csv",
        meter("2025-03-01;23;1.5", "2025-03-01;25;1.5", "2025-03-01;x;1.5", head="Fecha;Hora;kWh"),
        [("stamp_unreadable", 3, "25"), ("stamp_unreadable", 4, "x")],
    ),
    ("per cent of an energy", "m.csv", day(r40="2025-03-01 10:00;5 %"), [("percent_out_of_place", 42, "5 %")]),
    (
        "reactive in two columns",
        "m.csv",
        meter(*(f"{r};1;2" for r in DAY), head="Fecha y hora;kWh;kvarh norte;kvarh sur"),
        [("columns_alike", 1, "kvarh sur")],
    ),
    ("a total below", "m.csv", meter(*DAY, "Total;144"), [("stamp_unreadable", 98, "Total")]),
    (
        "Excel's day number",
        "m.csv",
        meter(*(f"{45717 + i / 96:.5f};1.5" for i in range(96))),
        [("stamp_unreadable", 2, "45717.00000")],
    ),
    ("mixed offsets", "m.csv", day(r40="2025-03-01 10:00-05:00;1.5"), [("offset_mixed", 42, "2025-03-01 10:00-05:00")]),
    (
        "day or month first",
        "m.csv",
        meter(*quarter_hours("2025-02-01 00:00", ["1.5"] * 96, fmt="%d/%m/%Y %H:%M")),
        [("date_order_undecidable", 2, "01/02/2025 00:00")],
    ),
    (
        "both orders",
        "m.csv",
        meter("13/01/2025 00:00;1.5", "01/14/2025 00:00;1.5", "15/01/2025 00:00;1.5"),
        [("date_orders_mixed", 2, "13/01/2025 00:00"), ("date_orders_mixed", 3, "01/14/2025 00:00")],
    ),
    ("start or end", "m.csv", meter(*DAY[37:80]), [("label_undecidable", 2, "2025-03-01 09:15")]),
    (
        "midnight to midnight",
        "m.csv",
        meter(*DAY, "2025-03-02 00:00;1.5"),
        [("label_undecidable", 2, "2025-03-01 00:00")],
    ),
    ("daily", "m.csv", meter(*(f"2025-03-{d:02d};36" for d in range(1, 20))), [("step_of_days", None, "")]),
    (
        "every 25 minutes",
        "m.csv",
        meter(*quarter_hours("2025-03-01 00:00", ["1.5"] * 50, step=25)),
        [("step_not_usable", None, "")],
    ),
    (
        "decimal mark that cannot be told",
        "m.csv",
        meter(*quarter_hours("2025-03-01 00:00", ["92,400"] * 4)),
        [("decimal_undecidable", 2, "92,400")],
    ),
    (
        "decimal comma in a comma file",
        "m.csv",
        meter(*quarter_hours("2025-03-01 00:00", ["1,5"] * 4, sep=","), head="Fecha y hora,kWh"),
        [("row_too_long", n, "") for n in range(2, 6)],
    ),
    ("sheet of a text file", "m.csv", meter(*DAY), [("text_has_no_sheets", None, "")]),
    (
        "error cell",
        "m.xlsx",
        book(["Fecha y hora", "kWh"], *([datetime(2025, 3, 1, h), 5.0 if h != 7 else "#REF!"] for h in range(24))),
        [("error_cell", "B9", "#REF!")],
    ),
    (
        "number for a stamp",
        "m.xlsx",
        book(["Fecha y hora", "kWh"], *([717 + h / 24, 5.0] for h in range(3))),
        [("stamp_unreadable", f"A{r}", None) for r in (2, 3, 4)],
    ),
]

SITE = PLACE + GRID + YEAR


def site(*changes, extra=""):
    text = SITE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text + extra


SITES = [
    ("empty", "", [("file_empty", None, "")]),
    ("decimal comma", site(("2.98", "2,98")), [("toml_comma", None, "latitude = 2,98")]),
    ("text without quotation marks", site(('"Planta"', "Planta")), [("toml_unquoted", None, "name = Planta")]),
    ("a key twice", site(("altitude_m = 1286", "altitude_m = 1286\naltitude_m = 1286")), [("toml_twice", None, None)]),
    (
        "saved in the Windows code page",
        site(('"Planta"', '"Planta Ñ"')).encode("cp1252"),
        [("toml_not_utf8", None, "")],
    ),
    (
        "unknown key with a near one",
        site(("altitude_m", "altitud_m")),
        [("missing_key", "site.altitude_m", ""), ("unknown_key_near", "site.altitud_m", "")],
    ),
    (
        "key in the wrong section",
        site(("[emissions]", "[emissions]\nvoltage_v = 440")),
        [("unknown_key_near", "emissions.voltage_v", "")],
    ),
    ("unknown key", site(extra="[zzz]\na = 1\n"), [("unknown_key", "zzz", "")]),
    ("section missing", site(("[emissions]\nactivity_year = 2024", "")), [("missing_key", "emissions", "")]),
    ("key missing", site(('country = "CO"\n', "")), [("missing_key", "site.country", "")]),
    ("text for a number", site(("1286", '"alto"')), [("not_a_number", "site.altitude_m", "alto")]),
    ("true for a number", site(("1286", "true")), [("not_a_number", "site.altitude_m", "true")]),
    ("half a day", site(("= 26", "= 26.5")), [("not_whole", "site.workdays_per_month", "26.5")]),
    ("32 days a month", site(("= 26", "= 32")), [("must_be_at_most", "site.workdays_per_month", "32")]),
    ("higher than any mine", site(("1286", "9000")), [("must_be_at_most", "site.altitude_m", "9000")]),
    ("infinite", site(("1286", "inf")), [("not_a_number", "site.altitude_m", "inf")]),
    ("empty name", site(('"Planta"', '" "')), [("is_empty", "site.name", " ")]),
    ("number for a text", site(('"Planta"', "5")), [("not_text", "site.name", "5")]),
    ("unknown country", site(('"CO"', '"EC"')), [("not_accepted", "site.country", "EC")]),
    ("unknown kind", site(('"grid"', '"red"')), [("not_accepted", "connection.kind", "red")]),
    ("latitude outside the world", site(("2.98", "298.0")), [("must_be_at_most", "site.latitude", "298.0")]),
    (
        "swapped",
        site(("2.98", "-76.65"), ("longitude = -76.65", "longitude = 2.98")),
        [("coordinates_swapped", "site.latitude", "-76.65, 2.98")],
    ),
    ("lost minus", site(("-76.65", "76.65")), [("longitude_sign", "site.longitude", "76.65")]),
    (
        "another country",
        site(("2.98", "48.85"), ("-76.65", "2.35")),
        [("outside_country", "site.latitude", "48.85, 2.35")],
    ),
    (
        "Peru's place, Colombia's name",
        site(("2.98", "-15.85"), ("-76.65", "-74.25")),
        [("other_country", "site.latitude", "-15.85, -74.25")],
    ),
    ("no shifts", site(("[{ start = 06:00:00, end = 14:00:00 }]", "[]")), [("is_empty", "site.shifts", "[]")]),
    ("shift as a number", site(("06:00:00", "6")), [("not_a_time", "site.shifts.1.start", "6")]),
    ("24:00", site(("14:00:00", '"24:00"')), [("not_a_time", "site.shifts.1.end", "24:00")]),
    (
        "shifts that overlap",
        site(("14:00:00 }]", "14:00:00 }, { start = 13:00:00, end = 21:00:00 }]")),
        [("shifts_overlap", "site.shifts.2", "13:00")],
    ),
    (
        "night shift into the morning",
        site(("14:00:00 }]", "14:00:00 }, { start = 22:00:00, end = 07:00:00 }]")),
        [("shifts_overlap", "site.shifts.1", "06:00")],
    ),
    (
        "a list as a word",
        site(extra='[[provenance]]\nkeys = "site"\norigin = "assumed"\nsource = ""\n'),
        [("not_a_list", "provenance.1.keys", "site")],
    ),
    (
        "a section as a word",
        'array = "none"\n' + site(),
        [("not_a_section", "array", "none")],
    ),
    (
        "a truth in words",
        site(("[emissions]", 'export_allowed = "quizas"\n[emissions]')),
        [("not_true_or_false", "connection.export_allowed", "quizas")],
    ),
    (
        "tilt in words",
        site(extra='[array]\ntilt_deg = "flat"\n'),
        [("not_accepted_nor_number", "array.tilt_deg", "flat")],
    ),
    ("tilt beyond vertical", site(extra="[array]\ntilt_deg = 95\n"), [("must_be_at_most", "array.tilt_deg", "95")]),
    (
        "percentage for a fraction",
        site(("[emissions]", "[emissions]\nscope2_share = 9.0")),
        [("fraction_over_one", "emissions.scope2_share", "9.0")],
    ),
    ("off-grid without a set", site(('"grid"', '"offgrid"')), [("offgrid_without_genset", "genset", "")]),
    (
        "lost inventory",
        site(extra='[inventory]\nfile = "no hay.xlsx"\n'),
        [("file_not_found", "inventory.file", "no hay.xlsx")],
    ),
    (
        "lost tariff",
        site(("co_ceo_n2_2025_estimate", "mi tarifa.toml")),
        [("file_not_found", "connection.tariff", "mi tarifa.toml")],
    ),
    (
        "provenance of nothing",
        site(extra='[[provenance]]\nkeys = ["sitio.name"]\norigin = "assumed"\nsource = ""\n'),
        [("provenance_unknown", "provenance.1.keys", "sitio.name")],
    ),
    (
        "everything at once",
        site(("1286", "9000"), ('"CO"', '"EC"'), ("= 26", "= 0"), extra='[load]\nfile = "x.csv"\n'),
        [
            ("not_accepted", "site.country", "EC"),
            ("must_be_at_most", "site.altitude_m", "9000"),
            ("must_be_at_least", "site.workdays_per_month", "0"),
            ("file_not_found", "load.file", "x.csv"),
        ],
    ),
]


def refused(read, expected, place_of):
    with pytest.raises(InputError) as raised:
        read()
    problems = raised.value.problems
    found = [(p.key, place_of(p), p.value) for p in problems]
    wanted = [
        (key, place, got if value is None else value)
        for (key, place, value), (_, _, got) in zip(expected, found, strict=False)
    ]
    assert sorted(found, key=str)[: len(found)] == sorted(wanted, key=str), found
    for problem in problems:
        for language in LANGUAGES:
            words = problem_text(problem, language)
            assert problem.file in words
            assert "{" not in words.replace(problem.value, "")
    return problems


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def ids(rows):
    return [row[0] for row in rows]


@pytest.mark.parametrize(("name", "file", "content", "expected"), INVENTORIES, ids=ids(INVENTORIES))
def test_inventory_is_refused(tmp_path, name, file, content, expected):
    path = write(tmp_path, file, content)
    problems = refused(lambda: read_inventory(path, name="listas/" + file), expected, lambda p: p.cell or p.line)
    assert {p.file for p in problems} == {"listas/" + file}
    if file == "m.xlsx" and expected[0][1] is not None:
        assert {p.sheet for p in problems} == {"Motores"}


@pytest.mark.parametrize(("name", "file", "content", "expected"), METERS, ids=ids(METERS))
def test_meter_is_refused(tmp_path, name, file, content, expected):
    path = write(tmp_path, file, content)
    sheet = "Hoja1" if name == "sheet of a text file" else ""

    def listed(problem):
        return problem.cell or problem.line

    if name == "Excel's day number":
        with pytest.raises(InputError) as raised:
            read_meter(path, name=file)
        assert raised.value.problems[0].key == "stamp_unreadable"
        assert raised.value.problems[0].line == 2
        assert raised.value.problems[-1].key == "and_more"
        assert raised.value.problems[-1].params["count"] == 76
        return
    refused(lambda: read_meter(path, sheet=sheet, name=file), expected, listed)


@pytest.mark.parametrize(("name", "content", "expected"), SITES, ids=ids(SITES))
def test_site_file_is_refused(tmp_path, name, content, expected):
    path = write(tmp_path, "sitio.toml", content)
    refused(lambda: read_site(path), expected, lambda p: p.field or None)


def test_the_table_itself_is_sound(tmp_path):
    # What every case above changes one thing of is read without complaint.
    assert len(read_inventory(write(tmp_path, "m.csv", inventory("M1;5;3"))).motors) == 1
    assert read_meter(write(tmp_path, "d.csv", meter(*DAY))).energy_kwh == pytest.approx(144)
    assert read_site(write(tmp_path, "s.toml", SITE)).site.name == "Planta"


@pytest.mark.parametrize("read", [read_inventory, read_meter, read_site])
def test_a_file_that_is_not_there_or_a_folder(tmp_path, read):
    for path, key in ((tmp_path / "no.csv", "file_not_found"), (tmp_path, "is_a_folder")):
        with pytest.raises(InputError) as raised:
            read(path)
        assert [p.key for p in raised.value.problems] == [key]
