"""Before a study: ``init`` writes what to fill in, ``check`` says what is wrong with it."""

from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from mine_energy import messages
from mine_energy.cli.console import (
    AsJson,
    Lang,
    SiteFile,
    check_language,
    problem_document,
    put,
    put_json,
    say,
    say_findings,
)
from mine_energy.errors import InputError, Problem


def check(site: SiteFile, lang: Lang = None, as_json: AsJson = False) -> None:
    """Read every input of a site and say what is wrong or worth knowing."""
    from mine_energy.io.site_file import read_inputs

    language = check_language(lang)
    try:
        inputs = read_inputs(site)
    except InputError as error:
        if as_json:
            put_json({"ok": False, "problems": [problem_document(p, language) for p in error.problems]})
            raise typer.Exit(error.exit_code) from None
        raise
    country = inputs.site.site.country
    if as_json:
        shown = [{"key": f.key, "text": messages.finding_text(f, language, country)} for f in inputs.findings]
        put_json({"ok": True, "files": [f.name for f in inputs.files], "findings": shown})
        return
    put(messages.text("cli.check_ok", language, files=", ".join(f.name for f in inputs.files)))
    say_findings(inputs.findings, language, country)


def init(
    folder: Annotated[Path, typer.Argument(help="cli.help.init_folder", metavar="DIR")] = Path(),
    country: Annotated[str, typer.Option("--country", help="cli.help.init_country", metavar="CO|PE")] = "CO",
    lang: Lang = None,
) -> None:
    """Write an empty site file and an inventory template; never over an existing file."""
    from mine_energy.io import results, template

    language = check_language(lang)
    if country not in {"CO", "PE"}:
        raise typer.BadParameter(messages.text("cli.unknown_country", language, value=country), param_hint="--country")
    files = template.starter_files(language, cast("Literal['CO', 'PE']", country))
    existing = [Problem(key="would_overwrite", file=name) for name in files if (folder / name).exists()]
    if existing:
        raise InputError(existing)
    results.write_together(folder, files)
    for name in files:
        put(f"{messages.text('cli.wrote.file', language)}: {(folder / name).as_posix()}")
    say(messages.text("cli.init_next", language))
