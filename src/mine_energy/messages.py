"""Every text a user can see, in Spanish and English, and the way numbers are written in each.

Texts live in ``locale/<language>/<topic>.toml``; a text's key is ``<topic>.<key>`` or, for nested tables,
``<topic>.<table>.<key>``. A test holds both languages to the same keys and the same ``{parameters}``.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from mine_energy.catalog import packaged
from mine_energy.errors import Finding, Language, Param, Problem

__all__ = [
    "LANGUAGES",
    "Language",
    "babel_locale",
    "catalogue",
    "finding_text",
    "localised",
    "number",
    "place_text",
    "problem_text",
    "significant",
    "text",
]

LANGUAGES: tuple[Language, ...] = ("es", "en")
_KEYED: Mapping[str, str] = {
    "country": "report.word.country",
    "expected": "report.word.country",
    "rule_country": "report.word.country",
    "kind": "report.word.factor_kind",
    "file_kind": "problems.file_kind",
}
"""Parameters that may hold keys of ours, and where their words stand."""

_WRITTEN: Final = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?![\w])")
"""A number that stands in a text of ours: Spanish ones are written as in Colombia, ``1.234,5``."""
_MARKED: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+")
_DECIMAL: Final = re.compile(r"\d+,\d+")
_SWAPPED: Final = str.maketrans(".,", ",.")
_PRICES: Final = ("price", "rate", "credit", "kept", "cost")
"""Parts of the names of parameters that are stated by somebody, and so keep four figures."""
_VERBATIM: Final = ("template.", "cli.")
"""Topics that show numbers as a file wants them, ``2.984``: only their decimal commas are ours."""
_STATED_BELOW: Final = 10_000.0
"""Whole numbers below it are taken as stated: a height, hours of an inventory, a limit."""


def _flatten(prefix: str, node: Mapping[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in node.items():
        name = f"{prefix}.{key}"
        flat |= _flatten(name, value) if isinstance(value, Mapping) else {name: value}
    return flat


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Return every text of `language` by its key."""
    texts: dict[str, str] = {}
    for path in sorted(packaged(f"locale/{language}").glob("*.toml")):
        texts |= _flatten(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    return texts


def babel_locale(language: Language, country: str = "") -> str:
    """Return the name of the number format: ``es_CO``, ``es_PE`` or ``en``.

    Spanish without a country writes numbers as Colombia does; English is the same everywhere.
    """
    if language == "en":
        return "en"
    return f"es_{country}" if country in {"CO", "PE"} else "es_CO"


def number(value: float, decimals: int, language: Language, country: str = "") -> str:
    """Return `value` with a fixed number of decimals and the marks of language and country.

    Parameters
    ----------
    value
        Any finite number.
    decimals
        Digits after the mark, zero or more.
    language, country
        ``1.234,5`` in es_CO, ``1,234.5`` in es_PE and en.
    """
    from babel.numbers import format_decimal  # noqa: PLC0415  (30 ms that --version need not pay)

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    if round(abs(value), decimals) == 0:
        value = 0.0  # nothing has no sign
    return format_decimal(value, format=pattern, locale=babel_locale(language, country))


def significant(value: float, language: Language, country: str = "", digits: int = 3) -> str:
    """Return `value` rounded to `digits` significant figures: 123456 is 123,000, 9.999 is 10.0."""
    if value == 0:
        return "0"
    from math import floor, log10  # noqa: PLC0415

    rounded = round(value, digits - 1 - floor(log10(abs(value))))
    decimals = max(0, digits - 1 - floor(log10(abs(rounded))))
    return number(rounded, decimals, language, country)


def localised(words: str, language: Language, country: str, *, decimals_only: bool = False) -> str:
    """Return a text of ours with the numbers written in it as a country writes them: ``7,5 kW`` is ``7.5 kW`` in Peru.

    Parameters
    ----------
    words
        A label, name or sentence of the package, before a user's texts are put into it.
    language, country
        As for :func:`number`; English texts are written with English marks already.
    decimals_only
        Leave ``1.234`` as it is: it may be a decimal of a file.
    """
    if babel_locale(language, country) != "es_PE":
        return words
    ours = _DECIMAL if decimals_only else _MARKED
    return _WRITTEN.sub(lambda m: m[0].translate(_SWAPPED) if ours.fullmatch(m[0]) else m[0], words)


def _estimated(name: str, value: Param, language: Language, country: str) -> str:
    """Return a parameter of a finding: estimates with three significant figures, what was stated as it was."""
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        # Years have no mark; a seed is a name.
        return str(value) if name == "seed" or abs(value) < _STATED_BELOW else number(value, 0, language, country)
    if value == round(value) and abs(value) < _STATED_BELOW:
        return number(value, 0, language, country)
    value = float(_whole(name, value))
    digits = 4 if any(part in name for part in _PRICES) else 3
    return _trimmed(significant(value, language, country, digits), babel_locale(language, country))


def _shown(value: Param, language: Language, country: str) -> str:
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return str(value)
    return _trimmed(significant(value, language, country, digits=4), babel_locale(language, country))


def _whole(name: str, value: Param) -> Param:
    """Return a present value without decimals: a reader takes -3.357 for three thousand in some countries."""
    return float(round(value)) if name.startswith("npv") and isinstance(value, float) else value


def _named(name: str, value: Param, language: Language) -> Param:
    """Return a parameter that holds keys of ours, such as codes of countries, in words."""
    if name not in _KEYED or not isinstance(value, str):
        return value
    texts, topic = catalogue(language), _KEYED[name]
    return ", ".join(texts.get(f"{topic}.{code}", code) for code in value.split(", "))


def _trimmed(shown: str, locale: str) -> str:
    """Return a number without the zeros at its end that say nothing: ``2,000`` of two is ``2``."""
    from babel.numbers import get_decimal_symbol  # noqa: PLC0415

    mark = get_decimal_symbol(locale)
    return shown.rstrip("0").rstrip(mark) if mark in shown else shown


def text(key: str, language: Language, country: str = "", /, **params: Param) -> str:
    """Return the text `key` with its parameters filled in.

    Parameters
    ----------
    key
        For example ``"findings.unverified_table"``.
    language, country
        Language of the text; the country decides the marks of its numbers.
    **params
        Floats are written with four significant figures, integers and strings as they are; findings have three.

    Raises
    ------
    KeyError
        No such text: a mistake of ours, which the tests catch.
    """
    words, verbatim = catalogue(language)[key], key.startswith(_VERBATIM)
    words = localised(words, language, country, decimals_only=verbatim)
    if not verbatim:
        params = {k: _named(k, v, language) for k, v in params.items()}
    return words.format_map({k: _shown(_whole(k, v), language, country) for k, v in params.items()})


def place_text(problem: Problem, language: Language) -> str:
    """Return where a problem is: file, sheet and cell, line, or key."""
    parts = [problem.file] if problem.file else []
    if problem.sheet:
        parts.append(text("problems.place.sheet", language, sheet=problem.sheet))
    if problem.cell:
        parts.append(text("problems.place.cell", language, cell=problem.cell))
    if problem.line is not None:
        parts.append(text("problems.place.line", language, line=problem.line))
    if problem.field:
        parts.append(text("problems.place.field", language, field=problem.field))
    return ", ".join(parts)


def problem_text(problem: Problem, language: Language, country: str = "") -> str:
    """Return one line: place, value, reason and fix."""
    params = {"value": problem.value, "field": problem.field, **problem.params}
    reason = text(f"problems.{problem.key}.reason", language, country, **params)
    fix = text(f"problems.{problem.key}.fix", language, country, **params)
    value = f"[{problem.value}]" if problem.value else ""
    place = " ".join(part for part in (place_text(problem, language), value) if part)
    return f"{place}: {reason} {fix}" if place else f"{reason} {fix}"


def finding_text(finding: Finding, language: Language, country: str = "") -> str:
    """Return a finding in words, with its subject in front when it has one.

    Readings that a sentence lists (`names`) are ours in part (*main meter*) and theirs in part (tags, names of clamps):
    only ours have another word in each language.
    """
    params = dict(finding.params)
    if "names" in params:
        texts = catalogue(language)
        names = str(params["names"]).split(", ")
        params["names"] = ", ".join(texts.get(f"report.word.observation.{name}", name) for name in names)
    key = f"findings.{finding.key}"
    # What no plant reaches is said in the words of the error that it would be if it had been asked for.
    key = key if key in catalogue(language) else f"infeasible.{finding.key}"
    shown = {k: _estimated(k, _named(k, v, language), language, country) for k, v in params.items()}
    words = localised(catalogue(language)[key], language, country).format_map({**shown, "subject": finding.subject})
    return f"{finding.subject}: {words}" if finding.subject else words
