"""The way through the page without a browser: forms, lists, meter, calculation, downloads."""

import html
import io
import time
import tomllib
from datetime import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_support import BAD_MOTORS, METER, MONEY, MOTORS, SITE, Visitor, filled

from mine_energy.io.toml_write import toml_text
from mine_energy.web.fields import FIELDS, NotReadableError, read_number
from mine_energy.web.folder import safe_name

# Numbers as they are typed


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1286", 1286.0),
        ("0,95", 0.95),
        ("0.125", 0.125),
        ("1234,5", 1234.5),
        ("−3,5", -3.5),
        ("13 200", 13200.0),
        (".5", 0.5),
    ],
)
def test_numbers_with_point_or_comma_are_read(typed, number):
    assert read_number(typed, groups=True) == number


@pytest.mark.parametrize("typed", ["1.286", "13,200", "-1.286", "999.999"])
def test_a_mark_that_may_mean_thousands_is_refused(typed):
    with pytest.raises(NotReadableError, match="thousands"):
        read_number(typed, groups=True)


def test_degrees_never_have_thousands():
    assert read_number("-76.650", groups=False) == -76.65


@pytest.mark.parametrize(
    "typed", ["", "x", "1.234,5", "1,234.5", "1e5", "nan", "inf", "0x10", "1_000", "--1", "٣", "1" * 40]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(NotReadableError, match="number"):
        read_number(typed, groups=True)


# The site file is written as it would be read

SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False),
    st.booleans(),
    st.times().map(lambda one: one.replace(microsecond=0)),
    st.dates(),
)
TABLES = st.recursive(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), SCALARS, max_size=4),
    lambda inner: st.dictionaries(
        st.text(max_size=5),
        st.one_of(SCALARS, inner, st.lists(inner, max_size=3), st.lists(SCALARS, max_size=3)),
        max_size=4,
    ),
    max_leaves=12,
)


@given(TABLES)
def test_any_document_comes_back_from_its_toml(document):
    assert tomllib.loads(toml_text(document)) == document


@pytest.mark.parametrize("name", ["los_conquistadores.toml", "caraveli_offgrid.toml", "ejemplo_medido/sitio.toml"])
def test_the_packaged_sites_come_back(name):
    from mine_energy import catalog

    document = tomllib.loads(catalog.packaged(f"site_configs/{name}").read_text(encoding="utf-8"))
    assert tomllib.loads(toml_text(document)) == document


@given(st.text())
def test_any_name_becomes_a_harmless_one(written):
    import re

    assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}(\.[A-Za-z0-9]{0,10})?", safe_name(written))


@given(st.floats(min_value=-1e6, max_value=1e6, allow_nan=False))
def test_a_number_that_is_shown_can_be_sent_back(number):
    from mine_energy.web.fields import Field, read_number, written

    for kind in ("number", "degrees"):
        shown = written({"a": {"b": number}}, Field(key="a.b", kind=kind))
        if len(shown) <= 30:
            assert read_number(shown, groups=kind == "number") == number


# Forms


def test_a_form_is_kept_as_the_site_file_and_shown_again(visitor, root):
    answer = visitor.post("/sitio", SITE)
    assert answer.request.path == "/motores"
    site = tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8"))["site"]
    assert site["latitude"] == 2.983982
    assert site["longitude"] == -76.650777
    assert site["shifts"] == [{"start": clock(6), "end": clock(14)}]
    text = visitor.get("/sitio").text
    assert 'value="2.983982"' in text
    assert 'value="06:00"' in text


def test_what_cannot_be_read_is_marked_where_it_stands_and_nothing_is_saved(visitor, root):
    answer = visitor.post("/sitio", {**SITE, "site.altitude_m": "1.286", "site.latitude": "norte"})
    assert answer.status_code == 422
    assert 'value="1.286"' in answer.text
    assert 'id="wrong-site_altitude_m"' in answer.text
    assert 'id="wrong-site_latitude"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    assert not (root / "sitio.toml").exists()


def test_what_the_check_refuses_is_said_on_the_step_that_asks_for_it(visitor):
    answer = visitor.post("/sitio", {**SITE, "site.latitude": "95", "site.name": ""})
    assert answer.request.path == "/sitio"
    assert answer.text.count("<li>") - answer.text.count('<li><a href="/') >= 2
    assert "95" in answer.text


def test_every_answer_that_is_missing_is_marked_at_its_question_and_the_list_leads_there(visitor):
    import re

    answer = visitor.post("/sitio", {"connection.kind": "grid"})
    required = [field.name for field in FIELDS["sitio"] if field.required and field.key.startswith("site.")]
    links = re.findall(r'<li><a href="#([^"]+)"', answer.text)
    assert links == [*(f"f-{name}" for name in required), "shift.1.start"]
    assert set(links) <= set(re.findall(r' id="([^"]+)"', answer.text))
    for name in (*required, "shifts"):
        assert f'<p class="wrong" id="wrong-{name}">falta esta respuesta.</p>' in answer.text
    assert re.search(r'id="to-mend" tabindex="-1" autofocus', answer.text)


def test_the_language_changes_without_losing_what_is_typed(visitor, root):
    answer = visitor.post("/sitio", {**SITE, "site.altitude_m": "1.286", "idioma": "en"})
    assert answer.status_code == 200
    assert "<h1>Site</h1>" in answer.text
    assert 'value="1.286"' in answer.text
    assert 'value="06:00"' in answer.text
    assert '<option value="grid" selected>' in answer.text
    assert not (root / "sitio.toml").exists()


def test_coordinates_come_from_a_known_place_or_from_what_is_pasted(visitor, root):
    known = visitor.post("/sitio", {"site.name": "A", "lugar": "segovia", "tomar": "1"}).text
    assert 'name="site.latitude" value="7.08"' in known
    assert '<option value="CO" selected>' in known
    assert 'name="site.name" value="A"' in known
    pasted = visitor.post("/sitio", {"coordenadas": "2°59'02\" N 76°39'03\" O", "tomar": "1"}).text
    assert 'name="site.latitude" value="2.983889"' in pasted
    assert 'name="site.longitude" value="-76.650833"' in pasted
    for wrong in ({"coordenadas": "por ahí"}, {}):
        answer = visitor.post("/sitio", {**wrong, "tomar": "1"}).text
        assert 'role="alert"' in answer
    assert not (root / "sitio.toml").exists()


def test_a_set_that_would_be_bought_is_a_choice_that_may_stay_open(visitor, root):
    visitor.post("/sitio", {**SITE, "genset.rated_kw": "150", "genset.existing": "false"})
    assert tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8"))["genset"]["existing"] is False
    assert '<option value="false" selected>' in visitor.get("/sitio").text
    visitor.post("/sitio", {**SITE, "genset.existing": ""})
    assert "genset" not in tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8"))


def test_keys_that_no_form_asks_for_stay_and_the_hand_written_file_is_kept(visitor, root):
    original = '# mine\n[site]\nname = "A"\n[array]\ndc_ac_ratio = 1.3\n[[measures.belt]]\ntag = "X"\n'
    (root / "sitio.toml").write_text(original, encoding="utf-8")
    visitor.post("/sitio", SITE)
    visitor.post("/sol", {"array.tilt_deg": "12"})
    document = tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8"))
    assert document["array"] == {"dc_ac_ratio": 1.3, "tilt_deg": 12.0}
    assert document["measures"] == {"belt": [{"tag": "X"}]}
    assert (root / "sitio.original.toml").read_text(encoding="utf-8") == original


def test_an_emptied_answer_is_taken_out(visitor, root):
    visitor.post("/sol", {"coverage.goal": "annual_net", "coverage.ratio": "0,8"})
    visitor.post("/sol", {"coverage.goal": "annual_net", "coverage.ratio": ""})
    assert tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8")) == {"coverage": {"goal": "annual_net"}}


def test_tariffs_are_those_of_the_country(visitor):
    visitor.post("/sitio", {**SITE, "site.country": "PE"})
    text = visitor.get("/dinero").text
    assert 'value="pe_mt3"' in text
    assert 'value="co_ceo_n2_2025_estimate"' not in text


def test_a_broken_site_file_is_told_and_not_overwritten(visitor, root):
    (root / "sitio.toml").write_text("[site\n", encoding="utf-8")
    assert visitor.get("/sitio").status_code == 422
    assert visitor.get("/informe").status_code == 200
    assert (root / "sitio.toml").read_text(encoding="utf-8") == "[site\n"


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_step_speaks_the_chosen_language(visitor, language):
    assert visitor.get(f"/idioma/{language}?paso=sol").headers["Location"] == "/sol"
    for step, title in {"sitio": ("Sitio", "Site"), "dinero": ("Dinero y huella", "Money and footprint")}.items():
        text = visitor.get(f"/{step}").text
        assert f"<h1>{title[language == 'en']}</h1>" in text
        assert f'<html lang="{"en" if language == "en" else "es-CO"}">' in text


@pytest.mark.parametrize(
    "path", ["/idioma/xx", "/idioma/es?paso=//evil.example", "/idioma/es?paso=https://evil.example"]
)
def test_the_language_switch_leads_nowhere_else(visitor, path):
    assert visitor.get(path).headers["Location"] == "/"


def test_every_field_has_a_label_and_every_description_exists(visitor):
    import re

    for step, fields in FIELDS.items():
        text = visitor.get(f"/{step}").text
        ids = set(re.findall(r' id="([^"]+)"', text))
        assert {f"f-{field.name}" for field in fields} <= ids
        assert set(re.findall(r'<label for="([^"]+)"', text)) <= ids
        assert {one for names in re.findall(r'aria-describedby="([^"]+)"', text) for one in names.split()} <= ids


# Motors


def test_a_bad_cell_is_marked_where_it_stands(visitor, root):
    answer = visitor.post("/motores", {"archivo": (io.BytesIO(BAD_MOTORS.encode()), "Lista de motores.csv")})
    assert answer.text.count('class="bad"') == 1
    cell = answer.text.partition('<td class="bad">')[2].partition("</td>")[0]
    assert 'value="once"' in cell
    assert 'class="why"' in cell
    assert (root / "datos" / "Lista_de_motores.csv").read_bytes() == BAD_MOTORS.encode()
    marked = visitor.get("/motores/marcado")
    assert marked.data.startswith(b"PK")
    assert "attachment" in marked.headers["Content-Disposition"]


def test_a_list_is_pasted_corrected_and_read(visitor):
    wrong = visitor.post("/motores", {"pegado": BAD_MOTORS.replace(";", "\t")})
    assert "once" in wrong.text.partition("<textarea")[2].partition("</textarea>")[0]
    right = visitor.post("/motores", {"pegado": MOTORS.replace(";", "\t")})
    assert 'class="bad"' not in right.text
    assert "Se leyeron 2 máquinas" in right.text
    assert "66" in right.text
    assert visitor.get("/motores/marcado").status_code == 404


def test_the_template_comes_back_as_a_list(visitor):
    template = visitor.get("/motores/plantilla")
    assert template.data.startswith(b"PK")
    answer = visitor.post("/motores", {"archivo": (io.BytesIO(template.data), "plantilla.xlsx")})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text  # it holds the example alone, which is no machine


def test_nothing_sent_is_told(visitor):
    assert visitor.post("/motores", {"pegado": "  "}).status_code == 422
    assert visitor.post("/carga", {}).status_code == 422


def test_a_list_can_be_taken_back(visitor, root):
    visitor.post("/motores", {"pegado": MOTORS.replace(";", "\t")})
    visitor.post("/motores/quitar")
    assert "inventory" not in (root / "sitio.toml").read_text(encoding="utf-8")


# Meter


def test_a_meter_counts_only_after_it_is_accepted(visitor, root):
    answer = visitor.post("/carga", {"archivo": (io.BytesIO(METER.read_bytes()), "medidor.csv")})
    assert "2025-09-01 00:00" in answer.text
    assert "15" in answer.text
    wrong = visitor.post("/carga/aceptar", {"archivo": "datos/medidor.csv", "decimal": ","})
    assert wrong.status_code == 422
    assert not (root / "sitio.toml").exists()
    visitor.post("/carga/aceptar", {"archivo": "datos/medidor.csv", "decimal": ".", "stamps": "sideways"})
    document = tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8"))
    assert document == {"load": {"file": "datos/medidor.csv", "decimal": "."}}
    assert "aceptada" in visitor.get("/carga").text
    visitor.post("/carga/quitar")
    assert tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8")) == {}


def test_a_meter_that_cannot_be_read_says_why_and_cannot_be_accepted(visitor):
    answer = visitor.post("/carga", {"archivo": (io.BytesIO(b"fecha;kW\nayer;12\nhoy;x\n"), "m.csv")})
    assert 'role="alert"' in answer.text
    assert "/carga/aceptar" not in answer.text


# Calculation


def stuck(pipe, order):
    """Do the work of a study that never ends."""
    pipe.send(("stage", "sun"))
    time.sleep(120)


def broken(pipe, order):
    """Die without a word, as for want of memory."""
    import os

    os._exit(9)


def quick(pipe, order):
    """Send files at once."""
    pipe.send(("stage", "report"))
    content = {"results.xlsx": b"book", "report.html": b"<p>page</p>", "study.json": str(order.with_sizing).encode()}
    pipe.send(("files", content))


def running(app):
    return app.extensions["mine_energy"].desk.job


@pytest.fixture
def starting(tmp_path, request):
    from web_support import KEY

    from mine_energy.web import create_app

    app = create_app(tmp_path / "estudio", key=KEY, work=request.param)
    yield app
    app.extensions["mine_energy"].desk.stop()


def test_nothing_is_calculated_while_something_is_missing(visitor):
    answer = visitor.post("/informe/calcular")
    assert running(visitor.app) is None
    assert 'role="alert"' in answer.text
    assert 'href="/sitio#f-site_name"' in answer.text.partition('role="alert"')[2]


def test_a_missing_answer_is_named_as_the_form_asks_for_it(visitor):
    visitor.post("/sitio", SITE)
    text = visitor.get("/informe").text
    assert "Tarifa: falta esta respuesta." in text
    assert "Año del consumo: falta esta respuesta." in text
    assert "connection.tariff" not in text


@pytest.mark.parametrize("starting", [stuck], indirect=True)
def test_a_study_in_work_shows_its_progress_and_can_be_cancelled(starting, root):
    visitor = Visitor(starting)
    filled(visitor, root)
    (root / "study.json").write_text("earlier", encoding="utf-8")
    answer = visitor.post("/informe/calcular")
    job = running(starting)
    assert job.state == "running"
    assert "<progress" in answer.text
    assert '<noscript><meta http-equiv="refresh"' in answer.text
    part = visitor.get("/informe/estado")
    assert "<html" not in part.text
    assert "HX-Redirect" not in part.headers
    visitor.post("/informe/calcular")
    assert running(starting) is job  # never two at once
    answer = visitor.post("/informe/cancelar")
    job.wait(20)
    assert job.state == "cancelled"
    assert visitor.get("/informe/estado").headers["HX-Redirect"] == "/informe"
    assert (root / "study.json").read_text(encoding="utf-8") == "earlier"
    assert not job._process.is_alive()


@pytest.mark.parametrize("starting", [broken], indirect=True)
def test_a_calculation_that_dies_is_told(starting, root):
    visitor = Visitor(starting)
    filled(visitor, root)
    visitor.post("/informe/calcular")
    running(starting).wait(60)
    assert running(starting).state == "failed"
    assert "error del programa" in visitor.get("/informe").text


@pytest.mark.parametrize("starting", [quick], indirect=True)
def test_results_are_offered_and_survive_the_page(starting, root):
    from web_support import KEY

    from mine_energy.web import create_app

    visitor = Visitor(starting)
    filled(visitor, root)
    visitor.post("/informe/calcular", {"tamanos": "1"})
    running(starting).wait(60)
    assert running(starting).state == "done"
    assert visitor.get("/informe/archivo/study.json").data == b"True"
    again = Visitor(create_app(root, key=KEY))
    text = again.get("/informe").text
    assert "/informe/archivo/report.html" in text
    assert again.get("/informe/archivo/report.html").text == "<p>page</p>"
    assert "attachment" in again.get("/informe/archivo/results.xlsx").headers["Content-Disposition"]
    assert 'value="Planta de prueba"' in again.get("/sitio").text


def test_a_study_that_takes_too_long_is_stopped(tmp_path):
    from mine_energy.web.jobs import Job, Order

    order = Order(folder=tmp_path, site=tmp_path / "sitio.toml", language="es")
    job = Job(order, work=stuck, limit_seconds=0.5)
    job.wait(30)
    assert job.state == "failed"
    assert not job._process.is_alive()


@pytest.mark.parametrize("name", ["los_conquistadores", "caraveli_offgrid", "ejemplo_medido/sitio"])
def test_a_packaged_plant_stays_as_it_is_when_every_form_is_sent_back(visitor, root, name):
    import re
    import shutil

    from mine_energy import catalog

    site = catalog.packaged(f"site_configs/{name}.toml")
    document = tomllib.loads(site.read_text(encoding="utf-8"))
    for path in site.parent.glob("*.csv"):
        shutil.copy(path, root / path.name)
    shutil.copy(site, root / "sitio.toml")
    for step in FIELDS:
        text = visitor.get(f"/{step}").text
        typed = dict(re.findall(r'<input type="(?:text|time)"[^>]* name="([^"]+)" value="([^"]*)"', text))
        for key, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', text, re.S):
            typed.update((key, value) for value in re.findall(r'<option value="([^"]*)" selected', options))
        typed |= {key: "1" for key in re.findall(r'<input type="checkbox"[^>]* name="([^"]+)" value="1" checked', text)}
        answer = visitor.post(f"/{step}", {key: html.unescape(value) for key, value in typed.items()})
        assert answer.status_code == 200
    kept = tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8"))
    # An answer left to the program is left out: what is best is what an array is without being told.
    for key in ("tilt_deg", "azimuth_deg"):
        document.get("array", {}).pop(key, None)
    document["connection"].setdefault("export_allowed", True)
    assert kept == {key: value for key, value in document.items() if value != {}}
    assert "No falta nada" in visitor.get("/informe").text


def test_a_plant_without_a_grid_can_be_entered(visitor, root):
    fuel = {**SITE, "site.country": "PE", "site.latitude": "-14.8", "site.longitude": "-74.9"}
    fuel |= {"connection.kind": "offgrid", "genset.rated_kw": "150", "genset.fuel_price_usd_per_l": "1,2"}
    visitor.post("/sitio", fuel)
    visitor.post("/motores", {"pegado": MOTORS.replace(";", "\t")})
    visitor.post("/dinero", {**MONEY, "connection.tariff": "diesel_own_genset"})
    assert "No falta nada" in visitor.get("/informe").text
    assert tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8"))["genset"]["fuel_price_usd_per_l"] == 1.2
