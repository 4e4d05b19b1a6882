"""The packaged figures: provenance of every row, agreement with publications and with each other."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from math import log10
from pathlib import Path

import pytest

from mine_energy import catalog
from places import ROOT, SHARED

DATA = catalog.packaged("data")
SCRIPT = ROOT / "scripts" / "build_data"
CSV_FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv"))
WORDS = {"vocabulary.csv", "choices.csv"}
LETTERS = {"A", "B", "C", "D", "gap"}


def efficiency(table: str) -> dict[tuple[int, float, str], float]:
    return {
        (int(row["poles"]), float(row["rated_kw"]), row["ie_class"]): float(row["efficiency_pct"])
        for row in catalog.table(table)
    }


# Provenance


def test_every_file_is_recorded_and_unchanged():
    files = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*.*") if path.suffix in {".csv", ".toml"}}
    assert files - {"SOURCES.toml"} == set(catalog.sources())
    for name, source in catalog.sources().items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == source.sha256, name
        assert source.publisher
        assert source.licence
        assert source.year


@pytest.mark.parametrize("name", sorted(set(CSV_FILES) - WORDS))
def test_every_row_has_a_source_and_a_confidence(name):
    record = catalog.sources()[name]
    for row in catalog.table(name):
        assert row.get("source") or record.document
        assert (row.get("confidence") or record.confidence) in LETTERS


def test_every_value_of_a_country_has_a_source_and_a_confidence():
    for code in catalog.country_codes():
        for name, node in catalog.country(code).items():
            if name in {"code", "name"}:
                continue
            for value in node if isinstance(node, list) else [node]:
                assert value["source"], (code, name)
                assert value["confidence"] in LETTERS, (code, name)
                assert "year" in value, (code, name)


@pytest.mark.parametrize("name", CSV_FILES)
def test_padding_and_share_alike_rows_are_not_packaged(name):
    text = (DATA / name).read_text(encoding="utf-8").lower()
    for word in (
        "filler",
        "do_not_ship",
        "do not ship",
        "electricity maps",
        "electricitymaps",
        "odbl",
        ",ember",
        "ember ",
    ):
        assert word not in text.replace("september", "").replace("november", "").replace("december", ""), word


# Motors


@pytest.mark.parametrize(
    ("poles", "rated_kw", "ie_class", "percent"),
    [
        # NEMA MG 1-2018 table 12-12 (= 10 CFR 431.25 table 5), enclosed motors
        (4, 0.75, "IE3", 85.5),
        (4, 2.2, "IE3", 89.5),
        (4, 3.7, "IE3", 89.5),
        (4, 7.5, "IE3", 91.7),
        (4, 15, "IE3", 93.0),
        (4, 37, "IE3", 94.5),
        (4, 75, "IE3", 95.4),
        (4, 375, "IE3", 96.2),
        (2, 0.75, "IE3", 77.0),
        (6, 2.2, "IE3", 89.5),
        # NEMA MG 1-2018 table 12-11
        (4, 2.2, "IE2", 87.5),
        (4, 15, "IE2", 91.0),
        (2, 0.75, "IE2", 75.5),
    ],
)
def test_sixty_hertz_efficiency_as_published(poles, rated_kw, ie_class, percent):
    assert efficiency("motors/ie_efficiency_60hz.csv")[poles, rated_kw, ie_class] == percent


@pytest.mark.reference
def test_sixty_hertz_efficiency_against_the_fluids_library():
    """NRCan's table, as coded in fluids: another transcription than the packaged one."""
    pump = pytest.importorskip("fluids.pump")
    compared = 0
    for row in catalog.table("motors/ie_efficiency_60hz.csv"):
        if "NRCan" not in row["source"] or float(row["rated_hp"]) > 200:
            continue
        theirs = pump.CSA_motor_efficiency(
            float(row["rated_hp"]) * 745.7,
            closed=True,
            poles=int(row["poles"]),
            high_efficiency=row["ie_class"] == "IE3",
        )
        assert 100 * theirs == pytest.approx(float(row["efficiency_pct"]), abs=1e-6), row
        compared += 1
    assert compared > 100


@pytest.mark.parametrize("table", ["motors/ie_efficiency_60hz.csv", "motors/ie_efficiency_50hz.csv"])
def test_a_better_class_is_better_at_every_rating(table):
    ratings = defaultdict(dict)
    for (poles, rated_kw, ie_class), percent in efficiency(table).items():
        ratings[poles, rated_kw][ie_class] = percent
    pairs = [(low, high) for found in ratings.values() for low, high in pairwise(found[c] for c in sorted(found))]
    assert len(pairs) > 80
    assert all(low < high for low, high in pairs)


def test_fifty_hertz_rows_follow_from_the_packaged_formula():
    """Efficiency = A x^3 + B x^2 + C x + D, x = log10(P / 1 kW): UK SI 2021/745 schedule 16."""
    compared = 0
    for row in catalog.table("motors/ie_efficiency_50hz.csv"):
        if row["status"] != "computed":
            continue
        x = log10(float(row["rated_kw"]))
        found = [
            float(band["a"]) * x**3 + float(band["b"]) * x**2 + float(band["c"]) * x + float(band["d"])
            for band in catalog.table("motors/iec_50hz_interpolation_coefficients.csv")
            if (band["ie_class"], band["poles"]) == (row["ie_class"], row["poles"])
            and float(band["kw_min"]) <= float(row["rated_kw"]) <= float(band["kw_max"])
        ]
        assert len(found) == 1
        assert found[0] == pytest.approx(float(row["efficiency_pct"]), abs=0.0501)
        compared += 1
    assert compared == 271


def test_unverified_ratings_are_never_also_verified():
    verified = efficiency("motors/ie_efficiency_60hz.csv")
    assert not verified.keys() & efficiency("motors/ie_efficiency_60hz_unverified.csv").keys()
    assert {ie_class for _, _, ie_class in verified} == {"IE2", "IE3"}


# Carbon


def factors(country: str, kind: str, year: str) -> dict[str, float]:
    return {
        row["method"] + ("" if kind != "gas_component" else row["gases"]): float(row["value"])
        for row in catalog.table("grid_factors/grid_factors.csv")
        if (row["country"], row["kind"], row["year"]) == (country, kind, year) and row["value"]
    }


@pytest.mark.parametrize(("year", "total"), [("2022", 0.200522), ("2023", 0.213667), ("2024", 0.170809)])
def test_gases_of_peru_add_up_with_ar5(year, total):
    gases = factors("PE", "gas_component", year)
    potentials = {"CO2": 1, "CH4": 28, "N2O": 265}  # IPCC AR5, 100 years
    found = sum(gases[f"minam_hc_peru{gas}"] * potential for gas, potential in potentials.items())
    assert found == pytest.approx(total, abs=1e-6)
    assert factors("PE", "location_average", year)["minam_hc_peru"] == total


@pytest.mark.parametrize(("kind", "share"), [("cm_wind_solar", 0.75), ("cm_other_p1", 0.5), ("cm_other_p23", 0.25)])
def test_margins_of_colombia_follow_from_the_cdm_weights(kind, share):
    """Combined margin = w OM + (1 - w) BM (CDM tool 07); OM 0.713 and BM 0.501 of UPME Resolution 000085/2026."""
    assert factors("CO", kind, "2024")["upme_cdm"] == pytest.approx(share * 0.713 + (1 - share) * 0.501, abs=0.0005)


def test_known_gaps_are_rows_without_a_figure():
    rows = catalog.table("grid_factors/grid_factors.csv")
    gaps = {(row["country"], row["kind"], row["year"]) for row in rows if row["confidence"] == "gap"}
    assert {("CO", "location_average", "2023"), ("CO", "residual_mix", ""), ("PE", "residual_mix", "")} <= gaps
    assert all((row["value"] == "") == (row["confidence"] == "gap") for row in rows)
    assert factors("CO", "location_average", "2023") == {}


def test_official_factors():
    assert factors("CO", "location_average", "2022") == {"upme_inventory": 0.112}
    assert factors("CO", "location_average", "2024") == {"upme_inventory": 0.22}
    assert factors("PE", "cm_wind_solar", "2021") == {"ifi_twg_intermittent": 0.39}
    assert factors("CO", "operating_margin", "2021") == {"ifi_twg": 0.41}


def test_ifi_rows_say_that_their_terms_are_unclear():
    rows = [row for row in catalog.table("grid_factors/grid_factors.csv") if row["method"].startswith("ifi_twg")]
    assert len(rows) == 10
    assert all("terms unclear" in row["note"] for row in rows)


def test_diesel_in_litres_and_gallons_is_one_factor():
    rows = {
        (row["fuel"], row["unit"]): float(row["co2e_ar5"])
        for row in catalog.table("fuels/fuel_factors.csv")
        if row["country"] == "CO"
    }
    for fuel in ("diesel", "gasoline", "lpg"):
        assert rows[fuel, "kg/US gal"] / rows[fuel, "kg/L"] == pytest.approx(3.785411784, rel=1e-4)
    # IPCC 74,343 kg CO2e/TJ x 0.856 kg/L x 42.32653 MJ/kg
    assert rows["diesel", "kg/L"] == pytest.approx(74343 * 0.856 * 42.32653e-6, rel=1e-4)


# Sun and money


def test_months_of_every_cell_give_its_year():
    days = (31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    for row in catalog.table("climatology/ghi_monthly_cells.csv"):
        cell = catalog.climatology_cell(float(row["south_latitude"]), float(row["west_longitude"]))
        mean = sum(d * g for d, g in zip(days, cell.ghi_kwh_m2_day, strict=True)) / sum(days)
        assert mean == pytest.approx(cell.ghi_annual_kwh_m2_day, abs=0.03)


def test_months_of_every_site_give_its_year():
    days = (31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    rows = catalog.table("climatology/sites_annual.csv")
    assert len(rows) == 37
    for row in rows:
        site = catalog.site_climatology(row["site"])
        total = sum(d * g for d, g in zip(days, site.ghi_kwh_m2_day, strict=True))
        assert total == pytest.approx(site.ghi_kwh_m2_year, rel=0.005)
        assert all(0.3 < kt < 0.8 for kt in site.clearness)


@pytest.mark.parametrize("level", ["N1", "N2", "N3", "N4"])
def test_components_of_the_cauca_sheet_add_up(level):
    """CEO sheet of February 2013: CU = G + T + D + Cv + PR + R, printed to four decimals."""
    parts = {
        row["component"]: float(row["value"])
        for row in catalog.table("tariffs/prices.csv")
        if row["option"] == f"regulated {level}" and row["year"] == "2013-02"
    }
    total = parts.pop("CU")
    assert set(parts) == {"Gm", "Tm", "Dn", "Cv", "PR", "Rm"}
    assert sum(parts.values()) == pytest.approx(total, abs=1.01e-4)


# scripts/build_data


def build_data(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_the_packaged_tables_pass_without_the_reference_folder(tmp_path):
    done = build_data("--shared", str(tmp_path / "nowhere"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 problems" in done.stdout


def test_rebuilding_needs_the_reference_folder(copy, tmp_path):
    done = build_data("--rebuild", "--data", str(copy), "--shared", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "no reference folder" in done.stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("fuels/gwp.csv", "265", "298", "gases give"),
        ("grid_factors/grid_factors.csv", "cm_wind_solar", "margin", "'margin' is not in its list"),
        ("grid_factors/grid_factors.csv", "MINEM 2016", "Ember 2016", "share-alike publisher"),
        ("grid_factors/grid_factors.csv", "upme_inventory,0.22,", "upme_inventory,2.2,", "outside"),
        ("motors/ie_efficiency_60hz.csv", "2.2,3,IE3,89.5", "2.2,3,IE3,86.5", "classes out of order"),
        ("motors/ie_efficiency_60hz.csv", "verified", "filler_do_not_ship", "marked not for packaging"),
        ("motors/ie_efficiency_50hz.csv", "IE3,80.7,", "IE3,80.9,", "ie_efficiency_50hz.csv: IE3"),
        ("finance/defaults.csv", "0.75,1.0,1.4", "0.75,1.5,1.4", "out of order"),
        ("finance/defaults.csv", "key,item", "name,item", "columns differ"),
        ("climatology/ghi_monthly_cells.csv", "6.54,6.44", "3.54,6.44", "months give"),
        ("fuels/fuel_factors.csv", "74353.8", "75353.8", "gases give"),
        ("countries/CO.toml", 'code = "CO"\n', 'code = "CO"\r\n', "line ends are not LF"),
    ],
)
def test_a_changed_table_is_caught(copy, name, old, new, complaint):
    text = (copy / name).read_bytes().decode("utf-8")
    assert old in text
    (copy / name).write_bytes(text.replace(old, new, 1).encode("utf-8"))
    assert "hash differs" in build_data("--data", str(copy)).stdout
    done = build_data("--hash", "--data", str(copy))
    assert done.returncode == 1
    assert complaint in done.stdout, done.stdout


def test_a_file_without_a_record_and_a_record_without_a_file_are_caught(copy):
    (copy / "fuels" / "gwp.csv").rename(copy / "fuels" / "potentials.csv")
    done = build_data("--data", str(copy))
    assert done.returncode == 1
    assert "recorded, but there is no such file" in done.stdout
    assert "no [[source]] block" in done.stdout


def test_refreshing_hashes_touches_nothing_else(copy):
    before = (copy / "SOURCES.toml").read_bytes()
    assert build_data("--hash", "--data", str(copy)).returncode == 0
    assert (copy / "SOURCES.toml").read_bytes() == before


@pytest.mark.skipif(not SHARED.exists(), reason="the reference folder is not beside this checkout")
def test_rebuilding_gives_the_same_bytes(copy):
    for name in CSV_FILES:
        if name not in WORDS:
            text = (copy / name).read_text(encoding="utf-8")
            assert "\r" not in text
    done = build_data("--rebuild", "--data", str(copy))
    assert done.returncode == 0, done.stdout
    for name in CSV_FILES:
        assert (copy / name).read_bytes() == (DATA / name).read_bytes(), name
