"""Peru: which options are open, what each costs, and what a lower maximum does to the class."""

import numpy as np
import pandas as pd
import pytest

from mine_energy.errors import InputError
from mine_energy.messages import LANGUAGES, finding_text, problem_text
from mine_energy.site import BillingChoice
from mine_energy.tariffs import bill, load_tariff, pe
from mine_energy.units import LOCAL_TIME


def year(day_kw, evening_kw, night_kw=0.0, minutes=60):
    """2023, every day alike: `day_kw` 6 to 18 h, `evening_kw` 18 to 23 h, `night_kw` else."""
    index = pd.date_range("2023-01-01", "2024-01-01", freq=f"{minutes}min", tz=LOCAL_TIME, inclusive="left")
    hour = index.hour.to_numpy()
    values = np.select([(hour >= 6) & (hour < 18), (hour >= 18) & (hour < 23)], [day_kw, evening_kw], night_kw)
    return pd.Series(values.astype(float), index=index)


def reasons(options):
    return {option.option: option.reason for option in options}


def test_medium_voltage_options():
    found = reasons(pe.eligible_options(10_000.0, 150.0))
    assert [name for name, reason in found.items() if reason == "eligible"] == ["MT2", "MT3", "MT4"]
    assert found["BT5B"] == "voltage"
    assert set(reasons(pe.eligible_options(22_900.0, 2600.0)).values()) == {"demand", "voltage"}


def test_low_voltage_options_without_a_price_are_said():
    small, large = (reasons(pe.eligible_options(380.0, kw)) for kw in (20.0, 20.1))
    assert small == {
        **dict.fromkeys(("MT2", "MT3", "MT4"), "voltage"),
        **dict.fromkeys(("BT2", "BT3", "BT4"), "no_price"),
        "BT5B": "eligible",
    }
    assert large["BT5B"] == "demand"
    assert pe.voltage_class(1000.0) == "low"
    assert pe.voltage_class(1000.1) == "medium"


@pytest.mark.parametrize("voltage", [30_000.0, 60_000.0, float("nan")])
def test_high_voltage_is_refused(voltage):
    with pytest.raises(InputError) as caught:
        pe.eligible_options(voltage, 100.0)
    (problem,) = caught.value.problems
    assert (problem.key, problem.field) == ("tariff_voltage", "connection.voltage_v")
    for language in LANGUAGES:
        assert "30" in problem_text(problem, language)


def test_the_limit_of_an_option_is_on_means_of_15_minutes():
    # One minute at 200 kW in a quarter hour at 10: a mean of 22.7 kW; at 100 kW it is 16 kW.
    index = pd.date_range("2023-01-01", "2023-02-01", freq="1min", tz=LOCAL_TIME, inclusive="left")
    for kw, open_to_it in ((200.0, False), (100.0, True)):
        load = pd.Series(10.0, index=index)
        load.iloc[20] = kw
        compared = pe.compare_options([pe.MeterState(key="today", load_kw=load)], voltage_v=380.0)
        assert compared.best == (("today", "BT5B" if open_to_it else ""),)


def test_a_sheet_of_ones_own_prices_an_option():
    own = load_tariff("pe_mt3").model_copy(update={"id": "my_bt3"})
    found = {o.option: o for o in pe.eligible_options(380.0, 60.0, [own])}
    assert (found["BT3"].reason, found["BT3"].tariff_id) == ("eligible", "my_bt3")
    states = [pe.MeterState(key="today", load_kw=year(50, 20))]
    compared = pe.compare_options(states, voltage_v=380.0, tariffs=[own])
    assert [made.option for made in compared.bills] == ["BT3"]
    assert compared.best == (("today", "BT3"),)


def test_the_cheapest_year_wins_and_the_worst_month_is_shown():
    # A day shift without evenings: in MT2 the peak powers are zero and only the excess off peak is paid.
    load = year(50, 0)
    load[load.index.month == 3] *= 1.5
    compared = pe.compare_options([pe.MeterState(key="today", load_kw=load)], voltage_v=10_000.0)
    assert [made.option for made in compared.bills] == sorted(
        ("MT2", "MT3", "MT4"), key=lambda name: bill(load, load_tariff(f"pe_{name.lower()}")).payable
    )
    first = compared.bills[0]
    assert (first.option, compared.best) == ("MT2", (("today", "MT2"),))
    assert first.worst_month == (2023, 3)
    assert first.worst_amount == max(month.payable for month in first.bill.months)
    assert first.payable == pytest.approx(sum(month.payable for month in first.bill.months))
    # MT3 against MT2 by hand, January: 50 kW generation off peak, and distribution on the two highest of six.
    january = [line for line in first.bill.lines if line.month == 1 and line.group == "demand"]
    assert sum(line.amount for line in january) == pytest.approx(50 * 15.52)


def test_pv_that_cuts_the_maximum_may_raise_the_power_charge():
    # 50 kW by day and 20 kW in the evening: CF = 0.4. With 30 kW left by day CF = (20 x 5) / (30 x 5) = 0.67, present
    # at peak: 30 x (56.09 + 16.4) = 2,174.70 against 50 x (29.78 + 15.99) = 2,288.50, so the charge falls all the same.
    # With 40 kW left CF = 0.5 and it rises: 40 x 72.49 = 2,899.60.
    today = year(50, 20)
    for left, change in ((30, "falls"), (40, "rises")):
        before, after = (bill(one, load_tariff("pe_mt3")) for one in (today, year(left, 20)))
        # From the sixth month on neither looks back to another load; all months are alike anyway.
        months = pe.presence_months(before, after)
        assert [month.factor_before for month in months] == pytest.approx([0.4] * 12)
        assert [month.factor_after for month in months] == pytest.approx([20 / left] * 12)
        assert {(month.present_before, month.present_after, month.change) for month in months} == {
            (False, True, change)
        }
        assert months[0].power_after == pytest.approx(left * 72.49)
        (finding,) = pe.presence_findings(before, after, "MT3", "after_pv")
        assert finding.key == f"tariff_presence_{change}_pv"
        assert finding.params["months"] == finding.params["became"] == 12
        assert finding.params["amount"] == pytest.approx(12 * abs(left * 72.49 - 50 * 45.77))
        for state in ("after_pv", "after_measures", "another"):
            (finding,) = pe.presence_findings(before, after, "MT3", state)
            for language in LANGUAGES:
                assert "MT3" in finding_text(finding, language)


def test_states_side_by_side():
    states = [
        pe.MeterState(key="today", load_kw=year(50, 20)),
        pe.MeterState(key="after_measures", load_kw=year(48, 20)),
        pe.MeterState(key="after_pv", load_kw=year(40, 20), exports_kw=year(5, 0)),
    ]
    compared = pe.compare_options(states, voltage_v=10_000.0, billing=BillingChoice(metered_side="low_voltage"))
    assert [key for key, _ in compared.status] == ["today", "after_measures", "after_pv"]
    assert len(compared.bills) == 9
    said = [(f.key, f.params["option"]) for f in compared.findings if f.key.startswith("tariff_presence")]
    assert sorted(said) == [("tariff_presence_rises_pv", "MT3"), ("tariff_presence_rises_pv", "MT4")]
    low = bill(year(50, 20), load_tariff("pe_mt2")).payable
    mt2 = next(made for made in compared.bills if (made.state, made.option) == ("today", "MT2"))
    assert mt2.payable == pytest.approx(1.025 * (low - 12 * 4.87) + 12 * 4.87)


def test_missing_and_estimated_prices_are_said():
    compared = pe.compare_options([pe.MeterState(key="today", load_kw=year(15, 5))], voltage_v=380.0)
    found = {finding.key: finding for finding in compared.findings}
    assert found["tariff_option_no_price"].params["options"] == "BT2, BT3, BT4"
    assert found["tariff_option_estimate"].params["options"] == "BT5B"
    none = pe.compare_options([pe.MeterState(key="today", load_kw=year(60, 5))], voltage_v=380.0)
    assert none.best == (("today", ""),)
    assert none.bills == ()
