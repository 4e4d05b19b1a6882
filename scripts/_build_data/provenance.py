"""``SOURCES.toml``: one block per packaged file, and its hashes."""

import hashlib
import re
import tomllib
from collections import Counter
from pathlib import Path

RECORDS = "SOURCES.toml"
_HASH = re.compile(r'^(sha256 = )"[0-9a-f]*"$', re.MULTILINE)
_ID = re.compile(r'^id = "([^"]+)"$', re.MULTILINE)
_BLOCK = "[[source]]"


def records(data: Path) -> dict[str, dict[str, str]]:
    """Return the blocks of ``SOURCES.toml`` by id, the last one of a repeated id."""
    return {block["id"]: block for block in _blocks(data)}


def repeated(data: Path) -> list[str]:
    """Return the ids that ``SOURCES.toml`` names more than once."""
    counts = Counter(block["id"] for block in _blocks(data))
    return sorted(name for name, count in counts.items() if count > 1)


def _blocks(data: Path) -> list[dict[str, str]]:
    blocks: list[dict[str, str]] = tomllib.loads((data / RECORDS).read_text(encoding="utf-8")).get("source", [])
    return blocks


def packaged_files(data: Path) -> list[str]:
    """Return the path of every file below `data` except ``SOURCES.toml``, in order."""
    files = (path for path in data.rglob("*") if path.is_file() and path.suffix in {".csv", ".toml"})
    return sorted(path.relative_to(data).as_posix() for path in files if path.name != RECORDS)


def sha256(path: Path) -> str:
    """Return the hash of a file in lower-case hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refresh_hashes(data: Path) -> list[str]:
    """Write the present hash of every recorded file into its block, and return the ids that changed.

    Only the hash lines change, so comments and order stay as a person wrote them.
    """
    path = data / RECORDS
    head, *blocks = path.read_text(encoding="utf-8").split(_BLOCK)
    changed: list[str] = []
    fresh = [_with_hash(block, data, changed) for block in blocks]
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(_BLOCK.join([head, *fresh]))
    return changed


def _with_hash(block: str, data: Path, changed: list[str]) -> str:
    match = _ID.search(block)
    if match is None or not (data / match.group(1)).is_file():
        return block
    fresh = _HASH.sub(rf'\g<1>"{sha256(data / match.group(1))}"', block)
    if fresh != block:
        changed.append(match.group(1))
    return fresh
