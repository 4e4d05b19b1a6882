"""What a plant is sized with: ``[coverage]``, ``[battery]``, ``[genset]`` and ``[grid]``.

What is left out takes a packaged default with its source and its letter, shown as an assumption.
"""

from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.base import Fraction, NonNegative, Positive, Section

Meaning = Literal["annual_net", "hourly_self", "offgrid", "least_cost"]
Age = Literal["first", "average", "last"]

_HOURLY_RATIO = 0.9


class CoverageGoal(Section):
    """``[coverage]``: which "100 %" the plant is sized for."""

    goal: Meaning = "annual_net"
    """``annual_net``: PV energy of the year is `ratio` times the load's. ``hourly_self``: PV and battery serve `ratio`
    of the load in the very hour. ``offgrid``: without the grid at most `lpsp` is left unserved. ``least_cost``: no
    coverage asked."""
    ratio: Annotated[float, Field(gt=0, le=3)] | None = None
    """PV energy over load for ``annual_net`` (1 when absent); share of the load for ``hourly_self`` (0.9 when absent,
    at most 1)."""
    lpsp: Annotated[float, Field(ge=0, lt=1)] = 0.01
    """Off-grid: largest share of a year's load left unserved."""
    percentile: Annotated[float, Field(gt=0, le=1)] = 0.90
    """Off-grid: share of the weather years that have to keep `lpsp`."""
    weather_years: Annotated[int, Field(ge=2, le=1000)] | None = None
    """Off-grid: weather years that are drawn where the weather has only one; 100 when absent, 30 for the comparison in
    a study whose goal is another."""
    renewable_share: Fraction | None = None
    """Off-grid: with a generator, least share of the load that PV and battery serve. Absent keeps generators out."""
    age: Age = "first"
    """Year of the plant's life in which the goal is met: the first, the average one or the last."""
    reserve_load_share: Fraction | None = None
    """Without a grid: share of the load that running sets and the battery keep ready at every moment. The plant is
    checked against it; absent takes the packaged share."""
    reserve_pv_share: Fraction | None = None
    """The same as a share of the PV in use, for the cloud that comes."""

    @property
    def net_ratio(self) -> float:
        """PV energy over load of the annual balance."""
        return self.ratio if self.goal == "annual_net" and self.ratio is not None else 1.0

    @property
    def hourly_ratio(self) -> float:
        """Share of the load served in the very hour."""
        return self.ratio if self.goal == "hourly_self" and self.ratio is not None else _HOURLY_RATIO

    @property
    def asked(self) -> float:
        """What was asked for, as a share of the load: the ratio, or what is served off-grid; 0 asks for nothing."""
        shares = {"annual_net": self.net_ratio, "hourly_self": self.hourly_ratio, "offgrid": 1 - self.lpsp}
        return shares.get(self.goal, 0.0)


class BatteryChoice(Section):
    """``[battery]``: a battery that may be bought, or the one that stands there."""

    chemistry: Literal["lfp", "lead_acid"] = "lfp"
    """Lithium iron phosphate, or lead-acid."""
    charge_efficiency: Annotated[float, Field(gt=0.5, le=1)] | None = None
    """AC bus to cell, inverter included; the chemistry's when absent."""
    discharge_efficiency: Annotated[float, Field(gt=0.5, le=1)] | None = None
    """Cell to AC bus, inverter included; the chemistry's when absent."""
    soc_min: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Lowest state of charge that the controller allows."""
    soc_max: Annotated[float, Field(gt=0, le=1)] | None = None
    """Highest state of charge."""
    self_discharge_per_month: Annotated[float, Field(ge=0, le=0.5)] | None = None
    """Share of the stored energy lost in a month."""
    kw_per_kwh: Positive | None = None
    """Inverter power that comes with each kWh; the chemistry's usual rate when neither it nor `price_usd_per_kw` is
    given. With a price per kW alone the power is sized by itself."""
    price_usd_per_kwh: NonNegative | None = None
    """Turnkey price of a kWh of nameplate, with its inverter where `price_usd_per_kw` is absent, USD."""
    price_usd_per_kw: NonNegative | None = None
    """Price of the battery inverter, USD per kW."""
    life_years: Positive | None = None
    """Years until it is bought again."""
    grid_forming: bool = True
    """Whether its inverter holds voltage and frequency by itself, so that PV goes on through an outage."""
    reserve_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the usable energy kept for outages while the grid is there."""
    existing_kwh: NonNegative = 0.0
    """Energy that is owned already, without price."""
    existing_kw: NonNegative = 0.0
    """Inverter power that is owned already."""
    min_kwh: NonNegative | None = None
    """Least energy of the design; equal to `max_kwh` it is fixed."""
    max_kwh: NonNegative | None = None
    """Most energy of the design."""
    min_kw: NonNegative | None = None
    """Least inverter power of the design, where `price_usd_per_kw` gives power a price of its own."""
    max_kw: NonNegative | None = None
    """Most inverter power of the design, likewise."""
    rack_kwh: Positive | None = None
    """Energy of one rack that is sold: the catalogue sizes are whole racks."""


class Genset(Section):
    """``[genset]``: a generator: the one that stands there, or one that may be bought."""

    rated_kw: Positive
    """Prime rating of all sets together at the plate's reference altitude, kW."""
    existing: bool = True
    """Whether it is there already: no price, its own fuel line, the base case of a hybrid."""
    min_kw: NonNegative | None = None
    """Least rating of a set that would be bought; equal to `rated_kw` it is fixed."""
    units: Annotated[int, Field(ge=1, le=20)] = 1
    """Equal sets that share the rating."""
    price_usd_per_kw: NonNegative | None = None
    """Price of a new set, USD per kW; a packaged default when absent."""
    aspiration: Literal["natural", "natural_thermal", "turbocharged", "turbocharged_aftercooled", "unknown"] = "unknown"
    """How the engine breathes, for its power at altitude (ISO 3046-1); a linear rule stands in while it is unknown."""
    reference_altitude_m: Annotated[float, Field(ge=0, le=5000)] | None = None
    """Altitude up to which the maker keeps the plate, m."""
    fuel_price_usd_per_l: Positive | None = None
    """Delivered diesel price, USD per litre; a packaged default, shown as an assumption, when absent."""
    fuel_intercept_l_per_h_per_kw: NonNegative | None = None
    """F0 of the fuel line, litres an hour per rated kW."""
    fuel_slope_l_per_kwh: Positive | None = None
    """F1 of the fuel line, litres per kWh generated."""
    maintenance_usd_per_kw_hour: NonNegative | None = None
    """Upkeep for each kW of the rating and hour that it runs, USD; a packaged default when absent."""
    min_load_fraction: Fraction | None = None
    """Least share of its rating at which the set may run for long; a packaged default when absent."""
    strategy: Literal["load_following", "cycle_charging"] = "load_following"
    """Whether it carries what is missing, or runs full and charges the battery once started."""
    age_hours: NonNegative | None = None
    """Running hours on its meter since the last overhaul."""
    overhaul_hours: Positive | None = None
    """Running hours between overhauls; a packaged default when absent."""
    overhaul_cost_usd: NonNegative | None = None
    """Cost of the overhaul, USD; without it sizing counts none and the cash flow a packaged one, where hours change."""


class GridChoice(Section):
    """``[grid]``: limits of the connection, and its outages."""

    import_limit_kw: Positive | None = None
    """Most power that the plant may take."""
    export_limit_kw: NonNegative | None = None
    """Most power that it may deliver."""
    outage_hours_per_year: Annotated[float, Field(ge=0, lt=8760)] | None = None
    """Mean hours without the grid in a year (SAIDI), with `outages_per_year`."""
    outages_per_year: NonNegative | None = None
    """Mean number of outages in a year (SAIFI)."""
    outages: str = ""
    """Table of recorded outages, start and end of each, in place of the statistic; relative to the site file."""
    outage_seed: Annotated[int, Field(ge=0)] = 1
    """Seed of the outages that are drawn."""
    unserved_value_usd_per_kwh: NonNegative | None = None
    """What a kWh that nobody serves costs the plant, USD; without it nothing is counted."""
