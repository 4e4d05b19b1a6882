"""The energy audit: where the energy goes, what can be saved and by what, and the load that is left."""

from mine_energy.audit.adjustment import Evidence, PeriodCheck, ReconciledUse, ReconciledUses
from mine_energy.audit.measurement_plan import Instrument, MeasurementStep
from mine_energy.audit.model import EnergyPrice
from mine_energy.audit.observations import MeterReading
from mine_energy.audit.result import (
    AuditResult,
    CauseSaving,
    DataGap,
    Decision,
    MachineResult,
    Option,
    Reconciliation,
    SupplyStep,
    VerificationPlan,
)
from mine_energy.audit.run import audit
from mine_energy.audit.uncertainty_result import (
    AuditMoney,
    AuditUncertainty,
    EnergyBand,
    Influence,
    MoneyBand,
    PaybackBand,
    SavingBand,
)
from mine_energy.audit.uses import EndUse, NetworkLoss

__all__ = [
    "AuditMoney",
    "AuditResult",
    "AuditUncertainty",
    "CauseSaving",
    "DataGap",
    "Decision",
    "EndUse",
    "EnergyBand",
    "EnergyPrice",
    "Evidence",
    "Influence",
    "Instrument",
    "MachineResult",
    "MeasurementStep",
    "MeterReading",
    "MoneyBand",
    "NetworkLoss",
    "Option",
    "PaybackBand",
    "PeriodCheck",
    "ReconciledUse",
    "ReconciledUses",
    "Reconciliation",
    "SavingBand",
    "SupplyStep",
    "VerificationPlan",
    "audit",
]
