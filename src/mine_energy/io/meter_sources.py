"""The file itself: a workbook, separated text, one text in a zip, or Green Button XML, all as a table."""

import io
import zipfile
import zlib
from pathlib import Path
from typing import Final

from mine_energy.errors import InputError, Problem
from mine_energy.io.green_button import green_button_table, is_xml
from mine_energy.io.meter_columns import score
from mine_energy.io.tables import MAX_BYTES, Table, read_bytes, table_of

_TEXT_ENDINGS: Final = (".txt", ".csv", ".tsv", ".xml", ".prn", ".dat")


def open_meter(path: Path | str, *, sheet: str, name: str) -> tuple[Table, bytes]:
    """Return a meter's file as a table with its heading row found, and the bytes that were read.

    Parameters
    ----------
    path
        Any file.
    sheet
        Worksheet of a workbook; the first one when empty.
    name
        How messages call the file.

    Raises
    ------
    InputError
        Not there, empty, broken, too large, not a table, or a zip that does not hold exactly one text.
    """
    data = _unzipped(read_bytes(Path(path), name), name)
    if is_xml(data):
        return green_button_table(data, name), data
    return table_of(data, name, score=score, sheet=sheet), data


def _unzipped(data: bytes, name: str) -> bytes:
    """Return the one text of a zip file; a workbook, which is a zip too, and anything else pass as they are."""
    if not data.startswith(b"PK\x03\x04"):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names or "mimetype" in names:
                return data
            texts = [part for part in archive.infolist() if part.filename.lower().endswith(_TEXT_ENDINGS)]
            if len(texts) != 1:
                raise InputError([Problem(key="meter_zip", file=name, params={"found": ", ".join(names[:10])})])
            if texts[0].file_size > MAX_BYTES:
                limit = {"limit_mb": MAX_BYTES // 1_000_000}
                raise InputError([Problem(key="file_too_large", file=name, params=limit)])
            with archive.open(texts[0]) as part:
                inside = part.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError):
        raise InputError([Problem(key="workbook_broken", file=name)]) from None
    if not inside.strip():
        raise InputError([Problem(key="file_empty", file=name)])
    return inside
