"""What a study is: one frozen object that holds everything the report and the workbook show."""

from dataclasses import dataclass
from typing import Final, Literal

from mine_energy.arrays import TimeSeries
from mine_energy.audit import AuditResult
from mine_energy.catalog import Source
from mine_energy.emissions import AvoidedEmissions, Footprint, FuelEmissions, Scope2Result
from mine_energy.errors import Finding
from mine_energy.finance import FinanceResult, MoneyPlan
from mine_energy.loads import Baseline, BillComparison, DemandRange, FuelEnergy, LBEn, LoadAnalysis, PowerQuality
from mine_energy.motors import MotorInventory
from mine_energy.pv import (
    AreaResult,
    Connection,
    Orientation,
    Performance,
    StringDesign,
    UnitYield,
    Washing,
    YieldUncertainty,
)
from mine_energy.site import Site
from mine_energy.sizing import Coverage, PVDesign
from mine_energy.study.bills_result import Bills
from mine_energy.study.carbon_result import Carbon
from mine_energy.study.inputs import InputFile
from mine_energy.study.plan_result import StudyPlan
from mine_energy.study.shifting_result import Shifting
from mine_energy.study.sizing_result import Sizing
from mine_energy.tariffs import Bill
from mine_energy.weather import WeatherSummary

SCHEMA_VERSION: Final = "2"

StateKey = Literal["today", "after_measures", "after_pv"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Records:
    """What meters, bills, fuel and production show by themselves.

    Parameters
    ----------
    profile
        Of the year of load before measures.
    demand_range
        Where the peak may lie when only the motor list is known; None with a meter.
    bills
        Bill beside meter, one for each billing period that the meter covers.
    production
        Energy against production; None without a production log or common periods.
    lben
        Its record as an energy baseline (línea de base energética).
    fuel
        Energy from the genset's fuel; None without a fuel log.
    findings
        Of all of them.
    power_quality
        Voltage, distortion, unbalance, dips and currents by phase; None without such a record.
    """

    profile: LoadAnalysis
    demand_range: DemandRange | None
    bills: tuple[BillComparison, ...]
    production: Baseline | None
    fuel: FuelEnergy | None
    findings: tuple[Finding, ...]
    power_quality: PowerQuality | None = None
    lben: LBEn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSummary:
    """A load in a few figures; its series stand in the audit and, by the hour, in :class:`HourlyFlows`."""

    energy_kwh: float
    peak_kw: float
    mean_kw: float
    load_factor: float
    step_minutes: float
    origin: str
    label: str
    monthly_kwh: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solar:
    """The sun at the plant, what one kWp makes of it, and the strings, areas and connection of the array.

    ``strings``, ``areas`` and ``connection`` are None where no string of the module fits an inverter; findings say why.
    ``uncertainty`` is how sure the yield is: P50, P90, P99 and their components; ``performance`` has the figures of
    IEC 61724-1; ``orientation`` is the map over tilt and azimuth, None for several faces and for a tracker;
    ``washing`` compares schedules of washing, None where no course of dust is stated.
    """

    weather: WeatherSummary
    unit: UnitYield
    findings: tuple[Finding, ...]
    uncertainty: YieldUncertainty | None = None
    performance: Performance | None = None
    strings: StringDesign | None = None
    areas: AreaResult | None = None
    connection: Connection | None = None
    orientation: Orientation | None = None
    washing: Washing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Designs:
    """The array for the load after measures, and the one the load of today would need.

    ``pv_saved_kwp`` is their difference: what the measures make unnecessary.
    """

    after_measures: PVDesign
    before_measures: PVDesign
    pv_saved_kwp: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverages:
    """The goal, and all three meanings of "100 %" for the designs before and after the measures."""

    goal: str
    ratio: float
    after_measures: Coverage
    before_measures: Coverage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HourlyFlows:
    """Hourly means of the plant after measures and PV (and of today's load), kW.

    load_after = pv_used + import + genset + unserved, and pv = pv_used + export + curtailed, in every hour. Loads that
    wait for the sun stand in load_after where they run with PV.
    """

    load_before_kw: TimeSeries
    load_after_kw: TimeSeries
    pv_kw: TimeSeries
    pv_used_kw: TimeSeries
    export_kw: TimeSeries
    curtailed_kw: TimeSeries
    import_kw: TimeSeries
    genset_kw: TimeSeries
    unserved_kw: TimeSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The plant today, after measures, or after measures and PV; energies of the year.

    Parameters
    ----------
    key
        Which.
    load_kwh, import_kwh, genset_kwh, pv_kwh, pv_used_kwh, export_kwh, curtailed_kwh, unserved_kwh
        By flow; `import_kwh` is gross.
    peak_kw
        Highest mean power at the meter (or from the genset) in one step.
    bill
        Of the supply, in the tariff's currency.
    cost_per_year
        What the year's bills make one pay, in the study's currency.
    scope2
        Both methods.
    fuel
        Scope 1 of the genset's fuel; None with a grid.
    credit_left
        Credit after the last bill, in the study's currency: a claim on later ones, no money of the year.
    """

    key: StateKey
    load_kwh: float
    import_kwh: float
    genset_kwh: float
    pv_kwh: float
    pv_used_kwh: float
    export_kwh: float
    curtailed_kwh: float
    unserved_kwh: float
    peak_kw: float
    bill: Bill
    cost_per_year: float
    scope2: Scope2Result
    fuel: FuelEmissions | None
    credit_left: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope2Comparison:
    """Scope 2 of the three states, and beside it, never added, what PV avoids elsewhere.

    Parameters
    ----------
    today, after_measures, after_pv
        Both methods each.
    location_cut_t_co2e, market_cut_t_co2e
        Today minus after PV.
    avoided_exports, avoided_project
        With a margin factor; None without a grid.
    footprint
        Share of Scope 2 in the whole, where the site says enough.
    """

    today: Scope2Result
    after_measures: Scope2Result
    after_pv: Scope2Result
    location_cut_t_co2e: float
    market_cut_t_co2e: float
    avoided_exports: AvoidedEmissions | None
    avoided_project: AvoidedEmissions | None
    footprint: Footprint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """The money of the measures, of PV, and of both, in the study's currency.

    ``measures`` is None where no measure applies. These three are real, before tax and loan; of a PV plant that
    somebody else owns they hold the saving and the payments. ``plan`` is the same in the money of each year: loan,
    taxes, contract, debt coverage, tornado, bands, saved PV. ``financed`` says whether the site file has a
    ``[financing]``; without it nothing there is borrowed or taxed, and ``findings`` say so.
    """

    currency: str
    exchange_rate_per_usd: float
    exchange_rate_source: str
    measures: FinanceResult | None
    pv: FinanceResult
    both: FinanceResult
    plan: MoneyPlan | None = None
    financed: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Study:
    """One plant, from its inputs to its report.

    Parameters
    ----------
    schema_version, mine_energy_version
        Of this document and of the program that wrote it.
    site, inputs
        What was given, and every file that was read with its hash.
    reconstructed
        Whether anything about the plant is reconstructed or assumed rather than measured.
    inventory
        The motor list as it was read; None without one.
    audit
        Machines, balance, savings, load before and after at its own step.
    records
        What meters, bills, fuel and production show by themselves.
    load_before, load_after
        In a few figures.
    solar, design, coverage
        The sun, the arrays, and the three meanings of "100 %".
    hourly
        Flows by the hour.
    states
        Today, after measures, after measures and PV.
    scope2, finance
        Carbon and money.
    sizing
        Plants for the three meanings of "100 %" with their cost; None where it was not asked for.
    bills
        What stands beside the bills of the states: class step, options, reactive energy, the other country.
    carbon, plan
        What stands around Scope 2, with a verifier's record; the decarbonisation plan.
    shifting
        Loads that wait for the sun; None where the site names none.
    findings
        Everything a reader has to know, equal ones joined.
    sources
        Packaged tables that were used.
    """

    schema_version: str
    mine_energy_version: str
    site: Site
    inputs: tuple[InputFile, ...]
    reconstructed: bool
    inventory: MotorInventory | None
    audit: AuditResult
    records: Records
    load_before: LoadSummary
    load_after: LoadSummary
    solar: Solar
    design: Designs
    coverage: Coverages
    hourly: HourlyFlows
    states: tuple[State, State, State]
    scope2: Scope2Comparison
    finance: Finance
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    sizing: Sizing | None = None
    bills: Bills | None = None
    carbon: Carbon | None = None
    plan: StudyPlan | None = None
    shifting: Shifting | None = None
