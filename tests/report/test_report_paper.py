"""The report as a browser lays it out for paper: nothing wider than the page, no picture higher than it."""

import pytest

A4_WIDTH_PX = 688
"""Of the text on A4: 210 mm less both margins of 14 mm, at 96 px per inch; letter is wider."""
LETTER_HEIGHT_PX = 931
"""Of the text on letter: 279.4 mm less 33 mm; A4 is higher."""
TOO_WIDE = """width => [...document.querySelectorAll('table, figure, img, dl, ol, ul, .box, p')]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .map(e => e.tagName + '#' + (e.id || e.className) + ' ' + Math.round(e.getBoundingClientRect().right))"""
TOO_HIGH = """height => [...document.querySelectorAll('.page, figure, .box, ol.advice, .meanings, nav.contents')]
    .filter(e => e.getBoundingClientRect().height > height).map(e => e.textContent.slice(0, 60))"""


@pytest.fixture
def page(browser):
    one = browser.new_page(viewport={"width": A4_WIDTH_PX, "height": LETTER_HEIGHT_PX})
    one.emulate_media(media="print")
    yield one
    one.close()


def test_nothing_is_wider_or_higher_than_the_paper(page, pages, hostile_study, tmp_path):
    # One study for all: its names are the longest, and every kind of block is in it.
    path = tmp_path / "report.html"
    content = pages(hostile_study, "es")
    assert len(content) < 1_000_000
    path.write_bytes(content)
    page.goto(path.as_uri())
    assert page.evaluate(TOO_WIDE, A4_WIDTH_PX) == []
    assert page.evaluate(TOO_HIGH, LETTER_HEIGHT_PX) == []
