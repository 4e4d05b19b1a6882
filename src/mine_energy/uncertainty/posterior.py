"""Powers and hours after the readings as random draws, for what is computed from them."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from mine_energy.uncertainty.bands import Array
from mine_energy.uncertainty.fit import Fit, Prior, state_at


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
    widening
        Factor on the posterior standard deviations, 1 without a conflict.
    """

    prior: Prior
    errors: Array
    covariance: Array
    slope: Array
    gain: Array
    widening: float

    @property
    def count(self) -> int:
        """Number of parts."""
        return len(self.prior.power_kw)

    def conditioned(self, power_errors: Array, hours_errors: Array, noise: Array) -> tuple[Array, Array]:
        """Return draws of power and hours over their prior best values, given draws of the prior.

        A prior draw x and a draw e of the readings' errors become ``fit + w (x - K (J x + e))``, which has exactly the
        posterior covariance (conditioning of a Gaussian by kriging: Chiles and Delfiner, Geostatistics, 2012).
        Inputs keep their draws, so plants with and without readings compare on common random numbers.

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
        missed = self.slope[:, :count] @ power_errors + self.slope[:, count : 2 * count] @ hours_errors + noise
        a = self._moved(power_errors, missed, slice(0, count))
        b = self._moved(hours_errors, missed, slice(count, 2 * count))
        if self.prior.shape == "normal":
            return 1 + a, 1 + b
        return np.exp(a), np.exp(b)

    def _moved(self, drawn: Array, missed: Array, rows: slice) -> Array:
        moved = drawn if not len(missed) else drawn - self.gain[rows] @ missed
        return cast("Array", self.errors[rows, None] + self.widening * moved)

    def energy_slope(self) -> Array:
        """Return the derivative of the parts' energies (kWh) to the errors at the fit, shape (n, 3n)."""
        return state_at(self.prior, self.errors).energy_slope


def posterior_of(prior: Prior, fit: Fit, widening: float) -> Posterior:
    """Return the posterior of a fit.

    Parameters
    ----------
    prior, fit
        From :mod:`mine_energy.uncertainty.fit`.
    widening
        Factor on the posterior standard deviations.
    """
    reach = fit.slope @ prior.covariance
    return Posterior(
        prior=prior,
        errors=fit.errors,
        covariance=fit.covariance * widening**2,
        slope=fit.slope,
        gain=cast("Array", np.linalg.solve(fit.spread, reach).T if len(fit.slope) else reach.T),
        widening=widening,
    )
