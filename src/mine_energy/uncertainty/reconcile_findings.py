"""What a reader of a reconciliation has to know, as findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from mine_energy.errors import Finding, Param
from mine_energy.uncertainty.bands import Band
from mine_energy.uncertainty.fit import Fit
from mine_energy.uncertainty.judge import two_sided
from mine_energy.uncertainty.parts import Cause, Part, PriorRules, Reconciliation

_CAUSES: Final = 3
"""Explanations of a conflict that are said: the most likely one, and two that it is more likely than."""
_NAMED: Final = 6
"""Machines named in one sentence; the tables carry them all."""


def findings_of(result: Reconciliation, parts: Sequence[Part], fit: Fit, rules: PriorRules) -> Reconciliation:
    """Return `result` with its findings: the verdict first, then what moved, what is unknown, what was assumed."""
    about_parts = [*_moved(result, rules), *_limits(parts, fit), *_unknown(result)]
    return replace(result, findings=(*_verdict(result), *about_parts, *_assumed(parts, rules)))


def _verdict(result: Reconciliation) -> Iterator[Finding]:
    if not result.degrees:
        return
    before, after = result.plant_before_kwh, result.plant_after_kwh
    change: dict[str, Param] = {"change_percent": _percent(after.p50 / before.p50 - 1) if before.p50 > 0 else 0.0}
    if result.agreement == "agrees":
        params: dict[str, Param] = {"before_percent": _spread(before), "after_percent": _spread(after)}
        yield Finding(key="reconcile_agrees", params=change | params)
    elif result.agreement == "strained":
        yield Finding(key="reconcile_strained", level="warning", params=change)
    else:
        yield Finding(
            key="reconcile_conflict", level="warning", params=change | {"widening": round(result.widening, 1)}
        )
    for cause in result.causes[:1]:
        yield _cause(cause, result)
    for cause in result.causes[1:_CAUSES]:
        less = _cause(cause, result)
        yield replace(less, key=f"{less.key}_also", level="info")


def _spread(band: Band) -> float:
    return _percent(band.width / band.p50 / 2) if band.p50 > 0 else 0.0


def _percent(share: float) -> float:
    return round(100 * share, 1) + 0.0


def _cause(cause: Cause, result: Reconciliation) -> Finding:
    if cause.kind != "missing":
        key = f"reconcile_{'common' if cause.name else 'all'}_{cause.kind}"
        params: dict[str, Param] = {"change_percent": _percent(cause.size), "score": round(abs(cause.score), 1)}
        return Finding(key=key, level="warning", subject=cause.name, params=params)
    inventory = result.plant_before_kwh.p50
    whole = inventory + cause.size if cause.size > 0 else inventory
    key = "reconcile_unaccounted" if cause.size > 0 else "reconcile_overstated"
    share = _percent(abs(cause.size) / whole) if whole > 0 else 0.0
    params = {"share_percent": share, "energy_kwh": abs(cause.size), "score": round(abs(cause.score), 1)}
    return Finding(key=key, level="warning", params=params)


def _moved(result: Reconciliation, rules: PriorRules) -> Iterator[Finding]:
    """Yield parts that stand out, at an error rate shared among all of them (Sidak), and readings in a conflict."""
    limit = two_sided(1 - (1 - rules.alarm) ** (1 / max(1, 2 * len(result.parts))))
    far = {part.tag: max(abs(part.power_moved_sd), abs(part.hours_moved_sd)) for part in result.parts}
    yield from _named("reconcile_parts_moved", {tag: sd for tag, sd in far.items() if sd > limit})
    if result.agreement == "conflict":
        apart = {one.name: abs(one.gap_sd) for one in result.observations}
        limit = two_sided(rules.alarm)
        yield from _named("reconcile_readings_apart", {name: sd for name, sd in apart.items() if sd > limit})


def _named(key: str, sizes: Mapping[str, float]) -> Iterator[Finding]:
    """Yield one finding about several parts or readings, largest first; none about none."""
    ordered = sorted(sizes, key=lambda name: (-round(sizes[name], 6), name))
    if ordered:
        params: dict[str, Param] = {"names": ", ".join(ordered[:_NAMED]), "count": len(ordered)}
        yield Finding(key=key, level="warning", params=params | {"largest_sd": round(sizes[ordered[0]], 1)})


def _limits(parts: Sequence[Part], fit: Fit) -> Iterator[Finding]:
    if fit.pinned:
        tags = ", ".join(parts[i].tag for i in fit.pinned[:_NAMED])
        params: dict[str, Param] = {"names": tags, "count": len(fit.pinned)}
        yield Finding(key="reconcile_at_limit", level="warning", params=params)
    if not fit.converged:
        yield Finding(key="reconcile_not_converged", level="warning")


def _unknown(result: Reconciliation) -> Iterator[Finding]:
    for group in result.indistinct:
        params: dict[str, Param] = {"names": ", ".join(group.tags[:_NAMED]), "count": len(group.tags)}
        yield Finding(key="reconcile_indistinct", params=params | {"share_percent": _percent(group.share)})
    negative = [part.tag for part in result.parts if min(part.power_after_kw, part.hours_after) < 0]
    if negative:
        params = {"names": ", ".join(negative[:_NAMED]), "count": len(negative)}
        yield Finding(key="reconcile_negative", level="warning", params=params)


def _assumed(parts: Sequence[Part], rules: PriorRules) -> Iterator[Finding]:
    shared = {
        "load": rules.load_correlation,
        "driver": rules.driver_correlation,
        "reading": rules.instrument_correlation,
    }
    yield Finding(key="reconcile_correlations", level="assumption", params=shared)
    if any(part.standby_group for part in parts):
        params: dict[str, Param] = {"split_percent": _percent(rules.standby_split_sd)}
        yield Finding(key="reconcile_standby_split", level="assumption", params=params)
