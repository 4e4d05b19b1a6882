"""What changed between two studies: what was given, what it was priced and counted with, and what came out."""

from mine_energy.report.compare.changes import Change, changes, changes_document, main_changes
from mine_energy.report.compare.facts import GROUPS, Fact, Group, Section, Value

__all__ = ["GROUPS", "Change", "Fact", "Group", "Section", "Value", "changes", "changes_document", "main_changes"]
