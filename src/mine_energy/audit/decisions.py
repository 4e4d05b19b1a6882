"""Keep, replace now, or wait for the failure: one decision for every motor, by net present value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Final, Literal

from mine_energy.audit.result import Decision, Option, OptionKey
from mine_energy.errors import Finding
from mine_energy.finance import cost_of_conserved_energy, npv, packaged
from mine_energy.finance.streams import motor_life
from mine_energy.measures import Machine, MeasureContext, Saving, measure_assumption
from mine_energy.measures.replacement import new_motor, with_motor
from mine_energy.motors.rewind import after_rewinds, rewind_loss
from mine_energy.motors.tables import assumption
from mine_energy.site import Site

_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What all decisions share: rate, mine life, and what is assumed about rewinding."""

    rate: float
    mine_life_years: float | None
    rewind_share: float
    rewind_points: float | None
    remaining_share: float
    min_hours: float
    ie4_usd_per_kw: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One motor with its prices, energies and worth."""

    machine: Machine
    terms: Terms
    life: float
    price_usd: float
    install_usd: float
    value: float | None

    @property
    def rewind_usd(self) -> float:
        return self.price_usd * self.terms.rewind_share + self.install_usd


def terms_of(site: Site) -> Terms:
    """Return the terms of a site's decisions; what it leaves out takes the packaged assumption."""
    rewind, rate = site.measures.rewind, site.finance.discount_rate
    country = site.site.country
    percent = packaged("discount_rate_real", country, None if rate is None else rate * _PERCENT)
    return Terms(
        rate=percent.value / _PERCENT,
        mine_life_years=site.finance.mine_life_years,
        rewind_share=_or(rewind.cost_share, "rewind_cost_share"),
        rewind_points=rewind.loss_points,
        remaining_share=_or(rewind.remaining_life_share, "remaining_life_share"),
        min_hours=measure_assumption("min_hours_now").value,
        ie4_usd_per_kw=rewind.ie4_price_usd_per_kw,
    )


def _or(stated: float | None, key: str) -> float:
    # Zero is a value: a rewind may cost nothing, or nothing in efficiency.
    return measure_assumption(key).value if stated is None else stated


def decide(
    site: Site, context: MeasureContext, savings: Sequence[Saving], usd_per_unit: float | None
) -> tuple[Decision, ...]:
    """Return the decision about every motor.

    Now: full price against the saving of today's motor until it would have failed, then of the rewound one, and the
    rewind it spares. At failure: the price above a rewind against the saving of the rewound motor. The worth of a kWh
    is the replacement's own on the bill. Waiting is discounted to today before it is compared with buying now.

    Parameters
    ----------
    site
        Money, rewinding.
    context
        Machines with the earlier measures applied and today's motors.
    savings
        All of them, with their value.
    usd_per_unit
        Dollars per unit of the values' currency; None without a tariff.

    Returns
    -------
    tuple of Decision
        In inventory order.
    """
    terms = terms_of(site)
    found: Mapping[str, Saving] = {s.tag: s for s in savings if s.measure == "replacement"}
    resized = {s.tag for s in savings if s.measure == "right_size" and s.decision == "apply"}
    machines = [m for m in context.machines if m.motor.tag in found and m.motor.tag not in resized]
    return tuple(_decision(site, context, m, found[m.motor.tag], terms, usd_per_unit) for m in machines)


def _decision(
    site: Site, context: MeasureContext, machine: Machine, saving: Saving, terms: Terms, usd_per_unit: float | None
) -> Decision:
    hours = machine.hours_per_year + machine.unloaded_hours_per_year
    life = motor_life(machine.motor.rated_power_kw, site.site.country).value
    years = floor(min(life, terms.mine_life_years or life))
    if saving.decision == "keep":
        return _settled(machine, "keep", saving.reason, None, years, hours)
    value = _worth(saving, usd_per_unit)
    share = assumption("installation_share_default").value
    installed = saving.capex_usd
    price = installed / (1 + share)
    case = _Case(machine=machine, terms=terms, life=life, price_usd=price, install_usd=installed - price, value=value)
    options = _options(case, context, saving)
    chosen, why = _choose(case, options, hours)
    return Decision(
        tag=machine.motor.tag,
        options=options,
        chosen=chosen,
        reason=why,
        value_usd_per_kwh=value,
        years=years,
        hours_per_year=hours,
    )


def _settled(
    machine: Machine, chosen: OptionKey, why: Finding, value: float | None, years: int, hours: float
) -> Decision:
    return Decision(
        tag=machine.motor.tag,
        options=(),
        chosen=chosen,
        reason=why,
        value_usd_per_kwh=value,
        years=years,
        hours_per_year=hours,
    )


def _worth(saving: Saving, usd_per_unit: float | None) -> float | None:
    if usd_per_unit is None or saving.value_per_year is None or saving.energy_kwh_per_year <= 0:
        return None
    return saving.value_per_year * usd_per_unit / saving.energy_kwh_per_year


def rewound(machine: Machine, points: float | None) -> Machine:
    """Return a machine whose motor was rewound once more.

    Parameters
    ----------
    machine
        Before.
    points
        Loss in percentage points; None takes the mean of the packaged distribution for the row's workshop.
    """
    loss = rewind_loss(1, machine.motor.rewind_shop).mean if points is None else points / _PERCENT
    if machine.curve is None:
        return machine
    return replace(machine, curve=machine.curve.at_efficiency(after_rewinds(machine.efficiency_full_load, loss)))


def _options(case: _Case, context: MeasureContext, saving: Saving) -> tuple[Option, ...]:
    machine, terms = case.machine, case.terms
    today = machine.energy_kwh_per_year
    again = rewound(machine, terms.rewind_points).energy_kwh_per_year
    new = today - saving.energy_kwh_per_year
    options = [
        Option(key="keep", capex_usd=0.0, saved_kwh_per_year=0.0, npv_usd=0.0, cce_usd_per_kwh=None),
        _now(case, saving, again - today),
        Option(key="at_failure_rewind", capex_usd=0.0, saved_kwh_per_year=0.0, npv_usd=0.0, cce_usd_per_kwh=None),
        _at_failure(case, "at_failure_new", case.price_usd + case.install_usd - case.rewind_usd, again - new),
    ]
    best = replace(context, replacement_class="IE4")
    if terms.ie4_usd_per_kw is not None and context.replacement_class != "IE4":
        found = new_motor(machine, best, machine.rated_power_kw)
        if found is not None:
            energy = with_motor(machine, found.efficiency, machine.rated_power_kw).energy_kwh_per_year
            price = terms.ie4_usd_per_kw * machine.rated_power_kw * machine.motor.quantity
            options.append(_at_failure(case, "at_failure_ie4", price - case.rewind_usd, again - energy))
    return tuple(options)


def _now(case: _Case, saving: Saving, rewind_loss_kwh: float) -> Option:
    """Return the option to buy now: today's saving until the failure, a larger one and a spared rewind after it."""
    full = case.price_usd + case.install_usd
    years = _years(case, case.life)
    fails = case.terms.remaining_share * case.life
    if case.value is None:
        worth = None
    else:
        flow = [-full]
        for year in range(1, years + 1):
            later = rewind_loss_kwh if year > fails else 0.0
            spared = case.rewind_usd if year - 1 < fails <= year else 0.0
            flow.append((saving.energy_kwh_per_year + later) * case.value + spared)
        worth = npv(case.terms.rate, flow)
    return Option(
        key="now",
        capex_usd=full,
        saved_kwh_per_year=saving.energy_kwh_per_year,
        npv_usd=worth,
        cce_usd_per_kwh=cost_of_conserved_energy(full, 0.0, saving.energy_kwh_per_year, case.terms.rate, years),
    )


def _at_failure(case: _Case, key: OptionKey, extra_usd: float, saved_kwh: float) -> Option:
    mine = case.terms.mine_life_years
    years = (
        _years(case, case.life)
        if mine is None
        else floor(min(case.life, max(0.0, mine - case.terms.remaining_share * case.life)))
    )
    worth = None
    if case.value is not None:
        worth = npv(case.terms.rate, [-extra_usd, *[saved_kwh * case.value] * years])
    return Option(
        key=key,
        capex_usd=extra_usd,
        saved_kwh_per_year=saved_kwh,
        npv_usd=worth,
        cce_usd_per_kwh=cost_of_conserved_energy(extra_usd, 0.0, saved_kwh, case.terms.rate, years),
    )


def _years(case: _Case, life: float) -> int:
    mine = case.terms.mine_life_years
    return floor(life if mine is None else min(life, mine))


def _choose(case: _Case, options: Sequence[Option], hours: float) -> tuple[OptionKey | Literal["undecided"], Finding]:
    worth = {option.key: option.npv_usd for option in options}
    now = worth["now"]
    if now is None:
        return "undecided", Finding(key="decision_no_tariff")
    waiting = {k: v for k, v in worth.items() if k.startswith("at_failure_") and v is not None}
    best = max(waiting, key=lambda key: waiting[key])
    delay = (1 + case.terms.rate) ** (case.terms.remaining_share * case.life)
    if now > 0 and hours >= case.terms.min_hours and now >= waiting[best] / delay:
        return "now", Finding(key="decision_now", params={"npv": now})
    if best == "at_failure_rewind" or waiting[best] <= 0:
        return "at_failure_rewind", Finding(key="decision_rewind", params={"npv": now})
    if now > 0 and hours < case.terms.min_hours:
        params = {"hours": hours, "minimum": case.terms.min_hours, "npv": waiting[best]}
        return best, Finding(key="decision_few_hours", params=params)
    return best, Finding(key="decision_at_failure", params={"npv": waiting[best], "npv_now": now})
