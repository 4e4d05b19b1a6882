"""The letters of a chart in fewer bytes: one scale for a word instead of one for each outline, one ink for all words.

The drawing library writes a word as a group with a scale, and in it every letter as a use of an outline that has a
scale of its own. Both scales are one here. Spaces, which draw nothing, are left out.
"""

import re
from collections import Counter
from typing import Final
from xml.etree import ElementTree as ET

_SVG: Final = "http://www.w3.org/2000/svg"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_GROUP: Final = f"{{{_SVG}}}g"
_USE: Final = f"{{{_SVG}}}use"
_STYLE: Final = f"{{{_SVG}}}style"
_LETTERS: Final = "DejaVuSans-"
"""How the drawing library names the outlines of letters: by font and code."""
_SCALED: Final = re.compile(r"scale\(([\d.]+) -\1\)$")
_MOVED: Final = re.compile(r"translate\((-?[\d.]+) 0\)")


def outlines(root: ET.Element) -> list[ET.Element]:
    """Return the outlines of letters, whose whole numbers are in units of the font."""
    return [element for element in root.iter() if element.attrib.get("id", "").startswith(_LETTERS)]


def words(root: ET.Element) -> list[ET.Element]:
    """Return the groups that hold uses of letters."""
    return [element for element in root.iter() if any(_is_letter(child) for child in element)]


def _is_letter(element: ET.Element) -> bool:
    return element.tag == _USE and element.attrib.get(_HREF, "").startswith(f"#{_LETTERS}")


def join_scales(root: ET.Element, share: float) -> bool:
    """Move a share of the outlines' own scale to their words, in place.

    Parameters
    ----------
    root
        A drawing.
    share
        Factor on the scale of every word; places within it grow by its inverse, to whole numbers.

    Returns
    -------
    bool
        Whether that was done: only where every letter stands in a word with one scale.
    """
    found = words(root)
    if any(_SCALED.search(word.attrib.get("transform", "")) is None or word.tag != _GROUP for word in found):
        return False
    for word in found:
        word.set("transform", _SCALED.sub(lambda m: _scale(share * float(m.group(1))), word.attrib["transform"]))
        for letter in word:
            moved = _MOVED.fullmatch(letter.attrib.get("transform", ""))
            if _is_letter(letter) and moved:
                letter.set("transform", f"translate({round(float(moved.group(1)) / share)} 0)")
    return True


def _scale(value: float) -> str:
    shown = f"{value:.6f}".rstrip("0").removeprefix("0")
    return f"scale({shown} -{shown})"


def without_spaces(root: ET.Element) -> None:
    """Take away outlines that draw nothing, and their uses."""
    empty = {f"#{outline.attrib['id']}" for outline in outlines(root) if not outline.attrib.get("d", "").strip()}
    for parent in list(root.iter()):
        for child in list(parent):
            if f"#{child.attrib.get('id')}" in empty or child.attrib.get(_HREF) in empty:
                parent.remove(child)


def one_ink(root: ET.Element) -> None:
    """Say the style that most words share once; others keep their own, which comes before it."""
    sheet = next(root.iter(_STYLE), None)
    styles = [word.attrib.get("style", "") for word in words(root)]
    if sheet is None or not styles or not all(styles):
        return
    common = max(Counter(styles).items(), key=lambda item: (item[1], item[0]))[0]
    sheet.text = f"{sheet.text or ''}g[transform]{{{common}}}"
    for word in words(root):
        if word.attrib["style"] == common:
            del word.attrib["style"]
