"""Inventory and meters brought to agreement.

Each machine's energy is its input power times its hours; both are known within bands. Readings (a main meter by
month, the night base, the peak, a sub-meter, a spot reading) are weighted sums of such energies, powers or hours.
The fit moves powers and hours within their bands until the parts add to the whole, says how far each had to move,
what no machine accounts for, and which splits the readings cannot tell apart. Equations and sources:
``docs/methods/uncertainty.md``.
"""

from collections.abc import Sequence
from math import exp, isfinite, log, sqrt

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.uncertainty.bands import Z_P90, Array, Band
from mine_energy.uncertainty.fit import Prior, State, best_fit, predict, prior_of, readings_of, state_at
from mine_energy.uncertainty.judge import Verdict, indistinct_groups, judge, next_readings
from mine_energy.uncertainty.parts import (
    Observation,
    ObservationResult,
    Part,
    PartResult,
    PriorRules,
    ProcessResult,
    Reconciliation,
    Shape,
)
from mine_energy.uncertainty.posterior import Posterior, posterior_of
from mine_energy.uncertainty.reconcile_findings import findings_of


def reconcile(
    parts: Sequence[Part], observations: Sequence[Observation], rules: PriorRules | None = None
) -> Reconciliation:
    """Return the inventory after the readings, with bands and findings.

    Parameters
    ----------
    parts
        Machines; at least one.
    observations
        Readings; none leaves the inventory as it is.
    rules
        How errors hang together; None takes the defaults of :class:`PriorRules`.

    Returns
    -------
    Reconciliation

    Raises
    ------
    InputError
        A tag or name twice, a weight on an unknown tag, a number out of range, or standby units of one group whose
        hours have different bands.
    """
    return adjust(parts, observations, rules)[0]


def adjust(
    parts: Sequence[Part], observations: Sequence[Observation], rules: PriorRules | None = None
) -> tuple[Reconciliation, Posterior]:
    """Return what :func:`reconcile` returns, and the posterior behind it for draws.

    Parameters and errors as there.
    """
    rules = rules or PriorRules()
    _check(parts, observations, rules)
    prior, readings = prior_of(parts, rules), readings_of(parts, observations, rules)
    fit = best_fit(prior, readings, parts)
    verdict = judge(parts, observations, prior, readings, fit, rules)
    before, after = state_at(prior, np.zeros_like(fit.errors)), state_at(prior, fit.errors)
    covariances = _energies(before, prior.covariance), _energies(after, fit.covariance) * verdict.widening**2
    every = np.ones(len(parts), dtype=bool)
    result = Reconciliation(
        parts=_part_results(parts, prior, (before, after), covariances),
        processes=_process_results(parts, prior.shape, (before, after), covariances),
        plant_before_kwh=_band(before, covariances[0], every, prior.shape),
        plant_after_kwh=_band(after, covariances[1], every, prior.shape),
        observations=_observation_results(parts, observations, rules, (before, after), verdict),
        chi_square=fit.misfit,
        degrees=verdict.degrees,
        probability=verdict.probability,
        widening=verdict.widening,
        agreement=verdict.agreement,
        detectable_kwh=verdict.detectable_kwh,
        causes=verdict.causes,
        indistinct=indistinct_groups(parts, prior, fit),
        measure_next=next_readings(parts, prior, fit),
    )
    return findings_of(result, parts, fit, rules), posterior_of(prior, readings, fit, verdict.widening)


def _check(parts: Sequence[Part], observations: Sequence[Observation], rules: PriorRules) -> None:
    problems = [] if parts else [Problem(key="reconcile_no_parts", field="parts")]
    tags = [part.tag for part in parts]
    names = [one.name for one in observations]
    for kind, listed in (("tag", tags), ("name", names)):
        twice = dict.fromkeys(name for name in listed if listed.count(name) > 1)
        problems += [Problem(key="reconcile_twice", field=kind, value=name) for name in twice]
    for part in parts:
        problems += _part_problems(part)
    for one in observations:
        problems += _observation_problems(one, set(tags))
    problems += _standby_problems(parts) + _rule_problems(rules)
    if problems:
        raise InputError(problems)


def _part_problems(part: Part) -> list[Problem]:
    numbers = {"power_kw": part.power_kw, "power_sd": part.power_sd, "hours": part.hours, "hours_sd": part.hours_sd}
    wrong = {name: number for name, number in numbers.items() if not (isfinite(number) and number >= 0)}
    limits = {"power_limit_kw": (part.power_kw, part.power_limit_kw), "hours_limit": (part.hours, part.hours_limit)}
    found = [Problem(key="reconcile_number", field=f"{part.tag}.{name}", value=str(n)) for name, n in wrong.items()]
    for name, (base, limit) in limits.items():
        if limit is not None and not (isfinite(limit) and limit > 0 and base <= limit):
            found.append(Problem(key="reconcile_limit", field=f"{part.tag}.{name}", value=f"{base} {limit}"))
    return found


def _observation_problems(one: Observation, tags: set[str]) -> list[Problem]:
    found = [Problem(key="reconcile_unknown", field=one.name, value=tag) for tag in one.weights if tag not in tags]
    numbers = {
        "value": one.value,
        "open_weight": one.open_weight,
        **{f"weights.{t}": w for t, w in one.weights.items()},
    }
    for name, number in numbers.items():
        if not (isfinite(number) and number >= 0):
            found.append(Problem(key="reconcile_number", field=f"{one.name}.{name}", value=str(number)))
    if not (isfinite(one.sd) and one.sd > 0):
        found.append(Problem(key="reconcile_sd", field=f"{one.name}.sd", value=str(one.sd)))
    return found


def _standby_problems(parts: Sequence[Part]) -> list[Problem]:
    groups: dict[str, set[tuple[float, str]]] = {}
    for part in parts:
        if part.standby_group:
            groups.setdefault(part.standby_group, set()).add((part.hours_sd, part.driver))
    return [
        Problem(key="reconcile_standby", field="standby_group", value=name)
        for name, kinds in groups.items()
        if len(kinds) > 1
    ]


def _rule_problems(rules: PriorRules) -> list[Problem]:
    names = ("load_correlation", "driver_correlation", "instrument_correlation")
    shared = {name: float(getattr(rules, name)) for name in names}
    found = [
        Problem(key="uncertainty_correlation", field=name, value=str(value))
        for name, value in shared.items()
        if not 0 <= value <= 1
    ]
    if not (isfinite(rules.standby_split_sd) and rules.standby_split_sd >= 0):
        found.append(Problem(key="reconcile_number", field="standby_split_sd", value=str(rules.standby_split_sd)))
    if not 0 < rules.alarm <= 0.2:
        found.append(Problem(key="reconcile_alarm", field="alarm", value=str(rules.alarm)))
    return found


def _energies(state: State, covariance: Array) -> Array:
    """Return the covariance of the parts' energies, kWh^2, shape (n, n)."""
    return state.energy_slope @ covariance @ state.energy_slope.T


def _band(state: State, covariance: Array, member: "np.ndarray[tuple[int], np.dtype[np.bool_]]", shape: Shape) -> Band:
    """Return P10, P50 and P90 of a sum of parts: of its logarithm for the lognormal shape."""
    total = float(state.energy_kwh[member].sum())
    sd = sqrt(max(0.0, float(covariance[np.ix_(member, member)].sum())))
    if shape == "normal" or total <= 0:
        return Band(p10=total - Z_P90 * sd, p50=total, p90=total + Z_P90 * sd)
    factor = exp(Z_P90 * sd / total)
    return Band(p10=total / factor, p50=total, p90=total * factor)


def _part_results(
    parts: Sequence[Part], prior: Prior, states: tuple[State, State], covariances: tuple[Array, Array]
) -> tuple[PartResult, ...]:
    before, after = states
    power_sd, hours_sd = (
        np.sqrt(((slope @ prior.covariance) * slope).sum(axis=1)) for slope in (before.power_slope, before.hours_slope)
    )
    results = []
    for i, part in enumerate(parts):
        alone = np.arange(len(parts)) == i
        results.append(
            PartResult(
                tag=part.tag,
                process=part.process,
                power_before_kw=part.power_kw,
                power_after_kw=float(after.power_kw[i]),
                power_moved_sd=_moved(part.power_kw, float(after.power_kw[i]), float(power_sd[i]), prior.shape),
                hours_before=part.hours,
                hours_after=float(after.hours[i]),
                hours_moved_sd=_moved(part.hours, float(after.hours[i]), float(hours_sd[i]), prior.shape),
                energy_before_kwh=_band(before, covariances[0], alone, prior.shape),
                energy_after_kwh=_band(after, covariances[1], alone, prior.shape),
            )
        )
    return tuple(results)


def _moved(before: float, after: float, sd: float, shape: Shape) -> float:
    if sd <= 0 or before <= 0:
        return 0.0
    return (after - before) / sd if shape == "normal" else log(after / before) * before / sd


def _process_results(
    parts: Sequence[Part], shape: Shape, states: tuple[State, State], covariances: tuple[Array, Array]
) -> tuple[ProcessResult, ...]:
    results = []
    for name in dict.fromkeys(part.process for part in parts):
        member = np.array([part.process == name for part in parts])
        before, after = (_band(s, c, member, shape) for s, c in zip(states, covariances, strict=True))
        results.append(ProcessResult(process=name, before_kwh=before, after_kwh=after))
    return tuple(results)


def _observation_results(
    parts: Sequence[Part],
    observations: Sequence[Observation],
    rules: PriorRules,
    states: tuple[State, State],
    verdict: Verdict,
) -> tuple[ObservationResult, ...]:
    readings = readings_of(parts, observations, rules)
    before, after = (predict(readings, state)[0] for state in states)
    return tuple(
        ObservationResult(
            name=one.name,
            kind=one.kind,
            value=one.value,
            sd=one.sd,
            expected_before=float(before[k] * one.sd),
            expected_after=float(after[k] * one.sd),
            gap_sd=verdict.gaps_sd[k],
            residual_sd=float(one.value / one.sd - after[k]),
        )
        for k, one in enumerate(observations)
    )
