"""Money over time: yardsticks as pure functions, defaults on show, investments as streams that add.

:func:`investment` is the real money of a decision before tax; :func:`project_finance` the nominal money of its
owner and lender; :func:`money_plan` both, for measures, PV and the two together.
Equations and sources: ``docs/methods/money.md``.
"""

from mine_energy.finance.assumptions import Assumption, packaged
from mine_energy.finance.coverage import DebtCoverage, YieldCases, debt_coverage, interannual_sd_of, yield_cases
from mine_energy.finance.financed import ProjectFinance, Return, Shock, project_finance
from mine_energy.finance.formulas import (
    abatement_cost,
    abatement_cost_undiscounted_tonnes,
    cost_of_conserved_energy,
    crf,
    discounted_payback,
    irr,
    lcoe,
    mirr,
    nominal_rate,
    npv,
    payback,
    periodic_rate,
    real_rate,
    sign_changes,
    simple_payback,
)
from mine_energy.finance.loan import LoanSchedule, LoanYear, effective_rate, loan_schedule
from mine_energy.finance.owner import Ppa, owner_return, ppa
from mine_energy.finance.project import Case, CashLine, CashTable, Project, cash_table, frame_of
from mine_energy.finance.rates import Rates, rates_of
from mine_energy.finance.replacements import EngineUpkeep, engine_costs, engine_savings, packaged_upkeep, repeated
from mine_energy.finance.results import FinanceResult, PresentValue, investment
from mine_energy.finance.risk import Draws, MoneyBand, MoneyRisk, money_at_risk
from mine_energy.finance.saved_plant import SavedPv, saved_pv
from mine_energy.finance.sources_uses import MoneyLine, SourcesUses, sources_and_uses
from mine_energy.finance.storage import Part, with_battery, with_part
from mine_energy.finance.stream import CapexLine, EndOfLife, Replacement, Stream, YearlyLine
from mine_energy.finance.streams import (
    MeasurePurchase,
    MotorPurchase,
    end_of_life,
    measure_streams,
    motor_life,
    motor_streams,
    pv_stream,
)
from mine_energy.finance.tax import Benefit, TaxBase, TaxResult, benefits, depreciation, income_tax
from mine_energy.finance.tax_terms import TaxTerms, tax_terms
from mine_energy.finance.tornado import MoneyBar, Swing, default_swings, money_tornado
from mine_energy.finance.vat import VatLine, VatResult, vat_of
from mine_energy.finance.whole import MoneyInputs, MoneyPlan, money_plan

__all__ = [
    "Assumption",
    "Benefit",
    "CapexLine",
    "Case",
    "CashLine",
    "CashTable",
    "DebtCoverage",
    "Draws",
    "EndOfLife",
    "EngineUpkeep",
    "FinanceResult",
    "LoanSchedule",
    "LoanYear",
    "MeasurePurchase",
    "MoneyBand",
    "MoneyBar",
    "MoneyInputs",
    "MoneyLine",
    "MoneyPlan",
    "MoneyRisk",
    "MotorPurchase",
    "Part",
    "Ppa",
    "PresentValue",
    "Project",
    "ProjectFinance",
    "Rates",
    "Replacement",
    "Return",
    "SavedPv",
    "Shock",
    "SourcesUses",
    "Stream",
    "Swing",
    "TaxBase",
    "TaxResult",
    "TaxTerms",
    "VatLine",
    "VatResult",
    "YearlyLine",
    "YieldCases",
    "abatement_cost",
    "abatement_cost_undiscounted_tonnes",
    "benefits",
    "cash_table",
    "cost_of_conserved_energy",
    "crf",
    "debt_coverage",
    "default_swings",
    "depreciation",
    "discounted_payback",
    "effective_rate",
    "end_of_life",
    "engine_costs",
    "engine_savings",
    "frame_of",
    "income_tax",
    "interannual_sd_of",
    "investment",
    "irr",
    "lcoe",
    "loan_schedule",
    "measure_streams",
    "mirr",
    "money_at_risk",
    "money_plan",
    "money_tornado",
    "motor_life",
    "motor_streams",
    "nominal_rate",
    "npv",
    "owner_return",
    "packaged",
    "packaged_upkeep",
    "payback",
    "periodic_rate",
    "ppa",
    "project_finance",
    "pv_stream",
    "rates_of",
    "real_rate",
    "repeated",
    "saved_pv",
    "sign_changes",
    "simple_payback",
    "sources_and_uses",
    "tax_terms",
    "vat_of",
    "with_battery",
    "with_part",
    "yield_cases",
]
