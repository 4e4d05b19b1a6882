"""Numbers, money, shares and dates as a reader of one country writes them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from mine_energy import messages
from mine_energy.audit import EndUse
from mine_energy.errors import Finding, Param
from mine_energy.messages import Language
from mine_energy.tariffs import load_tariff, packaged_tariffs
from mine_energy.vocabulary import choices, terms

NOTHING: Final = "–"
"""Stands where a quantity does not exist."""
_HARD_SPACE: Final = "\u00a0"
_KEYED: Final = {"country": "country", "grid": "country", "kind": "factor_kind", "case": "debt_case"}
"""Parameters of findings that hold a key of ours, and the field that names its values."""


class Titled(Protocol):
    """Something with a title in both languages."""

    @property
    def title_es(self) -> str:
        """Spanish."""
        ...

    @property
    def title_en(self) -> str:
        """English."""
        ...


class Labelled(Protocol):
    """Something with a label in both languages."""

    @property
    def label_es(self) -> str:
        """Spanish."""
        ...

    @property
    def label_en(self) -> str:
        """English."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes for one language and country.

    Parameters
    ----------
    language
        ``es`` or ``en``.
    country
        ISO 3166 code; decides the marks of Spanish numbers.
    """

    language: Language
    country: str

    def text(self, key: str, /, **params: Param) -> str:
        """Return the report's text `key`."""
        return messages.text(f"report.{key}", self.language, self.country, **params)

    def number(self, value: float | None, decimals: int = 0, unit: str = "") -> str:
        """Return a number with a fixed count of decimals."""
        if value is None:
            return NOTHING
        return self._with_unit(messages.number(value, decimals, self.language, self.country), unit)

    def estimate(self, value: float | None, unit: str = "", digits: int = 3) -> str:
        """Return an estimate: three significant figures say how well it is known."""
        if value is None:
            return NOTHING
        return self._with_unit(messages.significant(value, self.language, self.country, digits), unit)

    def tick(self, value: float) -> str:
        """Return a round value of an axis, with no more decimals than it has."""
        decimals = next((d for d in range(4) if abs(value - round(value, d)) < 1e-9 * max(1.0, abs(value))), 4)
        return self.number(value, decimals)

    def percent(self, ratio: float | None, decimals: int = 1) -> str:
        """Return a ratio of 0..1 as per cent: ``12,3 %`` in Spanish, ``12.3%`` in English."""
        if ratio is None:
            return NOTHING
        shown = messages.number(100.0 * ratio, decimals, self.language, self.country)
        return shown + (f"{_HARD_SPACE}%" if self.language == "es" else "%")

    def money(self, value: float | None, currency: str, digits: int = 3) -> str:
        """Return an amount with its currency's code, which leaves no doubt about which pesos or dollars."""
        if value is None:
            return NOTHING
        return f"{currency}{_HARD_SPACE}{messages.significant(value, self.language, self.country, digits)}"

    def span(self, low: float, high: float, unit: str = "") -> str:
        """Return a range of two estimates; a dash beside a minus sign would be read as one."""
        mark = "\u2013" if low >= 0 else " \u2026 "
        return f"{self.estimate(low)}{mark}{self.estimate(high, unit)}"

    def date(self, day: datetime.date) -> str:
        """Return a date in words."""
        from babel.dates import format_date  # noqa: PLC0415  (30 ms that --version need not pay)

        return format_date(day, format="long", locale=messages.babel_locale(self.language, self.country))

    def day(self, day: datetime.date) -> str:
        """Return a date for a table: ``3 sep 2025``; no country reads it in another order."""
        return _HARD_SPACE.join((str(day.day), self.month_names()[day.month - 1], str(day.year)))

    def days(self, first: datetime.date, last: datetime.date) -> str:
        """Return a period from its first to its last day."""
        return f"{self.day(first)} – {self.day(last)}"

    def month_names(self) -> tuple[str, ...]:
        """Return the twelve months, abbreviated."""
        return tuple(self.text(f"month.m{month:02d}") for month in range(1, 13))

    def label(self, key: str) -> str:
        """Return the vocabulary's heading of a quantity."""
        return self._local(terms()[key].label(self.language))

    def unit(self, key: str) -> str:
        """Return the vocabulary's unit of a quantity, in the reader's words."""
        return self.unit_words(terms()[key].unit)

    def unit_words(self, unit: str) -> str:
        """Return a unit as the reader writes it: a year is *a* in the tables and ``año`` or ``year`` to people."""
        year = self.text("unit.year")
        shown = unit.replace("/a", f"/{year}") if unit.endswith("/a") else unit
        return self.text("unit.years") if shown in {"años", "years"} else shown

    def word(self, field: str, key: str) -> str:
        """Return the word for a value of a field: the vocabulary's, else the report's own, else the key itself."""
        known = choices(field)
        if key in known:
            return self._local(known[key].label(self.language))
        return self._local(messages.catalogue(self.language).get(f"report.word.{field}.{key}", key))

    def finding(self, finding: Finding) -> str:
        """Return a finding in words, with names in place of the program's own keys."""
        params = dict(finding.params)
        for name, field in _KEYED.items():
            if isinstance(params.get(name), str):
                params[name] = self.word(field, str(params[name]))
        if finding.key.startswith("tariff_surcharge_"):
            params["name"] = self.word("bill_line", str(params["name"]))
        if isinstance(params.get("unit"), str):
            params["unit"] = str(params["unit"]).replace("tCO2", "t CO₂")
        if "tariff" in params:
            params["tariff"] = self.tariff(str(params["tariff"]))
        return messages.finding_text(replace(finding, params=params), self.language, self.country)

    def tariff(self, name: str) -> str:
        """Return the title of a packaged tariff; a tariff of the user's keeps its name."""
        if name not in packaged_tariffs():
            return name
        return self.title(load_tariff(name))

    def title(self, named: Titled) -> str:
        """Return the title of a tariff, or of a bill under it."""
        return self._local(named.title_es if self.language == "es" else named.title_en)

    def line(self, named: Labelled) -> str:
        """Return the label of a line of a bill."""
        return self._local(named.label_es if self.language == "es" else named.label_en)

    def subject(self, name: str) -> str:
        """Return what a finding is about: a name of the user's as it is, a word of the program in the language."""
        return messages.catalogue(self.language).get(f"report.word.subject.{name}", name)

    def join(self, words: Sequence[str]) -> str:
        """Return a list as words: ``a, b y c``."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.text('and')} {words[-1]}"

    def _local(self, words: str) -> str:
        return messages.localised(words, self.language, self.country)

    @staticmethod
    def _with_unit(shown: str, unit: str) -> str:
        return f"{shown}{_HARD_SPACE}{unit}" if unit else shown


def use_name(use: EndUse, w: Writer) -> str:
    """Return the name of a process, or of a loss of the network."""
    return w.word("process" if use.kind == "process" else "network_loss", use.process)
