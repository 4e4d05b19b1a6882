"""Simulated plants of small gold mines: inventory, truth and readings, each from a seeded generator.

Machines, sizes and hours follow the reconstructed inventories of 25 t/day plants with an underground mine: a
compressor and a mill dominate, ten to twenty smaller machines follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mine_energy.uncertainty import Observation, Part, PriorRules, relative_sd, whole
from mine_energy.units import HOURS_PER_YEAR

LOAD_SD, HOURS_SD = relative_sd(0.25), relative_sd(0.20)
MONTHS = 12


@dataclass(frozen=True)
class Kind:
    """One kind of machine: process, rated kW, hours a year, how many, share that runs at night, what drives it."""

    name: str
    process: str
    rated_kw: tuple[float, float]
    hours: tuple[float, float]
    count: tuple[int, int]
    at_night: float
    driver: str


KINDS = (
    Kind("compressor", "air", (37, 75), (2000, 4500), (1, 1), 0, "metres"),
    Kind("mill", "grinding", (30, 55), (4000, 7000), (1, 1), 1, "tonnes"),
    Kind("crusher", "crushing", (11, 22), (1200, 2500), (1, 2), 0, "tonnes"),
    Kind("belt", "crushing", (2.2, 5.5), (1200, 2500), (1, 3), 0, "tonnes"),
    Kind("spiral", "grinding", (2.2, 4), (4000, 7000), (0, 1), 1, "tonnes"),
    Kind("cell", "flotation", (2.2, 7.5), (4000, 7000), (2, 6), 1, "tonnes"),
    Kind("table", "gravity", (1.1, 2.2), (4000, 7000), (1, 2), 1, "tonnes"),
    Kind("pump", "pumping", (3.7, 11), (3000, 6000), (2, 4), 0.5, "tonnes"),
    Kind("fan", "air", (4, 11), (3000, 6000), (1, 3), 0.3, "metres"),
    Kind("winch", "hoisting", (11, 15), (800, 1600), (1, 1), 0, "metres"),
    Kind("lamps", "lighting", (2, 5), (3500, 4500), (1, 1), 1, ""),
)
AT_NIGHT = {kind.name: kind.at_night for kind in KINDS}


@dataclass(frozen=True, kw_only=True, eq=False)
class Plant:
    """What the auditor holds (parts, observations) and what only the simulation knows."""

    parts: tuple[Part, ...]
    observations: tuple[Observation, ...]
    power_kw: np.ndarray
    hours: np.ndarray

    def true_kwh(self, process: str | None = None, parts: Sequence[Part] | None = None) -> float:
        """Return true energy of the plant or a process, of the given parts alone if given."""
        listed = {part.tag for part in (parts or self.parts)}
        energies = zip(self.parts, self.power_kw * self.hours, strict=True)
        return sum(float(e) for part, e in energies if part.tag in listed and process in {None, part.process})


def inventory(rng: np.random.Generator) -> tuple[Part, ...]:
    """Return 13 to 25 machines with assumed loads and hours from the shift plan."""
    parts = []
    for kind in KINDS:
        for k in range(int(rng.integers(kind.count[0], kind.count[1] + 1))):
            input_kw = rng.uniform(*kind.rated_kw) * rng.uniform(0.55, 0.80) / rng.uniform(0.82, 0.92)
            parts.append(
                Part(
                    tag=f"{kind.name}-{k + 1}",
                    process=kind.process,
                    power_kw=float(input_kw),
                    power_sd=LOAD_SD,
                    hours=float(rng.uniform(*kind.hours)),
                    hours_sd=HOURS_SD,
                    load_group="assumed" if kind.driver else "",
                    driver=kind.driver,
                )
            )
    return tuple(parts)


def truth(parts: Sequence[Part], rng: np.random.Generator, rules: PriorRules) -> tuple[np.ndarray, np.ndarray]:
    """Return true powers and hours, drawn from what the inventory claims about its own errors."""
    loads = _errors([part.load_group for part in parts], rules.load_correlation, rng)
    drivers = _errors([part.driver for part in parts], rules.driver_correlation, rng)
    power = np.array([part.power_kw for part in parts])
    hours = np.array([part.hours for part in parts])
    power_sd, hours_sd = np.array([p.power_sd for p in parts]), np.array([p.hours_sd for p in parts])
    if rules.shape == "normal":
        return power * (1 + power_sd * loads), hours * (1 + hours_sd * drivers)
    return power * np.exp(power_sd * loads), hours * np.exp(hours_sd * drivers)


def _errors(groups: Sequence[str], correlation: float, rng: np.random.Generator) -> np.ndarray:
    common = {group: rng.standard_normal() for group in dict.fromkeys(groups) if group}
    own = rng.standard_normal(len(groups))
    shared = np.array([common.get(group, 0.0) for group in groups])
    rho = np.array([correlation if group else 0.0 for group in groups])
    return np.sqrt(rho) * shared + np.sqrt(1 - rho) * own


def simulated(
    seed: int, *, spot: bool = True, submeters: bool = False, monthly: bool = True, rules: PriorRules | None = None
) -> Plant:
    """Return a plant with a main meter (by month or as one year), night base, peak and spot-metered big machines."""
    rng = np.random.Generator(np.random.PCG64(seed))
    rules = rules or PriorRules()
    parts = inventory(rng)
    power, hours = truth(parts, rng, rules)
    readings = _main_meter(parts, power * hours, rng, MONTHS if monthly else 1)
    if monthly:
        readings += _powers(parts, power, rng)
    for tag in ("compressor-1", "mill-1"):
        i = [part.tag for part in parts].index(tag)
        if spot:
            readings.append(_reading(f"spot {tag}", "power", power[i], relative_sd(0.03), {tag: 1.0}, rng, "clamp"))
        if submeters:
            readings.append(_reading(f"meter {tag}", "energy", power[i] * hours[i], 0.01, {tag: 1.0}, rng))
    return Plant(parts=parts, observations=tuple(readings), power_kw=power, hours=hours)


def _main_meter(parts: Sequence[Part], energy: np.ndarray, rng: np.random.Generator, months: int) -> list[Observation]:
    """Return monthly energies whose errors (2 % each) are half the variance common to the instrument."""
    shares = rng.dirichlet(np.full(months, 60.0)) if months > 1 else np.ones(1)
    sd = 0.02 if months > 1 else 0.01
    common = rng.standard_normal()
    found = []
    for month, share in enumerate(shares):
        error = np.sqrt(0.5) * common + np.sqrt(0.5) * rng.standard_normal()
        exact = float(share * energy.sum())
        found.append(
            Observation(
                name=f"main meter {month + 1}",
                kind="energy",
                value=exact * (1 + sd * error),
                sd=exact * sd,
                weights={part.tag: float(share) for part in parts},
                instrument="main meter" if months > 1 else "",
                open_weight=float(share),
            )
        )
    return found


def _powers(parts: Sequence[Part], power: np.ndarray, rng: np.random.Generator) -> list[Observation]:
    night = {part.tag: AT_NIGHT[part.tag.split("-")[0]] for part in parts}
    night = {tag: weight for tag, weight in night.items() if weight > 0}
    base = sum(night.get(part.tag, 0.0) * power[i] for i, part in enumerate(parts))
    peak = dict.fromkeys(whole(parts), 0.8)
    return [
        replace(_reading("night base", "power", base, 0.05, night, rng), open_weight=1 / HOURS_PER_YEAR),
        replace(_reading("peak", "power", 0.8 * power.sum(), 0.06, peak, rng), open_weight=1 / HOURS_PER_YEAR),
    ]


def _reading(name, kind, exact, sd, weights, rng, instrument=""):
    value = float(exact * (1 + sd * rng.standard_normal()))
    return Observation(
        name=name, kind=kind, value=value, sd=float(exact * sd), weights=dict(weights), instrument=instrument
    )


def tell(line: str) -> None:
    """Print a measured rate (seen with ``pytest -s`` or ``-rP``)."""
    print(line)  # noqa: T201
