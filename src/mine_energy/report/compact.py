"""A chart's SVG in fewer bytes: the same picture, without ids that nothing names, empty groups and idle decimals."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from string import ascii_letters
from typing import Final
from xml.etree import ElementTree as ET

from mine_energy.report.letters import join_scales, one_ink, outlines, without_spaces

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_HREF: Final = f"{{{_XLINK}}}href"
_TOKEN: Final = re.compile(r"[MLQCZmlqcz]|-?\d+(?:\.\d+)?(?:e-?\d+)?")
_NUMBER: Final = re.compile(r"-?\d+\.\d+")
_BETWEEN: Final = re.compile(r"(?<=\d) (?=[-.\d])")
_DECIMALS: Final = 2
_POINTS: Final = {"M": 1, "L": 1, "Q": 2, "C": 3}
_HEADER: Final = b'<?xml version="1.0" encoding="utf-8"?>\n'
_COARSER: Final = 32
"""Outlines are drawn in 1/64 of the unit of their text; half that unit is a twentieth of a point in print."""

Point = tuple[float, float]


def compact(svg: bytes) -> bytes:
    """Return an SVG of matplotlib's that draws the same to a hundredth of a point.

    Parameters
    ----------
    svg
        As matplotlib writes it.

    Returns
    -------
    bytes
        UTF-8; the same input gives the same bytes.
    """
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)
    without_spaces(root)
    one_ink(root)
    scale = "" if join_scales(root, _COARSER / 64) else f"scale({_short(_COARSER / 64, 4)})"
    named = _named(root)
    letters = {id(element) for element in outlines(root)}
    for element in root.iter():
        _shorten(element, named, letters, scale)
    _share_styles(root)
    _unwrap(root)
    return _HEADER + ET.tostring(root, encoding="unicode").replace(" />", "/>").encode("utf-8")


def _named(root: ET.Element) -> dict[str, str]:
    """Return a short id for every id that something refers to."""
    whole = [value for element in root.iter() for value in element.attrib.values()]
    used = dict.fromkeys(name for value in whole for name in re.findall(r"(?:url\()?#([\w-]+)\)?", value))
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    return {name: _name(order) for order, name in enumerate(name for name in ids if name in used)}


def _name(order: int) -> str:
    """Return the name of that place among a, b ... Z, aa, ab ..."""
    rest, last = divmod(order, len(ascii_letters))
    return (_name(rest - 1) if rest else "") + ascii_letters[last]


def _share_styles(root: ET.Element) -> None:
    """Say a style that several shapes have once, as a class; words keep theirs, which their group's rule would undo."""
    sheet = next(root.iter(f"{{{_SVG}}}style"), None)
    shapes = [element for element in root.iter() if element.tag != f"{{{_SVG}}}g" and "style" in element.attrib]
    counts = Counter(shape.attrib["style"] for shape in shapes)
    shared = {style: _name(order) for order, style in enumerate(s for s, count in counts.items() if count > 1)}
    if sheet is None or not shared:
        return
    for shape in shapes:
        if shape.attrib["style"] in shared:
            shape.set("class", shared[shape.attrib.pop("style")])
    sheet.text = (sheet.text or "") + "".join(f".{name}{{{style}}}" for style, name in shared.items())


def _shorten(element: ET.Element, named: dict[str, str], letters: set[int], scale: str) -> None:
    given = element.attrib
    element.tail = None
    if element.text is not None and not element.text.strip():
        element.text = None
    outline = id(element) in letters
    _rename(element, named)
    if "d" in given and outline:
        given["d"] = path(given["d"], 0, 1 / _COARSER)
        given.pop("transform", None)
        if scale:
            given["transform"] = scale
    elif "d" in given:
        given["d"] = path(given["d"], _DECIMALS)
    for name in ("x", "y", "width", "height"):
        if name in given:
            given[name] = _NUMBER.sub(lambda m: _short(float(m.group()), _DECIMALS), given[name])
    _place(element)
    for name in ("transform", "viewBox"):
        if name in given:
            given[name] = _BETWEEN.sub(",", given[name])


def _rename(element: ET.Element, named: dict[str, str]) -> None:
    """Give short ids to what is referred to, and take away the others."""
    given = element.attrib
    short = named.get(given.pop("id", ""))
    if short:
        given["id"] = short
    if _HREF in given:
        # SVG 2 needs no prefix, and every browser since 2019 reads it so.
        given["href"] = "#" + named[given.pop(_HREF).removeprefix("#")]
    for name in ("style", "clip-path", "fill"):
        if name in given:
            given[name] = _references(given[name], named).replace(": ", ":").replace("; ", ";")


def _references(value: str, named: dict[str, str]) -> str:
    return re.sub(r"url\(#([\w-]+)\)", lambda m: f"url(#{named[m.group(1)]})", value)


def _place(element: ET.Element) -> None:
    """Write the place of a letter as x, which is shorter than a translation; round other translations."""
    moved = element.attrib.get("transform", "")
    if element.tag == f"{{{_SVG}}}use" and (found := re.fullmatch(r"translate\((-?[\d.]+) 0\)", moved)):
        del element.attrib["transform"]
        element.set("x", _short(float(found.group(1)), 1))
    elif moved.startswith("translate("):
        head, mark, rest = moved.partition(")")
        head = _NUMBER.sub(lambda m: _short(float(m.group()), _DECIMALS), head)
        element.set("transform", head + mark + rest)


def _unwrap(parent: ET.Element) -> None:
    """Put the content of groups that say nothing in their place, from the inside out."""
    for child in list(parent):
        _unwrap(child)
    for place in reversed(range(len(parent))):
        child = parent[place]
        if child.tag == f"{{{_SVG}}}g" and not child.attrib:
            parent.remove(child)
            for offset, grandchild in enumerate(list(child)):
                parent.insert(place + offset, grandchild)


def path(data: str, decimals: int, scale: float = 1.0) -> str:
    """Return a path with relative steps, rounded so that no error adds up.

    Parameters
    ----------
    data
        Absolute commands M, L, Q, C and z.
    decimals
        Of the coordinates; each step leads from one rounded point to the next.
    scale
        On every coordinate.
    """
    parts: list[str] = []
    here, start, last = (0.0, 0.0), (0.0, 0.0), ""
    for command, points in _commands(data):
        if command == "Z":
            parts.append("z")
            here, last = start, "z"
            continue
        spots = [(round(scale * x, decimals), round(scale * y, decimals)) for x, y in points]
        steps = [_short(value - origin, decimals) for spot in spots for value, origin in zip(spot, here, strict=True)]
        letter = command.lower()
        parts.append(_joined(steps, "" if letter == last and letter != "m" else letter))
        here, last = spots[-1], letter
        if command == "M":
            start = here
    return "".join(parts)


def _commands(data: str) -> Iterator[tuple[str, list[Point]]]:
    tokens = _TOKEN.findall(data)
    command, place = "", 0
    while place < len(tokens):
        if tokens[place].isalpha():
            command = tokens[place].upper()
            place += 1
            if command == "Z":
                yield command, []
                continue
        count = _POINTS[command]
        numbers = [float(token) for token in tokens[place : place + 2 * count]]
        yield command, [(numbers[i], numbers[i + 1]) for i in range(0, 2 * count, 2)]
        place += 2 * count


def _short(value: float, decimals: int) -> str:
    """Return a number without idle zeros: ``.5`` for ``0.50``."""
    shown = f"{value:.{decimals}f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    if shown in {"-0", ""}:
        return "0"
    return shown.replace("0.", ".", 1) if shown.startswith(("0.", "-0.")) else shown


def _joined(numbers: Sequence[str], command: str) -> str:
    """Join numbers with a comma only where two would run together; a space would take three letters in an address."""
    gaps = (second if second.startswith("-") else f",{second}" for _, second in pairwise(numbers))
    first = numbers[0] if command or numbers[0].startswith("-") else f",{numbers[0]}"
    return command + first + "".join(gaps)
