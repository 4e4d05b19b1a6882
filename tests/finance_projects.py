"""A PV plant and a project for the tests of the finance room: round figures, nothing packaged."""

from mine_energy.finance import CapexLine, Project, Stream
from mine_energy.site import FinanceChoice, FinancingChoice


def capex_line(amount, key="pv_plant"):
    return CapexLine(
        key=key,
        subject="",
        quantity=1.0,
        unit="",
        unit_cost=amount,
        amount=amount,
        low_amount=0.8 * amount,
        high_amount=1.4 * amount,
        source="quote",
        year="2026",
        confidence="user",
        assumed=False,
    )


def pv_plant(capex=100_000.0, **more):
    given = {
        "key": "pv",
        "kind": "generates",
        "annual_saving": 20_000.0,
        "om_per_year": 1_500.0,
        "energy_kwh_per_year": 140_000.0,
        "asset_life_years": 20.0,
    }
    return Stream(capex=(capex_line(capex),), **(given | more))


def efficiency(capex=10_000.0, saving=4_000.0, life=10.0):
    return Stream(
        key="measures",
        kind="saves",
        capex=(capex_line(capex, "motor"),),
        annual_saving=saving,
        energy_kwh_per_year=30_000.0,
        asset_life_years=life,
    )


def project(*streams, country="CO", currency="USD", loan_per_usd=None, per_usd=1.0, mine=40.0, rate=0.08, **financing):
    financing = {"inflation": 0.0, "contingency": 0.0} | financing
    return Project(
        streams=streams or (pv_plant(),),
        choice=FinanceChoice(discount_rate=rate, mine_life_years=mine),
        financing=FinancingChoice(**financing),
        scope="pv",
        country=country,
        currency=currency,
        per_usd=per_usd,
        loan_per_usd=loan_per_usd,
    )
