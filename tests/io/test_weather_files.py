"""Reading weather files: the two real families, and files that are wrong in one place."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mine_energy.errors import InputError, Problem
from mine_energy.io.weather_files import read_weather
from mine_energy.messages import LANGUAGES, finding_text, problem_text
from mine_energy.weather import Weather, from_climatology
from mine_energy.weather.quality import impossible_share

PLACE = (-16.32, -71.55, 2520.0)
HEADER = """LOCATION,{city},-,PER,{family},847520,{latitude},{longitude},{zone},2520.0
DESIGN CONDITIONS,0
TYPICAL/EXTREME PERIODS,0
GROUND TEMPERATURES,0
HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0
COMMENTS 1,made for a test
COMMENTS 2,
DATA PERIODS,1,1,Data,Sunday,1/ 1,12/31"""


@pytest.fixture(scope="module")
def year() -> Weather:
    return from_climatology(*PLACE, seed=1)


def epw_lines(
    weather: Weather, city: str = "Ocoña", family: str = "TMYx", zone: float = -5.0, roll: int = 0
) -> list[str]:
    """Return a sound EPW file as lines; `roll` turns the rows by hours, as another time zone would."""
    header = HEADER.format(city=city, family=family, latitude=PLACE[0], longitude=PLACE[1], zone=zone).split("\n")
    frame = weather.frame
    values = {name: np.roll(frame[name].to_numpy(), roll) for name in frame.columns}
    for i, stamp in enumerate(weather.index):
        row = ["0"] * 35
        row[0:5] = [str(2000 + stamp.month), str(stamp.month), str(stamp.day), str(stamp.hour + 1), "60"]
        row[5] = "?9?9"
        row[6], row[9] = f"{values['temp_air'][i]:.3f}", f"{values['pressure'][i]:.0f}"
        row[13:16] = [f"{values[name][i]:.5f}" for name in ("ghi", "dni", "dhi")]
        row[21] = f"{values['wind_speed'][i]:.3f}"
        header.append(",".join(row))
    return header


def write(folder: Path, lines: list[str], encoding: str = "utf-8", name: str = "site.epw") -> Path:
    path = folder / name
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def with_cell(lines: list[str], line: int, column: int, text: str) -> list[str]:
    """Return the lines with one cell (1-based line, 0-based column) replaced."""
    changed = list(lines)
    row = changed[line - 1].split(",")
    row[column] = text
    changed[line - 1] = ",".join(row)
    return changed


@pytest.fixture(scope="module")
def lines(year: Weather) -> list[str]:
    return epw_lines(year)


def refusal(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        read_weather(path)
    for problem in error.value.problems:
        for language in LANGUAGES:
            assert "{" not in problem_text(problem, language, "PE")
    return error.value.problems


@pytest.mark.parametrize(
    ("name", "offset", "rmse", "ghi", "temperature", "years"),
    [
        ("PER_Arequipa.847520_IWEC.epw", 30, 0.9, 2362, 14.7, (1989, 1997, 1991, 1992)),
        ("COL_CUN_Bogota-Eldorado.Intl.AP.802220_TMYx.2009-2023.epw", 0, 9.9, 1678, 14.2, (2022, 2021, 2013, 2014)),
    ],
)
def test_both_families_find_their_own_sun(
    name: str,
    offset: float,
    rmse: float,
    ghi: float,
    temperature: float,
    years: tuple[int, ...],
    shared_file: Callable[[str], Path],
) -> None:
    weather = read_weather(shared_file(f"weather/{name}"))
    assert weather.sun_offset_minutes == offset
    assert weather.closure_rmse_w_m2 == pytest.approx(rmse, abs=0.1)
    assert weather.irradiation_kwh_m2() == pytest.approx(ghi, abs=1)
    assert weather.frame["temp_air"].mean() == pytest.approx(temperature, abs=0.1)
    assert weather.years[:4] == years
    assert weather.kind == "typical"
    assert weather.index.is_monotonic_increasing
    assert len(weather.frame) == 8760
    assert not [f for f in weather.findings if f.level == "warning"]
    for language in LANGUAGES:
        assert all(finding_text(f, language) for f in weather.findings)


@pytest.mark.reference
@pytest.mark.parametrize(
    "name", ["PER_Arequipa.847520_IWEC.epw", "COL_CUN_Bogota-Eldorado.Intl.AP.802220_TMYx.2009-2023.epw"]
)
def test_values_are_those_pvlib_reads(name: str, shared_file: Callable[[str], Path]) -> None:
    from pvlib.iotools import read_epw

    path = shared_file(f"weather/{name}")
    theirs, _ = read_epw(path, coerce_year=2023)
    ours = read_weather(path).frame
    for column in ("ghi", "dni", "dhi", "temp_air", "wind_speed"):
        assert np.array_equal(ours[column].to_numpy(), theirs[column].to_numpy(dtype=float))
    assert np.array_equal(ours["pressure"].to_numpy(), theirs["atmospheric_pressure"].to_numpy(dtype=float))
    assert [t.hour for t in ours.index[:3]] == [t.hour for t in theirs.index[:3]]


def test_what_was_written_is_read(tmp_path: Path, year: Weather, lines: list[str]) -> None:
    weather = read_weather(write(tmp_path, lines))
    np.testing.assert_allclose(weather.frame["ghi"], year.frame["ghi"], atol=1e-4)
    np.testing.assert_allclose(weather.frame["pressure"], year.frame["pressure"], atol=1)
    assert weather.sun_offset_minutes == 30
    assert weather.years == tuple(range(2001, 2013))
    assert weather.band_low == -0.10
    assert weather.index.equals(year.index)
    assert weather.source.startswith("site.epw")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_any_usual_encoding_reads(encoding: str, tmp_path: Path, lines: list[str]) -> None:
    weather = read_weather(write(tmp_path, lines, encoding), name="clima/sitio.epw")
    assert "Ocoña" in weather.source
    assert weather.source.startswith("clima/sitio.epw")


def test_a_file_in_utc_is_turned_to_local_time(tmp_path: Path, year: Weather) -> None:
    weather = read_weather(write(tmp_path, epw_lines(year, zone=0.0, roll=5)))
    np.testing.assert_allclose(weather.frame["ghi"], year.frame["ghi"], atol=1e-4)
    assert weather.sun_offset_minutes == 30
    zone = next(f for f in weather.findings if f.key == "weather_other_zone")
    assert zone.params["utc_offset_hours"] == "+0"


def test_a_leap_year_leaves_29_february_out_and_says_so(tmp_path: Path, year: Weather) -> None:
    weather = read_weather(write(tmp_path, epw_lines(year.on_calendar(2024))))
    np.testing.assert_allclose(weather.frame["ghi"], year.frame["ghi"], atol=1e-4)
    assert any(f.key == "weather_leap_day_cut" for f in weather.findings)


def test_one_year_is_not_called_typical_nor_measured(tmp_path: Path, year: Weather) -> None:
    rows = epw_lines(year, family="AMY")
    rows[8:] = ["2019" + row[4:] for row in rows[8:]]
    assert read_weather(write(tmp_path, rows)).kind == "modelled"


def test_missing_pressure_is_no_reason_to_refuse(tmp_path: Path, lines: list[str]) -> None:
    rows = list(lines)
    for i in range(8, len(rows)):
        cells = rows[i].split(",")
        cells[9] = "999999"
        rows[i] = ",".join(cells)
    assert "pressure" not in read_weather(write(tmp_path, rows)).frame


def test_short_rows_of_old_files_and_blank_last_lines_are_read(tmp_path: Path, lines: list[str]) -> None:
    rows = lines[:8] + [",".join(row.split(",")[:29]) for row in lines[8:]] + ["", ",,"]
    assert len(read_weather(write(tmp_path, rows)).frame) == 8760


@pytest.mark.parametrize(
    ("column", "text", "key"),
    [
        (13, "12O.5", "weather_not_a_number"),
        (13, "", "weather_not_a_number"),
        (13, "nan", "weather_not_a_number"),
        (13, "inf", "weather_not_a_number"),
        (13, "9999", "weather_value_missing"),
        (14, "9999", "weather_value_missing"),
        (6, "99.9", "weather_value_missing"),
        (21, "999", "weather_value_missing"),
        (13, "-5", "weather_value_impossible"),
        (15, "5000", "weather_value_impossible"),
        (6, "-273", "weather_value_impossible"),
        (9, "750", "weather_value_impossible"),
    ],
)
def test_a_bad_cell_is_named_by_line(column: int, text: str, key: str, tmp_path: Path, lines: list[str]) -> None:
    problems = refusal(write(tmp_path, with_cell(lines, 4021, column, text)))
    assert [(p.key, p.line, p.value, p.file) for p in problems] == [(key, 4021, text, "site.epw")]


def test_all_bad_cells_come_at_once_but_not_thousands(tmp_path: Path, lines: list[str]) -> None:
    rows = with_cell(with_cell(lines, 100, 13, "x"), 200, 21, "-1")
    assert [p.line for p in refusal(write(tmp_path, rows))] == [100, 200]
    every = lines[:8] + [row.replace(row.split(",")[13], "bad", 1) for row in lines[8:]]
    assert len(refusal(write(tmp_path, every))) <= 20


def test_rows_out_of_order_missing_or_double_are_named(tmp_path: Path, lines: list[str]) -> None:
    swapped = list(lines)
    swapped[500], swapped[501] = swapped[501], swapped[500]
    assert [(p.key, p.line) for p in refusal(write(tmp_path, swapped))] == [("weather_row_order", 501)]
    assert [(p.key, p.line) for p in refusal(write(tmp_path, lines[:5000]))] == [("weather_row_count", 5000)]
    assert refusal(write(tmp_path, lines[:8]))[0].key == "weather_row_count"
    doubled = lines[:600] + lines[599:8767]
    assert [(p.key, p.line) for p in refusal(write(tmp_path, doubled))] == [("weather_row_order", 601)]


def test_a_row_without_its_columns_is_named(tmp_path: Path, lines: list[str]) -> None:
    rows = [*lines[:999], ",".join(lines[999].split(",")[:12]), *lines[1000:]]
    problem = refusal(write(tmp_path, rows))[0]
    assert (problem.key, problem.line, problem.params["found"]) == ("weather_columns_missing", 1000, 12)


def test_a_year_that_is_no_number_is_named(tmp_path: Path, lines: list[str]) -> None:
    problem = refusal(write(tmp_path, with_cell(lines, 9, 0, "MMXX")))[0]
    assert (problem.key, problem.line, problem.params["name"]) == ("weather_not_a_number", 9, "year")


@pytest.mark.parametrize(("column", "text"), [(6, "163.2"), (6, "S16"), (7, "-271.5"), (9, "25200"), (8, "GMT-5")])
def test_an_impossible_header_is_refused(column: int, text: str, tmp_path: Path, lines: list[str]) -> None:
    problems = refusal(write(tmp_path, with_cell(lines, 1, column, text)))
    assert [(p.key, p.line, p.value) for p in problems] == [("weather_header_value", 1, text)]


def test_other_headers_are_refused(tmp_path: Path, lines: list[str]) -> None:
    assert refusal(write(tmp_path, with_cell(lines, 1, 8, "-4.5")))[0].key == "weather_header_part_hour"
    assert refusal(write(tmp_path, ["LOCATION,Ocoña,-", *lines[1:]]))[0].key == "weather_header_short"
    assert refusal(write(tmp_path, lines[8:]))[0].key == "weather_not_recognised"
    assert refusal(write(tmp_path, ["fecha;ghi", "1;2"]))[0].key == "weather_stamp"
    assert refusal(write(tmp_path, ["sin;nada", "1;2"]))[0].key == "weather_not_recognised"


def test_no_file_to_read(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.epw")[0].key == "weather_file_missing"
    assert refusal(tmp_path)[0].key == "weather_file_unreadable"
    (tmp_path / "empty.epw").write_bytes(b" \n")
    assert refusal(tmp_path / "empty.epw")[0].key == "weather_file_empty"
    (tmp_path / "book.epw").write_bytes(bytes(range(256)) * 10)
    assert refusal(tmp_path / "book.epw")[0].key == "weather_not_recognised"


def test_the_file_is_not_touched(tmp_path: Path, lines: list[str]) -> None:
    path = write(tmp_path, lines)
    before = path.read_bytes()
    read_weather(path)
    assert path.read_bytes() == before


def test_a_year_without_sun_is_refused(tmp_path: Path, lines: list[str]) -> None:
    dark = lines[:8]
    for line in lines[8:]:
        row = line.split(",")
        row[13:16] = ["0", "0", "0"]
        dark.append(",".join(row))
    (problem,) = refusal(write(tmp_path, dark))
    assert (problem.key, problem.line) == ("weather_dark", 9)


@pytest.mark.parametrize(
    ("field", "text"),
    [(8, "0"), (8, "-8"), (8, "5"), (7, "71.55"), (7, "-10")],
)
def test_a_sun_that_shines_at_night_is_refused(field: int, text: str, tmp_path: Path, lines: list[str]) -> None:
    (problem,) = refusal(write(tmp_path, with_cell(lines, 1, field, text)))
    assert (problem.key, problem.line) == ("weather_sun_mismatch", 1)
    assert float(problem.params["share_percent"]) > 3


@pytest.mark.parametrize(
    "epw", ["PER_Arequipa.847520_IWEC.epw", "COL_CUN_Bogota-Eldorado.Intl.AP.802220_TMYx.2009-2023.epw"]
)
def test_sound_files_are_far_from_the_limit(epw: str, shared_file: Callable[[str], Path]) -> None:
    weather = read_weather(shared_file(f"weather/{epw}"))
    assert impossible_share(weather.frame, weather.sun()) < 0.005
