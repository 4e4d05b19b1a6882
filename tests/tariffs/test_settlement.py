"""Colombia's settlement of a self-generator's month, worked out by hand."""

from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy import catalog
from mine_energy.errors import Infeasible, InputError
from mine_energy.messages import LANGUAGES, text
from mine_energy.tariffs import co, load_tariff
from mine_energy.tariffs.model import Components

# Round parts: CU 1000, retailing 200, everything but generation 600.
PARTS = Components(g=400, t=50, d=250, cv=200, pr=60, r=40, cu_computed=1000, cu_applied=1000, unit="COP/kWh")


def settle(imports, exports, spot=300.0, kw=50.0, parts=PARTS):
    return co.settle_month(imports, exports, spot, parts, kw)


def test_without_exports_the_month_is_imports_at_unit_cost():
    month = settle([10, 0, 5], [0, 0, 0], spot=float("nan"))
    assert (month.swapped_kwh, month.excess_kwh, month.crossing_hour) == (0, 0, None)
    assert month.energy_amount == 15 * 1000


def test_exports_below_imports_are_swapped_whatever_the_hour():
    # 10 - 6 = 4 kWh at 1000; 6 swapped kWh still pay retailing at 200.
    month = settle([0, 0, 10], [6, 0, 0], spot=float("nan"))
    assert month.energy_amount == 4 * 1000 + 6 * 200
    assert month.credit_per_kwh == 800
    assert month.crossing_hour is None


def test_exact_equality_has_no_crossing_hour_and_no_surplus():
    month = settle([0, 10, 0], [4, 0, 6], spot=float("nan"))
    assert (month.swapped_kwh, month.excess_kwh, month.crossing_hour) == (10, 0, None)
    assert month.energy_amount == 10 * 200


def test_equality_but_for_rounding_is_equality():
    # 0.1 + 0.2 against 0.3 as binary fractions: a unit of the last place is no surplus and asks for no price.
    month = settle([0.3, 0, 0], [0.1, 0.1, 0.1 + 2e-17], spot=float("nan"))
    assert month.excess_kwh == 0
    assert settle([0.3, 0.0], [0.1, 0.2], spot=float("nan")).crossing_hour is None
    assert settle([0.0, 0.3], [0.1 + 0.2, 0.0], spot=float("nan")).crossing_hour is None


def test_the_crossing_hour_is_split():
    # Imports 10. Cumulative exports 4, 9, 15, 18: hx is the third hour, 5 of its 6 kWh are surplus, then 3 more.
    month = settle([10, 0, 0, 0], [4, 5, 6, 3], spot=[1.0, 10.0, 100.0, 1000.0])
    assert month.crossing_hour == 2
    assert month.excess_by_hour_kwh.tolist() == [0, 0, 5, 3]
    assert month.excess_amount == 5 * 100 + 3 * 1000
    assert month.energy_amount == 0 * 1000 + 10 * 200 - 3500


def test_reaching_the_imports_exactly_makes_the_next_exports_surplus():
    month = settle([9, 0, 0], [4, 5, 6], spot=[1.0, 10.0, 100.0])
    assert month.crossing_hour == 1
    assert month.excess_by_hour_kwh.tolist() == [0, 0, 6]


def test_without_imports_everything_is_sold_at_its_hours_price():
    month = settle([0, 0, 0], [0, 2, 3], spot=[500.0, 100.0, 200.0])
    assert month.swapped_kwh == 0
    assert month.excess_by_hour_kwh.tolist() == [0, 2, 3]
    assert month.energy_amount == -(2 * 100 + 3 * 200)


def test_one_hour_may_import_and_export():
    month = settle([3, 3], [2, 1], spot=float("nan"))
    assert (month.imports_kwh, month.exports_kwh, month.swapped_kwh) == (6, 3, 3)


@pytest.mark.parametrize(("kw", "kept"), [(100.0, 200), (100.1, 600), (1000.0, 600)])
def test_the_class_limit_is_100_kw_ac_inclusive(kw, kept):
    month = settle([10], [5], kw=kw)
    assert month.deducted_per_kwh == kept
    assert month.small_class == (kw <= 100)
    assert month.energy_amount == 5 * 1000 + 5 * kept


def test_above_one_megawatt_there_is_no_settlement():
    with pytest.raises(Infeasible) as caught:
        settle([10], [5], kw=1000.1)
    assert caught.value.key == "tariff_agpe_limit"
    for language in LANGUAGES:
        assert text(f"infeasible.{caught.value.key}", language, "", **caught.value.params)


def test_a_diesel_set_has_no_swap():
    with pytest.raises(Infeasible) as caught:
        co.settle_month([10], [5], 300.0, PARTS, 50.0, renewable=False)
    assert caught.value.key == "tariff_agpe_renewable"


def test_a_missing_price_matters_only_in_an_hour_with_surplus():
    nan = float("nan")
    assert settle([10, 0], [10, 2], spot=[nan, 100.0]).excess_amount == 200
    with pytest.raises(InputError) as caught:
        settle([10, 0], [10, 2], spot=[100.0, nan])
    (problem,) = caught.value.problems
    assert (problem.key, problem.params["hour"]) == ("tariff_spot_missing", 2)


@pytest.mark.parametrize(("imports", "exports"), [([-1.0], [0.0]), ([1.0], [float("nan")]), ([1.0, 2.0], [1.0])])
def test_impossible_registers_are_refused(imports, exports):
    with pytest.raises(InputError):
        settle(imports, exports)


def test_the_credit_may_be_valued_on_the_computed_cost():
    parts = PARTS.model_copy(update={"cu_applied": 1200.0, "credit_values": "cu_computed"})
    month = settle([10], [4], parts=parts)
    assert month.credit_per_kwh == 800
    assert month.energy_amount == 10 * 1200 - 4 * 800


def test_published_structure_of_cauca_credits_81_or_42_per_cent():
    # Shares that follow from the sheet of February 2013, level 1: (CU - Cv) / CU and G / CU.
    parts = load_tariff("co_ceo_n1_2013").components
    assert parts is not None
    parts = parts.model_copy(update={"credit_values": "cu_computed"})
    small, large = settle([10], [5], kw=99, parts=parts), settle([10], [5], kw=130, parts=parts)
    assert small.credit_per_kwh / parts.cu_computed == pytest.approx(0.807, abs=1e-3)
    assert large.credit_per_kwh / parts.cu_computed == pytest.approx(0.417, abs=1e-3)
    assert large.credit_per_kwh == pytest.approx(parts.g, abs=1e-9)


def month_of(charges, imports=(10.0, 0.0), exports=(0.0, 4.0), spot=300.0):
    return co.settle_month(imports, exports, spot, PARTS, 50.0, charges=charges)


def test_a_whole_month_by_hand():
    # 10 kWh in, 4 out: energy 6 x 1000 + 4 x 200 = 6,800. Contribution 20 % net of the swap: 1,360. Fixed 500, reactive
    # 90, lighting 250: 9,000. A credit of 1,000 from the month before leaves 8,000 to pay.
    charges = co.MonthCharges(
        contribution_rate=0.2, fixed_cop=500, reactive_cop=90, other_cop=250, credit_brought_cop=1000
    )
    month = month_of(charges)
    assert (month.energy_amount, month.contribution_amount) == (6800, 1360)
    assert (month.total_amount, month.payable_amount, month.credit_carried_amount) == (9000, 8000, 0)
    # On all imports the contribution is 20 % of 10,000.
    gross = month_of(co.MonthCharges(contribution_rate=0.2, contribution_base="gross_imports"))
    assert (gross.contribution_amount, gross.total_amount) == (2000, 8800)


def test_a_month_in_credit_is_carried_and_never_clipped():
    # No imports: 4 kWh at 300 = -1,200; fixed 500; 700 go on. The next month pays 10,000 less those 700.
    first = month_of(co.MonthCharges(fixed_cop=500), imports=(0.0, 0.0))
    assert (first.total_amount, first.payable_amount, first.credit_carried_amount) == (-700, 0, 700)
    carried = co.MonthCharges(credit_brought_cop=first.credit_carried_amount)
    following = month_of(carried, exports=(0.0, 0.0))
    assert (following.payable_amount, following.credit_carried_amount) == (9300, 0)
    # A credit that a month cannot use up goes on as well.
    quiet = month_of(co.MonthCharges(credit_brought_cop=700), imports=(0.5, 0.0), exports=(0.0, 0.0))
    assert (quiet.payable_amount, quiet.credit_carried_amount) == (0, 200)


def test_nameplates_that_add_up_to_the_limit_but_for_rounding_are_at_it():
    assert settle([10], [5], kw=sum([33.4, 33.3, 33.3])).small_class
    assert settle([10], [5], kw=100.00000000000003).small_class
    assert settle([10], [5], kw=1000.0000000000002).deducted_per_kwh == 600


def test_no_inverters_export_nothing():
    assert settle([10], [0], kw=0.0).energy_amount == 10_000
    assert co.settle_month([10], [0], 300.0, PARTS, 50.0, renewable=False).energy_amount == 10_000
    for kw in (0.0, -5.0, float("nan")):
        with pytest.raises(InputError) as caught:
            settle([10], [5], kw=kw)
        assert caught.value.problems[0].key == "tariff_inverter_missing"


def test_prices_cover_the_hours_of_the_registers():
    with pytest.raises(InputError) as caught:
        settle([10, 0, 0], [0, 10, 5], spot=[100.0, 100.0])
    assert caught.value.problems[0].field == "spot_price"


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_every_level_of_the_cauca_sheet_is_a_unit_cost(level):
    published = {
        row["component"]: float(row["value"])
        for row in catalog.table("tariffs/prices.csv")
        if row["option"] == f"regulated N{level}"
    }
    parts = Components(
        g=published["Gm"],
        t=published["Tm"],
        d=published["Dn"],
        cv=published["Cv"],
        pr=published["PR"],
        r=published["Rm"],
        cu_computed=published["CU"],
        cu_applied=published["CU"],
        unit="COP/kWh",
    )
    assert fsum((parts.g, parts.t, parts.d, parts.cv, parts.pr, parts.r)) == pytest.approx(published["CU"], abs=5e-5)
    assert settle([10], [5], kw=100.1, parts=parts).credit_per_kwh == pytest.approx(published["Gm"], abs=1e-9)


energies = st.lists(st.tuples(*[st.floats(0, 500)] * 3), min_size=1, max_size=60)


@given(energies, st.sampled_from([10.0, 100.0, 400.0]))
def test_registers_add_up(hours, kw):
    imports, exports, spot = (np.array(column) for column in zip(*hours, strict=True))
    month = settle(imports, exports, spot, kw)
    excess = month.excess_by_hour_kwh
    assert fsum(excess) == pytest.approx(month.exports_kwh - month.swapped_kwh, abs=1e-9 * max(1, month.exports_kwh))
    assert (excess <= exports + 1e-9).all()
    assert (excess >= -1e-9).all()
    net = month.imports_kwh - month.swapped_kwh
    by_rule = net * 1000 + month.swapped_kwh * month.deducted_per_kwh - month.excess_amount
    assert month.energy_amount == pytest.approx(by_rule, rel=1e-9, abs=1e-6)
    if month.crossing_hour is not None:
        assert excess[: month.crossing_hour].sum() == pytest.approx(0, abs=1e-9)


@given(energies, st.floats(0, 0.3), st.floats(0, 1e6), st.sampled_from(["net_of_swap", "gross_imports"]))
def test_a_months_money_closes(hours, rate, brought, base):
    imports, exports, spot = (np.array(column) for column in zip(*hours, strict=True))
    charges = co.MonthCharges(
        contribution_rate=rate, contribution_base=base, fixed_cop=4000.0, credit_brought_cop=brought
    )
    month = co.settle_month(imports, exports, spot, PARTS, 50.0, charges=charges)
    assert month.payable_amount >= 0
    assert month.credit_carried_amount >= 0
    closes = month.payable_amount + brought - month.credit_carried_amount
    assert month.total_amount == pytest.approx(closes, rel=1e-9, abs=1e-6)


@given(energies)
def test_the_small_class_never_pays_more(hours):
    imports, exports, spot = (np.array(column) for column in zip(*hours, strict=True))
    assert settle(imports, exports, spot, 100.0).energy_amount <= settle(imports, exports, spot, 101.0).energy_amount
