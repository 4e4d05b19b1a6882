"""``pv``: the sun at a site, what one kWp makes of it, and the strings, areas and connection of the array."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mine_energy import messages
from mine_energy.cli.console import AsJson, Lang, OutDir, SiteFile, check_language, put, put_json, say_findings, working
from mine_energy.cli.tables import put_fitted
from mine_energy.cli.terminal import fitted

if TYPE_CHECKING:
    from mine_energy.report.format import Writer
    from mine_energy.study import Solar


def pv(site: SiteFile, out: OutDir = None, lang: Lang = None, as_json: AsJson = False) -> None:
    """Show the sun at the site, yield, losses, strings, areas and connection; write the pictures with ``--out``."""
    from mine_energy.io.results import document_of, write_together
    from mine_energy.io.site_file import read_inputs
    from mine_energy.report.format import Writer
    from mine_energy.report.pictures import solar_pictures
    from mine_energy.study import SCHEMA_VERSION, run_solar

    language = check_language(lang)
    inputs = read_inputs(site, for_study=False)
    country = inputs.site.site.country
    solar = working(language, lambda: run_solar(inputs))
    pictures = solar_pictures(solar, language, country) if out is not None else {}
    if out is not None:
        write_together(out, pictures)
    files = {name: (out / name).as_posix() for name in sorted(pictures)} if out is not None else {}
    if as_json:
        put_json({"schema_version": SCHEMA_VERSION, **({"files": files} if files else {}), **document_of(solar)})
        return
    w = Writer(language=language, country=country)
    put(messages.text("cli.solar", language))
    _tables(solar, w)
    for path in files.values():
        put(f"{messages.text('cli.wrote.picture', language)}: {path}")
    say_findings(solar.findings, language, country)


def _tables(solar: "Solar", w: "Writer") -> None:
    from mine_energy.report import summary
    from mine_energy.report.chapters.array_strings import single_line
    from mine_energy.report.chapters.exceedance import exceedance_words
    from mine_energy.report.chapters.washing import washing_words
    from mine_energy.report.electrical import electrical_table

    _pairs(summary.solar_table(solar, w.language, w.country))
    if solar.uncertainty is not None:
        put()
        put(fitted(exceedance_words(solar.uncertainty, 1.0, w), first="  "))
    for title, rows in summary.solar_tables(solar, w):
        put()
        put(fitted(title))
        put_fitted(rows)
    if solar.washing is not None:
        put()
        put(fitted(washing_words(solar.washing, w), first="  "))
    electrical = electrical_table(solar, w.language, w.country)
    if electrical:
        put()
        _pairs(electrical)
    if solar.strings is not None and solar.connection is not None:
        put()
        put(fitted(f"{w.text('array.line_title')}: {single_line(solar.strings, solar.connection, w)}", first="  "))


def _pairs(rows: Sequence[Sequence[str]]) -> None:
    """Print names and values, both to the left; a long value runs over several lines."""
    put_fitted(rows, left=(0, 1), wrap=1)
