"""The error tree, and warnings as data.

::

    MineEnergyError            exit code 1
    +-- InputError             3   an input is wrong: every problem of every file, in one list
    +-- MissingData            4   a packaged table has no such row: lists what exists
    |   +-- MissingInput       4   ... and the places of the site file that ask for it (an InputError too)
    +-- Infeasible             5   no design meets the request
    +-- OutputError            6   a result cannot be written

Nothing here holds a sentence: a :class:`Problem` and a :class:`Finding` are a key and its parameters, and
:mod:`mine_energy.messages` turns them into Spanish or English.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from typing import Literal

Param = str | int | float
"""What a message may carry. Floats are formatted by the reader's locale; strings are shown as they are."""

Level = Literal["info", "assumption", "warning"]

Language = Literal["es", "en"]
"""Languages in which every text exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with one place of one input.

    Parameters
    ----------
    key
        Message key: ``problems.<key>.reason`` and ``problems.<key>.fix`` exist in every language.
    file
        Name of the file as the user wrote it (never an absolute path of ours).
    sheet, cell, line, field
        Where in it: a worksheet and an A1 address, a 1-based line of a text file, or a dotted key of a TOML file.
    value
        What was found there, as text.
    params
        Further values that the message mentions.
    """

    key: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int | None = None
    field: str = ""
    value: str = ""
    params: Mapping[str, Param] = _field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a reader of the results has to know: a warning, an assumption, a limit.

    Parameters
    ----------
    key
        Message key: ``findings.<key>`` exists in every language.
    level
        ``info``, ``assumption`` (a value that the user may replace) or ``warning``.
    subject
        What it is about: a motor tag, a file, a month; may be empty.
    params
        Values that the message mentions.
    """

    key: str
    level: Level = "info"
    subject: str = ""
    params: Mapping[str, Param] = _field(default_factory=dict)


class MineEnergyError(Exception):
    """Base of every error the package raises on purpose; ``str()`` is English and for developers."""

    exit_code = 1


class InputError(MineEnergyError):
    """One or more inputs are wrong.

    Parameters
    ----------
    problems
        Every problem found, in the order of files and places. Never empty.
    """

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        if not self.problems:
            raise AssertionError("InputError needs at least one problem")
        places = (f"{p.file}:{p.sheet}{p.cell or p.line or p.field}: {p.key} {p.value!r}" for p in self.problems)
        super().__init__("; ".join(places))


class MissingData(MineEnergyError):
    """A packaged table has no row for what was asked.

    Parameters
    ----------
    key
        Message key: ``missing.<key>`` exists in every language.
    params
        Values the message mentions. ``available`` lists what exists.
    """

    exit_code = 4

    def __init__(self, key: str, **params: Param) -> None:
        self.key = key
        self.params = params
        super().__init__(f"{key}: {params}")


class MissingInput(InputError, MissingData):
    """All that is wrong with the inputs is that they ask for packaged data that do not exist.

    Parameters
    ----------
    problems
        One for each thing asked for, with its place in the site file; `key` and `params` are the first one's.
    """

    exit_code = 4

    def __init__(self, problems: Iterable[Problem]) -> None:
        InputError.__init__(self, problems)
        self.key, self.params = self.problems[0].key, dict(self.problems[0].params)


class Infeasible(MineEnergyError):
    """No design meets the request.

    Parameters
    ----------
    key
        Message key: ``infeasible.<key>`` exists in every language.
    params
        Values the message mentions.
    """

    exit_code = 5

    def __init__(self, key: str, **params: Param) -> None:
        self.key = key
        self.params = params
        super().__init__(f"{key}: {params}")


class OutputError(MineEnergyError):
    """A result file cannot be written; the earlier files are untouched.

    Parameters
    ----------
    path
        The file that could not be written, as the user wrote it.
    reason
        ``permission``, ``disk_full``, ``not_a_directory`` or ``other``; of a PDF ``pdf_no_printer``, ``pdf_failed`` or
        ``pdf_late``: ``output.<reason>`` exists in every language.
    """

    exit_code = 6

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")
