"""``init``: a few questions about a plant, or flags in their place, and a folder with a site that runs."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, cast

import typer

from mine_energy import messages
from mine_energy.cli.asking import Talk
from mine_energy.cli.console import Lang, check_language, put, say, say_findings, say_notice
from mine_energy.cli.interview import interview, names_of
from mine_energy.cli.terminal import fitted
from mine_energy.errors import InputError, Problem
from mine_energy.messages import Language

if TYPE_CHECKING:
    from mine_energy.io.starter import Starter
    from mine_energy.site import Country

_EXAMPLE: Final = "site_configs/ejemplo_medido"
_STOPPED: Final = 130
"""Exit code of a command that was interrupted, as shells have it."""


def _option(name: str, metavar: str = "") -> Any:
    return typer.Option(f"--{name}", help=f"cli.help.init_{name}", metavar=metavar or None, show_default=False)


def init(
    folder: Annotated[Path, typer.Argument(help="cli.help.init_folder", metavar="DIR")] = Path(),
    name: Annotated[str | None, _option("name")] = None,
    country: Annotated[str | None, _option("country", "CO|PE")] = None,
    place: Annotated[str | None, _option("place")] = None,
    altitude: Annotated[str | None, _option("altitude", "M")] = None,
    supply: Annotated[str | None, _option("supply", "grid|offgrid")] = None,
    tariff: Annotated[str | None, _option("tariff")] = None,
    genset: Annotated[str | None, _option("genset", "KW")] = None,
    shifts: Annotated[str | None, _option("shifts")] = None,
    days: Annotated[str | None, _option("days")] = None,
    motors: Annotated[str | None, _option("motors", "FILE")] = None,
    process: Annotated[str | None, _option("process", "gravity|flotation|cyanidation")] = None,
    year: Annotated[str | None, _option("year")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="cli.help.init_yes")] = False,
    blank: Annotated[bool, typer.Option("--blank", help="cli.help.init_blank")] = False,
    example: Annotated[bool, typer.Option("--example", help="cli.help.init_example")] = False,
    lang: Lang = None,
) -> None:
    """Write a site that runs from answers or flags; or empty templates, or a filled-in example. Never over a file."""
    language = check_language(lang)
    if blank and example:
        raise typer.BadParameter(messages.text("cli.init.blank_or_example", language), param_hint="--blank")
    if country is not None and country.upper() not in {"CO", "PE"}:
        raise typer.BadParameter(messages.text("cli.unknown_country", language, value=country), param_hint="--country")
    from mine_energy.io.starter_answers import check_folder

    check_folder(folder)
    if blank or example:
        _write_plain(folder, "example" if example else "blank", cast("Country", (country or "CO").upper()), language)
        return
    flags = {
        "name": name, "country": country, "place": place, "altitude": altitude, "supply": supply, "tariff": tariff,
        "genset": genset, "shifts": shifts, "days": days, "motors": motors, "process": process, "year": year,
    }  # fmt: skip
    talk = Talk(language=language, flags=flags, asks=sys.stdin.isatty() and not yes)
    # A site of either language is somebody's work, and two in one folder are one too many.
    _refuse_taken(folder, names_of("site_file"))
    try:
        starter, extra = interview(talk, folder)
    except (KeyboardInterrupt, EOFError):
        say("")
        raise typer.Exit(_STOPPED) from None
    if talk.problems:
        raise InputError(talk.problems)
    _write(folder, starter, extra, language)


def _write_plain(folder: Path, kind: Literal["blank", "example"], country: "Country", language: Language) -> None:
    from mine_energy.catalog import packaged
    from mine_energy.io import results, template

    if kind == "example":
        files = {path.name: path.read_bytes() for path in sorted(packaged(_EXAMPLE).iterdir()) if path.is_file()}
    else:
        files = template.starter_files(language, country)
    _refuse_taken(folder, files)
    results.write_together(folder, files)
    for written in files:
        put(f"{messages.text('cli.wrote.file', language)}: {(folder / written).as_posix()}")
    say(messages.text("cli.init_example" if kind == "example" else "cli.init_next", language))


def _refuse_taken(folder: Path, names: Any) -> None:
    taken = [Problem(key="would_overwrite", file=(folder / one).as_posix()) for one in names if (folder / one).exists()]
    if taken:
        raise InputError(taken)


def _write(folder: Path, starter: "Starter", extra: Mapping[str, bytes], language: Language) -> None:
    from mine_energy.io import results
    from mine_energy.io.site_file import read_inputs
    from mine_energy.io.starter import starter_site

    made = starter_site(starter, language)
    files = {name: content for name, content in extra.items() if not (folder / name).exists()} | made
    _refuse_taken(folder, made)
    results.write_together(folder, files)
    site = folder / messages.text("template.site_file", language)
    inputs = read_inputs(site)
    for written in files:
        put(f"{messages.text('cli.wrote.file', language)}: {(folder / written).as_posix()}")
    say_findings([one for one in inputs.findings if one.level != "info"], language, starter.country)
    reasons: dict[str, list[str]] = {}
    for key, reason in starter.assumed.items():
        reasons.setdefault(reason, []).append(key)
    for reason, keys in reasons.items():
        words = messages.text(f"template.starter_{reason}", language)
        say_notice("assumption", f"{', '.join(keys)}: {words}", language)
    say(fitted(messages.text("cli.init.next", language, site=site.as_posix()), stream=sys.stderr))
