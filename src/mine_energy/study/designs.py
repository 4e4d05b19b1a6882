"""The two arrays of a study: for the load after measures and for today's."""

from typing import Final

from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.sizing import ArraySpec, PVDesign, annual_net
from mine_energy.study.plant import yield_on
from mine_energy.study.result import Designs, Solar
from mine_energy.study.sizing import GoalPlants

_LEAST_KWP: Final = 1e-6


def designs_of(
    site: Site, before: LoadProfile, after: LoadProfile, solar: Solar, chosen: GoalPlants | None = None
) -> Designs:
    """Return the array for the load after measures, and the one that today's load would need.

    Parameters
    ----------
    site
        Its goal.
    before, after
        Loads.
    solar
        Of the study, with the array that one kWp stands for.
    chosen
        The plants of a goal that is sized; None takes PV energy over load.
    """
    array = solar.unit.array
    spec = ArraySpec(
        tilt_deg=array.tilt_deg,
        azimuth_deg=array.azimuth_deg,
        dc_ac_ratio=array.dc_ac_ratio,
        module_efficiency=array.module_efficiency,
        ground_cover_ratio=array.ground_cover_ratio,
    )

    def design(load: LoadProfile, kwp: float | None) -> PVDesign:
        # The yield is summed on the load's own calendar, so that the balance of a leap year closes too.
        specific = float(yield_on(solar.unit.kw_per_kwp, load).sum()) * load.step_hours
        ratio = site.coverage.net_ratio if kwp is None else max(kwp, _LEAST_KWP) * specific / load.energy_kwh
        return annual_net(load.energy_kwh, specific, spec, ratio=ratio)

    first, second = (
        design(load, None if plant is None else plant.pv_kwp)
        for load, plant in ((before, chosen.before if chosen else None), (after, chosen.after if chosen else None))
    )
    return Designs(before_measures=first, after_measures=second, pv_saved_kwp=first.pv_kwp - second.pv_kwp)
