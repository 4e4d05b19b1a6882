"""PVsyst's text of components: ``Key=Value`` lines in blocks that ``PVObject_`` or a type opens and ``End of`` closes.

Blocks are followed by their own words, not by their indentation, which editors and mail lose. The old binary form is
told by its bytes and refused by name.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from mine_energy.errors import InputError, Problem
from mine_energy.io.text_files import decode

_END: Final = re.compile(r"^end of\b.*?(\w+)\s*$", re.IGNORECASE)
_POINT: Final = re.compile(r"^Point_(\d+)$", re.IGNORECASE)
_MAX_LINES: Final = 20000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value as written, and its line."""

    text: str
    line: int


@dataclass(slots=True, kw_only=True)
class Block:
    """A block: its name, what it holds by lower-case key, and the blocks inside it."""

    name: str
    line: int
    entries: dict[str, Entry] = field(default_factory=dict)
    blocks: list["Block"] = field(default_factory=list)

    def find(self, key: str) -> Entry | None:
        """Return a value by its key, this block's own before those of the blocks inside."""
        own = self.entries.get(key.lower())
        if own is not None:
            return own
        return next((entry for block in self.blocks if (entry := block.find(key)) is not None), None)

    def block(self, name: str) -> "Block | None":
        """Return a block inside by its name."""
        for inner in self.blocks:
            if inner.name.lower() == name.lower():
                return inner
            deeper = inner.block(name)
            if deeper is not None:
                return deeper
        return None


def read_blocks(content: bytes, name: str, kinds: tuple[str, ...]) -> Block:
    """Return the component of a file.

    Parameters
    ----------
    content
        Bytes: UTF-8 or Windows' Western code page.
    name
        How messages call the file.
    kinds
        What it may be: ``pvModule``, ``pvGInverter``.

    Raises
    ------
    InputError
        Binary, empty, another component, or a block that is not closed or closed twice: with the line.
    """
    text = decode(content)
    if text is None or not text.strip():
        raise InputError([Problem(key="pvsyst_not_text", file=name)])
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > _MAX_LINES:
        raise InputError([Problem(key="pvsyst_not_text", file=name)])
    return _component(lines, name, kinds)


def _component(lines: list[str], name: str, kinds: tuple[str, ...]) -> Block:
    # A word opens a block if some later line ends it: "Model=TSM550" and "Converter=TConverter" look alike.
    ended = {found.group(1).lower() for line in lines if (found := _END.match(line.strip()))}
    root = Block(name="", line=0)
    open_blocks = [root]
    for number, line in enumerate(lines, 1):
        words = line.strip().lstrip("\ufeff")
        if not words:
            continue
        if _END.match(words):
            if len(open_blocks) == 1:
                raise InputError([Problem(key="pvsyst_end_without_start", file=name, line=number, value=words[:80])])
            open_blocks.pop()
        elif len(open_blocks) == 1 and not words.lower().startswith("pvobject_"):
            raise InputError([_other(name, number, words, kinds)])
        else:
            _take(words, number, open_blocks, ended)
    if len(open_blocks) > 1:
        left = open_blocks[-1]
        raise InputError([Problem(key="pvsyst_not_closed", file=name, line=left.line, value=left.name)])
    first = root.blocks[0]
    kind = first.entries["pvobject_"].text
    if kind.lower() not in {one.lower() for one in kinds}:
        raise InputError([_other(name, first.line, kind, kinds)])
    return first


def _other(name: str, line: int, words: str, kinds: tuple[str, ...]) -> Problem:
    params = {"expected": kinds[0]}
    return Problem(key="pvsyst_other_object", file=name, line=line, value=words[:80], params=params)


def _take(words: str, number: int, open_blocks: list[Block], ended: set[str]) -> None:
    """Put a line into the innermost block, or open a block inside it."""
    key, equals, text = (part.strip() for part in words.partition("="))
    name = key.split(",")[0].strip()
    inside = open_blocks[-1]
    counted = "," in key and name.lower() in ended
    if key.lower().startswith("pvobject_") or text.lower() in ended or counted:
        block = Block(name=name, line=number)
        block.entries[key.lower()] = Entry(text=text, line=number)
        inside.blocks.append(block)
        open_blocks.append(block)
    elif equals:
        inside.entries.setdefault(key.lower(), Entry(text=text, line=number))


def points_of(block: Block) -> list[tuple[Entry, int]]:
    """Return the ``Point_n`` lines of a profile in the order of their numbers."""
    found = [(int(match.group(1)), entry) for key, entry in block.entries.items() if (match := _POINT.match(key))]
    return [(entry, number) for number, entry in sorted(found, key=lambda pair: pair[0])]
