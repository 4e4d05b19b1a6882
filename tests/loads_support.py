"""Small loads and sites that the tests of the loads room share."""

import numpy as np
import pandas as pd

from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.units import LOCAL_TIME

TWO_SHIFTS = (("06:00", "14:00"), ("14:00", "22:00"))


def metered(values, step=15, start="2025-03-03", reactive=None, **more):
    """Return a metered record of some values."""
    index = pd.date_range(start, periods=len(values), freq=pd.Timedelta(minutes=step), tz=LOCAL_TIME)
    series = pd.Series(np.asarray(values, dtype=float), index=index)
    lagging = None if reactive is None else pd.Series(np.asarray(reactive, dtype=float), index=index)
    given = {"origin": "metered", "label": "m.csv"} | more
    return LoadProfile(load_kw=series, reactive_kvar=lagging, step_minutes=float(step), **given)


def site_of(country="CO", workdays=26, shifts=TWO_SHIFTS, **more):
    """Return a small site of two shifts."""
    return Site.model_validate(
        {
            "site": {
                "name": "Planta",
                "country": country,
                "latitude": 3.0 if country == "CO" else -15.0,
                "longitude": -76.6 if country == "CO" else -74.0,
                "altitude_m": 1200,
                "workdays_per_month": workdays,
                "shifts": [{"start": start, "end": end} for start, end in shifts],
            },
            "connection": {"kind": "grid", "tariff": "co_ceo_n2_2013"},
            "emissions": {"activity_year": 2024},
        }
        | more
    )
