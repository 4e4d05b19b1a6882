"""The local page: ``web``."""

import importlib.util
import os
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from mine_energy.cli.console import Lang, check_language, put, say
from mine_energy.cli.shortcut import launcher
from mine_energy.errors import InputError, Problem
from mine_energy.messages import Language, text

Folder = Annotated[Path, typer.Argument(help="cli.help.web_folder", metavar="DIR")]
Port = Annotated[int, typer.Option("--port", help="cli.help.web_port", min=0, max=65535, show_default=False)]
Browser = Annotated[bool, typer.Option("--no-browser", help="cli.help.web_no_browser")]
Shortcut = Annotated[bool, typer.Option("--shortcut", help="cli.help.web_shortcut")]
_USAGE = 2


def web(
    folder: Folder = Path("estudio"),
    port: Port = 0,
    no_browser: Browser = False,
    shortcut: Shortcut = False,
    lang: Lang = None,
) -> None:
    """Serve the page of a study's folder until Ctrl+C, or write a file to double-click that does."""
    language = check_language(lang)
    if shortcut:
        _write_shortcut(folder, language)
        return
    if importlib.util.find_spec("flask") is None:
        say(text("cli.web_missing", language))
        raise typer.Exit(_USAGE)
    from mine_energy.web import serve

    try:
        running = serve(folder, language, port=port)
    except (OSError, SystemExit):
        say(text("cli.web_port_taken", language, port=port))
        raise typer.Exit(_USAGE) from None
    put(text("cli.web_open", language, address=running.address))
    say(text("cli.web_stop", language, folder=folder.as_posix()))
    if not no_browser:
        webbrowser.open(running.address)
    try:
        running.wait()
    except KeyboardInterrupt:
        pass
    finally:
        running.close()


def _write_shortcut(folder: Path, language: Language) -> None:
    """Write the launcher into the study's folder; never over another file."""
    from mine_energy.io.results import write_together

    title = text("cli.web_shortcut", language)
    name, content = launcher(sys.platform, Path(sys.executable), folder.resolve(), title, language)
    path = folder / name
    if path.exists() and path.read_bytes() != content:
        raise InputError([Problem(key="would_overwrite", file=path.as_posix())])
    write_together(folder, {name: content})
    if os.name == "posix":
        path.chmod(0o755)
    put(f"{text('cli.wrote.file', language)}: {path.as_posix()}")
