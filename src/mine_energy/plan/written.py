"""What a site file says of its plan, as :func:`~mine_energy.plan.build_plan` takes it."""

from mine_energy.plan.model import Cut, PlanMeasure, Slice
from mine_energy.site import PlanChoice


def measures_of(chosen: PlanChoice) -> tuple[PlanMeasure, ...]:
    """Return the measures that a site file lists besides those of the study."""
    return tuple(
        PlanMeasure(
            cut=Cut(low=item.low, likely=item.likely, high=item.high, unit=item.unit),
            **item.model_dump(exclude={"low", "likely", "high", "unit"}),
        )
        for item in chosen.measure
    )


def slices_of(chosen: PlanChoice) -> tuple[Slice, ...]:
    """Return the slices that a site file lists besides the plant's electricity and diesel."""
    return tuple(Slice(key=item.key, scope=item.scope, t_co2e=item.t_co2e) for item in chosen.slice)
