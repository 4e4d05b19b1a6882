"""Charts: the same bytes, no setting left behind, no markup in labels, and every awkward input drawn."""

import re

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.report import charts, style
from mine_energy.report.charts import Block, Curve, Layer, Line, Points
from mine_energy.report.style import Scale

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


def every_chart(scale):
    layer = Layer(label="a", values=[scale] * 12, mark=MARK)
    below = Layer(label="b", values=[scale / 2] * 12, mark=style.MARKS["export"], below=True)
    states = ["today", "after", "pv"]
    three = Layer(label="a", values=[scale] * 3, mark=MARK)
    return [
        bars([scale, scale / 2], bands=[(0, 2 * scale), (scale / 4, scale)]),
        charts.typical_day([Line(label="load", values=[scale] * 24, mark=MARK, filled=True)], "hour", SCALE),
        charts.monthly_balance(MONTHS, [layer, below], ("load", [scale] * 12), SCALE),
        charts.supply(states, [three, three], SCALE, number),
        charts.emissions(states, [three, three], SCALE, number, avoided=("apart", scale), bands=[(0, scale)] * 3),
        charts.emissions(states, [three], SCALE, number),
        charts.waterfall(["sun", "heat", "meter"], [scale, scale / 2, scale / 2], SCALE, number),
        charts.cumulative_cash([-scale, 0, scale], "year", SCALE, payback=(1.0, "1 year")),
        charts.cumulative_cash([-scale, -scale / 2], "year", SCALE, payback=None),
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


@pytest.mark.parametrize("scale", [0.0, 1e-6, 1.0, 1e9])
def test_every_chart_is_drawn_and_drawn_again_alike(scale):
    first, second = every_chart(scale), every_chart(scale)
    assert first == second
    for image in first:
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
    widths = re.findall(r'd="m[\d.]+ [\d.]+l([\d.]+) 0 [^"]*"[^>]*fill:#0072b2', image)
    longer, shorter = (float(width) for width in widths)
    assert longer == pytest.approx(4 * shorter, rel=1e-3)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=15))
def test_any_values_make_bars(values):
    assert bars(values).count(b"</svg>") == 1
