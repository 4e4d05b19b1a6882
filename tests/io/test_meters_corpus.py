"""Wrong twins of every layout: each refused with its place, value and reason in both languages, or read right and told.

An expectation is ``(key, line, value)``; a line of None is the whole file.
"""

import io
import zipfile

import meter_samples as made
import pytest

from mine_energy.errors import InputError
from mine_energy.io.meters import read_meter
from mine_energy.messages import LANGUAGES, finding_text, problem_text


def edited(sample, old, new, encoding="utf-8", count=1):
    text = sample.data.decode(encoding)
    assert old in text, old
    return text.replace(old, new, count).encode(encoding)


def without_line(sample, line, encoding="utf-8"):
    rows = sample.data.decode(encoding).splitlines(keepends=True)
    return "".join(rows[: line - 1] + rows[line:]).encode(encoding)


def with_line_again(sample, line, encoding="utf-8"):
    rows = sample.data.decode(encoding).splitlines(keepends=True)
    return "".join(rows[:line] + rows[line - 1 :]).encode(encoding)


def cell(sample, line, column, value, sep, encoding="utf-8"):
    rows = sample.data.decode(encoding).split("\r\n")
    cells = rows[line - 1].split(sep)
    cells[column] = value
    rows[line - 1] = sep.join(cells)
    return "\r\n".join(rows).encode(encoding)


def zipped(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("_", "."), data)
    return stream.getvalue()


FLUKE, TREND, HIOKI, BOX = made.fluke_430("es"), made.fluke_1730(), made.hioki(), made.circutor()
ION, PAC, CO, MATRIX = made.schneider_ion(), made.siemens_pac(), made.co_platform(), made.hour_matrix()
SICLI, SICLI_TEXT, DUNAS = made.sicli(), made.sicli(two=True, zipped=False), made.electrodunas()
GREEN, PLAIN = made.green_button(), made.plain()
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>\n'

REFUSED = {
    "fluke: a line lacks": (without_line(FLUKE, 40, "cp1252"), [("gap", 40, None)]),
    "fluke: a line twice": (with_line_again(FLUKE, 40, "cp1252"), [("stamp_twice", 41, None)]),
    "fluke: a word for a power": (cell(FLUKE, 40, 9, "OL", "\t", "cp1252"), [("not_a_number", 40, "OL")]),
    "fluke: a power lacks": (cell(FLUKE, 40, 9, "", "\t", "cp1252"), [("value_missing", 40, "")]),
    "fluke: another decimal mark": (
        cell(FLUKE, 40, 9, "61000.5", "\t", "cp1252"),
        [("decimal_other_mark", 40, "61000.5")],
    ),
    "fluke: no total": (edited(FLUKE, "activa Total Med", "activa L3N Med", "cp1252"), [("no_active_column", 1, "")]),
    "fluke: an hour that is none": (
        cell(FLUKE, 40, 1, "24:15:00.000", "\t", "cp1252"),
        [("stamp_unreadable", 40, None)],
    ),
    "fluke 1730: two totals": (
        edited(TREND, "PowerP_Total_min", "PowerP_Total_avg"),
        [("columns_alike", 1, "PowerP_Total_avg")],
    ),
    "fluke 1730: a cell lacks": (
        edited(TREND, "\t254.1\t", "\t", count=1),
        [("meter_row_short", 2, None)],
    ),
    "hioki: a stamp moved": (
        edited(HIOKI, "2025-03-18 06:00:00", "2025-03-18 06:04:00"),
        [("step_irregular", 31, None)],
    ),
    "hioki: without a unit": (
        edited(HIOKI, "P_Avg[W]", "P_Avg").replace(b"WP+sum[Wh]", b"WP+sum").replace(b"Q_Avg[var]", b"Q_Avg"),
        [("meter_unit_missing", 7, "P_Avg")],
    ),
    "circutor: swapped days": (
        edited(BOX, "18/03/2025 06:00", "28/03/2025 06:00", "cp1252"),
        [("stamp_backwards", 26, None)],
    ),
    "ion: a month first among days first": (
        edited(ION, "03/19/2025 06:00:00 AM", "19/03/2025 06:00:00 AM", "utf-8-sig"),
        [("date_orders_mixed", 121, "19/03/2025 06:00:00 AM")],
    ),
    "pac: a register falls": (cell(PAC, 60, 1, "100000.000", ";", "cp1252"), [("meter_register_fell", 60, None)]),
    "pac: a register that never moves": (
        "\r\n".join(
            ["PAC4200", "Fecha;Lectura acumulada (kWh)", *(f"{t};5.5" for t in made.times("%Y-%m-%d %H:%M"))]
        ).encode(),
        [("cumulative_register", 2, "Lectura acumulada (kWh)")],
    ),
    "platform: two meters": (edited(CO, "M001", "M002"), [("meter_many_supplies", 3, "M001")]),
    "platform: two units in a heading": (edited(CO, "kWhD", "kWhD [kW]"), [("meter_units_mixed", 1, "kWhD [kW]")]),
    "platform: an offset lacks": (edited(CO, "06:00:00-05:00", "06:00:00"), [("offset_mixed", 26, None)]),
    "platform: sign": (cell(CO, 30, 2, "-4.1", ",")[:], [("value_negative", 30, "-4.1")]),
    "matrix: a day lacks": (
        b"\r\n".join(row for row in MATRIX.data.split(b"\r\n") if b"25/03/2025" not in row),
        [("gap", 23, "26/03/2025")],
    ),
    "matrix: a day twice": (
        MATRIX.data.replace(b"25/03/2025", b"24/03/2025"),
        [("stamp_twice", 23, "24/03/2025")],
    ),
    "matrix: total that is none": (
        cell(MATRIX, 5, 28, "31.000,00", ";", "latin-1"),
        [("meter_matrix_total", 5, "31.000,00")],
    ),
    "matrix: hour 25": (cell(MATRIX, 5, 27, "12,50", ";", "latin-1"), [("meter_hour_25", 5, "12,50")]),
    "matrix: an hour lacks": (cell(MATRIX, 5, 9, "", ";", "latin-1"), [("value_missing", 5, "")]),
    "matrix: a letter": (cell(MATRIX, 5, 9, "1.2O0,00", ";", "latin-1"), [("not_a_number", 5, "1.2O0,00")]),
    "matrix: an hour with the other mark": (
        cell(MATRIX, 5, 9, "1200.50", ";", "latin-1"),
        [("decimal_other_mark", 5, None)],
    ),
    "matrix: unknown energy": (cell(MATRIX, 5, 2, "Gas", ";", "latin-1"), [("meter_matrix_type", 5, "Gas")]),
    "matrix: reactive of other days": (
        cell(MATRIX, 6, 1, "30/04/2025", ";", "latin-1"),
        [("meter_matrix_pairs", 6, "30/04/2025")],
    ),
    "matrix: two boundaries": (
        cell(MATRIX, 8, 0, "Frt09999", ";", "latin-1"),
        [("meter_many_supplies", 8, "Frt09999")],
    ),
    "matrix: a day that is none": (
        cell(MATRIX, 5, 1, "31/02/2025", ";", "latin-1"),
        [("stamp_unreadable", 5, "31/02/2025")],
    ),
    "sicli: a true duplicate": (
        with_line_again(SICLI_TEXT, 250),
        [("stamp_twice", 251, None)],
    ),
    "sicli: two users": (edited(SICLI_TEXT, "CL0123", "CL0999"), [("meter_many_supplies", 3, "CL0123")]),
    "sicli: minute 75": (
        edited(SICLI_TEXT, "202503180645", "202503180675"),
        [("stamp_unreadable", 28, "202503180675")],
    ),
    "sicli: a stamp as a power of ten": (
        edited(SICLI_TEXT, "202503180645", "2,02503E+11"),
        [("stamp_unreadable", 28, None)],
    ),
    "zip of two texts": (zipped(a_txt="x", b_txt="y"), [("meter_zip", None, "")]),
    "zip of nothing useful": (zipped(a_exe="x"), [("meter_zip", None, "")]),
    "zip of an empty text": (zipped(a_txt=""), [("file_empty", None, "")]),
    "zip cut off": (SICLI.data[: len(SICLI.data) // 2], [("workbook_broken", None, "")]),
    "electrodunas: shifted cells": (
        edited(DUNAS, "2025-03-18 05:00:00,", "2025-03-18 05:00:00,,"),
        [("row_too_long", 7, None), ("value_missing", 7, "")],
    ),
    "green button: a document type": (made.green_button(prefix=BOMB).data, [("meter_xml_dtd", 2, "")]),
    "green button: cut": (GREEN.data[:9000], [("meter_xml_broken", None, "")]),
    "green button: no energy": (
        made.green_button(active="38").data.replace(b">73<", b">63<"),
        [("meter_xml_no_readings", None, "")],
    ),
    "green button: only reactive": (made.green_button(active="38").data, [("value_missing", None, "")]),
    "green button: a reading lacks": (without_line(GREEN, 40), [("value_missing", 234, "")]),
    "green button: twice": (with_line_again(GREEN, 40), [("stamp_twice", 41, None)]),
    "green button: a broken value": (edited(GREEN, "<duration>900", "<duration>9oo"), [("meter_xml_reading", 5, None)]),
    "green button: an odd duration": (
        edited(GREEN, "<duration>900", "<duration>300"),
        [("meter_xml_duration", 5, "300")],
    ),
    "green button: registers": (edited(GREEN, "Behaviour>4", "Behaviour>1"), [("meter_xml_register", 5, "")]),
    "green button: no type": (
        edited(GREEN, 'rel="related"', 'rel="other"').replace(b"/RT/1", b"/RT/9", 1),
        [("meter_xml_no_type", 5, "")],
    ),
    "another XML": (b"<?xml version='1.0'?><a><b>1</b></a>", [("meter_xml_no_readings", None, "")]),
    "a lone exponent": (cell(PLAIN, 40, 1, "10e5", ";", "cp1252"), [("not_a_number", 40, "10e5")]),
    "a lone thousand": (cell(PLAIN, 40, 1, "12.500", ";", "cp1252"), [("decimal_undecidable", 40, "12.500")]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_twin_is_refused_with_its_line_and_reason(tmp_path, name):
    data, expected = REFUSED[name]
    path = tmp_path / "m.dat"
    path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        read_meter(path, name="m.dat")
    problems = raised.value.problems
    found = [(p.key, p.line) for p in problems]
    for key, line, value in expected:
        matching = [p for p in problems if p.key == key and line in {None, p.line}]
        assert matching, found
        assert value is None or value in {p.value for p in matching}, [p.value for p in matching]
    for problem in problems:
        for language in LANGUAGES:
            said = problem_text(problem, language)
            assert said.startswith("m.dat")
            assert "{" not in said


TOLD = {
    "fluke: unit of the layout": (FLUKE.data, {}, "meter_unit_assumed", 1),
    "fluke: negative power is kept": (cell(FLUKE, 40, 9, "-61,5", "\t", "cp1252"), {}, "meter_negative_kept", "40"),
    "fluke: capacitive": (cell(FLUKE, 40, 12, "-61,5", "\t", "cp1252"), {}, "meter_reactive_leading", 40),
    "fluke 1730: another zone": (made.fluke_1730("India Standard Time").data, {}, "meter_zone_other", 1),
    "hioki: marked by the instrument": (cell(HIOKI, 40, 2, "00000001", ","), {}, "meter_status_marked", 40),
    "sicli: suppliers added": (SICLI_TEXT.data, {}, "meter_suppliers_added", 194),
    "matrix: unit": (MATRIX.data, {}, "meter_unit_assumed", 1),
    "cut in the last value": (PLAIN.data.rstrip()[:-3], {}, "meter_last_line", 193),
    "cut at a line": (
        b"\r\n".join(PLAIN.data.split(b"\r\n")[:150]) + b"\r\n",
        {"stamps": "start"},
        "meter_partial_days",
        150,
    ),
    "gaps marked": (without_line(PLAIN, 40, "cp1252"), {"gaps": "mark"}, "meter_gap_marked", 40),
    "a ratio": (PLAIN.data, {"ct_ratio": 40, "vt_ratio": 2.5}, "meter_ratio_applied", None),
    "a hint": (PLAIN.data, {"stamps": "start"}, "meter_hint_used", None),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_read_all_the_same_is_told_with_its_line(tmp_path, name):
    data, hints, key, line = TOLD[name]
    path = tmp_path / "m.dat"
    path.write_bytes(data)
    load = read_meter(path, **hints)
    matching = [f for f in load.findings if f.key == key]
    assert matching, [f.key for f in load.findings]
    if line is not None:
        assert line in [f.params.get(name) for f in matching for name in ("line", "last_line", "lines")]
    for finding in matching:
        assert all("{" not in finding_text(finding, language) for language in LANGUAGES)
