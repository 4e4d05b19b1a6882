"""Findings about one machine."""

from mine_energy.errors import Finding, Level, Param
from mine_energy.motors.inventory import Motor


def note(motor: Motor, key: str, level: Level, **params: Param) -> Finding:
    """Return a finding whose subject is the machine's tag."""
    return Finding(key=key, level=level, subject=motor.tag, params=params)
