"""Records beside the motor list: what was understood is shown, and counts only once it is accepted."""

import io
import tomllib
from datetime import timedelta

import pytest
from web_support import METER, SITE

RECORDS = {
    "/carga/facturas": (
        "bills",
        "Inicio;Fin;Consumo [kWh];Valor total;Moneda\n"
        "2025-01-01;2025-02-01;12000;9000000;COP\n2025-02-01;2025-03-01;11000;8250000;COP\n",
        ["23.000", "2025-03-01", "COP"],
    ),
    "/carga/combustible": (
        "fuel_log",
        "Fecha;Litros;Horómetro\n2025-01-13;380;1000\n2025-01-20;400;1050\n",
        ["400", "50,0", "2025-01-20"],
    ),
    "/carga/produccion": ("production_log", "Mes;Mineral [t]\n2025-01;310,5\n2025-02;289,5\n", ["600", "2025-03-01"]),
}


def site(root):
    path = root / "sitio.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


@pytest.mark.parametrize("url", RECORDS)
def test_a_record_counts_only_after_it_is_accepted(visitor, root, url):
    section, content, seen = RECORDS[url]
    answer = visitor.post(url, {"archivo": (io.BytesIO(content.encode()), "registro.csv")})
    facts = answer.text.partition('<dl class="facts">')[2].partition("</dl>")[0]
    assert [text for text in seen if text not in facts] == []
    assert site(root) == {}
    accepted = visitor.post(f"{url}/aceptar", {"archivo": "datos/registro.csv", "decimal": "x"})
    assert accepted.request.path == url
    assert site(root) == {section: {"file": "datos/registro.csv"}}
    assert "datos/registro.csv" in visitor.get("/carga").text
    visitor.post(f"{url}/quitar")
    assert site(root) == {}
    assert (root / "datos" / "registro.csv").exists()


@pytest.mark.parametrize("url", RECORDS)
def test_a_record_that_cannot_be_read_says_why_and_cannot_be_accepted(visitor, root, url):
    answer = visitor.post(url, {"archivo": (io.BytesIO(b"a;b\nx;y\n"), "registro.csv")})
    assert 'role="alert"' in answer.text
    assert "/aceptar" not in answer.text
    assert visitor.post(f"{url}/aceptar", {"archivo": "datos/registro.csv"}).status_code == 422
    assert site(root) == {}


def test_what_was_understood_of_a_meter_is_shown_whole(visitor):
    visitor.post("/sitio", SITE)
    answer = visitor.post("/carga", {"archivo": (io.BytesIO(METER.read_bytes()), "medidor.csv")})
    facts = answer.text.partition('<dl class="facts">')[2].partition("</dl>")[0]
    for name in ("Formato", "Columna de fecha y hora", "Columna de activa", "Primer intervalo", "Fin del registro"):
        assert f"<dt>{name}</dt>" in facts
    for name in ("Intervalo", "Intervalos sin valor", "Energía activa", "Potencia máxima"):
        assert f"<dt>{name}</dt>" in facts
    assert "2025-09-01 00:00 – 2025-09-01 00:15" in facts
    assert "15" in facts
    # The language changes and the file in question stays.
    query = answer.request.query_string.decode()
    english = visitor.client.get(f"/idioma/en?paso=carga&{query}")
    assert english.headers["Location"] == f"/carga?{query}"
    assert "<dt>First interval</dt>" in visitor.get(f"/carga?{query}").text


def test_a_weather_file_is_looked_over_in_the_words_of_weather_check(visitor, root):
    from mine_energy.io.weather_record import Place
    from mine_energy.io.weather_write import standard_csv
    from mine_energy.weather import from_climatology

    frame = from_climatology(2.98, -76.65, 1286.0, years=1, seed=1).frame
    place = Place(latitude=2.98, longitude=-76.65, altitude_m=1286.0)
    frame = frame.set_axis(frame.index + timedelta(minutes=30))
    visitor.post("/sitio", SITE)
    content = io.BytesIO(standard_csv(frame, place, "ensayo"))
    answer = visitor.post("/sol/clima", {"archivo": (content, "clima.csv")})
    assert "<dt>Horas que faltan</dt><dd>0</dd>" in answer.text
    assert "Global por mes" in answer.text
    assert "weather" not in site(root)
    visitor.post("/sol/clima/aceptar", {"archivo": "clima.csv"})
    assert site(root)["weather"] == {"file": "datos/clima.csv"}
    assert "datos/clima.csv" in visitor.get("/sol").text
    visitor.post("/sol/clima/quitar")
    assert "weather" not in site(root)


def test_a_weather_file_that_is_none_is_refused_with_its_line(visitor):
    visitor.post("/sitio", SITE)
    answer = visitor.post("/sol/clima", {"archivo": (io.BytesIO(b"hora;ghi\n1;2\n"), "clima.csv")})
    assert 'role="alert"' in answer.text
    assert "datos/clima.csv" in answer.text


def month(number, *, start="00:00", step=30):
    from datetime import datetime, timedelta

    first = datetime.fromisoformat(f"2025-{number:02d}-01 {start}")
    rows = [f"{first + timedelta(minutes=step * i):%Y-%m-%d %H:%M};{10 + i % 7},5" for i in range(96)]
    return "\n".join(["Fecha y hora;Potencia activa [kW]", *rows]) + "\n"


def several(*texts):
    return [(io.BytesIO(text.encode()), f"mes{number}.csv") for number, text in enumerate(texts, 1)]


def test_a_file_a_month_is_read_as_one_record(visitor, root):
    first = month(1).replace("2025-01-01", "2024-12-30").replace("2025-01-02", "2024-12-31")
    answer = visitor.post("/carga", {"archivo": several(month(1), first)})
    facts = answer.text.partition('<dl class="facts">')[2].partition("</dl>")[0]
    assert "2024-12-30 00:00 – 2024-12-30 00:30" in facts
    assert "2025-01-03 00:00" in facts
    energy = 2 * sum(10.5 + i % 7 for i in range(96)) / 2
    assert f"{energy:,.2f}".replace(",", "x").replace(".", ",").replace("x", ".") in facts
    assert {path.name for path in (root / "datos").iterdir()} == {"mes1.csv", "mes2.csv", "medidor_unido.csv"}
    assert site(root) == {}


@pytest.mark.parametrize(
    ("texts", "said"), [((month(1), month(1)), "los dos"), ((month(1), month(2, step=15)), "15 min")]
)
def test_files_that_are_no_single_record_are_refused(visitor, root, texts, said):
    answer = visitor.post("/carga", {"archivo": several(*texts)})
    assert answer.status_code == 422
    assert said in answer.text
    assert not (root / "datos" / "medidor_unido.csv").exists()


def test_several_files_are_refused_where_one_is_asked_for(visitor, root):
    answer = visitor.post("/carga/facturas", {"archivo": several("a;b\n", "a;b\n")})
    assert answer.status_code == 422
    assert not (root / "datos").exists()
