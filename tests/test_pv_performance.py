"""IEC 61724-1 figures: by hand, against the chain, and where there is nothing."""

import numpy as np
import pytest

from mine_energy.pv import Array, performance_of, unit_performance, unit_yield
from mine_energy.pv.hours import hourly_chain
from mine_energy.weather import from_climatology
from test_weather_generator import site_at

PILOT = (2.983982, -76.650777, 1286.0)


def test_worked_example() -> None:
    """Four hours at 800 W/m2 on 10 kWp and an 8 kW inverter, cells at 45 degC and -0.4 % per kelvin, by hand.

    Reference 4 x 0.8 = 3.2 h; array 4 x 7.0 / 10 = 2.8 h; final 4 x 6.6 / 10 = 2.64 h; PR = 2.64 / 3.2 = 0.825; at
    45 degC the modules can give 1 - 0.004 x 20 = 0.92, so PR'25 = 0.825 / 0.92.
    """
    four = np.ones(4)
    found = performance_of(800 * four, 7.0 * four, 6.6 * four, (10.0, 8.0), 1.0, 45 * four, -0.004)
    assert found.reference_yield_hours == pytest.approx(3.2)
    assert found.array_yield_hours == pytest.approx(2.8)
    assert found.final_yield_hours == pytest.approx(2.64)
    assert found.capture_loss_hours == pytest.approx(0.4)
    assert found.system_loss_hours == pytest.approx(0.16)
    assert found.performance_ratio == pytest.approx(0.825)
    assert found.performance_ratio_25c == pytest.approx(0.825 / 0.92)
    assert found.capacity_factor_dc == pytest.approx(0.66)
    assert found.capacity_factor_ac == pytest.approx(6.6 / 8)
    assert found.final_yield_hours_per_day == pytest.approx(2.64 * 6)


def test_quarter_hours_give_the_same_as_hours() -> None:
    hour, quarter = (
        performance_of(500 * np.ones(n), 4.5 * np.ones(n), 4.2 * np.ones(n), (10.0, 8.0), step)
        for n, step in ((2, 1.0), (8, 0.25))
    )
    assert hour == quarter


def test_the_dark_gives_no_ratio_and_no_error() -> None:
    nothing = performance_of(np.zeros(3), np.zeros(3), np.zeros(3), (1.0, 1.0), cell_c=np.zeros(3))
    assert (nothing.performance_ratio, nothing.performance_ratio_25c, nothing.capacity_factor_ac) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("years", [1, 2])
def test_the_chain_and_its_series_agree(years: int) -> None:
    weather, array = from_climatology(*PILOT, years=years), Array(tilt_deg=10.0, azimuth_deg=180.0)
    unit = unit_yield(site_at(*PILOT), weather, array)
    hours = hourly_chain(weather, weather.sun(), array)
    found = unit_performance(unit, years)
    series = performance_of(
        hours.poa, hours.dc_lossy, hours.ac, (1.0, 1.0 / array.dc_ac_ratio), 1.0, hours.cell_c, -0.0035
    )
    assert found.reference_yield_hours == pytest.approx(series.reference_yield_hours / years)
    assert found.array_yield_hours == pytest.approx(series.array_yield_hours / years)
    assert found.final_yield_hours == pytest.approx(series.final_yield_hours / years)
    assert found.performance_ratio == pytest.approx(series.performance_ratio)
    assert found.capacity_factor_ac == pytest.approx(series.capacity_factor_ac)
    assert series.performance_ratio_25c is not None
    assert series.performance_ratio_25c > series.performance_ratio  # warm cells are no fault of the plant
    assert found.capture_loss_hours > found.system_loss_hours > 0
