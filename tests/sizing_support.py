"""Small sizing problems: a few days stand for a year, a few of them for the weather."""

import numpy as np

from mine_energy.dispatch import Battery
from mine_energy.sizing import Costs

COSTS = Costs(
    pv_per_kwp=1000,
    battery_per_kwh=300,
    battery_per_kw=150,
    genset_per_kw=350,
    pv_om_per_kwp_year=15,
    mine_life_years=20,
    discount_rate=0.08,
)
"""Of a plant for a year: the small problems scale them to their days, see :func:`costs_of`."""

BATTERY = Battery()


def weather(years: int, days: int, seed: int = 1) -> np.ndarray:
    """Return hourly kW per kWp: a sine by day, dimmed by a random clearness for each day."""
    rng = np.random.default_rng(seed)
    hour = np.arange(24)
    sun = np.sin((hour - 6) / 12 * np.pi) * ((hour >= 6) & (hour < 18))
    clearness = np.clip(0.6 + 0.25 * rng.standard_normal((years, days)), 0.1, 1.0)
    return np.maximum(0.8 * clearness[:, :, None] * sun, 0.0).reshape(years, days * 24)


def two_shifts(days: int) -> np.ndarray:
    """Return a load of 70 kW in two shifts and 40 kW at night."""
    hour = np.tile(np.arange(24), days)
    return 40.0 + 30.0 * ((hour >= 6) & (hour < 22))
