"""What the theme's pages lack for readers who do not see or do not use a mouse."""

from typing import Any, Final

from sphinx.application import Sphinx

_LAST: Final = 900
"""After the theme has made its own parts of a page."""
_PARTS: Final = ("body", "furo_navigation_tree")


def mend(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Give headings that are no heading elements their level, and let the keyboard scroll wide blocks."""
    for part in _PARTS:
        if isinstance(context.get(part), str):
            levelled = context[part].replace(' role="heading">', ' role="heading" aria-level="2">')
            context[part] = levelled.replace("<pre>", '<pre tabindex="0">')


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to every page before it is written."""
    app.connect("html-page-context", mend, priority=_LAST)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
