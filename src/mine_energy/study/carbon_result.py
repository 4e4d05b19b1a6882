"""What stands around the Scope 2 of a study, and what a verifier gets."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.emissions import (
    CarbonLines,
    Category3,
    DieselDisplaced,
    Footprint,
    HourlyMatch,
    Intensities,
    LifetimeAvoided,
    Plausibility,
    PVLifeCycle,
    Scope2Change,
    VerifyPack,
    WaterBand,
    YearsAhead,
)
from mine_energy.errors import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSitePurchase:
    """Energy that the site buys from somebody else's plant on its own ground (PPA): a purchase, so Scope 2.

    It comes by no grid: gross imports of the meter do not hold it.

    Parameters
    ----------
    energy_kwh
        PV of the year that the site uses.
    location_t_co2e
        At the plant's own rate: a plant that burns nothing emits nothing.
    market_t_co2e
        Zero where its attributes come with the energy; at the grid's rate where they do not. It is in
        ``Scope2Result.market_t_co2e`` already, as a line of its own.
    attributes
        ``stated`` where the site file says that they stay with the site (``own_certificates_sold = false``), ``sold``
        where it says that they are sold, ``unstated`` where it says nothing: then no claim is made.
    """

    energy_kwh: float
    location_t_co2e: float
    market_t_co2e: float
    attributes: Literal["stated", "sold", "unstated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCarbon:
    """What stands beside the Scope 2 of one state of the plant.

    Parameters
    ----------
    key
        ``today``, ``after_measures``, ``after_pv``.
    scope1_t_co2e
        Of the genset's fuel; zero with a grid.
    category3
        Scope 3, category 3; a line of None was not calculated.
    intensities
        Of Scope 2 (location-based) and the fuel's Scope 1 together, and of the energy of the load.
    footprint
        Scope 2 among the other scopes; None where the site says nothing about the rest.
    ahead
        Scope 2 of the years to 2050 with the decline that the site states; None without one, and without a grid.
    """

    key: str
    scope1_t_co2e: float
    category3: Category3
    intensities: Intensities
    footprint: Footprint | None
    ahead: YearsAhead | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carbon:
    """Everything around Scope 2; no two of these are ever added.

    Parameters
    ----------
    states
        Today, after measures, after PV.
    lines, measures_lines, pv_lines
        Cut of Scope 2 and, apart, what is avoided elsewhere: from today to after PV, to after measures, and from there
        to after PV. Only what holds PV has the avoided lines.
    lifetime
        Avoided over the life of the array (used and exported), low, central and high margin; None without a grid.
    pv_life_cycle
        Of the array, beside the cut that it brings: Scope 2 with a grid, Scope 1 of the fuel without. None without PV.
    diesel
        Displaced by PV; `diesel_measures` by the measures. None with a grid.
    change
        From the base year to today, activity and factor apart; None where no base year is stated.
    water
        Wet and dry band of the country's grid and its preliminary points; None without a grid or a band.
    purchase
        From a third party's plant; None where the site owns its own.
    plausibility
        Whether what the site and its plan state fits together.
    record
        What a verifier gets for today's Scope 2; None where nothing is bought.
    findings
        Of all of these.
    hourly_match
        Share of the load that PV meets in the same hour, a figure of its own kind; None without PV.
    """

    states: tuple[StateCarbon, StateCarbon, StateCarbon]
    lines: CarbonLines
    measures_lines: CarbonLines
    pv_lines: CarbonLines
    lifetime: LifetimeAvoided | None
    pv_life_cycle: PVLifeCycle | None
    diesel: DieselDisplaced | None
    diesel_measures: DieselDisplaced | None
    change: Scope2Change | None
    water: WaterBand | None
    purchase: OnSitePurchase | None
    plausibility: Plausibility
    record: VerifyPack | None
    findings: tuple[Finding, ...]
    hourly_match: HourlyMatch | None = None
