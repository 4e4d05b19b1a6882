"""A cash flow taken apart: what is left of the first year's saving, upkeep, and everything else, in today's money.

The project's lines stand in the money of each year; taken back by inflation and escalation they are those of the real
cash flow. What they do not explain stays in the rest, so that the parts of a year always add up to its flow.
"""

from dataclasses import dataclass

from mine_energy.finance import FinanceResult, ProjectFinance
from mine_energy.site.financing import FinancingChoice
from mine_energy.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a result's real cash flow.

    Parameters
    ----------
    result
        Whose.
    savings, upkeeps
        Of years 0 to N, positive.
    """

    result: FinanceResult
    savings: tuple[float, ...]
    upkeeps: tuple[float, ...]

    @property
    def scope(self) -> str:
        """Name of the result."""
        return self.result.scope

    @property
    def capex(self) -> float:
        """Investment."""
        return self.result.capex

    @property
    def saving(self) -> float:
        """Saving of the first year."""
        return self.result.annual_saving

    @property
    def om(self) -> float:
        """Upkeep of the first year."""
        return self.result.om_per_year

    def flow(self, year: int) -> float:
        """Return the whole of a year; nothing after the last one."""
        return self.result.cash_flow[year] if year < len(self.result.cash_flow) else 0.0

    def share(self, year: int) -> float:
        """Return what a year's saving is of the first year's: modules fade, and lives end."""
        return self.savings[year] / self.saving if year < len(self.savings) and self.saving else 0.0

    def upkeep(self, year: int) -> float:
        """Return the upkeep of a year."""
        return self.upkeeps[year] if year < len(self.upkeeps) else 0.0

    def other(self, year: int) -> float:
        """Return replacements, payments and the final value of a year, income positive."""
        return self.flow(year) - self.saving * self.share(year) + self.upkeep(year)


def parts_of(study: Study, result: FinanceResult) -> Parts:
    """Return the parts of a result of a study; without the plan of its money, all but the investment is the rest."""
    plan, years = study.finance.plan, len(result.cash_flow)
    project = None if plan is None else {"measures": plan.measures, "pv": plan.pv}.get(result.scope)
    terms = study.site.financing or FinancingChoice()
    if project is None:
        return Parts(result=result, savings=(0.0,) * years, upkeeps=(0.0,) * years)
    return Parts(
        result=result,
        savings=_real(project, "saving", terms.energy_escalation_real, years),
        upkeeps=tuple(-amount + 0.0 for amount in _real(project, "om", terms.om_escalation_real, years)),
    )


def _real(project: ProjectFinance, key: str, escalation: float, years: int) -> tuple[float, ...]:
    """Return a line in today's money, without the growth of its price beyond inflation."""
    amounts = next((line.amounts for line in project.lines if line.key == key), (0.0,) * years)
    growth = (1.0 + project.inflation) * (1.0 + escalation)
    return tuple(amount / growth**year for year, amount in enumerate(amounts))
