"""Where every figure comes from: links inside the report from tables and charts to formulas and sources."""

import html5lib
import pytest

from mine_energy import catalog
from mine_energy.report.chapters import CHAPTERS
from mine_energy.report.methods import BY, SOURCES


@pytest.fixture(scope="module")
def trees(pages):
    """Reports as trees, with the parent of each element; each is read once."""
    made = {}

    def tree(study, language):
        key = (id(study), language)
        if key not in made:
            root = html5lib.parse(pages(study, language).decode("utf-8"), namespaceHTMLElements=False)
            made[key] = (root, {child: parent for parent in root.iter() for child in parent})
        return made[key]

    return tree


@pytest.fixture
def report(trees, any_study, language):
    return trees(any_study, language)


def ids_of(root):
    return {element.get("id") for element in root.iter() if element.get("id")}


def line_of(element, parents):
    """The links of the line under a table, past its note, or inside a figure."""
    if element.tag == "figure":
        near = list(element.iter("p"))
    else:
        # A table stands in a box that scrolls.
        placed = parents[element] if element.tag == "table" else element
        siblings = list(parents[placed])
        near = siblings[siblings.index(placed) + 1 :][:2]
    line = next((one for one in near if one.get("class") == "by"), None)
    return [] if line is None else [a.get("href").removeprefix("#") for a in line.iter("a")]


def exempt(element, parents):
    """The lists where links lead; an advice, which has a link of its own; abbreviations, which have no figures."""
    if element.tag == "dl":
        return parents[element].tag == "li" or "IPMVP" in "".join(element.itertext())
    return element.get("id") in {"methods", "sources"}


def test_every_table_chart_and_group_of_figures_leads_to_its_formula_and_its_source(report):
    root, parents = report
    ids, bare, found = ids_of(root), [], 0
    for element in (e for kind in ("table", "figure", "dl") for e in root.iter(kind)):
        if exempt(element, parents):
            continue
        links, found = line_of(element, parents), found + 1
        assert set(links) <= ids
        formula = any(link.startswith("m-") for link in links)
        source = any(link.startswith("t-") or link == "inputs" for link in links)
        if not (formula and source):
            bare.append(element.get("id") or "".join(element.itertext())[:60])
    assert found > 20
    assert bare == []


def test_every_formula_and_every_packaged_table_of_the_list_is_led_to(report, any_study):
    root, _ = report
    links, ids = {a.get("href").removeprefix("#") for a in root.iter("a")}, ids_of(root)
    formulas, tables = ({i for i in ids if i.startswith(mark)} for mark in ("m-", "t-"))
    assert len(formulas) > 15
    assert len(tables) == len(any_study.sources)
    assert formulas | tables <= links


def test_advice_leads_to_its_chapter(report):
    root, _ = report
    advice = next(e for e in root.iter("ol") if e.get("class") == "advice")
    links = [a.get("href").removeprefix("#") for a in advice.iter("a")]
    assert links
    assert set(links) <= ids_of(root)


def test_methods_and_their_tables_are_known():
    assert {key for keys in BY.values() for key in keys} <= set(SOURCES)
    assert {key for c in CHAPTERS for part in c.parts for key in part.by} <= set(SOURCES)
    for name in (name for names in SOURCES.values() for name in names):
        assert name == "tariffs/{tariff}" or any(one.startswith(name) for one in catalog.sources()), name
