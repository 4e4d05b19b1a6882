"""All measures in order: each on the plant as the earlier ones left it, three times over, and each alone."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from mine_energy.measures.checks import check
from mine_energy.measures.context import MeasureContext, PlantSeries, Scenario
from mine_energy.measures.gaps import NO_DATA
from mine_energy.measures.machine import Machine, at_end
from mine_energy.measures.outcome import Outcome
from mine_energy.measures.registry import MEASURES, ON_THE_MOTOR, ON_THE_PLANT
from mine_energy.measures.saving import Saving
from mine_energy.motors.tables import assumption

Left = Callable[[Sequence[Saving]], PlantSeries]
"""Power of the plant after some savings."""
Judge = Callable[[MeasureContext, Sequence[Outcome]], Sequence[Outcome]]
"""Says of one measure's outcomes, on the plant as the adopted ones left it, which are adopted, which listed."""
_Key = tuple[str, str]
_SIGNS: Final[Mapping[Scenario, int]] = {"low": -1, "high": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the measures do together.

    Parameters
    ----------
    savings
        One for every machine and measure that was looked at, in the order of the measures.
    gaps
        Measures that could not be looked at for want of data: keeps whose reason says what to measure.
    machines
        As all measures leave them.
    before_motors
        As the measures on load, speed and transmission leave them, with today's motors.
    """

    savings: tuple[Saving, ...]
    gaps: tuple[Saving, ...]
    machines: tuple[Machine, ...]
    before_motors: tuple[Machine, ...]


def assess(
    context: MeasureContext,
    names: Collection[str] | None = None,
    left: Left | None = None,
    judge: Judge | None = None,
) -> Assessment:
    """Return the savings of all measures, applied one after the other.

    Every measure acts on the machines as the earlier ones left them, so the savings add up to the difference of the
    loads. The whole chain runs three times: at the base, and with loads, motor losses and effects at both ends of
    their bands. Each measure also runs alone on today's machines; the difference is interaction.

    Parameters
    ----------
    context
        Today's machines and the site's choices.
    names
        Measures to look at; all of them when None.
    left
        Gives the plant's power after some savings, for the measures on the whole plant.
    judge
        Adopts or lists; without one everything possible is adopted. What is listed changes no machine: the measures
        after it see the plant without it, at the base and at both ends of the bands.

    Returns
    -------
    Assessment

    Raises
    ------
    InputError
        Entries of the site file do not fit the inventory.
    """
    check(context.choice, context.machines)
    wanted = [name for name in MEASURES if names is None or name in names]
    to_machines = [name for name in wanted if name not in ON_THE_PLANT]
    judge = judge or _everything
    loads, unchanged = _chain(context, [n for n in to_machines if n not in ON_THE_MOTOR], None, judge)
    motors, moved = _chain(unchanged, [n for n in to_machines if n in ON_THE_MOTOR], None, judge)
    plant, _ = _chain(moved, [n for n in wanted if n in ON_THE_PLANT], left, judge, [*loads, *motors])
    outcomes = [*loads, *motors, *plant]
    same = _same_as(outcomes)
    low, _ = _chain(_scenario(context, "low"), to_machines, None, same)
    high, _ = _chain(_scenario(context, "high"), to_machines, None, same)
    alone = _alone(context, wanted)
    ends = (_energies(low), _energies(high), alone)
    savings = [_with_ends(outcome.saving, *ends) for outcome in outcomes]
    return Assessment(
        savings=tuple(s for s in savings if not s.reason.key.startswith(NO_DATA)),
        gaps=tuple(s for s in savings if s.reason.key.startswith(NO_DATA)),
        machines=moved.machines,
        before_motors=unchanged.machines,
    )


def _chain(
    context: MeasureContext, names: Sequence[str], left: Left | None, judge: Judge, earlier: Sequence[Outcome] = ()
) -> tuple[list[Outcome], MeasureContext]:
    """Return the outcomes of measures applied in order, and the plant as they leave it."""
    done: list[Outcome] = []
    for name in names:
        if left is not None:
            context = replace(context, series=left([o.saving for o in (*earlier, *done)]))
        outcomes = judge(context, MEASURES[name](context))
        moved = (o.machine for o in outcomes if o.machine is not None and o.saving.decision != "listed")
        context = context.with_machines(moved)
        done += outcomes
    return done, context


def _everything(_: MeasureContext, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
    return outcomes


def _same_as(outcomes: Sequence[Outcome]) -> Judge:
    """Return a judge that lists what was listed: the ends of the bands belong to the same set of measures."""
    listed = {(o.saving.tag, o.saving.measure) for o in outcomes if o.saving.decision == "listed"}

    def judge(_: MeasureContext, found: Sequence[Outcome]) -> Sequence[Outcome]:
        return [as_listed(o) if (o.saving.tag, o.saving.measure) in listed else o for o in found]

    return judge


def as_listed(outcome: Outcome) -> Outcome:
    """Return an outcome that is possible but not adopted; one that is kept stays so."""
    if outcome.saving.decision == "keep":
        return outcome
    return replace(outcome, saving=replace(outcome.saving, decision="listed"))


def _scenario(context: MeasureContext, scenario: Scenario) -> MeasureContext:
    sign = _SIGNS[scenario]
    machines = tuple(
        at_end(m, 1 + sign * m.state.load_band, 1 + sign * assumption(_loss_band(m)).value) for m in context.machines
    )
    return replace(context, machines=machines, scenario=scenario)


def _loss_band(machine: Machine) -> str:
    guessed = machine.state.efficiency_source in {"assumed", "year_guess"}
    return "efficiency_loss_band_assumed" if guessed else "efficiency_loss_tolerance"


def _energies(outcomes: Sequence[Outcome]) -> Mapping[_Key, float]:
    return {(o.saving.tag, o.saving.measure): o.saving.energy_kwh_per_year for o in outcomes}


def _alone(context: MeasureContext, names: Sequence[str]) -> Mapping[_Key, float]:
    return _energies([o for name in names if name not in ON_THE_PLANT for o in MEASURES[name](context)])


def _with_ends(
    saving: Saving, low: Mapping[_Key, float], high: Mapping[_Key, float], alone: Mapping[_Key, float]
) -> Saving:
    key, base = (saving.tag, saving.measure), saving.energy_kwh_per_year
    if saving.decision == "keep" or key not in low:
        return saving
    return replace(
        saving,
        energy_low_kwh_per_year=max(0.0, min(low[key], base)),
        energy_high_kwh_per_year=max(high.get(key, base), base),
        standalone_kwh_per_year=alone.get(key, base),
    )
