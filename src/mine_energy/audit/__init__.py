"""The energy audit: where the energy goes, what can be saved and by what, and the load that is left."""

from mine_energy.audit.result import AuditResult, CauseSaving, EndUse, MachineResult, Reconciliation
from mine_energy.audit.run import audit

__all__ = ["AuditResult", "CauseSaving", "EndUse", "MachineResult", "Reconciliation", "audit"]
