"""Mathematics as MathML, made while the pages are built: no script and no font is asked for from anywhere."""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)


def mathml(node: nodes.math | nodes.math_block, display: str) -> str:
    """Return TeX as MathML; a command that the converter does not know is a warning, which stops the build."""
    tex = node.astext().strip()
    found = convert(tex, display=display)
    if "\\" in found or ">&<" in found:
        LOGGER.warning("no MathML for %s", tex, location=node)
    return found


def visit_inline(self: Any, node: nodes.math) -> None:
    """Write a formula of a sentence."""
    self.body.append(f'<span class="math">{mathml(node, "inline")}</span>')
    raise nodes.SkipNode


def visit_block(self: Any, node: nodes.math_block) -> None:
    """Write a formula that stands by itself."""
    self.body.append(f'<div class="math">{mathml(node, "block")}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the renderer ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
