"""What the five studies share: the figures that a page shows, and where the page keeps them."""

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from mine_energy.errors import Language
from mine_energy.report import summary
from mine_energy.report.format import Writer
from mine_energy.study import Study

HERE = Path(__file__).resolve().parent
SITES = HERE.parent.parent / "site_configs"
LANGUAGES: tuple[Language, ...] = ("es", "en")
_BLOCK = re.compile(r"(?<=<!-- figures -->\n\n```text\n).*?(?=\n```)", re.DOTALL)
_WORDS: dict[Language, dict[str, str]] = {
    "es": {
        "saved": "Ahorro de las medidas adoptadas",
        "price": "Costo medio de la electricidad, hoy",
        "specific": "Energía por tonelada de mineral, hoy",
        "yield": "Producción de un kWp en un año",
        "npv": "Valor presente neto de medidas y FV",
        "payback": "Recuperación simple de medidas y FV",
        "years": "años",
        "never": "ninguna dentro del horizonte",
    },
    "en": {
        "saved": "Saving of the measures adopted",
        "price": "Mean cost of electricity, today",
        "specific": "Energy per tonne of ore, today",
        "yield": "Yield of one kWp in a year",
        "npv": "Net present value of measures and PV",
        "payback": "Simple payback of measures and PV",
        "years": "years",
        "never": "none within the horizon",
    },
}


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as aligned columns, the first to the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


def study_lines(study: Study, language: Language, told: Sequence[str] = ()) -> list[str]:
    """Return what a page shows of a whole study: the table of three states, an engineer's figures, what to know.

    Parameters
    ----------
    study, language
        What is told, and how.
    told
        Keys of the findings that the story turns on.
    """
    w, words, both = Writer(language=language, country=study.site.site.country), _WORDS[language], study.finance.both
    today, after = study.states[0], study.load_after.energy_kwh
    base = next(value.npv for value in both.npv if value.label == "base")
    payback = both.simple_payback_years
    facts = [
        [words["saved"], f"{w.percent(1 - after / study.load_before.energy_kwh, 1)}"],
        [words["price"], f"{w.estimate(today.cost_per_year / today.load_kwh)} {study.finance.currency}/kWh"],
        [words["yield"], f"{w.estimate(study.solar.unit.specific_yield_kwh_per_kwp)} kWh/kWp"],
        [words["npv"], f"{w.estimate(base)} {study.finance.currency}"],
        [words["payback"], words["never"] if payback is None else f"{w.estimate(payback, digits=2)} {words['years']}"],
    ]
    if study.site.production.ore_t_per_year:
        specific = study.load_before.energy_kwh / study.site.production.ore_t_per_year
        facts.insert(1, [words["specific"], f"{w.estimate(specific, digits=2)} kWh/t"])
    notes = [f"- {line}" for line in summary.notes(study, language)]
    notes += [f"- {w.finding(finding)}" for finding in study.findings if finding.key in told]
    return [study.site.site.name, "", *columns(summary.table(study, language)), "", *columns(facts), "", *notes]


def page(name: str, language: Language) -> Path:
    """Return the page of a study."""
    return HERE / f"{name}_{language}.md"


def block(text: str) -> str:
    """Return the figures that a page shows."""
    found = _BLOCK.search(text)
    if found is None:
        raise ValueError("the page has no block of figures")
    return found[0].replace("\u00a0", " ")


def tell(name: str, made: Iterable[tuple[Language, Sequence[str]]]) -> None:
    """Print a study's figures in the language asked for; with ``--write`` put them into both pages."""
    wanted = "en" if "en" in sys.argv[1:] else "es"
    for language, lines in made:
        text = "\n".join(lines).replace("\u00a0", " ")
        if "--write" in sys.argv[1:]:
            old = page(name, language).read_text(encoding="utf-8")
            page(name, language).write_text(_BLOCK.sub(lambda _, new=text: new, old), encoding="utf-8")
        elif language == wanted:
            print(text)  # noqa: T201  (a script that is read on a terminal)
