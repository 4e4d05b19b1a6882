"""Against programs of others: NREL's Cashloan and Lcoefcr (PySAM), numpy-financial, and a spreadsheet."""

import csv
import shutil
import subprocess
from math import isnan

import numpy_financial as npf
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from mine_energy import finance
from mine_energy.finance import CapexLine, Project, Stream, YearlyLine
from mine_energy.site import FinanceChoice, FinancingChoice, LoanChoice, TaxChoice

pytestmark = pytest.mark.reference

YEARS, CAPEX, SAVING, OM, FADING, ENERGY = 20, 100_000.0, 20_000.0, 1_500.0, 0.005, 140_000.0
RATE_EA, TENOR, DEBT = 0.09, 8, 0.6


# ---------------------------------------------------------------- numpy-financial


@settings(deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=2, max_size=30),
    st.floats(0.0, 0.5),
    st.floats(0.0, 0.5),
)
def test_mirr_is_numpy_financials(cash_flow, finance_rate, reinvestment_rate):
    expected = npf.mirr(cash_flow, finance_rate, reinvestment_rate)
    got = finance.mirr(cash_flow, finance_rate, reinvestment_rate)
    if got is None:
        assert not (min(cash_flow) < 0 < max(cash_flow))
    else:
        assert got == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(
    st.floats(1e3, 1e9),
    st.floats(0.001, 0.6),
    st.integers(1, 15),
    st.sampled_from([1, 2, 4, 12]),
)
def test_an_annuity_is_numpy_financials_payment(amount, rate_ea, years, size):
    loan = LoanChoice(rate_ea=rate_ea, tenor_months=12 * years, payments_per_year=size)
    schedule = finance.loan_schedule(loan, amount, "COP")
    rate = (1.0 + rate_ea) ** (1.0 / size) - 1.0
    assert schedule.periodic_rate == pytest.approx(rate, rel=1e-12)
    assert schedule.payment == pytest.approx(-npf.pmt(rate, years * size, amount), rel=1e-9)
    # Interest of the first year, period by period.
    interest = -sum(npf.ipmt(rate, period, years * size, amount) for period in range(1, size + 1))
    assert schedule.years[0].interest == pytest.approx(float(interest), rel=1e-9)
    assert schedule.years[-1].closing == 0.0


# ---------------------------------------------------------------- PySAM: Lcoefcr


@pytest.mark.parametrize(("rate", "years"), [(0.0, 10), (0.08, 25), (0.12, 15)])
def test_lcoe_is_lcoefcrs(rate, years):
    # Lcoefcr: (capital x fixed charge rate + fixed O&M) / energy + variable O&M; the charge rate is the CRF.
    lcoefcr = pytest.importorskip("PySAM.Lcoefcr")
    model = lcoefcr.new()
    simple = model.SimpleLCOE
    simple.annual_energy, simple.capital_cost, simple.fixed_operating_cost = ENERGY, CAPEX, OM
    simple.variable_operating_cost, simple.fixed_charge_rate = 0.004, finance.crf(rate, years)
    model.execute(0)
    costs = [CAPEX, *[OM + 0.004 * ENERGY] * years]
    assert finance.lcoe(costs, [0.0, *[ENERGY] * years], rate) == pytest.approx(model.Outputs.lcoe_fcr, rel=1e-6)
    conserved = finance.cost_of_conserved_energy(CAPEX, OM + 0.004 * ENERGY, ENERGY, rate, years)
    assert conserved == pytest.approx(model.Outputs.lcoe_fcr, rel=1e-6)


# ---------------------------------------------------------------- PySAM: Cashloan


def cashloan(value, *, tax=0.0, inflation=0.0, debt=DEBT, real_rate=0.08):
    """Return a Cashloan of a commercial owner: yearly debt, straight-line depreciation over ten years."""
    module = pytest.importorskip("PySAM.Cashloan")
    pyssc = pytest.importorskip("PySAM.PySSC")
    ssc = pyssc.PySSC()
    data = ssc.data_create()
    # Two inputs that the module reads and its Python face does not know.
    ssc.data_set_array(data, b"utility_bill_wo_sys", [0.0] * (YEARS + 1))
    model = module.wrap(data)
    months = ((0.0,) * 12,) * (YEARS + 1)
    given_ = {
        "analysis_period": YEARS,
        "debt_fraction": 100 * debt,
        "loan_rate": 100 * RATE_EA,
        "loan_term": TENOR,
        "federal_tax_rate": (100 * tax,),
        "state_tax_rate": (0.0,),
        "inflation_rate": 100 * inflation,
        "real_discount_rate": 100 * real_rate,
        "system_capacity": 100.0,
        "market": 1,
        "mortgage": 0,
        "insurance_rate": 0.0,
        "property_tax_rate": 0.0,
        "prop_tax_assessed_decline": 0.0,
        "prop_tax_cost_assessed_percent": 0.0,
        "salvage_percentage": 0.0,
        "total_installed_cost": CAPEX,
        "om_capacity": (OM / 100.0,),
        "om_capacity_escal": 0.0,
        "om_fixed": (0.0,),
        "om_fixed_escal": 0.0,
        "om_production": (0.0,),
        "om_production_escal": 0.0,
        "depr_fed_type": 2,
        "depr_fed_sl_years": 10,
        "depr_fed_custom": (0.0,),
        "depr_sta_type": 0,
        "depr_sta_sl_years": 10,
        "depr_sta_custom": (0.0,),
        "degradation": (100 * FADING,),
        "annual_energy_value": tuple(value),
        "gen": (ENERGY / 8760,) * 8760,
        "system_use_lifetime_output": 0,
        "rate_escalation": (0.0,),
        "utility_bill_w_sys": (0.0,) * (YEARS + 1),
        "year1_hourly_ec_with_system": (0.0,) * 8760,
        "year1_hourly_dc_with_system": (0.0,) * 8760,
        "year1_hourly_e_fromgrid": (0.0,) * 8760,
    }
    given_ |= dict.fromkeys(("true_up_credits_ym", "net_billing_credits_ym", "nm_dollars_applied_ym"), months)
    given_ |= dict.fromkeys(("charge_w_sys_ec_ym", "charge_w_sys_fixed_ym", "charge_w_sys_dc_tou_ym"), months)
    for name, content in given_.items():
        model.value(name, content)
    model.execute(0)
    scalars = ("npv", "irr", "payback", "discounted_payback", "lcoe_real", "lcoe_nom", "loan_amount")
    flows = (
        "cf_after_tax_cash_flow",
        "cf_debt_payment_total",
        "cf_debt_payment_interest",
        "cf_sta_and_fed_tax_savings",
    )
    found = {name: float(getattr(model.Outputs, name)) for name in scalars}
    return found | {name: tuple(getattr(model.Outputs, name)) for name in flows}


def line():
    return CapexLine(
        key="pv_plant",
        subject="",
        quantity=100.0,
        unit="kWp",
        unit_cost=1000.0,
        amount=CAPEX,
        low_amount=CAPEX,
        high_amount=CAPEX,
        source="quote",
        year="2026",
        confidence="user",
        assumed=False,
    )


def ours(*, tax=0.0, inflation=0.0, debt=DEBT):
    """Return the same project here. Cashloan's upkeep of year 1 is in its own money, ours in that of t = 0."""
    stream = Stream(
        key="pv",
        kind="generates",
        capex=(line(),),
        annual_saving=SAVING,
        om_per_year=OM / (1.0 + inflation),
        energy_kwh_per_year=ENERGY,
        degradation_per_year=FADING,
        asset_life_years=YEARS,
    )
    loan = LoanChoice(share=debt, rate_ea=RATE_EA, tenor_months=12 * TENOR, payments_per_year=1) if debt else None
    regime = TaxChoice(regime="ordinary", rate=tax, depreciation_years=10) if tax else TaxChoice()
    financing = FinancingChoice(
        inflation=inflation, contingency=0.0, loan=loan, tax=regime, equity_rate=1.08 * (1 + inflation) - 1
    )
    project = Project(
        streams=(stream,),
        choice=FinanceChoice(discount_rate=0.08, mine_life_years=40),
        financing=financing,
        scope="pv",
        country="CO",
    )
    return finance.project_finance(project)


@pytest.mark.parametrize("inflation", [0.0, 0.05])
@pytest.mark.parametrize("tax", [0.0, 0.35])
def test_equity_is_cashloans(tax, inflation):
    result = ours(tax=tax, inflation=inflation)
    saving = next(flow.amounts for flow in result.lines if flow.key == "saving")
    reference = cashloan(saving, tax=tax, inflation=inflation)
    assert result.equity.flow == pytest.approx(reference["cf_after_tax_cash_flow"], abs=1e-6 * CAPEX * 0.01)
    assert result.equity.npv[0].npv == pytest.approx(reference["npv"], rel=1e-6)
    (root,) = result.equity.irr
    # Cashloan's own search finds no rate in one of the four cases.
    expected = npf.irr(result.equity.flow) if isnan(reference["irr"]) else reference["irr"] / 100
    assert root == pytest.approx(expected, rel=1e-6)
    assert result.funding.source("loan") == pytest.approx(reference["loan_amount"], rel=1e-9)
    service = [year.service for year in result.loan.years]
    assert service == pytest.approx(reference["cf_debt_payment_total"][1 : TENOR + 1], rel=1e-6)
    interest = [year.interest for year in result.loan.years]
    assert interest == pytest.approx(reference["cf_debt_payment_interest"][1 : TENOR + 1], rel=1e-6)
    # Paybacks of Cashloan are of the project, before its debt.
    assert result.project.simple_payback_years == pytest.approx(reference["payback"], rel=1e-6)


@pytest.mark.parametrize("inflation", [0.0, 0.05])
def test_lcoe_without_debt_and_tax_is_cashloans(inflation):
    result = ours(inflation=inflation, debt=0.0)
    saving = next(flow.amounts for flow in result.lines if flow.key == "saving")
    reference = cashloan(saving, inflation=inflation, debt=0.0)
    energy = [0.0, *(ENERGY * (1 - FADING) ** n for n in range(YEARS))]
    nominal_rate = 1.08 * (1 + inflation) - 1
    nominal = [CAPEX, *(OM * (1 + inflation) ** n for n in range(YEARS))]
    # Cents per kWh. Nominal: the levelised price that stays the same in the money of every year.
    assert 100 * finance.lcoe(nominal, energy, nominal_rate) == pytest.approx(reference["lcoe_nom"], rel=1e-6)
    # Real, from real flows alone: the same costs in today's money at the real rate.
    real = [CAPEX, *[OM / (1 + inflation)] * YEARS]
    assert 100 * finance.lcoe(real, energy, 0.08) == pytest.approx(reference["lcoe_real"], rel=1e-6)


def test_discounted_payback_is_cashloans():
    result = ours(debt=0.0)
    reference = cashloan(next(flow.amounts for flow in result.lines if flow.key == "saving"), debt=0.0)
    assert result.project.discounted_payback_years == pytest.approx(reference["discounted_payback"], rel=1e-6)


# ---------------------------------------------------------------- a spreadsheet


def test_a_spreadsheet_computes_the_same(tmp_path):
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    flow = [-1000.0, 300.0, 300.0, -200.0, 600.0, 500.0]
    formulas = ("=A1+NPV(B1,A2:A6)", "=IRR(A1:A6)", "=MIRR(A1:A6,B1,B1)", "=-PMT(B1,10,1)", "=(1+B1)^(1/12)-1")
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    exact = book.add_format({"num_format": "0.000000000000"})
    sheet = book.add_worksheet()
    sheet.write_column(0, 0, flow)
    sheet.write(0, 1, 0.08)
    for row, formula in enumerate(formulas):
        # No value of ours beside the formula: what comes back is the spreadsheet's own.
        sheet.write_formula(row, 2, formula, exact, "")
    book.close()
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "csv", "book.xlsx"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=120)
    with (tmp_path / "book.csv").open(encoding="utf-8", newline="") as text:
        got = [float(row[2]) for row in list(csv.reader(text))[: len(formulas)]]
    expected = [
        finance.npv(0.08, flow),
        *finance.irr(flow),
        finance.mirr(flow, 0.08, 0.08),
        finance.crf(0.08, 10),
        finance.periodic_rate(0.08, 12),
    ]
    assert got == pytest.approx(expected, rel=1e-6)


def test_a_yearly_line_enters_as_it_is():
    # The same saving as a yearly line instead of a level one.
    flat = Stream(
        key="pv",
        kind="generates",
        capex=(line(),),
        annual_saving=0.0,
        yearly=(YearlyLine(key="x", amounts=tuple(SAVING * (1 - FADING) ** n for n in range(YEARS))),),
        energy_kwh_per_year=ENERGY,
        asset_life_years=YEARS,
    )
    expected = npf.npv(0.08, [-CAPEX, *flat.yearly[0].amounts])
    assert finance.npv(0.08, flat.cash_flow(YEARS)) == pytest.approx(expected, rel=1e-9)
