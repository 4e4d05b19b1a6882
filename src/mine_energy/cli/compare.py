"""``compare``: what changed between two studies, from their files alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mine_energy import messages
from mine_energy.cli.console import SCHEMA_VERSION, AsJson, Lang, check_language, put, put_json
from mine_energy.cli.tables import put_fitted
from mine_energy.cli.terminal import fitted

if TYPE_CHECKING:
    from mine_energy.report.compare import Change
    from mine_energy.report.format import Writer
    from mine_energy.study import Study

_LABEL: Final = 44
"""Columns of a label, and of a value, above which both values stand below each other."""
_VALUE: Final = 20

Before = Annotated[Path, typer.Argument(help="cli.help.study_before", metavar="A.json", show_default=False)]
After = Annotated[Path, typer.Argument(help="cli.help.study_after", metavar="B.json", show_default=False)]


def compare(first: Before, second: After, lang: Lang = None, as_json: AsJson = False) -> None:
    """Say what changed between two studies: inputs, factors and prices, results."""
    from mine_energy.io.results import read_study
    from mine_energy.report.compare import changes, changes_document, main_changes
    from mine_energy.report.format import Writer

    language = check_language(lang)
    studies = {path.as_posix(): read_study(path, path.as_posix()) for path in (first, second)}
    before, after = studies[first.as_posix()], studies[second.as_posix()]
    found = changes(before, after, language)
    if as_json:
        files = {"before": _file(first, before), "after": _file(second, after)}
        main = [f"{change.group}/{change.key}" for change in main_changes(found)]
        head = {"schema_version": SCHEMA_VERSION, **files, "same": not found, "main": main}
        put_json({**head, "changes": changes_document(found)})
        return
    for letter, path, made in (("A", first, before), ("B", second, after)):
        put(fitted(f"{letter}: {path.as_posix()} ({made.site.site.name}, mine-energy {made.mine_energy_version})"))
    if not found:
        put(fitted(messages.text("compare.same", language)))
        return
    w = Writer(language=language, country=before.site.site.country)
    if shown := main_changes(found):
        put(f"\n{messages.text('compare.main', language)}")
        _put_group(shown, w)
    _put_changes(found, w)


def _file(path: Path, made: "Study") -> dict[str, Any]:
    return {"file": path.as_posix(), "plant": made.site.site.name, "mine_energy_version": made.mine_energy_version}


def _put_changes(found: Sequence["Change"], w: "Writer") -> None:
    for section in dict.fromkeys(change.section for change in found):
        title = messages.text(f"compare.section.{section}", w.language)
        put(f"\n{title}\n{'=' * len(title)}")
        inside = [change for change in found if change.section == section]
        for group in dict.fromkeys(change.group for change in inside):
            put(f"\n{messages.text(f'compare.group.{group}', w.language)}")
            _put_group([change for change in inside if change.group == group], w)


def _put_group(found: Sequence["Change"], w: "Writer") -> None:
    """Print short changes as a table, the others with both values below each other."""
    rows = [(change, *change.shown(w)) for change in found]
    short = [row for row in rows if len(row[0].label) <= _LABEL and max(map(len, row[1:])) <= _VALUE]
    if short:
        lines = [[change.label, was, now, _difference(change, w)] for change, was, now in short]
        columns = 4 if any(line[3] for line in lines) else 3
        put_fitted([line[:columns] for line in (["", "A", "B", "Δ"], *lines)], drop=(3,) if columns == 4 else ())
    for row in rows:
        if row not in short:
            change, was, now = row
            put(fitted(change.label, "  ", "    "))
            put(fitted(f"A: {was}", "    ", "       "))
            put(fitted(f"B: {now}", "    ", "       "))


def _difference(change: "Change", w: "Writer") -> str:
    ratio = change.ratio
    if ratio is None:
        return ""
    return ("+" if ratio > 0 else "") + w.percent(ratio)
