"""Weather files: ``weather check`` looks one over, ``weather fetch`` brings one from a public service."""

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from mine_energy import messages
from mine_energy.cli.console import (
    SCHEMA_VERSION,
    AsJson,
    Lang,
    SiteFile,
    check_language,
    finding_document,
    language_only,
    problem_document,
    progress_of,
    put,
    put_json,
    put_table,
    say,
    say_findings,
    working,
)
from mine_energy.errors import InputError
from mine_energy.messages import Language

if TYPE_CHECKING:
    from mine_energy.weather.check import WeatherCheck

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.callback()(language_only)

WeatherFile = Annotated[Path, typer.Argument(help="cli.help.weather_file", metavar="FILE", show_default=False)]
OfSite = Annotated[
    Path | None, typer.Option("--site", help="cli.option.weather_site", metavar="SITE.toml", show_default=False)
]
Stamps = Annotated[
    str, typer.Option("--stamps", help="cli.option.weather_stamps", metavar="start|middle|end", show_default=False)
]
Zone = Annotated[
    float | None, typer.Option("--utc-offset", help="cli.option.utc_offset", metavar="HOURS", show_default=False)
]
Source = Annotated[str, typer.Option("--source", help="cli.option.weather_source", metavar="pvgis|nasa-power|nsrdb")]
Years = Annotated[str, typer.Option("--years", help="cli.option.weather_years", metavar="2005-2023")]
OutFile = Annotated[
    Path | None, typer.Option("--out", help="cli.option.weather_out", metavar="FILE.csv", show_default=False)
]
Cache = Annotated[Path | None, typer.Option("--cache", help="cli.option.cache", metavar="DIR", show_default=False)]
Offline = Annotated[bool, typer.Option("--offline", help="cli.option.offline")]
Url = Annotated[str, typer.Option("--url", help="cli.option.url", metavar="URL", show_default=False)]
ApiKey = Annotated[str, typer.Option("--api-key", help="cli.option.api_key", metavar="KEY", show_default=False)]
Email = Annotated[str, typer.Option("--email", help="cli.option.email", metavar="EMAIL", show_default=False)]

_YEARS: Final = re.compile(r"^\s*(\d{4})(?:\s*[-–:]\s*(\d{4}))?\s*$")


@app.command("check", help="cli.help.weather_check")
def check(
    file: WeatherFile,
    site: OfSite = None,
    stamps: Stamps = "",
    utc_offset: Zone = None,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Look a weather file over: closure, clear sky, timing, gaps, and the climatology at its point."""
    from mine_energy.report.format import Writer
    from mine_energy.report.looked import weather_tables

    language = check_language(lang)
    if stamps not in {"", "start", "middle", "end"}:
        raise typer.BadParameter(messages.text("cli.weather.unknown_stamps", language, value=stamps))
    try:
        found = working(language, lambda: _checked(file, site, stamps, utc_offset))
    except InputError as error:
        if not as_json:
            raise
        problems = [problem_document(problem, language) for problem in error.problems]
        put_json({"schema_version": SCHEMA_VERSION, "ok": False, "problems": problems})
        raise typer.Exit(error.exit_code) from None
    if as_json:
        put_json(_document(found, language))
        return
    put(messages.text("cli.weather.seen", language, file=found.file))
    for title, rows in weather_tables(found, Writer(language=language, country="")):
        if title:
            put(f"\n{title}")
        put_table(rows, left=1 if title else 2)
    say_findings(found.findings, language)


def _checked(file: Path, site: Path | None, stamps: str, utc_offset: float | None) -> "WeatherCheck":
    from mine_energy.io.weather_check import check_file
    from mine_energy.io.weather_files import Hints
    from mine_energy.io.weather_site import place_of_site

    place: dict[str, float] = place_of_site(site) if site else {}
    hints = Hints(**place, utc_offset_hours=utc_offset, stamps=stamps)  # type: ignore[arg-type]
    return check_file(file, replace(hints, gaps="fill", missing="climatology"))


def _document(found: "WeatherCheck", language: Language) -> dict[str, Any]:
    from mine_energy.io.results import document_of

    findings = [finding_document(finding, language) for finding in found.findings]
    return {"schema_version": SCHEMA_VERSION, "ok": True, **document_of(found), "findings": findings}


@app.command("fetch", help="cli.help.weather_fetch")
def fetch(
    site: SiteFile,
    source: Source = "pvgis",
    years: Years = "2005-2023",
    out: OutFile = None,
    cache: Cache = None,
    offline: Offline = False,
    url: Url = "",
    api_key: ApiKey = "",
    email: Email = "",
    lang: Lang = None,
) -> None:
    """Bring hourly years of weather from a public service and write them as a standard CSV."""
    from mine_energy.io import results
    from mine_energy.io.weather_fetch import EMAIL_VARIABLE, KEY_VARIABLES
    from mine_energy.io.weather_fetch import fetch as ask
    from mine_energy.io.weather_files import read_weather
    from mine_energy.io.weather_services import SERVICES, Request
    from mine_energy.io.weather_site import place_of_site

    language = check_language(lang)
    if source not in SERVICES:
        shown = messages.text("cli.weather.unknown_source", language, value=source)
        raise typer.BadParameter(shown, param_hint="--source")
    first, last = _span(years, language)
    request = Request(
        service=source,
        **place_of_site(site),
        first_year=first,
        last_year=last,
        url=url,
        api_key=api_key or next((key for name in KEY_VARIABLES if (key := os.environ.get(name))), ""),
        email=email or os.environ.get(EMAIL_VARIABLE, ""),
    )
    with progress_of(messages.text("cli.weather.asking", language, service=SERVICES[source])) as progress:
        content, kept = ask(request, cache=cache, offline=offline, progress=progress)
    target = out or site.parent / f"{site.stem}_{source}_{first}-{last}.csv"
    results.write_together(target.parent, {target.name: content})
    put(f"{messages.text('cli.wrote.file', language)}: {target.as_posix()}")
    if kept:
        say(messages.text("cli.weather.from_cache", language))
    weather = read_weather(target)
    put(messages.text("cli.weather.fetched", language, source=weather.source, ghi=round(weather.irradiation_kwh_m2())))
    say_findings(weather.findings, language)


def _span(years: str, language: Language) -> tuple[int, int]:
    found = _YEARS.match(years)
    first, last = (int(found.group(1)), int(found.group(2) or found.group(1))) if found else (1, 0)
    if last < first:
        raise typer.BadParameter(messages.text("cli.weather.unknown_years", language, value=years))
    return first, last
