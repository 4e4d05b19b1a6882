"""Time zones that an export names in the heading of its stamps, as *Start(SA Pacific Standard Time)*."""

import re
from dataclasses import replace
from typing import Final

from mine_energy.errors import Finding, Param
from mine_energy.io.meter_readings import Readings
from mine_energy.vocabulary import normalise

_BRACKET: Final = re.compile(r"\(([^()]*[^\W\d_][^()]*)\)\s*$")
_LOCAL: Final = ("sa pacific", "sudamerica", "bogota", "lima", "utc 05", "gmt 5", "colombia", "peru", "local")
_UTC: Final = ("greenwich", "utc", "gmt", "coordinated")


def zoned(found: Readings, heading: str) -> Readings:
    """Return readings with the offset that the heading names; a zone that is neither UTC nor local is told.

    Parameters
    ----------
    found
        With stamps as written.
    heading
        Heading of the stamps' column.
    """
    bracket = _BRACKET.search(heading)
    zone = normalise(bracket.group(1)) if bracket else ""
    if not zone or any(stamp.offset_minutes is not None for stamp in found.stamps):
        return found
    if any(name in zone for name in _LOCAL) or not any(word in zone for word in (*_UTC, "time", "hora")):
        return found
    if any(name in zone for name in _UTC):
        return replace(found, stamps=[replace(stamp, offset_minutes=0) for stamp in found.stamps])
    line = found.table.lines[found.table.header]
    params: dict[str, Param] = {"zone": bracket.group(1) if bracket else "", "line": line}
    other = Finding(key="meter_zone_other", level="warning", subject=found.table.file, params=params)
    return replace(found, findings=(*found.findings, other))
