"""A plant's transformers and feeders as one network: from the machines to the meter and back, interval by interval."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding
from mine_energy.loads.network import (
    MeteringSide,
    Transformer,
    feeder_loss_fraction,
    no_load_energy_kwh_per_year,
    plant_power_kw,
)
from mine_energy.loads.plan import MachinePlan
from mine_energy.loads.profile import LoadProfile
from mine_energy.site import FeederChoice, NetworkChoice, Site
from mine_energy.units import HOURS_PER_YEAR

LossKind = Literal["transformer_no_load", "transformer_load", "feeder"]
_ROUNDS: Final = 25
"""Rounds of the two figures that depend on the machines' own power; each takes the error down to the loss's share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """A transformer of the network and the share of the plant's load that it carries."""

    name: str
    transformer: Transformer
    load_share: float

    @property
    def kw_per_kva2(self) -> float:
        """Load loss over the square of the plant's apparent power, kW per kVA2."""
        one = self.transformer
        return one.load_loss_kw * self.load_share**2 / (one.rated_kva**2 * one.units)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LossSeries:
    """Losses in every interval, kW: of the transformers without load and with load, and of the feeders."""

    transformer_no_load: FloatArray
    transformer_load: FloatArray
    feeder: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantNetwork:
    """Everything between the supply and the machines.

    Parameters
    ----------
    side
        Where the meter stands. The feeders lie behind it on either side; the transformers on the supply side alone.
    carrying
        Transformers.
    feeder_kw_per_kva2
        Feeder loss over the square of the machines' apparent power.
    feeder_fraction
        Feeder energy over the machines' energy, where only that is known; it stands in for the other.
    reactive_ratio
        Reactive over active power of the machines, where the meter has no reactive power.
    """

    side: MeteringSide
    carrying: tuple[Carrying, ...] = ()
    feeder_kw_per_kva2: float = 0.0
    feeder_fraction: float | None = None
    reactive_ratio: float = 0.0

    @property
    def metered(self) -> bool:
        """Whether the meter counts the transformers' losses."""
        return self.side == "supply"

    @property
    def no_load_kw(self) -> float:
        """No-load losses of all transformers, kW."""
        return sum(no_load_energy_kwh_per_year(one.transformer, 1.0) for one in self.carrying)

    @property
    def transformer_kw_per_kva2(self) -> float:
        """Load losses of all transformers over the square of the plant's apparent power."""
        return sum(one.kw_per_kva2 for one in self.carrying)

    def transformer(self, name: str) -> Carrying | None:
        """Return the transformer of a name, or None."""
        return next((one for one in self.carrying if one.name == name), None)

    def losses(self, machines_kw: Any, reactive_kvar: Any) -> LossSeries:
        """Return all losses for what the machines draw, whether the meter counts them or not.

        The feeders carry the machines, the transformers the machines and the feeders' losses. The reactive power of
        transformers and feeders themselves is left out.

        Parameters
        ----------
        machines_kw, reactive_kvar
            At the machines, same shape.
        """
        active = np.maximum(np.asarray(machines_kw, dtype=np.float64), 0.0)
        reactive = np.asarray(reactive_kvar, dtype=np.float64)
        feeder = self.feeder_kw_per_kva2 * (active**2 + reactive**2)
        load = self.transformer_kw_per_kva2 * ((active + feeder) ** 2 + reactive**2)
        return LossSeries(
            transformer_no_load=np.full_like(active, self.no_load_kw), transformer_load=load, feeder=feeder
        )

    def varying_kw(self, machines_kw: Any, reactive_kvar: Any) -> FloatArray:
        """Return the losses that the meter counts and that go with the load, kW."""
        found = self.losses(machines_kw, reactive_kvar)
        return found.feeder + found.transformer_load if self.metered else found.feeder

    def through_kva(self, machines_kw: Any, reactive_kvar: Any) -> FloatArray:
        """Return the apparent power that the transformers carry, kVA."""
        active = np.maximum(np.asarray(machines_kw, dtype=np.float64), 0.0)
        return np.asarray(np.hypot(active + self.losses(active, reactive_kvar).feeder, reactive_kvar))

    def at_meter_kw(self, machines_kw: Any, reactive_kvar: Any) -> FloatArray:
        """Return what the meter sees of what the machines draw, kW."""
        constant = self.no_load_kw if self.metered else 0.0
        return np.asarray(np.asarray(machines_kw) + self.varying_kw(machines_kw, reactive_kvar) + constant)

    def at_machines_kw(self, metered_kw: Any, reactive_kvar: Any) -> FloatArray:
        """Return what the machines draw of what the meter saw, kW: :meth:`at_meter_kw` inverted.

        A reading below the no-load losses leaves nothing for the machines: the supply was off. A negative one
        is what it is.
        """
        reading, reactive = np.asarray(metered_kw, dtype=np.float64), np.asarray(reactive_kvar, dtype=np.float64)
        behind = plant_power_kw(np.atleast_1d(reading), reactive, self._as_one(), self.side)
        cables = Transformer(rated_kva=1.0, no_load_loss_kw=0.0, load_loss_kw=self.feeder_kw_per_kva2)
        found = np.asarray(plant_power_kw(behind, reactive, cables, "supply"))
        return np.where(reading < 0, reading, found) if reading.ndim else found

    def _as_one(self) -> Transformer:
        """Return one transformer with the losses of all of them."""
        rated = sum(one.transformer.rated_kva * one.transformer.units for one in self.carrying) or 1.0
        return Transformer(
            rated_kva=rated,
            no_load_loss_kw=self.no_load_kw,
            load_loss_kw=self.transformer_kw_per_kva2 * rated**2,
        )

    def with_fraction_of(self, machines_kw: FloatArray, reactive_kvar: FloatArray) -> "PlantNetwork":
        """Return the network with the feeders' fraction of the energy turned into a loss with the square of the load.

        Parameters
        ----------
        machines_kw, reactive_kvar
            Of a year, at the machines.
        """
        if self.feeder_fraction is None:
            return self
        squares = float((np.maximum(machines_kw, 0.0) ** 2 + reactive_kvar**2).sum())
        energy = float(np.maximum(machines_kw, 0.0).sum())
        return replace(self, feeder_kw_per_kva2=self.feeder_fraction * energy / squares if squares > 0 else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Behind:
    """A meter's record seen from the machines.

    Parameters
    ----------
    load
        What the machines draw: the record less the losses that the meter counts.
    reactive_kvar
        Of the machines; estimated where the record has none.
    network
        With the feeders' loss known.
    losses_kwh
        Energy of the record less that of `load`.
    findings
        What had to be taken for granted.
    """

    load: LoadProfile
    reactive_kvar: FloatArray
    network: PlantNetwork
    losses_kwh: float
    findings: tuple[Finding, ...] = ()


def network_of(site: Site, plans: Sequence[MachinePlan]) -> PlantNetwork | None:
    """Return the network that a site file describes, or None.

    Parameters
    ----------
    site
        Its ``[network]``.
    plans
        Machines, whose power factor stands in for reactive power that nobody metered.
    """
    chosen = site.network
    if chosen is None or not (chosen.transformer or chosen.feeder):
        return None
    active = sum(run.minutes * plan.power_kw(run.state) for plan in plans for run in plan.runs)
    reactive = sum(run.minutes * plan.reactive_kvar(run.state) for plan in plans for run in plan.runs)
    return PlantNetwork(
        side=chosen.metering_side or "plant",
        carrying=_carrying(chosen),
        feeder_kw_per_kva2=_feeder(chosen.feeder),
        feeder_fraction=chosen.feeder.loss_fraction if chosen.feeder else None,
        reactive_ratio=reactive / active if active > 0 else 0.0,
    )


def _carrying(chosen: NetworkChoice) -> tuple[Carrying, ...]:
    rated = sum(one.rated_kva * one.units for one in chosen.transformer)
    return tuple(
        Carrying(
            name=one.name,
            transformer=Transformer(**one.model_dump(exclude={"name", "load_share"})),
            load_share=one.rated_kva * one.units / rated if one.load_share is None else one.load_share,
        )
        for one in chosen.transformer
    )


def _feeder(chosen: FeederChoice | None) -> float:
    """Return the loss of the feeders over the square of their load, kW per kVA2."""
    if chosen is None or chosen.reference_kva is None:
        return 0.0
    if chosen.reference_loss_kw is not None:
        return chosen.reference_loss_kw / chosen.reference_kva**2
    factor = chosen.power_factor or 1.0
    share = feeder_loss_fraction(chosen.voltage_drop or 0.0, factor, chosen.reactance_ratio)
    return share * factor / chosen.reference_kva


def at_the_meter(machines: LoadProfile, network: PlantNetwork) -> LoadProfile:
    """Return a load built from machines as the meter sees it: with the losses that it counts, in every interval.

    Parameters
    ----------
    machines
        With its reactive power.
    network
        With the feeders' loss known (:meth:`PlantNetwork.with_fraction_of`).
    """
    seen = network.at_meter_kw(machines.load_kw.to_numpy(), _reactive(machines))
    return replace(machines, load_kw=pd.Series(seen, index=machines.load_kw.index))


def behind_the_meter(load: LoadProfile, network: PlantNetwork) -> Behind:
    """Return what the machines draw of a meter's record.

    Where the record has no reactive power, that of the machines follows their active power with the power factor of
    the inventory, and a finding says so.

    Parameters
    ----------
    load
        At the meter.
    network
        Transformers and feeders.
    """
    known, reading = load.reactive_kvar is not None, load.load_kw.to_numpy()
    reactive = _reactive(load) if known else network.reactive_ratio * np.maximum(reading, 0.0)
    drawn, settled = reading, network
    for _ in range(_ROUNDS if not known or network.feeder_fraction is not None else 1):
        settled = settled.with_fraction_of(drawn, reactive)
        drawn = settled.at_machines_kw(reading, reactive)
        if not known:
            reactive = network.reactive_ratio * np.maximum(drawn, 0.0)
    profile = replace(load, load_kw=pd.Series(drawn, index=load.load_kw.index))
    return Behind(
        load=profile,
        reactive_kvar=reactive,
        network=settled,
        losses_kwh=load.energy_kwh - profile.energy_kwh,
        findings=() if known else _unknown_reactive(load, network),
    )


def _reactive(load: LoadProfile) -> FloatArray:
    return np.zeros(len(load.load_kw)) if load.reactive_kvar is None else load.reactive_kvar.to_numpy()


def _unknown_reactive(load: LoadProfile, network: PlantNetwork) -> tuple[Finding, ...]:
    factor = 1 / float(np.hypot(1.0, network.reactive_ratio))
    params = {"power_factor": round(factor, 2)}
    return (Finding(key="network_power_factor", level="assumption", subject=load.label, params=params),)


def per_year(energy_kwh: float, load: LoadProfile) -> float:
    """Return the energy of a record as that of a year; a built load is one already, of 365 or 366 days."""
    return energy_kwh if load.origin == "built" else energy_kwh * HOURS_PER_YEAR / load.duration_hours
