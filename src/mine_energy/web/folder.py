"""The folder of a study: the only place that the page reads from or writes to."""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from mine_energy.errors import InputError, Language, Problem
from mine_energy.io.results import write_together
from mine_energy.io.site_checks import user_path
from mine_energy.io.site_file import read_inputs, read_site
from mine_energy.io.tables import read_bytes
from mine_energy.io.toml_files import parse_toml
from mine_energy.io.toml_write import toml_text
from mine_energy.messages import LANGUAGES
from mine_energy.study import Inputs

DATA: Final = "datos"
"""Subfolder of the files that were uploaded, so that nothing else of the folder is ever replaced."""
SITE_NAMES: Final = ("sitio.toml", "site.toml")
TABLES: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt")
METERS: Final = (*TABLES, ".zip", ".xml")
WEATHERS: Final = (".csv", ".tsv", ".txt", ".epw", ".json")
RESULTS: Final = ("report.html", "results.xlsx", "study.json")
"""Of a study, in the order of the page."""
COPIES: Final = tuple(
    name
    for language in LANGUAGES
    for name in (
        f"report_{language}.html",
        f"results_{language}.xlsx",
        f"report_{language}_a4.pdf",
        f"report_{language}_letter.pdf",
    )
)
"""What is made of a finished study on demand; of no use once there is another."""
_HEADER: Final = "# mine-energy web\n"
_IN_WORK: Final = ".calculando"
_LONGEST_NAME: Final = 80
MAX_UNPACKED_BYTES: Final = 300_000_000
"""Of a workbook or zip, as its directory declares it: more is a mistake or a bomb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFolder:
    """A folder that holds one study.

    Parameters
    ----------
    root
        Absolute and without links.
    """

    root: Path

    @property
    def site_name(self) -> str:
        """Name of the site file: the one that is there, else the Spanish one."""
        return next((name for name in SITE_NAMES if (self.root / name).is_file()), SITE_NAMES[0])

    @property
    def site_path(self) -> Path:
        """Where the site file is, or will be."""
        return self.root / self.site_name

    def document(self) -> dict[str, Any]:
        """Return the site file as it is written; empty when there is none.

        Raises
        ------
        InputError
            It is not TOML.
        """
        if not self.site_path.is_file() or not self.site_path.stat().st_size:
            return {}
        return parse_toml(read_bytes(self.site_path, self.site_name), self.site_name)[0]

    def save(self, document: Mapping[str, Any]) -> None:
        """Write the site file; one that a person wrote is kept beside it as ``sitio.original.toml``, once.

        Raises
        ------
        OutputError
            The folder cannot be written to.
        """
        files: dict[str, bytes] = {}
        name = self.site_name
        if self.site_path.is_file():
            before = self.site_path.read_bytes()
            kept = name.replace(".toml", ".original.toml")
            if not before.startswith(_HEADER.encode()) and not (self.root / kept).exists():
                files[kept] = before
        files[name] = (_HEADER + toml_text(document)).encode("utf-8")
        write_together(self.root, files)

    def keep(self, written_name: str, content: bytes, accepted: tuple[str, ...]) -> str:
        """Keep an uploaded file and return its name as the site file writes it.

        Parameters
        ----------
        written_name
            As the browser sent it: only its last part counts, and of that only harmless characters.
        content
            Its bytes.
        accepted
            Endings that are taken.

        Raises
        ------
        InputError
            Another kind of file, or an empty one.
        """
        name = safe_name(written_name)
        if not name.lower().endswith(accepted):
            problem = Problem(key="upload_kind", file=name, params={"accepted": ", ".join(accepted)})
            raise InputError([problem])
        if not content.strip():
            raise InputError([Problem(key="file_empty", file=name)])
        if unpacked_bytes(content) > MAX_UNPACKED_BYTES:
            raise InputError([Problem(key="workbook_too_large", file=name)])
        folder = self.root / DATA
        if not self.holds(folder):
            raise InputError([Problem(key="outside_folder", file=name, value=DATA)])
        write_together(folder, {name: content})
        return f"{DATA}/{name}"

    def holds(self, path: Path) -> bool:
        """Whether a path lies in the folder once every link and ``..`` in it is followed."""
        try:
            return path.resolve().is_relative_to(self.root)
        except (OSError, ValueError, RuntimeError):
            return False

    def mark_of(self, path: Path) -> str:
        """Return what tells one content of a file of the folder from another; empty where there is none."""
        return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if self.holds(path) and path.is_file() else ""

    def result(self, name: str) -> Path | None:
        """Return the path of a result that is there; None for any other name."""
        path = self.root / name
        return path if name in {*RESULTS, *COPIES} and path.is_file() and self.holds(path) else None

    @property
    def is_in_work(self) -> bool:
        """Whether a calculation began here that has not ended, as far as its mark tells."""
        return (self.root / _IN_WORK).exists()

    def mark_work(self, *, begun: bool) -> None:
        """Mark that a calculation begins, or that it has ended; a folder that takes no mark has none."""
        path = self.root / _IN_WORK
        with suppress(OSError):
            if begun:
                path.write_bytes(b"")
            else:
                path.unlink(missing_ok=True)

    def drop_copies(self) -> None:
        """Delete what was made of an earlier study on demand; a file that is open elsewhere stays."""
        for name in COPIES:
            with suppress(OSError):
                (self.root / name).unlink(missing_ok=True)

    def report_language(self) -> Language | None:
        """Return the language of the report that is there; None where there is none."""
        path = self.result("report.html")
        if path is None:
            return None
        with path.open("rb") as report:
            found = re.search(rb'<html[^>]* lang="(es|en)', report.read(4000))
        return None if found is None else "es" if found[1] == b"es" else "en"

    def check_site(self) -> None:
        """Check the site file alone; raises what :func:`read_site` raises."""
        self._refuse_foreign()
        try:
            read_site(self.site_path)
        except InputError as error:
            raise InputError(self._named(error)) from None

    def inputs(self) -> Inputs:
        """Return everything that the site file names, read and checked; raises what :func:`read_inputs` raises."""
        self._refuse_foreign()
        try:
            return read_inputs(self.site_path)
        except InputError as error:
            raise InputError(self._named(error)) from None

    def _named(self, error: InputError) -> list[Problem]:
        """Return the problems without the folder's place on this machine."""
        whole = str(self.site_path)
        return [replace(one, file=self.site_name) if one.file == whole else one for one in error.problems]

    def _refuse_foreign(self) -> None:
        """Refuse a site file that names a file outside the folder, whichever key names it; and an empty study."""
        document = self.document()
        if not document:
            raise InputError([Problem(key="study_empty", field="site")])
        found = [
            Problem(key="outside_folder", file=self.site_name, field=key, value=value)
            for key, value in _texts(document, "")
            if self._is_foreign(value)
        ]
        if found:
            raise InputError(found)

    def _is_foreign(self, value: str) -> bool:
        try:
            path = user_path(self.root, value)
            return path.exists() and not self.holds(path)
        except (OSError, ValueError):
            return False  # a text too long or too odd to be a path names no file


def _texts(node: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str) and node:
        yield key, node
    elif isinstance(node, Mapping):
        for name, part in node.items():
            yield from _texts(part, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list):
        for part in node:
            yield from _texts(part, key)


def unpacked_bytes(content: bytes) -> int:
    """Return the size of a zip's parts as its directory declares it; 0 for what is no zip."""
    if not content.startswith(b"PK"):
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return 0  # the reader says what is wrong with it


def safe_name(written: str) -> str:
    """Return the last part of a file name with letters, digits, dots and dashes only, never hidden, never empty."""
    last = re.split(r"[/\\]", written)[-1]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode("ascii")
    stem, dot, ending = plain.rpartition(".")
    words = re.sub(r"[^A-Za-z0-9_-]+", "_", stem if dot else plain).strip("_-")
    # Windows keeps some names (CON, NUL, COM1) for devices, with any ending.
    reserved = re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", words)
    words = f"archivo_{words}" if reserved or not words else words
    return f"{words[:_LONGEST_NAME]}{dot}{re.sub(r'[^A-Za-z0-9]', '', ending)[:10] if dot else ''}"
