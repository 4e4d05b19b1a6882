"""The decarbonisation plan of a study: its own savings and PV, and what the site lists besides."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.emissions.avoided import Claim
from mine_energy.errors import Finding
from mine_energy.plan import Plan

PlanOrigin = Literal["measure", "pv", "site"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSource:
    """Where a measure of the plan comes from.

    Parameters
    ----------
    key
        Of the measure in the plan.
    origin
        ``measure``: a family of savings of the audit; ``pv``: the array; ``site``: listed in ``[plan]``.
    measure
        Name of the family (a word of the vocabulary, as in the audit's table); empty for the others.
    tags
        Machines of the family.
    priced
        Whether somebody gave a price; the unpriced part of a family is a measure of its own.
    """

    key: str
    origin: PlanOrigin
    measure: str = ""
    tags: tuple[str, ...] = ()
    priced: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidedYear:
    """What the array avoids on the grid in one year: another kind of figure than the plan's, never subtracted from it.

    Parameters
    ----------
    year
        Calendar year.
    project_t_co2e, low_t_co2e, high_t_co2e
        Used and exported PV times the grid's margin: central, lowest, highest published one. Overlaps the wedge of the
        array, which counts the same kWh by the grid's average.
    exports_t_co2e
        The part of it that is exported, central margin.
    claim
        Whose it is.
    """

    year: int
    project_t_co2e: float
    low_t_co2e: float
    high_t_co2e: float
    exports_t_co2e: float
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPlan:
    """A plan with the sources of its measures.

    ``Plan.measures[].evidence`` is ``study`` for what this study computed; ``payer`` is ``third_party`` for an array
    that somebody else owns. Slices are ``electricity`` (bought), ``diesel``, ``scope1`` and ``scope3`` (what the site
    states of the rest), and those of the site.

    Parameters
    ----------
    plan
        Wedges, tasks, curve, payers, doubts.
    sources
        One for each measure, in the plan's order.
    stated
        Whether the site file has a ``[plan]``; without it the years are assumed.
    findings
        What was assumed: years, lead times, slices from published shares.
    avoided
        By the array on the grid, by year; empty without a grid or an array.
    """

    plan: Plan
    sources: tuple[PlanSource, ...]
    stated: bool
    findings: tuple[Finding, ...]
    avoided: tuple[AvoidedYear, ...] = ()

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """What a reader of the study has to know: assumptions, and the doubts where somebody wrote a plan."""
        return (*self.findings, *self.plan.findings, *(self.plan.doubts if self.stated else ()))
