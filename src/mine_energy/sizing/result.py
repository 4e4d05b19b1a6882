"""What a sizing gives: sizes, what the plant does in them, the three meanings, the proof, and what to know."""

from dataclasses import dataclass

from mine_energy.arrays import FloatArray
from mine_energy.errors import Finding
from mine_energy.sizing.goals import Goal
from mine_energy.sizing.percentiles import Quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Cost of a mean year, in the currency of the prices.

    Parameters
    ----------
    capital, om, fuel, imports, exports, unserved
        Annualised capital and replacements, with an overhaul that falls due; operation and maintenance; fuel; bought
        energy; credit for energy sold (positive); unserved energy at its value.
    total
        capital + om + fuel + imports - exports + unserved.
    investment
        Paid at the start.
    """

    capital: float
    om: float
    fuel: float
    imports: float
    exports: float
    unserved: float
    total: float
    investment: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Meanings:
    """The three meanings of "100 %" for one plant, whichever it was sized for.

    Parameters
    ----------
    annual_net_ratio
        PV energy available over load, mean of the weather years.
    delivered_net_ratio
        The same without what is curtailed.
    self_sufficiency
        1 - (imports + genset + unserved) / load, all by the step.
    lpsp
        Unserved over demanded energy of the plant as it stands, with its grid.
    lpsp_without_grid
        The same without its grid: PV, battery and genset alone. PV without battery and genset is taken to stand
        behind a grid-forming inverter.
    lpsp_years
        `lpsp_without_grid` of each weather year, in sequence.
    lpsp_quantiles
        Not exceeded in 10, 50 and 90 % of the weather years.
    """

    annual_net_ratio: float
    delivered_net_ratio: float
    self_sufficiency: float
    lpsp: float
    lpsp_without_grid: float
    lpsp_years: FloatArray
    lpsp_quantiles: Quantiles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlantYear:
    """A plant in a mean weather year: sizes, energies in kWh, fuel in litres, money, coverage.

    Parameters
    ----------
    pv_kwp, battery_kwh, battery_kw, genset_kw
        Sizes; battery energy is the nameplate's.
    load_kwh
        Demanded.
    pv_kwh, pv_used_kwh, export_kwh, curtailed_kwh
        Available from the array; to the load at once; to the grid; lost. What is left charged the battery.
    discharge_kwh, import_kwh, genset_kwh, unserved_kwh
        From battery, grid and set at the AC bus; and what nobody served.
    fuel_l
        Of the set.
    genset_hours, genset_starts
        Hours with a set running, and starts.
    lost_hours, longest_outage_hours
        Hours with load shed in a mean year; the longest run of them in all years.
    full_cycles
        Energy drawn from the cells over the usable energy.
    money, coverage
        Cost, and the three meanings of "100 %".
    """

    pv_kwp: float
    battery_kwh: float
    battery_kw: float
    genset_kw: float
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
    genset_starts: float
    lost_hours: float
    longest_outage_hours: float
    full_cycles: float
    money: Money
    coverage: Meanings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reliability:
    """What the weather years say about an off-grid size.

    Parameters
    ----------
    lpsp_limit, percentile
        As asked.
    years, years_needed, years_kept
        Weather years; how many had to keep the limit; how many do.
    kept_low, kept_high
        95 % interval of the chance that a year keeps it (Clopper-Pearson).
    battery_kwh
        Least battery, at the PV and power found, with which 10, 50 and 90 % of the years keep the limit; infinite
        where none does. None where a genset helps: its battery is not a question of reliability alone.
    battery_low_kwh, battery_high_kwh
        95 % interval of the battery at the percentile asked, by ranks; the upper end is None where it lies beyond the
        worst year seen.
    """

    lpsp_limit: float
    percentile: float
    years: int
    years_needed: int
    years_kept: int
    kept_low: float
    kept_high: float
    battery_kwh: Quantiles | None
    battery_low_kwh: float | None
    battery_high_kwh: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CatalogueChoice:
    """The plant in units that are sold.

    Parameters
    ----------
    plant
        Simulated again.
    modules, racks
        Counts.
    above_free
        Cost over that of the free sizes, less one: what standard units cost.
    above_bound
        Cost over the lower bound, less one; None without a bound.
    simulated
        Candidates simulated.
    exhaustive
        Whether they were all that the bounds allow.
    """

    plant: PlantYear
    modules: int
    racks: int
    above_free: float
    above_bound: float | None
    simulated: int
    exhaustive: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SizingResult:
    """Sizes that meet a goal at least cost, and all that should be read beside them.

    Parameters
    ----------
    goal
        What was asked.
    pv_kwp, battery_kwh, battery_kw, genset_kw
        Free sizes, with what is owned.
    annual_cost
        Of a mean weather year, simulated under the rule.
    lower_bound, gap
        No plant costs less than the bound; 1 - bound / cost. None where nothing is proven.
    bound_by
        ``closed_form``, ``branch_and_bound``, ``foresight`` (perfect foresight; the gap is then the value of knowing
        the weather, and what is not convex), ``lp`` (the same by the whole linear program) or ``none``.
    plant, base_case
        What the plant does; what today's plant, with what is owned alone, does.
    coverage
        Its three meanings: the plant's.
    reliability
        Off-grid goals only.
    catalogue
        None without a catalogue.
    findings
        What a reader has to know.
    """

    goal: Goal
    pv_kwp: float
    battery_kwh: float
    battery_kw: float
    genset_kw: float
    annual_cost: float
    lower_bound: float | None
    gap: float | None
    bound_by: str
    plant: PlantYear
    base_case: PlantYear
    coverage: Meanings
    reliability: Reliability | None
    catalogue: CatalogueChoice | None
    findings: tuple[Finding, ...]

    @property
    def fuel_saved_l(self) -> float:
        """Litres a year less than today's plant burns."""
        return self.base_case.fuel_l - self.plant.fuel_l

    @property
    def annual_saving(self) -> float:
        """Money a year less than today's plant costs, capital included."""
        return self.base_case.money.total - self.plant.money.total
