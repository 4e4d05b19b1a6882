"""The whole way in a real browser, with scripts and without, by mouse and by keyboard; skipped where there is none."""

import io
import json
import re
import tomllib
from datetime import date, timedelta

import openpyxl
from browser_support import fill, heading, quick, send, step, upload, watched
from web_support import BAD_MOTORS, MONEY, MOTORS, SITE

from browsers import PHONE, faults

HERE = "[document.activeElement.name, document.activeElement.type, document.activeElement.innerText]"
METERED = "Fecha y hora;Potencia activa [kW]\n" + "".join(
    f"{date(2025, 3, 3) + timedelta(days=day)} {hour:02d}:00;{50 if 6 <= hour < 14 else 12},5\n"
    for day in range(35)
    for hour in range(24)
)
"""What the motors of the list would draw, as a meter in Spanish writes it."""
SEA = {"site.latitude": "5", "site.longitude": "-85"}


def site(page):
    fill(page, {**SITE, "site.altitude_m": "1.286"})
    send(page, "/sitio")
    assert page.locator("#wrong-site_altitude_m").is_visible()
    fill(page, {"site.altitude_m": "1286,5", **SEA})
    send(page, "/sitio")
    assert "fuera de Colombia" in page.locator("[role=alert]").inner_text()
    assert page.evaluate("document.activeElement.id") == "to-mend"
    fill(page, {name: SITE[name] for name in SEA})
    send(page, "/sitio")
    assert heading(page) == "Motores"


def motors(page):
    upload(page, "/motores", "Lista de motores.csv", BAD_MOTORS.encode())
    assert page.locator("td.bad").count() == 1
    wrong = page.locator("td.bad input")
    assert wrong.input_value() == "once"
    wrong.fill("11,5")
    send(page, "/motores/celdas")
    assert page.locator("td.bad").count() == 0
    assert "66,5" in page.locator("section [role=status]").inner_text()
    page.locator('main a[href="/carga"]').click()


def meter(page):
    upload(page, "/carga", "medidor.csv", b"fecha;kW\nayer;12\nhoy;x\n")
    assert page.locator("[role=alert]").is_visible()
    assert page.locator('form[action="/carga/aceptar"]').count() == 0
    upload(page, "/carga", "medidor.csv", METERED.encode())
    assert "2025-03-03 00:00" in page.locator("dl.facts").first.inner_text()
    send(page, "/carga/aceptar")
    assert page.locator(".box.good[role=status]").is_visible()
    page.locator('main a.button[href="/sol"]').click()


def calculated(page):
    """Start, cancel, start again and wait."""
    page.locator('[name="tamanos"]').uncheck()
    send(page, "/informe/calcular")
    assert page.locator("progress").is_visible()
    send(page, "/informe/cancelar")
    assert page.locator("progress").count() == 0
    assert "cancel" in page.locator("main [role=status]").inner_text()
    assert page.locator("#results").count() == 0
    page.locator('[name="tamanos"]').uncheck()
    send(page, "/informe/calcular")
    page.locator("#results").wait_for(timeout=300_000)


def downloaded(page, name):
    with page.expect_download() as given:
        page.locator(f'a[href="/informe/archivo/{name}?descargar=1"]').click()
    assert given.value.suggested_filename == name
    return given.value.path().read_bytes()


def check_downloads(page):
    document = json.loads(downloaded(page, "study.json"))
    assert document["site"]["site"]["name"] == SITE["site.name"]
    assert document["site"]["site"]["latitude"] == 2.983982
    assert document["site"]["site"]["altitude_m"] == 1286.5
    assert [one["name"] for one in document["inputs"] if "medidor" in one["name"]]
    book = openpyxl.load_workbook(io.BytesIO(downloaded(page, "results.xlsx")), read_only=True)
    words = {str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value}
    assert book.sheetnames[0] == "Resumen"
    assert any(SITE["site.name"] in one for one in words)
    assert {"ML-01", "BO-01"} <= words
    page.locator('button[name="papel"][value="a4"]').click()
    page.locator('a[href*=".pdf"]').first.wait_for(timeout=300_000)
    paper = downloaded(page, "report_es_a4.pdf")
    assert paper.startswith(b"%PDF-")
    titles = b"".join(re.findall(rb"/Title[ (<].{0,400}", paper, re.DOTALL))
    assert (
        SITE["site.name"].encode() in titles or SITE["site.name"].encode("utf-16-be").hex().encode() in titles.lower()
    )
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) > 5


def test_from_an_empty_form_to_report_workbook_and_paper(browser, tmp_path):
    root = tmp_path / "estudio"
    with watched(root) as served:
        page = served.visit(browser, locale="es-CO")
        assert page.title() == "Sitio · mine-energy"
        site(page)
        motors(page)
        meter(page)
        send(page, "/sol")
        fill(page, MONEY)
        send(page, "/dinero")
        assert heading(page) == "Informe"
        calculated(page)
        check_downloads(page)
        with page.context.expect_page() as opened:
            page.locator('a.button[href="/informe/archivo/report.html"]').click()
        assert opened.value.locator("h1").first.inner_text() == SITE["site.name"]
        assert opened.value.locator("img").first.evaluate("one => one.complete && one.naturalWidth > 0")
        assert served.outside() == []
        assert served.errors() == []
        assert [(path, faults(data)) for path, data in served.pages if path != "/informe/estado" and faults(data)] == []
    with watched(root) as again:  # the next day, in a browser that knows nothing and runs no scripts
        page = again.visit(browser, java_script_enabled=False, viewport=PHONE)
        assert page.locator('[name="site.latitude"]').input_value() == "2.983982"
        step(page, "motores")
        assert "66,5" in page.locator("section [role=status]").inner_text()
        step(page, "informe")
        assert downloaded(page, "report.html").startswith(b"<!DOCTYPE html>")
        assert again.outside() == []


def test_without_scripts_in_english(browser, tmp_path):
    with watched(tmp_path / "study", "en") as served:
        served.work(quick)
        page = served.visit(browser, java_script_enabled=False, locale="en-GB")
        assert page.title() == "Site · mine-energy"
        send(page, "/sitio")
        assert page.locator("[role=alert]").is_visible()
        fill(page, {**SITE, "lugar": page.locator("#lugar option").nth(1).get_attribute("value")})
        page.locator('button[name="tomar"]').click()
        assert page.locator('[name="site.latitude"]').input_value() not in {"", SITE["site.latitude"]}
        page.locator("button[lang=es]").click()  # a change of language loses nothing that was typed
        assert heading(page) == "Sitio"
        assert page.locator('[name="site.name"]').input_value() == SITE["site.name"]
        page.locator("button[lang=en]").click()
        send(page, "/sitio")
        fill(page, {"pegado": MOTORS.replace(";", "\t")})
        page.locator("#pegar button[type=submit]").click()
        assert "66.0" in page.locator("section [role=status]").inner_text()
        page.locator('main a[href="/carga"]').click()
        page.locator('main a[href="/sol"]').click()
        send(page, "/sol")
        fill(page, MONEY)
        send(page, "/dinero")
        send(page, "/informe/calcular")
        page.wait_for_url("**/informe")
        page.locator("#results").wait_for(timeout=60_000)  # the page asks again by itself
        assert downloaded(page, "results.xlsx").startswith(b"PK")
        assert page.locator("html").get_attribute("lang") == "en"
        assert served.outside() == []


def test_a_form_is_filled_and_sent_by_keyboard_alone(browser, tmp_path):
    root = tmp_path / "estudio"
    typed = {name: value for name, value in SITE.items() if name != "connection.export_allowed"}
    typed |= {"site.country": "Col", "connection.kind": "Red", "shift.1.start": "0600a", "shift.1.end": "1000a"}
    with watched(root) as served:
        page = served.visit(browser)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        reached = []
        for _ in range(80):
            page.keyboard.press("Tab")
            name, kind, text = page.evaluate(HERE)
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", (name, text)
            if kind == "submit" and text == "Guardar y seguir":
                break
            # A clock has a stop for the hour and for the minute.
            if name in typed and name not in reached:
                page.keyboard.type(typed[name])
            reached.append(name)
        page.keyboard.press("Enter")
        page.wait_for_url("**/motores")
        kept = tomllib.loads((root / "sitio.toml").read_text(encoding="utf-8"))
        assert set(typed) <= set(reached)
        assert kept["site"]["name"] == SITE["site.name"]
        assert kept["site"]["country"] == "CO"
        assert kept["connection"]["kind"] == "grid"
        assert [str(one["end"]) for one in kept["site"]["shifts"]] == ["10:00:00"]
