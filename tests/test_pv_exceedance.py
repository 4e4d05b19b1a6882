"""P50, P90 and P99: the sum of squares by hand, one year against many, and where the spread comes from."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import norm

from mine_energy.messages import LANGUAGES, Language, finding_text
from mine_energy.pv import Array, YieldComponent, unit_yield, yield_uncertainty
from mine_energy.pv.exceedance import annual_yields, exceedance
from mine_energy.report.chapters.exceedance import component_table, exceedance_table
from mine_energy.report.format import Writer
from mine_energy.site import Site, WeatherChoice
from mine_energy.weather import Weather, from_climatology
from test_weather_generator import site_at

PILOT = (2.983982, -76.650777, 1286.0)
TEN = Array(tilt_deg=10.0, azimuth_deg=180.0)


def component(sd: float, averages: str = "never", up: float | None = None) -> YieldComponent:
    return YieldComponent(
        key="resource",
        sd_low=sd,
        sd_high=sd if up is None else up,
        averages=averages,
        source="",
        confidence="D",  # type: ignore[arg-type]
    )


def stating(site: Site, spread: float | None) -> Site:
    return site.model_copy(update={"weather": site.weather.model_copy(update={"interannual_spread": spread})})


def years_of(count: int, kind: str = "modelled") -> Weather:
    return replace(from_climatology(*PILOT, years=count, seed=11), kind=kind)  # type: ignore[arg-type]


def test_sum_of_squares_by_hand() -> None:
    # 4 % a year, 3 % that stays: 5 % in one year; sqrt(0.16 + 9) = 3.0265 % for the mean of a hundred.
    parts = (component(0.04, "over_years"), component(0.03))
    one, many = exceedance(1500.0, parts, 1), exceedance(1500.0, parts, 100)
    assert one.sd_low == pytest.approx(0.05)
    assert many.sd_low == pytest.approx(np.sqrt(0.004**2 + 0.03**2))
    assert one.p50 == 1500.0
    # Tables of the normal distribution: 1.2816 and 2.3263.
    assert one.p90 == pytest.approx(1500 * (1 - 1.2816 * 0.05), abs=0.01)
    assert one.p99 == pytest.approx(1500 * (1 - 2.3263 * 0.05), abs=0.01)
    assert many.p90 > one.p90


def test_nine_years_in_ten_yield_more_than_p90() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    parts = (component(0.04, "over_years"), component(0.05), component(0.03))
    drawn = 1500 * (1 + sum(part.sd_low * rng.standard_normal(200_000) for part in parts))
    found = exceedance(1500.0, parts, 1)
    for level, probability in ((found.p75, 0.75), (found.p90, 0.90), (found.p99, 0.99)):
        assert (drawn > level).mean() == pytest.approx(probability, abs=0.004)


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=6), st.integers(1, 30))
def test_levels_fall_with_their_probability(sds: list[float], years: int) -> None:
    found = exceedance(1000.0, tuple(component(sd, "over_years") for sd in sds), years)
    assert found.p50 >= found.p75 >= found.p90 >= found.p99 >= 0


def test_a_synthetic_year_takes_the_regions_spread_and_the_widened_band() -> None:
    weather = from_climatology(*PILOT)
    unit = unit_yield(site_at(*PILOT), weather, TEN)
    found = yield_uncertainty(site_at(*PILOT), weather, unit)
    parts = {part.key: part for part in found.components}
    assert found.years_at_hand == 0
    assert found.p50_kwh_per_kwp == unit.specific_yield_kwh_per_kwp
    assert parts["interannual"].sd_low == pytest.approx(0.04)
    assert "record" not in parts
    # The band is the 90 % interval: its ends stand 1.645 standard deviations away.
    assert parts["resource"].sd_low == pytest.approx(-weather.band_low / norm.ppf(0.95))
    assert parts["resource"].sd_high == pytest.approx(weather.band_high / norm.ppf(0.95))
    one, ten, twenty = found.horizons
    assert (one.years, ten.years, twenty.years) == (1, 10, 20)
    assert one.p90 < ten.p90 < twenty.p90 < found.p50_kwh_per_kwp
    assert 0.80 < one.p90 / one.p50 < 0.92
    assert found.of_years(10) == ten
    assert found.findings == ()  # the climatology has said the spread already


def test_the_years_at_hand_tell_their_own_spread() -> None:
    weather, site = years_of(12), site_at(*PILOT)
    unit = unit_yield(site, weather, TEN)
    found = yield_uncertainty(site, weather, unit)
    annual = annual_yields(site, weather, TEN)
    parts = {part.key: part for part in found.components}
    assert (len(annual), found.years_at_hand) == (12, 12)
    assert parts["interannual"].sd_low == pytest.approx(np.std(annual, ddof=1) / np.mean(annual))
    assert parts["interannual"].sd_low == pytest.approx(0.04, abs=0.01)  # the yield follows the irradiation
    assert parts["record"].sd_low == pytest.approx(parts["interannual"].sd_low / np.sqrt(12))
    assert found.p50_kwh_per_kwp == pytest.approx(np.mean(annual))
    for language in LANGUAGES:
        assert "12" in finding_text(found.findings[0], language, "CO")


def test_few_years_take_the_regions_spread_and_a_poor_record() -> None:
    weather, site = years_of(3), site_at(*PILOT)
    found = yield_uncertainty(site, weather, unit_yield(site, weather, TEN))
    parts = {part.key: part for part in found.components}
    assert found.years_at_hand == 0
    assert parts["interannual"].sd_low == pytest.approx(0.04)
    assert parts["record"].sd_low == pytest.approx(0.04 / np.sqrt(3))


def test_the_site_file_has_the_last_word() -> None:
    weather, site = years_of(8), stating(site_at(*PILOT), 0.07)
    found = yield_uncertainty(site, weather, unit_yield(site, weather, TEN))
    part = next(part for part in found.components if part.key == "interannual")
    assert (part.sd_low, part.confidence, found.years_at_hand) == (0.07, "user", 0)


def test_typical_years_have_no_record_of_their_own() -> None:
    site, weather = site_at(*PILOT), replace(from_climatology(*PILOT), kind="typical", findings=())
    found = yield_uncertainty(site, weather, unit_yield(site, weather, TEN))
    assert "record" not in {part.key for part in found.components}
    assert [f.key for f in found.findings] == ["weather_interannual_spread"]


def test_leap_years_are_no_better_years() -> None:
    weather = years_of(6)
    flat = replace(weather, frame=weather.frame.assign(**weather.frame.mean().to_dict()))
    annual = annual_yields(site_at(*PILOT), flat, TEN)
    assert np.ptp(annual) / np.mean(annual) < 0.003
    assert pd.DatetimeIndex(flat.index).is_leap_year.any()


def test_the_site_file_takes_one_deviation_or_twelve() -> None:
    for good in (0.1, [0.1] * 12, None):
        assert WeatherChoice.model_validate({"daily_clearness_sd": good}) is not None
    for bad in ([0.1] * 11, 10.0, [0.1] * 11 + [0.9]):
        with pytest.raises(ValidationError):
            WeatherChoice.model_validate({"daily_clearness_sd": bad})
    with pytest.raises(ValidationError):
        WeatherChoice.model_validate({"interannual_spread": 4.0})


@pytest.mark.parametrize(("language", "words"), [("es", "se supera en el 90 %"), ("en", "exceeded in 90%")])
def test_the_tables_say_what_p90_is(language: Language, words: str) -> None:
    weather = from_climatology(*PILOT)
    sure = yield_uncertainty(site_at(*PILOT), weather, unit_yield(site_at(*PILOT), weather, TEN))
    w = Writer(language=language, country="CO")
    table, parts = exceedance_table(sure, w), component_table(sure, w)
    assert any(words in str(heading) for heading in table.headings)
    assert len(table.rows) == 3
    assert len(parts.rows) == len(sure.components)
    assert all(len(row) == len(parts.headings) for row in parts.rows)
