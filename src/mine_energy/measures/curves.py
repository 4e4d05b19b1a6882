"""Pumps and fans: where the machine's curve meets the system's, throttled or at another speed.

Everything is over the rated point. The machine: head ``h0 n^2 - (h0 - 1) q^2`` (a parabola that follows the affinity
laws with speed n), efficiency over its best ``x (2 - x)`` with ``x = q / n``. The system: ``hs + (1 - hs) q^2`` with
the static share hs. Shaft power is flow times head over efficiency. With no static head it falls with the cube of the
flow; with static head it never does.
"""

from math import sqrt


def throttled_power(flow: float, shutoff_head_ratio: float) -> float:
    """Return the shaft power at rated speed with the flow cut by a valve or damper, over that at the rated point.

    Parameters
    ----------
    flow
        Over rated flow, 0 to 1.
    shutoff_head_ratio
        Head at no flow over rated head, above one.
    """
    head = shutoff_head_ratio - (shutoff_head_ratio - 1) * flow**2
    return head / (2 - flow)


def speed_for_flow(flow: float, static_head_fraction: float, shutoff_head_ratio: float) -> float:
    """Return the speed over rated speed at which a machine's curve meets the system's at a flow.

    Parameters
    ----------
    flow
        Over rated flow, 0 to 1.
    static_head_fraction
        Static head over rated head, 0 to 1.
    shutoff_head_ratio
        Head at no flow over rated head, above one.
    """
    head = static_head_fraction + (1 - static_head_fraction) * flow**2
    return sqrt((head + (shutoff_head_ratio - 1) * flow**2) / shutoff_head_ratio)


def speed_controlled_power(flow: float, static_head_fraction: float, shutoff_head_ratio: float) -> float:
    """Return the shaft power with the flow set by speed, over that at the rated point.

    Parameters
    ----------
    flow, static_head_fraction, shutoff_head_ratio
        As :func:`speed_for_flow`.
    """
    speed = speed_for_flow(flow, static_head_fraction, shutoff_head_ratio)
    if speed == 0:
        return 0.0
    head = static_head_fraction + (1 - static_head_fraction) * flow**2
    return head * speed / (2 - flow / speed)
