"""The report on paper: which browser is taken, what a browser that fails leads to, and pages of a real one."""

import os
import re
import shutil
import stat
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from mine_energy.errors import OutputError
from mine_energy.io import pdf

PAGE = b"<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>x</title></head><body>hola</body></html>"
MADE = "%PDF-1.4 /CreationDate (D:20991231235959+00'00') /ModDate (D:20991231235959+00'00') %%EOF"
posix = pytest.mark.skipif(os.name == "nt", reason="a script stands for the browser")


def script(folder, body, name="chromium"):
    """Return a Python script that stands for a browser; `target` and `words` are set for it."""
    path = folder / name
    start = (
        f"#!{sys.executable}\nimport json, pathlib, subprocess, sys, time\nwords = sys.argv[1:]\n"
        "target = pathlib.Path(next(w for w in words if w.startswith('--print-to-pdf=')).partition('=')[2])\n"
    )
    path.write_text(start + body, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """No browser on PATH, none chosen, no weasyprint."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv(pdf.CHOSEN, raising=False)
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


@posix
def test_a_browser_gets_the_page_its_paper_and_a_profile_that_is_deleted(bare, tmp_path):
    script(
        bare,
        "page = pathlib.Path(words[-1].removeprefix('file://')).read_text(encoding='utf-8')\n"
        f"pathlib.Path({str(tmp_path / 'seen.txt')!r}).write_text('\\n'.join([*words, page]), encoding='utf-8')\n"
        f"target.write_text({MADE!r})\n",
    )
    made = pdf.render_pdf(PAGE, "letter", "report.pdf")
    assert made == MADE.replace("20991231235959", "20250101000000").encode()
    seen = (tmp_path / "seen.txt").read_text(encoding="utf-8")
    assert "@page { size: letter; }" in seen
    assert seen.index("size: letter") < seen.index("</head>")
    assert "--headless=new" in seen
    profile = re.search(r"--user-data-dir=(.*)", seen)[1]
    assert not Path(profile).parent.exists()


@posix
@pytest.mark.parametrize("body", ["", "sys.exit(3)", "target.write_text('<html>no</html>')"])
def test_a_browser_that_writes_no_pdf_is_said(bare, body):
    script(bare, body)
    with pytest.raises(OutputError) as caught:
        pdf.render_pdf(PAGE, "a4", "out/report.pdf")
    assert (caught.value.path, caught.value.reason, caught.value.exit_code) == ("out/report.pdf", "pdf_failed", 6)


@posix
def test_the_next_browser_is_tried_when_the_first_fails(bare):
    script(bare, "sys.exit(1)", "chromium")
    script(bare, f"target.write_text({MADE!r})", "google-chrome")
    assert pdf.render_pdf(PAGE, "a4", "report.pdf").startswith(b"%PDF-")


@posix
def test_a_browser_that_hangs_is_ended_with_what_it_started(bare, tmp_path, monkeypatch):
    child = tmp_path / "child.pid"
    script(
        bare,
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(child)!r}).write_text(str(child.pid))\ntime.sleep(60)\n",
    )
    monkeypatch.setattr(pdf, "PATIENCE_SECONDS", 2.0)
    with pytest.raises(OutputError) as caught:
        pdf.render_pdf(PAGE, "a4", "report.pdf")
    assert caught.value.reason == "pdf_late"
    state = Path("/proc") / child.read_text(encoding="utf-8") / "stat"
    for _ in range(50):
        # Gone, or dead and waiting for init to take note.
        if not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the browser's child still runs")


def test_without_browser_and_extra_it_is_said(bare):
    with pytest.raises(OutputError) as caught:
        pdf.render_pdf(PAGE, "a4", "report.pdf")
    assert caught.value.reason == "pdf_no_printer"


def test_a_chosen_browser_that_is_not_there_is_said(bare, monkeypatch, tmp_path):
    monkeypatch.setenv(pdf.CHOSEN, str(tmp_path / "nowhere"))
    with pytest.raises(OutputError) as caught:
        pdf.render_pdf(PAGE, "a4", "report.pdf")
    assert caught.value.reason == "pdf_failed"


def test_weasyprint_prints_where_no_browser_does(bare, monkeypatch):
    given = []

    class Html:
        def __init__(self, string):
            given.append(string)

        def write_pdf(self):
            return b"%PDF-1.7 /CreationDate (D:2026)"

    monkeypatch.setattr(pdf, "find_spec", lambda name: name == "weasyprint")
    monkeypatch.setitem(sys.modules, "weasyprint", types.SimpleNamespace(HTML=Html))
    assert pdf.render_pdf(PAGE, "a4", "report.pdf") == b"%PDF-1.7 /CreationDate (D:2025)"
    assert "size: a4" in given[0]


def put_file(path):
    path.parent.mkdir(parents=True)
    path.write_text("", encoding="utf-8")
    return path


def test_the_usual_places_of_windows(tmp_path):
    edge = put_file(tmp_path / "x86" / "Microsoft" / "Edge" / "Application" / "msedge.exe")
    chrome = put_file(tmp_path / "local" / "Google" / "Chrome" / "Application" / "chrome.exe")
    environment = {
        "PATH": "",
        "PROGRAMFILES": str(tmp_path / "programs"),
        "PROGRAMFILES(X86)": str(tmp_path / "x86"),
        "LOCALAPPDATA": str(tmp_path / "local"),
    }
    assert pdf.find_browsers(environment, "win32") == (chrome, edge)
    assert pdf.find_browsers(environment, "linux") == ()


def test_the_usual_places_of_a_mac(tmp_path):
    mine = put_file(tmp_path / "Applications" / "Google Chrome.app" / "Contents" / "MacOS" / "Google Chrome")
    assert mine in pdf.find_browsers({"PATH": "", "HOME": str(tmp_path)}, "darwin")


@posix
def test_every_known_name_is_found_on_path_and_the_chosen_one_leaves_no_choice(bare):
    for name in pdf.NAMES:
        script(bare, "", name)
    found = pdf.find_browsers({"PATH": str(bare)}, "linux")
    assert [path.name for path in found] == list(pdf.NAMES)
    assert pdf.find_browsers({"PATH": str(bare), pdf.CHOSEN: "/my/browser"}, "linux") == (Path("/my/browser"),)


# A real browser


def info(path):
    found = subprocess.run(["pdfinfo", path], capture_output=True, check=True, timeout=60).stdout.decode()
    return dict(re.findall(r"^(.+?): +(.+)$", found, re.MULTILINE))


def words(path):
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, check=True, timeout=60
    ).stdout.decode()


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return a long table under a chapter's style sheet, printed on both papers by the installed browser."""
    from mine_energy.catalog import packaged

    if not pdf.find_browsers(os.environ, sys.platform):
        pytest.skip("no Chromium, Chrome or Edge is installed")
    if not shutil.which("pdfinfo") or not shutil.which("pdftotext"):
        pytest.skip("poppler-utils is not installed")
    css = packaged("report/templates/report.css").read_text(encoding="utf-8")
    rows = "".join(f"<tr><th>fila {i}</th><td>{i}</td></tr>" for i in range(120))
    svg = (
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 600 500'>"
        "<text x='9' y='20'>arriba {0}</text><text x='9' y='490'>abajo {0}</text></svg>"
    )
    images = (f'<img alt="" src="data:image/svg+xml,{svg.format(i)}">' for i in range(3))
    charts = "".join(f"<figure><figcaption>Figura</figcaption>{image}</figure>" for image in images)
    table = f"<table><thead><tr><th>Cabecera</th><th>kWh</th></tr></thead><tbody>{rows}</tbody></table>"
    page = (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>T</title><style>{css}</style></head>"
        f"<body><main class='wrap'>{table}{charts}</main></body></html>"
    )
    folder = tmp_path_factory.mktemp("printed")
    for paper in ("a4", "letter"):
        (folder / f"{paper}.pdf").write_bytes(pdf.render_pdf(page.encode(), paper, "report.pdf"))
    (folder / "again.pdf").write_bytes(pdf.render_pdf(page.encode(), "a4", "report.pdf"))
    return folder


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_pages_have_the_paper_a_number_and_their_table_head(printed, paper, size):
    facts = info(printed / f"{paper}.pdf")
    width, height = re.match(r"([\d.]+) x ([\d.]+) pts", facts["Page size"]).groups()
    assert (float(width), float(height)) == pytest.approx(size, abs=1.0)
    pages = words(printed / f"{paper}.pdf").split("\f")[:-1]
    count = int(facts["Pages"])
    assert len(pages) == count > 2
    for number, page in enumerate(pages, 1):
        assert f"{number}/{count}" in page.replace(" ", "")
        assert ("Cabecera" in page) == ("fila" in page)
        assert re.findall(r"arriba \d", page) == [
            word.replace("abajo", "arriba") for word in re.findall(r"abajo \d", page)
        ]
    assert len(re.findall(r"arriba \d", "".join(pages))) == 3


def test_the_same_page_gives_the_same_bytes(printed):
    assert (printed / "a4.pdf").read_bytes() == (printed / "again.pdf").read_bytes()
