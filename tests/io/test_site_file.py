"""Site files: what is read, where problems are, and all inputs of a site together."""

import hashlib

import pytest

from mine_energy.errors import InputError, MissingData, MissingInput
from mine_energy.io.site_file import read_inputs, read_site
from mine_energy.io.site_packaged import MISSING
from mine_energy.messages import LANGUAGES, catalogue, problem_text

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
LIST = '[inventory]\nfile = "motores.csv"\n'
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
    inputs = read_inputs(path, for_study=False)
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
    assert read_inputs(short, for_study=False).load.energy_kwh == pytest.approx(50000 / 365)


def test_a_record_without_energy_cannot_be_scaled(tmp_path):
    zero = "Fecha y hora;kW\n" + "".join(f"2025-03-01 {h:02d}:00;0\n" for h in range(24))
    path = write(tmp_path, SITE + '[load]\nfile = "z.csv"\nscale_to_kwh = 5\n', z__csv=zero)
    assert [p.key for p in refused(path, read_inputs)] == ["nothing_to_scale"]


def missing(path):
    """Return the problems of a site file that only asks for what is not packaged."""
    with pytest.raises(MissingInput) as raised:
        read_inputs(path)
    error = raised.value
    assert isinstance(error, MissingData)
    assert error.exit_code == 4
    return error.problems


def test_an_unknown_packaged_tariff_is_missing_data_unless_something_is_wrong(tmp_path):
    text = SITE.replace("co_ceo_n2_2025_estimate", "zz") + LIST
    (problem,) = missing(write(tmp_path, text, motores__csv=MOTORS))
    assert (problem.key, problem.field, problem.line) == ("tariff_unknown", "connection.tariff", 20)
    assert "pe_mt3" in problem_text(problem, "es")
    found = refused(write(tmp_path, text.replace("1286", "9000")), read_inputs)
    assert [p.key for p in found] == ["must_be_at_most", "tariff_unknown"]


def test_all_missing_data_come_together(tmp_path):
    text = SITE.replace("co_ceo_n2_2025_estimate", "zz").replace("activity_year = 2024", "activity_year = 2031")
    text += LIST + '[weather]\nclimatology = "zzz"\n'
    found = missing(write(tmp_path, text, motores__csv=MOTORS))
    assert [(p.key, p.field, p.line) for p in found] == [
        ("tariff_unknown", "connection.tariff", 20),
        ("emissions_factor_missing", "emissions.activity_year", 23),
        ("site_climatology", "weather.climatology", 27),
    ]
    assert "2024" in problem_text(found[1], "es")
    assert "buenos_aires_cauca" in problem_text(found[2], "en")


OFFGRID = SITE.replace('kind = "grid"', 'kind = "offgrid"')
FUEL = ("co_ceo_n2_2025_estimate", "diesel_own_genset")


@pytest.mark.parametrize(
    ("text", "key", "field", "line", "words"),
    [
        (SITE.replace(FUEL[0], "pe_mt3"), "tariff_country", "connection.tariff", 20, ("Per", "Colombia")),
        (OFFGRID + "[genset]\nrated_kw = 60\n", "tariff_connection", "connection.tariff", 20, ("grid", "offgrid")),
        (SITE.replace(*FUEL), "tariff_connection", "connection.tariff", 20, ("fuel", "grid")),
        (OFFGRID.replace(*FUEL), "offgrid_without_genset", "genset", None, ("[genset]",)),
        (SITE + "factor_year = 2030\n", "emissions_factor_missing", "emissions.factor_year", 24, ("2024 (B)",)),
        (SITE + '[finance]\ncurrency = "PEN"\n', "tariff_currency", "finance.currency", 25, ("PEN", "COP")),
        (SITE + "[finance]\nexchange_rate = 0.001\n", "exchange_rate_far", "finance.exchange_rate", 25, ("4", "COP")),
        (SITE + "[finance]\nexchange_rate = 17000\n", "exchange_rate_far", "finance.exchange_rate", 25, ("COP",)),
        (SITE + "[array]\nlosses = {foo = 0.1}\n", "pv_unknown_loss", "array.losses.foo", 25, ("soiling",)),
        (SITE + "[array.losses]\nsoiling = 1.0\n", "fraction_over_one", "array.losses.soiling", 25, ("0.01",)),
        (SITE + '[weather]\nclimatology = "zzz"\n', "site_climatology", "weather.climatology", 25, ("caraveli",)),
        (SITE + '[weather]\nclimatology = "caraveli"\n', "climatology_country", "weather.climatology", 25, ("Per",)),
        (
            SITE + "scope2_share = 0.6\nscope3_share = 0.6\n",
            "shares_over_one",
            "emissions.scope3_share",
            25,
            ("1.2",),
        ),
        (
            SITE + '[[readings]]\nname = "pinza"\ntags = ["M1", "M9"]\nkind = "power"\nvalue = 3\nband = 0.1\n',
            "reading_unknown_tag",
            "readings.1.tags",
            26,
            ("M9", "M1"),
        ),
        (
            SITE + '[[measures.belt]]\ntag = "M7"\nnew = "notched_belt"\n',
            "measure_unknown_tag",
            "measures.belt.1.tag",
            25,
            ("M7", "M1"),
        ),
    ],
)
def test_what_a_study_would_refuse_is_refused_with_its_file_key_and_line(tmp_path, text, key, field, line, words):
    path = write(tmp_path, text + LIST, motores__csv=MOTORS)
    (problem,) = refused(path, read_inputs)
    assert (problem.key, problem.field, problem.line) == (key, field, line)
    assert problem.file == str(path)
    for language in ("es", "en"):
        shown = problem_text(problem, language, "CO")
        assert field in shown
        assert all(word in shown for word in words)


@pytest.mark.parametrize("rate", [1001, 3000, 4000, 15999])
def test_exchange_rates_within_a_factor_of_four_of_the_packaged_one_pass(tmp_path, rate):
    text = SITE + LIST + f"[finance]\nexchange_rate = {rate}\n"
    assert read_inputs(write(tmp_path, text, motores__csv=MOTORS)).site.finance.exchange_rate == rate


def test_a_site_without_any_record_of_energy_is_refused_and_its_sun_can_be_seen(tmp_path):
    path = write(tmp_path)
    (problem,) = refused(path, read_inputs)
    assert (problem.key, problem.field, problem.file) == ("audit_nothing_to_audit", "inventory", str(path))
    assert read_inputs(path, for_study=False).load is None


def test_a_packaged_place_far_from_the_plant_is_told(tmp_path):
    far = SITE.replace("2.98", "10.4").replace("-76.65", "-75.5") + LIST + '[weather]\nclimatology = "{}"\n'
    path = write(tmp_path, far.format("buenos_aires_cauca"), motores__csv=MOTORS)
    (finding,) = (f for f in read_inputs(path).findings if f.key == "weather_key_far")
    assert 800 < finding.params["distance_km"] < 870  # 7.4 degrees of latitude are 825 km
    near = write(tmp_path, SITE + LIST + '[weather]\nclimatology = "buenos_aires_cauca"\n')
    assert "weather_key_far" not in {f.key for f in read_inputs(near).findings}


def days(count, kw, month="03"):
    rows = (f"2025-{month}-{d:02d} {h:02d}:00;{kw}\n" for d in range(1, count + 1) for h in range(24))
    return "Fecha y hora;Potencia activa [kW]\n" + "".join(rows)


def test_a_meter_of_another_plant_is_refused_when_it_is_read(tmp_path):
    text = SITE + LIST + '[load]\nfile = "medidor.csv"\n'
    path = write(tmp_path, text, motores__csv=MOTORS, medidor__csv=days(28, 400))
    (problem,) = refused(path, read_inputs)
    assert (problem.key, problem.file) == ("audit_meter_not_of_inventory", "medidor.csv")
    scaled = write(tmp_path, text + "scale_to_kwh = 5000\n")
    assert read_inputs(scaled).load.origin == "scaled"


def test_ten_mistakes_in_four_files_come_in_one_list(tmp_path):
    text = SITE.replace("co_ceo_n2_2025_estimate", "propia.toml").replace(
        "activity_year = 2024", "activity_year = 2031"
    )
    text += '[finance]\ncurrency = "PEN"\nexchange_rate = 0.00025\n[array]\nlosses = {polvo = 0.1}\n'
    text += LIST + '[load]\nfile = "medidor.csv"\n[weather]\nclimatology = "caraveli"\n'
    text += '[[readings]]\nname = "a"\ntags = ["M1"]\nkind = "velocidad"\nvalue = 1\nband = 0.1\n'
    path = write(
        tmp_path,
        text,
        motores__csv=MOTORS + "M1;0;3\n",
        medidor__csv=DAY.replace("05:00;5", "05:00;-5"),
        propia__toml='precio = 3\nid = "propia"\n',
    )
    problems = refused(path, read_inputs)
    found = [(p.file.rpartition("/")[2], p.key, p.line or p.field) for p in problems if p.key != "tariff_missing_key"]
    assert found == [
        ("sitio.toml", "emissions_factor_missing", 23),
        ("sitio.toml", "tariff_currency", 25),
        ("sitio.toml", "exchange_rate_far", 26),
        ("sitio.toml", "pv_unknown_loss", 28),
        ("sitio.toml", "climatology_country", 34),
        ("sitio.toml", "not_accepted", 38),
        ("motores.csv", "tag_twice", 3),
        ("motores.csv", "must_be_over", 3),
        ("medidor.csv", "value_negative", 7),
        ("propia.toml", "tariff_unknown_key", "precio"),
    ]
    for language in ("es", "en"):
        assert all(p.file in problem_text(p, language) for p in problems)


@pytest.mark.parametrize(("mark", "power_kw"), [(",", 1.125), (".", 1125.0)])
def test_a_stated_decimal_mark_settles_an_inventory_that_does_not_tell(tmp_path, mark, power_kw):
    rows = "Tag;Power [kW];Hours per day\nM1;1,125;3\nM2;2,250;3\n"
    (problem,) = refused(write(tmp_path, SITE + LIST, motores__csv=rows), read_inputs)
    assert (problem.key, problem.line, problem.params["count"]) == ("decimal_undecidable", 2, 2)
    for language in ("es", "en"):
        assert "[inventory]" in problem_text(problem, language)
        assert 'decimal = ","' in problem_text(problem, language)
    found = read_inputs(write(tmp_path, SITE + LIST + f'decimal = "{mark}"\n')).inventory
    assert found.motors[0].rated_power_kw == pytest.approx(power_kw)


@pytest.mark.parametrize(("mark", "energy_kwh"), [(",", 24 * 1.125), (".", 24 * 1125.0)])
def test_a_stated_decimal_mark_settles_a_meter_that_does_not_tell(tmp_path, mark, energy_kwh):
    text = SITE + '[load]\nfile = "medidor.csv"\n'
    rows = "Fecha y hora;Potencia activa [kW]\n" + "".join(f"2025-03-01 {h:02d}:00;1,125\n" for h in range(24))
    (problem,) = refused(write(tmp_path, text, medidor__csv=rows), read_inputs)
    assert (problem.key, problem.line, problem.params["count"]) == ("decimal_undecidable", 2, 24)
    assert "[load]" in problem_text(problem, "es")
    said = write(tmp_path, text + f'decimal = "{mark}"\n')
    assert read_inputs(said, for_study=False).load.energy_kwh == pytest.approx(energy_kwh)


def test_every_kind_of_missing_data_has_its_text_as_a_problem_too():
    for language in LANGUAGES:
        texts = catalogue(language)
        assert all(f"problems.{key}.{part}" in texts for key in MISSING for part in ("reason", "fix"))


def test_a_weather_file_is_read_with_the_site(tmp_path, shared_file):
    epw = next(iter(sorted(shared_file("weather").glob("*.epw"))))
    (tmp_path / "clima.epw").write_bytes(epw.read_bytes())
    inputs = read_inputs(write(tmp_path, SITE + '[weather]\nfile = "clima.epw"\n'), for_study=False)
    assert len(inputs.weather.frame) == 8760
    assert inputs.files[-1].name == "clima.epw"


@pytest.mark.parametrize("name", ["los_conquistadores", "caraveli_offgrid"])
def test_the_packaged_sites_read(name):
    from mine_energy.catalog import packaged

    inputs = read_inputs(packaged(f"site_configs/{name}.toml"))
    assert inputs.inventory is not None
