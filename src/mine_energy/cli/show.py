"""What the program knows: ``sources``, ``schema``."""

from typing import Annotated, Literal

import typer

from mine_energy import messages
from mine_energy.cli.console import AsJson, Lang, check_language, put, put_json


def schema(
    which: Annotated[Literal["site", "inventory", "study"], typer.Argument(help="cli.help.schema_which")],
    lang: Lang = None,
) -> None:
    """Print a JSON Schema."""
    from mine_energy.io.results import json_schema

    check_language(lang)
    put_json(json_schema(which))


def sources(lang: Lang = None, as_json: AsJson = False) -> None:
    """List every packaged table with its publisher, year and confidence."""
    from dataclasses import asdict

    from mine_energy import catalog

    language = check_language(lang)
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
