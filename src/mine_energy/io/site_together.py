"""What no single file shows: whether site file, inventory and meter speak of the same plant."""

from collections import Counter
from collections.abc import Iterator, Sequence

from mine_energy.audit.reconcile import reconcile
from mine_energy.errors import InputError, Param, Problem
from mine_energy.io.site_deferrable import unknown_tags
from mine_energy.loads import LoadProfile, MachinePlan, plan_machines
from mine_energy.loads.losses import behind_the_meter, network_of
from mine_energy.measures import Machine
from mine_energy.measures.checks import check as check_measures
from mine_energy.motors import MotorInventory
from mine_energy.site import Site
from mine_energy.study.baseline import metered_year
from mine_energy.units import HOURS_PER_DAY, HOURS_PER_YEAR


def together(site: Site, inventory: MotorInventory | None, load: LoadProfile | None) -> tuple[Problem, ...]:
    """Return what does not fit between a site file and the tables it names.

    Parameters
    ----------
    site
        A valid site file.
    inventory, load
        As far as they could be read; what needs one that could not is left out.

    Returns
    -------
    tuple of Problem
        Those without a file are about the site file's key in `field`.
    """
    found: list[Problem] = []
    plans: tuple[MachinePlan, ...] | None = None
    if inventory is not None:
        tags = {motor.tag for motor in inventory.motors}
        found += [*_readings(site, tags), *unknown_tags(site, tags)]
        try:
            plans = plan_machines(site, inventory)
            check_measures(site.measures, _machines(plans))
        except InputError as error:
            found += error.problems
    elif site.inventory is None:
        found += _readings(site, set())
    if load is not None:
        try:
            year = metered_year(load, site)
            network = network_of(site, plans or ())
            seen = behind_the_meter(year, network) if network is not None else None
            machines, losses_kwh = (seen.load, seen.losses_kwh) if seen is not None else (year, 0.0)
            reconcile(plans, machines, machines, site.site.workdays_per_month, losses_kwh)
        except InputError as error:
            found += error.problems
    return tuple(found)


def _machines(plans: Sequence[MachinePlan]) -> tuple[Machine, ...]:
    days = HOURS_PER_YEAR / HOURS_PER_DAY
    return tuple(
        Machine(
            motor=plan.motor,
            state=plan.state,
            hours_per_year=plan.hours_per_day * days,
            unloaded_hours_per_year=plan.unloaded_hours_per_day * days,
        )
        for plan in plans
    )


def _readings(site: Site, tags: set[str]) -> Iterator[Problem]:
    """Refuse readings of machines that the inventory does not have, and two readings of one name."""
    names = Counter(reading.name for reading in site.readings)
    for place, reading in enumerate(site.readings, start=1):
        for tag in reading.tags:
            if tag not in tags:
                params: dict[str, Param] = {"tags": ", ".join(sorted(tags)) or "-"}
                yield Problem(key="reading_unknown_tag", field=f"readings.{place}.tags", value=tag, params=params)
        if names[reading.name] > 1:
            yield Problem(key="reconcile_twice", field=f"readings.{place}.name", value=reading.name)
