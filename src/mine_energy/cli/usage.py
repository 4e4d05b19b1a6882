"""Help and usage errors in the user's language: what typer says in English by itself, said again in words of ours."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import typer

from mine_energy import messages
from mine_energy.messages import Language

USAGE_ERROR: Final[type[Exception]] = typer.BadParameter.__mro__[1]
"""Typer's class of everything wrong on a command line; it names only some of its children in public."""

_Q: Final = r"['\"`]?"
_PATTERNS: Final[Mapping[str, str]] = {
    "no_option": rf"No such option:? {_Q}(?P<name>[^\s'\"]+?){_Q}\.?(?: .*(?:options|mean):? (?P<words>[^)?]+).*)?",
    "no_command": rf"No such command {_Q}(?P<name>[^'\"]*){_Q}\.(?: Did you mean (?P<words>.+)\?)?",
    "no_command_given": r"Missing command\.",
    "extra": r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\)",
    "needs_value": rf"Option {_Q}(?P<name>[^'\"]*){_Q} requires .*",
    "takes_no_value": rf"Option {_Q}(?P<name>[^'\"]*){_Q} does not take a value\.",
    "missing_argument": rf"Missing argument {_Q}(?P<name>[^'\"]*?){_Q}\.(?:\s*Choose from:?\s*(?P<words>.*))?",
    "missing_option": rf"Missing option {_Q}(?P<name>[^'\"]*?){_Q}\.(?:\s*Choose from:?\s*(?P<words>.*))?",
    "invalid_bare": r"Invalid value: (?P<reason>.*)",
    "invalid": rf"Invalid value for {_Q}(?P<name>[^:'\"]*?){_Q}: (?P<reason>.*)",
}
"""Sentences of typer and of click, whose place of an error is nothing but its text."""
_REASONS: Final[Mapping[str, str]] = {
    "not_one_of": r"(?:Value error, )?'(?P<name>.*)' is not one of (?P<words>.*)\.",
    "at_most": r"Input should be less than or equal to (?P<limit>\S+)",
    "at_least": r"Input should be greater than or equal to (?P<limit>\S+)",
    "in_range": r"'?(?P<name>\S+?)'? is not in the range (?P<range>.+?)\.",
    "not_whole": r"Input should be a valid integer.*|'.*' is not a valid integer.*",
    "not_a_number": r"Input should be a valid number.*|'.*' is not a valid float.*",
}


def describe(error: Any, language: Language) -> str:
    """Return a usage error as lines: how the command is used, where its help is, what is wrong.

    Parameters
    ----------
    error
        Of class :data:`USAGE_ERROR`. A group called without a command carries its whole help as its message.
    language
        Of the texts.
    """
    context, message = error.ctx, error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(message)
    lines = [_text("error", language, text=translated(message, language))]
    if context is not None:
        lines = [context.get_usage(), _text("try", language, command=context.command_path), "", *lines]
    return "\n".join(lines)


def translated(message: str, language: Language) -> str:
    """Return a sentence of typer in a language; one that is not known stays as it is."""
    found = _matched(message, _PATTERNS)
    if found is None:
        return message
    key, parts = found
    words = parts.pop("words", None)
    if key.startswith("invalid"):
        parts["reason"] = _reason(parts["reason"], language)
    line = _text(key, language, **parts) if key != "extra" else _text(key, language, words=words or "")
    if words and key != "extra":
        one = "accepted" if key.startswith("missing") else "suggestion"
        line = f"{line} {_text(one, language, words=_listed(words))}"
    return line


def _matched(message: str, patterns: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    for key, pattern in patterns.items():
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return key, {name: value.strip() for name, value in match.groupdict().items() if value is not None}
    return None


def _reason(reason: str, language: Language) -> str:
    found = _matched(reason, _REASONS)
    if found is None:
        return reason
    key, parts = found
    return _text(key, language, **{name: _listed(part) if name == "words" else part for name, part in parts.items()})


def _listed(words: str) -> str:
    return ", ".join(part.strip(" '\"\n\t") for part in words.split(",") if part.strip(" '\"\n\t"))


def localise(command: Any, language: Language) -> None:
    """Let a command, its options and its subcommands speak a language, in their captions too.

    Keys in help texts become texts. Captions (*Usage*, *Options*, *required* ...) go through a help formatter, and
    that through a context: both are places that typer leaves to its users.

    Parameters
    ----------
    command
        As typer makes it from the app.
    language
        Of the texts.
    """
    texts = messages.catalogue(language)
    captions = {key.removeprefix("cli.caption."): text for key, text in texts.items() if key.startswith("cli.caption.")}
    _localise(command, texts, _context_class(captions), captions)


def _localise(command: Any, texts: Mapping[str, str], context: type, captions: Mapping[str, str]) -> None:
    command.context_class = context
    command.options_metavar = captions["options_metavar"]
    command.help = texts.get(command.help, command.help)
    # A short help is never cut: without one, typer takes the first words of the help that fit on the line.
    command.short_help = command.help
    for parameter in (*command.params, command.get_help_option(context(command))):
        written = getattr(parameter, "help", None)
        if written:
            parameter.help = texts.get(written) or captions.get(written, written)
    children = getattr(command, "commands", {})
    if children:
        command.subcommand_metavar = captions["command_metavar"]
    for child in children.values():
        _localise(child, texts, context, captions)


def _context_class(captions: Mapping[str, str]) -> type:
    base: Any = typer.Context.formatter_class

    def usage(self: Any, prog: str, args: str = "", prefix: str | None = None) -> None:
        base.write_usage(self, prog, args, captions["usage"] if prefix is None else prefix)

    def heading(self: Any, heading: str) -> None:
        base.write_heading(self, captions.get(heading, heading))

    def definitions(self: Any, rows: Sequence[tuple[str, str]], **more: Any) -> None:
        base.write_dl(self, [(name, _extras(text, captions)) for name, text in rows], **more)

    written = {"write_usage": usage, "write_heading": heading, "write_dl": definitions}
    return type("LocalContext", (typer.Context,), {"formatter_class": type("LocalFormatter", (base,), written)})


def _extras(text: str, captions: Mapping[str, str]) -> str:
    """Return a help text whose notes in square brackets, *[default: 60; required]*, are in the user's language."""
    return re.sub(r"\[[^\[\]]*\]$", partial(_extra, captions=captions), text)


def _extra(match: re.Match[str], captions: Mapping[str, str]) -> str:
    shown = match.group(0)
    for word in ("required", "default: "):
        shown = shown.replace(word, captions[word.strip(": ")])
    return shown


def _text(key: str, language: Language, **params: str) -> str:
    return messages.text(f"cli.usage.{key}", language, **params)
