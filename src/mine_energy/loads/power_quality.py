"""Voltage quality where a record has it: level, distortion, unbalance and dips against cited limits.

A meter that was not made to IEC 61000-4-30 class A gives indications, no proof of compliance; the findings say so by
quoting the limit, its source and how far the quotation can be trusted.
"""

from typing import Any, Literal

import numpy as np

from mine_energy.catalog import Sourced
from mine_energy.errors import Finding, Param
from mine_energy.loads.limits import limit

Rules = Literal["EN", "CO", "PE"]


def distortion_findings(thd: Any, rules: Rules, label: str = "") -> tuple[Finding, ...]:
    """Hold the total harmonic distortion of the voltage against a limit.

    Parameters
    ----------
    thd
        Of every interval, fraction of the fundamental, any shape.
    rules
        ``CO`` (NTC 5001), ``PE`` (NTCSE) or ``EN`` (EN 50160).
    label
        What a reader sees.
    """
    values = _known(thd)
    return _judged(
        "load_thd", values, values > limit(f"thd_voltage_{rules}").value, limit(f"thd_voltage_{rules}"), label
    )


def voltage_findings(voltage_v: Any, nominal_v: float, rules: Rules, label: str = "") -> tuple[Finding, ...]:
    """Hold the slow variation of the voltage against a limit.

    Parameters
    ----------
    voltage_v
        Mean of every interval, line to line like `nominal_v`, V.
    nominal_v
        Nominal or agreed voltage, V.
    rules, label
        See :func:`distortion_findings`.
    """
    off = _known(voltage_v) / nominal_v - 1
    band = limit(f"voltage_band_{rules}")
    return _judged("load_voltage", off, np.abs(off) > band.value, band, label)


def unbalance_findings(unbalance: Any, label: str = "") -> tuple[Finding, ...]:
    """Hold the voltage unbalance (negative over positive sequence, fraction) against EN 50160."""
    values, band = _known(unbalance), limit("unbalance_EN")
    return _judged("load_unbalance", values, values > band.value, band, label)


def dip_counts(lowest_v: Any, reference_v: float) -> tuple[int, int, float | None]:
    """Return in how many intervals the voltage dipped, in how many it was gone, and the lowest over the reference.

    A dip of any phase is one dip; an interruption takes all phases (EN 50160, events of several phases counted as one).

    Parameters
    ----------
    lowest_v
        Lowest half-cycle voltage of every interval, V, shape (n,) or (phases, n).
    reference_v
        Nominal or agreed voltage, V.
    """
    retained = np.atleast_2d(np.asarray(lowest_v, dtype=np.float64)) / reference_v
    known = np.isfinite(retained)
    if not known.any():
        return 0, 0, None
    worst = np.where(known, retained, np.inf).min(axis=0)
    best = np.where(known, retained, -np.inf).max(axis=0)
    out = known.any(axis=0) & (best < limit("interruption_threshold").value)
    dips = (worst < limit("sag_threshold").value) & ~out
    return int(dips.sum()), int(out.sum()), float(retained[known].min())


def dip_findings(lowest_v: Any, reference_v: float, label: str = "") -> tuple[Finding, ...]:
    """Tell of the intervals in which the voltage dipped, and of those in which it was interrupted.

    Parameters
    ----------
    lowest_v, reference_v
        See :func:`~mine_energy.loads.power_quality.dip_counts`.
    label
        What a reader sees.
    """
    dips, out, lowest = dip_counts(lowest_v, reference_v)
    if lowest is None or not (dips or out):
        return ()
    dip = limit("sag_threshold")
    params: dict[str, Param] = {
        "dips": dips,
        "interruptions": out,
        "lowest_percent": 100 * lowest,
        "limit_percent": 100 * dip.value,
        "source": dip.source,
        "confidence": dip.confidence,
    }
    return (Finding(key="load_dips", level="warning", subject=label, params=params),)


def _known(values: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    flat = np.asarray(values, dtype=np.float64).ravel()
    return flat[np.isfinite(flat)]


def _judged(
    key: str,
    values: np.ndarray[Any, np.dtype[np.float64]],
    outside: np.ndarray[Any, np.dtype[np.bool_]],
    band: Sourced,
    label: str,
) -> tuple[Finding, ...]:
    """Return a finding when some interval lies outside, a warning when more do than may."""
    if not outside.any():
        return ()
    share = float(outside.mean())
    params: dict[str, Param] = {
        "share_percent": 100 * share,
        "worst_percent": 100 * float(values[np.argmax(np.abs(values))]),
        "limit_percent": 100 * band.value,
        "source": band.source,
        "confidence": band.confidence,
    }
    warn = share > limit("quality_share").value
    return (Finding(key=key, level="warning" if warn else "info", subject=label, params=params),)
