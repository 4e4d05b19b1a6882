"""Before a study: ``check`` says what is wrong with its inputs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from mine_energy import messages
from mine_energy.cli.console import (
    SCHEMA_VERSION,
    AsJson,
    Lang,
    SiteFile,
    check_language,
    finding_document,
    problem_document,
    put,
    put_json,
    say,
    say_findings,
    working,
)
from mine_energy.errors import Finding, InputError, Problem
from mine_energy.messages import Language

MarkFile = Annotated[Path | None, typer.Option("--mark", help="cli.help.mark", metavar="OUT.xlsx", show_default=False)]
MarkFolder = Annotated[Path | None, typer.Option("--marked", help="cli.help.marked", metavar="DIR", show_default=False)]


def check(
    site: SiteFile, mark: MarkFile = None, marked: MarkFolder = None, lang: Lang = None, as_json: AsJson = False
) -> None:
    """Read every input of a site and say what is wrong or worth knowing."""
    from mine_energy.io.site_file import read_inputs

    language = check_language(lang)
    if mark is not None and marked is not None:
        raise typer.BadParameter(messages.text("cli.mark_or_marked", language), param_hint="--mark")
    try:
        inputs = working(language, lambda: read_inputs(site))
    except InputError as error:
        copies = _write_copies(site, error, (mark, marked), language)
        if not as_json:
            for path in copies.paths:
                put(f"{messages.text('cli.wrote.marked', language)}: {path}")
            say_findings(copies.findings, language)
            raise
        problems = [problem_document(problem, language) for problem in error.problems]
        notes = [finding_document(finding, language) for finding in copies.findings]
        put_json(
            {
                "schema_version": SCHEMA_VERSION,
                "ok": False,
                "problems": problems,
                "marked": copies.paths,
                "findings": notes,
            }
        )
        raise typer.Exit(error.exit_code) from None
    country, names = inputs.site.site.country, [file.name for file in inputs.files]
    if as_json:
        shown = [finding_document(finding, language, country) for finding in inputs.findings]
        put_json({"schema_version": SCHEMA_VERSION, "ok": True, "files": names, "findings": shown})
        return
    put(messages.text("cli.check_ok", language, files=", ".join(names)))
    if mark is not None or marked is not None:
        say(messages.text("cli.nothing_to_mark", language))
    say_findings(inputs.findings, language, country)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copies:
    """Marked copies that were written, and what has to be known of them."""

    paths: list[str]
    findings: list[Finding]


def _write_copies(
    site: Path, error: InputError, wanted: tuple[Path | None, Path | None], language: Language
) -> _Copies:
    """Write a marked copy of every table with problems, all together; nothing where none was asked for.

    Raises
    ------
    InputError
        The copy would replace a file that is no earlier copy, or one file is asked for and several tables are wrong.
    OutputError
        They cannot be written.
    """
    from mine_energy.io import marked, results
    from mine_energy.io.site_checks import user_path

    file, folder = wanted
    tables = [n for n in dict.fromkeys(p.file for p in error.problems) if n and not n.lower().endswith(".toml")]
    if file is None and folder is None:
        return _Copies(paths=[], findings=[])
    made: dict[str, marked.Marked] = {}
    findings: list[Finding] = []
    for name in tables:
        try:
            made[name] = marked.mark(user_path(site.parent, name), name, error.problems, language)
        except InputError:
            findings.append(Finding(key="marked_impossible", level="warning", subject=name))
    if file is not None and len(made) > 1:
        raise InputError([*error.problems, Problem(key="mark_several", value=", ".join(made))])
    targets = _targets(list(made), file, folder, language)
    taken = [path for path in targets.values() if path.exists() and not marked.is_marked_copy(path)]
    if taken:
        raise InputError([*error.problems, *(Problem(key="would_overwrite", file=path.as_posix()) for path in taken)])
    by_folder: dict[Path, dict[str, bytes]] = {}
    for name, path in targets.items():
        by_folder.setdefault(path.parent, {})[path.name] = made[name].content
    for place, files in by_folder.items():
        results.write_together(place, files)
    findings += [finding for copy in made.values() for finding in copy.findings]
    return _Copies(paths=[path.as_posix() for path in targets.values()], findings=findings)


def _targets(names: list[str], file: Path | None, folder: Path | None, language: Language) -> dict[str, Path]:
    """Return where the copy of each table goes."""
    if file is not None:
        return dict.fromkeys(names, file)
    targets: dict[str, Path] = {}
    for name in names:
        stem = Path(name.replace("\\", "/")).name.replace(".", "_")
        shown = messages.text("marked.file", language, stem=stem)
        targets[name] = (folder or Path()) / shown
    return targets
