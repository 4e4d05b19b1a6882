"""``[network]``: what is lost between the supply and the machines, and where the meter stands."""

from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.base import Fraction, NonNegative, Positive, Section


class TransformerChoice(Section):
    """``[[network.transformer]]``: a transformer of the supply, or several equal ones in parallel."""

    name: Annotated[str, Field(min_length=1)]
    """Which one; ``[[measures.transformer]]`` names it again."""
    rated_kva: Positive
    """Rated power of one, from its plate, kVA."""
    no_load_loss_kw: NonNegative
    """P0 of one, from its routine test report, kW: it is there all year."""
    load_loss_kw: NonNegative
    """Pk of one at rated current, from its routine test report, kW: it goes with the square of the load."""
    units: Annotated[int, Field(ge=1)] = 1
    """Equal ones in parallel that are on."""
    load_share: Fraction | None = None
    """Share of the plant's load that it carries, zero for one that idles; in proportion to the ratings when absent."""


class FeederChoice(Section):
    """``[network.feeder]``: the cables between transformer (or genset) and machines, taken together.

    One of three: `reference_kva` and `reference_loss_kw`; `reference_kva`, `voltage_drop` and `power_factor`; or
    `loss_fraction`.
    """

    reference_kva: Positive | None = None
    """A load at which the loss or the voltage drop is known, kVA."""
    reference_loss_kw: NonNegative | None = None
    """Loss at that load, kW."""
    voltage_drop: Annotated[float, Field(ge=0, le=0.3)] | None = None
    """Voltage drop at that load over the nominal voltage."""
    power_factor: Annotated[float, Field(gt=0, le=1)] | None = None
    """Power factor at that load."""
    reactance_ratio: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Reactance over resistance of the cables: near zero for thin ones, towards one for thick ones."""
    loss_fraction: Annotated[float, Field(ge=0, le=0.3)] | None = None
    """Energy lost in a year over the energy that the machines draw, where only that is known."""


class NetworkChoice(Section):
    """``[network]``: transformer and feeders. Nothing is assumed for what is left out."""

    metering_side: Literal["supply", "plant"] | None = None
    """Where the meter stands: before the transformer (``supply``, medium voltage: its losses are metered) or after it
    (``plant``); needed where there is a transformer."""
    transformer: tuple[TransformerChoice, ...] = ()
    """Transformers."""
    feeder: FeederChoice | None = None
    """Cables."""
