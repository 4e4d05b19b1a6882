"""The three meanings of "100 %", and the array that reaches the one that was asked for.

``annual_net``
    PV energy of the year equals load of the year. In closed form, because energy is linear in kWp.
``hourly_self``
    Share of the load that PV serves in the very step it is produced (self-sufficiency).
``offgrid``
    Share of the load that would stay unserved without the grid (loss of power supply probability, LPSP).
"""

from mine_energy.sizing.coverage import Coverage, coverage
from mine_energy.sizing.design import ArraySpec, PVDesign, annual_net

__all__ = ["ArraySpec", "Coverage", "PVDesign", "annual_net", "coverage"]
