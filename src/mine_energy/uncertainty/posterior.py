"""Powers and hours after the readings as random draws, for what is computed from them."""

from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from mine_energy.uncertainty.bands import Array
from mine_energy.uncertainty.fit import Fit, Prior, Readings, state_at

_STEPS: Final = 4
"""Of the chord method: the first is the linear answer, the others take up the curvature."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posterior:
    """What inventory and readings together know about n parts from m readings.

    Parameters
    ----------
    prior
        Best values and covariance of the errors before the readings.
    errors
        Best errors after them, shape (3n,): of powers, hours and standby shares.
    covariance
        Of the errors after the readings, widened where they disagree, shape (3n, 3n).
    slope
        Derivative of the readings, in their standard deviations, shape (m, 3n).
    gain
        How much the errors follow each reading, shape (3n, m).
    innovation
        Readings less the linear model at zero error, shape (m,).
    hours_split
        Factor on the hours from the fitted shares of standby groups, shape (n,).
    readings
        Weights and values.
    widening
        Factor on the posterior standard deviations, 1 without a conflict.
    """

    prior: Prior
    errors: Array
    covariance: Array
    slope: Array
    gain: Array
    innovation: Array
    hours_split: Array
    readings: Readings
    widening: float

    @property
    def count(self) -> int:
        """Number of parts."""
        return len(self.prior.power_kw)

    def conditioned(self, power_errors: Array, hours_errors: Array, noise: Array) -> tuple[Array, Array]:
        """Return draws of power and hours over their prior best values, given draws of the prior.

        From a prior draw z and a draw e of the readings' errors comes the x that is most probable if z were the
        inventory and y + e the readings, ``x = z + K (y + e - f(x) + J (x - z))`` (randomised maximum likelihood:
        Oliver, Reynolds and Liu, Inverse Theory for Petroleum Reservoir Characterization and History Matching, 2008):
        exactly the posterior where f is linear, and every draw adds up to its readings where it is not. Inputs keep
        their draws, so plants with and without readings compare on common random numbers. Widening stretches the
        draws about the fit.

        Parameters
        ----------
        power_errors, hours_errors
            Draws of the prior errors, shape (n, draws).
        noise
            Draws of the readings' errors in their standard deviations, shape (m, draws).

        Returns
        -------
        power, hours
            Factors on the prior best values, shape (n, draws).
        """
        count = self.count
        start = np.concatenate([power_errors, hours_errors])
        fitted = self.errors[: 2 * count, None]
        known = len(self.slope) > 0
        drawn = fitted + self.widening * (self._agreeing(start, noise) - fitted) if known else start
        return self._factors(drawn)

    def _agreeing(self, start: Array, noise: Array) -> Array:
        """Return the errors of powers and hours that agree with the readings, shape (2n, draws)."""
        rows = slice(0, 2 * self.count)
        slope, gain = self.slope[:, rows], self.gain[rows]
        rest = self.slope[:, rows.stop :] @ self.errors[rows.stop :]
        held = self.errors[rows] - gain @ self.innovation  # what limits added to the fit
        found = np.repeat(self.errors[rows, None], start.shape[1], axis=1)
        for _ in range(_STEPS):
            power, hours = self._factors(found)
            gap = self.readings.values[:, None] + noise - self._read(power, hours)
            found = start + held[:, None] + gain @ (gap + slope @ (found - start) + rest[:, None])
        return cast("Array", found)

    def _factors(self, errors: Array) -> tuple[Array, Array]:
        a, b = np.split(errors, 2)
        grown = (1 + a, 1 + b) if self.prior.shape == "normal" else (np.exp(a), np.exp(b))
        return grown[0], grown[1] * self.hours_split[:, None]

    def _read(self, power: Array, hours: Array) -> Array:
        """Return what the readings would be, in their standard deviations, shape (m, draws)."""
        base_power, base_hours, on = self.prior.power_kw, self.prior.hours, self.readings
        return cast(
            "Array",
            (on.on_energy * (base_power * base_hours)) @ (power * hours)
            + (on.on_power * base_power) @ power
            + (on.on_hours * base_hours) @ hours,
        )

    def energy_slope(self) -> Array:
        """Return the derivative of the parts' energies (kWh) to the errors at the fit, shape (n, 3n)."""
        return state_at(self.prior, self.errors).energy_slope


def posterior_of(prior: Prior, readings: Readings, fit: Fit, widening: float) -> Posterior:
    """Return the posterior of a fit.

    Parameters
    ----------
    prior, readings, fit
        From :mod:`mine_energy.uncertainty.fit`.
    widening
        Factor on the posterior standard deviations.
    """
    reach = fit.slope @ prior.covariance
    _, own, _ = np.split(fit.errors, 3)
    grown = prior.hours * (1 + own if prior.shape == "normal" else np.exp(own))
    hours = state_at(prior, fit.errors).hours
    return Posterior(
        prior=prior,
        errors=fit.errors,
        covariance=fit.covariance * widening**2,
        slope=fit.slope,
        gain=cast("Array", np.linalg.solve(fit.spread, reach).T if len(fit.slope) else reach.T),
        innovation=fit.innovation,
        hours_split=np.divide(hours, grown, out=np.ones_like(hours), where=grown > 0),
        readings=readings,
        widening=widening,
    )
