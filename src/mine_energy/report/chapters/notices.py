"""Findings as sentences for people: names in place of keys, each of them once, with what it is about."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mine_energy.errors import Finding
from mine_energy.report.chapters.bills_step import one_sentence
from mine_energy.report.chapters.roadmap_words import named
from mine_energy.report.figures import state_names
from mine_energy.report.format import Writer
from mine_energy.study import Study

Notice = tuple[str, str]
"""A sentence, and what it is about; the latter is empty where it is about the whole."""

_SAID_BETTER: Final = {"finance_over_budget": "plan_over_budget", "emissions_no_decline": "plan_no_decline"}
"""Findings that another one says in more words where both are there."""


def grouped(findings: Iterable[Finding], w: Writer) -> list[Notice]:
    """Return findings as sentences with the subjects they are about; equal sentences stand once."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        whole = w.finding(finding)
        sentence = whole.removeprefix(f"{finding.subject}: ") if finding.subject else whole
        subjects = found.setdefault(sentence, [])
        if finding.subject and finding.subject not in subjects:
            subjects.append(finding.subject)
    return [(sentence, ", ".join(w.subject(name) for name in subjects)) for sentence, subjects in found.items()]


def notices(study: Study, level: str, w: Writer) -> list[Notice]:
    """Return what a study has to say on one level: ``warning``, ``assumption`` or ``info``.

    Measures of the plan and states of the plant have their names, and a finding that another one says in more words is
    left out.
    """
    keys = {finding.key for finding in study.findings}
    kept = (
        _dressed(finding, study, w)
        for finding in study.findings
        if finding.level == level and _SAID_BETTER.get(finding.key) not in keys
    )
    return grouped(kept, w)


def _dressed(finding: Finding, study: Study, w: Writer) -> Finding:
    """Return a finding with the names of what it is about, and the bill's step with the sizes of its chapter."""
    if finding.key.startswith("plan_") and study.plan is not None:
        return named(finding, study.plan, w)
    if finding.key == "tariff_class_step" and study.bills is not None and study.bills.class_step is not None:
        return one_sentence(study.bills.class_step) or finding
    return finding if finding.subject else replace(finding, subject=_states(finding, study, w))


def _states(finding: Finding, study: Study, w: Writer) -> str:
    """Return the states whose bills alone say it; empty where all do, or none."""
    said = [finding in state.bill.findings for state in study.states]
    if all(said) or not any(said):
        return ""
    return w.join([name for name, here in zip(state_names(w), said, strict=True) if here])
