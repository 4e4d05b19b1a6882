"""What sizing adds to a study: plants for each meaning of "100 %", and the chosen one in depth."""

from dataclasses import dataclass

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding
from mine_energy.site import Meaning
from mine_energy.sizing import FrontierPoint, Saved, SensitivityRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedPlant:
    """A plant in a mean weather year; energies in kWh, money in the study's currency.

    Parameters
    ----------
    pv_kwp, battery_kwh, battery_kw, genset_kw
        Sizes.
    annual_cost, investment
        A year with everything in it, and at the start.
    capital, om, fuel, imports, exports, unserved
        Parts of the annual cost; exports are a credit.
    load_kwh, pv_kwh, pv_used_kwh, discharge_kwh, export_kwh, curtailed_kwh, import_kwh, genset_kwh, unserved_kwh
        Flows.
    fuel_l, genset_hours, full_cycles
        Litres, running hours, full cycles of the battery.
    annual_net_ratio, self_sufficiency, lpsp_without_grid
        The three meanings.
    lpsp_p10, lpsp_p50, lpsp_p90
        Loss of power supply without the grid, not exceeded in so many of the weather years.
    """

    pv_kwp: float
    battery_kwh: float
    battery_kw: float
    genset_kw: float
    annual_cost: float
    investment: float
    capital: float
    om: float
    fuel: float
    imports: float
    exports: float
    unserved: float
    load_kwh: float
    pv_kwh: float
    pv_used_kwh: float
    discharge_kwh: float
    export_kwh: float
    curtailed_kwh: float
    import_kwh: float
    genset_kwh: float
    unserved_kwh: float
    fuel_l: float
    genset_hours: float
    full_cycles: float
    annual_net_ratio: float
    self_sufficiency: float
    lpsp_without_grid: float
    lpsp_p10: float
    lpsp_p50: float
    lpsp_p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningResult:
    """The cheapest plant of one meaning.

    Parameters
    ----------
    key, asked
        Meaning, and the share of the load that it asks for.
    years
        Weather years.
    plant
        Free sizes; None where no plant reaches it (`reason`).
    catalogue, modules, racks
        The plant in units that are sold; None without such units.
    lower_bound, gap, bound_by
        The proof; None and ``none`` where nothing is proven.
    above_free, above_bound
        What standard units cost more than the free sizes, and than the bound.
    reason
        Why there is no plant.
    before, saved
        The plant of the same meaning on today's load, and what the measures save of it.
    refused, starting
        Why the plant cannot be built as it is: it does not start one of the machines without the grid; and the least
        plant that starts it, where a larger battery does.
    """

    key: Meaning
    asked: float
    years: int
    plant: SizedPlant | None
    catalogue: SizedPlant | None = None
    modules: int = 0
    racks: int = 0
    lower_bound: float | None = None
    gap: float | None = None
    bound_by: str = "none"
    above_free: float | None = None
    above_bound: float | None = None
    reason: Finding | None = None
    before: SizedPlant | None = None
    saved: Saved | None = None
    refused: Finding | None = None
    starting: SizedPlant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OffGridTrust:
    """What the weather years say about the off-grid plant; batteries are None where no battery does."""

    lpsp_limit: float
    percentile: float
    years: int
    years_needed: int
    years_kept: int
    kept_low: float
    kept_high: float
    battery_p10_kwh: float | None
    battery_p50_kwh: float | None
    battery_p90_kwh: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapOfReliability:
    """LPSP kept in the share of years asked for, row by row: arrays down, batteries across."""

    pv_kwp: FloatArray
    battery_kwh: FloatArray
    lpsp: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WorstFortnight:
    """The worst fourteen days, hour by hour, kW; state of charge as a share of the usable energy."""

    weather_year: int
    first_hour: int
    missing_kwh: float
    load_kw: FloatArray
    pv_kw: FloatArray
    import_kw: FloatArray
    genset_kw: FloatArray
    unserved_kw: FloatArray
    soc: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryYears:
    """How long the battery lasts in the plant looked at."""

    life_years: float
    calendar_life_years: float
    cycle_life_years: float | None
    full_cycles_per_year: float
    fade_per_year: float
    replacement_years: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOfMachine:
    """The start of one machine on what feeds the plant without a grid."""

    tag: str
    method: str
    start_kva: float
    running_kw: float
    source: str
    available_kva: float
    enough_kva: float
    starts: bool
    soft_starter_kva: float | None
    vfd_kva: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeratedUnit:
    """What the place leaves of a machine's rating."""

    kind: str
    rated_kw: float
    site_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetResult:
    """The plant of least annual cost that a budget buys, measures already paid."""

    budget: float
    measures: float
    investment: float
    plant: SizedPlant


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sizing:
    """Sizing of a plant for the load after measures.

    Parameters
    ----------
    goal
        What the site file asks for.
    currency
        Of every amount.
    years, years_drawn
        Weather years of the off-grid meaning, and whether they are synthetic.
    base_case
        Today's plant on the load after measures.
    meanings
        In their order.
    detail
        Meaning whose plant is looked at in depth: the goal's, or the one with storage.
    fuel_saved_l
        Litres a year less than the base case, of the plant looked at.
    trust
        Of the off-grid plant.
    saved
        What the measures make unnecessary, for the goal.
    budget
        What the site's budget buys.
    frontier
        Cost against 1 - LPSP.
    reliability
        LPSP over arrays and batteries.
    fortnight
        The worst one.
    soc_hours
        Share of the year's hours in ten classes of the state of charge, from empty to full.
    battery_years, sensitivity, starts, derated
        Of the plant looked at; sensitivity that of the goal.
    findings
        What a reader has to know.
    """

    goal: Meaning
    currency: str
    years: int
    years_drawn: bool
    base_case: SizedPlant
    meanings: tuple[MeaningResult, ...]
    detail: Meaning
    fuel_saved_l: float
    trust: OffGridTrust | None
    saved: Saved | None
    budget: BudgetResult | None
    frontier: tuple[FrontierPoint, ...]
    reliability: MapOfReliability | None
    fortnight: WorstFortnight | None
    soc_hours: tuple[float, ...]
    battery_years: BatteryYears | None
    sensitivity: tuple[SensitivityRow, ...]
    starts: tuple[StartOfMachine, ...]
    derated: tuple[DeratedUnit, ...]
    findings: tuple[Finding, ...]

    def of(self, key: Meaning) -> MeaningResult:
        """Return the result of a meaning."""
        return next(one for one in self.meanings if one.key == key)
