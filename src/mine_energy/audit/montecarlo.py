"""Monte Carlo of the audit: bands of energies, savings and money, and what they hang on.

Every input is drawn once for the whole plant and everything is computed from the same draws, so that causes add up to
the total in each of them. Equations and sources: ``docs/methods/uncertainty.md``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isfinite
from typing import Final, Literal, cast

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.audit.measurement_plan import measurement_plan
from mine_energy.audit.model import AuditModel, EnergyPrice, InfluenceKind
from mine_energy.audit.parts import audit_assumption
from mine_energy.audit.uncertainty_result import (
    AuditMoney,
    AuditUncertainty,
    EnergyBand,
    Influence,
    MoneyBand,
    PaybackBand,
    SavingBand,
)
from mine_energy.errors import Finding, Param
from mine_energy.finance.formulas import crf
from mine_energy.measures import Saving
from mine_energy.uncertainty import percentiles, simulate, tornado
from mine_energy.uncertainty.bands import Array

_TORNADO_DRAWS: Final = 1000
_BARS: Final = 12
_NAMED: Final = 6
_NOTABLE_NO_GAIN: Final = 0.1


def audit_uncertainty(
    model: AuditModel,
    *,
    draws: int = 2000,
    seed: int = 1,
    price: EnergyPrice | None = None,
    lives: Sequence[float | None] = (),
) -> AuditUncertainty:
    """Return the bands of an audit.

    Parameters
    ----------
    model
        From :func:`~mine_energy.audit.model.audit_model`, built with the same price.
    draws, seed
        Of the simulation.
    price
        None leaves money out.
    lives
        Life of each applied measure, years; None, or nothing given, lives as long as the mine.

    Returns
    -------
    AuditUncertainty

    Raises
    ------
    InputError
        No draws are asked for.
    """
    sample = simulate(model, model.inputs, draws, seed)
    n, k = model.machines, len(model.savings)
    energy, saved, rest = sample[:n], sample[n : n + k], sample[n + k :]
    money = None if price is None or not k else _money(model.savings, saved, rest[:-1], rest[-1], price, lives)
    on_energy, on_saving, on_npv = _influences(model, seed, price if k else None, lives)
    plan = measurement_plan(model, float(np.var(saved.sum(axis=0))) if k else 0.0)
    result = AuditUncertainty(
        draws=draws,
        seed=seed,
        basis=_basis(model),
        plant=_energy("", energy.sum(axis=0)),
        processes=tuple(
            _energy(name, energy[[p == name for p in model.processes]].sum(axis=0))
            for name in dict.fromkeys(model.processes)
        ),
        machines=tuple(_energy(tag, row) for tag, row in zip(model.tags, energy, strict=True)),
        saving=_saving("", "", "", saved.sum(axis=0)),
        causes=tuple(
            _saving("", "", cause, saved[[s.cause == cause for s in model.savings]].sum(axis=0))
            for cause in dict.fromkeys(s.cause for s in model.savings)
        ),
        measures=tuple(_saving(s.tag, s.measure, s.cause, row) for s, row in zip(model.savings, saved, strict=True)),
        money=money,
        on_energy=on_energy,
        on_saving=on_saving,
        on_npv=on_npv,
        plan=plan,
        findings=(),
    )
    return replace(result, findings=tuple(_findings(result)))


def _basis(model: AuditModel) -> Literal["inventory", "reconciled", "widened"]:
    if not len(model.posterior.slope):
        return "inventory"
    return "reconciled" if model.posterior.widening == 1 else "widened"


def _energy(name: str, samples: Array) -> EnergyBand:
    return EnergyBand(name=name, energy_kwh=percentiles(samples), mean_kwh=float(samples.mean()))


def _saving(tag: str, measure: str, cause: str, samples: Array) -> SavingBand:
    return SavingBand(
        tag=tag,
        measure=measure,
        cause=cause,
        energy_kwh=percentiles(samples),
        mean_kwh=float(samples.mean()),
        no_gain_probability=float((samples <= 0).mean()) if samples.any() else 0.0,
    )


def _annuities(savings: Sequence[Saving], price: EnergyPrice, lives: Sequence[float | None]) -> FloatArray:
    """Return the present value of one unit of money a year over each measure's life, within that of the mine.

    A measure whose life nobody knows counts with the shortest of the others, or with one year: never with more. One
    whose price nobody gave is worth nothing here: its saving is not free.
    """
    shortest = min((life for life in lives if life is not None), default=price.years or 1.0)
    years = [shortest if life is None else life for life in lives or [None] * len(savings)]
    within = [one if price.years is None else min(one, price.years) for one in years]
    known = [1 / crf(price.discount_rate, one) for one in within]
    return np.array([v if s.price_known else 0.0 for v, s in zip(known, savings, strict=True)], dtype=np.float64)


def _money(
    savings: Sequence[Saving],
    saved: Array,
    capex_usd: Array,
    per_kwh: Array,
    price: EnergyPrice,
    lives: Sequence[float | None],
) -> AuditMoney:
    counted = np.array([s.price_known for s in savings])
    worth, capex = saved * per_kwh * counted[:, None], capex_usd * price.per_usd
    npv = worth * _annuities(savings, price, lives)[:, None] - capex
    return AuditMoney(
        currency=price.currency,
        price_per_kwh=percentiles(per_kwh),
        discount_rate=price.discount_rate,
        years=price.years,
        total=_money_band("", "", worth.sum(axis=0), capex.sum(axis=0), npv.sum(axis=0)),
        measures=tuple(
            _money_band(s.tag, s.measure, *rows)
            for s, *rows in zip(savings, worth, capex, npv, strict=True)
            if s.price_known
        ),
    )


def _money_band(tag: str, measure: str, worth: Array, capex: Array, npv: Array) -> MoneyBand:
    with np.errstate(divide="ignore", invalid="ignore"):
        payback = np.where(worth > 0, capex / worth, np.inf)
    years = percentiles(payback)
    return MoneyBand(
        tag=tag,
        measure=measure,
        capex=percentiles(capex),
        npv=percentiles(npv),
        payback=PaybackBand(p10_years=_known(years.p10), p50_years=_known(years.p50), p90_years=_known(years.p90)),
        loss_probability=float((npv < 0).mean()),
    )


def _known(years: float) -> float | None:
    return years if isfinite(years) else None


def _influences(
    model: AuditModel, seed: int, price: EnergyPrice | None, lives: Sequence[float | None]
) -> tuple[tuple[Influence, ...], tuple[Influence, ...], tuple[Influence, ...]]:
    n, k = model.machines, len(model.savings)

    def energy(block: Array) -> Array:
        return cast("Array", model(block)[:n].sum(axis=0))

    def saving(block: Array) -> Array:
        return cast("Array", model(block)[n : n + k].sum(axis=0))

    def value(block: Array) -> Array:
        out = model(block)
        assert price is not None
        worth = _annuities(model.savings, price, lives) @ out[n : n + k] * out[-1]
        return cast("Array", worth - out[n + k : n + 2 * k].sum(axis=0) * price.per_usd)

    return (
        _bars(energy, model, seed),
        _bars(saving, model, seed) if k else (),
        _bars(value, model, seed) if price is not None else (),
    )


def _bars(output: Callable[[Array], Array], model: AuditModel, seed: int) -> tuple[Influence, ...]:
    bars = [bar for bar in tornado(output, model.inputs, _TORNADO_DRAWS, seed) if bar.swing > 0][:_BARS]
    return tuple(
        Influence(
            kind=cast("InfluenceKind", bar.name.partition(" ")[0]),
            subject=bar.name.partition(" ")[2],
            members=bar.members,
            base=bar.base,
            at_p10=bar.at_p10,
            at_p90=bar.at_p90,
            variance_share=bar.variance_share,
        )
        for bar in bars
    )


def _findings(result: AuditUncertainty) -> list[Finding]:
    params: dict[str, Param] = {"draws": result.draws, "seed": result.seed}
    found = [Finding(key="uncertainty_drawn", params=params)]
    if result.basis == "inventory":
        shared: dict[str, Param] = {
            "load": audit_assumption("load_correlation").value,
            "hours": audit_assumption("driver_correlation").value,
        }
        found.append(Finding(key="uncertainty_inventory_alone", level="assumption", params=shared))
    if result.money is not None:
        percent = {"percent": audit_assumption("energy_price_band").value * 100}
        found.append(Finding(key="uncertainty_price_band", level="assumption", params=percent))
    doubtful = [one for one in result.measures if one.no_gain_probability >= _NOTABLE_NO_GAIN]
    if doubtful:
        names = ", ".join(one.tag for one in doubtful[:_NAMED])
        worst = max(one.no_gain_probability for one in doubtful) * 100
        params = {"names": names, "count": len(doubtful), "percent": round(worst)}
        found.append(Finding(key="uncertainty_no_gain", level="warning", params=params))
    if result.plan:
        step = result.plan[0]
        left: dict[str, Param] = {"saving_percent": round((1 - step.saving_left) * 100)}
        left |= {
            "energy_percent": round((1 - step.energy_left) * 100),
            "split_percent": round((1 - step.split_left) * 100),
        }
        found.append(Finding(key=f"uncertainty_measure_{step.quantity}", subject=step.tag, params=left))
    return found
