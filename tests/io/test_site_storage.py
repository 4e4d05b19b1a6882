"""Sections of sizing in a site file: every contradiction is refused with its line; defaults stand elsewhere."""

import pytest

from mine_energy.errors import InputError
from mine_energy.io.site_file import read_site
from mine_energy.messages import LANGUAGES, problem_text
from site_texts import GRID, PLACE, YEAR

BASE = PLACE + GRID + YEAR


def site(tmp_path, text):
    path = tmp_path / "sitio.toml"
    path.write_text(BASE + text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "key", "field"),
    [
        ('[coverage]\ngoal = "hourly_self"\nratio = 1.2\n', "coverage_ratio_over_one", "coverage.ratio"),
        ("[coverage]\nrenewable_share = 0.5\n", "renewable_share_without_genset", "coverage.renewable_share"),
        ("[battery]\nsoc_min = 0.9\nsoc_max = 0.2\n", "size_order", "battery.soc_min"),
        ("[battery]\nsoc_min = 0.5\nsoc_max = 0.5\n", "size_order", "battery.soc_min"),
        ("[battery]\nexisting_kwh = 100.0\nmax_kwh = 50.0\n", "size_order", "battery.existing_kwh"),
        ("[battery]\nmin_kw = 10.0\n", "battery_power_tied", "battery.min_kw"),
        ("[battery]\nprice_usd_per_kw = 90.0\nmin_kw = 40.0\nmax_kw = 20.0\n", "size_order", "battery.min_kw"),
        ("[array]\nmin_kwp = 40.0\nmax_kwp = 20.0\n", "size_order", "array.min_kwp"),
        ("[genset]\nrated_kw = 50.0\nmin_kw = 20.0\n", "genset_existing_fixed", "genset.min_kw"),
        ("[genset]\nrated_kw = 50.0\nexisting = false\nmin_kw = 60.0\n", "size_order", "genset.min_kw"),
        ('[grid]\noutages = "cortes.csv"\n', "file_not_found", "grid.outages"),
        ("[grid]\noutages_per_year = 12.0\n", "outages_need_both", "grid.outages_per_year"),
        ('[coverage]\ngoal = "all"\n', "not_accepted", "coverage.goal"),
        ("[battery]\nprice_usd_kwh = 200.0\n", "unknown_key_near", "battery.price_usd_kwh"),
        ("[coverage]\nlpsp = 1.5\n", "fraction_over_one", "coverage.lpsp"),
        (
            "[grid]\noutage_hours_per_year = 9000.0\noutages_per_year = 3.0\n",
            "must_be_under",
            "grid.outage_hours_per_year",
        ),
    ],
)
def test_a_contradiction_is_refused_at_its_line(tmp_path, text, key, field):
    with pytest.raises(InputError) as raised:
        read_site(site(tmp_path, text))
    problem = next(p for p in raised.value.problems if p.field == field)
    assert problem.key == key
    wanted = field.split(".")[1]
    lines = (BASE + text).splitlines()
    assert lines[problem.line - 1].startswith(wanted)
    for language in LANGUAGES:
        assert "{" not in problem_text(problem, language)


def test_limits_of_a_grid_are_refused_off_it(tmp_path):
    text = BASE.replace('"grid"', '"offgrid"').replace("co_ceo_n2_2025_estimate", "diesel_own_genset")
    path = tmp_path / "sitio.toml"
    path.write_text(text + "[genset]\nrated_kw = 50.0\n\n[grid]\nimport_limit_kw = 10.0\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_site(path)
    assert [p.key for p in raised.value.problems] == ["grid_off_the_grid"]


def test_what_is_left_out_stands_at_its_default(tmp_path):
    read = read_site(site(tmp_path, ""))
    assert (read.coverage.goal, read.coverage.net_ratio, read.coverage.hourly_ratio) == ("annual_net", 1.0, 0.9)
    assert read.battery.chemistry == "lfp"
    assert read.grid.export_limit_kw is None


@pytest.mark.parametrize(
    ("goal", "asked"), [("annual_net", 0.8), ("hourly_self", 0.8), ("offgrid", 0.95), ("least_cost", 0.0)]
)
def test_a_ratio_belongs_to_its_own_goal(tmp_path, goal, asked):
    coverage = read_site(site(tmp_path, f'[coverage]\ngoal = "{goal}"\nratio = 0.8\nlpsp = 0.05\n')).coverage
    assert coverage.asked == pytest.approx(asked)
    assert coverage.net_ratio == (0.8 if goal == "annual_net" else 1.0)
    assert coverage.hourly_ratio == (0.8 if goal == "hourly_self" else 0.9)


def test_a_record_and_a_statistic_of_outages_do_not_go_together(tmp_path):
    (tmp_path / "cortes.csv").write_text("start,end\n2025-01-13 10:00,2025-01-13 13:00\n", encoding="utf-8")
    text = '[grid]\noutages = "cortes.csv"\noutage_hours_per_year = 20.0\noutages_per_year = 8.0\n'
    with pytest.raises(InputError) as raised:
        read_site(site(tmp_path, text))
    assert [p.key for p in raised.value.problems] == ["outages_twice"]


def test_sizes_may_be_fixed(tmp_path):
    read = read_site(
        site(tmp_path, "[array]\nmin_kwp = 50.0\nmax_kwp = 50.0\n\n[battery]\nmin_kwh = 80.0\nmax_kwh = 80.0\n")
    )
    assert read.array.min_kwp == read.array.max_kwp == 50.0
    assert read.battery.min_kwh == read.battery.max_kwh == 80.0
