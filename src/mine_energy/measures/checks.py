"""What the site file says about measures against the inventory: unknown tags, doubles, shares that do not add up."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from mine_energy.errors import InputError, Problem
from mine_energy.loads import parse_schedule
from mine_energy.measures.machine import Machine
from mine_energy.site import MeasuresChoice
from mine_energy.units import MINUTES_PER_HOUR

_LISTS: Final = (
    *("lighting", "leaks", "pressure", "intake", "unloaded", "pump", "ventilation", "idle", "drive"),
    *("soft_starter", "belt", "right_size", "new_motor", "shift"),
)
"""Lists whose entries name a machine."""
_SHARES: Final = 1e-3


def check(choice: MeasuresChoice, machines: Sequence[Machine]) -> None:
    """Refuse entries that do not fit the inventory, all at once.

    Parameters
    ----------
    choice
        The site's ``[measures]``.
    machines
        Of the inventory.

    Raises
    ------
    InputError
        Lists every problem, with the place in the site file.
    """
    problems = [*_tags(choice, {m.motor.tag for m in machines}), *_duties(choice), *_shifts(choice, machines)]
    if problems:
        raise InputError(problems)


def _tags(choice: MeasuresChoice, known: set[str]) -> Iterator[Problem]:
    named: Iterable[tuple[str, list[str]]] = [(n, [e.tag for e in getattr(choice, n)]) for n in _LISTS]
    if choice.power_factor is not None:
        named = [*named, ("power_factor.at_motor", [e.tag for e in choice.power_factor.at_motor])]
    for name, tags in named:
        counts = Counter(tags)
        for place, tag in enumerate(tags, start=1):
            field = f"measures.{name}.{place}.tag"
            if tag not in known:
                params = {"tags": ", ".join(sorted(known))}
                yield Problem(key="measure_unknown_tag", field=field, value=tag, params=params)
            elif counts[tag] > 1:
                yield Problem(key="measure_tag_twice", field=field, value=tag)


def _duties(choice: MeasuresChoice) -> Iterator[Problem]:
    drives = [("drive", place, entry.duty) for place, entry in enumerate(choice.drive, start=1)]
    fans = [("ventilation", place, entry.duty) for place, entry in enumerate(choice.ventilation, start=1)]
    for name, place, duty in (*drives, *fans):
        total = sum(share for share, _ in duty)
        if abs(total - 1) > _SHARES:
            field = f"measures.{name}.{place}.duty"
            yield Problem(key="measure_duty_shares", field=field, value=f"{total:g}")


def _shifts(choice: MeasuresChoice, machines: Sequence[Machine]) -> Iterator[Problem]:
    hours = {m.motor.tag: m.motor.hours_per_day for m in machines}
    for place, entry in enumerate(choice.shift, start=1):
        field = f"measures.shift.{place}.schedule"
        try:
            spans = parse_schedule(entry.schedule)
        except ValueError as error:
            params = {"piece": str(error)}
            yield Problem(key="load_schedule_unreadable", field=field, value=entry.schedule, params=params)
            continue
        stated = sum(end - start for start, end in spans) / MINUTES_PER_HOUR
        running = hours.get(entry.tag, stated)
        if abs(stated - running) > len(spans) / MINUTES_PER_HOUR:
            numbers = {"stated": stated, "hours": running}
            yield Problem(key="load_schedule_contradicts", field=field, value=entry.schedule, params=numbers)
