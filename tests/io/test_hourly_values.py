"""Files with one figure an hour: prices and factors, in the layouts that auditors are handed."""

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.errors import InputError
from mine_energy.io.hourly_values import over_hours, read_hourly
from mine_energy.messages import LANGUAGES, finding_text, problem_text
from mine_energy.units import LOCAL_TIME

DAYS = pd.date_range("2025-01-30", periods=3, freq="D")
HOURS = pd.date_range("2025-01-30", periods=72, freq="h")


def price(hour):
    """Return a price that tells its hour."""
    return 200 + hour.day + hour.hour / 4


@pytest.fixture
def write(tmp_path):
    def to(text, name="precios.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return to


LAYOUTS = {
    "date and clock, decimal comma": (
        "Fecha;Hora;Precio [COP/kWh]\n",
        lambda h: f"{h:%d/%m/%Y};{h:%H:%M};{str(price(h)).replace('.', ',')}\n",
    ),
    "date and hour 0 to 23": ("Fecha;Hora;Precio COP/kWh\n", lambda h: f"{h:%Y-%m-%d};{h.hour};{price(h)}\n"),
    "date and hour 1 to 24": ("Fecha;Hora;Precio COP/kWh\n", lambda h: f"{h:%Y-%m-%d};{h.hour + 1};{price(h)}\n"),
    "one stamp, per MWh": ("Date,Price [COP/MWh]\n", lambda h: f"{h:%Y-%m-%d %H:%M},{1000 * price(h):.0f}\n"),
    "stamps with their offset": ("timestamp,price $/kWh\n", lambda h: f"{h:%Y-%m-%dT%H:%M}-05:00,{price(h)}\n"),
    "another column beside it": (
        "Fecha;Hora;Demanda [kWh];Precio de bolsa [$/kWh]\n",
        lambda h: f"{h:%Y-%m-%d};{h:%H:%M};{h.hour + 0.5};{price(h)}\n",
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_row_an_hour(write, layout):
    heading, row = LAYOUTS[layout]
    found = read_hourly(write(heading + "".join(map(row, HOURS))), "spot_price", currency="COP")
    assert found.values.index[0] == pd.Timestamp("2025-01-30", tz=LOCAL_TIME)
    assert found.values.tolist() == [price(hour) for hour in HOURS]
    assert found.unit == "COP/kWh"
    assert [finding.key for finding in found.findings] == ["hourly_read_spot_price"]


def test_a_year_written_newest_first_is_turned(write):
    rows = "".join(f"{h:%Y-%m-%d};{h:%H:%M};{price(h)}\n" for h in HOURS[::-1])
    found = read_hourly(write("Fecha;Hora;Precio COP/kWh\n" + rows), "spot_price")
    assert found.values.tolist() == [price(hour) for hour in HOURS]


@pytest.mark.parametrize("first", [0, 1])
def test_a_row_a_day_with_twenty_four_columns(write, first):
    heads = ";".join(f"Hora {first + hour:02d}" for hour in range(24))
    rows = "".join(f"{d:%Y-%m-%d};{';'.join(str(price(d + pd.Timedelta(hours=h))) for h in range(24))}\n" for d in DAYS)
    text = f"Precio de bolsa nacional ($/kWh)\nFecha;{heads}\n{rows}"
    found = read_hourly(write(text), "spot_price", currency="COP")
    assert found.values.tolist() == [price(hour) for hour in HOURS]
    assert [finding.key for finding in found.findings] == ["hourly_read_spot_price"]


def test_a_worksheet_whose_headings_are_numbers(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Precio de bolsa nacional ($/kWh)"])
    sheet.append([])
    sheet.append(["Fecha", *range(24), "Version"])
    for day in DAYS:
        hours = (day + pd.Timedelta(hours=h) for h in range(24))
        sheet.append([day.to_pydatetime(), *map(price, hours), "TXF"])
    book.save(tmp_path / "bolsa.xlsx")
    found = read_hourly(tmp_path / "bolsa.xlsx", "spot_price", currency="COP")
    assert found.values.tolist() == [price(hour) for hour in HOURS]


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("Factor [t CO2e/MWh]", 0.25),
        ("Factor kg CO₂/MWh", 250),
        ("factor gCO2e/kWh", 250),
        ("kg CO2eq/kWh", 0.25),
        ("t_co2e_per_mwh", 0.25),
        ("Toneladas de CO2/GWh", 250),
    ],
)
def test_a_factor_is_in_tonnes_per_mwh_whatever_its_unit(write, heading, written):
    text = f"Fecha;Hora;{heading}\n" + "".join(f"{h:%Y-%m-%d};{h:%H:%M};{written}\n" for h in HOURS)
    found = read_hourly(write(text), "hourly_factor")
    assert found.values.tolist() == [0.25] * len(HOURS)
    assert [finding.key for finding in found.findings] == ["hourly_read_hourly_factor"]


@pytest.mark.parametrize("kind", ["spot_price", "hourly_factor"])
def test_a_unit_that_nobody_wrote_is_an_assumption(write, kind):
    text = "Fecha;Hora;Valor\n" + "".join(f"{h:%Y-%m-%d};{h:%H:%M};0.25\n" for h in HOURS)
    found = read_hourly(write(text), kind, currency="COP")
    assumed = next(finding for finding in found.findings if finding.key == "hourly_unit_assumed")
    assert assumed.level == "assumption"
    for language in LANGUAGES:
        assert found.unit in finding_text(assumed, language)


def rows_but(changes, heading="Fecha;Hora;Precio COP/kWh"):
    """Return a good file with some lines replaced; None leaves a line out."""
    lines = [heading, *(f"{h:%Y-%m-%d};{h:%H:%M};{price(h)}" for h in HOURS)]
    for number, text in changes.items():
        lines[number - 1] = text
    return "\n".join(line for line in lines if line is not None) + "\n"


@pytest.mark.parametrize(
    ("changes", "key", "line"),
    [
        ({5: None}, "hourly_gap", 5),
        ({5: "2025-01-30;03:00;"}, "hourly_missing", 5),
        ({5: "2025-01-30;03:00;-4"}, "hourly_negative", 5),
        ({5: "2025-01-30;03:00;caro"}, "not_a_number", 5),
        ({5: "2025-01-30;02:00;210"}, "hourly_twice", 5),
        ({5: "2025-02-30;03:00;210"}, "stamp_unreadable", 5),
        ({1: "Fecha;Hora;Precio USD/kWh"}, "hourly_currency", 1),
        (
            {1: "Fecha;Hora;Marca"} | {n: f"2025-01-30;{n % 24:02d}:00;x" for n in range(2, 74)},
            "hourly_column_spot_price",
            None,
        ),
        ({1: "Uno;Dos;Tres"}, "hourly_no_headings", None),
        (dict.fromkeys(range(2, 74)), "hourly_no_rows", None),
    ],
)
def test_what_is_wrong_is_told_at_its_line(write, changes, key, line):
    with pytest.raises(InputError) as raised:
        read_hourly(write(rows_but(changes)), "spot_price", currency="COP", name="precios.csv")
    problem = raised.value.problems[0]
    assert (problem.key, problem.line, problem.file) == (key, line, "precios.csv")
    for language in LANGUAGES:
        assert "{" not in problem_text(problem, language)


def test_two_columns_that_may_be_the_price_are_refused(write):
    text = "Fecha;Hora;Precio nacional;Precio oferta\n" + "".join(f"{h:%Y-%m-%d};{h:%H:%M};1;2\n" for h in HOURS)
    with pytest.raises(InputError) as raised:
        read_hourly(write(text), "spot_price")
    assert raised.value.problems[0].params["headings"] == "Precio nacional, Precio oferta"


def test_half_hours_are_no_hours(write):
    half = pd.date_range("2025-01-30", periods=48, freq="30min")
    text = "Fecha;Hora;Precio COP/kWh\n" + "".join(f"{h:%Y-%m-%d};{h:%H:%M};1\n" for h in half)
    with pytest.raises(InputError) as raised:
        read_hourly(write(text), "spot_price")
    assert [(p.key, p.params["minutes"]) for p in raised.value.problems] == [("hourly_step", "30")]


def test_a_factor_in_another_unit_than_its_heading_says_is_refused(write):
    text = "Fecha;Hora;Factor\n" + "".join(f"{h:%Y-%m-%d};{h:%H:%M};250\n" for h in HOURS)
    with pytest.raises(InputError) as raised:
        read_hourly(write(text), "hourly_factor")
    assert raised.value.problems[0].key == "hourly_factor_high"
    assert raised.value.problems[-1].key == "and_more"


def test_two_versions_of_a_day_are_refused(write):
    day = ";".join("200" for _ in range(24))
    heads = ";".join(str(hour) for hour in range(24))
    with pytest.raises(InputError) as raised:
        read_hourly(write(f"Fecha;{heads}\n2025-01-30;{day}\n2025-01-30;{day}\n"), "spot_price")
    assert [(p.key, p.line) for p in raised.value.problems] == [("hourly_twice", 3)]


@settings(max_examples=20, deadline=None)
@given(first=st.integers(0, 40), length=st.integers(1, 30))
def test_the_hours_that_lack_are_named_by_their_stretches(tmp_path_factory, first, length):
    folder = tmp_path_factory.mktemp("hours")
    (folder / "p.csv").write_text(rows_but({}), encoding="utf-8")
    found = read_hourly(folder / "p.csv", "spot_price", name="p.csv")
    needed = pd.date_range(HOURS[0] - pd.Timedelta(hours=first), periods=72 + first + length, freq="h", tz=LOCAL_TIME)
    with pytest.raises(InputError) as raised:
        over_hours(found, needed, "connection.spot_prices")
    params = raised.value.problems[0].params
    assert params["count"] == first + length
    assert str(needed[-1])[:16] in str(params["hours"])
    assert over_hours(found, needed[first : first + 72], "x").tolist() == found.values.tolist()
