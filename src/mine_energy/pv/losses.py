"""The stated losses of an array: a packaged list, each with its source, that the user replaces by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, cast

import numpy as np

from mine_energy import catalog
from mine_energy.catalog import Sourced
from mine_energy.errors import InputError, Problem

Stage = Literal["light", "dc", "ac"]

_TABLE: Final = "pv/losses.csv"

DEFAULT_LOSSES: Final[Mapping[str, Sourced]] = MappingProxyType(
    {row["key"]: catalog.sourced(_TABLE, row["key"]) for row in catalog.table(_TABLE)}
)
"""System losses by name, fractions that multiply: those of PVWatts, 14.08 % together, and an AC line of its own."""

STAGES: Final[Mapping[str, Stage]] = MappingProxyType(
    {row["key"]: cast("Stage", row["stage"]) for row in catalog.table(_TABLE)}
)
"""Where each loss acts: on the light before the cell, on the DC side, or after the inverter and its limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One system loss of an array.

    Parameters
    ----------
    name
        A key of :data:`DEFAULT_LOSSES`.
    fraction
        Of the energy that reaches it.
    source, confidence
        Where the figure is from; ``user`` when the site file states it.
    stage
        Where it acts.
    """

    name: str
    fraction: float
    source: str
    confidence: str
    stage: Stage = "dc"


def losses_of(replaced: Mapping[str, float], file: str = "") -> tuple[Loss, ...]:
    """Return the loss list of an array: the packaged one, with the user's own figures in their places.

    Parameters
    ----------
    replaced
        Fractions by name.
    file
        Site file, for the message.

    Raises
    ------
    InputError
        A name is not in the list.
    """
    known = ", ".join(DEFAULT_LOSSES)
    unknown = [
        Problem(key="pv_unknown_loss", file=file, field=f"array.losses.{name}", value=name, params={"known": known})
        for name in replaced
        if name not in DEFAULT_LOSSES
    ]
    if unknown:
        raise InputError(unknown)
    return tuple(_loss(name, replaced.get(name)) for name in DEFAULT_LOSSES)


def _loss(name: str, stated: float | None) -> Loss:
    if stated is not None:
        return Loss(name=name, fraction=float(stated), source="", confidence="user", stage=STAGES[name])
    default = DEFAULT_LOSSES[name]
    return Loss(
        name=name, fraction=default.value, source=default.source, confidence=default.confidence, stage=STAGES[name]
    )


def left(losses: tuple[Loss, ...], *stages: Stage) -> float:
    """Return what the losses of some stages leave, all multiplied; of every stage when none is named."""
    return float(np.prod([1.0 - loss.fraction for loss in losses if not stages or loss.stage in stages]))
