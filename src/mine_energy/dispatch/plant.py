"""What a plant is made of, for dispatch: sizes, and the rules by which battery, genset and grid may run.

Sizes are apart from rules because a search varies the sizes of thousands of candidates under one set of rules.
"""

from dataclasses import dataclass
from math import inf
from typing import Literal

from mine_energy.arrays import FloatArray

Strategy = Literal["load_following", "cycle_charging"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Sizes of a plant.

    Parameters
    ----------
    pv_kwp
        Module power at standard test conditions.
    battery_kwh
        Nameplate energy of the battery, new; 0 when there is none.
    battery_kw
        AC rating of its inverter, both ways.
    genset_kw
        Rating of the generators together at the site, after derating; 0 when there is none.
    """

    pv_kwp: float
    battery_kwh: float = 0.0
    battery_kw: float = 0.0
    genset_kw: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Battery:
    """How a battery may run.

    Parameters
    ----------
    charge_efficiency, discharge_efficiency
        AC bus to cell and cell to AC bus, fractions.
    soc_min, soc_max
        Window of the state of charge that the controller keeps, fractions of the nameplate energy.
    self_discharge_per_hour
        Share of the stored energy (above `soc_min`) lost in an hour.
    grid_forming
        Its inverter holds voltage and frequency by itself: PV goes on through an outage without a running genset.
    reserve_fraction
        Share of the usable energy kept for outages while the grid is there.
    charge_limit, discharge_limit
        Shape (n,), 0 to 1: share of `battery_kw` allowed in each step (cold cells, hot inverters); None is 1.
    """

    charge_efficiency: float = 0.95
    discharge_efficiency: float = 0.95
    soc_min: float = 0.1
    soc_max: float = 1.0
    self_discharge_per_hour: float = 0.0
    grid_forming: bool = True
    reserve_fraction: float = 0.0
    charge_limit: FloatArray | None = None
    discharge_limit: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Genset:
    """How the generators may run.

    Parameters
    ----------
    min_load_fraction
        Least share of its rating at which a running set is kept; PV, battery discharge and charging room give way to
        it. A load below it is carried all the same and counted as low-load hours.
    fuel_intercept_l_per_h_per_kw, fuel_slope_l_per_kwh
        Fuel line: litres an hour = intercept x running rating + slope x output.
    strategy
        ``load_following``: carries what is missing. ``cycle_charging``: once started it runs at full output, charging
        the battery, until the state of charge reaches `setpoint_fraction`.
    setpoint_fraction
        Share of the usable energy at which cycle charging stops.
    units
        Equal sets that share the rating; as many run as the output needs.
    """

    min_load_fraction: float
    fuel_intercept_l_per_h_per_kw: float = 0.0
    fuel_slope_l_per_kwh: float = 0.0
    strategy: Strategy = "load_following"
    setpoint_fraction: float = 0.8
    units: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """A grid connection.

    Parameters
    ----------
    export_allowed
        Whether surplus may flow out of the plant.
    import_limit_kw, export_limit_kw
        Limits of the connection.
    available
        Shape (n,), 0 or 1: steps in which the grid is there; None is always.
    may_discharge
        Shape (n,), 0 or 1: steps in which the battery may serve the load beside the grid (tariff blocks); None is all.
    """

    export_allowed: bool = True
    import_limit_kw: float = inf
    export_limit_kw: float = inf
    available: FloatArray | None = None
    may_discharge: FloatArray | None = None
