"""The command's root: its groups, its exit code, and the order in which help lists them."""

import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from mine_energy import messages
from mine_energy._version import __version__
from mine_energy.cli import audit, calc, compare, init, inputs, load, plan, pv, show, size, study, verify, weather, web
from mine_energy.cli.console import Lang, explain, put, say, speak
from mine_energy.cli.usage import USAGE_ERROR, describe, localise
from mine_energy.errors import MineEnergyError

app = typer.Typer(
    name="mine-energy",
    help="cli.help.app",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


_USAGE: Final = 2
_INTERRUPTED: Final = 130
"""What shells give a command that Ctrl+C stopped."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    Parameters
    ----------
    arguments
        Words after the command's name; those of the process when None.

    Notes
    -----
    Exit codes: 0 done, 1 our bug, 2 usage, 3 input wrong, 4 data missing, 5 no feasible design, 6 cannot write,
    130 stopped by Ctrl+C.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console that cannot show a letter shows a question mark; it never stops the work.
            stream.reconfigure(errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = speak(words)
    command = typer.main.get_command(app)
    localise(command, language)
    try:
        code = command.main(args=words, prog_name="mine-energy", standalone_mode=False) or 0
        if code == _INTERRUPTED:
            say(messages.text("cli.interrupted", language))
        sys.exit(code)
    except USAGE_ERROR as error:
        say(describe(error, language))
        sys.exit(_USAGE)
    except typer.Abort:
        say(messages.text("cli.interrupted", language))
        sys.exit(_INTERRUPTED)
    except MineEnergyError as error:
        explain(error, language)
        sys.exit(error.exit_code)


def _version(value: bool) -> None:
    if value:
        put(f"mine-energy {__version__}")
        raise typer.Exit


@app.callback(no_args_is_help=True)
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="cli.help.version", callback=_version, is_eager=True)
    ] = False,
    lang: Lang = None,
) -> None:
    pass


# The callback's docstring would become the program's help; the key does that.
_root.__doc__ = None

app.command(help="cli.help.study")(study.study)
app.command(help="cli.help.demo")(study.demo)
app.command(help="cli.help.init")(init.init)
app.command(help="cli.help.check")(inputs.check)
app.command(help="cli.help.audit")(audit.audit)
app.add_typer(load.app, name="load", help="cli.help.load")
app.add_typer(weather.app, name="weather", help="cli.help.weather")
app.command(help="cli.help.pv")(pv.pv)
app.command(help="cli.help.size")(size.size)
app.command(help="cli.help.plan")(plan.plan)
app.command(name="verify-pack", help="cli.help.verify_pack")(verify.verify_pack)
app.command(help="cli.help.report")(study.report)
app.command(help="cli.help.compare")(compare.compare)
app.add_typer(calc.app, name="calc", help="cli.help.calc")
app.command(help="cli.help.web")(web.web)
app.command(help="cli.help.sources")(show.sources)
app.command(help="cli.help.schema")(show.schema)
