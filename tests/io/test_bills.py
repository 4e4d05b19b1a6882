"""Bills, fuel logs and production as people hand them over, and what is refused by line."""

from datetime import date

import numpy as np
import pytest

from mine_energy import messages
from mine_energy.errors import InputError
from mine_energy.io.bills import read_bills
from mine_energy.io.fuel_log import read_fuel_log
from mine_energy.io.production import read_production


@pytest.fixture
def write(tmp_path):
    def write(text, name="t.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return write


def refused(read, path):
    with pytest.raises(InputError) as caught:
        read(path)
    for problem in caught.value.problems:
        for language in messages.LANGUAGES:
            assert "{" not in messages.problem_text(problem, language, "CO")
    return [(p.key, p.line) for p in caught.value.problems]


# Bills

SPANISH = """Desde;Hasta;Consumo (kWh);Reactiva (kvarh);Demanda máxima (kW);Valor a pagar;Moneda;Lectura
05/01/2025;04/02/2025;12.345,6;3.210,0;41,5;11.900.000;COP;real
05/02/2025;04/03/2025;11.800,0;3.000,0;40,1;11.500.000;COP;estimada
05/03/2025;03/04/2025;12.100,4;;42,0;11.700.000;COP;
"""


def test_spanish_bills_with_commas_and_last_days(write):
    found = read_bills(write(SPANISH))
    assert [(p.start, p.end, p.days) for p in found.periods] == [
        (date(2025, 1, 5), date(2025, 2, 5), 31),
        (date(2025, 2, 5), date(2025, 3, 5), 28),
        (date(2025, 3, 5), date(2025, 4, 4), 30),
    ]
    first, second, third = found.periods
    assert (first.energy_kwh, first.demand_kw, first.amount, first.currency) == (12345.6, 41.5, 11.9e6, "COP")
    assert (first.estimated, second.estimated, third.estimated) == (False, True, False)
    assert third.reactive_kvarh is None
    assert [f.key for f in found.findings] == ["bill_input_estimated"]


def test_english_bills_between_readings_in_mwh_any_order(write):
    text = "kWh,End date,Start date,Days\n900.5,2024-02-03,2024-01-04,30\n800.25,2024-03-05,2024-02-03,31\n"
    found = read_bills(write(text.replace("kWh", "Consumption (MWh)")))
    assert [p.energy_kwh for p in found.periods] == [900_500, 800_250]
    assert [p.days for p in found.periods] == [30, 31]
    assert found.energy_kwh == 1_700_750


def test_bills_out_of_order_are_put_in_order_and_latin1_reads(write):
    lines = SPANISH.splitlines()
    found = read_bills(write("\n".join([lines[0], lines[3], lines[1], lines[2]]) + "\n", encoding="cp1252"))
    assert [p.start.month for p in found.periods] == [1, 2, 3]


def test_lengths_decide_between_day_and_month_first(write):
    # 3 February to 4 March has 29 days and 2 March to 3 April has 32: one bill alone does not tell.
    text = "Desde;Hasta;kWh\n03/02/2025;04/03/2025;100\n"
    assert refused(read_bills, write(text)) == [("date_order_undecidable", 2)]
    # The next one, read month first, would end before it starts.
    found = read_bills(write(text + "04/03/2025;03/04/2025;100\n"))
    assert found.periods[0].start == date(2025, 2, 3)
    text = "Desde;Hasta;kWh\n05/01/2025;04/02/2025;100\n04/02/2025;06/03/2025;100\n"
    assert read_bills(write(text)).periods[0].start == date(2025, 1, 5)


def test_thousands_marks_alone_are_refused_until_the_mark_is_said(write):
    path = write("Desde;Hasta;kWh\n2025-01-05;2025-02-04;12.345\n2025-02-05;2025-03-04;11.002\n")
    assert refused(read_bills, path) == [("decimal_undecidable", 2)]
    assert read_bills(path, decimal=",").energy_kwh == 23_347
    assert read_bills(path, decimal=".").energy_kwh == pytest.approx(23.347)


def test_one_bill_says_that_its_end_is_assumed(write):
    text = "Desde;Hasta;kWh\n2025-01-05;2025-02-04;100\n"
    found = read_bills(write(text))
    assert found.periods[0].days == 31
    assert [f.key for f in found.findings] == ["bill_input_end_assumed"]
    assert read_bills(write(text), end_included=False).periods[0].days == 30
    with_days = "Desde;Hasta;kWh;Días\n2025-01-05;2025-02-04;100;30\n"
    assert read_bills(write(with_days)).periods[0].days == 30


HEAD = "Desde;Hasta;kWh;kW;Moneda\n"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2025-02-05;2025-01-05;100;;\n2025-03-05;2025-04-05;100;;\n", [("bill_input_backwards", 2)]),
        ("2025-01-01;2025-03-01;100;;\n", [("bill_input_period", 2)]),
        ("2025-01-01;2025-01-20;100;;\n", [("bill_input_period", 2)]),
        ("2025-01-01;2025-02-01;100;;\n2025-02-03;2025-03-05;9;;\n2025-03-05;2025-04-05;9;;\n",
         [("bill_input_gap", 3)]),
        ("2025-01-01;2025-02-01;100;;\n2025-01-30;2025-03-01;9;;\n2025-03-01;2025-04-01;9;;\n",
         [("bill_input_overlap", 3)]),
        ("2025-01-01;2025-02-01;-100;;\n2025-02-01;2025-03-01;1;;\n", [("bill_input_negative", 2)]),
        ("2025-01-01;2025-02-01;9000;10;\n2025-02-01;2025-03-01;1;;\n", [("bill_input_impossible", 2)]),
        ("2025-01-01;2025-02-01;;10;\n2025-02-01;2025-03-01;1;;\n", [("cell_empty", 2)]),
        ("2025-01-01;2025-02-31;5;10;\n", [("bill_input_not_a_date", 2)]),
        ("2025-01-01;;5;10;\n", [("cell_empty", 2)]),
        ("2025-01-01;2025-02-01;cinco;10;\n", [("not_a_number", 2)]),
        ("2025-01-01;2025-02-01;5;10;euros\n", [("bill_input_unknown_word", 2)]),
        ("2025-01-01;2025-02-01;5;10;COP\n2025-02-01;2025-03-01;1;;USD\n", [("bill_input_currencies", None)]),
        ("", [("bill_input_no_rows", None)]),
        ("2025-01-01;2025-02-01;5;;\n2025-02-01;2025-03-01;5;;\n2025-03-02;2025-04-01;5;;\n",
         [("bill_input_ends_mixed", None)]),
    ],
)  # fmt: skip
def test_impossible_bills_are_refused_by_line(write, rows, expected):
    assert refused(read_bills, write(HEAD + rows)) == expected


def test_every_bad_line_is_listed_at_once(write):
    rows = "2025-01-01;2025-02-01;x;;\n2025-02-01;2025-99-01;5;;\n"
    assert refused(read_bills, write(HEAD + rows)) == [("bill_input_not_a_date", 3), ("not_a_number", 2)]


def test_headings_that_are_missing_or_in_another_unit(write):
    assert refused(read_bills, write("Desde;kWh\n2025-01-01;5\n")) == [("bill_input_missing_column", None)]
    assert refused(read_bills, write("a;b\n1;2\n")) == [("bill_input_no_headings", None)]
    wrong = "Desde;Hasta;Consumo (kW)\n2025-01-01;2025-02-01;5\n"
    assert ("unknown_unit", 1) in refused(read_bills, write(wrong))


def test_a_total_below_is_no_bill_and_other_columns_are_said(write):
    text = "Nota;Desde;Hasta;kWh\n1;2025-01-01;2025-02-01;5\n2;2025-02-01;2025-03-01;6\nTotal;;;11\n"
    found = read_bills(write(text))
    assert found.energy_kwh == 11
    assert found.findings[0].params["columns"] == "Nota"


def test_number_and_meter_of_a_bill_are_kept_as_written(write):
    text = "No. factura;Medidor;Desde;Hasta;kWh\n00123;ME-7;2025-01-01;2025-02-01;5\n00124;;2025-02-01;2025-03-01;6\n"
    found = read_bills(write(text))
    assert [(one.number, one.meter) for one in found.periods] == [("00123", "ME-7"), ("00124", "")]
    assert not {"unused_columns", "bill_input_number_twice", "bill_input_meter_changed"} & {
        f.key for f in found.findings
    }


def test_a_number_twice_and_another_meter_are_told(write):
    text = "Bill number;Meter;From;To;kWh\n7;A;2025-01-01;2025-02-01;5\n7;B;2025-02-01;2025-03-01;6\n"
    told = {f.key: f.params for f in read_bills(write(text)).findings}
    assert told["bill_input_number_twice"] == {"number": "7", "count": 2}
    assert told["bill_input_meter_changed"] == {"first": "A", "second": "B", "start": "2025-02-01"}


# Fuel


def test_a_fuel_log_in_litres_and_one_in_gallons(write):
    text = "Fecha;Litros;Horómetro;kWh;Tanque lleno\n13/01/2025;100,5;1.000,5;;sí\n15/01/2025;80;1.010,0;240;no\n"
    found = read_fuel_log(write(text))
    assert [(e.litres, e.hour_meter_hours, e.energy_kwh, e.full_tank) for e in found.entries] == [
        (100.5, 1000.5, None, True),
        (80.0, 1010.0, 240.0, False),
    ]
    gallons = read_fuel_log(write("Date,Gallons,Hour meter (h)\n2025-01-13,10,100\n2025-01-20,20,150\n"))
    assert gallons.entries[1].litres == pytest.approx(75.70823568)
    bracket = read_fuel_log(write("Date,Fuel (gal),Hour meter\n2025-01-13,10,100\n2025-01-20,20,150\n"))
    assert bracket.entries == gallons.entries


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2025-01-01;10;100\n2025-01-05;10;90\n", [("fuel_hours_rolled", 3)]),
        ("2025-01-05;10;100\n2025-01-01;10;110\n", [("fuel_date_back", 3)]),
        ("2025-01-01;10;100\n2025-01-02;10;200\n", [("fuel_hours_many", 3)]),
        ("2025-01-01;-10;100\n2025-01-02;10;110\n", [("bill_input_negative", 2)]),
        ("2025-01-01;;100\n2025-01-02;10;110\n", [("cell_empty", 2)]),
        ("01/02/2025;10;100\n02/03/2025;10;110\n", [("date_order_undecidable", 2)]),
    ],
)
def test_fuel_logs_that_cannot_be(write, rows, expected):
    assert refused(read_fuel_log, write("Fecha;Litros;Horómetro\n" + rows)) == expected


def test_a_fuel_log_needs_one_volume(write):
    assert refused(read_fuel_log, write("Fecha;Horómetro\n2025-01-01;1\n")) == [("fuel_volume", None)]
    both = "Fecha;Litros;Galones;Horómetro\n2025-01-01;1;1;1\n"
    assert refused(read_fuel_log, write(both)) == [("fuel_volume", None)]


# Production


def test_production_by_month_written_in_several_ways(write):
    for dates in (("2025-01", "2025-02"), ("enero 2025", "febrero 2025"), ("Jan-25", "Feb-25"), ("01/2025", "02/2025")):
        text = f"Mes;Toneladas;kWh\n{dates[0]};120,5;4.000,5\n{dates[1]};90,0;\n"
        found = read_production(write(text))
        assert found.period == "month", dates
        assert found.dates == (date(2025, 1, 1), date(2025, 2, 1))
        assert found.ore_t.tolist() == [120.5, 90.0]
        assert found.energy_kwh[0] == 4000.5
        assert np.isnan(found.energy_kwh[1])


def test_production_by_day_is_sorted(write):
    found = read_production(write("Date,Ore (kg)\n2025-01-15,9000\n2025-01-14,8000\n"))
    assert (found.period, found.ore_t.tolist()) == ("day", [8.0, 9.0])
    assert found.energy_kwh is None


def test_production_that_cannot_be(write):
    head = "Fecha;Toneladas\n"
    twice = "2025-01-14;8\n2025-01-14;9\n"
    assert refused(read_production, write(head + twice)) == [("production_date_twice", 3)]
    assert refused(read_production, write(head + "2025-01-14;-8\n")) == [("bill_input_negative", 2)]
    months_or_days = "".join(f"01/{i:02d}/2025;8\n" for i in range(1, 13))
    assert refused(read_production, write(head + months_or_days)) == [("date_order_undecidable", 3)]
