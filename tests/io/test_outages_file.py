"""Records of outages, as plants and distributors keep them."""

import pandas as pd
import pytest

from mine_energy.dispatch.outages import outages_from_intervals
from mine_energy.errors import InputError
from mine_energy.io.outages import read_outages
from mine_energy.units import LOCAL_TIME


@pytest.fixture
def write(tmp_path):
    def to(text):
        path = tmp_path / "cortes.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return to


def test_a_record_in_spanish(write):
    found = read_outages(
        write("Inicio;Fin;Causa\n13/01/2025 10:00;13/01/2025 13:00;rayo\n14/01/2025 2:20;14/01/2025 2:50;\n")
    )
    assert found[0] == (
        pd.Timestamp("2025-01-13 10:00", tz=LOCAL_TIME),
        pd.Timestamp("2025-01-13 13:00", tz=LOCAL_TIME),
    )
    index = pd.date_range("2025-01-13", periods=48, freq="h", tz=LOCAL_TIME)
    series = outages_from_intervals(index, found, step_hours=1.0)
    assert (series.hours_given, series.count) == (3.5, 2)


def test_the_order_of_day_and_month_comes_from_the_sequence(write):
    # As days of May and June the rows follow one another; as months they would run back.
    found = read_outages(write("start,end\n05/06/2025 10:00,05/06/2025 11:00\n04/07/2025 10:00,04/07/2025 11:00\n"))
    assert [start.month for start, _ in found] == [6, 7]


def test_an_offset_is_turned_into_legal_time(write):
    found = read_outages(write("start,end\n2025-01-13T15:00Z,2025-01-13T16:30Z\n"))
    assert found[0][0] == pd.Timestamp("2025-01-13 10:00", tz=LOCAL_TIME)


def test_an_outage_that_runs_back_is_refused_by_its_line(write):
    with pytest.raises(InputError) as caught:
        read_outages(write("start,end\n2025-01-13 10:00,2025-01-13 11:00\n2025-01-14 10:00,2025-01-14 09:00\n"))
    assert [(one.key, one.line) for one in caught.value.problems] == [("outage_order", 3)]


def test_a_record_without_ends_is_refused(write):
    with pytest.raises(InputError):
        read_outages(write("start\n2025-01-13 10:00\n"))
