"""The report before an accessibility engine, on a desk and on a phone; and whether the judges of pages judge."""

import pytest

from browsers import DESKTOP, PHONE, faults, violations

FAULTY = """<!doctype html><html><head><title>x</title></head>
<body><img src="x.png"><p style="color:#ddd">grey</p></body></html>"""


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        ("pilot", "es"),
        pytest.param("pilot", "en", marks=pytest.mark.whole),
        pytest.param("own_power", "es", marks=pytest.mark.whole),
    ],
)
def test_nobody_is_shut_out_by_desk_or_phone(browser, pages, request, tmp_path, kind, language):
    path = tmp_path / "report.html"
    path.write_bytes(pages(request.getfixturevalue(f"{kind}_study"), language))
    page = browser.new_page(viewport=DESKTOP)
    page.goto(path.as_uri())
    assert violations(page, contrast=language == "es") == []
    page.set_viewport_size(PHONE)
    assert violations(page, contrast=False) == []
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.close()


def test_the_engine_finds_what_is_wrong(browser):
    page = browser.new_page(viewport=DESKTOP)
    page.set_content(FAULTY)
    found = " ".join(violations(page))
    page.close()
    assert "critical image-alt" in found
    assert "serious color-contrast" in found
    assert "serious html-has-lang" in found


def test_the_parser_finds_what_is_wrong():
    assert faults(b'<!doctype html><p id="a"><table><tr><td id="a"></table></div>')
    assert "id a" in faults(b'<!doctype html><title>x</title><p id="a"></p><p id="a"></p>')
