"""A real browser for tests: the one that a user's report is printed with, started without network, and checks in it."""

import gc
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import html5lib
import pytest

from mine_energy.io.pdf import find_browsers

OPTIONS = (
    "--no-sandbox",  # as root it does not start with one
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
NO_BROWSER = "no Chromium, Chrome or Edge is installed"


def installed() -> Path | None:
    """Return the browser that the product would print with."""
    return next((path for path in find_browsers(os.environ, sys.platform) if path.is_file()), None)


@contextmanager
def opened() -> Iterator[Any]:
    """Open the browser without a window; the test is skipped where there is none."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = installed()
    if path is None:
        pytest.skip(NO_BROWSER)
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        yield browser
        browser.close()
    # The driver leaves a socket to the collector: here it is no later test's warning.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def engine() -> str:
    """Return the accessibility engine, which its package carries as one file."""
    package = find_spec("axe_playwright_python")
    if package is None or package.origin is None:
        pytest.skip("axe-playwright-python is not installed")
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Any, *, contrast: bool = True) -> list[str]:
    """Return what the accessibility engine has against an open page, of whatever impact.

    Contrast is nine tenths of the time on a long page, and the same on a phone and in another language.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(engine())
    asked = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": contrast}}}
    found = page.evaluate("asked => axe.run(document, asked)", asked)["violations"]
    return [f"{one['impact']} {one['id']} {node['target']}: {one['help']}" for one in found for node in one["nodes"]]


def faults(page: bytes) -> list[str]:
    """Return what the HTML standard's own parser has against a page, and every id that stands twice."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(page, transport_encoding="utf-8")
    ids = [element.get("id") for element in tree.iter() if element.get("id") is not None]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    return [f"{place}: {code} {given}" for place, code, given in parser.errors] + [f"id {one}" for one in twice]
