"""Meters: the real file, and what stamps, marks, units and headings of plain tables mean."""

import io
from datetime import datetime, timedelta

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mine_energy.errors import InputError
from mine_energy.io.meters import READERS, read_meter
from mine_energy.messages import LANGUAGES, finding_text


def read(folder, text, name="m.csv", **more):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_meter(path, **more)


def stamps(count, step=15, first="2025-03-01 00:00", form="%Y-%m-%d %H:%M"):
    start = datetime.fromisoformat(first)
    return [(start + timedelta(minutes=step * i)).strftime(form) for i in range(count)]


def table(head, times, values, sep=";"):
    return "\n".join([head, *(f"{t}{sep}{v}" for t, v in zip(times, values, strict=True))]) + "\n"


def wave(count):
    return [round(10 + 5 * np.sin(i / 7), 3) for i in range(count)]


def keys(load):
    return {finding.key for finding in load.findings}


def problem_keys(folder, text, **more):
    with pytest.raises(InputError) as raised:
        read(folder, text, **more)
    return [p.key for p in raised.value.problems]


def test_the_steel_works_file(shared_file):
    # UCI "Steel Industry Energy Consumption" (V. E. Sathishkumar et al.): totals recomputed from the file's own column.
    load = read_meter(shared_file("loads/Steel_industry_data.csv"))
    assert load.energy_kwh == pytest.approx(959_636.71, abs=0.005)
    assert load.peak_kw == pytest.approx(628.72, abs=1e-9)
    assert load.load_factor == pytest.approx(0.1742, abs=5e-5)
    assert load.step_minutes == 15
    assert len(load.load_kw) == 35_040
    assert str(load.load_kw.index[0]) == "2018-01-01 00:00:00-05:00"
    assert str(load.load_kw.index[-1]) == "2018-12-31 23:45:00-05:00"
    assert load.hourly().sum() == pytest.approx(load.energy_kwh)
    # Power factor of the year from energies; the lagging kvarh column, whose name says power, holds energies.
    kvarh = float(load.reactive_kvar.sum()) * load.step_hours
    excess = np.maximum(load.reactive_kvar.resample("h").mean() - 0.5 * load.hourly(), 0).sum()
    assert load.energy_kwh / np.hypot(load.energy_kwh, kvarh) == pytest.approx(0.9029, abs=5e-5)
    assert excess == pytest.approx(75_613, abs=0.5)
    assert keys(load) >= {"meter_stamps_end", "meter_midnights_moved", "meter_naive_stamps", "meter_zero_run"}
    for finding in load.findings:
        for language in LANGUAGES:
            assert finding_text(finding, language)


@pytest.mark.parametrize(
    ("heading", "factor"),
    [
        ("Energía activa [kWh]", 4),
        ("Active energy (kWh)", 4),
        ("kWh", 4),
        ("kWhD", 4),
        ("Usage_kWh", 4),
        ("Consumo (Wh)", 0.004),
        ("Energía (MWh)", 4000),
        ("kWh (15 min)", 4),
        ("Potencia activa [kW]", 1),
        ("Demand kW", 1),
        ("P.Activa III T (kW)", 1),
        ("Power W", 0.001),
        ("Potencia activa (kWh)", 4),
    ],
)
def test_the_unit_tells_power_from_energy(tmp_path, heading, factor):
    load = read(tmp_path, table(f"Fecha y hora;{heading}", stamps(96), wave(96)))
    np.testing.assert_allclose(load.load_kw, np.array(wave(96)) * factor)


def test_a_units_row_and_a_unit_that_a_person_gives(tmp_path):
    head = "Timestamp;Active energy\n;kWh"
    assert read(tmp_path, table(head, stamps(96), wave(96))).load_kw.iloc[0] == pytest.approx(40)
    bare = table("Timestamp;Active energy", stamps(96), wave(96))
    assert read(tmp_path, bare, unit="kW").load_kw.iloc[0] == pytest.approx(10)
    with pytest.raises(TypeError):
        read(tmp_path, bare, units="kW")


FORMS = [
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S.000",
    "%d/%m/%y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%Y%m%d%H%M",
    "%Y-%m-%d %H:%M-05:00",
    "%d-%b-%Y %H:%M",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("first", ["2025-03-01 00:00", "2024-02-27 00:00", "2025-12-28 00:00"])
def test_dates_in_any_form_over_ten_days(tmp_path, form, first):
    load = read(tmp_path, table("Fecha;kW", stamps(960, first=first, form=form), wave(960)))
    assert load.load_kw.index[0].isoformat() == first.replace(" ", "T") + ":00-05:00"
    assert len(load.load_kw) == 960


def test_spanish_month_names_and_half_days(tmp_path):
    times = [
        f"{d}-{m}-2025 {h % 12 or 12}:00 {'a. m.' if h < 12 else 'p. m.'}"
        for d, m in ((31, "ago"), (1, "set"))
        for h in range(24)
    ]
    load = read(tmp_path, table("Fecha;kW", times, wave(48)))
    assert str(load.load_kw.index[24]) == "2025-09-01 00:00:00-05:00"


def test_offsets_are_kept_and_moved_to_local_time(tmp_path):
    times = [f"{t}Z" for t in stamps(96, first="2025-03-01 05:00", form="%Y-%m-%dT%H:%M")]
    load = read(tmp_path, table("Fecha;kW", times, wave(96)), stamps="start")
    assert str(load.load_kw.index[0]) == "2025-03-01 00:00:00-05:00"
    assert "meter_naive_stamps" not in keys(load)


@pytest.mark.parametrize("date_head", ["Fecha", "Date", "Día"])
def test_date_and_time_in_two_columns(tmp_path, date_head):
    rows = [f"{t[:10]};{t[11:]};{v}" for t, v in zip(stamps(96), wave(96), strict=True)]
    load = read(tmp_path, "\n".join([f"{date_head};Hora;kW", *rows]))
    assert len(load.load_kw) == 96
    assert str(load.load_kw.index[1]) == "2025-03-01 00:15:00-05:00"


def test_hours_numbered_one_to_twenty_four_end_their_hour(tmp_path):
    rows = [f"{d:02d}/01/2025;{h};{h}" for d in range(1, 20) for h in range(1, 25)]
    load = read(tmp_path, "\n".join(["Fecha;Hora;kWh", *rows]))
    assert str(load.load_kw.index[0]) == "2025-01-01 00:00:00-05:00"
    assert load.load_kw.iloc[23] == 24


def end_stamps(count=96 * 3):
    return stamps(count, first="2025-03-01 00:15")


@pytest.mark.parametrize(
    "times",
    [
        end_stamps(),
        [t.replace("00:00", "24:00") if t.endswith("00:00") else t for t in end_stamps()],
        [
            (datetime.fromisoformat(t) - timedelta(days=1)).strftime("%Y-%m-%d %H:%M") if t.endswith("00:00") else t
            for t in end_stamps()
        ],
    ],
    ids=["midnight of the next day", "24:00", "midnight of the ending day"],
)
def test_stamps_that_end_their_interval(tmp_path, times):
    if any("24:00" in t for t in times):
        times = [
            (datetime.fromisoformat(t[:10]) - timedelta(days=1)).strftime("%Y-%m-%d") + " 24:00" if "24:00" in t else t
            for t in times
        ]
    load = read(tmp_path, table("Fecha y hora;kW", times, wave(288)))
    assert str(load.load_kw.index[0]) == "2025-03-01 00:00:00-05:00"
    assert "meter_stamps_end" in keys(load)


def test_a_record_that_starts_with_a_midnight_of_the_ending_day(tmp_path):
    times = [
        "2025-03-01 00:00",
        *stamps(95, first="2025-03-02 00:15"),
        "2025-03-02 00:00",
        *stamps(95, first="2025-03-03 00:15"),
    ]
    load = read(tmp_path, table("Fecha y hora;kW", times, wave(192)))
    assert str(load.load_kw.index[0]) == "2025-03-01 23:45:00-05:00"


@pytest.mark.parametrize(
    ("head", "first"),
    [
        ("Inicio del intervalo;kW", "2025-03-01 09:15:00-05:00"),
        ("Interval end;kW", "2025-03-01 09:00:00-05:00"),
    ],
)
def test_headings_that_name_the_edge(tmp_path, head, first):
    load = read(tmp_path, table(head, stamps(40, first="2025-03-01 09:15"), wave(40)))
    assert str(load.load_kw.index[0]) == first


def test_a_person_may_say_what_the_file_does_not(tmp_path):
    part = table("Fecha y hora;kW", stamps(40, first="2025-03-01 09:15"), wave(40))
    assert problem_keys(tmp_path, part) == ["label_undecidable"]
    assert str(read(tmp_path, part, stamps="end").load_kw.index[0]) == "2025-03-01 09:00:00-05:00"
    day = table("Fecha y hora;kW", stamps(96, first="2025-02-01 00:00", form="%d/%m/%Y %H:%M"), wave(96))
    assert problem_keys(tmp_path, day) == ["date_order_undecidable"]
    assert read(tmp_path, day, date_order="dmy").load_kw.index[0].month == 2
    assert read(tmp_path, day, date_order="mdy").load_kw.index[0].month == 1
    marks = table("Fecha y hora;kW", stamps(96), ["1,234"] * 96)
    assert problem_keys(tmp_path, marks) == ["decimal_undecidable"]
    assert read(tmp_path, marks, decimal=",").load_kw.iloc[0] == 1.234


def test_any_step_that_divides_an_hour(tmp_path):
    for step in (1, 5, 10, 12, 15, 20, 30, 60):
        count = 24 * 60 // step
        load = read(tmp_path, table("Fecha y hora;kWh", stamps(count, step), ["1"] * count))
        assert load.step_minutes == step
        assert load.energy_kwh == pytest.approx(count)


def test_reactive_and_columns_that_play_no_part(tmp_path):
    head = "Fecha y hora;kWhD;kWhR;kVarhD;kVarhPenalized;Factor de potencia;Demanda máxima (kW);Voltaje"
    rows = [f"{t};10;0;4;0;0.92;80;440" for t in stamps(96)]
    load = read(tmp_path, "\n".join([head, *rows]))
    assert load.reactive_kvar.iloc[0] == 16
    (unused,) = [f for f in load.findings if f.key == "unused_columns"]
    assert unused.params["columns"] == "kWhR, kVarhPenalized, Factor de potencia, Demanda máxima (kW), Voltaje"


def test_energy_wins_over_power_and_reactive_may_lack(tmp_path):
    rows = [f"{t};40;10" for t in stamps(96)]
    load = read(tmp_path, "\n".join(["Fecha y hora;kW;kWh", *rows]))
    assert load.load_kw.iloc[0] == 40
    assert load.reactive_kvar is None
    assert "meter_no_reactive" in keys(load)


def test_a_workbook_with_dates_and_a_workbook_with_two_columns(tmp_path):
    made = openpyxl.Workbook()
    made.active.append(["Fecha y hora", "Energía activa [kWh]"])
    for t, v in zip(stamps(48, 60), wave(48), strict=True):
        made.active.append([datetime.fromisoformat(t), v])
    split = made.create_sheet("Dos")
    split.append(["Fecha", "Hora", "kW"])
    for t, v in zip(stamps(48, 60), wave(48), strict=True):
        moment = datetime.fromisoformat(t)
        split.append([moment.date(), moment.time(), v])
    stream = io.BytesIO()
    made.save(stream)
    first = read(tmp_path, stream.getvalue(), "m.xlsx")
    second = read(tmp_path, stream.getvalue(), "m.xlsx", sheet="Dos")
    assert first.load_kw.tolist() == second.load_kw.tolist() == wave(48)
    assert first.load_kw.index.equals(second.load_kw.index)


def test_the_longest_run_of_zeros_is_told_with_its_start(tmp_path):
    values = ["5"] * 20 + ["0"] * 100 + ["5"] * 60 + ["0"] * 12
    load = read(tmp_path, table("Fecha y hora;kW", stamps(192), values))
    (run,) = [f for f in load.findings if f.key == "meter_zero_run"]
    assert (run.params["count"], run.params["hours"], run.params["start"]) == (112, "25", "2025-03-01 05:00")
    assert run.level == "warning"


def test_a_rising_plant_is_no_register(tmp_path):
    values = [*range(1, 40), 38, *range(40, 96)]
    assert read(tmp_path, table("Fecha y hora;kWh", stamps(96), values)).energy_kwh == sum(values)


def test_only_twenty_problems_of_a_kind_are_listed(tmp_path):
    text = table("Fecha y hora;kW", stamps(96), ["-1"] * 96)
    with pytest.raises(InputError) as raised:
        read(tmp_path, text)
    assert [p.key for p in raised.value.problems] == ["value_negative"] * 20 + ["and_more"]
    assert raised.value.problems[-1].params == {"count": 76, "total": 96}


def test_every_reader_says_where_its_layout_was_seen():
    for reader in READERS.values():
        assert reader.layout in {"confirmed", "unconfirmed"}
        assert reader.source


HEADS = {
    "time": ["Fecha y hora", "Date and time", "timestamp", "FECHA", "Local Time Stamp"],
    "kwh": ["Energía activa [kWh]", "Consumption (kWh)", "kWh"],
    "kvarh": ["Energía reactiva [kvarh]", "kVArh", "Reactive energy (kvarh)"],
    "note": ["Observación", "Note", "Tarifa"],
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_a_file_means_survives_its_form(tmp_path, data):
    """Order and language of columns, encoding, separator, marks, date form and preamble leave every value as it is."""
    order = data.draw(st.permutations(list(HEADS)))
    names = {key: data.draw(st.sampled_from(HEADS[key])) for key in HEADS}
    separator = data.draw(st.sampled_from([";", "\t", "|", ","]))
    decimal = data.draw(st.sampled_from([".", ","]))
    form = data.draw(st.sampled_from(FORMS[:-1]))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    preamble = data.draw(st.sampled_from(["", "Equipo: ABC\n", "Planta\n\nserie 12\n"]))
    kwh = [round(1234.5 + i / 8, 2) for i in range(480)]
    columns = {
        "time": stamps(480, first="2025-03-09 00:00", form=form),
        "kwh": [f"{v:.2f}".replace(".", decimal) for v in kwh],
        "kvarh": [f"{v / 2:.4f}".replace(".", decimal) for v in kwh[::-1]],
        "note": [""] * 480,
    }
    # A counter is told by values that never fall.
    columns["kwh"][7], kwh[7] = f"{5.25:.2f}".replace(".", decimal), 5.25
    lines = [separator.join(names[k] for k in order)]
    lines += [separator.join(f'"{columns[k][i]}"' for k in order) for i in range(480)]
    load = read(tmp_path, (preamble + "\n".join(lines)).encode(encoding))
    assert load.energy_kwh == pytest.approx(sum(kwh), rel=1e-12)
    assert str(load.load_kw.index[0]) == "2025-03-09 00:00:00-05:00"
    assert float(load.reactive_kvar.iloc[-1]) == pytest.approx(round((1234.5) / 2, 4) * 4)


# Hints: each is used only where the file is silent, and reported


def test_every_hint_that_was_used_is_told(tmp_path):
    bare = table("Timestamp;Active energy", stamps(96), wave(96))
    load = read(tmp_path, bare, unit="kWh", stamps="start", date_order="dmy", quantity="energy")
    told = {f.params["hint"]: f.params["value"] for f in load.findings if f.key == "meter_hint_used"}
    assert told == {"unit": "kWh", "stamps": "start", "date_order": "dmy", "quantity": "energy"}
    assert {f.level for f in load.findings if f.key == "meter_hint_used"} == {"assumption"}


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        ("unit", "BTU"),
        ("quantity", "work"),
        ("stamps", "middle"),
        ("decimal", ";"),
        ("ct_ratio", 0),
        ("vt_ratio", -1.0),
    ],
)
def test_a_hint_that_means_nothing_is_refused(tmp_path, hint, value):
    with pytest.raises(InputError) as raised:
        read(tmp_path, table("Fecha;kWh", stamps(96), wave(96)), **{hint: value})
    assert [(p.key, p.field, p.value) for p in raised.value.problems] == [("meter_hint", hint, str(value))]


def test_a_unit_that_contradicts_the_heading_is_refused(tmp_path):
    text = table("Fecha;Energía [kWh]", stamps(96), wave(96))
    assert problem_keys(tmp_path, text, unit="kW") == ["unit_conflict"]
    assert read(tmp_path, text, unit="kWh").energy_kwh == pytest.approx(sum(wave(96)))


def test_transformer_ratios_multiply_only_when_told(tmp_path):
    rows = [f"{t};{v};{v / 2}" for t, v in zip(stamps(96), wave(96), strict=True)]
    text = "\n".join(["Fecha;kWh;kvarh;CT ratio", *rows])
    assert read(tmp_path, text).energy_kwh == pytest.approx(sum(wave(96)))
    load = read(tmp_path, text, ct_ratio=40, vt_ratio=60)
    assert load.energy_kwh == pytest.approx(2400 * sum(wave(96)))
    assert float(load.reactive_kvar.iloc[0]) == pytest.approx(2400 * wave(1)[0] / 2 * 4)
    (told,) = [f for f in load.findings if f.key == "meter_ratio_applied"]
    assert told.params == {"ct": "40", "vt": "60", "ratio": "2400"}


# Registers


def register(values, start, head="Fecha y hora;Lectura acumulada [kWh]", full=None):
    readings = [start]
    for value in values:
        readings.append(round((readings[-1] + value) % full if full else readings[-1] + value, 3))
    return table(head, stamps(len(readings)), [f"{value:.3f}" for value in readings])


def test_a_register_by_name_gives_its_steps(tmp_path):
    load = read(tmp_path, register(wave(96), 52_340.5))
    np.testing.assert_allclose(load.load_kw, np.array(wave(96)) * 4, atol=1e-6)
    assert str(load.load_kw.index[0]) == "2025-03-01 00:00:00-05:00"
    assert "meter_register_steps" in keys(load)


def test_a_register_in_the_middle_of_the_day_needs_no_edge(tmp_path):
    values = [f"{100 + i / 4:.2f}" for i in range(30)]
    load = read(tmp_path, table("Fecha y hora;Lectura [kWh]", stamps(30, first="2025-03-01 09:05"), values))
    assert load.energy_kwh == pytest.approx(29 / 4)
    assert str(load.load_kw.index[0]) == "2025-03-01 09:05:00-05:00"


@pytest.mark.parametrize("full", [10_000, 100_000])
def test_a_register_that_rolls_over_loses_nothing(tmp_path, full):
    load = read(tmp_path, register(wave(96), full - 200, full=full))
    assert load.energy_kwh == pytest.approx(sum(wave(96)))
    (told,) = [f for f in load.findings if f.key == "meter_register_rolled"]
    assert told.level == "warning"
    assert told.params["line"] > 2


def test_a_register_set_to_zero_is_refused_at_its_line(tmp_path):
    text = register(wave(96), 52_340.5).replace("52640", "40", 1)
    assert set(problem_keys(tmp_path, text)) <= {"meter_register_fell"}


def test_a_person_tells_a_register_from_a_rising_plant(tmp_path):
    text = table("Fecha y hora;kWh", stamps(96), [f"{100 + 2.5 * i:.1f}" for i in range(96)])
    with pytest.raises(InputError) as raised:
        read(tmp_path, text)
    (problem,) = raised.value.problems
    assert (problem.key, problem.line, problem.params) == (
        "cumulative_register",
        2,
        {"first": "21000", "second": "237.5"},
    )
    assert read(tmp_path, text, quantity="register").energy_kwh == pytest.approx(237.5)
    assert read(tmp_path, text, quantity="energy").energy_kwh == pytest.approx(21_000)


def test_gaps_stay_open_and_marked_when_asked(tmp_path):
    rows = table("Fecha y hora;kWh", stamps(96), ["2"] * 96).splitlines()
    load = read(tmp_path, "\n".join(rows[:41] + rows[44:]), gaps="mark")
    assert len(load.load_kw) == 96
    assert load.load_kw.isna().sum() == 3
    assert load.load_kw.dropna().sum() / 4 == pytest.approx(93 * 2)
    (told,) = [f for f in load.findings if f.key == "meter_gap_marked"]
    assert (told.params["missing"], told.params["line"]) == (3, 42)


def test_one_supply_of_several(tmp_path):
    rows = [f"{m};{t};{v}" for m, v in (("A1", 2), ("B2", 5)) for t in stamps(96)]
    text = "\n".join(["Medidor;Fecha y hora;kWh", *rows])
    assert problem_keys(tmp_path, text) == ["meter_many_supplies"]
    assert read(tmp_path, text, supply="b2").energy_kwh == pytest.approx(480)
    assert problem_keys(tmp_path, text, supply="C3") == ["meter_supply_unknown"]


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ("Potencia activa fase L1 [kW];Potencia activa total [kW];Potencia activa máx [kW]", 7),
        ("Active power min kW;Active power avg kW;Active power max kW", 7),
        ("kWh received;kWh delivered;kWh peak", 28),
        ("Energía reactiva capacitiva [kvarh];Energía activa [kWh];kVAh", 28),
        ("Lectura acumulada [kWh];Potencia activa [kW];Potencia aparente [kVA]", 7),
    ],
)
def test_the_plants_own_column_is_chosen_among_others(tmp_path, head, value):
    rows = [f"{t};3;7;9" for t in stamps(96)]
    assert read(tmp_path, "\n".join([f"Fecha y hora;{head}", *rows])).load_kw.iloc[0] == value


def test_a_clock_of_four_digits(tmp_path):
    rows = [f"{t[:10]};{t[11:13]}{t[14:]};1" for t in stamps(96)]
    assert len(read(tmp_path, "\n".join(["Fecha;Hora;kWh", *rows])).load_kw) == 96


def test_a_reactive_column_without_a_single_value_is_none(tmp_path):
    rows = [f"{t};1;" for t in stamps(96)]
    load = read(tmp_path, "\n".join(["Fecha;kWh;kvarh", *rows]))
    assert load.reactive_kvar is None
    assert "meter_no_reactive" in keys(load)


@pytest.mark.parametrize(
    ("names", "factor"),
    [
        ([f"HORA {h:02d}" for h in range(1, 25)], 1),
        ([f"H{h}" for h in range(24)], 1),
        ([f"{h:02d}:00" for h in range(24)], 1),
        ([f"Hora {h} [MWh]" for h in range(1, 25)], 1000),
        ([f"Hour {h} (kW)" for h in range(1, 25)], 1),
        ([f"Periodo {h}" for h in range(1, 25)], 1),
    ],
)
def test_hourly_matrices_by_any_name_of_their_hours(tmp_path, names, factor):
    rows = [f"{d:02d}/03/2025;" + ";".join(f"{10 * d + h + 0.5}" for h in range(24)) for d in range(11, 25)]
    load = read(tmp_path, "\n".join([f"Fecha;{';'.join(names)}", *rows]))
    assert load.load_kw.iloc[0] == pytest.approx(110.5 * factor)
    assert load.load_kw.iloc[25] == pytest.approx(121.5 * factor)
    assert str(load.load_kw.index[0]) == "2025-03-11 00:00:00-05:00"
    assert "meter_layout_unconfirmed" in keys(load)


# Marks that a column's own values leave open


OPEN = [f"{v:.3f}" for v in np.linspace(20.1, 29.9, 48).tolist() + np.linspace(29.8, 20.2, 48).tolist()]


@pytest.mark.parametrize(("country", "kwh"), [("PE", 1.0), ("CO", 1000.0)])
def test_a_country_that_a_person_names_decides_an_open_mark_and_says_so(tmp_path, country, kwh):
    text = table("Fecha;kWh", stamps(96), OPEN)
    assert problem_keys(tmp_path, text) == ["decimal_undecidable"]
    load = read(tmp_path, text, country=country)
    assert load.energy_kwh == pytest.approx(sum(map(float, OPEN)) * kwh)
    (told,) = [f for f in load.findings if f.key == "meter_mark_assumed"]
    assert (told.level, told.params["line"], told.params["value"]) == ("warning", 2, "20.100")
    assert {told.params["taken"], told.params["other"]} == {"20.1", "20100"}


def test_the_other_columns_of_a_machine_decide_an_open_mark_and_contradictions_do_not(tmp_path):
    def text(volts):
        return "\n".join(["Fecha;V;kWh", *(f"{t};{volts};{v}" for t, v in zip(stamps(96), OPEN, strict=True))])

    load = read(tmp_path, text("440.5"))
    assert load.energy_kwh == pytest.approx(sum(map(float, OPEN)))
    assert "meter_mark_assumed" in keys(load)
    assert "decimal_undecidable" in problem_keys(tmp_path, text("440.5"), country="CO")
    assert "decimal_undecidable" in problem_keys(tmp_path, text("440"))


def test_leading_power_is_told_and_not_lagging(tmp_path):
    rows = [f"{t};10;{4 if i % 2 else -4}" for i, t in enumerate(stamps(96))]
    load = read(tmp_path, "\n".join(["Fecha;kW;kvar", *rows]))
    assert load.reactive_kvar.iloc[:2].tolist() == [0, 4]
    (told,) = [f for f in load.findings if f.key == "meter_reactive_leading"]
    assert (told.params["count"], told.params["line"]) == (48, 2)
    assert "value_negative" in problem_keys(tmp_path, "\n".join(["Fecha;kW;kvarh", *rows]))
