"""The report as a document: well formed, self-contained, accessible, escaped, the same everywhere."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import html5lib
import pytest

from browsers import faults
from mine_energy import catalog, messages
from mine_energy.io.results import read_study, study_json
from mine_energy.report.chapters import CHAPTERS
from mine_energy.report.format import Writer
from mine_energy.report.render import render_html
from mine_energy.vocabulary import choices
from page_words import page_words

VOID = {"meta", "img", "br", "link", "input", "hr"}
LIMIT_BYTES = 950_000


class Page(HTMLParser):
    """Reads a page; notes what is not closed, and what a checker wants to know."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.open, self.faults, self.tags, self.words = [], [], [], []
        self.feed(page.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append((tag, self.open[-3:], self.getpos()))
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"style", "script"}:
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def html(pages, any_study, language):
    return pages(any_study, language)


@pytest.fixture
def page(html):
    return Page(html)


def test_tags_are_balanced(page):
    assert page.faults == []
    assert page.open == []


def test_the_page_keeps_to_the_standard(html):
    assert faults(html) == []


def test_ids_are_unique_and_links_lead_somewhere(page):
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    references = [a["href"] for a in page.all("a")]
    references += ["#" + a["aria-labelledby"] for _, a in page.tags if "aria-labelledby" in a]
    assert references
    assert {r for r in references if r.removeprefix("#") not in ids} == set()


def test_nothing_outside_is_asked_for(page, html):
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("iframe")
    for _, attributes in page.tags:
        for name in ("src", "href", "srcset", "poster", "action"):
            value = attributes.get(name, "#")
            assert value.startswith(("#", "data:image/svg+xml,", "data:image/png;base64,")), value[:60]
        assert not [name for name in attributes if name.startswith("on")]
    style = re.search(rb"<style>(.*?)</style>", html, re.DOTALL).group(1)
    assert b"url(" not in style
    assert b"@import" not in style
    assert b"@font-face" not in style


def test_the_page_is_small(html):
    assert len(html) < LIMIT_BYTES


def test_every_picture_has_words(page):
    pictures = page.all("img")
    assert len(pictures) >= 4
    alts = [picture["alt"] for picture in pictures]
    assert all(len(alt) > 40 for alt in alts)
    assert len(set(alts)) == len(alts)


def test_tables_have_captions_and_headings_with_scope(page):
    assert len(page.all("caption")) == len(page.all("table"))
    assert all("scope" in heading for heading in page.all("th"))
    assert len(page.all("thead")) == len(page.all("table"))


def test_headings_step_down_one_level_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(new <= old + 1 for old, new in pairwise(levels))


def test_language_is_stated(page, language):
    assert page.all("html")[0]["lang"].startswith(language)
    assert any(a.get("class") == "skip" for a in page.all("a"))


def test_no_text_is_left_unfilled(page, any_study):
    known = {"{name}", "{oops}"} if "{name}" in any_study.site.site.name else set()
    assert set(re.findall(r"\{\w*\}", page.text)) <= known
    assert "None" not in page.text.split()
    assert not re.search(r"\bnan\b|\binf\b", page.text)


def test_chapters_stand_in_order(page, any_study):
    ids = [a["id"] for a in page.all("section") if a.get("class") == "chapter"]
    assert ids == [chapter.id for chapter in CHAPTERS if chapter.applies(any_study)]
    order = ["plant", "reconciliation", "energy", "measures", "sun", "reliability", "finance", "carbon", "roadmap"]
    order += ["assumptions", "answer"]
    assert ids == [name for name in order if name in ids]
    assert set(order) - {"measures", "roadmap"} <= set(ids)
    parts = [a["id"] for a in page.all("h3") if a.get("class") == "part"]
    shown = [p.id for c in CHAPTERS for p in c.parts if p.applies(any_study) and p.id != c.id]
    assert parts == shown


def test_landmarks_are_few_and_one_of_each(page):
    assert [len(page.all(tag)) for tag in ("header", "main", "footer", "nav")] == [1, 1, 1, 1]
    assert page.all("a")[0]["href"] == "#main"
    assert not [a for _, a in page.tags if a.get("role") == "region"]
    assert all(a.get("tabindex") == "0" for a in page.all("div") if a.get("class") == "scroll")


def test_what_is_reconstructed_bears_a_word_or_a_star(pages, pilot_study):
    """Colour alone marks nothing: a soft value has a badge, or a star that the note under its table explains."""
    for language, said in (("en", "* Reconstructed or assumed."), ("es", "* Reconstruido o supuesto.")):
        tree = html5lib.parse(pages(pilot_study, language).decode(), namespaceHTMLElements=False)
        marked = [
            e for e in tree.iter("span") if e.get("class") == "assumed" and re.search(r"\d", "".join(e.itertext()))
        ]
        assert marked
        assert all(any(c.tag == "sup" or c.get("class") == "badge" for c in e) for e in marked)
        assert said in "".join(tree.itertext())


def test_keys_of_the_site_file_have_names(pages, pilot_study):
    for language in ("es", "en"):
        tree = html5lib.parse(pages(pilot_study, language).decode(), namespaceHTMLElements=False)
        table = next(t for t in tree.iter("table") if t.get("id") == "provenance")
        names = ["".join(next(row.iter("th")).itertext()) for row in next(table.iter("tbody")).iter("tr")]
        assert not [name for name in names if "_" in name or re.search(r"\w\.\w", name)]


def test_the_unit_cost_shows_its_six_components(pages, pilot_study, offgrid_study):
    tree = html5lib.parse(pages(pilot_study, "es").decode(), namespaceHTMLElements=False)
    table = next(t for t in tree.iter("table") if t.get("id") == "unit-cost")
    words = " ".join("".join(table.itertext()).split())
    for name in (
        "G, generación",
        "T, transmisión",
        "D, distribución",
        "Cv, comercialización",
        "PR, pérdidas",
        "R, res",
    ):
        assert name in words
    assert "950,0" in words
    assert 'id="unit-cost"' not in pages(offgrid_study, "es").decode()


def test_a_chapter_without_a_subject_stays_away(pages, meter_only_study):
    text = pages(meter_only_study, "en").decode()
    assert 'id="measures"' not in text
    assert 'id="end-uses"' not in text
    assert "End uses unknown" in text


def test_a_study_without_an_array_has_no_chapters_about_one(grid_study):
    bare = replace(grid_study.design.after_measures, pv_kwp=0.0)
    study = replace(grid_study, design=replace(grid_study.design, after_measures=bare))
    page = Page(page_words(study, "en"))
    ids = {a["id"] for _, a in page.tags if "id" in a}
    assert not {"sun", "coverage", "reliability"} & ids
    assert "With measures + PV" not in page.text[: page.text.index("Contents")]
    assert "Do not install PV for now" in page.text


def test_every_word_has_a_label(any_study, monkeypatch):
    bare = []
    language = "en"
    original = Writer.word

    def word(self, field, key):
        known = key in choices(field) or f"report.word.{field}.{key}" in messages.catalogue(language)
        if not known and not re.fullmatch(r"[A-Z0-9]+|%|(USD|COP|PEN)/\w+", key):
            bare.append((field, key))
        return original(self, field, key)

    monkeypatch.setattr(Writer, "word", word)
    page_words(any_study, language)
    assert bare == []


# What must be said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "es",
            [
                "reconstruidos o supuestos",
                "sintético",
                "Hoy",
                "Con medidas y FV",
                "Tres recomendaciones",
                "Aparte del Alcance 2",
            ],
        ),
        (
            "en",
            [
                "reconstructed or assumed",
                "synthetic, from monthly means of",
                "Today",
                "With measures + PV",
                "Apart from Scope 2",
            ],
        ),
    ],
)
def test_the_first_screen_says_what_the_figures_are(pages, pilot_study, language, words):
    text = Page(pages(pilot_study, language)).text
    start = text.index("Contenido", 100) if language == "es" else text.index("Contents")
    first = text[:start]
    for word in words:
        assert word in first, word
    assert f"{pilot_study.solar.weather.seed}" in first


def test_all_three_meanings_are_printed_before_and_after(pages, any_study, language):
    w = Writer(language=language, country=any_study.site.site.country)
    text = Page(pages(any_study, language)).text
    for found in (any_study.coverage.before_measures, any_study.coverage.after_measures):
        for ratio in (found.annual_net_ratio, found.self_sufficiency, 1 - found.lpsp_without_grid):
            assert " ".join(w.percent(ratio).split()) in text


def test_both_methods_kind_year_and_disclosure(pages, pilot_study):
    text = Page(pages(pilot_study, "en")).text
    for words in ("Scope 2, location-based", "Scope 2, market-based", "residual mix", "combined margin", "2024", "GWP"):
        assert words in text


def test_npv_stands_at_three_rates(pages, pilot_study):
    text = Page(pages(pilot_study, "en")).text
    assert len(set(re.findall(r"NPV at [\d.]+%", text))) == 3


def test_a_measured_plant_has_no_banner_about_reconstruction(pages, pilot_study):
    measured = replace(pilot_study, reconstructed=False)
    text = Page(page_words(measured, "en")).text
    assert "reconstructed or assumed: such rows" not in text
    assert "synthetic, from monthly means" in text


def test_numbers_follow_the_country(pages, pilot_study, offgrid_study):
    assert "194.000" in Page(pages(pilot_study, "es")).text
    assert "194,000" in Page(pages(pilot_study, "en")).text
    assert "383,000" in Page(pages(offgrid_study, "es")).text


# Safety


def test_user_texts_are_escaped(pages, hostile_study, language):
    raw = pages(hostile_study, language).decode()
    assert "<script" not in raw
    assert "&lt;script&gt;alert(" in raw
    assert "onerror=alert(1)&gt;" in raw
    assert 'src="http' not in raw
    assert hostile_study.site.site.name in Page(raw.encode()).text


# Sameness


def test_a_report_from_the_json_is_the_report_of_the_study(pages, any_study, tmp_path):
    path = tmp_path / "study.json"
    path.write_bytes(study_json(any_study))
    assert render_html(read_study(path), "es") == pages(any_study, "es")


@pytest.mark.whole
def test_the_same_study_gives_the_same_bytes_everywhere(pilot_study, tmp_path):
    path = tmp_path / "study.json"
    path.write_bytes(study_json(pilot_study))
    code = (
        "import hashlib, sys\n"
        "from pathlib import Path\n"
        "from mine_energy.io.results import read_study\n"
        "from mine_energy.report import render, workbook\n"
        "study = read_study(Path(sys.argv[1]))\n"
        "for make in (render.render_html, workbook.render_workbook):\n"
        "    print(hashlib.sha256(make(study, 'es')).hexdigest())\n"
        "print('matplotlib.pyplot' in sys.modules)\n"
    )
    answers = set()
    for number, environment in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "OMP_NUM_THREADS": "1", "MPLBACKEND": "svg"},
            {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LANG": "es_CO.UTF-8", "OMP_NUM_THREADS": "2"},
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        # A person's own matplotlib settings must not reach the report.
        (folder / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: none\naxes.grid: True\n", encoding="utf-8")
        answer = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, str(path)],
            cwd=folder if number else tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            check=True,
            text=True,
        )
        answers.add(answer.stdout)
    assert len(answers) == 1
    page, _, pyplot = answers.pop().split()
    assert page == hashlib.sha256(render_html(read_study(path), "es")).hexdigest()
    assert pyplot == "False"


# Looks


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Contrast ratio of WCAG 2.1."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_enough():
    css = catalog.packaged("report/templates/report.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css))
    on = {
        "paper": ["ink", "quiet", "accent", "assumed", "warning", "good"],
        "wash": ["ink", "quiet"],
        "assumed-wash": ["assumed"],
        "warning-wash": ["warning"],
    }
    for ground, inks in on.items():
        for ink in inks:
            assert contrast(colours[ground], colours[ink]) >= 4.5, (ground, ink)
    for wash, ink in (("assumed-wash", "#4a2600"), ("warning-wash", "#5c1100"), ("good-wash", "#003a2a")):
        assert contrast(colours[wash], ink) >= 4.5
    assert contrast(colours["accent"], "#ffffff") >= 4.5


def test_the_style_sheet_prints():
    css = catalog.packaged("report/templates/report.css").read_text(encoding="utf-8")
    for words in ("@page", "table-header-group", "break-inside: avoid", "counter(page)", "@media screen"):
        assert words in css
    assert "size: A4" not in css  # a browser prints on the reader's paper; the PDF maker states the size
    assert css.count("{") == css.count("}")


def test_texts_of_the_report_are_plain(language):
    texts = {key: words for key, words in messages.catalogue(language).items() if key.startswith("report.")}
    assert len(texts) > 300
    assert not [key for key, words in texts.items() if "<" in words or json.dumps(words).count("\\t")]


# What the packaged plants do not show


def test_a_compared_meter_a_weather_file_and_an_investment_that_never_pays(pilot_study):
    found = replace(
        pilot_study.audit.reconciliation,
        status="compared",
        days=365.0,
        inventory_kwh=200_000.0,
        metered_kwh=210_000.0,
        gap_kwh=10_000.0,
        gap_fraction=10 / 210,
    )
    metered = replace(pilot_study.audit.load_before, origin="metered", label="meter.csv")
    weather = replace(pilot_study.solar.weather, kind="typical", seed=None, source="a station's file")
    lost = replace(pilot_study.finance.both, simple_payback_years=None, discounted_payback_years=None, irr=())
    made = replace(
        pilot_study,
        audit=replace(pilot_study.audit, reconciliation=found, load_before=metered),
        solar=replace(pilot_study.solar, weather=weather),
        finance=replace(pilot_study.finance, both=lost, measures=None),
    )
    text = Page(page_words(made, "en")).text
    assert "Gap over metered energy 4.8%" in text
    assert "Typical year: months of several years joined into one. Source: a station's file" in text
    assert "never pays back" in text
    assert "Measure the assumed machines" in text
    assert "Leave the motors as they are" in text
    assert "synthetic, from" not in text[: text.index("Contents")]


def test_a_scaled_load_says_so_first(pilot_study):
    scaled = replace(pilot_study.audit.load_before, origin="scaled", label="steel.csv")
    text = Page(page_words(replace(pilot_study, audit=replace(pilot_study.audit, load_before=scaled)), "en")).text
    assert "The load has the shape of another meter, scaled (steel.csv)" in text[: text.index("Contents")]
