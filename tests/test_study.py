"""The whole way: balances, round trip, equal bytes, the three meanings, both methods, and every kind of input."""

import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mine_energy import catalog
from mine_energy.errors import InputError, MissingData
from mine_energy.io.production import read_production
from mine_energy.io.results import read_study, study_document, study_json
from mine_energy.io.site_file import read_inputs
from mine_energy.messages import finding_text
from mine_energy.report import summary
from mine_energy.site import MeterChoice
from mine_energy.study import run_study
from mine_energy.tariffs import load_tariff

PILOT = catalog.packaged("site_configs/los_conquistadores.toml")
OFFGRID = catalog.packaged("site_configs/caraveli_offgrid.toml")


@pytest.fixture
def pilot(pilot_study):
    return pilot_study


@pytest.fixture
def offgrid(offgrid_study):
    return offgrid_study


def plain_study(inputs):
    """Return a study without the sizing of every meaning, which has tests of its own."""
    return run_study(inputs, with_sizing=False)


@pytest.fixture(params=["pilot", "offgrid"])
def study(request):
    return request.getfixturevalue(request.param)


def test_the_pilot_is_about_205_mwh(pilot):
    assert pilot.load_before.energy_kwh == pytest.approx(205_000, rel=0.02)


def test_the_pilots_yield_is_that_of_its_atlas_band(pilot):
    assert 1300 <= pilot.solar.unit.specific_yield_kwh_per_kwp <= 1600


def test_a_motor_swap_saves_a_few_per_cent(study):
    swap = next(c for c in study.audit.savings_by_cause if c.cause == "motor_efficiency")
    assert 0.01 < swap.share < 0.10


def test_the_causes_together_save_what_no_motor_swap_does(pilot):
    share = 1 - pilot.load_after.energy_kwh / pilot.load_before.energy_kwh
    assert 0.10 < share < 0.30
    assert {"compressed_air", "demand", "transmission"} < {c.cause for c in pilot.audit.savings_by_cause}


def test_every_hour_balances(study):
    h = study.hourly
    gap = h.pv_used_kw + h.import_kw + h.genset_kw + h.unserved_kw - h.load_after_kw
    assert gap.abs().max() < 1e-9
    assert (h.pv_used_kw + h.export_kw + h.curtailed_kw - h.pv_kw).abs().max() < 1e-9
    assert len(h.load_after_kw) == 8760


def test_savings_are_the_difference_of_the_loads(study):
    by_cause = sum(cause.energy_kwh_per_year for cause in study.audit.savings_by_cause)
    assert study.load_before.energy_kwh - study.load_after.energy_kwh == pytest.approx(by_cause, rel=1e-9)


def test_all_three_meanings_before_and_after(study):
    for meanings in (study.coverage.before_measures, study.coverage.after_measures):
        assert meanings.annual_net_ratio == pytest.approx(1.0)
        assert 0 < meanings.self_sufficiency < 1
        assert 0 < meanings.lpsp_without_grid < 1
    assert study.design.pv_saved_kwp > 0


def test_scope2_counts_gross_imports(pilot):
    after = pilot.states[2]
    factor = after.scope2.location_factor
    assert (factor.value, factor.year, factor.kind) == (0.22, 2024, "location_average")
    assert after.scope2.location_t_co2e == pytest.approx(after.import_kwh / 1000 * 0.22)
    # A year that nets to zero still imports at night.
    assert after.import_kwh == pytest.approx(after.export_kwh, rel=1e-6)
    assert after.import_kwh > 0.2 * after.load_kwh


def test_avoided_emissions_stand_apart_with_another_kind(pilot):
    avoided = pilot.scope2.avoided_exports
    assert avoided.factor.kind == "cm_wind_solar"
    assert avoided.avoided_t_co2e == pytest.approx(pilot.states[2].export_kwh / 1000 * avoided.factor.value)
    assert pilot.scope2.location_cut_t_co2e == pytest.approx(
        pilot.states[0].scope2.location_t_co2e - pilot.states[2].scope2.location_t_co2e
    )


def test_off_grid_has_no_scope_2_and_burns_less(offgrid):
    today, measured, with_pv = offgrid.states
    assert [state.scope2.location_t_co2e for state in offgrid.states] == [0, 0, 0]
    assert today.fuel.t_co2e > measured.fuel.t_co2e > with_pv.fuel.t_co2e > 0
    assert offgrid.scope2.avoided_exports is None
    # The set carries at least its minimum load whenever it runs beside PV.
    hours = offgrid.hourly
    beside = hours.pv_used_kw > 1e-9
    least = 0.3 * next(one.site_kw for one in offgrid.sizing.derated if one.kind == "genset")
    assert (hours.genset_kw[beside] > 0).all()
    assert with_pv.curtailed_kwh > 0
    assert hours.genset_kw[beside].min() >= least * 0.999 - 1e-9


def test_money_is_bill_without_minus_bill_with(study):
    today, measured, with_pv = study.states
    finance = study.finance
    assert finance.measures.annual_saving == pytest.approx(today.cost_per_year - measured.cost_per_year)
    assert finance.pv.annual_saving == pytest.approx(measured.cost_per_year - with_pv.cost_per_year)
    assert finance.both.capex == pytest.approx(finance.measures.capex + finance.pv.capex)


def test_everything_reconstructed_says_so(study):
    assert study.reconstructed
    assert study.solar.weather.kind == "synthetic"
    assert "seed" in study.solar.weather.source or study.solar.weather.seed is not None


def test_a_study_survives_its_json(study, tmp_path):
    path = tmp_path / "study.json"
    path.write_bytes(study_json(study))
    assert study_json(read_study(path)) == study_json(study)


def test_the_document_has_what_others_read(study):
    document = study_document(study)
    wanted = "schema_version audit load_after solar design coverage scope2 finance findings sources inputs hourly"
    for key in wanted.split():
        assert key in document
    assert all(len(file["sha256"]) == 64 for file in document["inputs"])
    assert str(Path.cwd()) not in json.dumps(document)


def test_the_same_input_gives_the_same_bytes_everywhere(tmp_path):
    code = (
        "import sys, hashlib\n"
        "from mine_energy.io.site_file import read_inputs\n"
        "from mine_energy.io.results import study_json\n"
        "from mine_energy.study import run_study\n"
        "print(hashlib.sha256(study_json(run_study(read_inputs(sys.argv[1])))).hexdigest())\n"
    )
    answers = set()
    for environment in (
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "OMP_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LANG": "es_CO.UTF-8", "OMP_NUM_THREADS": "2"},
    ):
        folder = tmp_path / environment["PYTHONHASHSEED"]
        folder.mkdir()
        answer = subprocess.run(
            [sys.executable, "-c", code, str(PILOT)],
            cwd=folder,
            env={**os.environ, **environment},
            capture_output=True,
            check=True,
        )
        answers.add(answer.stdout.strip())
    assert len(answers) == 1


def site_file(tmp_path, text):
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


def with_files(tmp_path, shared, **replaced):
    """Return the pilot's site file with sections replaced, its inventory beside it."""
    text = PILOT.read_text(encoding="utf-8")
    inventory = PILOT.with_name("los_conquistadores_motores.csv")
    (tmp_path / inventory.name).write_bytes(inventory.read_bytes())
    for section, body in replaced.items():
        start = text.index(f"[{section}]") if f"[{section}]" in text else None
        if start is not None:
            end = text.index("\n[", start + 1)
            text = text[:start] + (f"[{section}]\n{body}\n" if body is not None else "") + text[end:]
        else:
            text = f"[{section}]\n{body}\n" + text
    return site_file(tmp_path, text)


@pytest.mark.parametrize(
    "epw", ["PER_Arequipa.847520_IWEC.epw", "COL_CUN_Bogota-Eldorado.Intl.AP.802220_TMYx.2009-2023.epw"]
)
def test_the_pilot_with_a_weather_file_from_elsewhere(tmp_path, shared_file, epw):
    file = shared_file(f"weather/{epw}")
    made = plain_study(read_inputs(with_files(tmp_path, shared_file, weather=f"file = '{file}'")))
    assert made.solar.weather.kind == "typical"
    assert any(finding.key == "weather_far" for finding in made.findings)
    assert made.coverage.after_measures.annual_net_ratio == pytest.approx(1.0)


def test_a_meter_and_no_inventory(tmp_path, shared_file):
    meter = shared_file("loads/Steel_industry_data.csv")
    path = with_files(tmp_path, shared_file, load=f"file = '{meter}'", inventory=None)
    made = plain_study(read_inputs(path))
    assert made.load_before.energy_kwh == pytest.approx(959_636.71)
    assert made.load_before.step_minutes == 15
    assert made.load_before.peak_kw == pytest.approx(628.72)
    assert made.load_after.energy_kwh == made.load_before.energy_kwh
    assert made.finance.measures is None


def test_a_scaled_copy_of_another_meter_is_labelled(tmp_path, shared_file):
    meter = shared_file("loads/Steel_industry_data.csv")
    path = with_files(tmp_path, shared_file, load=f"file = '{meter}'\nscale_to_kwh = 205000")
    made = plain_study(read_inputs(path))
    assert made.load_before.origin == "scaled"
    assert made.load_before.energy_kwh == pytest.approx(205_000)
    assert made.reconstructed
    assert 0 < made.load_after.energy_kwh < made.load_before.energy_kwh
    assert min(made.audit.load_after.load_kw) >= 0


def test_a_meter_of_another_plant_is_refused(tmp_path, shared_file):
    meter = shared_file("loads/Steel_industry_data.csv")
    path = with_files(tmp_path, shared_file, load=f"file = '{meter}'")
    with pytest.raises(InputError) as caught:
        plain_study(read_inputs(path))
    assert caught.value.problems[0].key == "audit_meter_not_of_inventory"


def test_a_missing_factor_year_lists_what_exists():
    inputs = read_inputs(PILOT)
    emissions = inputs.site.emissions.model_copy(update={"factor_year": 2023})
    with pytest.raises(MissingData) as caught:
        plain_study(replace(inputs, site=inputs.site.model_copy(update={"emissions": emissions})))
    assert "2024" in caught.value.params["available"]


def metered(load, first, last):
    """Return some days of a load as if a meter had recorded them."""
    part = load.load_kw.loc[first:last]
    return replace(load, load_kw=part, reactive_kvar=None, origin="metered", label="weeks.csv")


def test_three_weeks_of_metering_become_a_labelled_year(pilot):
    inputs = read_inputs(PILOT)
    weeks = metered(pilot.audit.load_before, "2025-03-03", "2025-03-23")
    made = plain_study(replace(inputs, load=weeks, inventory=None))
    assert made.load_before.origin == "extrapolated"
    assert made.load_before.energy_kwh == pytest.approx(pilot.load_before.energy_kwh, rel=0.05)
    assert made.audit.load_before.energy_band_kwh[0] < made.load_before.energy_kwh
    assert len(made.audit.load_before.load_kw) == 365 * 96


def test_a_few_days_of_metering_are_refused(pilot):
    inputs = read_inputs(PILOT)
    days = metered(pilot.audit.load_before, "2025-03-03", "2025-03-05")
    with pytest.raises(InputError) as caught:
        plain_study(replace(inputs, load=days, inventory=None))
    assert caught.value.problems[0].file == "weeks.csv"


def test_gaps_are_filled_only_by_a_named_method(pilot):
    inputs = read_inputs(PILOT)
    load = pilot.audit.load_before.load_kw.copy()
    load.iloc[4000:4004] = np.nan
    holed = replace(pilot.audit.load_before, load_kw=load, reactive_kvar=None, origin="metered", label="holes.csv")
    with pytest.raises(InputError) as caught:
        plain_study(replace(inputs, load=holed))
    assert caught.value.problems[0].key == "load_gaps_unfilled"
    choice = MeterChoice(file="holes.csv", fill="linear")
    made = plain_study(replace(inputs, load=holed, site=inputs.site.model_copy(update={"load": choice})))
    assert made.audit.load_before.filled
    assert made.load_before.energy_kwh == pytest.approx(pilot.load_before.energy_kwh, rel=1e-3)


def test_bills_alone_give_a_labelled_load_with_a_band(tmp_path, shared_file):
    path = with_files(tmp_path, shared_file, bills='file = "facturas.csv"', inventory=None)
    starts = pd.date_range("2025-01-01", periods=13, freq="MS").strftime("%Y-%m-%d")
    rows = [f"{a};{b};{17000 + 10 * i}" for i, (a, b) in enumerate(itertools.pairwise(starts))]
    text = "\n".join(["Inicio del periodo;Fin del periodo;Energía facturada [kWh]", *rows]) + "\n"
    (tmp_path / "facturas.csv").write_text(text, encoding="utf-8")
    made = plain_study(read_inputs(path))
    assert made.load_before.origin == "billed"
    assert made.load_before.energy_kwh == pytest.approx(sum(17000 + 10 * i for i in range(12)), rel=0.01)
    low, high = made.audit.load_before.energy_band_kwh
    assert low < made.load_before.energy_kwh < high


def test_production_beside_a_meter_gives_a_baseline(tmp_path, pilot):
    inputs = read_inputs(PILOT)
    year = metered(pilot.audit.load_before, "2025-01-01", "2025-12-31")
    year = replace(year, load_kw=year.load_kw * (1 + 0.05 * np.cos(year.load_kw.index.month)))
    tonnes = (np.array(year.monthly_kwh()) - 5000) / 100
    rows = [f"2025-{i + 1:02d}-01,{t:.2f}" for i, t in enumerate(tonnes)]
    (tmp_path / "tonnes.csv").write_text("\n".join(["Date,Production [t]", *rows]) + "\n", encoding="utf-8")
    made = plain_study(
        replace(
            inputs,
            load=year,
            production=read_production(tmp_path / "tonnes.csv"),
        )
    )
    assert made.records.production.points == 12
    assert made.records.production.slope_kwh_per_t == pytest.approx(100, rel=1e-3)
    assert made.records.production.intercept_kwh == pytest.approx(5000, rel=0.02)


def test_the_record_shows_what_it_holds(study):
    profile = study.records.profile
    assert profile.energy_kwh == pytest.approx(study.load_before.energy_kwh)
    assert profile.peak_kw == pytest.approx(study.load_before.peak_kw)
    assert len(profile.demand) == 12


def test_two_years_of_metering_use_the_last(pilot):
    inputs = read_inputs(PILOT)
    index = pd.date_range("2023-01-01", "2024-12-31 23:00", freq="h", tz=pilot.audit.load_before.load_kw.index.tz)
    values = np.where(index.year == 2024, 20.0, 5.0)
    load = replace(
        pilot.audit.load_before,
        load_kw=pd.Series(values, index=index),
        reactive_kvar=None,
        step_minutes=60,
        origin="metered",
    )
    made = plain_study(replace(inputs, load=load, inventory=None))
    assert made.load_before.energy_kwh == pytest.approx(365 * 24 * 20)


def found(study, key):
    return [finding for finding in study.findings if finding.key == key]


@pytest.mark.parametrize("name", ["co_ceo_n1_2013", "co_ceo_n2_2013"])
def test_a_tariff_without_a_spot_price_takes_the_packaged_one_and_says_so(name):
    inputs = replace(read_inputs(PILOT), tariff=load_tariff(name))
    made = plain_study(inputs)
    (said,) = found(made, "tariff_spot_assumed")
    assert (said.level, said.params["price"], said.params["unit"]) == ("assumption", 300, "COP/kWh")
    assert (said.params["year"], said.params["confidence"]) == ("2025", "D")


def test_the_spot_price_of_the_site_file_wins():
    inputs = read_inputs(PILOT)

    def priced(per_kwh):
        connection = inputs.site.connection.model_copy(update={"spot_price_per_kwh": per_kwh})
        return plain_study(replace(inputs, site=inputs.site.model_copy(update={"connection": connection})))

    own, stated = priced(None), priced(200.0)
    assert found(own, "tariff_spot_assumed")
    assert not found(stated, "tariff_spot_assumed")
    sold = sum(line.quantity for line in own.states[2].bill.lines if line.key == "surplus_sale")
    dearer = stated.states[2].bill.total - own.states[2].bill.total
    assert sold > 0
    assert dearer == pytest.approx(100 * sold)  # the tariff's own price is 300; sales carry no contribution


def test_a_leap_in_the_meter_is_told_with_its_hour(tmp_path, pilot):
    load = pilot.audit.load_before.hourly()
    load.iloc[60] = 99_999.0
    rows = "".join(f"{stamp:%Y-%m-%d %H:%M},{value:.4f}\n" for stamp, value in load.items())
    (tmp_path / "meter.csv").write_text("fecha y hora,potencia activa [kW]\n" + rows, encoding="utf-8")
    text = PILOT.read_text(encoding="utf-8")
    start = text.index("[inventory]")
    end = text.index("\n[", start) + 1
    (tmp_path / "site.toml").write_text(text[:start] + '[load]\nfile = "meter.csv"\n\n' + text[end:], encoding="utf-8")
    # Without machines nothing can be measured on them.
    inputs = read_inputs(strip_measures(tmp_path / "site.toml"))
    made = plain_study(inputs)
    for findings in (inputs.findings, made.findings):
        (said,) = [finding for finding in findings if finding.key == "load_spikes"]
        assert (said.level, said.params["peak_kw"], said.params["start"]) == ("warning", 99_999, "2025-01-03 12:00")


def strip_measures(path):
    """Drop every table of measures from a site file."""
    kept, inside = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            inside = line.strip("[] ").startswith("measures")
        if not inside:
            kept.append(line)
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("year", "days"), [(2023, 365), (2024, 366), (2025, 365)])
def test_a_record_of_another_year_is_told_with_both_years(pilot, year, days):
    index = pd.date_range(f"{year}-01-01", periods=days * 24, freq="h", tz=pilot.audit.load_before.load_kw.index.tz)
    values = pd.Series(20.0 + index.hour, index=index)
    load = replace(
        pilot.audit.load_before, load_kw=values, reactive_kvar=None, step_minutes=60, origin="metered", label="m.csv"
    )
    made = plain_study(replace(read_inputs(PILOT), load=load, inventory=None))
    said = found(made, "study_record_other_year")
    assert len(said) == (year != 2025)
    if said:
        params = said[0].params
        assert (params["record_years"], params["activity_year"], params["factor_year"]) == (str(year), "2025", "2024")
        assert params["days"] == days
        for language in ("es", "en"):
            assert f"{year}" in finding_text(said[0], language, "CO")
    assert made.load_before.energy_kwh == pytest.approx(values.sum())


def test_weeks_of_another_year_are_told(pilot):
    weeks = metered(pilot.audit.load_before, "2025-03-03", "2025-03-23")
    moved = replace(weeks, load_kw=weeks.load_kw.set_axis(weeks.load_kw.index - pd.Timedelta(days=364)))
    made = plain_study(replace(read_inputs(PILOT), load=moved, inventory=None))
    (said,) = found(made, "study_weeks_other_year")
    assert (said.params["record_years"], said.params["activity_year"]) == ("2024", "2025")


def test_a_genset_smaller_than_its_load_is_told_loudly(offgrid):
    assert not found(offgrid, "study_genset_short")
    inputs = read_inputs(OFFGRID)
    small = inputs.site.genset.model_copy(update={"rated_kw": offgrid.load_before.peak_kw / 2})
    made = plain_study(replace(inputs, site=inputs.site.model_copy(update={"genset": small})))
    (said,) = found(made, "study_genset_short")
    today = made.states[0]
    assert said.level == "warning"
    assert said.params["kwh"] == pytest.approx(today.unserved_kwh)
    # Thin air leaves less than the plate.
    assert said.params["rated_kw"] < made.load_before.peak_kw / 2
    assert said.params["short_kw"] == pytest.approx(made.load_before.peak_kw - said.params["rated_kw"])
    assert today.genset_kwh + today.unserved_kwh == pytest.approx(today.load_kwh)
    for language, row in (("es", "Energía no suministrada (kWh/año)"), ("en", "Energy not supplied (kWh/yr)")):
        assert row in [line[0] for line in summary.table(made, language)]
        assert row not in [line[0] for line in summary.table(offgrid, language)]
        assert summary.notes(made, language)[0] == finding_text(said, language, "PE")
