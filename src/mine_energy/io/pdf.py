"""A page as PDF, printed by a browser that is installed anyway; where there is none, by weasyprint.

The page is ours and asks for nothing outside itself. The browser runs without a window, on an empty profile of its own
that is deleted afterwards, and has a limited time.
"""

import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import Any, Final, Literal

from mine_energy.errors import OutputError

Paper = Literal["a4", "letter"]

NAMES: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
"""Of the browsers that print, as they are called on PATH."""
CHOSEN: Final = "MINE_ENERGY_BROWSER"
"""Environment variable that names the browser to take, for one that stands somewhere unusual."""
PATIENCE_SECONDS: Final = 120.0

_WINDOWS_ROOTS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_WINDOWS_PLACES: Final = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
_MAC_PLACES: Final = (
    "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Applications/Chromium.app/Contents/MacOS/Chromium",
)
_OPTIONS: Final = (
    "--headless=new",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # the page needs no network, and the browser gets none
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
_DATES: Final = re.compile(rb"/(CreationDate|ModDate) \(D:([^)]*)\)")
_EPOCH: Final = b"20250101000000+00'00'"


def render_pdf(page: bytes, paper: Paper, target: str) -> bytes:
    """Return an HTML page as PDF.

    Parameters
    ----------
    page
        UTF-8 HTML without outside references.
    paper
        ``a4`` or ``letter``; the page's own rules decide margins and breaks.
    target
        How messages call the file that will hold it.

    Returns
    -------
    bytes
        With the same dates whenever it is made. Line breaks are the printing program's: another version may give other
        bytes.

    Raises
    ------
    OutputError
        ``pdf_no_printer``: neither a browser nor weasyprint; ``pdf_failed``, ``pdf_late``: the browser wrote no PDF.
    """
    sized = page.replace(b"</head>", f"<style>@page {{ size: {paper}; }}</style>\n</head>".encode(), 1)
    browsers = find_browsers(os.environ, sys.platform)
    failure = OutputError(target, "pdf_no_printer")
    for browser in browsers:
        try:
            return _same_dates(_printed(browser, sized, target))
        except OutputError as error:
            failure = error
    if find_spec("weasyprint") is not None:
        return _same_dates(_set_by_weasyprint(sized))
    raise failure


def find_browsers(environment: Mapping[str, str], platform: str) -> tuple[Path, ...]:
    """Return the installed browsers that can print, the likeliest first.

    Parameters
    ----------
    environment
        ``PATH``, on Windows the program folders, and :data:`CHOSEN`, which leaves no choice.
    platform
        As :data:`sys.platform` says it.
    """
    chosen = environment.get(CHOSEN)
    if chosen:
        return (Path(chosen),)
    found = [*_on_path(environment), *_usual_places(environment, platform)]
    return tuple(dict.fromkeys(path for path in found if path.is_file()))


def _on_path(environment: Mapping[str, str]) -> Iterator[Path]:
    for name in NAMES:
        found = shutil.which(name, path=environment.get("PATH", ""))
        if found:
            yield Path(found)


def _usual_places(environment: Mapping[str, str], platform: str) -> Iterator[Path]:
    if platform == "win32":
        roots = [Path(environment[name]) for name in _WINDOWS_ROOTS if environment.get(name)]
        yield from (root / place for place in _WINDOWS_PLACES for root in roots)
    if platform == "darwin":
        roots = [Path("/"), Path(environment.get("HOME", "/"))]
        yield from (root / place for place in _MAC_PLACES for root in roots)


def _printed(browser: Path, page: bytes, target: str) -> bytes:
    # On Windows the browser's last process may hold its profile a moment longer than it lives.
    with tempfile.TemporaryDirectory(dir=_working_parent(browser), ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, made = folder / "report.html", folder / "report.pdf"
        source.write_bytes(page)
        words = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={made}", source.as_uri()]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            words.insert(0, "--no-sandbox")  # as root it does not start with one
        _run([os.fspath(browser), *_OPTIONS, *words], target)
        content = made.read_bytes() if made.is_file() else b""
    if not content.startswith(b"%PDF-"):
        raise OutputError(target, "pdf_failed")
    return content


def _working_parent(browser: PurePath) -> Path | None:
    """Return where the browser's files may lie: one packed as a snap sees no temporary folder but its own."""
    own = Path.home() / "snap" / "chromium" / "common"
    return own if ("snap" in browser.parts or browser.name == "chromium-browser") and own.is_dir() else None


def _run(words: list[str], target: str) -> None:
    quiet: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    try:
        process = subprocess.Popen(words, start_new_session=True, **quiet)
    except OSError as error:
        raise OutputError(target, "pdf_failed") from error
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        raise OutputError(target, "pdf_late") from None
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a browser that still runs, with the processes that it started."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _set_by_weasyprint(page: bytes) -> bytes:
    import weasyprint  # noqa: PLC0415  (an extra)

    # It would tell the user which rules for screens and phones it does not know.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    made: bytes = weasyprint.HTML(string=page.decode("utf-8")).write_pdf()
    return made


def _same_dates(content: bytes) -> bytes:
    """Return a PDF whose dates are always the same, of the same length: its table of offsets stays right."""

    def pinned(found: re.Match[bytes]) -> bytes:
        length = len(found[2])
        return b"/%b (D:%b)" % (found[1], _EPOCH[:length].ljust(length, b"0"))

    return _DATES.sub(pinned, content)
