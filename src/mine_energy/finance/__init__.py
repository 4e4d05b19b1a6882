"""Money over time: yardsticks as pure functions, defaults on show, investments as streams that add."""

from mine_energy.finance.assumptions import Assumption, packaged
from mine_energy.finance.formulas import (
    abatement_cost,
    cost_of_conserved_energy,
    crf,
    discounted_payback,
    irr,
    lcoe,
    npv,
    real_rate,
    simple_payback,
)
from mine_energy.finance.results import (
    CapexLine,
    FinanceResult,
    PresentValue,
    Replacement,
    Stream,
    investment,
)
from mine_energy.finance.streams import (
    MeasurePurchase,
    MotorPurchase,
    measure_streams,
    motor_life,
    motor_streams,
    pv_stream,
)

__all__ = [
    "Assumption",
    "CapexLine",
    "FinanceResult",
    "MeasurePurchase",
    "MotorPurchase",
    "PresentValue",
    "Replacement",
    "Stream",
    "abatement_cost",
    "cost_of_conserved_energy",
    "crf",
    "discounted_payback",
    "investment",
    "irr",
    "lcoe",
    "measure_streams",
    "motor_life",
    "motor_streams",
    "npv",
    "packaged",
    "pv_stream",
    "real_rate",
    "simple_payback",
]
