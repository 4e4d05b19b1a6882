"""What is old, assumed, undated or missing among the packaged figures."""

import pytest

from mine_energy import catalog
from mine_energy.catalog import REASONS, stale


def named(year=2026, reason=None):
    return {(figure.id, figure.name) for figure in stale(year) if reason is None or reason in figure.reasons}


def test_every_line_has_a_reason_and_its_figure():
    found = stale(2026)
    assert found
    for figure in found:
        assert figure.reasons
        assert set(figure.reasons) <= set(REASONS)
        assert figure.name
        assert figure.id in catalog.sources()


def test_known_gaps_are_missing():
    missing = {name for file, name in named(reason="missing") if file == "grid_factors/grid_factors.csv"}
    assert any("CO" in name and "2023" in name and "location_average" in name for name in missing)
    assert any("PE" in name and "residual_mix" in name for name in missing)


def test_every_figure_from_memory_is_listed_as_assumed():
    listed = {(figure.id, figure.name) for figure in stale(2026) if "assumed" in figure.reasons}
    for row in catalog.table("finance/defaults.csv"):
        name = next((n for f, n in listed if f == "finance/defaults.csv" and row["key"] in n.split(" · ")), None)
        assert (name is not None) >= (row["confidence"] == "D"), row["key"]


def test_only_the_newest_factor_of_a_kind_grows_old():
    def old(year):
        return {n for f, n in named(year, "old") if f.startswith("grid_factors") and "location_average" in n}

    assert old(2026) == set()
    assert {name.split(" · ")[0] for name in old(2027)} == {"CO", "PE"}
    assert all("2024" in name for name in old(2027))


def test_tariffs_of_2013_are_old_and_those_without_a_date_undated():
    found = {figure.name: figure.reasons for figure in stale(2026) if figure.id.startswith("tariffs/")}
    assert "old" in found["co_ceo_n2_2013"]
    assert "undated" in {reason for reasons in found.values() for reason in reasons}


def test_physics_does_not_age():
    assert not any("old" in figure.reasons for figure in stale(2100) if figure.id.startswith("motors/ie_"))


@pytest.mark.parametrize("year", [2000, 2026, 2060])
def test_more_is_old_as_years_pass(year):
    assert named(year, "old") <= named(year + 10, "old")
    assert stale(year) == stale(year)
