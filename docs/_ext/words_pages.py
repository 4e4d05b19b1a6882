"""The glossary, from the vocabulary, and the columns of an inventory."""

import unicodedata
from typing import Final

from markdown import code, head, plain, table, texts

from mine_energy import vocabulary
from mine_energy.errors import Language
from mine_energy.io.columns import INVENTORY_KEYS, KINDS, REQUIRED_KEYS

SHOWN_ALIASES: Final = 4


def glossary(language: Language) -> str:
    """Return the glossary in a language, in its alphabet's order."""
    parts, letter = [head("glossary", language)], ""
    for term in sorted(vocabulary.terms().values(), key=lambda term: _order(term.label(language))):
        first = _order(term.label(language))[0].upper()
        if first != letter:
            letter = first
            parts.append(f"## {letter}\n")
        parts.append(_entry(term, language))
    return "\n".join(parts)


def _entry(term: vocabulary.Term, language: Language) -> str:
    other = term.label("en" if language == "es" else "es")
    title = f"{plain(term.label(language))} ({plain(other)})"
    unit = f" · {plain(term.unit)}" if term.unit else ""
    source = f" *{plain(term.source)}.*" if term.source else ""
    return f"{title}\n: {code(term.key)}{unit}\n\n  {plain(term.definition(language))}.{source}\n"


def _order(label: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", label.lower()) if not unicodedata.combining(c))


def inventory(language: Language) -> str:
    """Return the columns of an inventory and the words that they accept."""
    said = texts("inventory", language)
    terms = vocabulary.terms()
    rows = []
    for key in INVENTORY_KEYS:
        term = terms[key]
        name = f"**{plain(term.label(language))}**" + (f" ({said['required']})" if key in REQUIRED_KEYS else "")
        also = ", ".join(plain(alias) for alias in term.aliases[:SHOWN_ALIASES])
        rows.append((f"{name} {code(key)}", plain(term.unit), plain(term.definition(language)), also))
    accepted = [
        (
            f"{plain(terms[key].label(language))} {code(key)}",
            ", ".join(plain(choice.label(language)) for choice in choices.values()),
        )
        for key in INVENTORY_KEYS
        if KINDS.get(key) == "word" and (choices := vocabulary.choices(key))
    ]
    parts = [head("inventory", language), table(said["heads"], rows)]
    return "\n".join([*parts, f"## {said['words']}\n", table(said["word_heads"], accepted)])
