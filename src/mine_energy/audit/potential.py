"""Technical and economic potential: everything that is possible, and what of it is worth doing now.

The adopted measures are found on the way: each measure, in the order of application, is judged on the plant as the
adopted ones before it leave it, by its own bill. What is not adopted changes no machine, so the measures after it are
recomputed without it and nothing is counted twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import Final, Literal

from mine_energy.audit.after import Baseline, at_monthly_peaks, duration_share, monthly_peaks, series_after
from mine_energy.audit.decisions import decide, terms_of
from mine_energy.audit.result import Decision
from mine_energy.audit.value import LEAST_SHARE, Standing, class_change, standing, valued, with_savings
from mine_energy.errors import Finding, Param
from mine_energy.finance import npv
from mine_energy.finance.streams import motor_life
from mine_energy.measures import Assessment, MeasureContext, Outcome, Saving, assess
from mine_energy.measures.saving import When
from mine_energy.site import Site
from mine_energy.tariffs import Tariff, convert, exchange_rate

_MOTOR: Final = "replacement"
_MOST_BILLS: Final = 150
_WHEN: Final[dict[str, When]] = {
    "now": "now",
    "at_failure_new": "at_failure",
    "at_failure_ie4": "at_failure",
    "at_failure_rewind": "never",
    "keep": "never",
}
"""What a decision about a motor says of buying a better one; without a tariff the measure's own word stands."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Potential:
    """What can be saved, and what of it is adopted.

    Parameters
    ----------
    adopt
        ``worthwhile`` or ``all``, as it was applied.
    savings
        Adopted (``apply``) and listed, each on the plant as the adopted ones before it leave it.
    technical
        Everything that is possible, applied in order.
    gaps
        Measures without data.
    decisions
        About the motors, in inventory order.
    findings
        What the choice means for the load after measures.
    chain
        The machines on the way.
    """

    adopt: Literal["worthwhile", "all"]
    savings: tuple[Saving, ...]
    technical: tuple[Saving, ...]
    gaps: tuple[Saving, ...]
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]
    chain: Assessment


def potential_of(
    site: Site, baseline: Baseline, context: MeasureContext, names: Collection[str] | None, tariff: Tariff | None
) -> Potential:
    """Return the measures of a plant: those adopted, those listed, and all that are technically possible.

    Parameters
    ----------
    site
        ``[measures] adopt``: ``worthwhile`` adopts what has a positive net present value now; ``all`` adopts
        everything that is possible. Money, rewinding.
    baseline
        Load before and the runs of the machines.
    context
        Today's machines.
    names
        Measures to look at; all of them when None.
    tariff
        Of the supply. Without one, or with a record shorter than a year, nothing can be judged: all is adopted, and a
        finding says so.

    Returns
    -------
    Potential
    """
    if not context.machines:
        empty = Assessment(savings=(), gaps=(), machines=(), before_motors=())
        return Potential(adopt="all", savings=(), technical=(), gaps=(), decisions=(), findings=(), chain=empty)
    technical = assess(context, names, lambda done: series_after(baseline, done))
    usd = None if tariff is None else _usd_per_unit(site, tariff)
    judged = tariff is not None and duration_share(baseline.load) >= LEAST_SHARE
    if not judged or tariff is None or usd is None:
        decisions = decide(site, replace(context, machines=technical.before_motors), technical.savings, None)
        savings = _at_peaks(baseline, technical.savings)
        unjudged = (Finding(key="potential_not_judged", level="warning"),) if site.measures.adopt != "all" else ()
        return _potential(baseline, "all", technical, savings, technical, decisions, unjudged)
    if site.measures.adopt == "all":
        savings = valued(baseline, technical.savings, tariff)
        decisions = decide(site, replace(context, machines=technical.before_motors), savings, usd)
        savings = tuple(_decided(site, context, s, decisions, usd) for s in savings)
        savings = _at_peaks(baseline, savings)
        said = (
            Finding(key="potential_all_adopted", params=_doubtful(savings)),
            *class_change(baseline, savings, tariff),
        )
        return _potential(baseline, "all", technical, savings, technical, decisions, said)
    chooser = _Chooser(site, baseline, tariff, usd)
    found = assess(context, names, lambda done: series_after(baseline, done), chooser.judge)
    savings = _at_peaks(baseline, found.savings)
    order = [m.motor.tag for m in context.machines if m.motor.tag in chooser.decisions]
    decisions = tuple(chooser.decisions[tag] for tag in order)
    said = (*_said(savings, technical), *class_change(baseline, savings, tariff))
    return _potential(baseline, "worthwhile", found, savings, technical, decisions, said)


def _potential(
    baseline: Baseline,
    adopt: Literal["worthwhile", "all"],
    found: Assessment,
    savings: tuple[Saving, ...],
    technical: Assessment,
    decisions: tuple[Decision, ...],
    said: tuple[Finding, ...],
) -> Potential:
    return Potential(
        adopt=adopt,
        savings=savings,
        technical=savings if found is technical else _at_peaks(baseline, technical.savings),
        gaps=found.gaps,
        decisions=decisions,
        findings=said,
        chain=found,
    )


def _usd_per_unit(site: Site, tariff: Tariff) -> float:
    return convert(1.0, tariff.currency, "USD", exchange_rate(site.site.country, site.finance.exchange_rate))


def _at_peaks(baseline: Baseline, savings: Sequence[Saving]) -> tuple[Saving, ...]:
    peaks = monthly_peaks(baseline)
    return tuple(replace(s, peak_kw=at_monthly_peaks(baseline, s, peaks)) for s in savings)


class _Chooser:
    """Judges measure after measure, and carries the bill of what is adopted so far.

    Attributes
    ----------
    decisions
        About the motors judged, by tag.
    """

    def __init__(self, site: Site, baseline: Baseline, tariff: Tariff, usd_per_unit: float) -> None:
        self.decisions: dict[str, Decision] = {}
        self._site, self._baseline, self._tariff, self._usd = site, baseline, tariff, usd_per_unit
        self._now: Standing = standing(baseline, tariff)

    def judge(self, context: MeasureContext, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes of one measure with their money, adopted or listed."""
        possible = [o for o in outcomes if o.saving.decision == "apply"]
        together = len(possible) > _MOST_BILLS
        shared = self._shared([o.saving for o in possible]) if together else {}
        done = [self._one(context, outcome, shared) for outcome in outcomes]
        return self._settled(done) if together else done

    def _one(self, context: MeasureContext, outcome: Outcome, shared: dict[str, float]) -> Outcome:
        saving = outcome.saving
        if saving.decision != "apply":
            self._about_motor(context, saving)
            return outcome
        after = None if shared else with_savings(self._baseline, self._now, [saving], self._tariff)
        worth = shared[saving.tag] if after is None else self._now.worth_of(after)
        saving = replace(saving, value_per_year=worth, currency=self._tariff.currency)
        self._about_motor(context, saving)
        saving = _decided(self._site, context, saving, tuple(self.decisions.values()), self._usd)
        if saving.when != "now":
            return replace(outcome, saving=replace(saving, decision="listed"))
        self._now = after or self._now
        return replace(outcome, saving=saving)

    def _about_motor(self, context: MeasureContext, saving: Saving) -> None:
        resized = "right_size" in context.machine(saving.tag).applied if saving.measure == _MOTOR else True
        if not resized:
            self.decisions[saving.tag] = decide(self._site, context, [saving], self._usd)[0]

    def _shared(self, savings: Sequence[Saving]) -> dict[str, float]:
        """Return the worth of very many savings of one measure: their common bill, shared by energy."""
        worth = self._now.worth_of(with_savings(self._baseline, self._now, savings, self._tariff))
        energy = sum(s.energy_kwh_per_year for s in savings)
        return {s.tag: worth * (s.energy_kwh_per_year / energy if energy > 0 else 1 / len(savings)) for s in savings}

    def _settled(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return outcomes whose adopted ones share the bill of themselves alone."""
        adopted = [o.saving for o in outcomes if o.saving.decision == "apply"]
        if not adopted:
            return list(outcomes)
        energy = sum(s.energy_kwh_per_year for s in adopted)
        after = with_savings(self._baseline, self._now, adopted, self._tariff)
        worth, self._now = self._now.worth_of(after), after
        each = worth / energy if energy > 0 else 0.0
        return [
            replace(o, saving=replace(o.saving, value_per_year=each * o.saving.energy_kwh_per_year))
            if o.saving.decision == "apply"
            else o
            for o in outcomes
        ]


def _decided(
    site: Site, context: MeasureContext, saving: Saving, decisions: Sequence[Decision], usd_per_unit: float
) -> Saving:
    """Return a saving that says when, as its net present value says; about a motor, as the decision about it says."""
    if saving.decision == "keep":
        return saving
    known = next((d for d in decisions if d.tag == saving.tag), None) if saving.measure == _MOTOR else None
    if known is not None:
        now = next((o.npv_usd for o in known.options if o.key == "now"), None)
        return replace(saving, when=_WHEN[known.chosen], when_reason=known.reason, npv_usd=now)
    if not saving.price_known:
        return replace(saving, when="undecided", when_reason=Finding(key="potential_no_price"))
    worth = _npv_usd(site, context, saving, usd_per_unit)
    # What costs nothing and does no harm is done.
    pays = worth > 0 or (saving.capex_usd == 0 and worth == 0)
    key = "potential_pays" if pays else "potential_does_not_pay"
    why = Finding(key=key, params={"npv": worth})
    return replace(saving, when="now" if pays else "never", when_reason=why, npv_usd=worth)


def _npv_usd(site: Site, context: MeasureContext, saving: Saving, usd_per_unit: float) -> float:
    """Return the present value of a measure over the shorter of its life and the mine's, full price now, USD."""
    terms = terms_of(site)
    life = saving.life_years
    if life is None:
        life = motor_life(context.machine(saving.tag).rated_power_kw, site.site.country).value
    years = floor(life if terms.mine_life_years is None else min(life, terms.mine_life_years))
    yearly = (saving.value_per_year or 0.0) * usd_per_unit
    return npv(terms.rate, [-saving.capex_usd, *[yearly] * years])


def _doubtful(savings: Sequence[Saving]) -> dict[str, Param]:
    applied = [s for s in savings if s.decision == "apply"]
    rest = [s for s in applied if s.when != "now"]
    return {
        "kwh": sum(s.energy_kwh_per_year for s in applied),
        "count": len(rest),
        "rest_kwh": sum(s.energy_kwh_per_year for s in rest),
    }


def _said(savings: Sequence[Saving], technical: Assessment) -> tuple[Finding, ...]:
    adopted = sum(s.energy_kwh_per_year for s in savings if s.decision == "apply")
    listed = [s for s in savings if s.decision == "listed"]
    params: dict[str, Param] = {
        "kwh": adopted,
        "technical_kwh": sum(s.energy_kwh_per_year for s in technical.savings if s.decision == "apply"),
        "later": sum(s.when == "at_failure" for s in listed),
        "never": sum(s.when == "never" for s in listed),
        "unpriced": sum(s.when == "undecided" for s in listed),
    }
    return (Finding(key="potential_worthwhile", params=params),)
