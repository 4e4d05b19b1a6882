"""What a chapter is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mine_energy.report.blocks import Block
from mine_energy.report.format import Writer
from mine_energy.study import Study


def always(_: Study) -> bool:
    """Say that a chapter belongs to every report."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter of the report.

    Parameters
    ----------
    id
        Its place in the document; ``report.chapter.<id>`` is its title.
    blocks
        Makes its content.
    applies
        Whether a study has anything to say in it.
    """

    id: str
    blocks: Callable[[Study, Writer], Sequence[Block]]
    applies: Callable[[Study], bool] = always
