"""TOML out: the document of a site file that a form has filled in, as text that a person can go on editing."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(document: Mapping[str, Any]) -> str:
    """Return a document as TOML: plain values first, then tables, then arrays of tables, in the order given.

    Parameters
    ----------
    document
        Tables of strings, numbers, booleans, dates, times, lists and tables, as :func:`tomllib.loads` returns them.

    Raises
    ------
    TypeError
        A value that TOML has no form for.
    """
    return "\n".join(_table(document, ())).lstrip("\n") + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    plain = {key: value for key, value in table.items() if not _is_table(value) and not _is_tables(value)}
    for key, value in plain.items():
        yield f"{_key(key)} = {value_text(value)}"
    for key, value in table.items():
        name = (*path, key)
        if _is_table(value):
            # A table that only holds tables needs no heading of its own.
            if not value or any(not _is_table(part) and not _is_tables(part) for part in value.values()):
                yield f"\n[{_dotted(name)}]"
            yield from _table(value, name)
        elif _is_tables(value):
            for part in value:
                yield f"\n[[{_dotted(name)}]]"
                yield from _table(part, name)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and all(map(_is_table, value))


def _dotted(path: Sequence[str]) -> str:
    return ".".join(_key(part) for part in path)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _string(value: str) -> str:
    # The escapes of JSON are TOML's too; of the characters that TOML forbids only DEL is left as it is by JSON.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def value_text(value: object) -> str:
    """Return one value as TOML writes it.

    Raises
    ------
    TypeError
        TOML has no form for it.
    """
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {value_text(part)}" for key, part in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(value_text(part) for part in value) + "]"
    raise TypeError(f"TOML has no form for {type(value).__name__}")
