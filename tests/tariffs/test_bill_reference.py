"""Against NREL's Utilityrate5 (PySAM): hour blocks, maxima by month and block, fixed charges, net billing, credits."""

import numpy as np
import pandas as pd
import pytest

from mine_energy.tariffs import bill, parse_tariff
from mine_energy.tariffs.model import Components
from mine_energy.units import LOCAL_TIME

pytestmark = pytest.mark.reference

YEAR = 2018  # its 1 January is a Monday, as in the program's calendar
HIGHEST = 1e38
PEAK, DAY = range(18, 23), range(0, 24)


def index(minutes):
    return pd.date_range(f"{YEAR}-01-01", f"{YEAR + 1}-01-01", freq=f"{minutes}min", tz=LOCAL_TIME, inclusive="left")


def plant(minutes=60, scale=1.0):
    """Return load and PV of a small mill, kW: two shifts, noisy, with more sun in the dry months."""
    stamps = index(minutes)
    rng = np.random.Generator(np.random.PCG64(6))
    hour, month = stamps.hour.to_numpy(), stamps.month.to_numpy()
    load = np.where((hour >= 6) & (hour < 22) & (stamps.day_of_week.to_numpy() < 6), 60.0, 8.0)
    load = load * (1 + 0.2 * rng.random(len(stamps)))
    sun = np.maximum(np.sin((hour - 6) / 12 * np.pi), 0.0) * (1 + 0.5 * np.cos((month - 7) / 6 * np.pi))
    return load, scale * 60.0 * sun * (0.3 + 0.7 * rng.random(len(stamps)))


def program(load, gen, buy, sell, option=2):
    """Return a Utilityrate5 of one year without escalation; `buy` and `sell` by period 1, 2 ..."""
    module = pytest.importorskip("PySAM.Utilityrate5")
    model = module.new()
    rates = model.ElectricityRates
    model.Lifetime.analysis_period = 1
    model.Lifetime.inflation_rate = 0
    model.Lifetime.system_use_lifetime_output = 0
    model.SystemOutput.gen = list(gen)
    model.SystemOutput.degradation = [0]
    model.Load.load = list(load)
    model.Load.load_escalation = [0]
    rates.en_electricity_rates = 1
    rates.rate_escalation = [0]
    rates.ur_metering_option = option
    rates.ur_nm_yearend_sell_rate = 0
    rates.ur_monthly_fixed_charge = 0
    rates.ur_monthly_min_charge = 0
    rates.ur_annual_min_charge = 0
    rates.ur_sell_eq_buy = 0
    rates.ur_en_ts_sell_rate = 0
    rates.ur_dc_enable = 0
    rates.ur_ec_tou_mat = [[i + 1, 1, HIGHEST, 0, b, s] for i, (b, s) in enumerate(zip(buy, sell, strict=True))]
    one_day = [2 if hour in PEAK and len(buy) > 1 else 1 for hour in DAY]
    rates.ur_ec_sched_weekday = [one_day] * 12
    rates.ur_ec_sched_weekend = [one_day] * 12
    return model


def sheet(**more):
    return parse_tariff(
        {
            "id": "reference",
            "title_es": "Referencia",
            "title_en": "Reference",
            "kind": "grid",
            "country": "PE",
            "currency": "PEN",
            "valid_from": "unknown",
            "source": "test",
            "year": "2018",
            "confidence": "A",
            **more,
        },
        "reference.toml",
    )


BLOCKS = [
    {"key": "energy_off_peak", "price": 0.2376, "unit": "PEN/kWh", "hours": ["23-18"]},
    {"key": "energy_peak", "price": 0.2769, "unit": "PEN/kWh", "hours": ["18-23"]},
]


def power(values, minutes):
    return pd.Series(values, index=index(minutes))


@pytest.mark.parametrize("minutes", [60, 15])
def test_hour_blocks_and_fixed_charges(minutes):
    load, _ = plant(minutes)
    model = program(load, np.zeros_like(load), [0.2376, 0.2769], [0.0, 0.0])
    model.ElectricityRates.ur_monthly_fixed_charge = 4.87
    model.execute(0)
    fixed = [{"key": "fixed_charge", "price": 4.87, "unit": "PEN/month"}]
    ours = bill(power(load, minutes), sheet(energy=BLOCKS, fixed=fixed))
    theirs = model.Outputs.year1_monthly_utility_bill_wo_sys
    assert [month.total for month in ours.months] == pytest.approx(list(theirs), rel=1e-6)
    assert ours.total == pytest.approx(sum(theirs), rel=1e-6)


@pytest.mark.parametrize("minutes", [60, 15])
def test_maxima_of_the_month_and_of_the_peak_block(minutes):
    load, gen = plant(minutes)
    model = program(load, gen, [0.2376, 0.2769], [0.0, 0.0])
    rates = model.ElectricityRates
    rates.ur_dc_enable = 1
    rates.ur_dc_flat_mat = [[month, 1, HIGHEST, 15.13] for month in range(12)]
    rates.ur_dc_tou_mat = [[1, 1, HIGHEST, 0.0], [2, 1, HIGHEST, 61.35]]
    rates.ur_dc_sched_weekday = rates.ur_ec_sched_weekday
    rates.ur_dc_sched_weekend = rates.ur_ec_sched_weekend
    model.execute(0)
    demand = [
        {"key": "distribution_power_excess", "price": 15.13, "unit": "PEN/kW-month"},
        {"key": "generation_power_peak", "price": 61.35, "unit": "PEN/kW-month", "hours": ["18-23"]},
    ]
    tariff = sheet(energy=BLOCKS, demand=demand)
    imports, out = power(np.maximum(load - gen, 0), minutes), power(np.maximum(gen - load, 0), minutes)
    before = bill(power(load, minutes), tariff)
    after = bill(imports, tariff, exports_kw=out)
    assert [m.total for m in before.months] == pytest.approx(
        list(model.Outputs.year1_monthly_utility_bill_wo_sys), rel=1e-6
    )
    assert [m.total for m in after.months] == pytest.approx(
        list(model.Outputs.year1_monthly_utility_bill_w_sys), rel=1e-6
    )
    assert before.amount("demand") == pytest.approx(
        sum(model.Outputs.year1_monthly_dc_fixed_without_system)
        + sum(model.Outputs.year1_monthly_dc_tou_without_system),
        rel=1e-6,
    )


def colombian(retailing):
    parts = Components(
        g=400, t=50, d=250, cv=retailing, pr=60, r=40, cu_computed=800 + retailing, cu_applied=800 + retailing,
        unit="COP/kWh",
    )  # fmt: skip
    return sheet(country="CO", currency="COP", components=parts.model_dump(), exports={"rule": "agpe"})


def test_a_swap_without_a_surplus_is_net_billing_at_its_credit():
    # Exports stay below imports in every month, so each kWh out is worth CU - Cv = 800: net billing at that rate.
    load, gen = plant(scale=0.8)
    imports, out = np.maximum(load - gen, 0), np.maximum(gen - load, 0)
    model = program(load, gen, [1000.0], [800.0], option=2)
    model.execute(0)
    ours = bill(power(imports, 60), colombian(200), exports_kw=power(out, 60), inverter_kw_ac=60.0, spot_price=np.nan)
    theirs = list(model.Outputs.year1_monthly_utility_bill_w_sys)
    assert all(0 < month.export_kwh < month.import_kwh for month in ours.months)
    assert [month.total for month in ours.months] == pytest.approx(theirs, rel=1e-6)


def test_a_swap_without_retailing_is_net_metering():
    load, gen = plant(scale=0.8)
    imports, out = np.maximum(load - gen, 0), np.maximum(gen - load, 0)
    model = program(load, gen, [800.0], [0.0], option=0)
    model.execute(0)
    ours = bill(power(imports, 60), colombian(0), exports_kw=power(out, 60), inverter_kw_ac=60.0, spot_price=np.nan)
    theirs = list(model.Outputs.year1_monthly_utility_bill_w_sys)
    assert [month.total for month in ours.months] == pytest.approx(theirs, rel=1e-6)


def test_a_credit_is_carried_as_net_billing_carries_it():
    # With the spot price equal to the credit of a swapped kWh every export is worth the same, in each month; months in
    # credit pass it on.
    load, gen = plant(scale=5.0)
    imports, out = np.maximum(load - gen, 0), np.maximum(gen - load, 0)
    model = program(load, gen, [1000.0], [800.0], option=3)
    model.ElectricityRates.ur_nb_apply_credit_current_month = 1
    model.execute(0)
    ours = bill(power(imports, 60), colombian(200), exports_kw=power(out, 60), inverter_kw_ac=99.0, spot_price=800.0)
    theirs = list(model.Outputs.year1_monthly_utility_bill_w_sys)
    assert sum(month.credit_carried > 0 for month in ours.months) > 6
    assert [month.payable for month in ours.months[:-1]] == pytest.approx(theirs[:-1], rel=1e-6)
    # The program pays the last credit out at the end of the year; the settlement carries it on and says so.
    assert ours.months[-1].payable == 0
    assert -ours.credit_left == pytest.approx(theirs[-1], rel=1e-6)
    assert ours.payable - ours.credit_left == pytest.approx(sum(theirs), rel=1e-6)
