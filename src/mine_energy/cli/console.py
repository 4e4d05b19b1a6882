"""What every command needs: the options they share, the language, and the only places that print."""

import json
import locale
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer

from mine_energy import messages
from mine_energy.cli.terminal import fitted
from mine_energy.errors import Finding, Infeasible, InputError, MineEnergyError, MissingData, OutputError, Problem
from mine_energy.messages import Language

T = TypeVar("T")

SiteFile = Annotated[Path, typer.Argument(help="cli.help.site", metavar="SITE.toml", show_default=False)]
StudyFile = Annotated[Path, typer.Argument(help="cli.help.study_file", metavar="STUDY.json", show_default=False)]
Lang = Annotated[str | None, typer.Option("--lang", help="cli.help.lang", metavar="es|en", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="cli.help.json")]
OutDir = Annotated[Path | None, typer.Option("--out", help="cli.help.out", metavar="DIR", show_default=False)]

_SPOKEN: ContextVar[Language] = ContextVar("spoken", default="es")


def speak(words: Sequence[str]) -> Language:
    """Settle on the language of a command line and return it."""
    language = language_of(words)
    _SPOKEN.set(language)
    return language


def language_of(words: Sequence[str]) -> Language:
    """Return the language asked for with ``--lang``, else the system's, else Spanish."""
    for position, word in enumerate(words):
        if word == "--lang" and position + 1 < len(words):
            return _known_language(words[position + 1])
        if word.startswith("--lang="):
            return _known_language(word.partition("=")[2])
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if not system and os.name == "nt":
        system = locale.getlocale()[0] or ""
    return "en" if system.lower().startswith("en") else "es"


def _known_language(word: str) -> Language:
    return "en" if word == "en" else "es"


def check_language(word: str | None) -> Language:
    """Return the language of a command, from its ``--lang`` or as settled; an unknown one is a usage error."""
    if word is not None and word not in messages.LANGUAGES:
        raise typer.BadParameter(messages.text("cli.unknown_language", "es", value=word), param_hint="--lang")
    return _SPOKEN.get() if word is None else _known_language(word)


def language_only(lang: Lang = None) -> None:
    """Let a group of commands take ``--lang`` before the command."""
    check_language(lang)


# Its docstring would become the group's help; the key does that.
language_only.__doc__ = None


def explain(error: MineEnergyError, language: Language) -> None:
    """Write an expected error to stderr in words."""
    if isinstance(error, InputError):
        lines = [messages.problem_text(problem, language) for problem in error.problems]
        many = "cli.input_wrong" if len(lines) > 1 else "cli.input_wrong_one"
        say(messages.text(many, language, count=len(lines)))
        for line in lines:
            say(f"  - {line}")
    elif isinstance(error, MissingData):
        say(messages.text(f"missing.{error.key}", language, **error.params))
    elif isinstance(error, Infeasible):
        say(messages.text(f"infeasible.{error.key}", language, **error.params))
    elif isinstance(error, OutputError):
        say(messages.text(f"output.{error.reason}", language, path=error.path))
    else:
        say(str(error))


def say(line: str) -> None:
    """Write a message to stderr."""
    print(line, file=sys.stderr)  # noqa: T201  (the command line is where printing belongs)


def put(line: str = "") -> None:
    """Write a line of the result to stdout."""
    print(line)  # noqa: T201


def put_json(document: Any) -> None:
    """Write the result as JSON to stdout."""
    put(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


def put_table(rows: Sequence[Sequence[str]], indent: str = "  ", left: int = 1) -> None:
    """Print rows as aligned columns: the first `left` of them to the left, the rest to the right."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        aligned = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        put(indent + "  ".join(aligned).rstrip())


def say_findings(findings: Iterable[Finding], language: Language, country: str = "") -> None:
    """Write findings to stderr, each with its level; equal ones stand once."""
    lines = [(finding.level, finding_words(finding, language, country)) for finding in findings]
    for level, words in dict.fromkeys(lines):
        say_notice(level, words, language)


def say_notice(level: str, words: str, language: Language) -> None:
    """Write one sentence to stderr with its level."""
    say(fitted(f"{messages.text(f'cli.level.{level}', language)}: {words}", stream=sys.stderr))


def finding_words(finding: Finding, language: Language, country: str = "") -> str:
    """Return a finding in words, with names in place of the program's own keys."""
    from mine_energy.report.format import Writer

    return Writer(language=language, country=country).finding(finding)


def finding_document(finding: Finding, language: Language, country: str = "") -> dict[str, Any]:
    """Return a finding as plain JSON values, in words too."""
    return {
        "key": finding.key,
        "level": finding.level,
        "subject": finding.subject,
        "text": finding_words(finding, language, country),
    }


def problem_document(problem: Problem, language: Language) -> dict[str, Any]:
    """Return a problem as plain JSON values, in words too."""
    return {
        "key": problem.key,
        "file": problem.file,
        "sheet": problem.sheet,
        "cell": problem.cell,
        "line": problem.line,
        "field": problem.field,
        "value": problem.value,
        "text": messages.problem_text(problem, language),
    }


_PATIENCE_SECONDS: Final = 2.0


def working(language: Language, work: Callable[[], T]) -> T:
    """Run `work`; on a terminal, show after two seconds that something is going on."""
    if not sys.stderr.isatty():
        return work()
    from rich.console import Console

    status = Console(stderr=True).status(messages.text("cli.working", language))
    late = threading.Timer(_PATIENCE_SECONDS, status.start)
    late.daemon = True
    late.start()
    try:
        return work()
    finally:
        late.cancel()
        late.join()
        status.stop()


@contextmanager
def progress_of(title: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that takes parts done and parts in all; on a terminal a bar shows after two seconds."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(title, total=None)
    late = threading.Timer(_PATIENCE_SECONDS, bar.start)
    late.daemon = True
    late.start()
    try:
        yield lambda done, total: bar.update(task, completed=done, total=total)
    finally:
        late.cancel()
        late.join()
        bar.stop()


SCHEMA_VERSION: Final = "1.0"
"""Of the JSON that commands print; ``study.json`` has its own."""
