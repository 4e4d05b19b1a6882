"""The report as a browser lays it out for paper: nothing wider than the page, no picture higher than it."""

import shutil

import pytest

from mine_energy.io import pdf
from mine_energy.report.render import render_html

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

A4_WIDTH_PX = 688
"""Of the text on A4: 210 mm less both margins of 14 mm, at 96 px per inch; letter is wider."""
LETTER_HEIGHT_PX = 931
"""Of the text on letter: 279.4 mm less 33 mm; A4 is higher."""
TOO_WIDE = """width => [...document.querySelectorAll('table, figure, img, dl, ol, ul, .box, p')]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .map(e => e.tagName + '#' + (e.id || e.className) + ' ' + Math.round(e.getBoundingClientRect().right))"""
TOO_HIGH = """height => [...document.querySelectorAll('figure, .box, ol.advice, .meanings, nav.contents')]
    .filter(e => e.getBoundingClientRect().height > height).map(e => e.textContent.slice(0, 60))"""


@pytest.fixture(scope="module")
def page():
    browser = next((found for name in pdf.NAMES if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("no Chromium, Chrome or Edge is installed")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = made.new_page(viewport={"width": A4_WIDTH_PX, "height": LETTER_HEIGHT_PX})
        page.emulate_media(media="print")
        yield page
        made.close()


@pytest.mark.parametrize("kind", ["pilot", "own_power", "financed", "rich", "peru", "hostile", "meter_only"])
def test_nothing_is_wider_or_higher_than_the_paper(page, request, tmp_path, kind, language):
    path = tmp_path / "report.html"
    path.write_bytes(render_html(request.getfixturevalue(f"{kind}_study"), language))
    page.goto(path.as_uri())
    assert page.evaluate(TOO_WIDE, A4_WIDTH_PX) == []
    assert page.evaluate(TOO_HIGH, LETTER_HEIGHT_PX) == []
