"""What the program knows: ``sources``, ``schema``."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from mine_energy import messages
from mine_energy.cli.console import SCHEMA_VERSION, AsJson, Lang, check_language, put, put_json
from mine_energy.cli.tables import put_fitted
from mine_energy.cli.terminal import fitted
from mine_energy.messages import Language

if TYPE_CHECKING:
    from mine_energy.catalog import StaleFigure


def schema(
    which: Annotated[Literal["site", "inventory", "study"], typer.Argument(help="cli.help.schema_which")],
    lang: Lang = None,
) -> None:
    """Print a JSON Schema."""
    from mine_energy.io.results import json_schema

    check_language(lang)
    put_json(json_schema(which))


Stale = Annotated[bool, typer.Option("--stale", help="cli.help.stale")]
ReferenceYear = Annotated[
    int | None, typer.Option("--year", min=2000, max=2100, help="cli.help.stale_year", show_default=False)
]


def sources(stale: Stale = False, year: ReferenceYear = None, lang: Lang = None, as_json: AsJson = False) -> None:
    """List every packaged table with its publisher, year and confidence, or the figures that are not fresh."""
    language = check_language(lang)
    if year is not None and not stale:
        raise typer.BadParameter(messages.text("cli.year_without_stale", language), param_hint="--year")
    if stale:
        _stale(year, language, as_json)
    else:
        _tables(language, as_json)


def _tables(language: Language, as_json: bool) -> None:
    from dataclasses import asdict

    from mine_energy import catalog

    rows = catalog.listing()
    if as_json:
        put_json([asdict(row) for row in rows])
        return
    columns = ("id", "year", "status", "confidence", "publisher")
    headings = [messages.text(f"cli.sources.{column}", language) for column in columns]
    table = [headings]
    for row in rows:
        grades = " ".join(f"{grade}:{count}" for grade, count in row.confidence_counts)
        table.append([row.id, row.year, row.status, grades, row.publisher])
    widths = [max(len(r[i]) for r in table) for i in range(len(headings))]
    for line in table:
        put("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


_WIDEST: Final = 24
"""Letters of a value; a list of coordinates says no more in full."""
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")


def _newest_year() -> int:
    """Return the newest year that any packaged table names: a yardstick of age that needs no clock."""
    from mine_energy import catalog

    return max(int(text) for source in catalog.sources().values() for text in _YEAR.findall(source.year))


def _stale(year: int | None, language: Language, as_json: bool) -> None:
    """List packaged figures that are missing, assumed, old or undated, file by file."""
    from dataclasses import asdict
    from itertools import groupby

    from mine_energy import catalog

    reference = year or _newest_year()
    figures = catalog.stale(reference)
    if as_json:
        shown = [asdict(figure) for figure in figures]
        put_json({"schema_version": SCHEMA_VERSION, "reference_year": reference, "figures": shown})
        return
    files = [(name, list(rows)) for name, rows in groupby(figures, key=lambda figure: figure.id)]
    params = {"count": len(figures), "files": len(files), "year": reference}
    put(fitted(messages.text("cli.stale.title", language, **params)))
    for name, rows in files:
        put()
        put(fitted(f"{name}: {_counts(rows, language)}"))
        put_fitted([_heads(language), *(_row(figure, language) for figure in rows)], left=(0, 1, 4), wrap=0, drop=(2,))
    put()
    put(fitted(messages.text("cli.stale.replace", language)))


def _counts(rows: "Sequence[StaleFigure]", language: Language) -> str:
    from mine_energy.catalog import REASONS

    counts = ((reason, sum(reason in row.reasons for row in rows)) for reason in REASONS)
    return ", ".join(f"{messages.text(f'cli.stale.{reason}', language)} {count}" for reason, count in counts if count)


def _heads(language: Language) -> list[str]:
    return [messages.text(f"cli.stale.{name}", language) for name in ("figure", "value", "year", "confidence", "why")]


def _row(figure: "StaleFigure", language: Language) -> list[str]:
    value = " ".join(part for part in (figure.value, figure.unit) if part)
    value = value if len(value) <= _WIDEST else f"{value[: _WIDEST - 1]}…"
    reasons = ", ".join(messages.text(f"cli.stale.{reason}", language) for reason in figure.reasons)
    return [figure.name, value or "-", figure.year or "-", figure.confidence or "-", reasons]
