"""What an audit stands on: the plant's machines, its load at the meter and behind it, its working days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

import pandas as pd

from mine_energy.audit.adjustment import Evidence
from mine_energy.audit.after import Baseline, duration_share
from mine_energy.audit.value import LEAST_SHARE
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.loads import LoadProfile, MachinePlan, days_behind, load_of, plan_machines, working_days
from mine_energy.loads.losses import Behind, PlantNetwork, at_the_meter, behind_the_meter, network_of
from mine_energy.loads.working import metered_rest, record_working_days
from mine_energy.measures import Machine, MeasureContext
from mine_energy.motors import MotorInventory
from mine_energy.site import Site
from mine_energy.units import HOURS_PER_DAY, LOCAL_TIME, NETWORK_HZ


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What an audit stands on.

    Parameters
    ----------
    site, inventory, year
        As given.
    plans
        Machines with their runs.
    days
        Working days of the year.
    meter
        As given; None without one.
    before
        Baseline at the meter: the record, or the machines with the losses that a meter would count.
    seen
        The baseline from the machines' side; None without a network.
    """

    site: Site
    inventory: MotorInventory | None
    year: int
    plans: tuple[MachinePlan, ...]
    days: tuple[date, ...]
    meter: LoadProfile | None
    before: LoadProfile
    seen: Behind | None

    @property
    def rest_days(self) -> tuple[date, ...]:
        """Days of the year, or of the year's record, on which the plant rests."""
        working = set(self.days)
        if working <= set(working_days(self.year, self.site.site.workdays_per_month)):
            every = [date(self.year, 1, 1) + timedelta(days=i) for i in range(366)]
            return tuple(day for day in every if day.year == self.year and day not in working)
        shown = cast("pd.DatetimeIndex", self.before.load_kw.index).tz_convert(LOCAL_TIME).date
        return tuple(day for day in dict.fromkeys(shown) if day not in working)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Whether the record corrects the stated calendar."""
        if self.meter is None:
            return ()
        rest = metered_rest(self.meter)
        years = sorted({day.year for day in rest})
        stated = {day for year in years for day in working_days(year, self.site.site.workdays_per_month)}
        resting = sum(rests and day in stated for day, rests in rest.items())
        working = sum(not rests and day not in stated for day, rests in rest.items())
        if not resting + working:
            return ()
        params: dict[str, Param] = {"resting": resting, "working": working}
        metered = days_behind(self.meter)
        if metered is not None:
            # The days of a year built from weeks are not metered ones, but copies of the few that are.
            key, params["days"], params["year_days"] = "audit_days_from_weeks", metered, len(rest)
        else:
            key, params["days"] = "audit_days_from_record", len(rest)
        return (Finding(key=key, subject=self.meter.label, params=params),)

    @property
    def machines_load(self) -> LoadProfile:
        """The baseline from the machines' side of the network."""
        return self.before if self.seen is None else self.seen.load

    @property
    def machines_meter(self) -> LoadProfile | None:
        """The meter's record from the machines' side of the network; None without a meter."""
        return None if self.meter is None else self.machines_load

    @property
    def losses_kwh(self) -> float:
        """Losses of the network that the meter counts, over the baseline's record."""
        return 0.0 if self.seen is None else self.seen.losses_kwh

    @property
    def baseline(self) -> Baseline:
        """The baseline with the runs of its machines, for the measures."""
        return Baseline(
            load=self.before,
            plans=self.plans,
            workdays_per_month=self.site.site.workdays_per_month,
            workdays=len(self.days),
            seen=self.seen,
        )

    @property
    def context(self) -> MeasureContext:
        """Today's machines and the site's choices, for the measures."""
        site, workdays = self.site, len(self.days)
        return MeasureContext(
            machines=tuple(
                Machine(
                    motor=plan.motor,
                    state=plan.state,
                    hours_per_year=plan.hours_per_day * workdays,
                    unloaded_hours_per_year=plan.unloaded_hours_per_day * workdays,
                )
                for plan in self.plans
            ),
            choice=site.measures,
            replacement_class=site.measures.replacement_class,
            frequency_hz=NETWORK_HZ,
            min_hours_per_year=site.measures.min_hours_per_year,
            altitude_m=site.site.altitude_m,
            off_grid=site.connection.kind == "offgrid",
            country=site.site.country,
            step_hours=self.before.step_hours,
            network=None if self.seen is None else self.seen.network,
            built=self.before.origin == "built",
        )


def ground_of(
    site: Site, inventory: MotorInventory | None, load: LoadProfile | None, year: int, step_minutes: float
) -> Ground:
    """Return what an audit stands on.

    Parameters
    ----------
    site, inventory, load, year, step_minutes
        As :func:`~mine_energy.audit.audit` takes them.

    Raises
    ------
    InputError
        Neither inventory nor meter is given, or a schedule is wrong.
    """
    if inventory is None and load is None:
        raise InputError([Problem(key="audit_nothing_to_audit", field="inventory")])
    plans = plan_machines(site, inventory) if inventory is not None else ()
    network = network_of(site, plans)
    before = load if load is not None else load_of(plans, site, year, step_minutes)
    seen: Behind | None = None
    if network is not None and load is not None:
        seen = behind_the_meter(load, network)
    elif network is not None:
        seen = _built(before, network)
        before = at_the_meter(before, seen.network)
        seen = replace(seen, losses_kwh=before.energy_kwh - seen.load.energy_kwh)
    return Ground(
        site=site,
        inventory=inventory,
        year=year,
        plans=plans,
        days=_days(site, load, year),
        meter=load,
        before=before,
        seen=seen,
    )


def _days(site: Site, load: LoadProfile | None, year: int) -> tuple[date, ...]:
    """Return the working days of the year: those that a year of metering shows, else those of the calendar."""
    stated = working_days(year, site.site.workdays_per_month)
    if load is None or duration_share(load) < LEAST_SHARE or not metered_rest(load):
        return stated
    first = cast("pd.DatetimeIndex", load.load_kw.index)[0].tz_convert(LOCAL_TIME).date()
    return tuple(day for day in record_working_days(load, site.site.workdays_per_month) if day >= first)


def _built(machines: LoadProfile, network: PlantNetwork) -> Behind:
    """Return a load built from machines as its own other side of the network."""
    if machines.reactive_kvar is None:
        raise AssertionError("a built load has its reactive power")
    reactive = machines.reactive_kvar.to_numpy()
    known = network.with_fraction_of(machines.load_kw.to_numpy(), reactive)
    return Behind(load=machines, reactive_kvar=reactive, network=known, losses_kwh=0.0)


def bills_behind(ground: Ground, evidence: Evidence) -> tuple[Evidence, float]:
    """Return the evidence with bills of what the machines draw, and the losses that were in them, kWh.

    Bills have no intervals: the no-load loss comes off by the hours of each, the losses that go with the load in
    the year's proportion to the machines' energy.

    Parameters
    ----------
    ground
        Of the audit; beside a meter the bills are compared and not fitted, from the machines' side too.
    evidence
        Bills as read.
    """
    if ground.seen is None or evidence.bills is None:
        return evidence, 0.0
    network = ground.seen.network
    constant_kw = network.no_load_kw if network.metered else 0.0
    load = ground.seen.load
    varying = network.varying_kw(load.load_kw.to_numpy(), ground.seen.reactive_kvar).sum() * load.step_hours
    share = float(varying) / load.energy_kwh if load.energy_kwh > 0 else 0.0
    periods = []
    for one in evidence.bills.periods:
        rest = max(0.0, one.energy_kwh - constant_kw * one.days * HOURS_PER_DAY)
        periods.append(replace(one, energy_kwh=rest / (1 + share)))
    behind = replace(evidence.bills, periods=tuple(periods))
    return replace(evidence, bills=behind), evidence.bills.energy_kwh - behind.energy_kwh
