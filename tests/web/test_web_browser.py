"""The whole way in a real browser, with and without JavaScript; skipped where none is installed."""

import shutil

import pytest
from web_support import BAD_MOTORS, METER, MONEY, MOTORS, SITE

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = next((path for name in ("chromium", "google-chrome", "chrome") if (path := shutil.which(name))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome is installed"),
    # The driver's own sockets close after its loop does.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture
def served(tmp_path):
    from mine_energy.web import serve

    running = serve(tmp_path / "estudio")
    yield running
    running.close()


def fill(page, answers):
    for name, value in answers.items():
        control = page.locator(f'[name="{name}"]')
        kind = control.evaluate("one => one.type")
        if kind == "checkbox":
            control.set_checked(bool(value))
        elif kind == "select-one":
            control.select_option(value)
        else:
            control.fill(value)


def send(page, form):
    page.locator(f'form[action="{form}"] button[type=submit]').first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_an_empty_form_to_a_downloaded_report(browser, served, tmp_path, scripts):
    context = browser.new_context(java_script_enabled=scripts, accept_downloads=True, locale="es-CO")
    page = context.new_page()
    page.set_default_timeout(20_000)
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(served.address)
    assert page.title() == "Sitio · mine-energy"

    fill(page, {**SITE, "site.altitude_m": "1.286"})
    send(page, "/sitio")
    assert page.locator("#wrong-site_altitude_m").is_visible()
    fill(page, {"site.altitude_m": "1286"})
    send(page, "/sitio")

    name = {"name": "motores.csv", "mimeType": "text/csv"}
    page.locator("input[type=file]").set_input_files({**name, "buffer": BAD_MOTORS.encode()})
    send(page, "/motores")
    assert page.locator("td.bad").inner_text().startswith("once")
    page.locator("input[type=file]").set_input_files({**name, "buffer": MOTORS.encode()})
    send(page, "/motores")
    assert page.locator("td.bad").count() == 0
    page.locator('main a[href="/carga"]').click()

    page.locator("input[type=file]").set_input_files(str(METER))
    send(page, "/carga")
    assert "2025-09-01 00:00" in page.locator("dl.facts").inner_text()
    page.goto(page.url.partition("/carga")[0] + "/sol")  # looked at, and not accepted

    send(page, "/sol")
    fill(page, MONEY)
    send(page, "/dinero")
    assert page.locator("h1").inner_text() == "Informe"

    page.locator('[name="tamanos"]').uncheck()
    send(page, "/informe/calcular")
    assert page.locator("progress").is_visible()
    page.locator("#results").wait_for(timeout=180_000)
    with page.expect_download() as given:
        page.locator('a[href*="results.xlsx"]').click()
    given.value.save_as(tmp_path / "results.xlsx")
    assert (tmp_path / "results.xlsx").read_bytes().startswith(b"PK")
    page.goto(page.url.partition("/informe")[0] + "/informe/archivo/report.html")
    assert "Planta de prueba" in page.locator("h1").first.inner_text()

    host = served.address.partition("/entrar")[0]
    assert [url for url in asked if not url.startswith((host, "data:"))] == []
    assert [text for text in errors if "422" not in text] == []
    context.close()
