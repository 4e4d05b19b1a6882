"""What to meter next, for how long and with which instrument: the readings that narrow the bands most."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal, cast

import numpy as np

from mine_energy.audit.model import AuditModel
from mine_energy.catalog import table
from mine_energy.uncertainty import relative_sd
from mine_energy.uncertainty.bands import Array

Quantity = Literal["power", "hours", "energy"]
_MOST_READINGS: Final = 8
_LEAST_GAIN: Final = 0.02
"""A reading that takes less than this share off every band is not worth a visit."""
_STEP: Final = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One row of ``data/audit/instruments.csv``.

    Parameters
    ----------
    key
        Of the vocabulary's ``instrument``.
    quantity
        What it reads.
    band
        Half-width of a reading's 90 % interval as a share of it.
    days
        How long it stays.
    source, confidence
        Where this comes from.
    """

    key: str
    quantity: Quantity
    band: float
    days: int
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementStep:
    """One thing to meter.

    Parameters
    ----------
    tag, process
        Machine.
    quantity
        Its power, its hours, or its energy (both).
    instrument
        Which, and for how long.
    energy_left, saving_left, split_left
        Widths of three bands after this step and all before it, as shares of today's: the plant's energy, all savings,
        and the energies of the processes (root of their summed variances). 0.5 halves a band.
    """

    tag: str
    process: str
    quantity: Quantity
    instrument: Instrument
    energy_left: float
    saving_left: float
    split_left: float


@cache
def instruments() -> dict[Quantity, Instrument]:
    """Return the packaged instruments by what they read."""
    return {
        cast("Quantity", row["quantity"]): Instrument(
            key=row["key"],
            quantity=cast("Quantity", row["quantity"]),
            band=float(row["band"]),
            days=int(row["days"]),
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in table("audit/instruments.csv")
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Targets:
    """Derivatives of the results to the errors of powers and hours, and variances that no reading here touches."""

    energy: Array
    saving: Array
    split: Array
    other_saving: float


def measurement_plan(model: AuditModel, saving_variance: float) -> tuple[MeasurementStep, ...]:
    """Return what to meter, the reading that takes most off the three bands first, each given those before it.

    In the linear model about the fit the variance after a reading does not depend on what it shows, so the plan needs
    no guess of it: ``(g C j)^2 / (j C j + r)`` falls off the variance of a result with derivative g when a reading
    with derivative j and variance r is added to a posterior covariance C. A machine whose power and hours both are
    chosen gets a sub-meter instead.

    Parameters
    ----------
    model
        Of the audit.
    saving_variance
        Of all savings in the simulation, kWh squared: the part that loads and hours do not explain stays.

    Returns
    -------
    tuple of MeasurementStep
        Empty where nothing is uncertain.
    """
    n = model.machines
    covariance = model.posterior.covariance[: 2 * n, : 2 * n].copy()
    targets = _targets(model, covariance, saving_variance)
    before = _variances(targets, covariance)
    if before[0] <= 0:
        return ()
    noise = np.repeat([relative_sd(instruments()[q].band) ** 2 for q in ("power", "hours")], n)
    rows, left = list[int](), covariance
    while len(rows) < _MOST_READINGS:
        row = _best(targets, left, noise, _variances(targets, left))
        if row is None:
            break
        rows.append(row)
        left = _read(left, row, noise)
    return _steps(model, targets, covariance, noise, rows)


def _read(covariance: Array, row: int, noise: Array) -> Array:
    """Return the covariance after a reading of one power or one machine's hours."""
    reach = covariance[:, row]
    return cast("Array", covariance - np.outer(reach, reach) / (covariance[row, row] + noise[row]))


def _targets(model: AuditModel, covariance: Array, saving_variance: float) -> _Targets:
    n = model.machines
    energy, saving = _slopes(model)
    names = list(dict.fromkeys(model.processes))
    member = np.array([[p == name for p in model.processes] for name in names], dtype=np.float64)
    split = np.hstack([member * energy[:n], member * energy[n:]])
    explained = float(saving @ covariance @ saving)
    return _Targets(energy=energy, saving=saving, split=split, other_saving=max(0.0, saving_variance - explained))


def _slopes(model: AuditModel) -> tuple[Array, Array]:
    """Return the derivatives of energy by machine and of all savings to the errors of powers and hours, (2n,)."""
    n, k, m = model.machines, len(model.savings), model.posterior.slope.shape[0]
    others = np.array([one.base for one in model.inputs[2 * n + m :]])
    zeros = np.zeros((n, 1))
    power, hours = (f[:, 0] for f in model.posterior.conditioned(zeros, zeros, np.zeros((m, 1))))
    powers, all_hours = (np.repeat(one[:, None], 2 * n + 1, axis=1) for one in (power, hours))
    columns = np.arange(n)
    powers[columns, 1 + columns] *= 1 + _STEP
    all_hours[columns, 1 + n + columns] *= 1 + _STEP
    # at a limit a machine has a slope all the same
    free = np.full(n, np.inf)
    unlimited = replace(model, power_limit=free, hours_limit=free)
    out = unlimited.evaluate(powers, all_hours, np.repeat(others[:, None], 2 * n + 1, axis=1))
    by_machine = out[:n, 0]
    saved = out[n : n + k].sum(axis=0)
    return np.concatenate([by_machine, by_machine]), (saved[1:] - saved[0]) / _STEP


def _variances(targets: _Targets, covariance: Array) -> tuple[float, float, float]:
    return (
        float(targets.energy @ covariance @ targets.energy),
        float(targets.saving @ covariance @ targets.saving) + targets.other_saving,
        float(np.einsum("gi,ij,gj->", targets.split, covariance, targets.split, optimize=True)),
    )


def _best(targets: _Targets, covariance: Array, noise: Array, now: Sequence[float]) -> int | None:
    """Return the reading that takes the largest shares off the three variances together; None where all are small."""
    own = np.diag(covariance) + noise
    falls = (
        (targets.energy @ covariance) ** 2,
        (targets.saving @ covariance) ** 2,
        ((targets.split @ covariance) ** 2).sum(axis=0),
    )
    shares = np.array([fall / own / total if total > 0 else 0 * own for fall, total in zip(falls, now, strict=True)])
    row = int(np.argmax(np.round(shares.sum(axis=0), 9)))
    gain = 1 - np.sqrt(np.clip(1 - shares[:, row], 0.0, 1.0))
    return row if float(gain.max()) >= _LEAST_GAIN else None


def _steps(
    model: AuditModel, targets: _Targets, covariance: Array, noise: Array, rows: Sequence[int]
) -> tuple[MeasurementStep, ...]:
    """Return the readings as steps, both of one machine as one, with the bands that each leaves."""
    n, before = model.machines, _variances(targets, covariance)
    found = []
    for machine in dict.fromkeys(row % n for row in rows):
        own = [row for row in rows if row % n == machine]
        quantity: Quantity = "energy" if len(own) > 1 else "power" if own[0] < n else "hours"
        for row in own:
            covariance = _read(covariance, row, noise)
        now = _variances(targets, covariance)
        energy, saving, split = (float(np.sqrt(a / b)) if b > 0 else 1.0 for a, b in zip(now, before, strict=True))
        found.append(
            MeasurementStep(
                tag=model.tags[machine],
                process=model.processes[machine],
                quantity=quantity,
                instrument=instruments()[quantity],
                energy_left=energy,
                saving_left=saving,
                split_left=split,
            )
        )
    return tuple(found)
