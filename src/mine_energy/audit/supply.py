"""The supply curve of saved energy: what the next kWh costs, the cheapest first."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Literal

from mine_energy.audit.result import Decision, SupplyStep
from mine_energy.finance import cost_of_conserved_energy
from mine_energy.finance.streams import motor_life
from mine_energy.measures import Saving


def supply_curve(
    savings: Sequence[Saving],
    decisions: Sequence[Decision],
    rated_kw: Mapping[str, float],
    country: str,
    terms: tuple[float, float | None],
) -> tuple[SupplyStep, ...]:
    """Return the savings with a price, sorted by the cost of conserved energy.

    Motors that are decided for their next failure stand at the price above a rewind; everything else at its full
    price. Savings whose price nobody gave are left out.

    Parameters
    ----------
    savings
        Those of the audit.
    decisions
        About its motors.
    rated_kw
        Rated power by tag, for the life of motors.
    country
        ISO 3166 code: whose lives.
    terms
        Discount rate and mine life (None when nobody stated one).
    """
    rate, mine = terms
    by_tag = {decision.tag: decision for decision in decisions}
    steps: list[tuple[float, Saving, Literal["full", "incremental"]]] = []
    for saving in savings:
        if saving.decision == "keep" or not saving.price_known or saving.energy_kwh_per_year <= 0:
            continue
        decision = by_tag.get(saving.tag) if saving.measure == "replacement" else None
        waiting = decision is not None and decision.chosen.startswith("at_failure")
        cost: float | None
        if decision is not None and waiting:
            cost = next(o.cce_usd_per_kwh for o in decision.options if o.key == "at_failure_new")
        else:
            life = saving.life_years or motor_life(rated_kw[saving.tag], country).value
            years = floor(life if mine is None else min(life, mine))
            cost = cost_of_conserved_energy(saving.capex_usd, 0.0, saving.energy_kwh_per_year, rate, years)
        if cost is not None:
            steps.append((cost, saving, "incremental" if waiting else "full"))
    steps.sort(key=lambda step: (step[0], step[1].tag, step[1].measure))
    total, curve = 0.0, []
    for cost, saving, basis in steps:
        total += saving.energy_kwh_per_year
        curve.append(
            SupplyStep(
                tag=saving.tag,
                measure=saving.measure,
                cause=saving.cause,
                energy_kwh_per_year=saving.energy_kwh_per_year,
                cumulative_kwh_per_year=total,
                cce_usd_per_kwh=cost,
                basis=basis,
            )
        )
    return tuple(curve)
