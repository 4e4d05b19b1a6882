"""Every layout of a weather file gives the weather it was written from, at its true hours."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import weather_samples as samples
from pvlib import irradiance

from mine_energy.errors import InputError
from mine_energy.io.weather_files import Hints, read_weather
from mine_energy.messages import LANGUAGES, finding_text, problem_text
from mine_energy.weather import Weather
from mine_energy.weather.contract import calendar_index
from mine_energy.weather.sun import sun

HERE = Hints(latitude=samples.PLACE[0], longitude=samples.PLACE[1], altitude_m=samples.PLACE[2])


@pytest.fixture(scope="module")
def year() -> Weather:
    return samples.year_of()


@pytest.fixture(scope="module")
def frame(year: Weather) -> pd.DataFrame:
    return samples.on_year(year, 2019)


def read(folder: Path, text: str, hints: Hints | None = None, name: str = "clima.csv") -> Weather:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    weather = read_weather(path, hints=hints)
    for language in LANGUAGES:
        assert all("{" not in finding_text(finding, language) for finding in weather.findings)
    return weather


def keys(weather: Weather) -> set[str]:
    return {finding.key for finding in weather.findings}


def same(weather: Weather, frame: pd.DataFrame, columns: tuple[str, ...] = ("ghi", "dhi", "temp_air")) -> None:
    for column in columns:
        np.testing.assert_allclose(weather.frame[column], frame[column], atol=0.02, err_msg=column)


# --- PVGIS ---------------------------------------------------------------------------------------------------------


def test_pvgis_hourly_csv_holds_instants_of_its_minute(tmp_path: Path, frame: pd.DataFrame) -> None:
    then = samples.instants(frame, 10)
    weather = read(tmp_path, samples.pvgis_csv(samples.utc(then, 2019), minute=10))
    same(weather, then)
    assert weather.sun_offset_minutes == 10
    assert weather.kind == "modelled"
    assert "PVGIS-SARAH3" in weather.source
    assert weather.years == (2019,) * 12
    assert {"weather_instants", "weather_database", "weather_component_derived"} <= keys(weather)
    assert weather.closure_rmse_w_m2 < 0.1
    np.testing.assert_allclose(weather.frame["dni"], then["dni"], atol=1.0)


def test_pvgis_hourly_json_is_told_by_content_not_by_name(tmp_path: Path, frame: pd.DataFrame) -> None:
    then = samples.instants(frame, 30)
    weather = read(tmp_path, samples.pvgis_json(samples.utc(then, 2019), minute=30), name="clima.epw")
    same(weather, then)
    assert weather.sun_offset_minutes == 30
    assert "PVGIS-ERA5" in weather.source
    assert "weather_instants" not in keys(weather)
    assert "weather_horizon_inside" in keys(weather)


@pytest.mark.parametrize(("offset_hours", "minutes"), [(0.0, 0.0), (0.1761, 10.57), (0.5, 30.0), (-0.25, 45.0)])
def test_pvgis_typical_years_state_their_offset(
    offset_hours: float, minutes: float, tmp_path: Path, frame: pd.DataFrame
) -> None:
    weather = read(tmp_path, samples.pvgis_tmy_csv(samples.utc(frame, 2019), offset_hours))
    assert weather.sun_offset_minutes == pytest.approx(minutes, abs=0.01)
    assert weather.kind == "typical"
    assert weather.years == tuple(2005 + 7 * m % 13 for m in range(12))
    expected = frame["ghi"].to_numpy() if offset_hours >= 0 else np.roll(frame["ghi"].to_numpy(), -1)
    np.testing.assert_allclose(weather.frame["ghi"], expected, atol=0.01)
    assert weather.frame["pressure"].mean() == pytest.approx(frame["pressure"].mean(), abs=1)


def test_a_tilted_plane_is_no_horizontal_one(tmp_path: Path, frame: pd.DataFrame) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, samples.pvgis_csv(samples.utc(frame, 2019), slope="10 deg. (optimum)"))
    assert error.value.problems[0].key == "weather_tilted"


# --- NSRDB, SAM, TMY3 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "minute"), [(-5, 30), (0, 30), (-5, 0)])
def test_nsrdb_minutes_are_the_moment_of_the_values(
    zone: int, minute: int, tmp_path: Path, frame: pd.DataFrame
) -> None:
    then = samples.instants(frame, minute)
    rows = samples.utc(then, 2019) if zone == 0 else then
    weather = read(tmp_path, samples.nsrdb_csv(rows, zone, minute))
    same(weather, then, ("ghi", "dni", "dhi", "temp_air", "wind_speed", "pressure"))
    assert weather.sun_offset_minutes == minute
    assert weather.closure_rmse_w_m2 < 0.5
    assert "NSRDB 4.0.0" in weather.source


@pytest.mark.parametrize("step", [30, 10])
def test_steps_under_an_hour_are_averaged_at_their_true_middle(step: int, tmp_path: Path, frame: pd.DataFrame) -> None:
    times = pd.date_range("2019-01-01", "2020-01-01", freq=f"{step}min", inclusive="left", tz=frame.index.tz)
    fine = frame.reindex(times, method="ffill")
    weather = read(tmp_path, samples.nsrdb_csv(fine, -5, 0))
    same(weather, frame)
    assert weather.sun_offset_minutes == pytest.approx(30 - step / 2)
    assert "weather_resampled" in keys(weather)


def test_several_years_keep_their_calendar_and_leap_days(tmp_path: Path) -> None:
    frame = samples.local_range(range(2015, 2018))
    weather = read(tmp_path, samples.nsrdb_csv(frame))
    assert weather.index.equals(calendar_index(2015, 3))
    assert weather.years == (2015, 2016, 2017)
    assert weather.year_count == 3
    same(weather, frame)
    one = weather.of_year(2016)
    assert len(one.frame) == 8760
    assert one.years == (2016,) * 12
    np.testing.assert_array_equal(one.frame["ghi"][:1416], weather.frame["ghi"][8760 : 8760 + 1416])
    annual = np.array(weather.annual_ghi_kwh_m2())
    chosen = weather.representative_year()
    nearest = weather.calendar_years()[int(np.argmin(np.abs(annual - annual.mean())))]
    assert chosen.years == (nearest,) * 12
    assert "weather_representative_year" in keys(chosen)
    with pytest.raises(ValueError, match="2020"):
        weather.of_year(2020)


def test_utc_years_are_turned_as_a_wheel(tmp_path: Path) -> None:
    local = samples.local_range(range(2018, 2020))
    index = pd.date_range("2018-01-01", "2020-01-01", freq="h", inclusive="left", tz="UTC")
    rows = local.iloc[np.roll(np.arange(len(local)), 5)].set_axis(index, axis=0)
    weather = read(tmp_path, samples.nsrdb_csv(rows, zone=0))
    assert weather.years == (2018, 2019)
    same(weather, local)
    assert not keys(weather) & {"weather_part_years", "weather_gaps_filled"}


def test_tmy3_stamps_end_their_hour(tmp_path: Path, frame: pd.DataFrame) -> None:
    weather = read(tmp_path, samples.tmy3_csv(frame))
    same(weather, frame, ("ghi", "dni", "dhi", "temp_air", "wind_speed", "pressure"))
    assert weather.sun_offset_minutes == 30
    assert weather.kind == "typical"
    assert weather.years == tuple(1990 + 5 * m % 11 for m in range(12))


@pytest.mark.reference
def test_the_tmy3_of_pvlib_reads_as_pvlib_reads_it() -> None:
    import pvlib
    from pvlib.iotools import read_tmy3

    path = Path(pvlib.__file__).parent / "data" / "723170TYA.CSV"
    theirs, meta = read_tmy3(path, coerce_year=2023)
    ours = read_weather(path)
    assert ours.longitude == meta["longitude"]
    assert ours.frame["ghi"].sum() == pytest.approx(theirs["ghi"].sum())
    # 00:00 to 01:00 at UTC-5 is their row stamped 01:00.
    np.testing.assert_array_equal(ours.frame["dni"].to_numpy(), theirs["dni"].to_numpy())
    np.testing.assert_allclose(ours.frame["pressure"].to_numpy(), 100.0 * theirs["pressure"].to_numpy())
    assert not keys(ours) & {"weather_offset_disagrees", "weather_poor_closure"}


# --- NASA POWER ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "unit", "factor"),
    [("UTC", "Wh/m^2", 1.0), ("LST", "Wh/m^2", 1.0), ("UTC", "kW-hr/m^2", 0.001), ("UTC", "MJ/hr", 0.0036)],
)
def test_power_csv_in_both_clocks_and_every_unit(
    clock: str, unit: str, factor: float, tmp_path: Path, frame: pd.DataFrame
) -> None:
    rows = samples.utc(frame, 2019) if clock == "UTC" else frame
    weather = read(tmp_path, samples.power_csv(rows, clock, unit, factor))
    same(weather, frame, ("ghi", "dni", "dhi", "temp_air", "pressure"))
    assert weather.sun_offset_minutes == 30
    assert weather.altitude_m == samples.PLACE[2]
    assert ("weather_lst" in keys(weather)) == (clock == "LST")


def test_power_json(tmp_path: Path, frame: pd.DataFrame) -> None:
    weather = read(tmp_path, samples.power_json(samples.utc(frame, 2019)), name="power.json")
    same(weather, frame, ("ghi", "dni", "dhi", "temp_air", "pressure"))
    assert weather.kind == "modelled"
    assert "MERRA-2" in weather.source


def test_reanalysis_on_the_coast_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lima = (-12.0, -77.1, 30.0)
    monkeypatch.setattr(samples, "PLACE", lima)
    frame = samples.on_year(samples.year_of(lima), 2019)
    weather = read(tmp_path, samples.power_csv(samples.utc(frame, 2019)))
    warning = next(f for f in weather.findings if f.key == "weather_reanalysis_coast")
    assert warning.level == "warning"
    assert weather.band_low == -0.25
    measured = read(tmp_path, samples.nsrdb_csv(frame, source="Measured"))
    assert measured.kind == "measured"
    assert "weather_reanalysis_coast" not in keys(measured)


# --- tables --------------------------------------------------------------------------------------------------------

ALL = {
    "GHI": lambda r: round(r.ghi, 2),
    "DNI": lambda r: round(r.dni, 2),
    "DHI": lambda r: round(r.dhi, 2),
    "AirTemp": lambda r: round(r.temp_air, 2),
    "WindSpeed10m": lambda r: round(r.wind_speed, 2),
    "SurfacePressure": lambda r: round(r.pressure / 100, 2),
}


@pytest.mark.parametrize("heading", ["PeriodEnd", "period_end"])
def test_solcast_stamps_end_their_half_hours(heading: str, tmp_path: Path, frame: pd.DataFrame) -> None:
    half = samples.utc(frame, 2019)
    times = pd.date_range("2019-01-01", "2020-01-01", freq="30min", inclusive="left", tz="UTC")
    half = half.reindex(times, method="ffill")
    text = samples.table(
        half,
        {"Period": lambda r: "PT30M", **ALL},
        lambda s: f"{s + pd.Timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}",
        heading,
    )
    weather = read(tmp_path, text, HERE)
    same(weather, frame)
    assert weather.sun_offset_minutes == 30
    assert weather.source.endswith("(Solcast)")
    assert "weather_place_taken" in keys(weather)


def test_solargis_stamps_name_the_middle(tmp_path: Path, frame: pd.DataFrame) -> None:
    preamble = (
        "#SolarGIS time series",
        "#Site name: Mina",
        f"#Latitude: {samples.PLACE[0]}",
        f"#Longitude: {samples.PLACE[1]}",
        f"#Elevation: {samples.PLACE[2]} m a.s.l.",
        "#Time reference: UTC",
    )
    names = {"DIF": "dhi", "TEMP": "temp_air", "WS": "wind_speed"}
    columns = {"GHI": ALL["GHI"], "DNI": ALL["DNI"]} | {
        n: (lambda r, c=c: round(getattr(r, c), 2)) for n, c in names.items()
    }
    columns["AP"] = ALL["SurfacePressure"]
    text = samples.table(
        samples.utc(frame, 2019), columns, lambda s: f"{s:%d.%m.%Y};{s:%H}:30", "Date;Time", preamble, ";"
    )
    weather = read(tmp_path, text)
    same(weather, frame, ("ghi", "dni", "dhi", "temp_air"))
    assert weather.sun_offset_minutes == 30
    assert weather.altitude_m == samples.PLACE[2]
    assert "weather_layout_unconfirmed" in keys(weather)


def test_meteonorm_hours_from_1_to_24(tmp_path: Path, frame: pd.DataFrame) -> None:
    names = {"G_Gh": "ghi", "G_Dh": "dhi", "G_Bn": "dni", "Ta": "temp_air", "FF": "wind_speed"}
    columns = {n: (lambda r, c=c: round(getattr(r, c), 2)) for n, c in names.items()}
    text = samples.table(
        frame, columns, lambda s: f"{s.month}\t{s.day}\t{s.hour + 1}", "m\tdm\th", ("Meteonorm 8",), "\t"
    )
    weather = read(tmp_path, text, HERE)
    same(weather, frame)
    assert weather.sun_offset_minutes == 30
    assert weather.kind == "typical"
    assert "weather_layout_unconfirmed" in keys(weather)


STATION = {
    "Radiación global (W/m2)": lambda r: round(r.ghi, 1),
    "Temperatura (°C)": lambda r: round(r.temp_air, 1),
    "Velocidad del viento (km/h)": lambda r: round(3.6 * r.wind_speed, 2),
    "Presión (hPa)": lambda r: round(r.pressure / 100, 1),
}


@pytest.mark.parametrize(("late", "hint"), [(0, ""), (1, ""), (0, "start"), (1, "end")])
def test_a_station_with_global_alone_is_split_and_says_so(
    late: int, hint: str, tmp_path: Path, frame: pd.DataFrame
) -> None:
    text = samples.table(
        frame,
        STATION,
        lambda s: f"{s + pd.Timedelta(hours=late):%d/%m/%Y %H:%M}",
        separator=";",
        decimal=",",
    )
    path = tmp_path / "estacion.txt"
    path.write_bytes(text.encode("latin-1"))
    hints = Hints(latitude=HERE.latitude, longitude=HERE.longitude, altitude_m=HERE.altitude_m, stamps=hint)  # type: ignore[arg-type]
    weather = read_weather(path, hints=hints)
    np.testing.assert_allclose(weather.frame["ghi"], frame["ghi"], atol=0.051)
    np.testing.assert_allclose(weather.frame["wind_speed"], frame["wind_speed"], atol=0.01)
    assert weather.sun_offset_minutes == 30
    split = next(f for f in weather.findings if f.key == "weather_decomposed")
    assert split.level == "warning"
    assert weather.closure_rmse_w_m2 < 0.01
    assert weather.kind == "modelled"
    assert {"weather_kind_assumed", "weather_zone_assumed"} <= keys(weather)


def test_the_split_is_that_of_erbs(tmp_path: Path, frame: pd.DataFrame) -> None:
    text = samples.table(frame, STATION, lambda s: f"{s:%Y-%m-%d %H:%M}")
    weather = read(tmp_path, text, HERE)
    position = sun(weather.index, *samples.PLACE, 30)
    theirs = irradiance.erbs(
        weather.frame["ghi"].to_numpy(), position.zenith_deg, np.asarray(weather.index.day_of_year)
    )
    noon = np.asarray(weather.index.hour == 12)
    np.testing.assert_allclose(weather.frame["dhi"][noon], theirs["dhi"][noon], rtol=1e-3, atol=0.1)


@pytest.mark.parametrize(
    ("heading", "shown"),
    [
        ("GHI (kWh/m2)", lambda r: f"{r.ghi / 1000:.6f}"),
        ("GHI [MJ/m²]", lambda r: f"{r.ghi * 0.0036:.6f}"),
        ("Global Horizontal Irradiance (W/m^2)", lambda r: f"{r.ghi:.3f}"),
        ("ghi_wm2", lambda r: f"{r.ghi:.3f}"),
        ("SlrW_Avg", lambda r: f"{r.ghi:.3f}"),
    ],
)
def test_units_in_headings_are_converted(heading: str, shown: Callable, tmp_path: Path, frame: pd.DataFrame) -> None:
    columns = {heading: shown, "Temp (K)": lambda r: f"{r.temp_air + 273.15:.2f}", "WS (m/s)": lambda r: "2.0"}
    weather = read(tmp_path, samples.table(frame, columns, lambda s: f"{s:%Y-%m-%dT%H:%M:%S}-05:00", "timestamp"), HERE)
    np.testing.assert_allclose(weather.frame["ghi"], frame["ghi"], atol=0.01)
    np.testing.assert_allclose(weather.frame["temp_air"], frame["temp_air"], atol=0.01)
    assert "weather_zone_assumed" not in keys(weather)


@pytest.mark.parametrize("factor", [1.0, 0.01, 0.001])
def test_pressure_without_a_unit_is_told_by_its_size(factor: float, tmp_path: Path, frame: pd.DataFrame) -> None:
    columns = {**STATION, "Presión (hPa)": None}
    del columns["Presión (hPa)"]
    columns["Presion"] = lambda r: f"{r.pressure * factor:.4f}"
    weather = read(tmp_path, samples.table(frame, columns, lambda s: f"{s:%Y-%m-%d %H:%M}"), HERE)
    np.testing.assert_allclose(weather.frame["pressure"], frame["pressure"], rtol=1e-4)


def test_what_a_file_lacks_stands_in_only_when_asked(tmp_path: Path, frame: pd.DataFrame) -> None:
    columns = {"GHI": STATION["Radiación global (W/m2)"]}
    text = samples.table(frame, columns, lambda s: f"{s:%Y-%m-%d %H:%M}")
    with pytest.raises(InputError) as error:
        read(tmp_path, text, HERE)
    (problem,) = error.value.problems
    assert (problem.key, problem.params["name"]) == ("weather_column_missing", "temp_air, wind_speed")
    asked = Hints(latitude=4.7, longitude=-74.15, altitude_m=2550.0, missing="climatology")
    weather = read(tmp_path, text, asked)
    assert {"weather_temp_air_stands_in", "weather_wind_speed_stands_in"} <= keys(weather)
    assert weather.frame["temp_air"].mean() == pytest.approx(frame["temp_air"].mean(), abs=1.0)
    by_hour = weather.frame["temp_air"].groupby(weather.index.hour).mean()
    assert 13 <= by_hour.idxmax() <= 15


def test_a_night_offset_of_the_sensor_is_zero_and_reported(tmp_path: Path, frame: pd.DataFrame) -> None:
    columns = {**STATION, "Radiación global (W/m2)": lambda r: r.ghi if r.ghi > 0 else -2.5}
    weather = read(tmp_path, samples.table(frame, columns, lambda s: f"{s:%Y-%m-%d %H:%M}"), HERE)
    finding = next(f for f in weather.findings if f.key == "weather_night_offset")
    assert finding.params["cells"] == int((frame["ghi"] == 0).sum())
    assert weather.irradiation_kwh_m2() == pytest.approx(frame["ghi"].sum() / 1000)


def test_units_on_a_line_of_their_own_as_loggers_write_them(tmp_path: Path, frame: pd.DataFrame) -> None:
    columns = {
        "RECORD": lambda r: 1,
        "SlrW_Avg": lambda r: round(r.ghi / 1000, 5),
        "AirTC_Avg": lambda r: round(r.temp_air, 2),
        "WS_ms_Avg": lambda r: 2.0,
    }
    lines = samples.table(
        frame, columns, lambda s: f"{s + pd.Timedelta(hours=1):%Y-%m-%d %H:%M:%S}", "TIMESTAMP"
    ).splitlines()
    lines[1:1] = ["TS,RN,kW/m^2,Deg C,m/s", ",,Avg,Avg,Avg"]
    weather = read(tmp_path, "\n".join(["TOA5,CR1000,Mina", *lines]), HERE)
    np.testing.assert_allclose(weather.frame["ghi"], frame["ghi"], atol=0.01)
    assert weather.sun_offset_minutes == 30


def test_a_workbook_of_a_station(tmp_path: Path, frame: pd.DataFrame) -> None:
    path = tmp_path / "estacion.csv"  # a workbook all the same
    book = frame.set_axis(frame.index.tz_localize(None), axis=0)[["ghi", "temp_air", "wind_speed"]]
    book = book.rename_axis("Fecha").rename(
        columns={"ghi": "GHI [W/m2]", "temp_air": "Temperatura", "wind_speed": "WS"}
    )
    with path.open("wb") as file:
        book.to_excel(file, engine="openpyxl")
    weather = read_weather(path, hints=HERE)
    same(weather, frame, ("ghi", "temp_air", "wind_speed"))


def test_twelve_months_across_new_year(tmp_path: Path) -> None:
    frame = samples.local_range(range(2021, 2023))
    part = frame.loc["2021-03-15":"2022-03-14"]
    weather = read(tmp_path, samples.table(part, STATION, lambda s: f"{s:%Y-%m-%d %H:%M}"), HERE)
    assert len(weather.frame) == 8760
    assert "weather_twelve_months" in keys(weather)
    np.testing.assert_allclose(weather.frame["ghi"][:1700], part.loc["2022"]["ghi"][:1700], atol=0.06)
    assert weather.years == (2021, 2022)


# --- what must be refused ------------------------------------------------------------------------------------------


def station_lines(frame: pd.DataFrame) -> list[str]:
    return samples.table(frame, STATION, lambda s: f"{s:%Y-%m-%d %H:%M}").splitlines()


def refused(folder: Path, lines: list[str], hints: Hints = HERE) -> tuple:
    path = folder / "clima.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_weather(path, hints=hints)
    for problem in error.value.problems:
        for language in LANGUAGES:
            assert "{" not in problem_text(problem, language, "PE")
    assert len(error.value.problems) <= 20
    return error.value.problems


def test_a_missing_hour_is_named_and_filled_only_when_asked(tmp_path: Path, frame: pd.DataFrame) -> None:
    lines = station_lines(frame)
    (problem,) = refused(tmp_path, lines[:4000] + lines[4001:])
    assert problem.key == "weather_hours_missing"
    assert (problem.value, problem.params["longest_hours"]) == ("1", 1)
    assert problem.params["first"] == "2023-06-16 15:00"
    (problem,) = refused(tmp_path, lines[:-1])
    assert (problem.key, problem.value) == ("weather_hours_missing", "1")
    filled = read(
        tmp_path,
        "\n".join(lines[:4000] + lines[4001:]),
        Hints(latitude=4.7, longitude=-74.15, altitude_m=2550.0, gaps="fill"),
    )
    note = next(f for f in filled.findings if f.key == "weather_gaps_filled")
    assert note.params["hours"] == 1
    day_before, day_after = frame["ghi"].iloc[3999 - 24], frame["ghi"].iloc[3999 + 24]
    assert filled.frame["ghi"].iloc[3999] == pytest.approx((day_before + day_after) / 2, abs=0.06)


@pytest.mark.parametrize("mark", ["", "NaN", "-999", "NA"])
def test_marked_gaps_are_named_by_line(mark: str, tmp_path: Path, frame: pd.DataFrame) -> None:
    lines = station_lines(frame)
    row = lines[4000].split(",")
    row[1] = mark
    lines[4000] = ",".join(row)
    (problem,) = refused(tmp_path, lines)
    assert (problem.key, problem.line, problem.value) == ("weather_value_missing", 4001, mark)


def test_power_gaps_of_minus_999_are_no_irradiance(tmp_path: Path, frame: pd.DataFrame) -> None:
    rows = samples.utc(frame, 2019)
    rows.iloc[100:150, :3] = -999.0
    lines = samples.power_csv(rows).splitlines()
    assert {p.key for p in refused(tmp_path, lines)} == {"weather_value_missing"}
    weather = read(tmp_path, "\n".join(lines), Hints(gaps="fill"))
    assert weather.frame["ghi"].min() >= 0.0
    rows.iloc[1000:3000, :3] = -999.0
    (problem,) = refused(tmp_path, samples.power_csv(rows).splitlines(), Hints(gaps="fill"))
    assert problem.key == "weather_gaps_too_long"


def test_rows_out_of_order_or_double(tmp_path: Path, frame: pd.DataFrame) -> None:
    lines = station_lines(frame)
    swapped = [*lines[:500], lines[501], lines[500], *lines[502:]]
    (problem,) = refused(tmp_path, swapped)
    assert (problem.key, problem.line) == ("weather_stamp_back", 502)
    doubled = [*lines[:500], lines[499], *lines[500:]]
    (problem,) = refused(tmp_path, doubled)
    assert (problem.key, problem.line, problem.value) == ("weather_stamp_double", 501, "2019-01-21 18:00:00")


def test_wrong_units_and_words(tmp_path: Path, frame: pd.DataFrame) -> None:
    kilo = samples.table(frame, {**STATION, "Radiación global (W/m2)": lambda r: r.ghi / 1000}, lambda s: f"{s}"[:16])
    assert refused(tmp_path, kilo.splitlines())[0].key == "weather_unit_suspect"
    lines = station_lines(frame)
    assert refused(tmp_path, [lines[0].replace("W/m2", "Suns"), *lines[1:]])[0].key == "weather_unit_unknown"
    bad = list(lines)
    bad[77] = bad[77].replace(",", ",12O.5,", 1).rsplit(",", 1)[0]
    (problem,) = [p for p in refused(tmp_path, bad) if p.key == "weather_not_a_number"]
    assert (problem.line, problem.value) == (78, "12O.5")
    hot = list(lines)
    hot[90] = ",".join([hot[90].split(",")[0], "1900", *hot[90].split(",")[2:]])
    (problem,) = refused(tmp_path, hot)
    assert (problem.key, problem.line, problem.value) == ("weather_value_impossible", 91, "1900")
    no_date = [lines[0], lines[1].replace("2019-01-01", "2019-13-01"), *lines[2:]]
    (problem,) = refused(tmp_path, no_date)
    assert (problem.key, problem.line) == ("weather_stamp", 2)


@pytest.mark.parametrize(
    ("hints", "key"),
    [
        (Hints(), "weather_place_missing"),
        (Hints(latitude=4.7, longitude=74.15, altitude_m=2550.0), "weather_sun_mismatch"),
        (Hints(latitude=4.7, longitude=-74.15, altitude_m=2550.0, utc_offset_hours=0.0), "weather_sun_mismatch"),
    ],
)
def test_places_and_zones_that_do_not_fit(hints: Hints, key: str, tmp_path: Path, frame: pd.DataFrame) -> None:
    assert refused(tmp_path, station_lines(frame), hints)[0].key == key


def test_files_cut_off_or_of_another_kind(tmp_path: Path, frame: pd.DataFrame) -> None:
    lines = station_lines(frame)
    assert refused(tmp_path, lines[:4000])[0].key == "weather_too_short"
    assert refused(tmp_path, lines[:1])[0].key == "weather_truncated"
    assert refused(tmp_path, ["Latitude (decimal degrees): 4.7", "Longitude"])[0].key == "weather_truncated"
    assert refused(tmp_path, ["-BEGIN HEADER-", "NASA/POWER"])[0].key == "weather_truncated"
    assert refused(tmp_path, ['{"inputs": {"meteo_data": {'])[0].key == "weather_json"
    assert refused(tmp_path, ["fecha,temperatura", "2019-01-01,20"])[0].key == "weather_no_irradiance"
    assert refused(tmp_path, ["ghi,temp", "1,20"])[0].key == "weather_no_stamps"
    three = [lines[0], *lines[1::3]]
    assert refused(tmp_path, three)[0].key == "weather_step"
    assert refused(tmp_path, ["<html><body>login</body></html>"])[0].key == "weather_not_recognised"
    cut = samples.pvgis_csv(samples.utc(frame, 2019)).splitlines()
    assert refused(tmp_path, [*cut[:5000], cut[5000][:20]])[0].key == "weather_columns_missing"


def test_stamps_that_the_light_contradicts_are_doubted(tmp_path: Path, frame: pd.DataFrame) -> None:
    wrong = samples.nsrdb_csv(frame, minute=0)
    weather = read(tmp_path, wrong)
    doubt = next(f for f in weather.findings if f.key == "weather_offset_disagrees")
    assert (doubt.params["stated_minutes"], doubt.params["best_minutes"]) == (0, 30)
