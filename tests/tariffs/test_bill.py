"""Bills: worked out by hand for a Colombian and a Peruvian month; what holds for every load."""

from datetime import UTC, date, timedelta, timezone
from math import fsum

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from mine_energy.errors import InputError
from mine_energy.messages import LANGUAGES, finding_text, problem_text
from mine_energy.site import Genset
from mine_energy.tariffs import (
    Bill,
    bill,
    convert,
    exchange_rate,
    for_genset,
    load_tariff,
    packaged_tariffs,
    pe,
    with_surcharge,
)
from mine_energy.tariffs.blocks import day_type

LOCAL = timezone(timedelta(hours=-5))
GRID_TARIFFS = [name for name in packaged_tariffs() if load_tariff(name).kind == "grid"]


def series(values, start="2023-02-01", minutes=60, tz=LOCAL):
    index = pd.date_range(start, periods=len(values), freq=pd.Timedelta(minutes=minutes), tz=tz)
    return pd.Series(np.asarray(values, dtype=float), index=index)


def february(day_kw, other_kw, first=8, last=18, minutes=60):
    """A month of 28 days that begins on a Wednesday: `day_kw` from `first` to `last` o'clock, else `other_kw`."""
    index = pd.date_range("2023-02-01", "2023-03-01", freq=pd.Timedelta(minutes=minutes), tz=LOCAL, inclusive="left")
    hours = index.hour.to_numpy()
    return pd.Series(np.where((hours >= first) & (hours < last), float(day_kw), float(other_kw)), index=index)


def amounts(result):
    return {total.key: total.amount for total in result.totals}


def keys(result):
    return {finding.key for finding in result.findings}


# ---------------------------------------------------------------- Colombia, by hand


def test_a_colombian_month():
    # 10 kW for 28 x 24 = 672 h: 6,720 kWh at 326.8563; 6 kvar: 1 kvarh over half of 10 kWh every hour, at D = 80.2166.
    load = february(10, 10)
    result = bill(load, load_tariff("co_ceo_n2_2013"), reactive_kvar=load * 0.6)
    assert amounts(result) == pytest.approx({"energy": 6720 * 326.8563, "reactive_energy": 672 * 80.2166})
    assert result.total == pytest.approx(2196474.336 + 53905.5552, abs=1e-6)
    assert (result.currency, len(result.months)) == ("COP", 1)
    assert result.average_price_per_kwh == pytest.approx(result.total / 6720)


def test_a_colombian_month_with_exports():
    # 20 kW out from 10 to 14 h on 28 days: 2,240 kWh swapped, each worth CU - Cv = 326.8563 - 66.8846.
    load, out = february(10, 10), february(20, 0, 10, 14)
    result = bill(load, load_tariff("co_ceo_n2_2013"), exports_kw=out, inverter_kw_ac=60.0)
    assert amounts(result)["swap_credit"] == pytest.approx(-2240 * 259.9717)
    assert amounts(result)["surplus_sale"] == 0
    large = bill(load, load_tariff("co_ceo_n2_2013"), exports_kw=out, inverter_kw_ac=110.0)
    assert amounts(large)["swap_credit"] == pytest.approx(-2240 * 144.7471)


def test_surplus_is_sold_at_the_hours_price_and_the_contribution_is_net_of_the_swap():
    # Imports 672 kWh; exports 100 kW in hour 12 of 28 days = 2,800 kWh. Cumulative exports pass 672 on the 7th day.
    load, out = february(1, 1), february(100, 0, 12, 13)
    tariff = with_surcharge(load_tariff("co_ceo_n2_2013"), "solidarity_contribution", applied=True)
    spot = pd.Series(200.0, index=load.index)
    spot.iloc[6 * 24 + 12] = 1000.0
    result = bill(load, tariff, exports_kw=out, inverter_kw_ac=90.0, spot_price=spot)
    assert amounts(result)["surplus_sale"] == pytest.approx(-(28 * 1000 + 2100 * 200))
    assert amounts(result)["swap_credit"] == pytest.approx(-672 * 259.9717)
    assert amounts(result)["solidarity_contribution"] == pytest.approx(0.2 * 672 * 66.8846)
    assert result.total < 0


def test_the_step_at_100_kw_shows_in_the_bill():
    load = february(40, 40)
    totals = [
        bill(load, load_tariff("co_ceo_n2_2013"), exports_kw=february(kw, 0, 8, 12), inverter_kw_ac=kw).total
        for kw in (90.0, 100.0, 110.0)
    ]
    assert totals[1] < totals[0] < totals[2]


def test_without_a_spot_price_a_surplus_is_refused_and_an_assumed_one_is_said():
    load, out = february(1, 1), february(100, 0, 12, 13)
    with pytest.raises(InputError) as caught:
        bill(load, load_tariff("co_ceo_n2_2013"), exports_kw=out, inverter_kw_ac=90.0)
    assert caught.value.problems[0].key == "tariff_spot_missing"
    assumed = bill(load, load_tariff("co_ceo_n2_2025_estimate"), exports_kw=out, inverter_kw_ac=90.0)
    assert amounts(assumed)["surplus_sale"] == pytest.approx(-2128 * 300)
    assert "tariff_spot_assumed" in keys(assumed)


def test_exports_need_the_inverters_power():
    with pytest.raises(InputError) as caught:
        bill(february(1, 1), load_tariff("co_ceo_n2_2013"), exports_kw=february(1, 0))
    assert caught.value.problems[0].key == "tariff_inverter_missing"


def test_a_credit_is_carried_to_the_next_month_and_never_lost():
    hours = 24 * (31 + 28)
    load, out = np.full(hours, 1.0), np.zeros(hours)
    out[12 : 31 * 24 : 24] = 100.0
    result = bill(
        series(load, "2023-01-01"),
        load_tariff("co_ceo_n2_2013"),
        exports_kw=series(out, "2023-01-01"),
        inverter_kw_ac=90.0,
        spot_price=100.0,
    )
    january, following = result.months
    credit = 2356 * 100.0 - 744 * 66.8846
    assert january.total == pytest.approx(-credit)
    assert (january.payable, january.credit_carried) == (0.0, pytest.approx(credit))
    assert following.payable == pytest.approx(672 * 326.8563 - credit)
    assert following.credit_carried == 0.0
    assert fsum(month.payable for month in result.months) == pytest.approx(result.total)
    assert "tariff_credit_carried" in keys(result)


def test_reactive_hours_are_never_netted_and_an_hour_without_imports_pays_all():
    # Hour 1: 10 kWh, 0 kvarh (5 free, unused). Hour 2: no import, 4 kvarh: all charged. Capacitive steps count zero.
    load, reactive = series([10, 0, 10, 10]), series([0, 4, 7, -9])
    result = bill(load, load_tariff("co_ceo_n2_2013"), reactive_kvar=reactive)
    assert result.months[0].reactive_excess_kvarh == pytest.approx(4 + 2)
    assert result.months[0].reactive_kvarh == pytest.approx(11)
    assert {"tariff_capacitive", "tariff_reactive_multiplier"} <= keys(result)


def test_quarter_hours_are_compared_by_the_hour():
    # Within the hour 4 x 2.5 = 10 kWh and 6 kvarh in one quarter: 1 over, although that quarter alone has 4.75 over.
    load = series([10, 10, 10, 10], minutes=15)
    result = bill(load, load_tariff("co_ceo_n2_2013"), reactive_kvar=series([24, 0, 0, 0], minutes=15))
    assert result.months[0].reactive_excess_kvarh == pytest.approx(1.0)


# ---------------------------------------------------------------- Peru, by hand


def test_a_peruvian_month():
    # 50 kW from 8 to 18 h, 20 kW otherwise, 28 days. Peak 18 to 23 h: 20 x 5 x 28. Sundays do not classify: 24 days,
    # CF = 20 x 120 / (50 x 120) = 0.4: not present at peak. Reactive 15 kvar: 10,080 - 0.30 x 21,840 kvarh.
    load = february(50, 20, minutes=15)
    result = bill(load, load_tariff("pe_mt3"), reactive_kvar=load * 0 + 15)
    assert amounts(result) == pytest.approx(
        {
            "energy_peak": 2800 * 0.2769,
            "energy_off_peak": 19040 * 0.2376,
            "fixed_charge": 4.18,
            "generation_power_present_off_peak": 50 * 29.78,
            "distribution_power_present_off_peak": 50 * 15.99,
            "reactive_energy": 3528 * 0.0481,
        }
    )
    assert result.total == pytest.approx(7591.904 + 169.6968, abs=1e-9)
    (month,) = result.months
    assert (month.presence_factor, month.present_at_peak) == (pytest.approx(0.4), False)
    assert month.maximum_kw == 50


def test_a_lower_maximum_turns_the_user_present_at_peak():
    # What PV does: the noon maximum falls to 40 kW, the evening stays. CF = 2400 / (40 x 120) = 0.5.
    before = bill(february(50, 20), load_tariff("pe_mt3"))
    after = bill(february(40, 20), load_tariff("pe_mt3"))
    assert (before.months[0].present_at_peak, after.months[0].present_at_peak) == (False, True)
    assert after.amount("demand") == pytest.approx(40 * (56.09 + 16.4))
    assert after.amount("demand") > before.amount("demand")


def test_mt2_bills_peak_power_and_only_the_excess_outside():
    # Peak maximum 20 kW, off-peak 50 kW: 20 x (61.35 + 15.13) + (50 - 20) x 15.52.
    result = bill(february(50, 20), load_tariff("pe_mt2"))
    assert result.amount("demand") == pytest.approx(20 * 76.48 + 30 * 15.52)
    nights = bill(february(0, 50, 0, 18), load_tariff("pe_mt2"))
    assert amounts(nights)["distribution_power_excess"] == 0


def test_holidays_and_sundays_leave_the_classification():
    load = february(50, 20)
    # A holiday with 50 kW all evening would raise the factor if it counted.
    evening = load.where(~((load.index.day == 1) & (load.index.hour >= 18)), 50.0)
    counted = bill(evening, load_tariff("pe_mt3"))
    excluded = bill(evening, load_tariff("pe_mt3"), holidays=[date(2023, 2, 1)])
    assert counted.months[0].presence_factor == pytest.approx((2300 + 250) / (50 * 120))
    assert excluded.months[0].presence_factor == pytest.approx(0.4)
    assert "tariff_no_holidays" in keys(counted)
    assert "tariff_no_holidays" not in keys(excluded)


def test_day_types():
    assert day_type(date(2023, 2, 1)) == "workday"
    assert day_type(date(2023, 2, 4)) == "saturday"
    assert day_type(date(2023, 2, 5)) == "sunday"
    assert day_type(date(2023, 2, 5), {date(2023, 2, 5)}) == "holiday"


def test_distribution_power_is_the_mean_of_the_two_highest_of_six_months():
    maxima = np.array([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120.0])
    billed, wraps = pe.two_highest_of_six(maxima)
    assert wraps
    # January looks back to August of the repeated year: 120 and 110; December sees 120 and 110 as well.
    assert billed[0] == 115
    assert billed[5] == (60 + 50) / 2
    assert billed[-1] == 115
    short, wraps = pe.two_highest_of_six(maxima[:3])
    assert not wraps
    assert short.tolist() == [10, 15, 25]


def test_exports_are_worth_nothing_in_peru_and_that_is_said():
    result = bill(february(50, 20), load_tariff("pe_mt3"), exports_kw=february(5, 0))
    assert amounts(result)["export_unpaid"] == 0
    assert result.quantity("export_unpaid") == pytest.approx(1400)
    assert "tariff_export_no_value" in keys(result)


def test_vat_is_charged_when_switched_on():
    load = february(50, 20)
    plain = bill(load, load_tariff("pe_mt3"))
    taxed = bill(load, with_surcharge(load_tariff("pe_mt3"), "vat", applied=True))
    assert taxed.total == pytest.approx(1.18 * plain.total)


def test_options_are_compared_by_their_year():
    bills = tuple(bill(february(50, 20), load_tariff(name)) for name in ("pe_mt2", "pe_mt3", "pe_mt4"))
    ordered = pe.compare_options(bills)
    assert [option.total for option in ordered] == sorted(option.total for option in bills)


# ---------------------------------------------------------------- fuel


def test_fuel_is_litres_by_the_straight_line():
    # 28 days x 10 h x 50 kW = 14,000 kWh and 280 running hours of a 100 kW set at 1.10 USD/L.
    genset = Genset(
        rated_kw=100, fuel_price_usd_per_l=1.10, fuel_intercept_l_per_h_per_kw=0.03, fuel_slope_l_per_kwh=0.25
    )
    supply = for_genset(load_tariff("diesel_own_genset"), genset, "PE")
    result = bill(february(50, 0), supply)
    litres = 280 * 100 * 0.03 + 14000 * 0.25
    assert result.quantity("fuel") == pytest.approx(litres)
    assert result.total == pytest.approx(litres * 1.10)
    assert not {"tariff_fuel_price", "tariff_fuel_curve"} & keys(result)


def test_default_fuel_figures_and_an_overload_are_said():
    supply = for_genset(load_tariff("diesel_own_genset"), Genset(rated_kw=40), "PE")
    assert {"tariff_fuel_price", "tariff_fuel_curve", "tariff_genset_overloaded"} <= keys(bill(february(50, 0), supply))


def test_a_fuel_supply_without_its_set_is_refused():
    with pytest.raises(InputError) as caught:
        bill(february(50, 0), load_tariff("diesel_own_genset"))
    assert caught.value.problems[0].key == "tariff_genset_missing"


# ---------------------------------------------------------------- every tariff


def test_steps_agree():
    hourly = february(50, 20)
    quarter = february(50, 20, minutes=15)
    minute = february(50, 20, minutes=1)
    for name in GRID_TARIFFS:
        totals = [bill(load, load_tariff(name)).total for load in (hourly, quarter, minute)]
        assert totals == pytest.approx([totals[0]] * 3)
    assert "tariff_demand_step" in keys(bill(hourly, load_tariff("pe_mt3")))
    assert "tariff_demand_step" not in keys(bill(quarter, load_tariff("pe_mt3")))
    assert "tariff_demand_step" not in keys(bill(minute, load_tariff("pe_mt3")))


def test_demand_is_the_highest_quarter_hour():
    load = february(50, 20, minutes=5)
    load.iloc[100] = 110.0
    assert bill(load, load_tariff("pe_mt3")).months[0].maximum_kw == pytest.approx(50 + 60 / 3)


def test_the_clock_is_the_tariffs_not_the_series():
    load = february(50, 20)
    moved = load.tz_convert(UTC)
    assert bill(moved, load_tariff("pe_mt3")).lines == bill(load, load_tariff("pe_mt3")).lines


def test_partial_months_and_short_years_are_said():
    load = series(np.full(40 * 24, 5.0), "2023-01-20")
    result = bill(load, load_tariff("pe_mt3"))
    assert {"tariff_partial_month", "tariff_not_a_year", "tariff_demand_short_history"} <= keys(result)
    assert [month.coverage for month in result.months] == pytest.approx([12 / 31, 1.0])
    year = bill(series(np.full(8784, 5.0), "2024-01-01"), load_tariff("pe_mt3"))
    assert not {"tariff_partial_month", "tariff_not_a_year"} & keys(year)
    assert "tariff_demand_repeated_year" in keys(year)


def test_every_finding_has_words_in_both_languages():
    load, out = february(10, 10), february(100, 0, 12, 14)
    genset = for_genset(load_tariff("diesel_own_genset"), Genset(rated_kw=5), "CO")
    results = [
        bill(load, load_tariff(name), exports_kw=out, inverter_kw_ac=90, spot_price=9.0) for name in GRID_TARIFFS
    ]
    results += [bill(load, load_tariff(name), reactive_kvar=load * 0.9 - 3) for name in GRID_TARIFFS]
    results += [
        bill(load, genset),
        bill(load, load_tariff("co_ceo_n2_2025_estimate"), exports_kw=out, inverter_kw_ac=90),
    ]
    for finding in {f.key: f for result in results for f in result.findings}.values():
        for language in LANGUAGES:
            assert len(finding_text(finding, language)) > 20


def test_a_zero_load_has_fixed_charges_and_no_average_price():
    result = bill(february(0, 0), load_tariff("pe_mt3"), reactive_kvar=february(0, 0))
    assert result.total == pytest.approx(4.18)
    assert result.average_price_per_kwh is None
    assert result.months[0].presence_factor == 0.0


BAD = [
    (pd.Series([1.0]), "tariff_series_clock"),
    (series([1.0]).iloc[:0], "tariff_series_clock"),
    (series([1.0]).tz_localize(None), "tariff_series_clock"),
    (series([1.0, -1.0]), "tariff_series_value"),
    (series([1.0, float("nan")]), "tariff_series_value"),
    (series([1.0, 1.0], minutes=45), "tariff_series_step"),
    (series([1.0, 1.0], minutes=120), "tariff_series_step"),
    (series([1.0, 1.0], start="2023-02-01 00:10"), "tariff_series_step"),
    (series([1.0, 1.0, 1.0]).iloc[[0, 2, 1]], "tariff_series_step"),
    (series([1.0, 1.0, 1.0, 1.0]).iloc[[0, 1, 3]], "tariff_series_step"),
]


@pytest.mark.parametrize(("load", "key"), BAD)
def test_a_series_that_cannot_be_billed_is_refused(load, key):
    with pytest.raises(InputError) as caught:
        bill(load, load_tariff("pe_mt3"))
    (problem,) = caught.value.problems
    assert (problem.key, problem.field) == (key, "load_kw")
    for language in LANGUAGES:
        assert problem_text(problem, language)


def test_companions_share_the_loads_stamps():
    with pytest.raises(InputError) as caught:
        bill(february(1, 1), load_tariff("pe_mt3"), exports_kw=series([1.0]))
    assert caught.value.problems[0].key == "tariff_series_stamps"


def test_a_bill_survives_json():
    result = bill(february(50, 20), load_tariff("pe_mt3"), reactive_kvar=february(15, 15))
    adapter = TypeAdapter(Bill)
    assert adapter.validate_json(adapter.dump_json(result)) == result


# ---------------------------------------------------------------- properties

days = st.lists(st.floats(0, 300), min_size=24, max_size=24)


def loaded(day, count=40):
    return series(np.tile(day, count), "2023-01-10")


@given(days, st.sampled_from(GRID_TARIFFS), st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_lines_add_to_months_and_months_to_the_total(day, name, share):
    load = loaded(day)
    out = load.iloc[::-1].to_numpy() * share
    result = bill(
        load,
        load_tariff(name),
        exports_kw=pd.Series(out, index=load.index),
        reactive_kvar=load * 0.7,
        inverter_kw_ac=100.0,
        spot_price=250.0,
    )
    scale = max(1.0, fsum(abs(line.amount) for line in result.lines))
    assert result.total == pytest.approx(fsum(line.amount for line in result.lines), abs=1e-12 * scale)
    assert result.total == pytest.approx(fsum(month.total for month in result.months), abs=1e-12 * scale)
    assert result.total == pytest.approx(fsum(total.amount for total in result.totals), abs=1e-12 * scale)
    assert result.total == pytest.approx(
        fsum(month.payable for month in result.months) - result.months[-1].credit_carried, abs=1e-9 * scale
    )
    for line in result.lines:
        assert line.amount == pytest.approx(line.quantity * line.price, abs=1e-9 * scale)
    energy = fsum(line.quantity for line in result.lines if line.group == "energy")
    assert energy == pytest.approx(result.import_kwh)


@given(days, st.sampled_from(GRID_TARIFFS), st.floats(0.1, 10))
@settings(max_examples=20, deadline=None)
def test_everything_but_fixed_charges_scales_with_the_load(day, name, factor):
    load = loaded(day)
    once = bill(load, load_tariff(name), reactive_kvar=load * 0.7)
    scaled = bill(load * factor, load_tariff(name), reactive_kvar=load * 0.7 * factor)
    if [month.present_at_peak for month in once.months] == [month.present_at_peak for month in scaled.months]:
        variable = once.total - once.amount("fixed")
        assert scaled.total - scaled.amount("fixed") == pytest.approx(factor * variable, rel=1e-9, abs=1e-6)


@given(days, st.sampled_from(["co_ceo_n2_2013", "co_ceo_n2_2025_estimate", "pe_mt2"]), st.floats(0, 50))
@settings(max_examples=20, deadline=None)
def test_more_import_never_costs_less(day, name, more):
    # MT3 and MT4 are left out on purpose: a higher maximum off peak can turn the user "not present at peak".
    load = loaded(day)
    assert bill(load + more, load_tariff(name)).total >= bill(load, load_tariff(name)).total - 1e-9


@given(days, st.sampled_from(GRID_TARIFFS))
@settings(max_examples=10, deadline=None)
def test_splitting_at_a_month_end_gives_the_same_months(day, name):
    load = series(np.tile(day, 31 + 28), "2023-01-01")
    tariff = load_tariff(name)
    # The two-of-six rule looks at earlier months by design, so only tariffs without it split exactly.
    if any(charge.over != "month" for charge in tariff.demand):
        return
    whole, first, second = (bill(part, tariff) for part in (load, load.iloc[: 31 * 24], load.iloc[31 * 24 :]))
    assert whole.total == pytest.approx(first.total + second.total)


# ---------------------------------------------------------------- exchange


def test_exchange_at_a_stated_rate():
    rate = exchange_rate("CO", 4100.0)
    assert convert(8200.0, "COP", "USD", rate) == 2.0
    assert convert(2.0, "USD", "COP", rate) == 8200.0
    assert convert(7.0, "USD", "USD", rate) == 7.0
    assert rate.findings == ()


def test_a_default_rate_is_an_assumption():
    rate = exchange_rate("PE")
    assert (rate.currency, rate.per_usd, rate.confidence) == ("PEN", 3.6, "D")
    (finding,) = rate.findings
    assert finding.level == "assumption"
    for language in LANGUAGES:
        assert "PEN" in finding_text(finding, language)


@pytest.mark.parametrize(("currency", "target"), [("COP", "PEN"), ("EUR", "USD"), ("PEN", "COP")])
def test_a_foreign_currency_is_refused(currency, target):
    with pytest.raises(InputError) as caught:
        convert(1.0, currency, target, exchange_rate("CO"))
    assert caught.value.problems[0].key == "tariff_currency"


def test_a_class_that_is_held_is_the_class_that_is_billed():
    """Present at peak or not is a jump in the price of a kW; a bill can be asked for in another bill's class."""
    tariff = load_tariff("pe_mt3")
    free = bill(february(50, 20), tariff)
    assert [month.present_at_peak for month in free.months] == [False]
    same, other = (bill(february(50, 20), tariff, present_at_peak=[held]) for held in (False, True))
    assert same.total == free.total
    assert other.quantity("generation_power_present_at_peak") == free.quantity("generation_power_present_off_peak")
    assert other.quantity("generation_power_present_off_peak") == 0
    assert other.total > free.total
