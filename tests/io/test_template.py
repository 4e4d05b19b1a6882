"""The template: reads back, cannot hold a formula, has the same bytes each time, and a site file valid once filled."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mine_energy import vocabulary
from mine_energy.errors import InputError
from mine_energy.io.columns import INVENTORY_KEYS, KINDS
from mine_energy.io.inventory import read_inventory
from mine_energy.io.site_file import read_inputs, read_site
from mine_energy.io.template import (
    inventory_workbook,
    starter_files,
    template_workbook,
    write_inventory,
    write_site_template,
    write_template,
)
from mine_energy.messages import LANGUAGES
from mine_energy.motors import Motor, MotorInventory

BASIC = INVENTORY_KEYS[: INVENTORY_KEYS.index("source") + 1]
WORDS = [key for key in BASIC if KINDS[key] == "word"]

FULL = Motor(
    tag="=1+1",
    description="@molino \u00d1 'uno'; \"dos\"",
    equipment="compressor",
    area="Mina",
    process="compressed_air",
    quantity=2,
    standby_quantity=1,
    rated_power_kw=37.2849936,
    construction="explosion_proof",
    poles=6,
    frequency_hz=50,
    ie_class="IE2",
    efficiency=0.917,
    power_factor=0.86,
    load_factor=1.13,
    input_kw=33.25,
    hours_per_day=7.55,
    unloaded_hours_per_day=2.5,
    unloaded_input_fraction=0.3,
    schedule="06:00-10:30; 14:00-16:00",
    sequence="-linea",
    standby_group="=relevo",
    load_type="constant_power",
    drive="vfd",
    transmission="gearbox",
    rewinds=3,
    rated_speed_rpm=985.5,
    origin="measured",
    source="https://example.org/placa",
    input_kind="logged",
    measuring_point="drive_input",
    current_a=51.5,
    voltage_v=436.5,
    voltage_ab_v=437.25,
    voltage_bc_v=436.5,
    voltage_ca_v=435.75,
    line_frequency_hz=59.98,
    speed_rpm=1188.5,
    rated_voltage_v="208-230/460",
    rated_current_a="120/60",
    connection="star",
    throughput_t_per_h=1.25,
    specific_energy_kwh_per_t=18.5,
    bond_work_index_kwh_per_t=14.5,
    f80_um=9500.0,
    p80_um=106.0,
    mill_diameter_m=1.4,
    efficiency_75=0.919,
    efficiency_50=0.912,
    efficiency_25=0.872,
    packaged="yes",
    manufacture_year=1998,
    rewind_shop="certified",
    transmission_loss=0.055,
    rated_power_60hz_kw=43.5,
    rated_speed_60hz_rpm=1185.0,
    rated_voltage_60hz_v="460",
    rated_current_60hz_a="62,5",
    efficiency_60hz=0.921,
    compressor_control="modulating",
    air_demand_fraction=0.65,
    duty_cycle=0.4,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_reads_back_equal(tmp_path, language):
    inventory = MotorInventory(motors=(FULL, Motor(tag="007", rated_power_kw=0.75, hours_per_day=0)))
    write_inventory(tmp_path / "m.xlsx", inventory, language)
    back = read_inventory(tmp_path / "m.xlsx")
    assert back.motors == inventory.motors
    assert back.findings == ()
    # Every field of the full machine differs from its default, so that a lost column would show.
    assert not [k for k, f in Motor.model_fields.items() if getattr(FULL, k) == f.default]


def short(low, high, digits=4):
    return st.floats(low, high).map(lambda v: float(f"{v:.{digits}g}"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    power=short(0.1, 999, 9),
    efficiency=short(0.011, 0.999),
    load=short(0.014, 1.29),
    hours=short(0, 24),
    tag=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12),
    language=st.sampled_from(LANGUAGES),
)
def test_any_machine_reads_back_equal(tmp_path, power, efficiency, load, hours, tag, language):
    if tag.startswith("#") or vocabulary.normalise(tag).startswith(
        ("ejemplo", "example", "total", "sum", "sub", "gran")
    ):
        tag = "M" + tag[1:]
    motor = Motor(tag=tag, rated_power_kw=power, efficiency=efficiency, load_factor=load, hours_per_day=hours)
    write_inventory(tmp_path / "m.xlsx", MotorInventory(motors=(motor,)), language)
    assert read_inventory(tmp_path / "m.xlsx").motors == (motor,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_filled_in_by_hand_reads(tmp_path, language):
    path = tmp_path / "m.xlsx"
    write_template(path, language)
    with pytest.raises(InputError) as raised:
        read_inventory(path)
    assert [p.key for p in raised.value.problems] == ["no_machines"]
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    columns = {page.cell(1, c).value: c for c in range(1, page.max_column + 1)}
    label = {key: vocabulary.terms()[key].label(language) for key in BASIC}
    assert set(columns) == set(label.values())
    for key, value in {
        "tag": "M1",
        "rated_power_kw": 50,
        "power_unit": "hp",
        "hours_per_day": 8,
        "efficiency": 91.7,
    }.items():
        page.cell(4, columns[label[key]]).value = value
    page.cell(4, columns[label["process"]]).value = vocabulary.choices("process")["pumping"].label(language)
    book.save(path)
    found = read_inventory(path)
    assert found.motors == (
        Motor(tag="M1", rated_power_kw=37.2849936, hours_per_day=8, efficiency=0.917, process="pumping"),
    )
    assert [f.key for f in found.findings] == ["example_row_ignored"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_drop_downs_offer_the_accepted_words(language):
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(language)))
    page = book.worksheets[0]
    assert page.freeze_panes == "B3"
    lists = [v for v in page.data_validations.dataValidation if v.type == "list"]
    assert len(lists) == len(WORDS) + 2
    offered = {}
    for rule in lists:
        head = page.cell(1, next(iter(rule.sqref.ranges)).min_col).value
        if "!" in rule.formula1:
            sheet, _, area = rule.formula1.partition("!")
            cells = book[sheet.strip("'")][area.replace("$", "")]
            offered[head] = [row[0].value for row in cells]
    for key in WORDS:
        words = [choice.label(language) for choice in vocabulary.choices(key).values()]
        assert offered[vocabulary.terms()[key].label(language)] == words


def test_no_text_becomes_a_formula_or_a_link():
    book = inventory_workbook(MotorInventory(motors=(FULL,)), "es")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            assert b"<f>" not in content
            assert b"hyperlink" not in content or not name.startswith("xl/worksheets")


def test_the_same_bytes_each_time():
    for language in LANGUAGES:
        assert starter_files(language) == starter_files(language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("country", "place"), [("CO", ("2.98", "-76.65")), ("PE", ("-15.85", "-74.25"))])
def test_an_empty_site_file_asks_for_what_it_needs_and_is_valid_once_filled(tmp_path, language, country, place):
    files = starter_files(language, country)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    path = next(tmp_path / name for name in files if name.endswith(".toml"))
    with pytest.raises(InputError) as raised:
        read_site(path)
    blank = {"site.name", "site.latitude", "site.longitude", "site.altitude_m", "site.workdays_per_month"}
    assert {p.field for p in raised.value.problems} == blank | {"connection.tariff", "emissions.activity_year"}
    text = path.read_text(encoding="utf-8")
    tariff = {"CO": "co_ceo_n2_2025_estimate", "PE": "pe_mt3"}[country]
    assert tariff in text
    for key, value in {
        "name": '"Planta"',
        "latitude": place[0],
        "longitude": place[1],
        "altitude_m": "1286",
        "workdays_per_month": "26",
        "tariff": f'"{tariff}"',
        "activity_year": "2024",
    }.items():
        text = text.replace(f'\n{key} = ""', f"\n{key} = {value}")
    path.write_text(text, encoding="utf-8")
    assert read_site(path).site.country == country
    with pytest.raises(InputError) as raised:
        read_inputs(path)
    assert [p.key for p in raised.value.problems] == ["no_machines"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_commented_line_of_the_site_file_may_be_used(tmp_path, language):
    """What the template shows as optional is valid: taking the # away never makes an unknown key."""
    path = tmp_path / "s.toml"
    write_site_template(path, language, "CO")
    values = {
        "name": '"P"',
        "latitude": "2.98",
        "longitude": "-76.65",
        "altitude_m": "1286",
        "workdays_per_month": "26",
    }
    values |= {"tariff": '"co_ceo_n2_2013"', "activity_year": "2024"}
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        bare = line.removeprefix("# ")
        optional = line.startswith("# ") and ("=" in bare.split("#")[0] or bare.startswith("["))
        key = line.partition(" = ")[0]
        lines.append(bare if optional else f"{key} = {values[key]}" if key in values else line)
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_site(path)
    assert {p.key for p in raised.value.problems} == {"file_not_found"}
