"""Scope 2 among the other scopes, and per kilogram of gold, tonne of ore, worker."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.errors import InputError, Problem
from mine_energy.site import EmissionsChoice
from mine_energy.units import KG_PER_T


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Scope 2 among the other scopes.

    Parameters
    ----------
    basis
        ``tonnes``: the site states Scopes 1 and 3; ``published_shares``: it states shares only.
    scope1_t_co2e, scope2_t_co2e, scope3_t_co2e, total_t_co2e
        Tonnes; None where shares do not give them. With shares, the total is the one they imply.
    scope2_share, scope3_share
        Of the total.
    """

    basis: Literal["tonnes", "published_shares"]
    scope1_t_co2e: float | None
    scope2_t_co2e: float
    scope3_t_co2e: float | None
    total_t_co2e: float | None
    scope2_share: float | None
    scope3_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intensities:
    """Energy and emissions over what the plant makes; None where the divisor is not known.

    Parameters
    ----------
    kwh_per_kg_au, kwh_per_t_ore, kwh_per_worker
        Electricity of the year.
    t_co2e_per_kg_au, kg_co2e_per_t_ore, t_co2e_per_worker
        The emissions given, as a rule location-based Scope 2.
    """

    kwh_per_kg_au: float | None
    kwh_per_t_ore: float | None
    kwh_per_worker: float | None
    t_co2e_per_kg_au: float | None
    kg_co2e_per_t_ore: float | None
    t_co2e_per_worker: float | None


def footprint(scope2_t_co2e: float, choice: EmissionsChoice) -> Footprint | None:
    """Return Scope 2 as a share of the whole footprint, or None when the site says nothing about the rest.

    Parameters
    ----------
    scope2_t_co2e
        Location-based.
    choice
        The site's section: tonnes of Scopes 1 and 3, or published shares.
    """
    one, three = choice.scope1_t_co2e, choice.scope3_t_co2e
    if one is not None and three is not None:
        total = one + scope2_t_co2e + three
        return Footprint(
            basis="tonnes",
            scope1_t_co2e=one,
            scope2_t_co2e=scope2_t_co2e,
            scope3_t_co2e=three,
            total_t_co2e=total,
            scope2_share=scope2_t_co2e / total if total else None,
            scope3_share=three / total if total else None,
        )
    if choice.scope2_share is None:
        return None
    implied = scope2_t_co2e / choice.scope2_share if choice.scope2_share else None
    return Footprint(
        basis="published_shares",
        scope1_t_co2e=None,
        scope2_t_co2e=scope2_t_co2e,
        scope3_t_co2e=None if implied is None or choice.scope3_share is None else implied * choice.scope3_share,
        total_t_co2e=implied,
        scope2_share=choice.scope2_share,
        scope3_share=choice.scope3_share,
    )


def intensities(
    energy_kwh: float,
    t_co2e: float,
    *,
    gold_kg: float | None = None,
    ore_t: float | None = None,
    workers: int | None = None,
) -> Intensities:
    """Return a year's electricity and emissions per kilogram of gold, tonne of ore and worker.

    Parameters
    ----------
    energy_kwh, t_co2e
        Of the year.
    gold_kg, ore_t, workers
        Of the same year; None or zero gives None.

    Raises
    ------
    InputError
        A negative figure.
    """
    given = {"energy_kwh": energy_kwh, "t_co2e": t_co2e, "gold_kg": gold_kg, "ore_t": ore_t, "workers": workers}
    problems = [
        Problem(key="emissions_rate", field=name, value=str(value))
        for name, value in given.items()
        if value is not None and not value >= 0
    ]
    if problems:
        raise InputError(problems)
    return Intensities(
        kwh_per_kg_au=_per(energy_kwh, gold_kg),
        kwh_per_t_ore=_per(energy_kwh, ore_t),
        kwh_per_worker=_per(energy_kwh, workers),
        t_co2e_per_kg_au=_per(t_co2e, gold_kg),
        kg_co2e_per_t_ore=_per(KG_PER_T * t_co2e, ore_t),
        t_co2e_per_worker=_per(t_co2e, workers),
    )


def _per(amount: float, divisor: float | None) -> float | None:
    return amount / divisor if divisor else None
