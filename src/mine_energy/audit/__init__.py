"""The energy audit: where the energy goes, what can be saved and by what, and the load that is left."""

from mine_energy.audit.result import (
    AuditResult,
    CauseSaving,
    DataGap,
    Decision,
    EndUse,
    MachineResult,
    Option,
    Reconciliation,
    SupplyStep,
    VerificationPlan,
)
from mine_energy.audit.run import audit

__all__ = [
    "AuditResult",
    "CauseSaving",
    "DataGap",
    "Decision",
    "EndUse",
    "MachineResult",
    "Option",
    "Reconciliation",
    "SupplyStep",
    "VerificationPlan",
    "audit",
]
