"""One table behind Excel headers, report headings, JSON Schema descriptions and the glossary.

``data/vocabulary.csv`` gives each key its unit, decimals, label, definition and further accepted headers in Spanish
and English. A header matches when it equals a label, an alias or the key, ignoring case, accents, punctuation and a
unit in brackets at its end.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from mine_energy.catalog import table
from mine_energy.errors import Language

_UNIT = re.compile(r"[\[(]([^\[\]()]*)[\])]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One quantity or field of the product.

    Parameters
    ----------
    key
        Name in code and files; ends in its unit.
    unit
        As shown to people; empty for texts and pure numbers.
    decimals
        Digits shown after the mark.
    label_es, label_en, definition_es, definition_en
        What people read.
    aliases
        Further headers accepted on input, in either language.
    source
        Standard or document that defines the term; empty for words of ours.
    """

    key: str
    unit: str
    decimals: int
    label_es: str
    label_en: str
    definition_es: str
    definition_en: str
    aliases: tuple[str, ...]
    source: str

    def label(self, language: Language) -> str:
        """Return the heading in `language`."""
        return self.label_es if language == "es" else self.label_en

    def definition(self, language: Language) -> str:
        """Return the definition in `language`."""
        return self.definition_es if language == "es" else self.definition_en


@cache
def terms() -> Mapping[str, Term]:
    """Return every term by its key, in table order."""
    return MappingProxyType({row["key"]: _term(row) for row in table("vocabulary.csv")})


def _term(row: Mapping[str, str]) -> Term:
    return Term(
        key=row["key"],
        unit=row["unit"],
        decimals=int(row["decimals"] or 0),
        label_es=row["label_es"],
        label_en=row["label_en"],
        definition_es=row["definition_es"],
        definition_en=row["definition_en"],
        aliases=tuple(a.strip() for a in row["aliases"].split(";") if a.strip()),
        source=row["source"],
    )


def normalise(header: str) -> str:
    """Return a header reduced to lower-case letters and digits separated by single spaces, without accents."""
    plain = unicodedata.normalize("NFKD", header)
    letters = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    return " ".join(re.findall(r"[a-z0-9%]+", letters))


def split_unit(header: str) -> tuple[str, str]:
    """Return a header's name and the unit in brackets at its end (empty when there is none).

    >>> split_unit("Potencia nominal [hp]")
    ('Potencia nominal', 'hp')
    """
    match = _UNIT.search(header)
    return (header[: match.start()].strip(), match.group(1).strip()) if match else (header.strip(), "")


def match(header: str, among: Collection[str]) -> str | None:
    """Return the key of the term a header names, or None.

    Parameters
    ----------
    header
        As a person wrote it; a unit in brackets at its end is ignored (see :func:`split_unit`).
    among
        Keys that make sense in this table: "Potencia" is a plate's power in an inventory and a demand in a meter file.
    """
    wanted = {normalise(split_unit(header)[0]), normalise(header)}
    return next((key for key in among if wanted & _names(key)), None)


@cache
def _names(key: str) -> frozenset[str]:
    term = terms()[key]
    return frozenset(normalise(name) for name in (term.key, term.label_es, term.label_en, *term.aliases))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One allowed value of a field that takes words: ``grinding`` of ``process``."""

    key: str
    label_es: str
    label_en: str
    aliases: tuple[str, ...]

    def label(self, language: Language) -> str:
        """Return the word in `language`."""
        return self.label_es if language == "es" else self.label_en


@cache
def choices(field: str) -> Mapping[str, Choice]:
    """Return the allowed values of a word field (``data/choices.csv``), by key."""
    return MappingProxyType(
        {
            row["key"]: Choice(
                key=row["key"],
                label_es=row["label_es"],
                label_en=row["label_en"],
                aliases=tuple(a.strip() for a in row["aliases"].split(";") if a.strip()),
            )
            for row in table("choices.csv")
            if row["field"] == field
        }
    )


def match_choice(field: str, word: str) -> str | None:
    """Return the key of the allowed value that `word` names in either language, or None."""
    wanted = normalise(word)
    for choice in choices(field).values():
        if wanted in {normalise(n) for n in (choice.key, choice.label_es, choice.label_en, *choice.aliases)}:
            return choice.key
    return None
