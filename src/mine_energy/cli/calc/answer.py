"""The answer of a calculator: what was given, what comes out, by which method, on whose authority."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from mine_energy import messages
from mine_energy.cli.console import SCHEMA_VERSION, finding_document, put, put_json, put_table, say_findings
from mine_energy.errors import Finding
from mine_energy.messages import Language

_HARD_SPACE: Final = "\u00a0"
_JSON_DECIMALS: Final = 9
_EXACT: Final = 6
"""Significant figures of what was given; an estimate has three, which say how well it is known."""
_ESTIMATE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity with its unit.

    Parameters
    ----------
    key
        Name: a term of the vocabulary, or of ``cli.quantity``.
    value
        Number, key of a word, or None where there is none.
    unit
        As printed; ``fraction`` is shown as per cent, ``word`` through the vocabulary or ``cli.word``, ``count`` and
        ``text`` as they are.
    written
        As the person wrote it, where that differs.
    assumed
        Whether nobody gave it.
    """

    key: str
    value: float | str | None
    unit: str = ""
    written: str = ""
    assumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a calculator says.

    Parameters
    ----------
    name
        Of the calculator; ``cli.method.<name>`` and ``cli.source.<name>`` exist in every language.
    given, results
        In the order in which they are shown.
    sources
        Further sources: the tables behind the figures.
    findings
        What has to be known.
    """

    name: str
    given: Sequence[Quantity]
    results: Sequence[Quantity]
    sources: Sequence[str] = ()
    findings: Sequence[Finding] = ()


def show(answer: Answer, language: Language, country: str, as_json: bool) -> None:
    """Print an answer: result to stdout, findings to stderr; or everything as JSON."""
    if as_json:
        put_json(document(answer, language, country))
        return
    put(messages.text(f"cli.help.calc_{_plain(answer.name)}", language))
    for title, quantities, digits in (("given", answer.given, _EXACT), ("results", answer.results, _ESTIMATE)):
        put(messages.text(f"cli.calc.{title}", language))
        put_table([_row(quantity, language, country, digits) for quantity in quantities], indent="    ")
    put(f"{messages.text('cli.calc.method', language)}: {_method(answer, language)}")
    put(f"{messages.text('cli.calc.source', language)}: {'; '.join(_sources(answer, language))}")
    say_findings(answer.findings, language, country)


def document(answer: Answer, language: Language, country: str) -> dict[str, Any]:
    """Return an answer as plain JSON values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "calculator": answer.name,
        "inputs": {quantity.key: _value(quantity) for quantity in answer.given},
        "results": {quantity.key: _value(quantity) for quantity in answer.results},
        "method": _method(answer, language),
        "sources": _sources(answer, language),
        "findings": [finding_document(finding, language, country) for finding in answer.findings],
    }


def _plain(name: str) -> str:
    return name.replace("-", "_")


def _method(answer: Answer, language: Language) -> str:
    return messages.text(f"cli.method.{_plain(answer.name)}", language)


def _sources(answer: Answer, language: Language) -> list[str]:
    own = messages.text(f"cli.source.{_plain(answer.name)}", language)
    return list(dict.fromkeys([own, *(source for source in answer.sources if source)]))


def _value(quantity: Quantity) -> dict[str, Any]:
    value = quantity.value
    if isinstance(value, str) and value.isdecimal():
        value = float(value)
    shown: dict[str, Any] = {"value": round(value, _JSON_DECIMALS) if isinstance(value, float) else value}
    if quantity.unit not in {"word", "text"}:
        shown["unit"] = {"fraction": "1", "count": "1"}.get(quantity.unit, quantity.unit)
    if quantity.written:
        shown["written"] = quantity.written
    if quantity.assumed:
        shown["assumed"] = True
    return shown


def _row(quantity: Quantity, language: Language, country: str, digits: int) -> list[str]:
    shown = _shown(quantity, language, country, digits)
    if quantity.assumed:
        shown = messages.text("cli.calc.assumed", language, value=shown)
    return [label(quantity.key, language), shown]


def label(key: str, language: Language) -> str:
    """Return a quantity's name: the command's own, else the vocabulary's."""
    from mine_energy.vocabulary import terms

    own = messages.catalogue(language).get(f"cli.quantity.{key}")
    return own if own is not None else terms()[key].label(language)


def _shown(quantity: Quantity, language: Language, country: str, digits: int) -> str:
    value = quantity.value
    if value is None:
        return messages.text("cli.calc.none", language)
    if isinstance(value, str):
        return _word(quantity, value, language)
    if quantity.unit == "count":
        return messages.number(value, 0, language, country)
    if quantity.unit == "fraction":
        percent = messages.number(100 * value, 1, language, country)
        return percent + (f"{_HARD_SPACE}%" if language == "es" else "%")
    unit = messages.catalogue(language).get(f"cli.unit.{quantity.unit}", quantity.unit)
    number = messages.significant(value, language, country) if digits == _ESTIMATE else _exact(value, language, country)
    return f"{number}{_HARD_SPACE if unit else ''}{unit}"


def _exact(value: float, language: Language, country: str) -> str:
    """Return a number with the decimals it has, up to six significant figures."""
    rounded = float(f"{value:.{_EXACT}g}")
    decimals = next((d for d in range(_EXACT + 3) if round(rounded, d) == rounded), _EXACT + 3)
    return messages.number(rounded, decimals, language, country)


def _word(quantity: Quantity, value: str, language: Language) -> str:
    from mine_energy.vocabulary import choices

    if quantity.unit != "word":
        return value
    known = choices(quantity.key)
    if value in known:
        return known[value].label(language)
    return messages.catalogue(language).get(f"cli.word.{value}", value)
