"""Power of an air compressor at part flow, by the way it is controlled."""

from functools import cache
from typing import Final, Literal

import numpy as np

from mine_energy.catalog import Sourced, sourced_row, table
from mine_energy.motors.tables import Values, checked, like

CompressorControl = Literal["load_unload", "modulating", "variable_displacement", "variable_speed", "start_stop"]
CONTROLS: Final[tuple[CompressorControl, ...]] = (
    "load_unload",
    "modulating",
    "variable_displacement",
    "variable_speed",
    "start_stop",
)


def compressor_power_fraction(
    air_demand_fraction: Values, control: CompressorControl, power_at_no_flow: float | None = None
) -> Values:
    """Return the electric input of a compressor over its input at full flow.

    The linear form of Schmidt and Kissock, ``FP = FP0 + (1 - FP0) FC``, with FP0 by control
    (``data/motors/compressor_control.csv``). For load/unload and start/stop it is the mean over their cycles.

    Parameters
    ----------
    air_demand_fraction
        Mean flow over full flow, 0 to 1.
    control
        How the compressor follows the demand.
    power_at_no_flow
        FP0 of this machine, 0 to 1; None takes the control's.

    Returns
    -------
    float or numpy.ndarray

    Raises
    ------
    InputError
        An argument is out of range.
    """
    flow = checked("air_demand_fraction", air_demand_fraction, 0, 1)
    idle = no_flow_power(control).value if power_at_no_flow is None else power_at_no_flow
    share = float(checked("power_at_no_flow", idle, 0, 1))
    return like(share + (1 - share) * np.asarray(flow), air_demand_fraction)


@cache
def no_flow_power(control: CompressorControl) -> Sourced:
    """Return the input at no flow over the input at full flow, with its source."""
    row = next(row for row in table("motors/compressor_control.csv") if row["control"] == control)
    return sourced_row(row, "power_at_no_flow", unit="")
