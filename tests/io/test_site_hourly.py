"""Hourly prices and factors named by a site file, and bills with their numbers: read, checked, and used by a study."""

from datetime import date, timedelta

import pandas as pd
import pytest

from mine_energy.errors import InputError
from mine_energy.io.site_file import read_inputs
from mine_energy.study import run_study
from mine_energy.units import LOCAL_TIME

YEAR = 2024
HOURS = pd.date_range(f"{YEAR}-01-01", f"{YEAR + 1}-01-01", freq="h", inclusive="left")
SITE = f"""[site]
name = "Planta"
country = "CO"
latitude = 2.98
longitude = -76.65
altitude_m = 1286
workdays_per_month = 26
shifts = [{{ start = 06:00:00, end = 14:00:00 }}]

[bills]
file = "facturas.csv"

[coverage]
ratio = 1.3

[emissions]
activity_year = {YEAR}

[connection]
kind = "grid"
tariff = "co_ceo_n2_2025_estimate"
"""


def bills():
    """Return a year of bills of one meter with their numbers."""
    rows, start = ["Número de factura;Medidor;Desde;Hasta;kWh"], date(YEAR, 1, 1)
    for number in range(12):
        end = date(YEAR + (number == 11), (number + 1) % 12 + 1, 1)
        rows.append(f"F-{number + 1:03d};ME-1;{start};{end - timedelta(days=1)};{12000 + 100 * number}")
        start = end
    return "\n".join(rows) + "\n"


def prices(hours=HOURS, price=lambda hour: 250 + hour.hour):
    return "Fecha;Hora;Precio [COP/kWh]\n" + "".join(f"{h:%Y-%m-%d};{h:%H:%M};{price(h)}\n" for h in hours)


def factors(hours=HOURS):
    return "Fecha;Hora;Factor [t CO2e/MWh]\n" + "".join(
        f"{h:%Y-%m-%d};{h:%H:%M};{0.2 if 8 <= h.hour < 17 else 0.3}\n" for h in hours
    )


@pytest.fixture
def inputs_of(tmp_path):
    """Return a function that writes a site with what it is given and reads everything."""

    def read(text="", **files):
        (tmp_path / "facturas.csv").write_text(bills(), encoding="utf-8")
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        path = tmp_path / "sitio.toml"
        path.write_text(SITE + text, encoding="utf-8")
        return read_inputs(path)

    return read


SPOT = 'spot_prices = "bolsa.csv"\n'
HOURLY = '[carbon]\nhourly_factors = "fe.csv"\nhourly_source = "operador"\n'


def test_prices_are_on_the_hours_of_the_year_and_the_file_is_recorded(inputs_of):
    found = inputs_of(SPOT, bolsa=prices())
    assert found.spot_price.index.equals(pd.DatetimeIndex(HOURS.tz_localize(LOCAL_TIME)))
    assert found.spot_price.iloc[13] == 263.0
    assert [file.name for file in found.files] == ["sitio.toml", "facturas.csv", "bolsa.csv"]
    assert "hourly_read_spot_price" in {finding.key for finding in found.findings}


def test_a_surplus_is_worth_the_price_of_its_hour(inputs_of):
    """Twice the price by hour is twice the money of the surplus; swapped energy keeps its own."""

    def sale(factor):
        read = inputs_of(SPOT, bolsa=prices(price=lambda hour: factor * (250 + hour.hour)))
        bill = run_study(read, with_sizing=False).states[2].bill
        return {line.group: line.amount for line in bill.totals}

    once, twice = sale(1), sale(2)
    assert once["sale"] < 0
    assert twice["sale"] == pytest.approx(2 * once["sale"], rel=1e-9)
    assert twice["swap"] == pytest.approx(once["swap"], rel=1e-9)


def test_hours_of_the_year_that_lack_are_named(inputs_of):
    with pytest.raises(InputError) as raised:
        inputs_of(SPOT, bolsa=prices(HOURS[24:-48]))
    problem = next(p for p in raised.value.problems if p.key == "hourly_year")
    assert problem.params["count"] == 72
    assert "2024-01-01 00:00 - 2024-01-01 23:00; 2024-12-30 00:00" in str(problem.params["hours"])
    lines = (SITE + SPOT).splitlines()
    assert lines[problem.line - 1].startswith("spot_prices")


def test_prices_of_another_year_are_not_moved(inputs_of):
    with pytest.raises(InputError) as raised:
        inputs_of(SPOT, bolsa=prices(pd.date_range("2023-01-01", "2024-01-01", freq="h", inclusive="left")))
    assert [p.key for p in raised.value.problems] == ["hourly_year"]


def test_problems_of_the_file_come_with_those_of_the_site(inputs_of):
    broken = prices().replace("2024-01-01;07:00;257", "2024-01-01;07:00;caro")
    with pytest.raises(InputError) as raised:
        inputs_of(SPOT + HOURLY.replace("operador", ""), bolsa=broken, fe=factors())
    told = {(p.key, p.file.rpartition("/")[2]): p.line for p in raised.value.problems}
    assert told["not_a_number", "bolsa.csv"] == 9
    assert ("emissions_typed_source", "sitio.toml") in told


def test_factors_by_hour_stand_beside_the_official_figure(inputs_of):
    read = inputs_of(HOURLY, fe=factors())
    assert (read.hourly_factor.year, read.hourly_factor.source) == (YEAR, "operador")
    assert len(read.hourly_factor.t_co2e_per_mwh) == len(HOURS)
    study = run_study(read, with_sizing=False)
    plain = run_study(inputs_of(), with_sizing=False)
    today, with_pv = study.states[0].scope2, study.states[2].scope2
    assert today.location_t_co2e == plain.states[0].scope2.location_t_co2e
    assert today.hourly.flat_t_per_mwh == pytest.approx((9 * 0.2 + 15 * 0.3) / 24)
    # Sun takes the clean hours: what is still bought is dirtier than the mean.
    assert with_pv.hourly.weighted_t_per_mwh > today.hourly.weighted_t_per_mwh
    assert plain.states[0].scope2.hourly is None


def test_factors_that_do_not_cover_their_year_are_refused(inputs_of):
    with pytest.raises(InputError) as raised:
        inputs_of(HOURLY, fe=factors(HOURS[:100]))
    assert [(p.key, p.field) for p in raised.value.problems] == [("hourly_year", "carbon.hourly_factors")]


def test_a_verifier_gets_the_number_of_every_bill(inputs_of):
    record = run_study(inputs_of(), with_sizing=False).carbon.record
    assert record.label == "inventory"
    assert [(one.meter, one.document) for one in record.records] == [("ME-1", f"F-{n:03d}") for n in range(1, 13)]
    assert record.evidence_kwh == sum(12000 + 100 * n for n in range(12))
    assert {one.evidence for one in record.records} == {"billed"}


def test_prices_that_no_rule_uses_are_said(inputs_of, tmp_path):
    peru = SITE.replace('"CO"', '"PE"').replace("2.98", "-15.85").replace("-76.65", "-74.25")
    (tmp_path / "facturas.csv").write_text(bills(), encoding="utf-8")
    (tmp_path / "bolsa.csv").write_text(prices().replace("COP", "PEN"), encoding="utf-8")
    path = tmp_path / "sitio.toml"
    path.write_text(peru.replace("co_ceo_n2_2025_estimate", "pe_mt3") + SPOT, encoding="utf-8")
    assert "spot_prices_unused" in {finding.key for finding in read_inputs(path).findings}
