"""Public holidays: against the calendars that both countries published."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.errors import MissingData
from mine_energy.loads import easter_sunday, holiday_dates, holidays


def dates(country, year):
    return [holiday.date for holiday in holidays(country, year)]


# Easter Sundays as published by churches and observatories, early and late ones among them.
@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1818, 3, 22), (1943, 4, 25), (2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2018, 4, 1), (2024, 3, 31),
     (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)],
)  # fmt: skip
def test_easter(year, month, day):
    assert easter_sunday(year) == date(year, month, day)


def test_colombia_2024_as_published():
    # Calendar of 2024 under Ley 51 of 1983: 18 holidays, ten of them on Mondays.
    expected = [(1, 1), (1, 8), (3, 25), (3, 28), (3, 29), (5, 1), (5, 13), (6, 3), (6, 10), (7, 1), (7, 20), (8, 7),
                (8, 19), (10, 14), (11, 4), (11, 11), (12, 8), (12, 25)]  # fmt: skip
    assert dates("CO", 2024) == [date(2024, *day) for day in expected]


def test_colombia_2021_as_published():
    # Printed calendar of 2021: Epiphany 11 Jan, Joseph 22 Mar, Ascension 17 May, Corpus 7 Jun, Sacred Heart 14 Jun ...
    expected = [(1, 1), (1, 11), (3, 22), (4, 1), (4, 2), (5, 1), (5, 17), (6, 7), (6, 14), (7, 5), (7, 20), (8, 7),
                (8, 16), (10, 18), (11, 1), (11, 15), (12, 8), (12, 25)]  # fmt: skip
    assert dates("CO", 2021) == [date(2021, *day) for day in expected]


def test_two_holidays_may_fall_on_one_day():
    # 30 June 2025: Sacred Heart (27 June moved) and Peter and Paul (Sunday 29 June moved).
    same = [h.key for h in holidays("CO", 2025) if h.date == date(2025, 6, 30)]
    assert sorted(same) == ["peter_and_paul", "sacred_heart"]
    assert len(holidays("CO", 2025)) == 18
    assert len(holiday_dates("CO", [2025])) == 17


def test_peru_2024_and_2025_have_sixteen_days():
    # List of 16 national holidays in force since the four laws of 2021 to 2023 (DL 713 art. 6 as amended).
    rest = [(5, 1), (6, 7), (6, 29), (7, 23), (7, 28), (7, 29), (8, 6), (8, 30), (10, 8), (11, 1), (12, 8), (12, 9)]
    for year, thursday, friday in ((2024, (3, 28), (3, 29)), (2025, (4, 17), (4, 18))):
        expected = sorted([(1, 1), thursday, friday, *rest, (12, 25)])
        assert dates("PE", year) == [date(year, *day) for day in expected]


def test_peru_gained_its_new_holidays_year_by_year():
    assert {year: len(holidays("PE", year)) for year in (2021, 2022, 2023, 2024)} == {
        2021: 12, 2022: 14, 2023: 15, 2024: 16
    }  # fmt: skip


@given(st.integers(1984, 2200))
def test_what_the_law_moves_is_on_a_monday_within_a_week(year):
    for holiday in holidays("CO", year):
        assert holiday.date.year == year
        if holiday.moved:
            assert holiday.date.weekday() == 0
    assert len(holidays("CO", year)) == 18
    assert easter_sunday(year).weekday() == 6


def test_names_source_and_refusals():
    first = holidays("PE", 2024)[0]
    assert (first.name("es"), first.name("en")) == ("Año Nuevo", "New Year's Day")
    assert "713" in first.source
    with pytest.raises(MissingData) as caught:
        holidays("CL", 2024)
    assert caught.value.key == "load_calendar_country"
    with pytest.raises(MissingData) as caught:
        holidays("CO", 1980)
    assert caught.value.key == "load_calendar_year"
