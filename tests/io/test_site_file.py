"""Site files: what is read, where problems are, and all inputs of a site together."""

import hashlib

import pytest

from mine_energy.errors import InputError, MissingData
from mine_energy.io.site_file import read_inputs, read_site
from mine_energy.messages import problem_text

SITE = """# comment
[site]
name = "Planta"
country = "CO"
latitude = 2.98
longitude = -76.65
altitude_m = 1286
workdays_per_month = 26

[[site.shifts]]
start = 06:00:00
end = 14:00:00

[[site.shifts]]
start = 22:00:00
end = 06:00:00

[connection]
kind = "grid"
tariff = "co_ceo_n2_2025_estimate"

[emissions]
activity_year = 2024
"""
MOTORS = "Tag;Power [kW];Hours per day\nM1;5;3\n"
DAY = "Fecha y hora;Potencia activa [kW]\n" + "".join(f"2025-03-01 {h:02d}:00;{h}\n" for h in range(24))


def write(folder, text=SITE, **files):
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    path = folder / "sitio.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def refused(path, read=read_site):
    with pytest.raises(InputError) as raised:
        read(path)
    return raised.value.problems


def test_a_site_reads_with_a_byte_order_mark_and_windows_lines(tmp_path):
    site = read_site(write(tmp_path, b"\xef\xbb\xbf" + SITE.replace("\n", "\r\n").encode("utf-8")))
    assert site.site.shifts[1].end.hour == 6
    assert site.connection.tariff == "co_ceo_n2_2025_estimate"


def test_shifts_that_touch_or_fill_the_day_do_not_overlap(tmp_path):
    assert len(read_site(write(tmp_path)).site.shifts) == 2
    whole = SITE.replace("start = 22:00:00\nend = 06:00:00", "start = 14:00:00\nend = 06:00:00")
    assert read_site(write(tmp_path, whole))
    one = SITE.replace("[[site.shifts]]\nstart = 22:00:00\nend = 06:00:00\n", "").replace(
        "end = 14:00:00", "end = 06:00:00"
    )
    assert read_site(write(tmp_path, one))


@pytest.mark.parametrize(
    ("old", "new", "field", "line"),
    [
        ("1286", '"alto"', "site.altitude_m", 7),
        ("end = 06:00:00", 'end = "tarde"', "site.shifts.2.end", 16),
        ("altitude_m", "altitude", "site.altitude", 7),
        ("[emissions]\nactivity_year = 2024", "", "emissions", None),
        ('kind = "grid"', "", "connection.kind", 18),
    ],
)
def test_a_problem_names_key_and_line(tmp_path, old, new, field, line):
    found = {p.field: p.line for p in refused(write(tmp_path, SITE.replace(old, new)))}
    assert found[field] == line


def test_the_file_is_named_as_it_was_given(tmp_path, monkeypatch):
    write(tmp_path, SITE.replace("1286", "9000"))
    monkeypatch.chdir(tmp_path.parent)
    (problem,) = refused(f"{tmp_path.name}/sitio.toml")
    assert problem.file == f"{tmp_path.name}/sitio.toml"
    assert "6000" in problem_text(problem, "es", "CO")


def test_a_suggested_key_and_the_words_a_field_takes(tmp_path):
    (problem,) = refused(write(tmp_path, SITE.replace('"grid"', '"red"')))
    assert problem.params["accepted"] == "grid, offgrid"
    (problem,) = refused(write(tmp_path, SITE + "[array]\ntilt = 10\n"))
    assert problem.params["suggestion"] == "array.tilt_deg"


def test_coordinates_between_quotation_marks_are_checked_too(tmp_path):
    text = SITE.replace("2.98", '"-76.65"').replace("longitude = -76.65", 'longitude = "2.98"')
    assert [p.key for p in refused(write(tmp_path, text))] == ["coordinates_swapped"]


def test_a_named_place_is_checked_like_the_plant(tmp_path):
    text = SITE + '\n[[site.places]]\nname = "Mina"\nlatitude = -76.66\nlongitude = 2.97\n'
    (problem,) = refused(write(tmp_path, text))
    assert (problem.key, problem.field) == ("coordinates_swapped", "site.places.1.latitude")


def test_all_inputs_are_read_with_their_hashes(tmp_path):
    text = SITE + '[inventory]\nfile = "motores.csv"\n[load]\nfile = "medidor.csv"\n'
    path = write(tmp_path, text, motores__csv=MOTORS, medidor__csv=DAY)
    inputs = read_inputs(path)
    assert [f.name for f in inputs.files] == ["sitio.toml", "motores.csv", "medidor.csv"]
    assert inputs.files[1].sha256 == hashlib.sha256(MOTORS.encode()).hexdigest()
    assert inputs.inventory.motors[0].tag == "M1"
    assert inputs.inventory.file == "motores.csv"
    assert inputs.load.energy_kwh == pytest.approx(276)
    assert inputs.load.label == "medidor.csv"
    assert inputs.weather is None
    assert inputs.tariff.country == "CO"
    assert {f.key for f in inputs.findings} >= {"meter_naive_stamps", "meter_no_reactive"}


def test_a_backslash_is_a_folder(tmp_path):
    (tmp_path / "datos").mkdir()
    (tmp_path / "datos" / "m.csv").write_text(MOTORS, encoding="utf-8")
    path = write(tmp_path, SITE + "[inventory]\nfile = 'datos\\m.csv'\n")
    assert read_inputs(path).files[1].name == "datos\\m.csv"


def test_problems_of_all_files_come_in_one_list(tmp_path):
    text = SITE.replace("1286", "9000") + '[inventory]\nfile = "motores.csv"\n[load]\nfile = "medidor.csv"\n'
    text += '[weather]\nfile = "no.epw"\n'
    bad = DAY.replace("05:00;5", "05:00;-5")
    problems = refused(write(tmp_path, text, motores__csv=MOTORS + "M1;0;3\n", medidor__csv=bad), read_inputs)
    assert [(p.file.rpartition("/")[2], p.key) for p in problems] == [
        ("sitio.toml", "must_be_at_most"),
        ("sitio.toml", "file_not_found"),
        ("motores.csv", "tag_twice"),
        ("motores.csv", "must_be_over"),
        ("medidor.csv", "value_negative"),
    ]


def test_a_scaled_load_has_the_annual_energy_asked_for_and_says_so(tmp_path):
    year = "Fecha y hora;kW\n" + "".join(
        f"2025-{m:02d}-{d:02d} {h:02d}:00;{h + 1}\n"
        for m, days in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)
        for d in range(1, days + 1)
        for h in range(24)
    )
    path = write(tmp_path, SITE + '[load]\nfile = "a.csv"\nscale_to_kwh = 50000\n', a__csv=year)
    load = read_inputs(path).load
    assert load.energy_kwh == pytest.approx(50000)
    assert load.origin == "scaled"
    assert "load_scaled" in {f.key for f in load.findings}
    short = write(tmp_path, SITE + '[load]\nfile = "b.csv"\nscale_to_kwh = 50000\n', b__csv=DAY)
    # A day of a 50,000 kWh year.
    assert read_inputs(short).load.energy_kwh == pytest.approx(50000 / 365)


def test_a_record_without_energy_cannot_be_scaled(tmp_path):
    zero = "Fecha y hora;kW\n" + "".join(f"2025-03-01 {h:02d}:00;0\n" for h in range(24))
    path = write(tmp_path, SITE + '[load]\nfile = "z.csv"\nscale_to_kwh = 5\n', z__csv=zero)
    assert [p.key for p in refused(path, read_inputs)] == ["nothing_to_scale"]


def test_an_unknown_packaged_tariff_is_missing_data_unless_something_is_wrong(tmp_path):
    with pytest.raises(MissingData):
        read_inputs(write(tmp_path, SITE.replace("co_ceo_n2_2025_estimate", "zz")))
    text = SITE.replace("co_ceo_n2_2025_estimate", "zz").replace("1286", "9000")
    assert [p.key for p in refused(write(tmp_path, text), read_inputs)] == ["must_be_at_most"]


def test_a_weather_file_is_read_with_the_site(tmp_path, shared_file):
    epw = next(iter(sorted(shared_file("weather").glob("*.epw"))))
    (tmp_path / "clima.epw").write_bytes(epw.read_bytes())
    inputs = read_inputs(write(tmp_path, SITE + '[weather]\nfile = "clima.epw"\n'))
    assert len(inputs.weather.frame) == 8760
    assert inputs.files[-1].name == "clima.epw"


@pytest.mark.parametrize("name", ["los_conquistadores", "caraveli_offgrid"])
def test_the_packaged_sites_read(name):
    from mine_energy.catalog import packaged

    inputs = read_inputs(packaged(f"site_configs/{name}.toml"))
    assert inputs.inventory is not None
