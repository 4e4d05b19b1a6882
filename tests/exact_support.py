"""Problems for the exact methods: a two-shift mill in both climates, and small random ones."""

from functools import cache

import numpy as np

from mine_energy.pv import Array, equator_facing_deg, unit_yield
from mine_energy.site import Site
from mine_energy.sizing.exact import Asset, Coverage, Demand, Limit, Problem
from mine_energy.weather import from_climatology

PLACES = {"andes": (2.983982, -76.650777, 1286.0), "desert": (-15.8, -74.25, 650.0)}


@cache
def climate_unit(climate: str, hours: int) -> np.ndarray:
    """Return kW per kWp of the first hours of a typical year."""
    latitude, longitude, altitude = PLACES[climate]
    weather = from_climatology(latitude, longitude, altitude)
    site = Site.model_validate(
        {
            "site": {
                "name": "Planta",
                "country": "CO" if latitude > 0 else "PE",
                "latitude": latitude,
                "longitude": longitude,
                "altitude_m": altitude,
                "workdays_per_month": 26,
                "shifts": [{"start": "06:00", "end": "14:00"}],
            },
            "connection": {"kind": "grid", "tariff": "any"},
            "emissions": {"activity_year": 2024},
        }
    )
    made = unit_yield(site, weather, Array(tilt_deg=10.0, azimuth_deg=equator_facing_deg(latitude)))
    return np.maximum(made.kw_per_kwp.to_numpy()[:hours], 0.0)


def mill(hours: int) -> np.ndarray:
    """Return the load of two shifts and a night watch, six days a week, in kW."""
    hour = np.arange(hours)
    working = (hour % 24 >= 6) & (hour % 24 < 22) & (hour // 24 % 7 < 6)
    noise = np.random.Generator(np.random.PCG64(7)).uniform(0, 8, hours)
    return np.where(working, 52.0, 6.0) + noise


def time_of_use(hours: int) -> np.ndarray:
    """Return three prices: night, day, evening."""
    hour = np.arange(hours) % 24
    return np.where((hour >= 18) & (hour < 22), 0.22, np.where((hour >= 6) & (hour < 18), 0.16, 0.12))


def outages(hours: int) -> np.ndarray:
    """Return 1 with a grid, 0 in some four per cent of the hours."""
    there = np.ones(hours)
    rng = np.random.Generator(np.random.PCG64(3))
    at = 0
    while at < hours:
        at += int(rng.exponential(72))
        length = 1 + int(rng.exponential(3))
        there[at : at + length] = 0.0
        at += length
    return there


CASES = (
    "flat",
    "flat_export",
    "offgrid_unserved",
    "own_diesel",
    "budget",
    "flat_hourly_self",
    "offgrid_lpsp",
    "tou",
    "tou_genset_outages",
    "genset_sized",
    "demand_charge",
    "existing_sizes",
    "drain",
    "net_billing",
    "tou_hourly_self",
    "genset_lpsp",
)


def case(name: str, climate: str, hours: int) -> Problem:
    """Return the problem of one name; unit costs shrink with the period, so that sizes stay those of a year."""
    part = hours / 8760
    common = {
        "load_kw": mill(hours),
        "pv_kw_per_kwp": climate_unit(climate, hours),
        "pv": Asset(cost_per_unit=90 * part),
        "battery_energy": Asset(cost_per_unit=25 * part),
        "battery_power": Asset(cost_per_unit=20 * part),
        "usable_fraction": 0.9,
    }
    return Problem(**(common | _terms(name, hours, part)))


def _terms(name: str, hours: int, part: float) -> dict:
    inf, tou, there = np.inf, time_of_use(hours), outages(hours)
    grid = {"import_price_per_kwh": tou, "import_limit_kw": inf, "export_price_per_kwh": 0.05, "export_limit_kw": 30.0}
    weak = grid | {"import_limit_kw": 30 * there, "export_limit_kw": 30 * there, "unserved_price_per_kwh": 5.0}
    diesel = {"genset": Asset(cost_per_unit=60 * part), "fuel_price_per_kwh": 0.35, "unserved_price_per_kwh": 5.0}
    flat = {"import_price_per_kwh": 0.25, "import_limit_kw": inf}
    month = np.minimum(np.arange(hours) * 12 // hours, 11).astype(float)
    return {
        "flat": flat,
        "flat_export": flat | {"export_price_per_kwh": 0.05, "export_limit_kw": inf},
        "offgrid_unserved": {"unserved_price_per_kwh": 1.0},
        "own_diesel": diesel | {"genset": Asset(cost_per_unit=0.0, highest=100.0)},
        "budget": flat | {"limits": (Limit(factors=(900.0, 250.0, 200.0, 0.0), highest=100_000.0),)},
        "flat_hourly_self": flat | {"coverage": Coverage(kind="self_sufficiency", share=0.97)},
        "offgrid_lpsp": {"unserved_price_per_kwh": 0.01, "coverage": Coverage(kind="unserved", share=0.01)},
        "tou": grid,
        "tou_genset_outages": weak | diesel,
        "genset_sized": diesel,
        "demand_charge": grid | {"demand": Demand(period=month, price_per_kw=np.full(12, 8.0 * part))},
        "existing_sizes": weak
        | {"pv": Asset(cost_per_unit=0.0, highest=60.0), "genset": Asset(cost_per_unit=0.0, highest=25.0)}
        | {"fuel_price_per_kwh": 0.35},
        "drain": diesel | {"drain_per_hour": 0.001},
        "net_billing": grid | {"export_price_per_kwh": 0.09 + 0.002 * month, "export_limit_kw": 100.0},
        "tou_hourly_self": grid | {"coverage": Coverage(kind="self_sufficiency", share=0.97)},
        "genset_lpsp": diesel | {"unserved_price_per_kwh": 0.2, "coverage": Coverage(kind="unserved", share=0.002)},
    }[name]


def random_problem(seed: int) -> Problem:
    """Return a small problem with any mix of terms."""
    rng = np.random.Generator(np.random.PCG64(seed))
    steps, part = int(rng.integers(24, 97)), 0.003
    hour = np.arange(steps)
    sun = np.clip(np.sin((hour % 24 - 6) / 12 * np.pi), 0, None) * rng.uniform(0.2, 1.0, steps)
    price = rng.choice([0.1, 0.15, 0.2, 0.3], steps) if rng.random() < 0.6 else 0.2
    limit = rng.choice([0.0, 10.0, 30.0, np.inf], steps) if rng.random() < 0.6 else rng.choice([0.0, np.inf])
    export = rng.choice([0.0, 20.0], steps) if rng.random() < 0.5 else 0.0
    return Problem(
        load_kw=rng.uniform(0, 40, steps) * (rng.random(steps) < 0.9),
        pv_kw_per_kwp=sun,
        pv=Asset(cost_per_unit=90 * part * rng.uniform(0.3, 2), highest=float(rng.choice([50.0, np.inf]))),
        battery_energy=Asset(cost_per_unit=25 * part * rng.uniform(0.1, 2)),
        battery_power=Asset(cost_per_unit=20 * part * rng.uniform(0.1, 2), lowest=float(rng.choice([0.0, 3.0]))),
        genset=Asset(cost_per_unit=60 * part * rng.uniform(0.3, 2), highest=float(rng.choice([0.0, 20.0, np.inf]))),
        import_price_per_kwh=price,
        import_limit_kw=limit,
        export_price_per_kwh=float(rng.choice([0.0, 0.04, 0.08])),
        export_limit_kw=export,
        fuel_price_per_kwh=float(rng.choice([0.12, 0.35])),
        unserved_price_per_kwh=float(rng.choice([0.5, 5.0])),
        charge_efficiency=float(rng.uniform(0.85, 1.0)),
        discharge_efficiency=float(rng.uniform(0.85, 0.99)),
        usable_fraction=float(rng.choice([0.8, 1.0])),
        drain_per_hour=float(rng.choice([0.0, 0.002])),
        step_hours=float(rng.choice([1.0, 0.25])),
        years=float(rng.choice([1.0, 2.0])),
    )
