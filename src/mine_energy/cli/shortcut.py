"""A file to double-click that opens the local page of one study."""

import shlex
from pathlib import PurePath
from typing import Final

from mine_energy.messages import Language

_DESKTOP_SPECIAL: Final = '\\"`$'
"""What a quoted argument of ``Exec`` escapes (Desktop Entry Specification, "The Exec key")."""


def launcher(platform: str, python: PurePath, folder: PurePath, title: str, language: Language) -> tuple[str, bytes]:
    """Return the name and the content of a launcher.

    Parameters
    ----------
    platform
        As ``sys.platform`` says: ``win32`` gets a .bat, ``darwin`` a .command, all others a .desktop file.
    python
        The interpreter that has the package.
    folder
        Absolute path of the study's folder.
    title
        What the launcher is called.
    language
        Of the page that it opens.
    """
    words = (str(python), "-m", "mine_energy", "web", str(folder), "--lang", language)
    if platform == "win32":
        # cmd reads %name% even between quotes, and no Windows path holds a quotation mark.
        line = " ".join(_windows_word(word) for word in words).replace("%", "%%")
        return f"{title}.bat", f"@echo off\r\nchcp 65001 >nul\r\n{line}\r\nif errorlevel 1 pause\r\n".encode()
    if platform == "darwin":
        return f"{title}.command", f"#!/bin/sh\nexec {shlex.join(words)}\n".encode()
    line = " ".join(_desktop_word(word) for word in words)
    entry = ("[Desktop Entry]", "Type=Application", "Version=1.5", f"Name={title}", f"Exec={line}", "Terminal=true")
    return f"{title}.desktop", ("\n".join(entry) + "\n").encode()


def _windows_word(word: str) -> str:
    # A backslash before the closing mark would make it a letter: "C:\\" needs two.
    return f'"{word}\\"' if word.endswith("\\") else f'"{word}"'


def _desktop_word(word: str) -> str:
    escaped = "".join(f"\\{letter}" if letter in _DESKTOP_SPECIAL else letter for letter in word)
    # The value is a string of the key file as well, which has its own backslashes; % begins a field code.
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'
