"""Links between the documents and the rest of the repository, and names of other people's packages in signatures."""

import builtins
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any, Final

from docutils import nodes
from pydantic import BaseModel
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import find_pending_xref_condition, get_node_source, make_refnode

MOVED: Final = {"../CONTRIBUTING.md": "/contributing.md", "../CHANGELOG.md": "/changelog.md"}
"""What a reader of the repository finds beside ``docs`` and a reader of the pages inside it."""
OURS: Final = "mine_energy."


def rewrite(app: Sphinx, docname: str, content: list[str]) -> None:
    """Point links that leave ``docs`` to the pages that stand for them here."""
    for old, new in MOVED.items():
        content[0] = content[0].replace(f"]({old}", f"]({new}")


def resolve(app: Sphinx, env: Any, node: nodes.Element, contnode: nodes.Element) -> nodes.Element | None:
    """Find what Sphinx did not: our own names have to exist, names of other packages stay text.

    An object is documented where its room shows it (``mine_energy.audit.AuditResult``) and named in signatures by
    the module that holds it (``mine_energy.audit.result.AuditResult``): the shortest documented name with the same
    end inside the same room is the same object. One that exists and that no page shows is text; one that does not
    exist is left unresolved, and the build warns.
    """
    if node.get("refdomain") != "py":
        return None
    target = str(node.get("reftarget", ""))
    room, name = ".".join(target.split(".")[:2]), target.rpartition(".")[2]
    domain = env.get_domain("py")
    known = [full for full in domain.objects if full.startswith(f"{room}.") and full.endswith(f".{name}")]
    if target.startswith(OURS) and known:
        found = min(known, key=len)
        kept = domain.objects[found]
        return make_refnode(app.builder, node["refdoc"], kept.docname, kept.node_id, contnode, found)
    outside = not target.startswith(OURS) and ("." in target or node.get("reftype") == "class")
    return contnode if outside or exists(target) or any(exists(one) for one in nearby(node, target)) else None


def nearby(node: nodes.Element, target: str) -> Iterator[str]:
    """Yield what a short name can mean in the docstring that it stands in: a name of its module or of its class."""
    home = re.search(r"docstring of ([\w.]+)", str(get_node_source(node)))
    parts = home.group(1).split(".") if home else []
    for cut in range(len(parts), 1, -1):
        yield ".".join([*parts[:cut], target])


@cache
def exists(full: str) -> bool:
    """Return whether a dotted name leads to a module or to something in one."""
    parts = full.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:cut]))
        except (ImportError, ValueError):
            continue
        return all((found := getattr(found, part, None)) is not None for part in parts[cut:])
    return False


def shorten(app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str, returns: str) -> Any:
    """Leave the signature of what people write out: its fields follow one by one, with their limits in the schema."""
    return ("", None) if isinstance(obj, type) and issubclass(obj, BaseModel) else None


WRITTEN: Final[dict[str, list[str]]] = {}
"""Docstrings of attributes as they stand in the code."""


def keep(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Remember an attribute's docstring before napoleon takes what stands before a colon for a type."""
    if what in {"attribute", "data", "property"}:
        WRITTEN[name] = list(lines)


def restore(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Put an attribute's docstring back."""
    if name in WRITTEN:
        lines[:] = WRITTEN.pop(name)


class Outsiders(SphinxPostTransform):
    """Types of Python and of other packages are text; looking each up among our names takes a fifth of the build."""

    default_priority = 1

    def run(self, **given: Any) -> None:
        """Replace what can lead nowhere."""
        for node in list(self.document.findall(addnodes.pending_xref)):
            target = str(node.get("reftarget", ""))
            outside = target in vars(builtins) or ("." in target and not target.startswith(OURS))
            if node.get("refdomain") == "py" and node.get("reftype") in {"class", "obj"} and outside:
                short = find_pending_xref_condition(node, "resolved")
                node.parent.replace(node, short.children if short else node.children)


def setup(app: Sphinx) -> dict[str, bool]:
    """Listen to what Sphinx reads, writes and does not find."""
    app.add_post_transform(Outsiders)
    app.connect("source-read", rewrite)
    app.connect("missing-reference", resolve)
    app.connect("autodoc-process-signature", shorten)
    app.connect("autodoc-process-docstring", keep, priority=400)
    app.connect("autodoc-process-docstring", restore, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
