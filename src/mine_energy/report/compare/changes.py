"""Two studies side by side: only what differs, with both values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import isclose
from typing import Any, Final

from mine_energy.messages import Language
from mine_energy.report.compare.beyond import further_facts
from mine_energy.report.compare.facts import GROUPS, Fact, Group, Section, Value, text
from mine_energy.report.compare.given import given_facts, price_facts
from mine_energy.report.compare.outcome import result_facts
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study

_SAME: Final = 1e-9
"""Files hold nine decimals: what differs by less is the same figure of another machine."""
_DIGITS: Final = range(3, 13)
_DECIMALS: Final = range(10)
_SMALL: Final = 0.01
_DECIDE: Final = frozenset(
    (
        *(("states", f"{state}.cost_per_year") for state in ("today", "after_measures", "after_pv")),
        ("states", "today.load_kwh"),
        ("states", "after_pv.import_kwh"),
        ("states", "after_pv.genset_kwh"),
        ("states", "after_pv.investment"),
        ("states", "after_pv.location_t_co2e"),
        ("states", "after_pv.scope1_t_co2e"),
        ("sizes", "after_measures.pv_kwp"),
        ("money", "both.npv_base"),
        ("money", "both.simple_payback_years"),
        ("plan", "left"),
    )
)
"""What a reader asks for first."""
_BY_SIZE: Final = frozenset(
    ("site", "inventory", "tariff", "factors", "finance", "savings", "plan", "lender", "scope3")
)
"""Groups without an order of their own: the largest change stands first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not the same in both studies.

    Parameters
    ----------
    group, key, label
        What.
    before, after
        In the first and the second study; None where that study does not have it.
    """

    group: Group
    key: str
    label: str
    before: Fact | None
    after: Fact | None

    @property
    def section(self) -> Section:
        """Inputs, prices or results."""
        return GROUPS[self.group]

    @property
    def ratio(self) -> float | None:
        """Difference over the first value, of two numbers of one unit; None from zero, and for ratios and angles."""
        if self.before is None or self.after is None or self.before.unit != self.after.unit:
            return None
        first, second = _number(self.before.value), _number(self.after.value)
        if self.before.share or self.before.unit == "°" or _is_name(self.key) or not first or second is None:
            return None
        # A change of sign has no meaning as a share: a loss of 10 after a gain of 5 is no fall by 300 %.
        return (second - first) / abs(first) if first * second >= 0 and not _is_place(self.key) else None

    @property
    def importance(self) -> float:
        """How far the two are apart, 0 to 1: the difference over the larger one; what is no number, or new, is 1."""
        first, second = (None if fact is None else _number(fact.value) for fact in (self.before, self.after))
        if first is None or second is None or _is_name(self.key) or _is_place(self.key):
            return 1.0
        largest = max(abs(first), abs(second))
        return min(abs(second - first) / largest, 1.0) if largest else 0.0

    def shown(self, w: Writer) -> tuple[str, str]:
        """Return both values in words, with as many digits as it takes to see that they differ."""
        before, after = self.before, self.after
        for digits in _DIGITS:
            words = _shown(before, w, digits), _shown(after, w, digits)
            if words[0] != words[1]:
                break
        return words


def changes(before: Study, after: Study, language: Language) -> tuple[Change, ...]:
    """Return what differs between two studies, group by group; the largest change first where a group has no order.

    Parameters
    ----------
    before, after
        As read from their files.
    language
        Of the labels; numbers are written as in the first study's country.
    """
    w = Writer(language=language, country=before.site.site.country)
    first, second = _facts(before, w), _facts(after, w)
    found = [*_differing(first, second), *_whole_parts(first, second)]
    order = {name: position for position, name in enumerate(GROUPS)}
    return tuple(sorted(found, key=lambda change: (order[change.group], *_rank(change))))


def _rank(change: Change) -> tuple[float, ...]:
    """Return the place within a group: what only one study has before what is another number."""
    return (-change.importance,) if change.group in _BY_SIZE else ()


def changes_document(found: Sequence[Change]) -> list[dict[str, Any]]:
    """Return changes as plain JSON values."""
    return [
        {
            "section": change.section,
            "group": change.group,
            "key": change.key,
            "label": change.label,
            "before": _plain(change.before),
            "after": _plain(change.after),
            "importance": round(change.importance, 6),
        }
        for change in found
    ]


def _plain(fact: Fact | None) -> dict[str, Value] | None:
    return None if fact is None else {"value": fact.value, "unit": fact.unit}


_Named = Mapping[tuple[Group, str], Fact]


def _facts(study: Study, w: Writer) -> _Named:
    facts = chain(given_facts(study, w), price_facts(study, w), result_facts(study, w), further_facts(study, w))
    return {(fact.group, fact.key): fact for fact in facts}


def _parts(facts: _Named) -> dict[tuple[Group, str], Fact]:
    return {(fact.group, fact.part): fact for fact in facts.values() if fact.part}


def _differing(first: _Named, second: _Named) -> list[Change]:
    """Return the facts that differ, but for those of things that one of the studies does not have at all."""
    parts = _parts(first), _parts(second)
    found = []
    for name in dict.fromkeys((*second, *first)):
        before, after = first.get(name), second.get(name)
        known = after or before
        if known is None or (known.part and any((known.group, known.part) not in one for one in parts)):
            continue
        if not _same(before, after):
            found.append(Change(group=known.group, key=known.key, label=known.label, before=before, after=after))
    return found


def _whole_parts(first: _Named, second: _Named) -> list[Change]:
    """Return the things that only one of the studies has: a machine, a measure, a line of the bill."""
    old, new = _parts(first), _parts(second)
    found = []
    for group, part in dict.fromkeys((*new, *old)):
        if (group, part) in old and (group, part) in new:
            continue
        fact = new.get((group, part)) or old[group, part]
        one = Fact(group=group, key=part, label=fact.part_label, value=True, exact=True)
        was, now = (one, None) if (group, part) in old else (None, one)
        found.append(Change(group=group, key=part, label=fact.part_label, before=was, after=now))
    return found


def _same(before: Fact | None, after: Fact | None) -> bool:
    first, second = (None if fact is None or fact.value == "" else fact.value for fact in (before, after))
    if first is None and second is None:
        return True
    if before is not None and after is not None and before.unit != after.unit:
        return False
    one, other = _number(first), _number(second)
    if one is not None and other is not None:
        return isclose(one, other, rel_tol=_SAME, abs_tol=_SAME)
    return first == second


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _is_name(key: str) -> bool:
    """Whether a number names something: a year of the calendar, the seed of a series."""
    last = key.rpartition(".")[2]
    return (last.endswith("year") and not last.endswith("per_year")) or last.endswith("seed")


def _is_place(key: str) -> bool:
    """Whether a number is a coordinate: its share of another says nothing."""
    return key.rpartition(".")[2] in {"latitude", "longitude"}


def main_changes(found: Sequence[Change], most: int = 6) -> tuple[Change, ...]:
    """Return what a reader has to see first: the results that decide and that moved most, at least by a hundredth.

    Parameters
    ----------
    found
        Of :func:`changes`.
    most
        How many at most.
    """
    named = [change for change in found if (change.group, change.key) in _DECIDE and change.importance >= _SMALL]
    return tuple(sorted(named, key=lambda change: -change.importance)[:most])


def _shown(fact: Fact | None, w: Writer, digits: int) -> str:
    if fact is None or fact.value is None or fact.value == "":
        return NOTHING
    value = fact.value
    if isinstance(value, bool):
        return text("yes" if value else "no", w)
    if isinstance(value, str) or _is_name(fact.key):
        return fact.word or str(value)
    if fact.share:
        return w.percent(value, digits - 2)
    if fact.exact:
        return w.number(value, _decimals(value), fact.unit)
    return w.estimate(value, fact.unit, digits)


def _decimals(value: float) -> int:
    near = _SAME * max(1.0, abs(value))
    return next((d for d in _DECIMALS if abs(value - round(value, d)) <= near), _DECIMALS[-1])
