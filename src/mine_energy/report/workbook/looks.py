"""The formats of the workbook in one place: numbers by size, headings, what a reader may change.

Nothing is said by colour alone: what may be changed has a frame, a soft origin its word.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

Style = Literal[
    "text",
    "wrap",
    "auto",
    "whole",
    "one",
    "two",
    "three",
    "six",
    "percent",
    "time",
    "total",
    "total_percent",
    "plain",
    "indent",
    "soft",
]
_NUMBERS: Final[Mapping[str, dict[str, Any]]] = {
    "plain": {},
    "whole": {"num_format": "#,##0"},
    "one": {"num_format": "#,##0.0"},
    "two": {"num_format": "#,##0.00"},
    "three": {"num_format": "#,##0.000"},
    "six": {"num_format": "0.000000"},
    "percent": {"num_format": "0.0%"},
}
DECIMALS: Final[Mapping[str, int]] = {"whole": 0, "one": 1, "two": 2, "three": 3, "six": 6, "percent": 1, "total": 0}
_GIVEN: Final = {"bg_color": "#FFF7DB", "font_color": "#00407A", "border": 1, "border_color": "#B9A55A"}
_TOP: Final = {"valign": "top"}
FORMATS: Final[Mapping[str, dict[str, Any]]] = {
    "text": _TOP,
    "wrap": {"text_wrap": True, **_TOP},
    "indent": {"align": "left", "indent": 1, **_TOP},
    "soft": {"italic": True, "bg_color": "#FBE3D2", "align": "left", "indent": 1, **_TOP},
    "time": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "total": {"num_format": "#,##0", "bold": True, "top": 1, **_TOP},
    "total_percent": {"num_format": "0.0%", "bold": True, "top": 1},
    **{name: {**look, **_TOP} for name, look in _NUMBERS.items()},
    **{f"{name}_given": {**look, **_GIVEN, **_TOP} for name, look in _NUMBERS.items()},
}
HEADINGS: Final[Mapping[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 14, "font_color": "#00557F"},
    "heading": {
        "bold": True,
        "text_wrap": True,
        "valign": "bottom",
        "bg_color": "#00557F",
        "font_color": "#FFFFFF",
        "right": 1,
        "right_color": "#FFFFFF",
    },
    "unit": {"italic": True, "font_color": "#55626A", "bg_color": "#E3EAED"},
    "note": {"text_wrap": True, "valign": "top", "font_color": "#55626A"},
    "link": {"font_color": "#00557F", "underline": 1, **_TOP},
}


_NOTHING: Final = 5e-7
"""What six decimals show as zero."""


def by_size(value: float) -> Style:
    """Return the format that shows about three figures of a number."""
    size = abs(value)
    if size >= 999.5 or size < _NOTHING:
        return "whole"
    if size >= 99.95:
        return "one"
    return "two" if size >= 0.995 else "three" if size >= 0.01 else "six"
