"""What ``scripts/build_data`` does, step by step."""

from collections import defaultdict
from pathlib import Path

from _build_data import carbon, checks, money, motors, provenance, sun
from _build_data.files import write
from _build_data.schema import SCHEMAS

_SHOWN = 10
"""Problems printed per file; the rest is counted."""


def run(data: Path, shared: Path, *, rebuild: bool, rehash: bool) -> int:
    """Rebuild or rehash when asked, check everything, print the outcome and return the exit code."""
    if rebuild:
        if not (shared / "reference").is_dir():
            print(f"no reference folder at {shared}; the tables can be checked without it, not rebuilt")
            return 1
        rebuild_tables(data, shared)
    if rebuild or rehash:
        for name in provenance.refresh_hashes(data):
            print(f"hash refreshed: {name}")
    return report(data, inspect(data))


def rebuild_tables(data: Path, shared: Path) -> None:
    """Write every table that comes from the reference folder."""
    for room in (motors, carbon, money, sun):
        for table in room.tables(shared):
            write(data, table)


def inspect(data: Path) -> dict[str, list[str]]:
    """Return what is wrong, by file; ``between tables`` holds what only two tables together show."""
    wrong: dict[str, list[str]] = defaultdict(list)
    tables, unreadable = checks.load(data)
    for name, found in (unreadable | checks.check_records(data)).items():
        wrong[name] += unreadable.get(name, []) + (found if name not in unreadable else [])
    for name in provenance.packaged_files(data):
        wrong[name] += checks.check_bytes(data / name)
    departures = {name: checks.check_schema(name, rows) for name, rows in tables.items()}
    for name, found in departures.items():
        wrong[name] += found
    if SCHEMAS.keys() <= departures.keys() and not any(departures.values()):
        wrong["between tables"] = [problem for check in checks.CROSS_CHECKS for problem in check(tables)]
    return wrong


def report(data: Path, wrong: dict[str, list[str]]) -> int:
    """Print one line per file and the problems below it; return 1 when there are any."""
    records = provenance.records(data)
    width = max(len(name) for name in wrong)
    for name in sorted(wrong):
        record = records.get(name, {})
        verdict = "WRONG" if wrong[name] else "ok"
        print(f"{verdict:<6}{name:<{width}}  {record.get('status', ''):<12}{record.get('publisher', '')}".rstrip())
        for problem in wrong[name][:_SHOWN]:
            print(f"        {problem}")
        if len(wrong[name]) > _SHOWN:
            print(f"        and {len(wrong[name]) - _SHOWN} more")
    problems = sum(map(len, wrong.values()))
    print(f"{len(provenance.packaged_files(data))} files, {problems} problems")
    return 1 if problems else 0
