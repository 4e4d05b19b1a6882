"""How a saving will be measured afterwards: the IPMVP option, instrument, points, days and expected uncertainty.

Option C (the main meter) is planned only where the expected saving exceeds twice the standard error of the baseline
over the reporting period; a motor that saves 3 % of itself is invisible there and is measured at its own terminals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final, Literal

from mine_energy.audit.parts import audit_assumption
from mine_energy.audit.result import VerificationPlan
from mine_energy.errors import Finding
from mine_energy.measures import Saving, measure_assumption
from mine_energy.motors.tables import assumption

_STANDARD_ERRORS: Final = 2.0
_QUANTILE_90: Final = 1.645
_LAST_BIT: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How the savings of one measure are measured at the machine."""

    option: Literal["A", "B"]
    instrument: str
    points: str
    days: int
    adjustment: str


_SPOT: Final = Method(option="A", instrument="power_analyser", points="motor_input", days=1, adjustment="none")
_LOGGED: Final = Method(option="B", instrument="power_logger", points="motor_input", days=14, adjustment="tonnes")
METHODS: Final[Mapping[str, Method]] = {
    "lighting": Method(option="A", instrument="power_analyser", points="circuit", days=1, adjustment="hours"),
    "leaks": Method(option="B", instrument="power_logger", points="compressor_and_pressure", days=14, adjustment="air"),
    "intake": Method(option="A", instrument="power_logger", points="compressor_and_air", days=7, adjustment="air"),
    "pressure": Method(
        option="B", instrument="power_logger", points="compressor_and_pressure", days=14, adjustment="air"
    ),
    "unloaded": Method(
        option="B", instrument="power_logger", points="compressor_and_pressure", days=14, adjustment="air"
    ),
    "pump": Method(option="B", instrument="power_logger", points="motor_and_flow", days=7, adjustment="volume"),
    "ventilation": Method(option="B", instrument="power_logger", points="motor_and_flow", days=28, adjustment="hours"),
    "idle": Method(option="B", instrument="power_logger", points="motor_input", days=28, adjustment="tonnes"),
    "drive": Method(option="B", instrument="power_logger", points="drive_and_flow", days=28, adjustment="volume"),
    "belt": Method(option="A", instrument="power_analyser", points="motor_and_speed", days=1, adjustment="hours"),
    "right_size": _LOGGED,
    "replacement": Method(
        option="A", instrument="power_analyser", points="motor_and_speed", days=1, adjustment="hours"
    ),
    "transformer": Method(
        option="A", instrument="power_analyser", points="transformer_primary", days=1, adjustment="none"
    ),
    "power_factor": Method(option="B", instrument="billing_meter", points="main_meter", days=30, adjustment="none"),
    "shift": Method(option="B", instrument="billing_meter", points="main_meter", days=30, adjustment="tonnes"),
}
"""At the machine: A where the power is steady and one reading before and after tells it, B where it wanders."""


def verification_plan(
    saving: Saving, machine_kwh_per_year: float, baseline_standard_error_kwh: float | None = None
) -> VerificationPlan:
    """Return how one saving will be verified.

    At the machine the days before are compared with as many days after (:func:`expected_uncertainty`), on as many days
    as reach the target and at least as many as the method asks. Where even the longest campaign misses the target the
    plan says so and promises what that campaign gives, never less. On the main meter the uncertainty is 1.645 standard
    errors over the saving.

    Parameters
    ----------
    saving
        One that applies.
    machine_kwh_per_year
        Energy of the machine before the measure (of the equipment, for a measure on the plant).
    baseline_standard_error_kwh
        Of the plant's energy-production baseline over the reporting period; None where there is no baseline.

    Returns
    -------
    VerificationPlan
    """
    expected = saving.energy_kwh_per_year
    if (
        baseline_standard_error_kwh is not None
        and saving.measure != "replacement"
        and expected > _STANDARD_ERRORS * baseline_standard_error_kwh > 0
    ):
        return _main_meter(saving, baseline_standard_error_kwh)
    method = METHODS.get(saving.measure, _SPOT)
    accuracy = (
        assumption("load_band_logged_kw").value / 2
        if method.option == "B"
        else measure_assumption("analyser_accuracy").value
    )
    hours = (
        measure_assumption("hours_band_logged").value if method.option == "A" and method.adjustment == "hours" else 0.0
    )
    share = expected / machine_kwh_per_year if machine_kwh_per_year > 0 else 0.0
    target = measure_assumption("verification_target").value
    needed = days_needed(share, accuracy, hours, target) if share > 0 else None
    most = round(measure_assumption("verification_most_days").value)
    days = max(method.days, min(needed or most, most)) if share > 0 else method.days
    uncertainty = expected_uncertainty(share, accuracy, hours, days) if share > 0 else None
    return VerificationPlan(
        tag=saving.tag,
        measure=saving.measure,
        option=method.option,
        reason=_why(saving, baseline_standard_error_kwh),
        instrument=method.instrument,
        points=method.points,
        accuracy=accuracy,
        days=days,
        adjustment=method.adjustment,
        saving_kwh_per_year=expected,
        uncertainty=uncertainty,
        target=target,
        days_needed=needed,
        reached=uncertainty is None or uncertainty <= target,
    )


def expected_uncertainty(share: float, accuracy: float, hours: float, days: int) -> float:
    """Return the half-width of the 90 % interval of a verified saving, as a share of it.

    ``u^2 = 2 ((1 - r) a^2 + d^2) / (n s^2) + r a^2 + h^2``: the accuracy a of one day's reading and the spread d of the
    machine's power from day to day, at the same duty, average over n days before and n days after; the part r of the
    error that all readings of one instrument share cancels in the difference but for its scale; the spread h of
    stipulated hours stays. s is the saving over the machine's energy (propagation of errors, JCGM 100:2008).

    Parameters
    ----------
    share
        Saving over the machine's energy, s, above zero.
    accuracy, hours
        a and h: half-widths of 90 % intervals, as shares.
    days
        Of measurement before, and as many after, n.
    """
    averaged, fixed = _parts(accuracy, hours)
    return sqrt(averaged / (days * share**2) + fixed)


def days_needed(share: float, accuracy: float, hours: float, target: float) -> int | None:
    """Return the fewest days before, and as many after, that reach a target; None where no number of days does.

    Parameters
    ----------
    share, accuracy, hours
        As :func:`expected_uncertainty`.
    target
        Half-width of the 90 % interval, as a share of the saving.
    """
    averaged, fixed = _parts(accuracy, hours)
    left = target**2 - fixed
    # A whole number of days must not become one more by the last bit of a quotient.
    return None if left <= 0 else max(1, ceil(averaged / (left * share**2) - _LAST_BIT))


def _parts(accuracy: float, hours: float) -> tuple[float, float]:
    """Return the variance of one day's difference, over the machine's energy, and what no number of days reduces."""
    shared = audit_assumption("instrument_correlation").value
    spread = measure_assumption("daily_power_spread").value
    return 2 * ((1 - shared) * accuracy**2 + spread**2), shared * accuracy**2 + hours**2


def _why(saving: Saving, error_kwh: float | None) -> Finding:
    if error_kwh is None:
        return Finding(key="verification_no_baseline")
    params = {"kwh": saving.energy_kwh_per_year, "limit": _STANDARD_ERRORS * error_kwh}
    if saving.energy_kwh_per_year > _STANDARD_ERRORS * error_kwh:
        return Finding(key="verification_motor", params=params)
    return Finding(key="verification_hidden", params=params)


def _main_meter(saving: Saving, error_kwh: float) -> VerificationPlan:
    params = {"kwh": saving.energy_kwh_per_year, "limit": _STANDARD_ERRORS * error_kwh}
    uncertainty = _QUANTILE_90 * error_kwh / saving.energy_kwh_per_year
    target = measure_assumption("verification_target").value
    return VerificationPlan(
        tag=saving.tag,
        measure=saving.measure,
        option="C",
        reason=Finding(key="verification_main_meter", params=params),
        instrument="billing_meter",
        points="main_meter",
        accuracy=0.0,
        days=365,
        adjustment="tonnes",
        saving_kwh_per_year=saving.energy_kwh_per_year,
        uncertainty=uncertainty,
        target=target,
        reached=uncertainty <= target,
    )


def verification_plans(
    savings: Sequence[Saving], energy_kwh: Mapping[str, float], baseline_standard_error_kwh: float | None = None
) -> tuple[VerificationPlan, ...]:
    """Return the plans of all savings that apply.

    Parameters
    ----------
    savings
        Of the audit.
    energy_kwh
        Of every machine in a year, by tag.
    baseline_standard_error_kwh
        As :func:`verification_plan`.
    """
    return tuple(
        verification_plan(s, energy_kwh.get(s.tag, s.energy_kwh_per_year), baseline_standard_error_kwh)
        for s in savings
        if s.decision == "apply"
    )
