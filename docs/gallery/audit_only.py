"""An energy audit alone: meter, bills, production and readings, and neither sun nor money of an array.

The plant is invented by ``scripts/build_example`` and says so; one machine is missing from its motor list on purpose.

Run it with ``python docs/gallery/audit_only.py`` (``en`` for English, ``--write`` to renew the pages' figures).
"""

from gallery import LANGUAGES, SITES, columns, tell

from mine_energy import read_inputs, run_audit
from mine_energy.audit import AuditResult
from mine_energy.errors import Language
from mine_energy.report import summary
from mine_energy.report.format import Writer

SITE = SITES / "ejemplo_medido" / "sitio.toml"
COUNTRY = "PE"


def audited() -> AuditResult:
    """Return the audit."""
    return run_audit(read_inputs(SITE))


def audit_lines(audit: AuditResult, language: Language) -> list[str]:
    """Return where the energy goes, what the meter says of it, and what each cause saves."""
    w, found = Writer(language=language, country=COUNTRY), audit.reconciliation
    meter = [
        [w.text("reconciliation.inventory"), w.estimate(found.inventory_kwh, "kWh")],
        [w.text("reconciliation.gap_share"), w.percent(found.gap_fraction)],
    ]
    tables = (
        summary.end_use_table(audit, language, COUNTRY),
        meter,
        summary.savings_table(audit, language, COUNTRY),
    )
    return [line for rows in tables for line in (*columns(rows), "")][:-1]


if __name__ == "__main__":
    audit = audited()
    tell("audit_only", [(language, audit_lines(audit, language)) for language in LANGUAGES])
