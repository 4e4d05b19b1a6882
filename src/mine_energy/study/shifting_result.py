"""What became of the loads that may wait, as the study shows it."""

from dataclasses import dataclass, replace
from typing import Literal

from mine_energy.errors import Finding

Reason = Literal["moved", "no_gain", "dry", "window", "idle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftedBlock:
    """One block of ``[[deferrable]]`` in the plant after measures and PV; energies of the year.

    Parameters
    ----------
    name, kind, tags
        As the site file says.
    reason
        ``moved``; or why it stays where it is: it would use no more PV (``no_gain``), its tank would run dry
        (``dry``), its work does not fit between its hours (``window``), it does not run at all (``idle``).
    max_kw
        Most that it draws, kW.
    energy_kwh, energy_after_kwh
        In its hours of today and with PV: equal every day for a batch, over the year for a tank.
    moved_kwh
        At hours at which it did not run before.
    from_pv_before_kwh, from_pv_after_kwh
        What the array makes beyond the rest of the load and the block takes, in its hours of today and with PV.
    starts_before, starts_after
        How often it starts.
    days_kept
        Working days whose work does not fit between its hours; they stay as they are.
    unseen_kwh
        What its schedule says and the load does not show: it cannot be moved.
    tank_kwh
        Electric energy that fills its tank; 0 without one.
    dry_kwh
        What its tank could not have given.
    """

    name: str
    kind: Literal["batch", "tank"]
    tags: tuple[str, ...]
    reason: Reason
    max_kw: float
    energy_kwh: float
    from_pv_before_kwh: float
    starts_before: int
    energy_after_kwh: float = 0.0
    from_pv_after_kwh: float = 0.0
    starts_after: int = 0
    moved_kwh: float = 0.0
    days_kept: int = 0
    unseen_kwh: float = 0.0
    tank_kwh: float = 0.0
    dry_kwh: float = 0.0

    def stayed(self) -> "ShiftedBlock":
        """Return the block at its hours of today."""
        return replace(
            self,
            energy_after_kwh=self.energy_kwh,
            from_pv_after_kwh=self.from_pv_before_kwh,
            starts_after=self.starts_before,
            moved_kwh=0.0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifting:
    """What waiting for the sun moves in the plant after measures and PV.

    The state after PV, its bill, its Scope 2 and the saving of PV hold it already: the difference shown here is a part
    of them and is added to nothing. The loads of today and after the measures are not moved.

    Parameters
    ----------
    blocks
        In the order of the site file.
    pv_used_kwh, pv_used_unmoved_kwh
        PV that serves the load, with the blocks where they run with PV and where they run today.
    import_kwh, import_unmoved_kwh
        Gross imports.
    cost_per_year, cost_unmoved_per_year
        Of the supply, in `currency`.
    currency
        Of the study.
    """

    blocks: tuple[ShiftedBlock, ...]
    pv_used_kwh: float
    pv_used_unmoved_kwh: float
    import_kwh: float
    import_unmoved_kwh: float
    cost_per_year: float
    cost_unmoved_per_year: float
    currency: str
    findings: tuple[Finding, ...] = ()

    @property
    def saved_per_year(self) -> float:
        """What the bill after PV is lower by; negative where waiting costs."""
        return self.cost_unmoved_per_year - self.cost_per_year
