"""The documents: they build without a warning, ask nothing of the network, and say what the program says."""

import re
import subprocess
import sys

import pytest

from places import ROOT

pytest.importorskip("sphinx")

DOCS = ROOT / "docs"
PICTURE_BYTES = 150_000
WORKS = ("img", "gallery/img")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Build every page once, as ``./scripts/docs`` does."""
    out = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-n", "-q"]
    done = subprocess.run([*command, "docs", str(out)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


def test_no_page_asks_the_network_for_anything(pages):
    asked = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//[^\"]+\"")
    found = {page.name: asked.findall(page.read_text(encoding="utf-8")) for page in pages.rglob("*.html")}
    assert len(found) > 30
    assert not {name: links for name, links in found.items() if links}
    styles = "".join(sheet.read_text(encoding="utf-8") for sheet in pages.rglob("*.css"))
    assert not re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", styles)


def test_equations_are_mathml(pages):
    text = (pages / "methods" / "motors.html").read_text(encoding="utf-8")
    assert text.count("<math ") > 10
    assert "$$" not in text


def words_of(pages, name):
    text = (pages / "reference" / f"{name}.html").read_text(encoding="utf-8")
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("glossary_es", ("Potencia nominal (Rated power)", "rated_power_kw · kW")),
        ("commands_en", ("mine-energy verify-pack", "mine-energy calc leak", "--no-browser", "Exit codes")),
        ("site_file_en", ("[connection] (required)", "[financing.loan]", "altitude_m")),
        ("inventory_es", ("Potencia nominal (obligatoria)", "Jaula")),
        ("readers_es", ("Fluke 434/435", "sin confirmar")),
        ("sources_en", ("vocabulary.csv", "IEC 60034-30-1")),
    ],
)
def test_generated_pages_hold_what_the_program_holds(pages, name, words):
    text = words_of(pages, name)
    assert not [word for word in words if word not in text]


@pytest.mark.parametrize("name", ["README.md", "LEEME.md", "CONTRIBUTING.md"])
def test_links_of_the_first_pages_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)|src=\"([^\"]+)\"", text)
    local = [one or other for one, other in targets if "://" not in (one or other)]
    assert local
    assert not [target for target in local if not (ROOT / target).exists()]


def test_pictures_are_small():
    pictures = [path for folder in WORKS for path in (DOCS / folder).glob("*.png")]
    assert len(pictures) >= 8
    assert not [path.name for path in pictures if path.stat().st_size > PICTURE_BYTES]
