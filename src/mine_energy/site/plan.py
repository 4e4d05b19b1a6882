"""``[plan]``: a decarbonisation plan beyond the measures of the study, and what was published about it."""

from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.base import Fraction, NonNegative, Positive, Section


class SliceChoice(Section):
    """``[[plan.slice]]``: a part of the base year's emissions besides the plant's electricity and diesel."""

    key: Annotated[str, Field(min_length=1)]
    """Name."""
    scope: Annotated[int, Field(ge=1, le=3)]
    """1, 2 or 3."""
    t_co2e: NonNegative
    """Of the base year."""


class PlanMeasureChoice(Section):
    """``[[plan.measure]]``: one thing to do."""

    key: Annotated[str, Field(min_length=1)]
    """Unique name."""
    label: str = ""
    """Words for people."""
    kind: Literal["reduction", "removal", "certificate"] = "reduction"
    """Reduction of a slice; removal (trees, soil); certificate."""
    slice: str = ""
    """Slice it acts on: ``electricity``, ``diesel`` or one of ``[[plan.slice]]``."""
    low: NonNegative
    """Low cut at full effect."""
    likely: NonNegative
    """Likely cut."""
    high: NonNegative
    """High cut."""
    unit: Literal["fraction", "kwh", "t_co2e"] = "fraction"
    """Of what is left of the slice, or kWh or t CO2e a year."""
    start_month: Annotated[int, Field(ge=0, le=1200)] = 0
    """Month of the decision, counted from the plan's first."""
    starts_after: str = ""
    """Measure that has to work before."""
    lead_months: NonNegative = 0.0
    """From the decision until it works: permits, delivery."""
    ramp_months: NonNegative = 0.0
    """From then until its full effect."""
    life_years: Annotated[float, Field(gt=0, le=60)] = 10.0
    """Of its effect."""
    capex: NonNegative | None = None
    """In the currency of ``[finance]``."""
    opex_per_year: float = 0.0
    """In the same currency."""
    saving_per_year: float | None = None
    """Money it brings in a year at full effect; the price of the energy saved when absent."""
    payer: str = ""
    """Who pays."""
    from_budget: bool = True
    """Whether the plan's budget pays."""
    evidence: str = ""
    """Document or study behind the cut."""


class TimingChoice(Section):
    """``[[plan.timing]]``: when a measure of the study itself is done, and who pays; assumed where it is left out."""

    key: Annotated[str, Field(min_length=1)]
    """``pv``, or a family of savings as the audit names it: ``replacement``, ``lighting``, ``leaks`` ..."""
    start_month: Annotated[int, Field(ge=0, le=1200)] | None = None
    """Month of the decision, counted from the plan's first; the first when absent."""
    starts_after: str = ""
    """Measure that has to work before."""
    lead_months: NonNegative | None = None
    """From the decision until it works: permits, delivery. An assumption when absent."""
    ramp_months: NonNegative = 0.0
    """From then until its full effect."""
    payer: str = ""
    """Who pays."""
    from_budget: bool = True
    """Whether the plan's budget pays."""


class OffsetChoice(Section):
    """``[[plan.offset]]``: a removal as it was published, to be held against the plant's own figures."""

    name: Annotated[str, Field(min_length=1)]
    """What it is."""
    t_co2e_per_year: NonNegative
    """Stated uptake."""
    trees: Annotated[int, Field(gt=0)] | None = None
    """Number of trees."""
    share_low: Fraction | None = None
    """Low end of the share of all emissions that it is said to offset."""
    share_high: Fraction | None = None
    """High end."""
    years_to_full: NonNegative | None = None
    """Years until the stated uptake."""
    credited_after_years: NonNegative | None = None
    """Years after which it is first counted."""


class PublishedCut(Section):
    """``[[plan.published_cut]]``: a range of cuts as it was published."""

    name: Annotated[str, Field(min_length=1)]
    """Strategy."""
    low: Fraction
    """Low end."""
    high: Fraction
    """High end."""


class PublishedReduction(Section):
    """``[[plan.published_reduction]]``: part of a published total reduction."""

    name: Annotated[str, Field(min_length=1)]
    """Which part."""
    t_co2e: NonNegative
    """A year."""


class PlanChoice(Section):
    """``[plan]``: the years, what else is done, and what was published."""

    first_year: Annotated[int, Field(ge=2000, le=2100)]
    """Its month 0 is January."""
    last_year: Annotated[int, Field(ge=2000, le=2100)]
    """Up to which its effects are shown."""
    years: Positive | None = None
    """Within which it is to be carried out; ``[project] plan_years`` when absent."""
    boundary: str = ""
    """What is covered, in words; the plant when empty."""
    budget_by_year: tuple[NonNegative, ...] = ()
    """Amounts of the plan's years, in the currency of ``[finance]``."""
    total_t_co2e: NonNegative | None = None
    """A total published elsewhere, to hold against the slices."""
    slice: tuple[SliceChoice, ...] = ()
    """Slices."""
    measure: tuple[PlanMeasureChoice, ...] = ()
    """Measures besides those of the study."""
    payer: str = ""
    """Who pays for the study's own measures that ``[[plan.timing]]`` does not name."""
    timing: tuple[TimingChoice, ...] = ()
    """Timing and payer of the study's own measures."""
    offset: tuple[OffsetChoice, ...] = ()
    """Published removals."""
    published_cut: tuple[PublishedCut, ...] = ()
    """Published ranges of cuts."""
    published_total_t_co2e: NonNegative | None = None
    """Published total reduction of a year."""
    published_reduction: tuple[PublishedReduction, ...] = ()
    """Its published parts."""
    waste_t_per_year: Positive | None = None
    """Organic waste composted, wet tonnes a year."""
    waste_cut_t_co2e: NonNegative | None = None
    """Reduction published for it."""
    electricity_cut_share: Fraction | None = None
    """Share of the whole footprint that cleaner electricity is said to remove; one for "carbon neutral by PV"."""
