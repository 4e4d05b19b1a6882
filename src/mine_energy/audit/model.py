"""The audit as a function of its uncertain inputs: energies, savings and prices of all machines, draws in columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final, Literal

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.audit.motor_swap import MotorSwaps, motor_swaps
from mine_energy.audit.parts import audit_assumption, prior_rules
from mine_energy.loads import MachinePlan
from mine_energy.measures import Saving
from mine_energy.uncertainty import Observation, Part, Posterior, Uncertain
from mine_energy.uncertainty.bands import Array

InfluenceKind = Literal[
    "power",
    "hours",
    "reading",
    "old_losses",
    "rewind",
    "new_losses",
    "speed",
    "effect",
    "capex",
    "price",
    "common_load",
    "common_hours",
    "common_reading",
    "common_efficiency",
    "common_capex",
]
"""What an uncertain input is; its name is this word and its subject."""
_BAND_SD: Final = 1.6448536269514722
"""Half of a 90 % interval in standard deviations."""
_NOTHING: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyPrice:
    """What a kWh saved is worth over the life of the measures, and what the measures' prices are converted with.

    Parameters
    ----------
    per_kwh, low_per_kwh, high_per_kwh
        In the currency: base and 90 % interval.
    currency
        Of the result.
    per_usd
        Units of the currency for one US dollar.
    discount_rate
        Real, a fraction a year.
    years
        Life of the mine; measures that live less count their own life. None: they all do.
    """

    per_kwh: float
    low_per_kwh: float
    high_per_kwh: float
    currency: str
    per_usd: float
    discount_rate: float
    years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AuditModel:
    """Everything the draws need, as arrays over n machines and k applied savings.

    Parameters
    ----------
    inputs
        Uncertain inputs: n power errors, n hours errors, m errors of readings, those of the motor swaps, k effects;
        with a price k prices of measures and that of energy.
    posterior
        Turns the errors of powers and hours into factors that agree with the readings.
    tags, processes
        Of the machines.
    energy_kwh
        Of the machines in the year, as the inventory says, shape (n,).
    power_limit, hours_limit
        Largest factors on power and hours, shape (n,).
    savings
        Those applied, in the order of the measures.
    machine_of
        Machine of each saving, -1 for the plant, shape (k,).
    rounds
        Indices of the savings that come first on their machine, second, and so on.
    base_share
        Saving over the energy that the earlier ones left, shape (k,); for the plant's own savings their energy, kWh.
    swaps
        Motor replacements, evaluated physically.
    capex_usd
        Base prices, shape (k,).
    priced
        Whether money is asked for.
    """

    inputs: tuple[Uncertain, ...]
    posterior: Posterior
    tags: tuple[str, ...]
    processes: tuple[str, ...]
    energy_kwh: FloatArray
    power_limit: FloatArray
    hours_limit: FloatArray
    savings: tuple[Saving, ...]
    machine_of: FloatArray
    rounds: tuple[FloatArray, ...]
    base_share: FloatArray
    swaps: MotorSwaps
    capex_usd: FloatArray
    priced: bool

    @property
    def machines(self) -> int:
        """Number of machines."""
        return len(self.tags)

    def __call__(self, drawn: Array) -> Array:
        """Return machine energies and savings (kWh); with a price, those of the measures (USD) and of energy follow.

        Parameters
        ----------
        drawn
            Inputs, shape (inputs, draws).

        Returns
        -------
        numpy.ndarray
            Shape (n + k, draws), or (n + 2 k + 1, draws).
        """
        n, m = self.machines, self.posterior.slope.shape[0]
        power, hours = self.posterior.conditioned(drawn[:n], drawn[n : 2 * n], drawn[2 * n : 2 * n + m])
        return self.evaluate(power, hours, drawn[2 * n + m :])

    def evaluate(self, power: Array, hours: Array, others: Array) -> Array:
        """Return the outputs for factors on power and hours, shape (n, draws), and the inputs that follow them."""
        k, swaps = len(self.savings), self.swaps
        np.minimum(power, self.power_limit[:, None], out=power)
        np.minimum(hours, self.hours_limit[:, None], out=hours)
        energy = self.energy_kwh[:, None] * power * hours
        share = others[swaps.inputs : swaps.inputs + k]
        if swaps.count:
            share = share.copy()
            share[swaps.saving] = self.base_share[swaps.saving, None] + swaps.change(
                power[swaps.machine], others[: swaps.inputs]
            )
        saved = self._saved(energy, share)
        if not self.priced:
            return np.concatenate([energy, saved])
        capex = self.capex_usd[:, None] * others[swaps.inputs + k : swaps.inputs + 2 * k]
        return np.concatenate([energy, saved, capex, others[-1:]])

    def _saved(self, energy: Array, share: Array) -> Array:
        """Return the savings: each a share of what the earlier ones left of its machine's energy."""
        left, saved = energy.copy(), share.copy()
        for some in self.rounds:
            machine = self.machine_of[some]
            saved[some] = left[machine] * share[some]
            left[machine] -= saved[some]
        return saved


def audit_model(
    plans: Sequence[MachinePlan],
    parts: Sequence[Part],
    observations: Sequence[Observation],
    posterior: Posterior,
    savings: Sequence[Saving],
    workdays: int,
    price: EnergyPrice | None = None,
) -> AuditModel:
    """Return the model of an audit.

    Energy of a machine is its power times its hours, both after the readings. Each saving is a share of the energy
    that the earlier ones left; its band is taken without the part that the machine's load explains, which is drawn
    already. Replaced motors are evaluated from the drawn load and the drawn losses of both motors. So the savings of
    all causes add up to the total in every draw.

    Parameters
    ----------
    plans, parts
        Machines, in the same order.
    observations, posterior
        Of the reconciliation; none, and the prior, without readings.
    savings
        Of the audit, in the order in which they were applied.
    workdays
        Working days of the year.
    price
        None leaves money out.
    """
    places = {part.tag: i for i, part in enumerate(parts)}
    energy = np.array([plan.energy_kwh_per_day * workdays for plan in plans], dtype=np.float64)
    # Savings without energy (capacitors) have their own money on the bill; their price alone would be half a balance.
    applied = tuple(s for s in savings if s.decision == "apply" and s.energy_kwh_per_year > 0)
    shares, rounds = _shares(applied, places, energy)
    swaps = motor_swaps(plans, applied, places, workdays)
    swapped = {int(k) for k in swaps.saving}
    bands = {plan.motor.tag: plan.state.load_band for plan in plans}
    inputs = [
        *_power_inputs(parts),
        *_hours_inputs(parts),
        *_reading_inputs(observations),
        *swaps.uncertain,
        *(
            _effect(s, share, bands.get(s.tag, 0.0), s.tag in places) if k not in swapped else _known_effect(s, share)
            for k, (s, share) in enumerate(zip(applied, shares, strict=True))
        ),
        *((_capex(s) for s in applied) if price is not None else ()),
        *((_price(price),) if price is not None else ()),
    ]
    return AuditModel(
        inputs=tuple(inputs),
        posterior=posterior,
        tags=tuple(part.tag for part in parts),
        processes=tuple(part.process for part in parts),
        energy_kwh=energy,
        power_limit=np.array([_most(p.power_limit_kw, p.power_kw) for p in parts], dtype=np.float64),
        hours_limit=np.array([_most(p.hours_limit, p.hours) for p in parts], dtype=np.float64),
        savings=applied,
        machine_of=np.array([places.get(s.tag, -1) for s in applied], dtype=np.intp),
        rounds=rounds,
        base_share=shares,
        swaps=swaps,
        capex_usd=np.array([s.capex_usd for s in applied], dtype=np.float64),
        priced=price is not None,
    )


def _most(limit: float | None, base: float) -> float:
    return inf if limit is None or base <= 0 else limit / base


def _shares(
    savings: Sequence[Saving], places: Mapping[str, int], energy: FloatArray
) -> tuple[FloatArray, tuple[FloatArray, ...]]:
    """Return what each saving takes of the energy that the earlier ones left, and their order on their machines."""
    left, seen = energy.copy(), [0] * len(energy)
    shares, rounds = np.zeros(len(savings)), dict[int, list[int]]()
    for k, saving in enumerate(savings):
        if saving.tag not in places:
            shares[k] = saving.energy_kwh_per_year
            continue
        i = places[saving.tag]
        shares[k] = saving.energy_kwh_per_year / left[i] if left[i] > _NOTHING else 0.0
        left[i] -= saving.energy_kwh_per_year
        rounds.setdefault(seen[i], []).append(k)
        seen[i] += 1
    return shares, tuple(np.array(rounds[turn], dtype=np.intp) for turn in sorted(rounds))


def _gaussian(name: str, sd: float, group: str, correlation: float) -> Uncertain:
    reach = _BAND_SD * sd
    return Uncertain(name=name, base=0.0, low=-reach, high=reach, group=group, correlation=correlation if group else 0)


def _power_inputs(parts: Sequence[Part]) -> list[Uncertain]:
    shared = prior_rules().load_correlation
    groups = [f"common_load {part.load_group}" if part.load_group else "" for part in parts]
    return [_gaussian(f"power {p.tag}", p.power_sd, g, shared) for p, g in zip(parts, groups, strict=True)]


def _hours_inputs(parts: Sequence[Part]) -> list[Uncertain]:
    shared = prior_rules().driver_correlation
    groups = [f"common_hours {part.driver}" if part.driver else "" for part in parts]
    return [_gaussian(f"hours {p.tag}", p.hours_sd, g, shared) for p, g in zip(parts, groups, strict=True)]


def _reading_inputs(observations: Sequence[Observation]) -> list[Uncertain]:
    shared = prior_rules().instrument_correlation
    groups = [f"common_reading {one.instrument}" if one.instrument else "" for one in observations]
    return [_gaussian(f"reading {o.name}", 1.0, g, shared) for o, g in zip(observations, groups, strict=True)]


def _effect(saving: Saving, share: float, load_band: float, on_machine: bool) -> Uncertain:
    """Return the share that a saving takes, with its band less the part that the machine's load explains."""
    base, name = saving.energy_kwh_per_year, f"effect {saving.measure} {saving.tag}"
    if base <= 0:
        return _known_effect(saving, share)
    band = load_band if on_machine else 0.0
    low = min(1.0, saving.energy_low_kwh_per_year / base / (1 - min(band, 0.9)))
    high = max(1.0, saving.energy_high_kwh_per_year / base / (1 + band))
    most = max(1.0, share) if on_machine else inf
    return Uncertain(name=name, base=share, low=share * low, high=min(share * high, most), lower=0.0, upper=most)


def _known_effect(saving: Saving, share: float) -> Uncertain:
    """Return the share of a saving that has no band of its own: a swapped motor's follows from loads and losses."""
    name = f"effect {saving.measure} {saving.tag}"
    return Uncertain(name=name, base=share, low=share, high=share, distribution="point")


def _capex(saving: Saving) -> Uncertain:
    base, name = saving.capex_usd, f"capex {saving.measure} {saving.tag}"
    if base <= 0:
        return Uncertain(name=name, base=1.0, low=1.0, high=1.0, distribution="point")
    assumed = saving.capex_high_usd > saving.capex_low_usd
    return Uncertain(
        name=name,
        base=1.0,
        low=min(1.0, saving.capex_low_usd / base),
        high=max(1.0, saving.capex_high_usd / base),
        lower=0.0,
        group="common_capex assumed" if assumed else "",
        correlation=audit_assumption("price_correlation").value if assumed else 0.0,
    )


def _price(price: EnergyPrice) -> Uncertain:
    low, high = sorted((price.low_per_kwh, price.high_per_kwh))
    return Uncertain(
        name="price energy", base=price.per_kwh, low=min(low, price.per_kwh), high=max(high, price.per_kwh)
    )
