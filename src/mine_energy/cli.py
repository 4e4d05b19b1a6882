"""The command ``mine-energy``: the only module that prints or sets an exit code.

Results go to stdout, messages to stderr. Heavy libraries are imported inside the commands, so that ``--version`` and
``--help`` answer at once. Texts come from ``locale/<language>/cli.toml``; an option's ``help`` below is a key there.
"""

import json
import locale
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, cast

import typer

from mine_energy import messages
from mine_energy._version import __version__
from mine_energy.errors import Finding, Infeasible, InputError, MineEnergyError, MissingData, OutputError, Problem
from mine_energy.messages import Language

if TYPE_CHECKING:
    from mine_energy.study import Study

T = TypeVar("T")
_DEMO_SITE = "site_configs/los_conquistadores.toml"

SiteFile = Annotated[Path, typer.Argument(help="cli.help.site", metavar="SITE.toml", show_default=False)]
Lang = Annotated[str | None, typer.Option("--lang", help="cli.help.lang", metavar="es|en", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="cli.help.json")]
OutDir = Annotated[Path | None, typer.Option("--out", help="cli.help.out", metavar="DIR", show_default=False)]

app = typer.Typer(
    name="mine-energy",
    help="cli.help.app",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    Parameters
    ----------
    arguments
        Words after the command's name; those of the process when None.

    Notes
    -----
    Exit codes: 0 done, 1 our bug, 2 usage, 3 input wrong, 4 data missing, 5 no feasible design, 6 cannot write.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console that cannot show a letter shows a question mark; it never stops the work.
            stream.reconfigure(errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = _language_of(words)
    command = typer.main.get_command(app)
    _translate(command, language)
    try:
        sys.exit(command.main(args=words, prog_name="mine-energy", standalone_mode=True) or 0)
    except MineEnergyError as error:
        _explain(error, language)
        sys.exit(error.exit_code)


def _language_of(words: Sequence[str]) -> Language:
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


def _translate(command: Any, language: Language) -> None:
    """Replace the keys in a command's help, its options and its subcommands by texts."""
    texts = messages.catalogue(language)
    command.help = texts.get(command.help, command.help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = texts.get(parameter.help, parameter.help)
    for child in getattr(command, "commands", {}).values():
        _translate(child, language)


def _check_language(word: str | None) -> Language:
    if word is not None and word not in messages.LANGUAGES:
        raise typer.BadParameter(messages.text("cli.unknown_language", "es", value=word), param_hint="--lang")
    return _language_of(sys.argv[1:]) if word is None else _known_language(word)


def _explain(error: MineEnergyError, language: Language) -> None:
    """Write an expected error to stderr in words."""
    if isinstance(error, InputError):
        lines = [messages.problem_text(problem, language) for problem in error.problems]
        _say(messages.text("cli.input_wrong", language, count=len(lines)))
        for line in lines:
            _say(f"  - {line}")
    elif isinstance(error, MissingData):
        _say(messages.text(f"missing.{error.key}", language, **error.params))
    elif isinstance(error, Infeasible):
        _say(messages.text(f"infeasible.{error.key}", language, **error.params))
    elif isinstance(error, OutputError):
        _say(messages.text(f"output.{error.reason}", language, path=error.path))
    else:
        _say(str(error))


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201  (the command line is where printing belongs)


def _put(line: str = "") -> None:
    print(line)  # noqa: T201


def _put_json(document: Any) -> None:
    _put(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))


def _put_table(rows: Sequence[Sequence[str]], indent: str = "  ") -> None:
    """Print rows as aligned columns: words to the left, the rest to the right."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        _put(indent + "  ".join(cells).rstrip())


def _say_findings(findings: Iterable[Finding], language: Language, country: str) -> None:
    for finding in findings:
        level = messages.text(f"cli.level.{finding.level}", language)
        _say(f"{level}: {messages.finding_text(finding, language, country)}")


def _version(value: bool) -> None:
    if value:
        _put(f"mine-energy {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="cli.help.version", callback=_version, is_eager=True)
    ] = False,
    lang: Lang = None,
) -> None:
    pass


# The callback's docstring would become the program's help; the key does that.
_root.__doc__ = None


@app.command(help="cli.help.study")
def study(site: SiteFile, out: OutDir = None, lang: Lang = None, as_json: AsJson = False) -> None:
    """Run the whole study of a site and write its three files."""
    language = _check_language(lang)
    _run_and_write(site, out or Path("results") / site.stem, language, as_json)


@app.command(help="cli.help.demo")
def demo(out: OutDir = None, lang: Lang = None, as_json: AsJson = False) -> None:
    """Run the packaged pilot."""
    from mine_energy.catalog import packaged

    language = _check_language(lang)
    _run_and_write(packaged(_DEMO_SITE), out or Path("results/demo"), language, as_json)


def _run_and_write(site: Path, out: Path, language: Language, as_json: bool) -> None:
    from mine_energy.io import results
    from mine_energy.report import render, summary, workbook

    made = _working(language, lambda: _study_of(site))
    document = results.study_json(made)
    files = {
        "results.xlsx": workbook.render_workbook(made, language),
        "report.html": render.render_html(made, language),
        "study.json": document,
    }
    results.write_together(out, files)
    paths = {name: (out / name).as_posix() for name in ("report.html", "results.xlsx", "study.json")}
    if as_json:
        _put_json({"schema_version": made.schema_version, "files": paths, "summary": summary.numbers(made)})
        return
    _put(made.site.site.name)
    _put_table(summary.table(made, language))
    for line in summary.notes(made, language):
        _put(f"  {line}")
    _put()
    for name, path in paths.items():
        _put(f"  {messages.text('cli.wrote.' + name.partition('.')[2], language)}: {path}")


def _study_of(site: Path) -> "Study":
    from mine_energy.io.site_file import read_inputs
    from mine_energy.study import run_study

    return run_study(read_inputs(site))


def _working(language: Language, work: Callable[[], T]) -> T:
    """Run `work`; on a terminal, show that something is going on."""
    if not sys.stderr.isatty():
        return work()
    from rich.console import Console

    with Console(stderr=True).status(messages.text("cli.working", language)):
        return work()


@app.command(help="cli.help.check")
def check(site: SiteFile, lang: Lang = None, as_json: AsJson = False) -> None:
    """Read every input of a site and say what is wrong or worth knowing."""
    from mine_energy.io.site_file import read_inputs

    language = _check_language(lang)
    try:
        inputs = read_inputs(site)
    except InputError as error:
        if as_json:
            _put_json({"ok": False, "problems": [_problem_document(p, language) for p in error.problems]})
            raise typer.Exit(error.exit_code) from None
        raise
    country = inputs.site.site.country
    if as_json:
        shown = [{"key": f.key, "text": messages.finding_text(f, language, country)} for f in inputs.findings]
        _put_json({"ok": True, "files": [f.name for f in inputs.files], "findings": shown})
        return
    _put(messages.text("cli.check_ok", language, files=", ".join(f.name for f in inputs.files)))
    _say_findings(inputs.findings, language, country)


def _problem_document(problem: Problem, language: Language) -> dict[str, Any]:
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


@app.command(help="cli.help.audit")
def audit(site: SiteFile, lang: Lang = None, as_json: AsJson = False) -> None:
    """Show where the energy goes and what measures would save."""
    from mine_energy.io.results import document_of
    from mine_energy.io.site_file import read_inputs
    from mine_energy.report import summary
    from mine_energy.study import run_audit

    language = _check_language(lang)
    inputs = read_inputs(site)
    result = _working(language, lambda: run_audit(inputs))
    country = inputs.site.site.country
    if as_json:
        _put_json(document_of(result))
        return
    _put(messages.text("cli.end_uses", language))
    _put_table(summary.end_use_table(result, language, country))
    _put(messages.text("cli.savings", language))
    _put_table(summary.savings_table(result, language, country))
    _say_findings(result.findings, language, country)


@app.command(help="cli.help.pv")
def pv(site: SiteFile, lang: Lang = None, as_json: AsJson = False) -> None:
    """Show what one kWp gives at the site."""
    from mine_energy.io.results import document_of
    from mine_energy.io.site_file import read_inputs
    from mine_energy.report import summary
    from mine_energy.study import run_solar

    language = _check_language(lang)
    inputs = read_inputs(site)
    solar = _working(language, lambda: run_solar(inputs))
    if as_json:
        _put_json(document_of(solar))
        return
    _put(messages.text("cli.solar", language))
    _put_table(summary.solar_table(solar, language, inputs.site.site.country))
    _say_findings(solar.findings, language, inputs.site.site.country)


@app.command(help="cli.help.report")
def report(
    study_file: Annotated[Path, typer.Argument(help="cli.help.study_file", metavar="STUDY.json", show_default=False)],
    out: OutDir = None,
    lang: Lang = None,
) -> None:
    """Make the report and the workbook again from a study.json alone."""
    from mine_energy.io import results
    from mine_energy.report import render, workbook

    language = _check_language(lang)
    made = results.read_study(study_file, study_file.as_posix())
    folder = out or study_file.parent
    results.write_together(
        folder,
        {"results.xlsx": workbook.render_workbook(made, language), "report.html": render.render_html(made, language)},
    )
    for name in ("report.html", "results.xlsx"):
        _put(f"{messages.text('cli.wrote.' + name.partition('.')[2], language)}: {(folder / name).as_posix()}")


@app.command(help="cli.help.schema")
def schema(
    which: Annotated[Literal["site", "inventory", "study"], typer.Argument(help="cli.help.schema_which")],
    lang: Lang = None,
) -> None:
    """Print a JSON Schema."""
    from mine_energy.io.results import json_schema

    _check_language(lang)
    _put_json(json_schema(which))


@app.command(help="cli.help.init")
def init(
    folder: Annotated[Path, typer.Argument(help="cli.help.init_folder", metavar="DIR")] = Path(),
    country: Annotated[str, typer.Option("--country", help="cli.help.init_country", metavar="CO|PE")] = "CO",
    lang: Lang = None,
) -> None:
    """Write an empty site file and an inventory template; never over an existing file."""
    from mine_energy.io import results, template

    language = _check_language(lang)
    if country not in {"CO", "PE"}:
        raise typer.BadParameter(messages.text("cli.unknown_country", language, value=country), param_hint="--country")
    files = template.starter_files(language, cast("Literal['CO', 'PE']", country))
    existing = [Problem(key="would_overwrite", file=name) for name in files if (folder / name).exists()]
    if existing:
        raise InputError(existing)
    results.write_together(folder, files)
    for name in files:
        _put(f"{messages.text('cli.wrote.file', language)}: {(folder / name).as_posix()}")
    _say(messages.text("cli.init_next", language))


@app.command(help="cli.help.sources")
def sources(lang: Lang = None, as_json: AsJson = False) -> None:
    """List every packaged table with its publisher, year and confidence."""
    from dataclasses import asdict

    from mine_energy import catalog

    language = _check_language(lang)
    rows = catalog.listing()
    if as_json:
        _put_json([asdict(row) for row in rows])
        return
    columns = ("id", "year", "status", "confidence", "publisher")
    headings = [messages.text(f"cli.sources.{column}", language) for column in columns]
    table = [headings]
    for row in rows:
        grades = " ".join(f"{grade}:{count}" for grade, count in row.confidence_counts)
        table.append([row.id, row.year, row.status, grades, row.publisher])
    widths = [max(len(r[i]) for r in table) for i in range(len(headings))]
    for line in table:
        _put("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
