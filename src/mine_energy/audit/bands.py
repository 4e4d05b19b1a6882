"""The Monte Carlo of one audit: what it draws from, at which price, and for how long the measures live."""

from collections.abc import Sequence

from mine_energy.audit.adjustment import Adjustment
from mine_energy.audit.decisions import terms_of
from mine_energy.audit.model import EnergyPrice, audit_model
from mine_energy.audit.montecarlo import audit_uncertainty
from mine_energy.audit.parts import audit_assumption
from mine_energy.audit.uncertainty_result import AuditUncertainty
from mine_energy.finance.streams import motor_life
from mine_energy.loads import MachinePlan
from mine_energy.measures import Saving
from mine_energy.site import Site
from mine_energy.tariffs import convert, exchange_rate

_DEFAULT_SEED = 1


def bands_of(
    plans: Sequence[MachinePlan],
    site: Site,
    adjustment: Adjustment,
    savings: Sequence[Saving],
    workdays: int,
    draws: int,
    price: EnergyPrice | None = None,
) -> AuditUncertainty:
    """Return the bands of an audit, seeded by the site's ``[inventory] seed``.

    Parameters
    ----------
    plans, adjustment
        Machines, and what the readings made of them.
    site
        Seed, country.
    savings
        Of the audit.
    workdays
        Working days of the year.
    draws
        Number of draws.
    price
        Worth of a kWh; None leaves money out.
    """
    model = audit_model(
        plans, adjustment.parts, adjustment.observations, adjustment.posterior, savings, workdays, price
    )
    rated = {plan.motor.tag: plan.motor.rated_power_kw for plan in plans}
    lives = [_life(saving, rated.get(saving.tag), site.site.country) for saving in model.savings]
    seed = site.inventory.seed if site.inventory is not None else _DEFAULT_SEED
    return audit_uncertainty(model, draws=draws, seed=seed, price=price, lives=lives)


def _life(saving: Saving, rated_power_kw: float | None, country: str) -> float | None:
    if saving.life_years is not None or rated_power_kw is None:
        return saving.life_years
    return motor_life(rated_power_kw, country).value


def marginal_price(site: Site, savings: Sequence[Saving]) -> EnergyPrice | None:
    """Return what a saved kWh is worth on average on the bill, US dollars, with the packaged band.

    Parameters
    ----------
    site
        Exchange rate, discount rate, life of the mine.
    savings
        Valued with a tariff; None is returned without one, and where they are worth nothing together.
    """
    valued = [
        s for s in savings if s.decision == "apply" and s.value_per_year is not None and s.energy_kwh_per_year > 0
    ]
    energy, worth = sum(s.energy_kwh_per_year for s in valued), sum(s.value_per_year or 0.0 for s in valued)
    if not valued or worth <= 0:
        return None
    rate = exchange_rate(site.site.country, site.finance.exchange_rate)
    per_kwh = convert(worth / energy, valued[0].currency, "USD", rate)
    band = audit_assumption("energy_price_band").value
    terms = terms_of(site)
    return EnergyPrice(
        per_kwh=per_kwh,
        low_per_kwh=per_kwh * (1 - band),
        high_per_kwh=per_kwh * (1 + band),
        currency="USD",
        per_usd=1.0,
        discount_rate=terms.rate,
        years=terms.mine_life_years,
    )
