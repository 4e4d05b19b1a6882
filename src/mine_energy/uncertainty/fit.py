"""The best fit of powers and hours to readings, and its Gaussian posterior.

Unknowns, three per part: the errors of its power (a), of its hours (b) and of its share of a standby group's hours
(d). Their prior is Gaussian with mean zero and covariance C; readings are y = f(a, b, d) + e, cov(e) = R. The fit
minimises ``x' C^-1 x + (y - f(x))' R^-1 (y - f(x))`` by damped Gauss-Newton in the space of the readings, which needs
neither the inverse of C nor more than one small linear system a step (Tarantola, Inverse Problem Theory, 2005,
least squares; weighted least squares of data reconciliation, Narasimhan and Jordache 2000).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mine_energy.uncertainty.bands import Array
from mine_energy.uncertainty.parts import Kind, Observation, Part, PriorRules, Shape

_STEPS: Final = 100
_TOLERANCE: Final = 1e-8
_PIN_SD: Final = 1e-3
"""Relative width with which a value that would pass its limit is held at the limit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prior:
    """Best values of n parts and the covariance (3n, 3n) of their errors."""

    power_kw: Array
    hours: Array
    standby_share: Array
    """Share of its standby group's hours, 1 for a part alone, shape (n,)."""
    together: Array
    """1 where two parts are of one standby group (each part with itself), shape (n, n)."""
    covariance: Array
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readings:
    """m readings in units of their own standard deviation."""

    on_energy: Array
    on_power: Array
    on_hours: Array
    """Weights (m, n) over the parts' energies, powers and hours; each row has one kind."""
    values: Array
    correlation: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """Parts at one set of errors, with derivatives (n, 3n) to the errors."""

    power_kw: Array
    hours: Array
    energy_slope: Array
    power_slope: Array
    hours_slope: Array

    @property
    def energy_kwh(self) -> Array:
        """Power times hours, shape (n,)."""
        return self.power_kw * self.hours


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """The best fit.

    Parameters
    ----------
    errors
        Shape (3n,).
    covariance
        Posterior, shape (3n, 3n).
    slope
        Derivative of the readings, shape (m, 3n).
    spread
        Prior predictive covariance of the readings, linear about the fit, shape (m, m).
    innovation
        Readings minus the linear model at zero error, shape (m,).
    misfit
        Twice the minimised function: chi-square with m degrees of freedom if the prior holds.
    pinned
        Indices of parts held at a limit.
    converged
        Whether the steps came to rest.
    """

    errors: Array
    covariance: Array
    slope: Array
    spread: Array
    innovation: Array
    misfit: float
    pinned: tuple[int, ...]
    converged: bool


def prior_of(parts: Sequence[Part], rules: PriorRules) -> Prior:
    """Return best values and error covariance of an inventory.

    Hours errors belong to the standby group as a whole where there is one: its members share them entirely.
    """
    count = len(parts)
    power_sd = np.array([part.power_sd for part in parts])
    hours_sd = np.array([part.hours_sd for part in parts])
    owners = [f"group {part.standby_group}" if part.standby_group else f"part {part.tag}" for part in parts]
    together = _same(owners)
    split = np.where(together.sum(axis=1) > 1, rules.standby_split_sd, 0.0)
    loads = np.maximum(rules.load_correlation * _same([part.load_group for part in parts]), np.eye(count))
    drivers = np.maximum(rules.driver_correlation * _same([part.driver for part in parts]), together)
    covariance = np.zeros((3 * count, 3 * count))
    covariance[:count, :count] = loads * np.outer(power_sd, power_sd)
    covariance[count : 2 * count, count : 2 * count] = drivers * np.outer(hours_sd, hours_sd)
    covariance[2 * count :, 2 * count :] = np.diag(split**2)
    hours = np.array([part.hours for part in parts])
    total = together @ hours
    share = np.divide(hours, total, out=1 / together.sum(axis=1), where=total > 0)
    power = np.array([part.power_kw for part in parts])
    return Prior(
        power_kw=power, hours=hours, standby_share=share, together=together, covariance=covariance, shape=rules.shape
    )


def _same(names: Sequence[str]) -> Array:
    """Return 1 where two names are equal and not empty, else 0, shape (n, n)."""
    return np.array([[float(bool(one) and one == other) for other in names] for one in names])


def readings_of(parts: Sequence[Part], observations: Sequence[Observation], rules: PriorRules) -> Readings:
    """Return observations as weights over the parts, each row divided by its standard deviation."""
    place = {part.tag: i for i, part in enumerate(parts)}
    sd = np.array([one.sd for one in observations])
    weights = np.zeros((len(observations), len(parts)))
    for row, one in enumerate(observations):
        for tag, weight in one.weights.items():
            weights[row, place[tag]] = weight / one.sd
    same = _same([one.instrument for one in observations]).reshape(len(observations), len(observations))
    return Readings(
        on_energy=weights * _is("energy", observations),
        on_power=weights * _is("power", observations),
        on_hours=weights * _is("hours", observations),
        values=np.array([one.value for one in observations]) / sd,
        correlation=np.maximum(rules.instrument_correlation * same, np.eye(len(observations))),
    )


def _is(kind: Kind, observations: Sequence[Observation]) -> Array:
    return np.array([[float(one.kind == kind)] for one in observations]).reshape(-1, 1)


def state_at(prior: Prior, errors: Array) -> State:
    """Return powers, hours and their derivatives at `errors`.

    Lognormal: value = base exp(error); normal: value = base (1 + error). A standby group's shares are
    ``f exp(d) / sum f exp(d)``, so they stay positive and add to one.
    """
    a, b, d = np.split(errors, 3)
    power_kw, power_rate = _grow(prior, prior.power_kw, a)
    own_hours, own_rate = _grow(prior, prior.hours, b)
    parted = prior.standby_share * np.exp(d)
    in_group = prior.together @ parted
    scale = np.exp(d) / in_group
    hours, hours_rate = own_hours * scale, own_rate * scale
    count = len(a)
    power_slope, hours_slope = np.zeros((count, 3 * count)), np.zeros((count, 3 * count))
    np.fill_diagonal(power_slope[:, :count], power_rate)
    np.fill_diagonal(hours_slope[:, count : 2 * count], hours_rate)
    hours_slope[:, 2 * count :] = hours[:, None] * (np.eye(count) - prior.together * (parted / in_group))
    energy_slope = hours[:, None] * power_slope + power_kw[:, None] * hours_slope
    return State(
        power_kw=power_kw, hours=hours, energy_slope=energy_slope, power_slope=power_slope, hours_slope=hours_slope
    )


def _grow(prior: Prior, base: Array, errors: Array) -> tuple[Array, Array]:
    if prior.shape == "normal":
        return base * (1 + errors), base
    grown = base * np.exp(errors)
    return grown, grown


def predict(readings: Readings, state: State) -> tuple[Array, Array]:
    """Return what the readings would be (m,) and the derivative (m, 3n), in their standard deviations."""
    value = readings.on_energy @ state.energy_kwh + readings.on_power @ state.power_kw + readings.on_hours @ state.hours
    slope = (
        readings.on_energy @ state.energy_slope
        + readings.on_power @ state.power_slope
        + readings.on_hours @ state.hours_slope
    )
    return value, slope


def best_fit(prior: Prior, readings: Readings, parts: Sequence[Part]) -> Fit:
    """Return the maximum a posteriori fit within the limits of the parts.

    A power or hours beyond its limit is held there and the rest fitted again. The posterior covariance is that of
    the readings alone: a limit moves the fit, it does not narrow a band.
    """
    pins: dict[tuple[Kind, int], float] = {}
    while True:
        multipliers, converged = _minimise(prior, _with_pins(readings, pins))
        errors = prior.covariance @ multipliers
        state = state_at(prior, errors)
        beyond = {key: limit for key, limit in _beyond(parts, state).items() if key not in pins}
        if not beyond:
            break
        pins |= beyond
    value, slope = predict(readings, state)
    gap = readings.values - value
    spread = slope @ prior.covariance @ slope.T + readings.correlation
    reach = slope @ prior.covariance
    return Fit(
        errors=errors,
        covariance=prior.covariance - reach.T @ np.linalg.solve(spread, reach),
        slope=slope,
        spread=spread,
        innovation=gap + slope @ errors,
        misfit=float(multipliers @ errors + gap @ np.linalg.solve(readings.correlation, gap)),
        pinned=tuple(sorted({i for _, i in pins})),
        converged=converged,
    )


def _beyond(parts: Sequence[Part], state: State) -> dict[tuple[Kind, int], float]:
    found: dict[tuple[Kind, int], float] = {}
    for i, part in enumerate(parts):
        if part.power_limit_kw is not None and state.power_kw[i] > part.power_limit_kw * (1 + _PIN_SD):
            found["power", i] = part.power_limit_kw
        if part.hours_limit is not None and state.hours[i] > part.hours_limit * (1 + _PIN_SD):
            found["hours", i] = part.hours_limit
    return found


def _with_pins(readings: Readings, pins: dict[tuple[Kind, int], float]) -> Readings:
    if not pins:
        return readings
    count, rows = readings.on_energy.shape[1], len(readings.values)
    weights = np.zeros((len(pins), count))
    for row, ((_, i), limit) in enumerate(pins.items()):
        weights[row, i] = 1 / (_PIN_SD * limit)
    powers = np.array([[float(kind == "power")] for kind, _ in pins])
    correlation = np.eye(rows + len(pins))
    correlation[:rows, :rows] = readings.correlation
    return Readings(
        on_energy=np.vstack([readings.on_energy, np.zeros_like(weights)]),
        on_power=np.vstack([readings.on_power, weights * powers]),
        on_hours=np.vstack([readings.on_hours, weights * (1 - powers)]),
        values=np.concatenate([readings.values, np.full(len(pins), 1 / _PIN_SD)]),
        correlation=correlation,
    )


def _minimise(prior: Prior, readings: Readings) -> tuple[Array, bool]:
    """Return q with best errors = C q, and whether the steps came to rest.

    Working on q keeps the prior's term ``q' C q`` free of the inverse of C, which is singular where a value is
    known exactly.
    """
    multipliers = np.zeros(len(prior.covariance))
    for _ in range(_STEPS):
        errors = prior.covariance @ multipliers
        value, slope = predict(readings, state_at(prior, errors))
        spread = slope @ prior.covariance @ slope.T + readings.correlation
        target = slope.T @ np.linalg.solve(spread, readings.values - value + slope @ errors)
        step = target - multipliers
        share = _shorten(prior, readings, multipliers, step)
        multipliers = multipliers + share * step
        if float(np.abs(prior.covariance @ step).max(initial=0.0)) < _TOLERANCE:
            return multipliers, True
    return multipliers, False


def _shorten(prior: Prior, readings: Readings, start: Array, step: Array) -> float:
    """Return the largest of 1, 1/2, 1/4 ... that does not raise the function."""
    before = _cost(prior, readings, start)
    share = 1.0
    while share > 1e-6 and _cost(prior, readings, start + share * step) > before * (1 + 1e-12) + 1e-12:
        share /= 2
    return share


def _cost(prior: Prior, readings: Readings, multipliers: Array) -> float:
    errors = prior.covariance @ multipliers
    with np.errstate(over="ignore", invalid="ignore"):  # a step too long is shortened, not used
        gap = readings.values - predict(readings, state_at(prior, errors))[0]
        cost = float(multipliers @ errors + gap @ np.linalg.solve(readings.correlation, gap))
    return cost if np.isfinite(cost) else np.inf
