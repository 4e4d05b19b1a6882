"""TOML as people save it, with the line of every key."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from mine_energy.errors import InputError, Problem

_WHERE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
_TABLE: Final = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")


def parse_toml(data: bytes, name: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the content of a TOML file, and the line of every table and key by its dotted name.

    Parameters
    ----------
    data
        Bytes of the file; a byte-order mark is allowed.
    name
        How messages call it.

    Raises
    ------
    InputError
        Not UTF-8, or not TOML: with the line and column.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError([Problem(key="toml_not_utf8", file=name, line=line)]) from None
    try:
        return tomllib.loads(text), _lines(text)
    except tomllib.TOMLDecodeError as error:
        found = _WHERE.search(str(error))
        lines = text.splitlines()
        line, column = (int(found.group(1)), int(found.group(2))) if found else (max(len(lines), 1), 1)
        written = lines[line - 1].strip()[:80] if line <= len(lines) else ""
        # The parser often stops at the start of the line after the one that a person has to mend.
        problem = Problem(key="toml_syntax", file=name, line=line, value=written, params={"number": column})
        raise InputError([problem]) from None


def _lines(text: str) -> dict[str, int]:
    """Return the line of each table and key; tables of an array are counted from one, as in ``provenance.2``."""
    lines: dict[str, int] = {}
    arrays: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if heading := _TABLE.match(line):
            table = heading.group(2).replace('"', "").replace(" ", "")
            if heading.group(1) == "[[":
                arrays[table] = arrays.get(table, 0) + 1
                table = f"{table}.{arrays[table]}"
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key.group(1).strip("\"'")
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def line_of(lines: Mapping[str, int], key: str) -> int | None:
    """Return the line of a dotted key, or of the nearest key or table around it."""
    while key:
        if key in lines:
            return lines[key]
        key = key.rpartition(".")[0]
    return None
