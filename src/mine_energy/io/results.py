"""``study.json``: written once, read by the report, the workbook and whoever comes later.

All files of a run are rendered before the first is replaced, and replaced together: a disk that fills up or a workbook
that is open elsewhere leaves every earlier file whole.
"""

import errno
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import TypeAdapter, ValidationError

from mine_energy.arrays import round_json
from mine_energy.errors import InputError, OutputError, Problem
from mine_energy.io.tables import read_bytes
from mine_energy.motors import MotorInventory
from mine_energy.site import Site
from mine_energy.study import SCHEMA_VERSION, Study


def study_adapter() -> TypeAdapter[Study]:
    """Return the adapter that checks, writes and describes a study."""
    return TypeAdapter(Study)


def study_document(study: Study) -> dict[str, Any]:
    """Return a study as plain JSON values, floats rounded to nine decimals."""
    return document_of(study)


def document_of(result: Any) -> dict[str, Any]:
    """Return any result dataclass as plain JSON values, floats rounded to nine decimals."""
    values = TypeAdapter(type(result)).dump_python(result, mode="json")
    return cast("dict[str, Any]", _rounded(values))


def _rounded(node: Any) -> Any:
    if isinstance(node, float):
        return round_json([node])[0]
    if isinstance(node, dict):
        return {key: _rounded(value) for key, value in node.items()}
    if isinstance(node, list):
        if node and all(isinstance(value, float) for value in node):
            return round_json(node)
        return [_rounded(value) for value in node]
    return node


def study_json(study: Study) -> bytes:
    """Return the bytes of ``study.json``: UTF-8, one line per top-level key, no NaN."""
    lines = [
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, allow_nan=False)}"
        for key, value in study_document(study).items()
    ]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("utf-8")


def json_schema(which: Literal["site", "inventory", "study"]) -> dict[str, Any]:
    """Return the JSON Schema of a site file, of an inventory, or of ``study.json``."""
    kinds: dict[str, Any] = {"site": Site, "inventory": MotorInventory, "study": Study}
    return TypeAdapter(kinds[which]).json_schema(mode="validation" if which != "study" else "serialization")


def read_study(path: Path, name: str = "") -> Study:
    """Read a ``study.json``.

    Parameters
    ----------
    path
        The file.
    name
        How messages call it; the path's own name when empty.

    Returns
    -------
    Study

    Raises
    ------
    InputError
        Not there, not JSON (with the line), another schema version (named), or a field that does not fit (named).
    """
    shown = name or path.name
    content = read_bytes(path, shown)
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError([Problem(key="study_unreadable", file=shown)]) from None
    except json.JSONDecodeError as error:
        raise InputError([Problem(key="study_not_json", file=shown, line=error.lineno)]) from None
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version is None:
        raise InputError([Problem(key="study_no_version", file=shown)])
    if version != SCHEMA_VERSION:
        found = Problem(key="study_version", file=shown, value=str(version), params={"known": SCHEMA_VERSION})
        raise InputError([found])
    try:
        return study_adapter().validate_python(document)
    except ValidationError as error:
        raise InputError(
            Problem(key="study_field", file=shown, field=".".join(str(part) for part in problem["loc"]))
            for problem in error.errors()[:20]
        ) from None


def write_together(folder: Path, files: Mapping[str, bytes]) -> None:
    """Replace files of one folder together, in the order given.

    Parameters
    ----------
    folder
        Made when absent.
    files
        Content by file name; put first what depends on the others' absence least, and the index last.

    Raises
    ------
    OutputError
        Nothing was changed: no permission, disk full, `folder` is a file, or a file is open elsewhere.
    """
    staged: dict[str, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            staged[name] = folder / f".{name}.new"
            staged[name].write_bytes(content)
        _swap(folder, staged)
    except OSError as error:
        raise OutputError(os.fspath(folder / _name_of(error, folder)), _reason(error)) from error
    finally:
        for path in staged.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _swap(folder: Path, staged: Mapping[str, Path]) -> None:
    """Put the staged files in place; on the first failure put every earlier file back."""
    kept: list[tuple[Path, Path | None]] = []
    try:
        for name, new in staged.items():
            target = folder / name
            old = folder / f".{name}.old" if target.exists() else None
            if old is not None:
                shutil.copyfile(target, old)
            kept.append((target, old))
            os.replace(new, target)  # noqa: PTH105  (the atomic call by its name)
    except OSError:
        for target, old in reversed(kept):
            if old is not None:
                os.replace(old, target)  # noqa: PTH105
            else:
                target.unlink(missing_ok=True)
        raise
    for _, old in kept:
        if old is not None:
            old.unlink(missing_ok=True)


def _name_of(error: OSError, folder: Path) -> str:
    """Return the user's name of the file an error is about: not our dot-file."""
    name = Path(str(error.filename)).name if error.filename else ""
    return name.removeprefix(".").removesuffix(".new").removesuffix(".old") if name != folder.name else ""


def _reason(error: OSError) -> str:
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS} or isinstance(error, PermissionError):
        return "permission"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "disk_full"
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return "not_a_directory"
    return "other"
