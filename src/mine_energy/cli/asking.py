"""A conversation in a terminal: a question is answered by its flag, by a person, or by its default, which is told."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from mine_energy import messages
from mine_energy.cli.console import say
from mine_energy.cli.terminal import fitted
from mine_energy.errors import InputError, Param, Problem
from mine_energy.messages import Language

T = TypeVar("T")
Options = tuple[tuple[str, str], ...]
_LISTED: Final = 5
"""Problems of a motor list that are shown before asking again."""
_TELLING: Final = 3
"""Letters that tell an option of a list by a part of its label."""


@dataclass(slots=True, kw_only=True)
class Talk:
    """One conversation: in which language, what flags already say, whether anybody is there to ask, what was wrong."""

    language: Language
    flags: Mapping[str, str | None]
    asks: bool
    problems: list[Problem] = field(default_factory=list)
    assumed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[T]):
    """One question.

    Parameters
    ----------
    key
        Name of its flag; ``cli.init.ask_<key>`` is its text.
    read
        Turns what was typed into the answer, or raises what is wrong with it.
    default
        What Enter stands for, as it would be typed; None where there is no default.
    options
        What may be chosen by its number: value and label.
    assumes
        Keys of the site file that are assumed where the default is taken, with the reason.
    shown
        The default in words, where they say more.
    """

    key: str
    read: Callable[[str], T]
    default: str | None = None
    options: Options = ()
    assumes: Mapping[str, str] = field(default_factory=dict)
    shown: str = ""


def ask(talk: Talk, question: Question[T]) -> T:
    """Return the answer of a flag, of a person, or the default where nobody is there to ask.

    Raises
    ------
    InputError
        A flag is wrong, or missing without a default, and there is nothing to go on with.
    EOFError
        The terminal was closed.
    """
    flag = talk.flags.get(question.key)
    if flag is not None:
        try:
            return _read(question, flag)
        except InputError as error:
            talk.problems += [_of_flag(problem, question.key, flag) for problem in error.problems]
            if question.default is None:
                raise InputError(talk.problems) from None
            return question.read(question.default)
    if talk.asks:
        return _asked(talk, question)
    if question.default is None:
        needed = Problem(key="flag_missing", field=f"--{question.key}")
        raise InputError([*talk.problems, needed])
    talk.assumed.update(question.assumes)
    return question.read(question.default)


def _of_flag(problem: Problem, key: str, typed: str) -> Problem:
    if problem.file:
        return problem
    return Problem(key=problem.key, field=f"--{key}", value=problem.value or typed, params=problem.params)


def _read(question: Question[T], typed: str) -> T:
    """Read an answer; a number of the list stands for its option."""
    bare = typed.strip()
    if question.options and bare.isdecimal() and 1 <= int(bare) <= len(question.options):
        bare = question.options[int(bare) - 1][0]
    if not bare and question.default is None:
        raise InputError([Problem(key="answer_missing")])
    return question.read(bare)


def _asked(talk: Talk, question: Question[T]) -> T:
    """Ask until the answer is right."""
    say("")
    say(fitted(messages.text(f"cli.init.ask_{question.key}", talk.language), stream=sys.stderr))
    for number, (_, label) in enumerate(question.options, 1):
        say(fitted(f"{number:>4}  {label}", after="      ", stream=sys.stderr))
    shown = question.shown or dict(question.options).get(question.default or "", question.default)
    while True:
        typed = _line(f"[{shown}] > " if shown else "> ")
        if not typed and question.default is not None:
            talk.assumed.update(question.assumes)
            return question.read(question.default)
        try:
            return _read(question, typed)
        except InputError as error:
            for problem in error.problems[:_LISTED]:
                say(fitted(f"  {_advice(problem, talk.language)}", after="  ", stream=sys.stderr))
            if len(error.problems) > _LISTED:
                say(f"  {messages.text('cli.init.more', talk.language, count=len(error.problems) - _LISTED)}")


def _line(prompt: str) -> str:
    """Return a line of the terminal; its prompt goes to stderr, where questions stand."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()


def _advice(problem: Problem, language: Language) -> str:
    """Return a problem in words; without a place of its own only reason and fix, for the place is the question."""
    if problem.file:
        return messages.problem_text(problem, language)
    params = {"value": problem.value, "field": problem.field, **problem.params}
    return " ".join(messages.text(f"problems.{problem.key}.{part}", language, **params) for part in ("reason", "fix"))


def one_of(typed: str, accepted: tuple[str, ...], options: Options = ()) -> str:
    """Return which of some values was meant, by itself, its label or a part of the label that tells it."""
    from mine_energy.io.starter_answers import folded

    labels = {folded(label): value for value, label in options} | {folded(value): value for value in accepted}
    wanted = folded(typed)
    like = {value for label, value in labels.items() if len(wanted) >= _TELLING and wanted in label}
    found = labels.get(wanted) or (next(iter(like)) if len(like) == 1 else None)
    if found is None:
        params: dict[str, Param] = {"accepted": ", ".join(accepted), "count": len(accepted)}
        raise InputError([Problem(key="option_unknown", value=typed, params=params)])
    return found


def words(talk: Talk, key: str, values: tuple[str, ...]) -> Options:
    """Return values with their labels in the language of the conversation."""
    return tuple((value, messages.text(f"cli.init.{key}_{value}", talk.language)) for value in values)
