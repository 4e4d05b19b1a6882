"""The plant's load from its meter: ``load check`` and ``load profile``."""

import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
