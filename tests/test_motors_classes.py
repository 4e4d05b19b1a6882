"""Nominal efficiencies against the published tables, and the rules around them."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.catalog import packaged
from mine_energy.errors import InputError, MissingData
from mine_energy.motors import class_efficiency, nominal_efficiency
from mine_energy.motors.classes import nearest_rating
from mine_energy.motors.tables import CLASSES, ratings_60hz, rows_60hz
from mine_energy.units import KW_PER_CV, KW_PER_HP


# 10 CFR 431.25 Table 5 (NEMA Premium, enclosed) and Table 7 / NEMA MG 1 table 12-11, read from the eCFR.
@pytest.mark.parametrize(
    ("ie_class", "kw", "poles", "expected"),
    [
        ("IE3", 0.75, 4, 0.855),
        ("IE3", 2.2, 4, 0.895),
        ("IE3", 37, 4, 0.945),
        ("IE3", 375, 4, 0.962),
        ("IE3", 7.5, 2, 0.902),
        ("IE3", 15, 6, 0.917),
        ("IE3", 5.5, 8, 0.865),
        ("IE2", 7.5, 4, 0.895),
        ("IE2", 75, 4, 0.945),
    ],
)
def test_the_60_hz_tables(ie_class, kw, poles, expected):
    assert nominal_efficiency(ie_class, kw, poles, 60) == pytest.approx(expected, abs=1e-12)


# UK SI 2021/745, Schedule 16, tables of nominal minimum efficiencies at 50 Hz; Siemens catalogue for IE1.
@pytest.mark.parametrize(
    ("ie_class", "kw", "poles", "expected"),
    [
        ("IE3", 0.75, 4, 0.825),
        ("IE3", 3.7, 4, 0.884),
        ("IE3", 7.5, 4, 0.904),
        ("IE3", 15, 4, 0.921),
        ("IE3", 200, 4, 0.960),
        ("IE3", 1000, 4, 0.960),
        ("IE2", 11, 2, 0.894),
        ("IE1", 5.5, 4, 0.847),
        ("IE4", 30, 8, 0.927),
        ("IE2", 0.12, 8, 0.398),
    ],
)
def test_the_50_hz_formula(ie_class, kw, poles, expected):
    assert nominal_efficiency(ie_class, kw, poles, 50) == pytest.approx(expected, abs=1e-12)


def test_the_50_hz_formula_gives_every_verified_cell_of_the_table():
    with packaged("data/motors/ie_efficiency_50hz.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["status"] in {"verified", "computed"}]
    assert len(rows) > 300
    for row in rows:
        found = nominal_efficiency(row["ie_class"], float(row["rated_kw"]), int(row["poles"]), 50)
        assert found == pytest.approx(float(row["efficiency_pct"]) / 100, abs=1e-9), row


def test_every_row_of_the_60_hz_table_is_found():
    with packaged("data/motors/ie_efficiency_60hz.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        found = class_efficiency(row["ie_class"], float(row["rated_kw"]), int(row["poles"]), 60)
        assert found.value == pytest.approx(float(row["efficiency_pct"]) / 100)
        assert found.status == row["status"]


@pytest.mark.parametrize(
    ("kw", "rating"),
    [
        (KW_PER_HP, 0.75),
        (KW_PER_CV, 0.75),
        (0.70, 0.75),
        (500 * KW_PER_HP, 375),
        (5 * KW_PER_CV, 3.7),
        (18.5, 18.5),
        (20.25, 22),  # midpoint of 18.5 and 22: the higher row
        (20.2499, 18.5),
        (250 * KW_PER_HP, 185),  # 186.4 kW
        (375, 375),
    ],
)
def test_the_nearest_rating_is_taken_at_60_hz(kw, rating):
    assert nearest_rating(kw, ratings_60hz()) == rating


def test_nothing_is_interpolated_at_60_hz():
    sweep = np.linspace(0.7, 375, 4000)
    allowed = {row.efficiency for row in rows_60hz()[("IE3", 4)].values()}
    assert set(nominal_efficiency("IE3", sweep, 4, 60)) <= allowed


def test_arrays_keep_their_shape():
    powers = np.array([[0.75, 2.2], [37.0, 75.0]])
    assert nominal_efficiency("IE3", powers, 4, 60).tolist() == [[0.855, 0.895], [0.945, 0.954]]


@pytest.mark.parametrize(
    ("ie_class", "kw", "poles", "hz"),
    [
        ("IE2", 400, 4, 60),
        ("IE3", 200, 8, 25),
        ("IE3", 300, 8, 60),
        ("IE1", 5.5, 8, 60),
        ("IE9", 5.5, 4, 60),
        ("IE3", 0.05, 4, 60),
        ("IE1", 0.3, 4, 50),
        ("IE3", 1200, 4, 50),
        ("IE3", 11, 10, 60),
    ],
)
def test_what_is_not_tabled_is_an_error_that_lists_what_is(ie_class, kw, poles, hz):
    with pytest.raises(MissingData) as caught:
        nominal_efficiency(ie_class, kw, poles, hz)
    assert caught.value.key == "motor_class_table"
    assert "Hz" in str(caught.value.params["available"]) or "IE3 4p" in str(caught.value.params["available"])


@pytest.mark.parametrize("kw", [0.0, -1.0, float("nan"), float("inf")])
def test_a_power_that_is_none_is_refused(kw):
    with pytest.raises(InputError):
        nominal_efficiency("IE3", kw, 4, 60)


def test_filler_rows_never_load():
    assert 300.0 not in rows_60hz()[("IE2", 6)]
    assert 220.0 not in rows_60hz()[("IE2", 8)]


def test_unverified_rows_say_so_and_never_pass_a_verified_higher_class():
    assert class_efficiency("IE1", 37, 4, 60).status == "unverified"
    assert class_efficiency("IE4", 37, 4, 60).status == "unverified"
    assert class_efficiency("IE3", 0.25, 2, 60).status == "single_source"
    assert 0.75 not in rows_60hz()[("IE1", 2)]  # 77.0 would beat the verified IE2 of 75.5


@given(kw=st.floats(0.75, 1000), poles=st.sampled_from([2, 4, 6, 8]), hz=st.sampled_from([50, 60]))
def test_a_better_class_is_never_less_efficient(kw, poles, hz):
    values = []
    for ie_class in CLASSES:
        try:
            values.append(nominal_efficiency(ie_class, kw, poles, hz))
        except MissingData:
            continue
    assert values == sorted(values)
    assert all(0.6 < value < 0.975 for value in values)


# At equal shaft load the input falls by 1 - old/new. Figures of the 4-pole 60 Hz tables (IE1 unverified).
@pytest.mark.parametrize(
    ("kw", "from_ie1", "from_ie2"),
    [
        (0.75, 8.8, 3.5),
        (2.2, 7.3, 2.2),
        (7.5, 4.6, 2.4),
        (15, 3.8, 2.1),
        (22, 2.8, 1.3),
        (37, 2.2, 1.6),
        (75, 2.3, 0.9),
    ],
)
def test_a_swap_saves_a_few_per_cent(kw, from_ie1, from_ie2):
    ie1, ie2, ie3 = (nominal_efficiency(c, kw, 4, 60) for c in ("IE1", "IE2", "IE3"))
    assert (1 - ie1 / ie3) * 100 == pytest.approx(from_ie1, abs=0.06)
    assert (1 - ie2 / ie3) * 100 == pytest.approx(from_ie2, abs=0.06)
