"""One figure or word of a study, with the name under which another study has the same one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from mine_energy import messages
from mine_energy.report.format import Writer

Value = str | float | int | bool | None

Section = Literal["inputs", "prices", "results"]
Group = Literal[
    "program",
    "site",
    "files",
    "inventory",
    "weather",
    "tariff",
    "factors",
    "finance",
    "tables",
    "states",
    "sizes",
    "coverage",
    "savings",
    "money",
    "lender",
    "carbon",
    "scope3",
    "plan",
    "bands",
]
GROUPS: Final[Mapping[Group, Section]] = {
    "program": "inputs",
    "site": "inputs",
    "files": "inputs",
    "inventory": "inputs",
    "weather": "inputs",
    "tariff": "prices",
    "factors": "prices",
    "finance": "prices",
    "tables": "prices",
    "states": "results",
    "sizes": "results",
    "coverage": "results",
    "savings": "results",
    "money": "results",
    "lender": "results",
    "carbon": "results",
    "scope3": "results",
    "plan": "results",
    "bands": "results",
}
"""Groups in the order in which they are shown, each in its section."""

_NAMES: Final = ("tag", "name", "id", "key", "label", "meter", "month")
"""What tells the elements of a list apart, so that an insertion changes one element and not all after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A figure or word of one study.

    Parameters
    ----------
    group
        Where it stands.
    key
        Its name, the same in every language.
    label, unit
        As people read them.
    value
        None where the quantity does not exist.
    share
        Whether the value is a ratio, shown as per cent.
    exact
        Whether somebody wrote the value: it is shown with all its digits, where a result has three.
    word
        The value as people read it; empty for a value that is shown as it is.
    part, part_label
        The thing it belongs to, where that may be missing as a whole in the other study: a machine, a measure.
    """

    group: Group
    key: str
    label: str
    value: Value
    unit: str = ""
    share: bool = False
    exact: bool = False
    word: str = ""
    part: str = ""
    part_label: str = ""


def flat(node: Any, path: str = "", part: str = "") -> Iterator[tuple[str, str, Value]]:
    """Yield every value of a JSON document: its dotted name, the element of a list that it belongs to, the value.

    Parameters
    ----------
    node
        Mappings, lists and plain values.
    path, part
        Names so far.
    """
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from flat(value, f"{path}.{key}" if path else str(key), part)
    elif isinstance(node, list | tuple):
        if all(not isinstance(value, Mapping | list | tuple) for value in node):
            yield path, part, ", ".join(str(value) for value in node)
            return
        for name, value in zip(_element_names(node), node, strict=True):
            element = f"{path}[{name}]"
            yield from flat(value, element, part or element)
    else:
        yield path, part, node


def _element_names(elements: Sequence[Any]) -> list[str]:
    for key in _NAMES:
        names = [str(element[key]) for element in elements if isinstance(element, Mapping) and element.get(key)]
        if len(names) == len(elements) == len(set(names)):
            return names
    return [str(position) for position in range(1, len(elements) + 1)]


def text(key: str, w: Writer) -> str:
    """Return a text of the comparison."""
    return messages.text(f"compare.{key}", w.language, w.country)
