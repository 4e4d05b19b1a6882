"""Small pieces of Markdown for generated pages."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def texts(page: str, language: str) -> dict[str, Any]:
    """Return what a page says around what the program says (``texts.toml``)."""
    said: dict[str, Any] = _texts()[language][page]
    return said


def head(page: str, language: str) -> str:
    """Return a page's title and first paragraph."""
    said = texts(page, language)
    return f"# {said['title']}\n\n{said['lead']}\n"


def plain(text: str) -> str:
    """Return a text whose marks are letters, not Markdown."""
    return re.sub(r"([\\*_\[\]<>|$#`{}~])", r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Return a text as code; it may stand in a table."""
    cleaned = text.replace("|", "\\|").replace("`", "")
    return f"`{cleaned}`" if text else ""


def prose(text: str) -> str:
    """Return a docstring's sentence: doubled backticks are code, a role's target is its last name."""
    short = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"``\1``", " ".join(text.split()))
    parts = re.split(r"(``.*?``|`[^`]+`)", short)
    return "".join(code(part.strip("`")) if part.startswith("`") else plain(part) for part in parts)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
