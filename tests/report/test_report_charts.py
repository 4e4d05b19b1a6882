"""Charts: the same bytes, no word over another, nothing cut, no colour needed, and every awkward input drawn."""

import re
from itertools import combinations, pairwise

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from mine_energy.report import charts, style
from mine_energy.report.chapters import CHAPTERS
from mine_energy.report.chapters.day_types import typical
from mine_energy.report.charts import Block, Curve, Day, Layer, Line, Points, words
from mine_energy.report.first import first_screen
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.units import POINTS_PER_INCH

SCALE = Scale(label="Energy (kWh)", tick=lambda value: f"{value:g}")
MARK = style.MARKS["import"]
POINTS = Points(label="motors", x=[0.5, 0.75], y=[0.8, 0.9], colour=style.BLUE, sizes=[20.0, 90.0])
CURVE = Curve(label="IE3", x=[0.2, 1.0], y=[0.85, 0.92], colour=style.INK)
BLOCKS = [
    Block(label="dear", width=2.0, height=9.0, pays=False),
    Block(label="cheap", width=1.0, height=0.5, pays=True),
]
MONTHS = [str(month) for month in range(1, 13)]


def number(value):
    return f"{value:.3g}"


def bars(values, labels=None, bands=()):
    names = labels or [f"use {i}" for i in range(len(values))]
    return charts.horizontal_bars(names, values, SCALE, number, mark=MARK, bands=bands)


def days(scale, down, across):
    lines = [Line(label="load", values=[scale] * 24, mark=MARK), Line(label="pv", values=[0.0] * 24, mark=MARK)]
    return [[Day(title=f"{row} {column}", lines=lines) for column in range(across)] for row in range(down)]


def every_chart(scale):
    layer = Layer(label="a", values=[scale] * 12, mark=MARK)
    below = Layer(label="b", values=[scale / 2] * 12, mark=style.MARKS["export"], below=True)
    states = ["today", "after", "pv"]
    three = Layer(label="a", values=[scale] * 3, mark=MARK)
    return [
        bars([scale, scale / 2], bands=[(0, 2 * scale), (scale / 4, scale)]),
        charts.typical_days(days(scale, 2, 2), "hour", SCALE),
        charts.typical_days(days(scale, 1, 1), "hour", SCALE),
        charts.monthly_balance(MONTHS, [layer, below], ("load", [scale] * 12), SCALE),
        charts.supply(states, [three, three], SCALE, number),
        charts.emissions(states, [three, three], SCALE, number, avoided=("apart", scale), bands=[(0, scale)] * 3),
        charts.emissions(states, [three], SCALE, number),
        charts.waterfall(["sun", "heat", "meter"], [scale, scale / 2, scale / 2], SCALE, number),
        charts.cumulative_cash([-scale, 0, scale], "year", SCALE, payback=(1.0, "1 year")),
        charts.cumulative_cash([-scale, -scale / 2], "year", SCALE, payback=None, never="never"),
        charts.savings_steps(
            ["a", "b", "all"], [scale, scale / 3], [scale, scale / 2], ("in turn", "alone"), SCALE, number
        ),
        charts.pareto(["a", "b"], [scale, scale / 2], SCALE, number, SCALE),
        charts.scatter([POINTS], [CURVE], (SCALE, SCALE), x_limits=(0.0, 2.0)),
        charts.scatter([], [CURVE], (SCALE, SCALE), y_limits=(0.0, 2.0 * scale or 1.0)),
        charts.tornado(["a", "b"], [(scale, 2 * scale), (2 * scale, scale)], 1.5 * scale, ("low", "high"), SCALE),
        charts.conserved([Block(label="a", width=scale, height=scale, pays=True)], None, (SCALE, SCALE), scale or 1.0),
        charts.conserved(BLOCKS, ("price", 1.0), (SCALE, SCALE), 2.0),
        *plan_charts(scale),
    ]


def plan_charts(scale):
    left = charts.Remaining(label="left", values=[scale] * 3, bands=[(0.0, 2 * scale)] * 3)
    cut = Layer(label="cut", values=[scale / 2] * 3, mark=MARK)
    tasks = [charts.TaskBar(label="a", start=0, online=3, full=3, end=24)]
    spent = charts.Spending(label="all", steps=[(0.0, scale)], mark=MARK)
    calendar = charts.Calendar(first_year=2026, months=24, ends=(12, "end"))
    blocks = [charts.CostBlock(label="1", tonnes=scale, cost=-scale), charts.CostBlock(label="2", tonnes=1, cost=scale)]
    return [
        charts.plan_wedges([2026, 2027, 2028], ("base", scale), left, [cut], (SCALE, SCALE), removals=cut),
        charts.plan_wedges([2026, 2027, 2028], ("base", scale), left, [], (SCALE, SCALE)),
        charts.plan_gantt(tasks, ("wait", "grow", "work"), [spent], calendar, SCALE, budget=("budget", scale)),
        charts.plan_gantt(tasks, ("wait", "grow", "work"), [], calendar, SCALE),
        charts.plan_curve(blocks, (SCALE, SCALE), number, ("earns", "costs")),
    ]


def test_a_chart_drawn_again_has_the_same_bytes():
    assert every_chart(1.0) == every_chart(1.0)


@pytest.mark.parametrize("scale", [0.0, 1e9])
def test_every_chart_is_drawn_at_any_scale(scale):
    for image in every_chart(scale):
        assert image.startswith((b"<?xml", b"\x89PNG"))
        assert b"<dc:date>" not in image
        assert len(image) < 60_000


def test_a_persons_settings_neither_reach_a_chart_nor_change():
    plain = bars([3.0, 2.0])
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "none", "axes.grid": True, "svg.hashsalt": "x"}):
        before = dict(mpl.rcParams)
        assert bars([3.0, 2.0]) == plain
        assert dict(mpl.rcParams) == before


def test_labels_are_words_not_formulas():
    assert bars([1.0], labels=["$\\alpha$ cost $5"]) != bars([1.0], labels=["α cost 5"])


def test_letters_are_drawn_as_shapes():
    assert b"<text" not in bars([1.0])
    assert b"font-family" not in bars([1.0])


def test_hatches_tell_the_fills_apart_without_colour():
    filled = ["pv", "import", "genset", "export", "saving"]
    assert len({style.MARKS[role].hatch for role in filled}) == len(filled)
    assert len({str(style.MARKS[role].line) for role in ("today", "after", "with_pv", "pv")}) == 4


def test_colours_are_those_of_okabe_and_ito():
    allowed = {
        *("#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"),
        "#ffffff",
    }
    assert {mark.colour for mark in style.MARKS.values()} <= allowed


def test_bars_are_as_long_as_their_values():
    # The path of a bar: from its left top by its width ...; it alone is clipped and filled with the mark's colour.
    image = bars([4.0, 1.0]).decode()
    shared = re.search(r"\.(\w+)\{[^}]*fill:#0072b2", image)[1]
    widths = re.findall(rf'd="m[\d.]+[ ,][\d.]+l([\d.]+)[ ,]0[^"]*"[^>]*class="{shared}"', image)
    longer, shorter = (float(width) for width in widths)
    assert longer == pytest.approx(4 * shorter, rel=1e-3)


LONG = [
    "CIRCUITO-DE-REMOLIENDA-07-BOMBA-DE-ESPESADOR",
    "Certificados (REC, EcoGox) de la electricidad que queda",
    "Electroencefalografista" * 3,
    "Molienda",
    "Compostaje de los residuos orgánicos de la planta y del campamento",
]
NAMES = st.lists(st.sampled_from(LONG), min_size=1, max_size=12)
SIZES = st.floats(1e-3, 1e7)


def money(value):
    return f"{value:,.0f}".replace(",", ".")


LONG_SCALE = Scale(label="Energía (kWh/año)", tick=money)


@pytest.fixture
def drawn(monkeypatch):
    """Every figure that becomes a picture while a test runs."""
    figures = []
    for kind in ("svg", "png"):
        made = getattr(style, kind)

        def kept(figure, made=made, **options):
            figures.append(figure)
            return made(figure, **options)

        monkeypatch.setattr(style, kind, kept)
    return figures


def shown_texts(figure):
    """Return the words that a figure shows: of the ticks only those within their axis."""
    texts = set(figure.findobj(Text))
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = 1e-9 * max(1.0, abs(low), abs(high))
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                texts -= {tick.label2}
                if not (low - slack <= tick.get_loc() <= high + slack):
                    texts -= {tick.label1}
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


def faults(figure):
    """Return what a reader would stumble over: words over words, words cut by the edge, letters too small."""
    canvas = FigureCanvasAgg(figure)
    with style.drawing():
        canvas.draw()
        renderer = canvas.get_renderer()
        boxes = [(text, text.get_window_extent(renderer)) for text in shown_texts(figure)]
    whole = figure.bbox.padded(1.5)
    found = [f"cut: {t.get_text()}" for t, box in boxes if not (whole.containsx(box.x0) and whole.containsx(box.x1))]
    found += [f"cut: {t.get_text()}" for t, box in boxes if not (whole.containsy(box.y0) and whole.containsy(box.y1))]
    found += [f"small: {t.get_text()}" for t, _ in boxes if t.get_size() < style.SMALL]
    for (one, first), (other, second) in combinations(boxes, 2):
        if first.padded(-1.0).overlaps(second.padded(-1.0)):
            found.append(f"over: {one.get_text()!r} {other.get_text()!r}")
    return found


def test_the_faults_of_a_figure_are_found():
    with style.drawing():
        figure = style.figure(2.0)
        figure.text(0.2, 0.5, "one")
        figure.text(0.2, 0.5, "two")
        figure.text(0.98, 0.5, "beyond the edge")
        figure.text(0.2, 0.2, "tiny", size=5)
    kinds = {fault.split(":")[0] for fault in faults(figure)}
    assert kinds == {"over", "cut", "small"}


@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(NAMES, SIZES, st.floats(0, 1).map(lambda part: round(part, 6)))
@example([*LONG, *LONG], 1.1e7, 0.0)
@example(LONG[:1], 7.4e6, 1e-6)
def test_long_names_and_any_values_stay_apart_and_whole(names, size, part):
    figures = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "svg", lambda figure: figures.append(figure) or b"")
        values = [size * (1 if place % 2 else part) for place in range(len(names))]
        falling = sorted(values, reverse=True)
        bands = [(value * part, value * (1 + part)) for value in values]
        charts.horizontal_bars(names, values, LONG_SCALE, money, mark=MARK, bands=bands)
        charts.pareto(names, falling, LONG_SCALE, money, Scale(label="Acumulado", tick=lambda v: f"{100 * v:.0f} %"))
        charts.savings_steps([*names, "Todas"], values, falling, ("En su turno", "Sola"), LONG_SCALE, money)
        charts.waterfall([*names, "Al final"], [*falling, falling[-1]], LONG_SCALE, money, percent=lambda v: f"{v:.1%}")
        charts.tornado(names, [(-v, 2 * v) for v in values], 0.0, ("cifra en su valor bajo", "alto"), LONG_SCALE)
        cash = [-size, *(size * (part - 0.4) * year for year in range(len(names)))]
        charts.cumulative_cash(cash, "Año", LONG_SCALE, payback=None, never="no se recupera en 25 años")
        charts.cumulative_cash(cash, "Año", LONG_SCALE, payback=(part * (len(cash) - 1), "12,3 años"))
        three = [Layer(label=name, values=[size, size * part, 0.0], mark=MARK) for name in names[:3]]
        states = ["Hoy", "Con medidas", "Con medidas y fotovoltaica"]
        charts.supply(states, three, LONG_SCALE, money)
        bands = [(0.5 * size, 1.7 * size)] * 3
        charts.emissions(states, three, LONG_SCALE, money, avoided=("Aparte: evitadas", 2 * size), bands=bands)
        plan(names, size)
    assert [faults(figure) for figure in figures] == [[]] * len(figures)


def plan(names, size):
    years = list(range(2026, 2026 + len(names)))
    left = charts.Remaining(label="Queda (línea: banda)", values=[size] * len(years))
    cuts = [Layer(label=name, values=[size / 9] * len(years), mark=MARK) for name in dict.fromkeys(names)]
    charts.plan_wedges(years, ("Año base 2025", size), left, cuts, (LONG_SCALE, LONG_SCALE))
    tasks = [charts.TaskBar(label=name, start=0, online=6, full=9, end=120) for name in names]
    calendar = charts.Calendar(first_year=2026, months=12.0 * len(names), ends=(6.0 * len(names), "fin del plan"))
    waits = ("Permisos y entrega", "Crece", "Efecto completo")
    charts.plan_gantt(tasks, waits, [], calendar, LONG_SCALE, budget=("Presupuesto", size))
    blocks = [charts.CostBlock(label=str(n), tonnes=size, cost=size * (n - 2)) for n in range(len(names))]
    charts.plan_curve(blocks, (LONG_SCALE, LONG_SCALE), money, ("Gana dinero", "Cuesta dinero"))


def test_what_sizing_draws_stays_apart_and_whole(drawn):
    hours = np.arange(336)
    flow = charts.Flow(label="Batería", values=np.full(336, 80.0), mark=style.MARKS["battery"])
    soc = ("Carga de batería", 0.5 + 0.5 * np.sin(hours / 9))
    middays = [(hour, f"{9 + hour // 24} nov") for hour in range(7, 336, 24)]
    base = {"flows": [flow], "load": ("Carga", np.full(336, 80.0)), "available": ("FV", np.full(336, 90.0))}
    charts.fortnight(charts.Fortnight(**base, soc=soc, midnights=middays), (LONG_SCALE, SCALE))
    empty = (soc[0], np.zeros(336))
    charts.fortnight(charts.Fortnight(**base, soc=empty, midnights=middays), (LONG_SCALE, SCALE))
    assert [len(figure.axes) for figure in drawn] == [4, 2]
    served = (0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
    today = charts.Step(served=0.0, cost=40e3, label="Equipo de hoy")
    for growth in (1.0, 1.4):
        steps = [
            charts.Step(served=s, cost=3e4 * growth**n, label=f"{1200 + 10 * n} kWh") for n, s in enumerate(served)
        ]
        charts.frontier(steps, steps[3], today, (Scale(label="Servida", tick=lambda v: f"{v:.1%}"), LONG_SCALE))
    axes = ([0.0, 500.0, 1000.0], [0.0, 300.0, 900.0])
    found = charts.Found(label="planta hallada", across=500.0, up=300.0)
    limit = charts.Limit(label="igual confiabilidad: 1 % sin servir", share=0.01)
    shares = np.array([[1.0, 0.9, 0.5], [0.6, 0.01, 0.001], [0.3, 0.001, 0.0]])
    charts.reliability_map(axes, shares, found, limit, (LONG_SCALE, LONG_SCALE), SCALE)
    charts.charge_classes([0.1] * 10, "Estado de carga", SCALE, SCALE)
    assert [faults(figure) for figure in drawn] == [[]] * len(drawn)


@pytest.mark.parametrize(
    ("kind", "language"), [("grid", "es"), pytest.param("own_power", "en", marks=pytest.mark.whole)]
)
def test_charts_of_a_study_are_whole_and_their_words_say_the_figures(drawn, request, kind, language):
    study = request.getfixturevalue(f"{kind}_study")
    w = Writer(language=language, country=study.site.site.country)
    parts = [part for chapter in CHAPTERS for part in chapter.parts if part.applies(study)]
    blocks = [block for part in parts for block in part.blocks(study, w)]
    pictures = [first_screen(study, w).picture, *(block for block in blocks if block.kind == "picture")]
    assert len(pictures) == len(drawn) >= 15
    for picture, figure in zip(pictures, drawn[-1:] + drawn[:-1], strict=True):
        assert faults(figure) == [], picture.caption
        assert len(re.findall(r"\d[\d.,]*", picture.alt)) >= 2, picture.alt
        assert re.search(r"\d", picture.caption), picture.caption
        assert not re.match(r"(Gráfic|Barras|Mapa|Curva|Nube|Chart|Bars|Map|Curve|Cloud)", picture.alt)
        # Every pair of axes says what it shows: in its own words, or in those of the figure for all its panels.
        labels = [(axes.get_xlabel(), axes.get_ylabel()) for axes in figure.axes]
        assert any(x or y for x, y in labels) or figure.get_supxlabel()


def test_letters_are_nine_pixels_on_a_phone():
    # 360 px less the margins of the text and the frame of the picture.
    pixels_per_point = (360 - 2 * 16 - 2) / (POINTS_PER_INCH * style.WIDTH_IN)
    assert style.SMALL * pixels_per_point >= 9.0


DRAWN_TOGETHER = (
    ("pv", "import", "export"),
    ("pv", "genset", "export"),
    ("pv", "battery", "import", "unserved"),
    ("pv", "battery", "genset", "unserved"),
    ("import", "pv", "saving"),
    ("saving", "loss"),
    ("location", "market", "genset"),
    ("market", "pv"),
)
# Machado, Oliveira and Fernandes (2009), deuteranopia of full severity, on linear RGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour, seen=None):
    """Return CIE L*a*b* of a colour under daylight, as a person without the green cones sees it where asked."""
    srgb = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    if seen is not None:
        linear = np.clip(seen @ linear, 0, 1)
    x, y, z = np.cbrt(np.maximum(TO_XYZ @ linear / np.array([0.9505, 1.0, 1.089]), 1e-4))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("roles", DRAWN_TOGETHER)
def test_fills_are_told_apart_without_green_cones_and_without_colour(roles):
    for one, other in combinations([style.MARKS[role] for role in roles], 2):
        assert np.linalg.norm(lab(one.colour, DEUTERANOPIA) - lab(other.colour, DEUTERANOPIA)) > 15
        assert one.hatch != other.hatch or abs(lab(one.colour)[0] - lab(other.colour)[0]) > 25


def test_names_keep_every_letter_when_they_break():
    for name in LONG:
        broken = words.wrapped(name, 98.0)
        assert broken.replace("\n", "").replace(" ", "") == name.replace(" ", "")
        assert style.width_pt(broken) <= 98.0
    assert words.wrapped("Efecto en MN-CO1", 60.0).split("\n")[-1] == "MN-CO1"


@given(st.lists(st.floats(-100, 100), max_size=8), st.floats(0.1, 20))
def test_names_at_the_ends_of_curves_keep_their_order_and_distance(values, least):
    moved = words.apart(values, least)
    order = sorted(range(len(values)), key=lambda place: (values[place], place))
    gaps = [moved[b] - moved[a] for a, b in pairwise(order)]
    assert all(gap >= least - 1e-6 for gap in gaps)


def test_typical_days_take_the_sunniest_and_the_dullest_month(grid_study):
    best, worst = typical(grid_study)
    pv = grid_study.hourly.pv_kw
    by_month = pv.groupby(pv.index.month).mean()
    assert (best[0].month, worst[0].month) == (by_month.idxmax(), by_month.idxmin())
    assert [day.works for day in best] == [True, False]
    # The mean day of a month in the sun has the month's mean power.
    days_of = pv[pv.index.month == best[0].month].index.normalize().unique()
    resting = sum(str(day.date()) in set(grid_study.audit.rest_days) for day in days_of)
    shares = ((len(days_of) - resting), resting)
    mean = sum(sum(day.pv) / 24 * share for day, share in zip(best, shares, strict=True)) / len(days_of)
    assert mean == pytest.approx(by_month.max())
    assert all(0 < day.served < 1 for day in (best[0], worst[0]))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=15))
def test_any_values_make_bars(values):
    assert bars(values).count(b"</svg>") == 1
