"""What ``[network]`` can say that no single value shows: losses nobody gave, a side nobody named, shares off one."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mine_energy.errors import Param
from mine_energy.io.site_sections import number_of, section_of, tables
from mine_energy.io.validation import Flaw, Place, written

_SHARES_TOLERANCE: Final = 1e-3
_WAYS: Final = (
    frozenset(("reference_kva", "reference_loss_kw")),
    frozenset(("reference_kva", "voltage_drop", "power_factor")),
    frozenset(("loss_fraction",)),
)
"""Three ways to tell the loss of the feeders."""
_LOSSES: Final = ("no_load_loss_kw", "load_loss_kw")
_AGREE: Final = 1e-6


def network_flaws(data: Mapping[str, Any]) -> Iterator[Flaw]:
    """Yield what is wrong in ``[network]`` and between it and ``[[measures.transformer]]``.

    Parameters
    ----------
    data
        The file as parsed, not validated.
    """
    if "network" not in data:
        return
    network = section_of(data, "network")
    rows = tables(network, "transformer")
    yield from _side(data, network, bool(rows))
    for index, row in enumerate(rows):
        for name in _LOSSES:
            if name not in row:
                yield Flaw(place=("network", "transformer", index, name), key="network_loss_missing", value="")
    yield from _names(rows)
    yield from _load_shares(rows)
    yield from _feeder(network)
    yield from _proposed(data, rows)


def _side(data: Mapping[str, Any], network: Mapping[str, Any], has_transformer: bool) -> Iterator[Flaw]:
    side = network.get("metering_side")
    if not has_transformer and "feeder" not in network:
        yield Flaw(place=("network",), key="network_empty", value="")
    elif has_transformer and side is None:
        yield Flaw(place=("network", "metering_side"), key="network_side_missing", value="")
    elif has_transformer and side == "plant" and section_of(data, "connection").get("kind") == "offgrid":
        yield Flaw(place=("network", "metering_side"), key="network_side_offgrid", value="plant")


def _names(rows: list[Mapping[str, Any]]) -> Iterator[Flaw]:
    seen: set[object] = set()
    for index, row in enumerate(rows):
        name = row.get("name")
        if isinstance(name, str) and name in seen:
            yield Flaw(place=("network", "transformer", index, "name"), key="network_name_twice", value=name)
        elif isinstance(name, str):
            seen.add(name)


def _load_shares(rows: list[Mapping[str, Any]]) -> Iterator[Flaw]:
    """Refuse shares that some transformers have and others not, or that do not add up to one."""
    shares = [number_of(row.get("load_share")) for row in rows]
    known = [share for share in shares if share is not None]
    if not known:
        return
    place: Place = ("network", "transformer", len(rows) - 1, "load_share")
    if len(known) < len(shares) or abs(sum(known) - 1) > _SHARES_TOLERANCE:
        params: dict[str, Param] = {"total": f"{sum(known):g}", "given": len(known), "count": len(shares)}
        yield Flaw(place=place, key="network_shares", value=f"{sum(known):g}", params=params)


def _feeder(network: Mapping[str, Any]) -> Iterator[Flaw]:
    if "feeder" not in network:
        return
    given = frozenset(section_of(network, "feeder")) - {"reactance_ratio"}
    if given not in _WAYS:
        yield Flaw(place=("network", "feeder"), key="network_feeder", value=", ".join(sorted(given)))


def _proposed(data: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> Iterator[Flaw]:
    """Refuse a measure on a transformer of the network that states other losses than the network does."""
    known = {row.get("name"): row for row in rows}
    for index, entry in enumerate(tables(section_of(data, "measures"), "transformer")):
        row = known.get(entry.get("name"))
        for name in ("rated_kva", *_LOSSES) if row else ():
            here, there = number_of(entry.get(name)), number_of(row.get(name)) if row else None
            if here is not None and there is not None and abs(here - there) > _AGREE * max(abs(there), 1.0):
                place: Place = ("measures", "transformer", index, name)
                yield Flaw(place=place, key="network_contradicts", value=written(here), params={"other": f"{there:g}"})
