"""Rules of batteries and gensets from packaged figures, for those who have no data sheet yet; all of it said."""

from typing import Any

from mine_energy.dispatch.derate import Derated, Engine, battery_limits, engine_at_site, fuel_line_at_site
from mine_energy.dispatch.equipment import Chemistry, battery_figure, genset_figure
from mine_energy.dispatch.plant import Battery, Genset, Strategy
from mine_energy.errors import Finding
from mine_energy.units import HOURS_PER_YEAR, MONTHS_PER_YEAR


def packaged_battery(
    chemistry: Chemistry = "lfp",
    *,
    grid_forming: bool = True,
    reserve_fraction: float = 0.0,
    cell_c: Any = None,
    c_rate_per_hour: float | None = None,
) -> tuple[Battery, tuple[Finding, ...]]:
    """Return the rule of a battery and what it assumes.

    Parameters
    ----------
    chemistry
        ``lfp`` or ``lead_acid`` (``data/batteries/chemistries.csv``).
    grid_forming, reserve_fraction
        As in :class:`mine_energy.dispatch.Battery`.
    cell_c
        Shape (n,), cell temperature of each step, degC; None leaves its limits out.
    c_rate_per_hour
        Inverter over nameplate energy, kW/kWh; None takes the chemistry's usual charging rate.
    """
    names = ("charge_efficiency", "discharge_efficiency", "soc_min", "soc_max")
    figures = {name: battery_figure(chemistry, name).value for name in names}
    monthly = battery_figure(chemistry, "self_discharge_per_month").value
    rate = battery_figure(chemistry, "charge_c_rate").value if c_rate_per_hour is None else c_rate_per_hour
    charge, discharge = (None, None) if cell_c is None else battery_limits(cell_c, rate, chemistry)
    rule = Battery(
        **figures,
        self_discharge_per_hour=1 - (1 - monthly) ** (MONTHS_PER_YEAR / HOURS_PER_YEAR),
        grid_forming=grid_forming,
        reserve_fraction=reserve_fraction,
        charge_limit=charge,
        discharge_limit=discharge,
    )
    params = {
        "round_trip_percent": 100 * rule.charge_efficiency * rule.discharge_efficiency,
        "low_percent": 100 * rule.soc_min,
        "high_percent": 100 * rule.soc_max,
    }
    key = "battery_packaged_lfp" if chemistry == "lfp" else "battery_packaged_lead_acid"
    return rule, (Finding(key=key, level="assumption", params=params),)


def packaged_genset(
    engine: Engine,
    altitude_m: float,
    air_c: float,
    *,
    fuel_line: tuple[float, float] | None = None,
    strategy: Strategy = "load_following",
    units: int = 1,
) -> tuple[Genset, Derated, tuple[Finding, ...]]:
    """Return the rule of a set at its site, its derated rating, and what both assume.

    Parameters
    ----------
    engine
        As its plate states it; several equal sets as one of their summed rating.
    altitude_m, air_c
        Of the site.
    fuel_line
        L/h per rated kW and L/kWh of the plate, where measured or stated; None takes the packaged line.
    strategy, units
        As in :class:`mine_energy.dispatch.Genset`.
    """
    derated = engine_at_site(engine, altitude_m, air_c)
    intercept, slope = fuel_line or (
        genset_figure("fuel_intercept_l_per_h_per_kw").value,
        genset_figure("fuel_slope_l_per_kwh").value,
    )
    least = genset_figure("min_load_fraction").value
    intercept, slope = fuel_line_at_site(intercept, slope, derated)
    rule = Genset(
        min_load_fraction=least,
        fuel_intercept_l_per_h_per_kw=intercept,
        fuel_slope_l_per_kwh=slope,
        strategy=strategy,
        units=units,
    )
    params = {"percent": 100 * least, "intercept": intercept, "slope": slope}
    key = "genset_packaged" if fuel_line is None else "genset_packaged_least"
    return rule, derated, (*derated.findings, Finding(key=key, level="assumption", params=params))
