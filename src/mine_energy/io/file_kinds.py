"""Files that are not what was asked for, told by their first bytes: so that a message can say what they are."""

import codecs
import io
import zipfile
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal

Kind = Literal["workbook", "pdf", "picture", "document", "archive", "web_page", "json", "utf16", "lock", ""]

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"\0\0\0\x18ftypheic")
_ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD: Final = 400
_SIBLINGS: Final = 2000


def kind_of(data: bytes, name: str = "") -> Kind:
    """Return what the bytes of a file are, empty where they may be any text.

    Parameters
    ----------
    data
        Of the file.
    name
        Of the file: Excel leaves a lock file of the workbook's name after ``~$``.
    """
    if Path(name.replace("\\", "/")).name.startswith("~$"):
        return "lock"
    if data.startswith(_ZIP):
        return _zipped(data)
    if data.startswith(_OLE):
        return "document" if "WordDocument".encode("utf-16-le") in data else "workbook"
    signatures: tuple[tuple[Kind, tuple[bytes, ...]], ...] = (
        ("pdf", (b"%PDF-",)), ("picture", _PICTURES), ("archive", _ARCHIVES), ("utf16", _UTF16),
    )  # fmt: skip
    for kind, heads in signatures:
        if data.startswith(heads):
            return kind
    start = data[:_HEAD].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    if start.startswith((b"<!doc", b"<html", b"<?xml", b"<tabl")):
        return "web_page"
    return "json" if start.startswith((b"{", b"[{", b'[["')) else ""


def _zipped(data: bytes) -> Kind:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "workbook"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "document"
    return "workbook" if any(name.startswith("xl/") or name == "content.xml" for name in names) else "archive"


def near_name(path: Path) -> str:
    """Return the file beside a missing one that was probably meant, empty where none is like it.

    Parameters
    ----------
    path
        What is not there. Another ending or other capitals count as like it.
    """
    try:
        names = [
            entry.name for _, entry in zip(range(_SIBLINGS), path.parent.iterdir(), strict=False) if entry.is_file()
        ]
    except OSError:
        return ""
    names = sorted(name for name in names if not name.startswith((".", "~$")))
    same = [name for name in names if Path(name).stem.casefold() == path.stem.casefold()]
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(path.name.casefold(), list(folded), n=1, cutoff=0.75)
    return same[0] if same else folded[near[0]] if near else ""
