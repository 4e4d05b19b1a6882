"""What a chapter is, and the parts that it is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mine_energy.report.blocks import Block
from mine_energy.report.format import Writer
from mine_energy.study import Study


def always(_: Study) -> bool:
    """Say that a part belongs to every report."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a chapter: what one module writes.

    Parameters
    ----------
    id
        Its place in the document; ``report.chapter.<id>`` is its title.
    blocks
        Makes its content.
    by
        Keys of the methods behind its figures, where a table or chart has none of its own.
    applies
        Whether a study has anything to say in it.
    """

    id: str
    blocks: Callable[[Study, Writer], Sequence[Block]]
    by: tuple[str, ...]
    applies: Callable[[Study], bool] = always


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter of the report.

    Parameters
    ----------
    id
        Its place in the document; ``report.chapter.<id>`` is its title. A part of the same id opens the chapter and
        needs no title of its own.
    parts
        In reading order.
    """

    id: str
    parts: tuple[Part, ...]

    def applies(self, study: Study) -> bool:
        """Return whether any part has something to say."""
        return any(part.applies(study) for part in self.parts)
