"""Quality of the supply phase by phase: what a logger's columns say about voltage, distortion, unbalance and current.

Level, distortion and unbalance are those of the intervals in which there was a supply: with every phase below the
interruption threshold there is no voltage to judge, and the interval counts as an interruption (IEC 61000-4-30 flags
it, so that one event is not counted as several).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mine_energy.arrays import FloatArray, readonly
from mine_energy.errors import Finding, Param
from mine_energy.loads.limits import limit
from mine_energy.loads.power_quality import (
    Rules,
    dip_counts,
    dip_findings,
    distortion_findings,
    unbalance_findings,
    voltage_findings,
)
from mine_energy.loads.quality import phase_findings
from mine_energy.loads.quality_result import (
    DURATION_SHARES,
    CurrentPhase,
    CurrentUnbalance,
    DipFigures,
    DistortionPhase,
    PowerQuality,
    QualityColumn,
    QualityLimit,
    QualityQuantity,
    UnbalanceFigures,
    VoltagePhase,
)
from mine_energy.motors import unbalance_output_factor
from mine_energy.motors.voltage import UNBALANCE_NOTICE
from mine_energy.units import HOURS_PER_DAY, MINUTES_PER_HOUR

Bools = NDArray[np.bool_]
Floats = NDArray[np.floating[Any]]

_WEEK_DAYS: Final = 7
_IDLE: Final = 0.1
"""Below this share of the highest mean current the unbalance of the currents is that of the lights."""
_OPEN_PHASE: Final = 0.05


def analyse_quality(
    columns: Sequence[QualityColumn],
    rules: Rules,
    nominal_v: float | None,
    *,
    file: str = "",
    step_minutes: float | None = None,
) -> PowerQuality:
    """Return what the columns of a record say about the supply.

    Parameters
    ----------
    columns
        Of one length.
    rules
        Whose limits.
    nominal_v
        Nominal voltage between lines, V, or None.
    file
        What a reader sees.
    step_minutes
        Length of an interval, minutes, or None.

    Returns
    -------
    PowerQuality
    """
    by = _Columns(tuple(columns))
    live = ~by.interrupted()
    band = limit(f"voltage_band_{rules}").value
    unbalance, negative = _unbalance(by, live)
    dips = _dips(by)
    known = int(np.isfinite(np.array([one.values for one in columns])).any(axis=0).sum())
    minutes_per_day = HOURS_PER_DAY * MINUTES_PER_HOUR
    days = None if step_minutes is None else len(live) * step_minutes / minutes_per_day
    judged = (
        *voltage_findings(by.ratios("voltage", live), 1.0, rules, file),
        *dip_findings(by.grid("lowest", relative=True), 1.0, file),
        *distortion_findings(by.stack("thd_voltage", live), rules, file),
        *unbalance_findings(negative, file),
    )
    return PowerQuality(
        file=file,
        columns=tuple(one.heading for one in columns),
        rules=rules,
        nominal_v=nominal_v,
        intervals=known,
        step_minutes=step_minutes,
        days=days,
        voltages=tuple(v for one in by.of("voltage") for v in _voltage(one, live, band)),
        distortion=tuple(d for one in by.distortions() for d in _distortion(one, live, rules)),
        unbalance=unbalance,
        dips=dips,
        currents=tuple(c for one in by.of("current") for c in _current(one)),
        current_unbalance=_current_unbalance(by),
        limits=_limits(by, rules, unbalance),
        findings=(*judged, *_doubts(by, unbalance, file), *_caveats(by, nominal_v, step_minutes, days, file)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """The columns by quantity."""

    columns: tuple[QualityColumn, ...]

    def of(self, quantity: QualityQuantity) -> tuple[QualityColumn, ...]:
        return tuple(one for one in self.columns if one.quantity == quantity)

    def distortions(self) -> tuple[QualityColumn, ...]:
        return (*self.of("thd_voltage"), *self.of("thd_current"))

    def grid(self, quantity: QualityQuantity, *, relative: bool = False) -> Floats:
        """Return the columns as rows, shape (columns, intervals); relative ones over their reference voltage."""
        chosen = [one for one in self.of(quantity) if not relative or one.reference_v]
        rows = [one.values / (one.reference_v or 1.0) if relative else one.values for one in chosen]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.columns[0].values))

    def stack(self, quantity: QualityQuantity, live: Bools) -> Floats:
        return np.asarray(self.grid(quantity)[:, live].ravel(), dtype=np.float64)

    def ratios(self, quantity: QualityQuantity, live: Bools) -> Floats:
        return np.asarray(self.grid(quantity, relative=True)[:, live].ravel(), dtype=np.float64)

    def interrupted(self) -> Bools:
        """Return the intervals whose mean voltage lies below the interruption threshold on every phase."""
        ratios = self.grid("voltage", relative=True)
        if not len(ratios):
            return np.zeros(ratios.shape[1], dtype=np.bool_)
        highest = np.where(np.isfinite(ratios), ratios, -np.inf).max(axis=0)
        return np.asarray(np.isfinite(highest) & (highest < limit("interruption_threshold").value))

    def three(self, quantity: QualityQuantity) -> Floats | None:
        """Return the three phases of a quantity, shape (3, intervals), or None; voltages are those between lines."""
        chosen = self.of(quantity)
        if quantity == "voltage":
            chosen = tuple(one for one in chosen if one.phase.count("L") == 2)
        elif quantity != "lowest":
            chosen = tuple(one for one in chosen if one.phase[:2] in {"L1", "L2", "L3"})
        if len({one.phase for one in chosen}) != 3 or len(chosen) != 3:
            return None
        return np.array([one.values for one in sorted(chosen, key=lambda one: one.phase)])


def _finite(values: Floats) -> FloatArray:
    return np.asarray(values[np.isfinite(values)], dtype=np.float64)


def _voltage(column: QualityColumn, live: Bools, band: float) -> Iterator[VoltagePhase]:
    values, reference = _finite(column.values[live]), column.reference_v
    if not len(values):
        return
    off = None if reference is None else float((np.abs(values / reference - 1) > band).mean())
    yield VoltagePhase(
        phase=column.phase,
        heading=column.heading,
        reference_v=reference,
        low_v=float(values.min()),
        mean_v=float(values.mean()),
        high_v=float(values.max()),
        outside=off,
        duration_v=readonly(np.quantile(values, DURATION_SHARES)[::-1]),
    )


def _distortion(column: QualityColumn, live: Bools, rules: Rules) -> Iterator[DistortionPhase]:
    values = _finite(column.values[live])
    if not len(values):
        return
    of_voltage = column.quantity == "thd_voltage"
    yield DistortionPhase(
        phase=column.phase,
        heading=column.heading,
        of="voltage" if of_voltage else "current",
        p95=float(np.quantile(values, 0.95)),
        highest=float(values.max()),
        over=float((values > limit(f"thd_voltage_{rules}").value).mean()) if of_voltage else None,
    )


def negative_over_positive(lines_v: Floats) -> FloatArray:
    """Return negative over positive sequence of three voltages between lines, fractions; NaN where one lacks.

    ``u = sqrt((1 - sqrt(3 - 6 b)) / (1 + sqrt(3 - 6 b)))`` with ``b = sum(V^4) / sum(V^2)^2``: exact, because voltages
    between lines have no zero sequence. Voltages to neutral would need their angles.

    Parameters
    ----------
    lines_v
        V12, V23 and V31, shape (3, n).

    References
    ----------
    IEC 61000-4-30, supply voltage unbalance; formula of CIGRE as it quotes it.
    """
    squares = np.asarray(lines_v, dtype=np.float64) ** 2
    total = squares.sum(axis=0)
    beta = np.divide((squares**2).sum(axis=0), total**2, out=np.full(total.shape, np.nan), where=total > 0)
    # Equal voltages give exactly one third but for rounding; three that close no triangle have no sequence.
    root = np.sqrt(np.where(beta <= 0.5 + 1e-12, np.clip(3 - 6 * beta, 0.0, 1.0), np.nan))
    return np.asarray(np.sqrt((1 - root) / (1 + root)), dtype=np.float64)


def largest_deviation(three: Floats) -> FloatArray:
    """Return the largest deviation from the mean of three values over the mean (NEMA MG 1), shape (3, n) to (n,)."""
    mean = three.mean(axis=0)
    deviation = np.abs(three - mean).max(axis=0)
    return np.asarray(np.divide(deviation, mean, out=np.full(mean.shape, np.nan), where=mean > 0), dtype=np.float64)


def _unbalance(by: _Columns, live: Bools) -> tuple[UnbalanceFigures | None, FloatArray]:
    """Return the figures, and the unbalance of every interval: the column's before the computed one."""
    lines, written = by.three("voltage"), by.stack("unbalance", live)
    values = _finite(
        written if len(written) else np.empty(0) if lines is None else negative_over_positive(lines[:, live])
    )
    if not len(values):
        return None, values
    nema = np.empty(0) if lines is None else _finite(largest_deviation(lines[:, live]))
    p95 = float(np.quantile(values, 0.95))
    nema_p95 = float(np.quantile(nema, 0.95)) if len(nema) else None
    found = UnbalanceFigures(
        p95=p95,
        highest=float(values.max()),
        over=float((values > limit("unbalance_EN").value).mean()),
        origin="column" if len(written) else "voltages",
        nema_p95=nema_p95,
        output_factor=float(unbalance_output_factor(p95 if nema_p95 is None else nema_p95)),
    )
    return found, values


def _dips(by: _Columns) -> DipFigures | None:
    lowest = by.grid("lowest", relative=True)
    counted = [int(np.nansum(by.grid(name))) for name in ("dips", "interruptions") if by.of(name)]
    if counted:
        dips = int(np.nansum(by.grid("dips"))) if by.of("dips") else None
        gone = int(np.nansum(by.grid("interruptions")))
        least = _finite(lowest.ravel())
        share = float(least.min()) if len(least) else None
        return DipFigures(dips=dips, interruptions=gone, lowest=share, counted="events")
    if len(lowest):
        below, out, share = dip_counts(lowest, 1.0)
        return DipFigures(dips=below, interruptions=out, lowest=share, counted="intervals")
    if by.of("voltage"):
        return DipFigures(dips=None, interruptions=int(by.interrupted().sum()), lowest=None, counted="intervals")
    return None


def _current(column: QualityColumn) -> Iterator[CurrentPhase]:
    values = _finite(column.values)
    if len(values):
        yield CurrentPhase(
            phase=column.phase,
            heading=column.heading,
            mean_a=float(values.mean()),
            p95_a=float(np.quantile(values, 0.95)),
            high_a=float(values.max()),
        )


def _current_unbalance(by: _Columns) -> CurrentUnbalance | None:
    three = by.three("current")
    if three is None:
        return None
    mean = three.mean(axis=0)
    if not np.isfinite(mean).any() or np.nanmax(mean) <= 0:
        return None
    loaded = np.isfinite(mean) & (mean >= _IDLE * np.nanmax(mean))
    values = largest_deviation(three[:, loaded])
    share = float(loaded.sum() / np.isfinite(mean).sum())
    return CurrentUnbalance(p95=float(np.quantile(values, 0.95)), highest=float(values.max()), used=share)


def _limits(by: _Columns, rules: Rules, unbalance: UnbalanceFigures | None) -> tuple[QualityLimit, ...]:
    wanted = [f"voltage_band_{rules}"] if any(one.reference_v for one in by.of("voltage")) else []
    wanted += [f"thd_voltage_{rules}"] if by.of("thd_voltage") else []
    wanted += ["unbalance_EN"] if unbalance else []
    wanted += ["sag_threshold"] if by.of("lowest") else []
    wanted += ["interruption_threshold"] if by.of("lowest") or by.of("voltage") else []
    wanted += ["quality_share"] if wanted else []
    return tuple(
        QualityLimit(key=key, value=one.value, source=one.source, confidence=one.confidence)
        for key, one in ((key, limit(key)) for key in wanted)
    )


def _doubts(by: _Columns, unbalance: UnbalanceFigures | None, label: str) -> Iterator[Finding]:
    """Tell of phases that lack or stand open, and of what unbalance costs motors."""
    powers = by.three("power")
    if powers is not None and np.isfinite(powers).any(axis=1).all():
        yield from phase_findings(powers, label)
    yield from _absent(by.of("current"), "quality_current_phase_absent", label)
    yield from _absent(by.of("voltage"), "quality_voltage_phase_absent", label)
    yield from _open_current(by, label)
    if unbalance is not None and (unbalance.nema_p95 or unbalance.p95) > UNBALANCE_NOTICE:
        params: dict[str, Param] = {
            "percent": 100 * (unbalance.nema_p95 or unbalance.p95),
            "output_percent": 100 * unbalance.output_factor,
        }
        yield Finding(key="quality_motor_derating", level="warning", subject=label, params=params)


def _absent(columns: Sequence[QualityColumn], key: str, label: str) -> Iterator[Finding]:
    """Tell of phases that the file leaves out while it names others."""
    for whole in (("L1", "L2", "L3"), ("L1-N", "L2-N", "L3-N"), ("L1-L2", "L2-L3", "L3-L1")):
        there = [one.phase for one in columns if one.phase in whole]
        missing = [phase for phase in whole if phase not in there]
        if there and missing:
            params: dict[str, Param] = {"there": ", ".join(there), "missing": ", ".join(missing)}
            yield Finding(key=key, level="warning", subject=label, params=params)


def _open_current(by: _Columns, label: str) -> Iterator[Finding]:
    """Tell of a current that stands near zero while the other two flow: an open phase, fuse or clamp."""
    three = by.three("current")
    if three is None or not np.isfinite(three).any(axis=1).all():
        return
    means = np.nanmean(three, axis=1)
    for place, mean in enumerate(means):
        others = float(np.delete(means, place).mean())
        if others > 0 and mean < _OPEN_PHASE * others:
            params: dict[str, Param] = {"phase": f"L{place + 1}", "mean_a": float(mean), "others_a": others}
            yield Finding(key="quality_current_open", level="warning", subject=label, params=params)


def _caveats(
    by: _Columns, nominal_v: float | None, step_minutes: float | None, days: float | None, label: str
) -> Iterator[Finding]:
    """Tell what the record cannot prove."""
    yield Finding(key="quality_class", level="assumption", subject=label)
    if nominal_v is None and (by.of("voltage") or by.of("lowest")):
        yield Finding(key="quality_no_nominal", level="warning", subject=label)
    if days is not None and step_minutes is not None and days < _WEEK_DAYS:
        params: dict[str, Param] = {"days": days, "minutes": step_minutes}
        yield Finding(key="quality_short_record", level="info", subject=label, params=params)
