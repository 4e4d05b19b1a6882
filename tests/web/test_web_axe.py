"""Every step of the page before an accessibility engine, empty, filled, refused, running, finished; both languages."""

import pytest
from browser_support import fill, heading, lasting, quick, send, step, upload, watched
from web_support import BAD_MOTORS, METER, MONEY, MOTORS, SITE

from browsers import PHONE, faults, violations

STEPS = ("sitio", "motores", "carga", "sol", "dinero", "informe")
MORE = ("sol/clima",)


@pytest.fixture
def seen(browser, tmp_path, request):
    """A visitor whose every page can be judged, and what was found of each."""
    language = request.param
    with watched(tmp_path / "estudio", language) as served:
        page = served.visit(browser)
        found = {}

        def judge(state):
            contrast = language == "es" and state != "on a phone"
            found[f"{state} {page.url.removeprefix(served.host)}"] = violations(page, contrast=contrast)

        yield served, page, judge, found


def everywhere(page, served, judge, state):
    for name in (*STEPS, *MORE):
        page.goto(f"{served.host}/{name}")
        judge(state)


def refused(page, judge):
    send(page, "/sitio", **{"site.altitude_m": "1.286", "site.latitude": "norte"})
    judge("refused")
    send(page, "/sitio", **{**SITE, "site.latitude": "0", "site.longitude": "0"})
    judge("refused")
    step(page, "motores")
    upload(page, "/motores", "motores.csv", BAD_MOTORS.encode())
    judge("refused")
    step(page, "carga")
    upload(page, "/carga", "medidor.csv", b"fecha;kW\nayer;12\n")
    judge("refused")
    step(page, "informe")
    judge("refused")


def answered(page, judge):
    step(page, "sitio")
    send(page, "/sitio", **SITE)
    fill(page, {"pegado": MOTORS.replace(";", "\t")})
    page.locator("#pegar button[type=submit]").click()
    page.locator('tbody a[href^="/motores?fila="]').first.click()
    judge("at a row of")
    step(page, "carga")
    upload(page, "/carga", "medidor.csv", METER.read_bytes())
    judge("understood")
    for one in page.locator("details:not([open]) summary").all():
        one.click()
    judge("unfolded")
    step(page, "dinero")
    send(page, "/dinero", **MONEY)


@pytest.mark.parametrize("seen", ["es", pytest.param("en", marks=pytest.mark.whole)], indirect=True)
def test_nobody_is_shut_out_at_any_step(seen):
    served, page, judge, found = seen
    everywhere(page, served, judge, "empty")
    step(page, "sitio")
    refused(page, judge)
    answered(page, judge)
    everywhere(page, served, judge, "filled")
    page.set_viewport_size(PHONE)
    everywhere(page, served, judge, "on a phone")
    wide = page.evaluate("document.documentElement.scrollWidth")
    served.work(lasting)
    step(page, "informe")
    send(page, "/informe/calcular")
    page.locator("progress").wait_for()
    judge("running")
    send(page, "/informe/cancelar")
    judge("cancelled")
    served.work(quick)
    send(page, "/informe/calcular")
    page.locator("#results").wait_for()
    judge("finished")
    page.goto(f"{served.host}/nowhere")
    judge("no such page")
    assert {state: one for state, one in found.items() if one} == {}
    assert len(found) > 25
    assert wide == PHONE["width"]
    assert heading(page)
    assert [(path, faults(data)) for path, data in served.pages if path != "/informe/estado" and faults(data)] == []
    assert served.outside() == []
