"""The three meanings of "100 %" with their cost, and the plant of one of them in depth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from mine_energy.errors import Finding, Infeasible
from mine_energy.motors import MotorInventory
from mine_energy.site import Meaning, Site
from mine_energy.sizing import SizingResult
from mine_energy.sizing.result import PlantYear
from mine_energy.sizing.start_current import StartMethod
from mine_energy.study.plant import Supply
from mine_energy.study.sizing_case import SizingCase
from mine_energy.study.sizing_depth import Depth, depth_of
from mine_energy.study.sizing_meanings import (
    MEANINGS,
    Made,
    attempt,
    base_of,
    detail_of,
    meaning_of,
    sized_plant,
    trust_of,
)
from mine_energy.study.sizing_result import MeaningResult, Sizing
from mine_energy.study.sizing_secure import inverters_of, security_of
from mine_energy.study.sizing_starts import Starts, derated_of, starts_of
from mine_energy.study.sizing_views import budget_of, frontier_of, map_of, sensitivity_of

_PROOFS: Final = frozenset(
    {
        "size_no_bound",
        "size_bound_foresight",
        "size_branch_and_bound",
        "size_bill_no_bound",
        "size_catalogue_all",
        "size_catalogue_some",
    }
)
"""Findings of one meaning: its row and its proof say the same, with its name."""


def run_sizing(
    after: SizingCase,
    before: SizingCase,
    inventory: MotorInventory | None,
    *,
    measures_cost: float = 0.0,
    improved: Mapping[str, StartMethod] | None = None,
    meanings: tuple[Meaning, ...] = MEANINGS,
    thorough: bool = False,
    must_reach: bool = True,
) -> Sizing:
    """Return the sizing of a plant.

    Parameters
    ----------
    after, before
        The problem on the load after measures and on the load of today.
    inventory
        For the starts of motors; None leaves them out.
    measures_cost
        What the measures cost, which a budget pays first.
    improved
        How machines start after the measures, by tag, where a drive or soft starter is among them.
    meanings
        Which to size; the site's goal is always among them.
    thorough
        Whether every meaning is put into units that are sold, not the goal's alone.
    must_reach
        Whether a goal that no plant reaches is an error; otherwise its row says why.

    Raises
    ------
    Infeasible
        No plant reaches the goal, or any meaning.
    """
    found = _found(after, before, meanings, thorough=thorough, must_reach=must_reach)
    goal, chosen, offgrid, wished = (found.goal, found.result(found.looked_at), found.result("offgrid"), found.wished)
    depth = depth_of(after, found.looked_at, chosen) if chosen is not None else Depth()
    started = starts_of(after, found.checked, found.made[found.checked], inventory, improved)
    rows = found.rows(after, started)
    budget, unpaid = budget_of(after, measures_cost)
    secure = security_of(after, found.checked, found.made[found.checked])
    said = (
        *(*after.findings, *_said(found.made, found.looked_at, goal), *depth.findings),
        *(*started.findings, *secure, *_heights(after, found), *unpaid),
    )
    return Sizing(
        goal=goal,
        currency=after.site.finance.currency,
        years=len(after.units),
        years_drawn=after.drawn,
        base_case=sized_plant(base_of(found.bases)),
        meanings=rows,
        detail=found.looked_at,
        fuel_saved_l=chosen.fuel_saved_l if chosen is not None else 0.0,
        trust=trust_of(offgrid.reliability) if offgrid is not None else None,
        saved=next(row.saved for row in rows if row.key == goal),
        budget=budget,
        frontier=frontier_of(after) if offgrid is not None else (),
        reliability=map_of(after, offgrid) if offgrid is not None else None,
        fortnight=depth.fortnight,
        soc_hours=depth.soc_hours,
        battery_years=depth.battery_years,
        sensitivity=sensitivity_of(after, goal, wished.plant.money.total) if wished is not None else (),
        starts=started.starts,
        derated=derated_of(after, found.made[found.checked]),
        findings=joined(said),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """The meanings sized on the load after measures, and again on today's.

    ``looked_at`` is the one that is shown in depth, ``checked`` the one whose machines have to start.
    """

    goal: Meaning
    made: dict[Meaning, Made]
    earlier: dict[Meaning, Made]
    looked_at: Meaning
    checked: Meaning
    bases: tuple[PlantYear, ...]

    def result(self, key: Meaning) -> SizingResult | None:
        """Return the sizing of a meaning; None where no plant reaches it, or nobody asked."""
        made = self.made.get(key)
        return made if isinstance(made, SizingResult) else None

    @property
    def wished(self) -> SizingResult | None:
        """The sizing of the goal."""
        return self.result(self.goal)

    def rows(self, after: SizingCase, started: Starts) -> tuple[MeaningResult, ...]:
        """Return a row for each meaning, the checked one with whether its machines start."""
        rows = (meaning_of(after, key, made, self.earlier.get(key)) for key, made in self.made.items())
        return tuple(
            replace(row, refused=started.refused, starting=started.larger) if row.key == self.checked else row
            for row in rows
        )


def _found(
    after: SizingCase, before: SizingCase, meanings: tuple[Meaning, ...], *, thorough: bool, must_reach: bool
) -> _Found:
    """Return the meanings sized.

    Raises
    ------
    Infeasible
        No plant reaches the goal, or any meaning.
    """
    goal = after.site.coverage.goal
    wanted = [key for key in MEANINGS if key == goal or key in meanings]
    made: dict[Meaning, Made] = {
        # What was asked for has to be reached; the others stand beside it as far as they are.
        key: after.sized(after.goal(key))
        if key == goal and must_reach
        else attempt(after, key, units=thorough or key == goal)
        for key in wanted
    }
    # Least cost promises no coverage: what the measures save of its plant is left to who asks for it.
    again = [key for key in wanted if thorough or key in {goal, *MEANINGS[:3]}]
    looked_at = detail_of(made, goal)
    bases = tuple(one.base_case for one in made.values() if isinstance(one, SizingResult))
    if not bases:
        raise Infeasible("size_least_cost")
    return _Found(
        goal=goal,
        made=made,
        earlier={key: attempt(before, key, units=False) for key in again},
        looked_at=looked_at,
        checked="offgrid" if after.equipment.grid is not None and "offgrid" in made else looked_at,
        bases=bases,
    )


def _heights(after: SizingCase, found: _Found) -> tuple[Finding, ...]:
    """Return what the site's height leaves of the inverters of the goal's plant and of the one looked at."""
    plants = [one for key in (found.goal, found.looked_at) if (one := found.result(key)) is not None]
    return inverters_of(after, *(max((getattr(p, n) for p in plants), default=0.0) for n in ("pv_kwp", "battery_kw")))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GoalPlants:
    """The plant of the site's goal for the load after measures and for that of today, and the battery's rule."""

    after: SizingResult
    before: SizingResult
    problem: SizingCase


def sized_goal(after: SizingCase, before: SizingCase) -> GoalPlants:
    """Return the plants of the site's goal.

    Raises
    ------
    Infeasible
        No plant reaches it.
    """
    goal = after.site.coverage.goal
    first, second = (case.sized(case.goal(goal), catalogue=False) for case in (after, before))
    return GoalPlants(after=first, before=second, problem=after)


def stored_by(supply: Supply, site: Site, chosen: GoalPlants | None, which: Literal["after", "before"]) -> Supply:
    """Return the supply with the battery of the goal's plant; without the grid where the goal is off it.

    The rule is that of a year without limits by temperature: sizing has them by the hour.
    """
    if chosen is None:
        return supply
    made = chosen.after if which == "after" else chosen.before
    off = site.coverage.goal == "offgrid"
    alone = off and made.genset_kw == 0
    rule = replace(chosen.problem.equipment.battery, charge_limit=None, discharge_limit=None)
    return replace(
        supply,
        grid=None if off else supply.grid,
        genset=None if alone else supply.genset,
        genset_kw=0.0 if alone else supply.genset_kw,
        battery=rule if made.battery_kwh > 0 else None,
        battery_kwh=made.battery_kwh,
        battery_kw=made.battery_kw if made.battery_kwh > 0 else 0.0,
    )


def _said(found: dict[Meaning, Made], looked_at: Meaning, goal: Meaning) -> list[Finding]:
    """Return what the sizings of the goal, of the plant looked at and of the off-grid plant have to say."""
    keys = dict.fromkeys((goal, looked_at, "offgrid"))
    said = [f for key in keys if isinstance(made := found.get(key), SizingResult) for f in made.findings]
    return [finding for finding in said if finding.key not in _PROOFS]


def joined(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in their order, equal ones once."""
    kept: list[Finding] = []
    for finding in findings:
        if finding not in kept:
            kept.append(finding)
    return tuple(kept)
