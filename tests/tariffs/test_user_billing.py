"""A tariff as one user has it: what the bill says and the sheet does not."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from mine_energy.errors import InputError, MissingData
from mine_energy.messages import LANGUAGES, problem_text
from mine_energy.site import BillingChoice, ReactiveHistory
from mine_energy.tariffs import bill, load_tariff, packaged_tariffs, parse_tariff, with_billing
from mine_energy.units import LOCAL_TIME


def february(day_kw, other_kw):
    index = pd.date_range("2023-02-01", "2023-03-01", freq="15min", tz=LOCAL_TIME, inclusive="left")
    hours = index.hour.to_numpy()
    return pd.Series(np.where((hours >= 8) & (hours < 18), float(day_kw), float(other_kw)), index=index)


def amounts(made):
    return {total.key: total.amount for total in made.totals}


def test_nothing_said_changes_nothing():
    for name in packaged_tariffs():
        tariff = load_tariff(name)
        assert with_billing(tariff, None) is tariff
        assert with_billing(tariff, BillingChoice()) == tariff


@pytest.mark.parametrize(
    ("choice", "loss"),
    [
        ({"metered_side": "low_voltage"}, 0.025),
        ({"metered_side": "low_voltage", "typical_sector_1": True}, 0.02),
        ({"metered_side": "low_voltage", "transformer_loss": 0.018}, 0.018),
        ({"transformer_loss": 0.018}, 0.0),
    ],
)
def test_a_meter_behind_the_transformer_raises_energy_and_power(choice, loss):
    load = february(50, 20)
    plain = bill(load, load_tariff("pe_mt3"), reactive_kvar=load * 0 + 15)
    behind = bill(load, with_billing(load_tariff("pe_mt3"), BillingChoice(**choice)), reactive_kvar=load * 0 + 15)
    for group in ("energy", "demand"):
        assert behind.amount(group) == pytest.approx((1 + loss) * plain.amount(group))
    assert behind.amount("reactive") == plain.amount("reactive")
    assert behind.import_kwh == plain.import_kwh
    assert behind.months[0].presence_factor == plain.months[0].presence_factor
    assert ("tariff_low_side" in {f.key for f in behind.findings}) == (loss > 0)


def test_lighting_is_taxed_and_the_rural_levy_is_not():
    # 21,840 kWh at 0.01 and 30 a month; 18 % on all but the levy.
    load = february(50, 20)
    plain = bill(load, load_tariff("pe_mt3"))
    choice = BillingChoice(public_lighting_per_month=30.0, rural_levy_per_kwh=0.01, vat_recoverable=False)
    made = bill(load, with_billing(load_tariff("pe_mt3"), choice))
    assert amounts(made)["public_lighting"] == 30
    assert amounts(made)["rural_electrification"] == pytest.approx(218.4)
    assert amounts(made)["vat"] == pytest.approx(0.18 * (plain.total + 30))
    assert made.total == pytest.approx(1.18 * (plain.total + 30) + 218.4)
    kept = bill(load, with_billing(load_tariff("pe_mt3"), choice.model_copy(update={"vat_recoverable": True})))
    assert "vat" not in amounts(kept)


def test_the_base_of_the_contribution_is_an_input():
    # 500 kWh swapped at CU - Cv: 20 % of them in or out of the base.
    load = february(10, 10)
    out = (load * 0).where(load.index.hour != 12, 10.0)
    totals, said = {}, {}
    for base in ("net_of_swap", "gross_imports"):
        choice = BillingChoice(contribution_applied=True, contribution_base=base)
        tariff = with_billing(load_tariff("co_ceo_n2_2013"), choice)
        made = bill(load, tariff, exports_kw=out, inverter_kw_ac=20.0)
        totals[base], said[base] = amounts(made)["solidarity_contribution"], {f.key for f in made.findings}
    assert totals["gross_imports"] == pytest.approx(0.2 * 6720 * 326.8563)
    assert totals["gross_imports"] - totals["net_of_swap"] == pytest.approx(0.2 * 280 * 259.9717)
    assert not {"tariff_contribution_net", "tariff_contribution_gross"} & (said["net_of_swap"] | said["gross_imports"])
    # What the user said is no assumption; the rate stays the law's.
    assert not {"tariff_surcharge_applied", "tariff_surcharge_not_applied"} & said["net_of_swap"]
    (line,) = [line for line in made.lines if line.key == "solidarity_contribution"]
    assert (line.price, line.confidence) == (0.2, "D")
    assumed = with_billing(load_tariff("co_ceo_n2_2013"), BillingChoice(contribution_applied=True))
    made = bill(load, assumed, exports_kw=out, inverter_kw_ac=20.0)
    (finding,) = [f for f in made.findings if f.key == "tariff_contribution_net"]
    assert finding.params["amount"] == pytest.approx(0.2 * 280 * 259.9717)


def test_history_exemption_and_credit_reach_the_tariff():
    choice = BillingChoice(
        reactive_history=ReactiveHistory(months_in_condition=14), reactive_exempt=True, credit_brought=5000.0
    )
    tariff = with_billing(load_tariff("co_ceo_n2_2013"), choice)
    assert tariff.reactive.history.months_in_condition == 14
    assert tariff.reactive.exempt
    made = bill(february(10, 10), tariff)
    assert made.payable == pytest.approx(made.total - 5000.0)


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("pe_mt3", {"contribution_applied": True}),
        ("pe_mt3", {"contribution_base": "gross_imports"}),
        ("co_ceo_n2_2013", {"vat_recoverable": False}),
    ],
)
def test_a_tax_that_the_tariff_does_not_have_is_refused(name, choice):
    with pytest.raises(MissingData) as caught:
        with_billing(load_tariff(name), BillingChoice(**choice))
    assert caught.value.key == "tariff_surcharge_unknown"


@pytest.mark.parametrize(
    "wrong", [{"credit_brought": -1.0}, {"transformer_loss": 2.5}, {"contribution_base": "all"}, {"levy": 1.0}]
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValidationError):
        BillingChoice(**wrong)


def test_a_progression_leaves_no_room_for_a_fixed_factor():
    data = load_tariff("co_ceo_n2_2013").model_dump(exclude_defaults=True, mode="python")
    data["reactive"]["multiplier"] = 3.0
    with pytest.raises(InputError) as caught:
        parse_tariff(data, "mine.toml")
    (problem,) = caught.value.problems
    assert problem.key == "tariff_reactive_progression"
    for language in LANGUAGES:
        assert problem_text(problem, language)
