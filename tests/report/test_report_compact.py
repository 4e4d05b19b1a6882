"""Fewer bytes, the same picture: paths lead where they led, and nothing that is named loses its name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.report.compact import _name, compact, path

SVG = b"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="10pt" height="10pt" viewBox="0 0 10 10"
 xmlns="http://www.w3.org/2000/svg" version="1.1">
 <g id="figure_1">
  <g id="text_1">
   <!-- word -->
   <g style="fill: #1c262b" transform="translate(31.113131 204.797065) scale(0.085 -0.085)">
    <defs><path id="DejaVuSans-13" d="M 1600 3200 \nQ 0 16 32 48 \nz\n" transform="scale(0.015625)"/></defs>
    <use xlink:href="#DejaVuSans-13"/>
    <use xlink:href="#DejaVuSans-13" transform="translate(63.623047 0)"/>
   </g>
  </g>
  <path d="M 1.23456 2 \nL 3.5 4 \nL 3.5 2 \nz\n" clip-path="url(#pabc)" style="fill: #0072b2; stroke: #ffffff"/>
 </g>
 <defs><clipPath id="pabc"><rect x="39.234567" y="7" width="346.574393" height="1"/></clipPath></defs>
</svg>
"""


def points(data):
    """Absolute points of a path of relative or absolute lines and curves."""
    here, start, found, command = (0.0, 0.0), (0.0, 0.0), [], ""
    tokens = re.findall(r"[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", data)
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
            if command in "zZ":
                here = start
                continue
        count = {"m": 1, "l": 1, "q": 2, "c": 3}[command.lower()]
        spots = []
        for _ in range(count):
            x, y = float(tokens.pop(0)), float(tokens.pop(0))
            spots.append((x + here[0], y + here[1]) if command.islower() else (x, y))
        found += spots
        here = spots[-1]
        if command in "mM":
            start = here
    return found


numbers = st.floats(-500, 500, allow_nan=False).map(lambda value: round(value, 6))
pairs = st.tuples(numbers, numbers)


def written(steps):
    parts = []
    for index, spots in enumerate(steps):
        letter = "M" if index == 0 else {1: "L", 2: "Q", 3: "C"}[len(spots)]
        parts.append(f"{letter} " + " ".join(f"{x:.6f} {y:.6f}" for x, y in spots))
    return " \n".join(parts) + "\nz\n"


@given(st.tuples(pairs), st.lists(st.lists(pairs, min_size=1, max_size=3), min_size=1, max_size=20))
def test_a_path_leads_through_the_same_points(first, steps):
    absolute = written([first, *steps])
    for before, after in zip(points(absolute), points(path(absolute, 2)), strict=True):
        # However long the path, no error adds up.
        assert after == pytest.approx(before, abs=0.0051)


def test_every_reference_still_finds_its_target():
    small = compact(SVG).decode()
    ids = re.findall(r'\bid="([^"]+)"', small)
    named = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', small)
    assert {one or other for one, other in named} == set(ids)
    assert len(ids) == len(set(ids)) == 2


def test_letters_keep_their_size_and_place():
    small = compact(SVG).decode()
    # Half of a letter's own scale belongs to its word, and places within the word are twice as large.
    assert 'transform="translate(31.11,204.8) scale(.0425,-.0425)"' in small
    assert 'd="m50,100q-50-100-49-98z"' in small
    assert 'x="127"' in small
    assert small.count("scale(") == 1


def test_letters_keep_their_own_scale_where_a_word_has_none():
    small = compact(SVG.replace(b" scale(0.085 -0.085)", b"")).decode()
    assert 'transform="scale(.5)"' in small
    assert 'x="63.6"' in small


def test_spaces_draw_nothing_and_are_left_out():
    space = b'<path id="DejaVuSans-20" transform="scale(0.015625)"/></defs><use xlink:href="#DejaVuSans-20"/>'
    spaced = SVG.replace(b"</defs>\n    <use", space + b"<use", 1)
    assert spaced != SVG
    assert compact(spaced) == compact(SVG)


def test_the_ink_that_most_words_share_is_said_once():
    sheet = b'<defs><style type="text/css">*{stroke-linejoin: round}</style></defs><g id="figure_1">'
    word = b'<g style="fill: #%s" transform="scale(0.1 -0.1)"><use xlink:href="#DejaVuSans-13"/></g>'
    words = word % b"1c262b" + word % b"d55e00"
    small = compact(SVG.replace(b'<g id="figure_1">', sheet + words)).decode()
    assert "g[transform]{fill: #1c262b}" in small
    assert small.count("1c262b") == 1
    assert small.count('style="fill:#d55e00"') == 1
    # A word without a colour of its own is black, and must not take the ink.
    bare = compact(SVG.replace(b'<g id="figure_1">', sheet + words + word.replace(b' style="fill: #%s"', b""))).decode()
    assert "g[transform]" not in bare


def test_a_style_that_shapes_share_is_said_once():
    sheet = b'<defs><style type="text/css">*{stroke-linejoin: round}</style></defs><g id="figure_1">'
    shapes = b'<path d="M 1 2 \nL 3 4" style="fill: #0072b2"/>' * 3 + b'<path d="M 1 2 \nL 3 4" style="fill: #e69f00"/>'
    small = compact(SVG.replace(b'<g id="figure_1">', sheet + shapes)).decode()
    assert ".a{fill:#0072b2}" in small
    assert small.count('class="a"') == 3
    assert small.count('style="fill:#e69f00"') == 1


def test_short_names_never_meet():
    names = [_name(order) for order in range(3000)]
    assert len(set(names)) == 3000
    assert names[:2] == ["a", "b"]
    assert names[51:54] == ["Z", "aa", "ab"]


def test_it_is_smaller_and_always_the_same():
    assert compact(SVG) == compact(SVG)
    assert len(compact(SVG)) < 0.6 * len(SVG)
