"""A load for a plant on its own set with nothing but a fuel log: energy of the litres, shape of the shifts."""

from dataclasses import replace
from math import hypot

from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.loads.bills import BillPeriod, Bills
from mine_energy.loads.from_bills import load_from_bills
from mine_energy.loads.fuel import FuelEnergy, FuelLog, fuel_energy
from mine_energy.loads.profile import LoadProfile
from mine_energy.site import Site


def load_from_fuel(log: FuelLog, site: Site, year: int, base_share: float | None = None) -> LoadProfile:
    """Return a calendar year whose energy comes from a fuel log and whose shape comes from the shifts.

    As :func:`~mine_energy.loads.load_from_bills`, with the periods from one full tank to the next in place of bills;
    the band of the fuel line is added to that of the days without a log, root of the sum of squares on either side.

    Parameters
    ----------
    log
        At least two full tanks on different days.
    site
        Off-grid, with its ``[genset]``.
    year, base_share
        See :func:`~mine_energy.loads.load_from_bills`.

    Returns
    -------
    LoadProfile
        Origin ``billed``.

    Raises
    ------
    InputError
        No ``[genset]``, or a log without a period or without energy.
    """
    if site.genset is None:
        raise InputError([Problem(key="fuel_no_genset", file=log.label, field="genset")])
    energy = fuel_energy(log, site.genset)
    if energy.days <= 0 or energy.energy_kwh <= 0:
        raise InputError([Problem(key="fuel_no_period", file=log.label)])
    built = load_from_bills(Bills(periods=_periods(energy), label=log.label), site, year, base_share)
    low, high = built.energy_band_kwh or (built.energy_kwh, built.energy_kwh)
    total = built.energy_kwh
    below = hypot(total - low, total * (1 - energy.low_kwh / energy.energy_kwh))
    above = hypot(high - total, total * (energy.high_kwh / energy.energy_kwh - 1))
    params: dict[str, Param] = {
        "litres": energy.litres,
        "days": energy.days,
        "energy_kwh": total,
        "low_kwh": max(0.0, total - below),
        "high_kwh": total + above,
    }
    said = Finding(key="fuel_load", level="assumption", subject=log.label, params=params)
    kept = tuple(finding for finding in built.findings if finding.key != "bill_input_load")
    band = (max(0.0, total - below), total + above)
    return replace(built, findings=(*energy.findings, said, *kept), energy_band_kwh=band)


def _periods(energy: FuelEnergy) -> tuple[BillPeriod, ...]:
    """Return the periods as bills; refills of one day belong to the period that ends or starts with it."""
    found: list[BillPeriod] = []
    pending = 0.0
    for period in energy.periods:
        if period.start == period.end:
            pending += period.energy_kwh
            continue
        found.append(BillPeriod(start=period.start, end=period.end, energy_kwh=period.energy_kwh + pending))
        pending = 0.0
    if pending:
        found[-1] = replace(found[-1], energy_kwh=found[-1].energy_kwh + pending)
    return tuple(found)
