"""Colombia's factor M month by month, rules by date, and the bank that ends an excess."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy.loads import reactive_excess_by_period
from mine_energy.messages import LANGUAGES, finding_text
from mine_energy.site import ReactiveHistory
from mine_energy.tariffs import MeterState, bank_kvar, bill, load_tariff, multiplier_months, reactive_states
from mine_energy.tariffs.reactive import rule_in_force
from mine_energy.units import LOCAL_TIME

D = 80.2166  # COP/kvarh, distribution of the sheet of February 2013, level 2
TARIFF = load_tariff("co_ceo_n2_2013")


def factors(days, history=None):
    return [month.multiplier for month in multiplier_months(days, history)]


# ---------------------------------------------------------------- M


def test_ten_days_are_not_more_than_ten():
    states = multiplier_months([0, 10, 11])
    assert [state.in_condition for state in states] == [False, False, True]
    assert [state.multiplier for state in states] == [1, 1, 1]


def test_m_rises_in_the_thirteenth_month_of_the_condition_and_stops_at_twelve():
    rising = factors([31] * 26)
    assert rising[:12] == [1] * 12
    assert rising[12:23] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert rising[23:] == [12, 12, 12]


def test_a_month_of_few_days_has_m_1_and_does_not_lose_the_count():
    # 14 months in the condition (M = 3), then a month of 10 days, then the condition again: the count goes on.
    months = factors([31] * 14 + [10] + [31])
    assert months[13:] == [3, 1, 4]


def test_three_clean_months_keep_the_count_and_four_reset_it():
    assert factors([31] * 14 + [0] * 3 + [31])[-1] == 4
    after = multiplier_months([31] * 14 + [0] * 4 + [31] * 13)
    assert after[17].months_in_condition == 0
    # After the reset twelve months must pass again (CREG concept 865 of 2022).
    assert [state.multiplier for state in after[18:]] == [1] * 12 + [2]


def test_days_below_the_limit_are_clean_months_too():
    # The condition is "more than ten days"; it vanishes with ten.
    assert factors([31] * 14 + [10] * 4 + [31])[-1] == 1


def test_a_history_is_the_months_before():
    whole = factors([31] * 15 + [0, 0] + [31, 31])
    parted = factors([31, 31], ReactiveHistory(months_in_condition=15, clean_months=2))
    assert parted == whole[-2:] == [5, 6]
    assert factors([0, 0, 31], ReactiveHistory(months_in_condition=15, clean_months=2))[-1] == 1
    assert factors([31], ReactiveHistory(months_in_condition=15, clean_months=4)) == [1]


@given(st.lists(st.integers(0, 31), max_size=60), st.integers(0, 40), st.integers(0, 3))
def test_m_stays_within_its_range_and_starts_again_anywhere(days, counted, clean):
    history = ReactiveHistory(months_in_condition=counted, clean_months=clean)
    states = multiplier_months(days, history)
    assert all(1 <= state.multiplier <= 12 for state in states)
    assert all(state.multiplier == 1 for state in states if not state.in_condition)
    for cut in range(len(days)):
        carried = ReactiveHistory(
            months_in_condition=states[cut].months_in_condition, clean_months=states[cut].clean_months
        )
        assert multiplier_months(days[cut + 1 :], carried) == states[cut + 1 :]


# ---------------------------------------------------------------- bills


def months(first, last, kw=10.0):
    index = pd.date_range(first, last, freq="h", tz=LOCAL_TIME, inclusive="left")
    return pd.Series(kw, index=index)


def test_one_hour_makes_a_day():
    # June 2023: 6 kvar at noon on 11 days, 1 kvarh above half of 10 kWh each; on the others none.
    load = months("2023-06-01", "2023-07-01")
    reactive = pd.Series(np.where((load.index.hour == 12) & (load.index.day <= 11), 6.0, 0.0), index=load.index)
    (month,) = bill(load, TARIFF, reactive_kvar=reactive).months
    assert (month.reactive_days, month.reactive_excess_kvarh) == (11, pytest.approx(11))


def test_a_bill_multiplies_month_by_month():
    # 14 months, each with an excess of 1 kvarh in every hour: January 2024 is the 13th, at M = 2, February at 3.
    load = months("2023-01-01", "2024-03-01")
    made = bill(load, TARIFF, reactive_kvar=load * 0.6)
    assert [month.reactive_multiplier for month in made.months] == [1] * 12 + [2, 3]
    hours = [m.import_kwh / 10 for m in made.months]
    expected = D * (sum(hours[:12]) + 2 * hours[12] + 3 * hours[13])
    assert made.amount("reactive") == pytest.approx(expected)
    known = TARIFF.model_copy(
        update={"reactive": TARIFF.reactive.model_copy(update={"history": ReactiveHistory(months_in_condition=23)})}
    )
    late = bill(load, known, reactive_kvar=load * 0.6)
    assert late.amount("reactive") == pytest.approx(12 * D * sum(hours))
    assert "tariff_reactive_multiplier" in {f.key for f in made.findings}
    assert "tariff_reactive_multiplier" not in {f.key for f in late.findings}


def test_where_m_leads_is_said():
    load = months("2025-01-01", "2026-01-01")
    made = bill(load, TARIFF, reactive_kvar=load * 0.6)
    (ahead,) = [f for f in made.findings if f.key == "tariff_reactive_multiplier_ahead"]
    assert ahead.params["months"] == 12
    assert ahead.params["later"] == pytest.approx(12 * made.amount("reactive"))
    for language in LANGUAGES:
        assert "12" in finding_text(ahead, language)


def test_capacitive_energy_follows_the_rule_of_its_month():
    # 2 kvar leading in all hours: charged whole in January and February 2024, in force on the first of the month; not
    # from March on.
    load = months("2024-01-01", "2024-05-01")
    made = bill(load, TARIFF, reactive_kvar=load * 0 - 2)
    charged = [line.quantity for line in made.lines if line.key == "reactive_capacitive"]
    assert charged == pytest.approx([2 * 744, 2 * 696, 0, 0])
    assert [month.capacitive_kvarh for month in made.months] == pytest.approx([1488, 1392, 1488, 1440])
    assert made.amount("reactive") == pytest.approx(D * 2880)
    (said,) = [f for f in made.findings if f.key == "tariff_capacitive_rule"]
    assert said.level == "assumption"
    assert said.params["amount"] == pytest.approx(D * (1488 + 1392 + 1488 + 1440))


def test_leading_and_lagging_are_not_netted_within_an_hour():
    index = pd.date_range("2023-06-01", periods=2880, freq="15min", tz=LOCAL_TIME)
    load = pd.Series(10.0, index=index)
    swings = pd.Series(np.tile([24.0, 24.0, -24.0, -24.0], 720), index=index)
    made = bill(load, TARIFF, reactive_kvar=swings)
    assert made.months[0].reactive_excess_kvarh == pytest.approx(720 * (12 - 5))
    assert made.months[0].capacitive_kvarh == pytest.approx(720 * 12)


def test_the_exemption_is_a_switch_with_a_date_and_only_for_self_generators():
    # The decree is of 7 June 2023: the first whole month is July.
    load = months("2023-06-01", "2023-08-01")
    plain = bill(load, TARIFF, reactive_kvar=load * 0.6, inverter_kw_ac=50.0)
    exempt = TARIFF.model_copy(update={"reactive": TARIFF.reactive.model_copy(update={"exempt": True})})
    freed = bill(load, exempt, reactive_kvar=load * 0.6, inverter_kw_ac=50.0)
    without = bill(load, exempt, reactive_kvar=load * 0.6)
    assert plain.amount("reactive") == pytest.approx(D * (720 + 744))
    assert freed.amount("reactive") == pytest.approx(D * 720)
    assert without.amount("reactive") == plain.amount("reactive")
    offered = {f.key: f for f in plain.findings}["tariff_reactive_exemption"]
    assert offered.params["amount"] == pytest.approx(D * 744)
    assert "tariff_reactive_exempt" in {f.key for f in freed.findings}
    assert "tariff_reactive_exempt" not in {f.key for f in without.findings}


def test_dated_rules():
    assert rule_in_force("capacitive_charged_share", "CO", date(2018, 1, 28)) is None
    assert rule_in_force("capacitive_charged_share", "CO", date(2024, 2, 12)).value == 1
    assert rule_in_force("capacitive_charged_share", "CO", date(2024, 2, 13)).value == 0
    assert rule_in_force("capacitive_charged_share", "PE", date(2024, 2, 13)) is None


def test_pv_starts_a_reactive_charge():
    # cos phi 0.90: 0.484 kvarh/kWh, free. PV takes 40 % of the noon hours off the meter and leaves the kvarh: 0.807.
    load = months("2025-06-01", "2025-07-01", kw=100.0)
    reactive = load * np.tan(np.arccos(0.9))
    noon = (load.index.hour >= 10) & (load.index.hour < 14)
    imports = load.where(~noon, 60.0)
    before, after = (bill(one, TARIFF, reactive_kvar=reactive) for one in (load, imports))
    assert before.amount("reactive") == 0
    excess = 100 * np.tan(np.arccos(0.9)) - 0.5 * 60
    assert after.months[0].reactive_excess_kvarh == pytest.approx(30 * 4 * excess)
    assert after.months[0].reactive_days == 30
    # The bank that ends it: what the noon hours have above half of 60 kWh.
    hours = np.arange(len(load))
    assert bank_kvar(load.to_numpy(), reactive.to_numpy(), hours, 0.5, 1.0) == 0
    assert bank_kvar(imports.to_numpy(), reactive.to_numpy(), hours, 0.5, 1.0) == pytest.approx(excess, abs=1e-5)


def test_states_show_the_charge_that_pv_starts_and_the_larger_bank():
    # Peru, June: 100 kW and 25 kvar all hours: a quarter, free. PV takes 60 kW in 10 hours a day: 30 % of what is left
    # is 0.3 x (72,000 - 18,000) = 16,200 of 18,000 kvarh. The bank gives 1,800 kvarh in 720 h: 2.5 kvar.
    load = months("2025-06-01", "2025-07-01", kw=100.0)
    reactive, hour = load * 0.25, load.index.hour
    imports = load.where((hour < 7) | (hour >= 17), 40.0)
    states = [
        MeterState(key="after_measures", load_kw=load, reactive_kvar=reactive),
        MeterState(key="after_pv", load_kw=imports, reactive_kvar=reactive, inverter_kw_ac=60.0),
        MeterState(key="unknown", load_kw=load),
    ]
    before, after = reactive_states(states, load_tariff("pe_mt3"))
    assert (before.excess_kvarh, before.amount, before.bank_kvar, before.months_with_excess) == (0, 0, 0, 0)
    assert after.excess_kvarh == pytest.approx(1800)
    assert after.amount == pytest.approx(1800 * 0.0481)
    assert after.bank_kvar == pytest.approx(2.5, abs=1e-5)
    assert (after.months_with_excess, after.highest_multiplier, after.currency) == (1, 1.0, "PEN")
    assert reactive_states(states, load_tariff("pe_bt5b_estimate")) == ()
    # Colombia asks by the hour: 25 kvar against half of 40 kWh leave 5 kvar for the bank.
    assert [state.bank_kvar for state in reactive_states(states, TARIFF)] == pytest.approx([0, 5], abs=1e-5)


# ---------------------------------------------------------------- the bank

steps = st.lists(st.tuples(st.floats(0, 200), st.floats(-50, 200)), min_size=1, max_size=48)


@given(steps, st.sampled_from([1, 4, 1000]), st.sampled_from([0.3, 0.5]))
@settings(max_examples=60, deadline=None)
def test_the_bank_is_the_smallest_that_ends_the_excess(rows, group, ratio):
    active, reactive = (np.array(column) for column in zip(*rows, strict=True))
    period, hours = np.arange(len(active)) // group, 0.25

    def excess(size):
        left = np.maximum(np.maximum(reactive, 0.0) - size, 0.0) * hours
        return reactive_excess_by_period(active * hours, left, period, ratio).sum()

    size = bank_kvar(active * hours, reactive, period, ratio, hours)
    assert 0 <= size <= max(reactive.max(), 0.0) + 1e-9
    assert excess(size) == pytest.approx(0, abs=1e-4)
    if size > 0.01:
        assert excess(size - 0.01) > 0
