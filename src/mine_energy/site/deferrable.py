"""``[[deferrable]]``: loads that may wait for the sun."""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.base import Fraction, NonNegative, Positive, Section


class DeferrableChoice(Section):
    """``[[deferrable]]``: machines whose work of a day may wait: a mill's batch, a pump that fills a tank.

    They stay where they are today and after the measures; only with PV they are moved into its surplus, as a controller
    without forecast can. They draw what the machines of `tags` draw, or `kwh_per_day` in the hours of `usual`.
    """

    name: Annotated[str, Field(min_length=1)]
    """What a reader sees; each name once."""
    kind: Literal["batch", "tank"] = "batch"
    """``batch``: the energy of every day is owed between its hours. ``tank``: a pump keeps a tank from running dry."""
    tags: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """Machines of the motor list that wait together, as one block."""
    kwh_per_day: Positive | None = None
    """Energy of a working day, kWh, where no motor list tells."""
    usual: str = ""
    """Runs of a working day today, ``18:00-22:00``; goes with `kwh_per_day`."""
    earliest: time = time(0)
    """Local time from which it may run; the day's work is counted from here to the same hour of the next day."""
    deadline: time = time(0)
    """Local time until which it may run; at or before `earliest` it is on the next day, equal to it the whole day."""
    max_kw: Positive | None = None
    """Most that it can draw, kW; its highest power today when absent."""
    min_kw: NonNegative | None = None
    """Least power at which it runs, kW; `max_kw` when absent: it runs whole or not at all."""
    sun_share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """Share of its least power that surplus PV has to carry before it starts: a setting of the controller."""
    tank_m3: Positive | None = None
    """Usable volume of the tank, m3."""
    flow_m3_per_hour: Positive | None = None
    """What the pump delivers at `max_kw`, m3/h."""
    refill_share: Fraction = 0.2
    """Share of the tank below which the pump runs without sun."""
    capex_usd: NonNegative | None = None
    """Price of what makes it possible (tank, bins, controls), USD; joins the investment of PV. Zero says that nothing
    is bought."""
