"""What a decarbonisation plan is made of, and what comes out of it."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.emissions import Factor
from mine_energy.errors import Finding

MeasureClass = Literal["reduction", "removal", "certificate"]
CutUnit = Literal["fraction", "kwh", "t_co2e"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of the base year's emissions that measures act on: electricity, diesel, waste ...

    Parameters
    ----------
    key, scope
        Its name, and 1, 2 or 3.
    t_co2e
        Of the base year. Of bought electricity it is energy times the base factor and may be left at None.
    energy_kwh
        Bought electricity of the base year; None for every other slice. Its tonnes follow the grid's factor.
    price_per_kwh
        What a kWh less saves, in the plan's currency; None where nobody says.
    """

    key: str
    scope: int
    t_co2e: float | None = None
    energy_kwh: float | None = None
    price_per_kwh: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What a measure takes, low, likely and high, at full effect.

    Parameters
    ----------
    low, likely, high
        In order.
    unit
        ``fraction`` of what the earlier measures left of the slice, or a year's ``kwh`` or ``t_co2e``, at most what is
        left.
    """

    low: float
    likely: float
    high: float
    unit: CutUnit = "fraction"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMeasure:
    """One thing to do.

    Parameters
    ----------
    key, label
        Unique name, and words for people.
    slice
        Which slice it acts on; for a removal its name stands free.
    cut
        At full effect.
    kind
        ``reduction`` of a slice; ``removal`` (trees, soil) and ``certificate`` are classes of their own and never
        lower the location-based figure.
    start_month, starts_after
        Month of the decision, counted from the plan's first, and the measure that has to be working before.
    lead_months, ramp_months
        From the decision until it works (permits, delivery), and from then until its full effect.
    life_years
        Of its effect, from when it works.
    capex, opex_per_year
        In the plan's currency; capex is None where nobody gave a price.
    saving_per_year
        Money it brings in a year at full effect, likely; None takes the slice's price of energy.
    payer, from_budget
        Who pays, and whether the plan's budget does.
    evidence
        Document or study behind the cut; empty where there is none.
    """

    key: str
    slice: str
    cut: Cut
    label: str = ""
    kind: MeasureClass = "reduction"
    start_month: int = 0
    starts_after: str = ""
    lead_months: float = 0.0
    ramp_months: float = 0.0
    life_years: float = 1.0
    capex: float | None = None
    opex_per_year: float = 0.0
    saving_per_year: float | None = None
    payer: str = ""
    from_budget: bool = True
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBase:
    """Base year, boundary and the factor's path.

    Parameters
    ----------
    base_year, boundary
        Year, and what is covered, in words.
    slices
        Of the base year.
    factor
        Grid average of the base year; None where nothing is bought.
    low_factor, high_factor
        Wet and dry year; None where fewer than two years are published.
    decline, decline_source
        Yearly fall of the factor from the base year as the user states it, and why.
    stated_total_t_co2e
        A total published elsewhere, to hold against the slices; None where there is none.
    """

    base_year: int
    boundary: str
    slices: tuple[Slice, ...]
    factor: Factor | None = None
    low_factor: Factor | None = None
    high_factor: Factor | None = None
    decline: float = 0.0
    decline_source: str = ""
    stated_total_t_co2e: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMoney:
    """The plan's money.

    Parameters
    ----------
    currency
        Of every amount.
    budget
        Total; None without one.
    budget_by_year
        Amounts of the plan's years, January first year first; empty where only the total is known.
    discount_rate
        Real, fraction a year, for real flows.
    """

    currency: str
    discount_rate: float
    budget: float | None = None
    budget_by_year: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSpan:
    """Years of the plan.

    Parameters
    ----------
    first_year
        Its month 0 is January.
    plan_years
        Within which it is to be carried out.
    last_year
        Up to which its effects are shown.
    """

    first_year: int
    plan_years: float
    last_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A bar of the Gantt chart; months from the plan's first.

    ``online_month`` is when it works, ``full_month`` when it has its full effect, ``end_month`` when that ends.
    """

    key: str
    start_month: float
    online_month: float
    full_month: float
    end_month: float
    capex: float | None
    in_plan: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wedge:
    """What one measure takes in one year, on what the earlier ones left.

    Parameters
    ----------
    key, year
        Which and when.
    t_co2e, low_t_co2e, high_t_co2e
        With its likely, low and high cut (the others alike), at the central factor.
    wet_t_co2e, dry_t_co2e
        With its likely cut and the factor of a wet and of a dry year.
    energy_kwh
        Bought electricity that it saves or covers; zero for other slices.
    """

    key: str
    year: int
    t_co2e: float
    low_t_co2e: float
    high_t_co2e: float
    wet_t_co2e: float
    dry_t_co2e: float
    energy_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanYear:
    """One year of the plan; location = base + factor effect - wedges, in every year.

    Parameters
    ----------
    year
        Calendar year.
    base_t_co2e
        Emissions of the base year, all slices.
    factor_effect_t_co2e, factor_low_t_co2e, factor_high_t_co2e
        What the grid's factor adds or takes without any measure: central, wet and dry.
    wedges_t_co2e
        Sum of the reductions.
    location_t_co2e, low_t_co2e, high_t_co2e
        What is left: likely; with high cuts in a wet year; with low cuts in a dry one.
    market_t_co2e
        The same with certificates, market-based.
    removals_t_co2e
        Beside it, never subtracted.
    capex, capex_of_budget, opex, saving, cash
        Of the year; cash = saving - capex - opex.
    budget, over_budget
        The year's budget, and what the budget's capex exceeds it by; None without a yearly budget.
    opex_of_budget
        Running costs of the measures that the budget pays for; `over_budget` leaves them out.
    """

    year: int
    base_t_co2e: float
    factor_effect_t_co2e: float
    factor_low_t_co2e: float
    factor_high_t_co2e: float
    wedges_t_co2e: float
    location_t_co2e: float
    low_t_co2e: float
    high_t_co2e: float
    market_t_co2e: float
    removals_t_co2e: float
    capex: float
    capex_of_budget: float
    opex: float
    saving: float
    cash: float
    budget: float | None
    over_budget: float | None
    opex_of_budget: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveBlock:
    """A block of the abatement-cost curve.

    Parameters
    ----------
    key, rank
        Measure, and its place: those that earn money first, by net present value; then by cost per tonne; then those
        without a price.
    npv, t_co2e_per_year, cost_per_t
        Over its life from the decision; mean tonnes of its life; cost = -NPV x CRF / mean tonnes. None without price
        or tonnes.
    """

    key: str
    rank: int
    npv: float | None
    t_co2e_per_year: float
    cost_per_t: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerRow:
    """What one payer pays; measures without a price are counted in `unpriced`."""

    payer: str
    measures: tuple[str, ...]
    capex: float
    opex_per_year: float
    unpriced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapexStep:
    """Cumulative capex at a decision: of everybody, and of the budget."""

    month: float
    key: str
    capex: float
    cumulative: float
    cumulative_of_budget: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A decarbonisation plan.

    Parameters
    ----------
    base, money, span
        As given, with the tonnes of every slice filled in.
    measures
        In order of implementation.
    tasks, capex_steps
        Gantt chart and cumulative capex.
    wedges
        Of reductions, by year and in order of implementation.
    certificates, removals
        The classes of their own, as wedges of their own.
    years
        From the first to the last year.
    curve
        Abatement-cost curve of the reductions.
    payers
        Who pays.
    doubts
        What does not add up.
    findings
        What a reader has to know besides.
    """

    base: PlanBase
    money: PlanMoney
    span: PlanSpan
    measures: tuple[PlanMeasure, ...]
    tasks: tuple[Task, ...]
    capex_steps: tuple[CapexStep, ...]
    wedges: tuple[Wedge, ...]
    certificates: tuple[Wedge, ...]
    removals: tuple[Wedge, ...]
    years: tuple[PlanYear, ...]
    curve: tuple[CurveBlock, ...]
    payers: tuple[PayerRow, ...]
    doubts: tuple[Finding, ...]
    findings: tuple[Finding, ...]
