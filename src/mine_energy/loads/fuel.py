"""Fuel logs: litres filled and hours run turned into energy through the set's fuel line, with its band."""

from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from mine_energy import catalog
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.site import Genset

_TABLE: Final = "gensets.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelEntry:
    """One line of a fuel log.

    Parameters
    ----------
    date
        Day of the refill.
    litres
        Filled into the tank.
    hour_meter_hours
        Reading at the refill.
    energy_kwh
        Generated since the line before, when metered.
    full_tank
        Whether the tank was filled to the top.
    """

    date: date
    litres: float
    hour_meter_hours: float
    energy_kwh: float | None = None
    full_tank: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelLog:
    """Refills of one set, in order of time and of its hour meter.

    Parameters
    ----------
    entries
        The first one only opens the record: what it filled was burnt before.
    label, findings
        What a reader sees, and what has to be known.
    """

    entries: tuple[FuelEntry, ...]
    label: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelLine:
    """Straight fuel line of a set with the range of its two coefficients.

    Parameters
    ----------
    rated_kw
        Prime rating.
    intercept, slope
        F0, litres an hour per rated kW, and F1, litres per kWh: (low, base, high).
    assumed
        Whether any of them is a packaged default.
    """

    rated_kw: float
    intercept: tuple[float, float, float]
    slope: tuple[float, float, float]
    assumed: bool

    def energy_kwh(self, litres: float, hours: float, place: int = 1) -> float:
        """Return the energy behind litres burnt in some hours, kWh, at the low (0), base (1) or high (2) line.

        ``E = (V - F0 P h) / F1``; a line that would give less than nothing gives nothing, and one that would give
        more than the rating all the time gives that.
        """
        idle = self.intercept[place] * self.rated_kw * hours
        return min(max((litres - idle) / self.slope[place], 0.0), self.rated_kw * hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelPeriod:
    """From one full tank to the next.

    Parameters
    ----------
    start, end
        Days of the two refills.
    litres, hours
        Burnt and run in between.
    energy_kwh, low_kwh, high_kwh
        Generated; all equal where it was metered.
    metered
        Whether the energy was metered.
    load_fraction
        Mean power over rating.
    """

    start: date
    end: date
    litres: float
    hours: float
    energy_kwh: float
    low_kwh: float
    high_kwh: float
    metered: bool
    load_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FuelEnergy:
    """Energy of a whole fuel log.

    Parameters
    ----------
    periods
        Full tank to full tank.
    litres, hours, days
        Sums, and days from the first to the last full tank.
    energy_kwh, low_kwh, high_kwh
        Sums; the low and high ends hold one pair of coefficients for all periods, as one set has one line.
    litres_per_kwh
        Of the whole log; None without energy.
    findings
        What has to be known.
    """

    periods: tuple[FuelPeriod, ...]
    litres: float
    hours: float
    days: int
    energy_kwh: float
    low_kwh: float
    high_kwh: float
    litres_per_kwh: float | None
    findings: tuple[Finding, ...]


def fuel_line(genset: Genset) -> FuelLine:
    """Return the fuel line of a site's set; what the site leaves out takes the packaged range.

    Parameters
    ----------
    genset
        Of the site file. A stated coefficient has no range.
    """
    intercept, slope = genset.fuel_intercept_l_per_h_per_kw, genset.fuel_slope_l_per_kwh
    return FuelLine(
        rated_kw=genset.rated_kw,
        intercept=_range("fuel_intercept_l_per_h_per_kw") if intercept is None else (intercept, intercept, intercept),
        slope=_range("fuel_slope_l_per_kwh") if slope is None else (slope, slope, slope),
        assumed=intercept is None or slope is None,
    )


def _range(key: str) -> tuple[float, float, float]:
    """Return a coefficient for low, base and high energy: much fuel per hour and kWh means little energy."""
    row = next(row for row in catalog.table(_TABLE) if row["key"] == key)
    return float(row["high"]), float(row["default"]), float(row["low"])


def fuel_energy(log: FuelLog, genset: Genset) -> FuelEnergy:
    """Return the energy of a fuel log, tank to tank.

    What is filled at a refill to the top was burnt since the refill to the top before; litres of refills in between
    count to the same period.

    Parameters
    ----------
    log
        At least two refills to the top.
    genset
        Rating and, where known, fuel line.

    Returns
    -------
    FuelEnergy

    Raises
    ------
    InputError
        Fewer than two refills to the top, or an hour meter that stands still or runs back.
    """
    line = fuel_line(genset)
    periods: list[FuelPeriod] = []
    opening: FuelEntry | None = None
    pending: list[FuelEntry] = []
    for entry in log.entries:
        if opening is None:
            opening = entry if entry.full_tank else None
            continue
        pending.append(entry)
        if entry.full_tank:
            periods.append(_period(opening, pending, line, log.label))
            opening, pending = entry, []
    if not periods:
        raise InputError([Problem(key="fuel_no_period", file=log.label)])
    energy = sum(period.energy_kwh for period in periods)
    litres = sum(period.litres for period in periods)
    return FuelEnergy(
        periods=tuple(periods),
        litres=litres,
        hours=sum(period.hours for period in periods),
        days=(periods[-1].end - periods[0].start).days,
        energy_kwh=energy,
        low_kwh=sum(period.low_kwh for period in periods),
        high_kwh=sum(period.high_kwh for period in periods),
        litres_per_kwh=litres / energy if energy > 0 else None,
        findings=(*log.findings, *_findings(log, periods, line, len(pending))),
    )


def _period(opening: FuelEntry, entries: list[FuelEntry], line: FuelLine, label: str) -> FuelPeriod:
    closing = entries[-1]
    hours = closing.hour_meter_hours - opening.hour_meter_hours
    litres = sum(entry.litres for entry in entries)
    if hours <= 0:
        raise InputError([Problem(key="fuel_hours_back", file=label, value=closing.date.isoformat())])
    metered = all(entry.energy_kwh is not None for entry in entries)
    if metered:
        read = sum(cast("float", entry.energy_kwh) for entry in entries)
        low, energy, high = read, read, read
    else:
        low, energy, high = (line.energy_kwh(litres, hours, place) for place in range(3))
    return FuelPeriod(
        start=opening.date,
        end=closing.date,
        litres=litres,
        hours=hours,
        energy_kwh=energy,
        low_kwh=low,
        high_kwh=high,
        metered=metered,
        load_fraction=energy / (line.rated_kw * hours),
    )


def _findings(log: FuelLog, periods: list[FuelPeriod], line: FuelLine, open_entries: int) -> list[Finding]:
    found: list[Finding] = []
    estimated = [period for period in periods if not period.metered]
    if estimated and line.assumed:
        base: dict[str, Param] = {"intercept": line.intercept[1], "slope": line.slope[1]}
        found.append(Finding(key="fuel_line_assumed", level="assumption", subject=log.label, params=base))
    idle = [period for period in estimated if period.energy_kwh == 0]
    if idle:
        found.append(Finding(key="fuel_below_idle", level="warning", subject=log.label, params=_first_of(idle)))
    over = [period for period in periods if period.load_fraction >= 1]
    if over:
        found.append(Finding(key="fuel_above_rating", level="warning", subject=log.label, params=_first_of(over)))
    if open_entries:
        count: dict[str, Param] = {"count": open_entries}
        found.append(Finding(key="fuel_tail_left_out", level="warning", subject=log.label, params=count))
    return found


def _first_of(periods: list[FuelPeriod]) -> dict[str, Param]:
    return {"count": len(periods), "first": periods[0].start.isoformat()}
