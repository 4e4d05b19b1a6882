"""Reconciliation on simulated plants: how close, how well covered, and whether wrong inventories are noticed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from mine_energy.uncertainty import Observation, Part, PriorRules, Reconciliation, reconcile
from uncertainty_plants import Plant, simulated, tell

BIG = ("grinding", "air")
Case = tuple[Plant, tuple[Part, ...], tuple[Observation, ...]]


def errors(plant: Plant, result: Reconciliation) -> tuple[np.ndarray, np.ndarray]:
    """Return the errors of kWh by process, before and after."""
    true = np.array([plant.true_kwh(row.process) for row in result.processes])
    before = np.array([row.before_kwh.p50 for row in result.processes])
    after = np.array([row.after_kwh.p50 for row in result.processes])
    return before - true, after - true


def root_mean_square(values: Sequence[np.ndarray]) -> float:
    return float(np.sqrt(np.mean(np.concatenate(values) ** 2)))


def exact_posterior(parts: Sequence[Part], observations: Sequence[Observation], rules: PriorRules):
    """Return mean and covariance of the parts' energies by the textbook formula in information form.

    Known hours make the model linear: E = h P, P ~ N(P0, C). Written apart from the package on purpose.
    """
    hours = np.array([part.hours for part in parts])
    mean = np.array([part.power_kw * part.hours for part in parts])
    sd = np.array([part.power_sd for part in parts]) * mean
    groups = np.array([part.load_group for part in parts])
    same = (groups[:, None] == groups[None, :]) & (groups != "")[:, None]
    alone = np.eye(len(parts), dtype=bool)
    prior = np.where(alone, 1.0, np.where(same, rules.load_correlation, 0.0)) * np.outer(sd, sd)
    rows = np.zeros((len(observations), len(parts)))
    for k, one in enumerate(observations):
        for i, part in enumerate(parts):
            weight = one.weights.get(part.tag, 0.0)
            rows[k, i] = weight if one.kind == "energy" else weight / hours[i]
    names = np.array([one.instrument for one in observations])
    alike = (names[:, None] == names[None, :]) & (names != "")[:, None]
    noise_sd = np.array([one.sd for one in observations])
    shared = np.where(np.eye(len(names), dtype=bool), 1.0, np.where(alike, rules.instrument_correlation, 0.0))
    weight = np.linalg.inv(shared * np.outer(noise_sd, noise_sd))
    covariance = np.linalg.inv(np.linalg.inv(prior) + rows.T @ weight @ rows)
    values = np.array([one.value for one in observations])
    return covariance @ (np.linalg.inv(prior) @ mean + rows.T @ weight @ values), covariance


def test_with_known_hours_it_is_the_exact_gaussian_posterior(sized):
    """Error of kWh by process at most 1.1 times that of the exact posterior; here the two coincide."""
    rules = PriorRules(shape="normal")
    ours, exact = [], []
    for seed in range(sized(500)):
        drawn = simulated(seed, rules=rules)
        known = tuple(replace(p, hours=float(h), hours_sd=0.0) for p, h in zip(drawn.parts, drawn.hours, strict=True))
        plant = replace(drawn, parts=known)
        result = reconcile(plant.parts, plant.observations, rules)
        mean, covariance = exact_posterior(plant.parts, plant.observations, rules)
        ours.append(errors(plant, result)[1])
        of_process = [[part.process == row.process for part in plant.parts] for row in result.processes]
        exact.append(np.array(of_process) @ mean - [plant.true_kwh(row.process) for row in result.processes])
        if result.agreement != "conflict":
            widths = [part.energy_after_kwh.width for part in result.parts]
            np.testing.assert_allclose(widths, 2 * 1.2815515655 * np.sqrt(np.diag(covariance)), rtol=1e-5)
    ratio = root_mean_square(ours) / root_mean_square(exact)
    tell(f"error over exact posterior's {ratio:.6f}")
    assert ratio <= 1.0001


@pytest.mark.parametrize("submeters", [False, True])
def test_spot_metered_compressor_and_mill_halve_the_error(submeters, sized):
    before, after, big_before, big_after = [], [], [], []
    for seed in range(sized(1000)):
        plant = simulated(seed, submeters=submeters)
        result = reconcile(plant.parts, plant.observations)
        was, now = errors(plant, result)
        big = [row.process in BIG for row in result.processes]
        before.append(was)
        after.append(now)
        big_before.append(was[big])
        big_after.append(now[big])
    ratio = root_mean_square(after) / root_mean_square(before)
    big_ratio = root_mean_square(big_after) / root_mean_square(big_before)
    tell(f"error by process, after over before: all {ratio:.3f}, compressor's and mill's {big_ratio:.3f}")
    assert ratio <= 0.5
    assert big_ratio <= 0.5


KINDS_OF_METERING = {
    "one main meter": {"monthly": False, "spot": False},
    "main meter and spots": {"monthly": False},
    "months, night, peak and spots": {},
    "and sub-meters": {"submeters": True},
}


@pytest.mark.large
@pytest.mark.parametrize("metering", KINDS_OF_METERING)
def test_the_truth_lies_between_p10_and_p90_in_four_of_five_plants(metering, sized):
    count = sized(1000)
    plants_in, processes_in, alarms = [], [], []
    for seed in range(count):
        plant = simulated(seed, **KINDS_OF_METERING[metering])
        result = reconcile(plant.parts, plant.observations)
        plants_in.append(result.plant_after_kwh.holds(plant.true_kwh()))
        processes_in += [row.after_kwh.holds(plant.true_kwh(row.process)) for row in result.processes]
        alarms.append(result.agreement == "conflict")
    rates = f"plant {np.mean(plants_in):.3f}, processes {np.mean(processes_in):.3f}"
    tell(f"{metering}: {rates}, false alarms {np.mean(alarms):.3f}, of {count}")
    # a reduced sample may stray by three of its own standard errors
    slack = 0.0 if count >= 1000 else 3 * np.sqrt(0.8 * 0.2 / count)
    assert 0.76 - slack <= np.mean(plants_in) <= 0.84 + slack
    assert 0.76 - slack / 2 <= np.mean(processes_in) <= 0.84 + slack / 2
    assert np.mean(alarms) <= 0.10 + slack / 2


def machine_missing(plant: Plant) -> Case:
    """Return the plant without its largest machine in the inventory (and without the readings of that machine)."""
    largest = max(plant.parts, key=lambda part: part.power_kw * part.hours).tag
    parts = tuple(part for part in plant.parts if part.tag != largest)
    kept = [
        replace(one, weights={tag: w for tag, w in one.weights.items() if tag != largest})
        for one in plant.observations
        if set(one.weights) != {largest}
    ]
    return plant, parts, tuple(kept)


def hours_low(plant: Plant) -> Case:
    return plant, tuple(replace(part, hours=0.7 * part.hours) for part in plant.parts), plant.observations


def loads_high(plant: Plant) -> Case:
    """Return the plant with assumed loads taken as rated power where the machines run at 55 % of it."""
    raised = (replace(p, power_kw=p.power_kw / 0.55) if p.load_group else p for p in plant.parts)
    return plant, tuple(raised), plant.observations


def beyond_the_prior(case: Case) -> float:
    """Return by how many standard deviations of the prior predictive the mistake alone shifts the readings."""
    plant, parts, observations = case
    right = {one.name: one for one in plant.observations}
    shown = reconcile(parts, observations)
    wanted = reconcile(plant.parts, [right[one.name] for one in observations])
    pairs = zip(shown.observations, wanted.observations, strict=True)
    shift = [b.expected_before - a.expected_before for a, b in pairs]
    # chi-square of readings that sit exactly at the shift is the squared distance we are after (to first order)
    moved = [
        replace(one, value=row.expected_before + s)
        for one, row, s in zip(observations, shown.observations, shift, strict=True)
    ]
    return float(np.sqrt(reconcile(parts, moved).chi_square))


@pytest.mark.large
@pytest.mark.parametrize("spoil", [machine_missing, hours_low, loads_high])
def test_an_inventory_wrong_on_purpose_raises_a_finding(spoil: Callable[[Plant], Case], sized):
    warned, alarmed, clear, narrow_and_wrong = [], [], [], []
    for seed in range(sized(1000)):
        plant, parts, observations = case = spoil(simulated(10_000 + seed, submeters=True))
        result = reconcile(parts, observations)
        warned.append(result.agreement != "agrees")
        alarmed.append(result.agreement == "conflict")
        clear.append(beyond_the_prior(case) > 4)
        missed = [not row.after_kwh.holds(plant.true_kwh(row.process, parts)) for row in result.processes]
        narrow_and_wrong.append(not warned[-1] and np.mean(missed) > 0.5)
        keys = {finding.key for finding in result.findings}
        assert ("reconcile_conflict" in keys) == alarmed[-1]
        assert ("reconcile_strained" in keys) == (warned[-1] and not alarmed[-1])
    told, conflicts, sure = np.array(warned), np.array(alarmed), np.array(clear)
    tell(f"{spoil.__name__}: warned {told.mean():.3f}, conflict {conflicts.mean():.3f}, of {len(told)}")
    tell(f"  where beyond 4 sd of the prior ({sure.mean():.2f}): {told[sure].mean():.3f}, {conflicts[sure].mean():.3f}")
    tell(f"  silent and mostly wrong {np.mean(narrow_and_wrong):.3f}")
    assert sure.mean() > 0.3
    assert told[sure].mean() >= 0.95
    assert conflicts[sure].mean() >= 0.90
    assert np.mean(narrow_and_wrong) <= 0.02
