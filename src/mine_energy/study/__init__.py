"""The diagram of the architecture, as code: from inputs to one frozen study."""

from mine_energy.study.audited import run_audit
from mine_energy.study.inputs import InputFile, Inputs
from mine_energy.study.result import (
    SCHEMA_VERSION,
    Coverages,
    Designs,
    Finance,
    HourlyFlows,
    LoadSummary,
    Records,
    Scope2Comparison,
    Solar,
    State,
    Study,
)
from mine_energy.study.run import STATIONS, run_study
from mine_energy.study.sizing_result import Sizing
from mine_energy.study.sizing_run import run_sizing_only
from mine_energy.study.sun import run_solar

__all__ = [
    "SCHEMA_VERSION",
    "STATIONS",
    "Coverages",
    "Designs",
    "Finance",
    "HourlyFlows",
    "InputFile",
    "Inputs",
    "LoadSummary",
    "Records",
    "Scope2Comparison",
    "Sizing",
    "Solar",
    "State",
    "Study",
    "run_audit",
    "run_sizing_only",
    "run_solar",
    "run_study",
]
