"""What a measure may know about the plant, and how it says what a machine becomes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal

from mine_energy.arrays import FloatArray
from mine_energy.catalog import Sourced, sourced
from mine_energy.loads.losses import PlantNetwork
from mine_energy.measures.machine import Machine
from mine_energy.motors import IEClass
from mine_energy.site import MeasuresChoice
from mine_energy.units import standard_pressure_pa

Scenario = Literal["low", "base", "high"]
"""End of the bands at which a measure is evaluated."""

_SIGN: Final[Mapping[Scenario, int]] = MappingProxyType({"low": -1, "base": 0, "high": 1})


def measure_assumption(key: str) -> Sourced:
    """Return a packaged assumption about measures (``data/motors/measures.csv``)."""
    return sourced("motors/measures.csv", key)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlantSeries:
    """Power of the plant in every interval.

    Parameters
    ----------
    active_kw, reactive_kvar
        Same length; lagging is positive.
    reactive_known
        Whether anybody metered or computed the reactive power; it is zero or estimated where not.
    through_kva
        Apparent power that the transformers of the network carry; None without a network.
    """

    active_kw: FloatArray
    reactive_kvar: FloatArray
    reactive_known: bool = True
    through_kva: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureContext:
    """The plant's machines as the earlier measures left them, and what the site says.

    Parameters
    ----------
    machines
        In inventory order.
    choice
        The site's ``[measures]``.
    replacement_class
        Class of a replacement motor.
    frequency_hz
        Of the network.
    min_hours_per_year
        Machines that run less are left alone.
    altitude_m
        Of the site: air pressure, air density, derating.
    scenario
        End of the bands; machines are built for it.
    off_grid
        Whether the plant's own set feeds it.
    network
        Transformers and feeders of the site file; None where it gives none.
    built
        Whether the load is built from the motor list, and so holds no losses but those of `network`.
    """

    machines: tuple[Machine, ...]
    choice: MeasuresChoice = field(default_factory=MeasuresChoice)
    replacement_class: IEClass = "IE3"
    frequency_hz: int = 60
    min_hours_per_year: float = 0.0
    altitude_m: float = 0.0
    scenario: Scenario = "base"
    off_grid: bool = False
    country: str = "CO"
    series: PlantSeries | None = None
    step_hours: float = 1.0
    network: PlantNetwork | None = None
    built: bool = False

    def machine(self, tag: str) -> Machine:
        """Return the machine of a tag."""
        return next(machine for machine in self.machines if machine.motor.tag == tag)

    def effect(self, value: float, band: float | None, most: float = 1.0, assumed: str = "band_effect") -> float:
        """Return an effect at this end of its band, between zero and `most`.

        Parameters
        ----------
        value
            Base.
        band
            Half-width as a share of it; the packaged assumption when None.
        most
            Upper limit.
        assumed
            Packaged assumption that stands in for a band nobody gave.
        """
        width = measure_assumption(assumed).value if band is None else band
        return min(max(value * (1 + _SIGN[self.scenario] * width), 0.0), max(most, value))

    @property
    def air_pressure_pa(self) -> float:
        """Atmospheric pressure of the site, Pa (:func:`mine_energy.units.standard_pressure_pa`)."""
        return standard_pressure_pa(self.altitude_m)

    def with_machines(self, changed: Iterable[Machine]) -> "MeasureContext":
        """Return the plant with some machines in their new state."""
        new = {machine.motor.tag: machine for machine in changed}
        return replace(self, machines=tuple(new.get(m.motor.tag, m) for m in self.machines)) if new else self
