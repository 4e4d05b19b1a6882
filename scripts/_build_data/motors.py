"""Efficiency tables of motors and drives."""

from pathlib import Path

from _build_data.files import Row, Table, plain, read

_MEMORY = {"unverified_memory", "unverified_memory_formula", "rule_memory", "from_memory_checked"}
_EFFICIENCY = ("frequency_hz", "poles", "rated_kw", "rated_hp", "ie_class", "efficiency_pct", "status")
_TAIL = ("source", "year", "confidence")


def tables(shared: Path) -> list[Table]:
    """Return every table of ``data/motors``."""
    folder = shared / "reference" / "motors"
    return [_sixty(folder), _sixty_unverified(folder), _fifty(folder), _coefficients(folder), _drives(folder)]


def _confidence(status: str) -> str:
    if status in _MEMORY:
        return "D"
    return "B" if status == "single_source" else "A"


def _words(source: str) -> str:
    return source.replace("_in_", " in ").replace("_", " ").replace(";", "; ").replace(";  ", "; ")


def _sixty(folder: Path) -> Table:
    """60 Hz, IE2 and IE3; padding rows of a third-party table are left out."""
    rows = [
        row
        | {
            "rated_kw": plain(row["rated_kw"]),
            "source": _words(row["source"]),
            "year": "2018",
            "confidence": _confidence(row["status"]),
        }
        for row in read(folder / "ie_efficiency_60hz.csv")
        if row["status"] in {"verified", "single_source"}
    ]
    return Table("motors/ie_efficiency_60hz.csv", (*_EFFICIENCY, "n_sources_agree", *_TAIL), rows)


def _sixty_unverified(folder: Path) -> Table:
    rows = [
        row | {"rated_kw": plain(row["rated_kw"]), "year": "2014", "confidence": "D"}
        for row in read(folder / "ie_efficiency_60hz_UNVERIFIED.csv")
    ]
    columns = tuple(c for c in _EFFICIENCY if c != "rated_hp")
    return Table("motors/ie_efficiency_60hz_unverified.csv", (*columns, *_TAIL), rows)


def _fifty(folder: Path) -> Table:
    rows = [row | _fifty_tail(row) for row in read(folder / "ie_efficiency_50hz.csv")]
    return Table("motors/ie_efficiency_50hz.csv", (*_EFFICIENCY, *_TAIL), rows)


def _fifty_tail(row: Row) -> Row:
    year = "2008" if row["ie_class"] == "IE1" else "2021"
    return {"rated_kw": plain(row["rated_kw"]), "year": year, "confidence": _confidence(row["status"])}


def _coefficients(folder: Path) -> Table:
    rows = [
        {key.lower(): value for key, value in row.items()}
        | {"year": "2008" if row["ie_class"] == "IE1" else "2021", "confidence": _confidence(row["status"])}
        for row in read(folder / "iec_50hz_interpolation_coefficients.csv")
    ]
    columns = ("frequency_hz", "ie_class", "poles", "kw_min", "kw_max", "a", "b", "c", "d", "status", *_TAIL)
    return Table("motors/iec_50hz_interpolation_coefficients.csv", columns, rows)


def _drives(folder: Path) -> Table:
    rows = [row | {"year": "", "confidence": "C"} for row in read(folder / "vfd_efficiency.csv")]
    columns = ("drive_hp", "drive_kw", "output_power_fraction", "efficiency_pct", *_TAIL)
    return Table("motors/vfd_efficiency.csv", columns, rows)
