"""Bills inside the sizing: hourly prices of a surplus reach them, and so does a moved price of energy."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mine_energy import catalog
from mine_energy.dispatch import Grid, Sizes, simulate
from mine_energy.errors import InputError
from mine_energy.io.site_file import read_inputs
from mine_energy.sizing import AnnualNet, Costs, LeastCost, Prices, sensitivity, size
from mine_energy.study.audited import run_audit
from mine_energy.study.money import bill_of, tariff_for
from mine_energy.study.plant import yield_on
from mine_energy.study.sizing_run import sizing_pair
from mine_energy.study.sizing_trade import prices_of
from mine_energy.study.sizing_views import sensitivity_of
from mine_energy.study.sun import packaged_weather, solar_of
from mine_energy.tariffs import convert, exchange_rate, load_tariff, with_energy_price
from mine_energy.units import LOCAL_TIME

PILOT = catalog.packaged("site_configs/los_conquistadores.toml")
METERED = catalog.packaged("site_configs/ejemplo_medido/sitio.toml")


class Plant:
    """A packaged plant up to its sizing problem, three weather years, with changed inputs."""

    def __init__(self, path, tariff=lambda tariff: tariff, **changed):
        self.inputs = replace(read_inputs(path), **changed)
        site = self.inputs.site
        self.rate = exchange_rate(site.site.country, site.finance.exchange_rate)
        self.tariff = tariff(tariff_for(site, self.inputs.tariff))
        self.audited = run_audit(self.inputs)
        self.weather = self.inputs.weather or packaged_weather(site)
        self.load = self.audited.load_after
        self.sun = solar_of(self.inputs, self.weather, self.load)
        self.case = self.problem(self.tariff)
        self.unit = yield_on(self.sun[0].unit.kw_per_kwp, self.load)

    def problem(self, tariff):
        return sizing_pair(self.inputs, self.audited, self.sun, self.weather, tariff, self.rate, 3)[0]

    def flows(self, kwp):
        load_kw, step_hours = self.load.load_kw.to_numpy(), self.load.step_hours
        return simulate(load_kw, self.unit, Sizes(pv_kwp=kwp), grid=Grid(), step_hours=step_hours)

    def bill(self, tariff, kwp, spot=None):
        """Return an array's yearly bill without what the surplus sells for, and that sale, in the study's money."""
        site = self.inputs.site
        made = bill_of(site, tariff, self.load, self.flows(kwp), kwp / site.array.dc_ac_ratio, spot)
        sale = sum(line.amount for line in made.lines if line.group == "sale")
        parts = (made.total - sale, sale)
        return tuple(convert(part, made.currency, site.finance.currency, self.rate) for part in parts)

    def traded(self, tariff, spot=None):
        return prices_of(self.inputs.site, self.load, self.unit, tariff, self.rate, spot)


def taxed_sale(tariff):
    """Return a tariff that knows no wholesale price and whose contribution counts what a surplus sells for."""
    surcharge = tuple(one.model_copy(update={"base": (*one.base, "sale")}) for one in tariff.surcharge)
    exports = tariff.exports.model_copy(update={"spot_price": None})
    return tariff.model_copy(update={"surcharge": surcharge, "exports": exports})


@pytest.fixture(scope="module")
def pilot():
    return Plant(PILOT)


def test_prices_of_the_hour_reach_the_bills_of_a_sizing(pilot):
    hours = pilot.load.load_kw.index.floor("h").unique()
    spot = pd.Series(200.0 + 150 * (hours.hour.to_numpy() / 23), index=hours)
    tariff = taxed_sale(pilot.tariff)
    within, beyond, balance = pilot.traded(tariff, spot)
    flows = pilot.flows(1.3 * balance)
    paid, sale = pilot.bill(tariff, 1.3 * balance, spot)
    assert sale < 0
    assert within.bill(flows) == pytest.approx(paid, rel=1e-12)
    assert beyond.bill(flows) == within.bill(flows)
    # The contribution on it makes the price of the hour matter, and without any price there is no bill.
    applied = sum(one.rate for one in tariff.surcharge if one.applied)
    dearer = pilot.traded(tariff, 2 * spot)[0].bill(flows)
    assert dearer - within.bill(flows) == pytest.approx(applied * sale, rel=1e-9)
    with pytest.raises(InputError):
        pilot.traded(tariff)


def test_a_site_files_prices_go_all_the_way_to_the_sizing():
    index = pd.date_range("2025-01-01", periods=8760, freq="h", tz=LOCAL_TIME)
    spot = pd.Series(np.linspace(100.0, 900.0, len(index)), index=index)
    # Without the file's prices this tariff could not be billed at all.
    plant = Plant(PILOT, taxed_sale, spot_price=spot)
    kwp = plant.case.balance_kwp
    wanted, _ = plant.bill(plant.tariff, kwp, spot)
    for case in (plant.case, plant.case.at_energy_price(1.0)):
        assert case.prices.bill(plant.flows(kwp)) == pytest.approx(wanted, rel=1e-12)


def test_the_bar_of_the_energy_price_is_the_plant_billed_at_that_price(pilot):
    """The array of the annual balance is given by energies: only its bill moves, and that is worked out here."""
    found = pilot.case.sized(pilot.case.goal("annual_net"), catalogue=False)
    rows = {row.key: row for row in sensitivity_of(pilot.case, "annual_net", found.plant.money.total)}
    bar = rows["energy_price"]
    parts = pilot.tariff.components
    for change, cost in ((-bar.change, bar.low_cost), (bar.change, bar.high_cost)):
        names = ("g", "t", "d", "cv", "pr", "r", "cu_computed", "cu_applied")
        moved = parts.model_copy(update={name: getattr(parts, name) * (1 + change) for name in names})
        tariff = pilot.tariff.model_copy(update={"components": moved})
        paid, _ = pilot.bill(tariff, found.pv_kwp)
        money = found.plant.money
        assert cost == pytest.approx(money.capital + money.om + paid, rel=1e-9)
    # Dearer energy makes the credit dearer: what is paid for energy that swaps cancel moves nothing.
    assert bar.low_cost < found.annual_cost < bar.high_cost
    imports = found.plant.import_kwh * pilot.case.prices.import_per_kwh
    assert bar.high_cost - bar.low_cost < imports * bar.change


def test_under_power_charges_the_bar_is_a_sizing_with_another_tariff():
    """Quarter hours, classes and a battery: the bar is what the whole way gives for a tariff with moved prices."""
    plant = Plant(METERED)
    asked = plant.case.goal("least_cost")
    cost = plant.case.sized(asked, catalogue=False).plant.money.total
    bar = next(row for row in sensitivity_of(plant.case, "least_cost", cost) if row.key == "energy_price")
    again = plant.problem(with_energy_price(plant.tariff, 1 + bar.change)).sized(asked, catalogue=False)
    assert bar.high_cost == pytest.approx(again.annual_cost, rel=1e-9)
    assert bar.high_pv_kwp == pytest.approx(again.pv_kwp, rel=1e-9)


def test_a_moved_load_moves_the_balance_up_to_which_exports_are_credited(pilot):
    asked = pilot.case.goal("least_cost")
    assert isinstance(asked, LeastCost)
    near = {name: replace(getattr(pilot.case, name), bill=None) for name in ("prices", "prices_in_balance")}
    plain = replace(pilot.case, metered=None, **near)
    base = plain.sized(asked, catalogue=False)
    grown = plain.sized(asked, catalogue=False, load_kw=1.1 * plain.load_kw)
    sunnier = plain.sized(asked, catalogue=False, pv_kw_per_kwp=1.25 * plain.unit)
    assert base.pv_kwp == pytest.approx(plain.balance_kwp, rel=1e-6)
    assert grown.pv_kwp == pytest.approx(1.1 * base.pv_kwp, rel=1e-6)
    assert sunnier.pv_kwp == pytest.approx(base.pv_kwp / 1.25, rel=1e-6)


@pytest.mark.parametrize("name", ["co_ceo_n2_2013", "co_ceo_n2_2025_estimate", "pe_mt3", "pe_bt5b_estimate"])
def test_a_dearer_tariff_is_dearer_by_its_energy_alone(name, pilot):
    tariff = load_tariff(name)
    moved = with_energy_price(tariff, 1.25)
    for old, new in zip(tariff.energy_charges(), moved.energy_charges(), strict=True):
        assert new.price == pytest.approx(1.25 * old.price)
    assert moved.demand == tariff.demand
    assert moved.fixed == tariff.fixed
    assert moved.exports == tariff.exports
    for month in range(1, 13):
        grown = 1.25 if tariff.reactive and tariff.reactive.follows_distribution else 1.0
        assert moved.reactive_price(month) == pytest.approx(grown * tariff.reactive_price(month))
    # The moved file is a tariff that the reader would accept.
    type(tariff).model_validate(moved.model_dump())
    with pytest.raises(ValueError, match="multiplied"):
        with_energy_price(tariff, 0.0)


def test_prices_behind_a_bill_cannot_be_moved_past_it():
    prices = Prices(import_per_kwh=0.1, bill=lambda flows: 0.1 * flows.energy_kwh("import"))
    unit = np.tile([0.0, 1.0], 12)
    costs = Costs(pv_per_kwp=1.0, discount_rate=0.1, mine_life_years=10)

    def sized(**given):
        return size(given["load_kw"], given["pv_kw_per_kwp"], AnnualNet(), given["costs"], grid=Grid())

    with pytest.raises(ValueError, match="bill"):
        sensitivity(sized, np.ones(24), unit, costs, prices)
