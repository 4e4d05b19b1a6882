"""Where a plant's energy goes besides its machines: what transformer and feeders lose, as end uses of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile
from mine_energy.loads.losses import Behind, LossKind, LossSeries, per_year
from mine_energy.measures import PlantSeries, Saving


@dataclass(frozen=True, slots=True, kw_only=True)
class EndUse:
    """Energy of one process, or lost in one part of the network.

    Parameters
    ----------
    process
        Key of the vocabulary's ``process``; of its ``network_loss`` where `kind` is ``network``.
    energy_kwh_per_year
        Of all its machines, or lost.
    share
        Of all end uses together, 0 to 1.
    machines
        Inventory rows.
    kind
        Machines of a ``process``, or a loss of the ``network`` that the meter counts.
    """

    process: str
    energy_kwh_per_year: float
    share: float
    machines: int
    kind: Literal["process", "network"] = "process"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkLoss:
    """What is lost in one part of the network.

    Parameters
    ----------
    key
        ``transformer_no_load``, ``transformer_load`` or ``feeder``.
    energy_kwh_per_year, after_kwh_per_year
        Today, and with the load that the measures leave.
    metered
        Whether the meter counts it: only then is it part of the load.
    """

    key: LossKind
    energy_kwh_per_year: float
    after_kwh_per_year: float
    metered: bool


def network_losses(seen: Behind | None, after: PlantSeries, savings: Sequence[Saving]) -> tuple[NetworkLoss, ...]:
    """Return the losses of a plant's network before and after the measures.

    Parameters
    ----------
    seen
        The baseline from the machines' side; None without a network.
    after
        The machines after the measures.
    savings
        Of all measures; some change a transformer.
    """
    if seen is None:
        return ()
    kinds: tuple[LossKind, ...] = ("transformer_no_load", "transformer_load", "feeder")
    before = seen.network.losses(seen.load.load_kw.to_numpy(), seen.reactive_kvar)
    later = _changed(seen, after, savings)
    found = [_loss(kind, seen, before, later) for kind in kinds]
    return tuple(one for one in found if one.energy_kwh_per_year or one.after_kwh_per_year)


def _changed(seen: Behind, after: PlantSeries, savings: Sequence[Saving]) -> LossSeries:
    """Return the losses of the machines after the measures in the network as these leave it."""
    later = seen.network.losses(after.active_kw, after.reactive_kvar)
    through = seen.network.through_kva(after.active_kw, after.reactive_kvar)
    known = [s for s in savings if s.decision == "apply" and seen.network.transformer(s.tag) is not None]
    return LossSeries(
        transformer_no_load=later.transformer_no_load - sum(s.always_kw for s in known),
        transformer_load=later.transformer_load - sum(s.load_loss_kw_per_kva2 for s in known) * through**2,
        feeder=later.feeder,
    )


def _loss(kind: LossKind, seen: Behind, before: LossSeries, later: LossSeries) -> NetworkLoss:
    hours = seen.load.step_hours
    then, now = (float(getattr(series, kind).sum()) * hours for series in (before, later))
    metered = kind == "feeder" or seen.network.metered
    if kind == "transformer_no_load" and metered:
        # What is metered below the no-load loss is an interrupted supply: it lost what it was metered.
        lost = seen.losses_kwh - float((before.feeder + before.transformer_load).sum()) * hours
        then, now = lost, now - (then - lost)
    return NetworkLoss(
        key=kind,
        energy_kwh_per_year=per_year(then, seen.load),
        after_kwh_per_year=per_year(now, seen.load),
        metered=metered,
    )


def network_findings(
    seen: Behind | None, meter: LoadProfile | None, losses: Sequence[NetworkLoss]
) -> tuple[Finding, ...]:
    """Return what a reader has to know of the network's losses: which are in the load, and which are not.

    Parameters
    ----------
    seen
        The baseline from the machines' side; None without a network.
    meter
        None where the load is built.
    losses
        From :func:`network_losses`.
    """
    if seen is None:
        return ()
    found = list(seen.findings)
    metered = sum(one.energy_kwh_per_year for one in losses if one.metered)
    apart = sum(one.energy_kwh_per_year for one in losses if not one.metered)
    if metered:
        key = "network_losses_in_load" if meter is None else "network_losses_in_meter"
        found.append(Finding(key=key, params={"kwh": metered}))
    if apart:
        found.append(Finding(key="network_losses_apart", params={"kwh": apart}))
    if seen.network.feeder_fraction is not None:
        params = {"percent": seen.network.feeder_fraction * 100}
        found.append(Finding(key="network_feeder_fraction", level="assumption", params=params))
    return tuple(found)


def with_losses(uses: Sequence[EndUse], losses: Sequence[NetworkLoss]) -> tuple[EndUse, ...]:
    """Return end uses and the losses that the meter counts, the largest first, with their shares of both together."""
    rows = [(use.process, use.energy_kwh_per_year, use.machines, use.kind) for use in uses]
    lost = [one for one in losses if one.metered]
    total = sum(energy for _, energy, _, _ in rows) + sum(one.energy_kwh_per_year for one in lost)
    found = [
        EndUse(process=process, energy_kwh_per_year=energy, share=_share(energy, total), machines=count, kind=kind)
        for process, energy, count, kind in rows
    ]
    found += [
        EndUse(
            process=one.key,
            energy_kwh_per_year=one.energy_kwh_per_year,
            share=_share(one.energy_kwh_per_year, total),
            machines=0,
            kind="network",
        )
        for one in lost
    ]
    return tuple(sorted(found, key=lambda use: (-use.energy_kwh_per_year, use.process)))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
