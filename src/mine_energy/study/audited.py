"""The audit of a plant's inputs, on the year of load that they give."""

from mine_energy.audit import AuditResult, audit
from mine_energy.study.baseline import baseline_load, evidence_of
from mine_energy.study.inputs import Inputs
from mine_energy.study.money import tariff_for


def run_audit(inputs: Inputs) -> AuditResult:
    """Return the audit of the inputs' inventory, on the year of load that they give."""
    return audit(
        inputs.site,
        inputs.inventory,
        baseline_load(inputs),
        year=inputs.site.emissions.activity_year,
        tariff=tariff_for(inputs.site, inputs.tariff),
        evidence=evidence_of(inputs),
    )
