"""The command reference, from the program itself: every command, argument and option in the user's language."""

from collections.abc import Iterator
from typing import Any, Final

import typer
from markdown import code, head, plain, table, texts

from mine_energy.cli.app import app
from mine_energy.cli.usage import localise
from mine_energy.errors import Infeasible, InputError, Language, MissingData, OutputError

EXITS: Final = (
    ("done", 0),
    ("fault", 1),
    ("usage", 2),
    *((kind.__name__, kind.exit_code) for kind in (InputError, MissingData, Infeasible, OutputError)),
)


def commands(language: Language) -> str:
    """Return every command with its usage, arguments and options, and the exit codes."""
    said = texts("commands", language)
    root = typer.main.get_command(app)
    localise(root, language)
    parts = [head("commands", language)]
    for names, command, context in _walk(root, ("mine-energy",), None):
        mark = "##" if len(names) <= 2 else "###"
        rows = [(code(name), plain(text)) for name, text in _records(command, context)]
        usage = command.get_usage(context)
        help_text = str(command.help or "").rstrip(".")
        parts += [
            f"{mark} `{' '.join(names)}`\n",
            f"{plain(help_text)}.\n",
            f"```\n{usage}\n```\n",
            table(said["heads"], rows),
        ]
    when = texts("exits", language)
    rows = [(str(number), when[name] + (f" {code(name)}" if name[0].isupper() else "")) for name, number in EXITS]
    return "\n".join([*parts, f"## {said['exits']}\n", table(said["exit_heads"], rows)])


def _walk(command: Any, names: tuple[str, ...], parent: Any) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    context = command.context_class(command, info_name=names[-1], parent=parent)
    yield names, command, context
    for name, child in getattr(command, "commands", {}).items():
        yield from _walk(child, (*names, name), context)


def _records(command: Any, context: Any) -> Iterator[tuple[str, str]]:
    """Yield what is written and what it does; the common last options are left to the root's table."""
    for parameter in (*command.params, command.get_help_option(context)):
        record = parameter.get_help_record(context)
        if record:
            yield str(record[0]), str(record[1])
