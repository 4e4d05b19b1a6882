"""TOML as people save it, with the line of every key."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from mine_energy.errors import InputError, Problem
from mine_energy.io.file_kinds import kind_of

_WHERE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
_TABLE: Final = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"^\s*([A-Za-z0-9_.\"'-]+)\s*=")
_SLIPS: Final[Mapping[str, re.Pattern[str]]] = {
    "toml_quotes": re.compile(r"[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]"),
    "toml_backslash": re.compile(r'"[^"]*\\[^"]*"'),
    "toml_comma": re.compile(r"=\s*\[?\s*[+-]?\d+,\d+\s*\]?\s*(?:#|$)"),
    "toml_time": re.compile(r"=\s*\d{1,2}:\d{2}(?!:?\d)"),
    "toml_unquoted": re.compile(r"=\s*(?!(?:true|false|inf|nan)\b)[^\W\d_][\w .-]*\s*(?:#|$)"),
    "toml_leading_zero": re.compile(r"=\s*[+-]?0\d"),
    "toml_no_value": re.compile(r"=\s*(?:#|$)"),
}
"""What people write in place of TOML, in the order in which it is looked for."""
_TWICE: Final = re.compile(r"overwrite|twice|declare|immutable")


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
    kind = kind_of(data, name)
    if kind == "utf16":
        raise InputError([Problem(key="toml_utf16", file=name)])
    if kind:
        raise InputError([Problem(key="toml_other_kind", file=name, params={"file_kind": kind})])
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
        key = _slip(written) or ("toml_twice" if _TWICE.search(str(error)) else "toml_syntax")
        if not any(map(_KEY.match, lines)) and not any(map(_TABLE.match, lines)):
            key = "toml_not_a_site"
        problem = Problem(key=key, file=name, line=line, value=written, params={"number": column})
        raise InputError([problem]) from None


def _slip(line: str) -> str:
    """Return the key of what was written in place of TOML, empty where the line is no usual slip."""
    return next((key for key, pattern in _SLIPS.items() if pattern.search(line)), "")


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
