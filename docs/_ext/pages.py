"""Writes the pages that the program itself knows best into ``docs/reference`` before Sphinx reads them."""

from pathlib import Path

from api_pages import api
from command_pages import commands
from data_pages import readers, sources
from file_pages import site_file
from sphinx.application import Sphinx
from words_pages import glossary, inventory

PAGES = {
    "glossary": glossary,
    "inventory": inventory,
    "sources": sources,
    "readers": readers,
    "commands": commands,
    "site_file": site_file,
}


def write(app: Sphinx) -> None:
    """Write every generated page whose text has changed, so that an unchanged page is not built again."""
    texts = {f"{name}_{lang}.md": page(lang) for name, page in PAGES.items() for lang in ("es", "en")}
    for name, text in {**texts, **api()}.items():
        path = Path(app.srcdir) / "reference" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages as soon as Sphinx has its folders."""
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
