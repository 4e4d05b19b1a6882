"""The whole way: ``study``, ``demo``, and ``report`` from a finished study."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from mine_energy import messages
from mine_energy.cli.console import (
    AsJson,
    Lang,
    OutDir,
    SiteFile,
    StudyFile,
    check_language,
    put,
    put_json,
    put_table,
    say_notice,
    working,
)
from mine_energy.cli.terminal import fitted
from mine_energy.messages import Language

if TYPE_CHECKING:
    from mine_energy.study import Study

_EXAMPLES: Final = {
    "pilot": "site_configs/los_conquistadores.toml",
    "offgrid": "site_configs/caraveli_offgrid.toml",
    "metered": "site_configs/ejemplo_medido/sitio.toml",
}
ExampleName = Annotated[
    Literal["pilot", "offgrid", "metered"], typer.Option("--example", help="cli.help.example", show_default=True)
]
WithSizing = Annotated[bool, typer.Option("--sizing/--no-sizing", help="cli.help.sizing")]


def study(
    site: SiteFile, out: OutDir = None, with_sizing: WithSizing = True, lang: Lang = None, as_json: AsJson = False
) -> None:
    """Run the whole study of a site and write its three files."""
    language = check_language(lang)
    _run_and_write(site, out or Path("results") / site.stem, with_sizing, language, as_json)


def demo(
    example: ExampleName = "pilot",
    out: OutDir = None,
    with_sizing: WithSizing = True,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Run a packaged plant: the pilot, the one off the grid, or the invented one with a meter."""
    from mine_energy.catalog import packaged

    language = check_language(lang)
    folder = Path("results/demo") if example == "pilot" else Path("results") / example
    _run_and_write(packaged(_EXAMPLES[example]), out or folder, with_sizing, language, as_json)


def _run_and_write(site: Path, out: Path, with_sizing: bool, language: Language, as_json: bool) -> None:
    from mine_energy.io import results
    from mine_energy.report import render, summary, workbook

    made = working(language, lambda: _study_of(site, with_sizing))
    document = results.study_json(made)
    files = {
        "results.xlsx": workbook.render_workbook(made, language),
        "report.html": render.render_html(made, language),
        "study.json": document,
    }
    results.write_together(out, files)
    most, left = summary.warnings(made, language)
    for line in most:
        say_notice("warning", line, language)
    if left:
        say_notice("warning", messages.text("cli.more_warnings", language, count=left), language)
    paths = {name: (out / name).as_posix() for name in ("report.html", "results.xlsx", "study.json")}
    if as_json:
        put_json({"schema_version": made.schema_version, "files": paths, "summary": summary.numbers(made)})
        return
    put(made.site.site.name)
    put_table(summary.table(made, language))
    for line in summary.notes(made, language):
        put(fitted(line, "  ", "    "))
    put()
    for name, path in paths.items():
        put(f"  {messages.text('cli.wrote.' + name.partition('.')[2], language)}: {path}")


def _study_of(site: Path, with_sizing: bool) -> "Study":
    from mine_energy.io.site_file import read_inputs
    from mine_energy.study import run_study

    return run_study(read_inputs(site), with_sizing=with_sizing)


def report(
    study_file: StudyFile,
    out: OutDir = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="cli.help.pdf")] = False,
    paper: Annotated[Literal["a4", "letter"], typer.Option("--paper", help="cli.help.paper")] = "a4",
    lang: Lang = None,
) -> None:
    """Make the report and the workbook again from a study.json alone; with ``--pdf``, the report on paper too."""
    from mine_energy.io import results
    from mine_energy.report import render, workbook

    language = check_language(lang)
    made = results.read_study(study_file, study_file.as_posix())
    folder = out or study_file.parent
    page = render.render_html(made, language)
    files = {"report.html": page}
    if pdf:
        from mine_energy.io.pdf import render_pdf

        target = (folder / "report.pdf").as_posix()
        files["report.pdf"] = working(language, lambda: render_pdf(page, paper, target))
    results.write_together(folder, {"results.xlsx": workbook.render_workbook(made, language), **files})
    for name in (*files, "results.xlsx"):
        put(f"{messages.text('cli.wrote.' + name.partition('.')[2], language)}: {(folder / name).as_posix()}")
