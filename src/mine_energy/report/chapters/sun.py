"""The sun at the plant and the array that catches it."""

from collections.abc import Iterator, Sequence

from mine_energy.pv import Performance
from mine_energy.report.blocks import Block, Facts, Heading, Paragraph, Table
from mine_energy.report.chapters.array_map import facing_words, map_blocks
from mine_energy.report.chapters.array_strings import electrical_blocks
from mine_energy.report.chapters.exceedance import exceedance_blocks
from mine_energy.report.chapters.losses import chain_blocks, month_blocks
from mine_energy.report.chapters.washing import washing_blocks
from mine_energy.report.figures import has_pv
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study
from mine_energy.weather import WeatherSummary


def applies(study: Study) -> bool:
    """Whether the study has an array."""
    return has_pv(study)


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    solar, kwp = study.solar, study.design.after_measures.pv_kwp
    return [
        *_weather(study, w),
        *_array(study, w),
        *(exceedance_blocks(solar.uncertainty, kwp, w) if solar.uncertainty is not None else ()),
        *chain_blocks(solar, kwp, w),
        *month_blocks(solar, kwp, w),
        *washing_blocks(solar, w),
        *map_blocks(solar, w),
        *electrical_blocks(solar, w),
    ]


def weather_words(study: Study, w: Writer) -> str:
    """Return what the weather is and where it is from, in one sentence."""
    weather = study.solar.weather
    return w.text(f"sun.kind_{weather.kind}", source=weather.source, seed=str(weather.seed))


def _weather(study: Study, w: Writer) -> Iterator[Block]:
    weather, unit = study.solar.weather, study.solar.unit
    yield Paragraph(
        title=w.text("sun.weather_title"),
        text=weather_words(study, w),
        tone="assumed" if weather.kind == "synthetic" else "quiet",
    )
    place = w.text(
        "sun.place_text",
        latitude=w.number(weather.latitude, 4),
        longitude=w.number(weather.longitude, 4),
        altitude=w.number(weather.altitude_m, 0, "m"),
    )
    yield Facts(
        pairs=[
            (w.text("sun.kind"), w.word("weather_kind", weather.kind)),
            *_record(weather, w),
            (w.text("sun.place"), place),
            (w.label("ghi_kwh_per_m2"), w.estimate(weather.ghi_kwh_m2, f"kWh/m²{w.text('unit.per_year')}")),
            (w.text("sun.diffuse"), w.percent(weather.dhi_kwh_m2 / weather.ghi_kwh_m2, 0)),
            (w.text("sun.band"), band_words(weather.band_low, weather.band_high, w)),
            (w.text("sun.temperature"), w.number(weather.temp_air_mean_c, 1, "°C")),
            (w.label("poa_kwh_per_m2"), w.estimate(unit.poa_kwh_m2, f"kWh/m²{w.text('unit.per_year')}")),
        ],
        by=("weather",),
    )


def _record(weather: WeatherSummary, w: Writer) -> Iterator[tuple[str, str]]:
    """Yield the years of a record, how far its three components close, and when within its hour the sun counts."""
    if weather.kind == "synthetic":
        return
    years = sorted(set(weather.years))
    if years:
        yield w.text("sun.years"), f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    yield w.text("sun.closure"), w.number(weather.closure_rmse_w_m2, 1, "W/m²")
    yield w.text("sun.offset"), w.number(weather.sun_offset_minutes, 0, "min")


def band_words(low: float, high: float, w: Writer) -> str:
    """Return the band of the resource in words."""
    return w.text("sun.band_text", low=w.percent(low, 0), high=w.percent(high, 0))


def _array(study: Study, w: Writer) -> Iterator[Block]:
    unit = study.solar.unit
    yield Heading(text=w.text("sun.array_title"))
    per_kwp = f"kWh/kWp{w.text('unit.per_year')}"
    yield Facts(
        pairs=[
            (w.text("sun.orientation"), facing_words(unit.array, w)),
            (w.text("sun.mounting"), w.word("mounting", unit.array.mounting)),
            (w.label("specific_yield_kwh_per_kwp"), w.estimate(unit.specific_yield_kwh_per_kwp, per_kwp, digits=4)),
            (w.text("sun.yield_band"), w.span(unit.yield_low_kwh_per_kwp, unit.yield_high_kwh_per_kwp, per_kwp)),
            (w.label("performance_ratio"), w.percent(unit.performance_ratio)),
            (w.text("sun.clipped"), w.percent(unit.clipped_share, 2)),
        ],
        by=("pv_chain", "iec_yields"),
    )
    yield design_table(study, w)
    if study.solar.performance is not None:
        yield performance_table(study.solar.performance, w)


def performance_rows(figures: Performance, w: Writer) -> list[tuple[str, str]]:
    """Return the figures of IEC 61724-1 with their values in words."""
    hours = f"h{w.text('unit.per_year')}"
    warm = figures.performance_ratio_25c
    return [
        (w.text("performance.reference"), w.number(figures.reference_yield_hours, 0, hours)),
        (w.text("performance.array"), w.number(figures.array_yield_hours, 0, hours)),
        (w.text("performance.final"), w.number(figures.final_yield_hours, 0, hours)),
        (w.text("performance.capture"), w.number(figures.capture_loss_hours, 0, hours)),
        (w.text("performance.system"), w.number(figures.system_loss_hours, 0, hours)),
        (w.text("performance.ratio"), w.percent(figures.performance_ratio)),
        (w.text("performance.ratio_25c"), NOTHING if warm is None else w.percent(warm)),
        (w.text("performance.factor_dc"), w.percent(figures.capacity_factor_dc)),
        (w.text("performance.factor_ac"), w.percent(figures.capacity_factor_ac)),
    ]


def performance_table(figures: Performance, w: Writer) -> Table:
    """Return the figures of IEC 61724-1."""
    return Table(
        id="performance",
        caption=w.text("performance.caption"),
        headings=(w.text("quantity"), w.label("value")),
        rows=[row for row in performance_rows(figures, w) if row[1] != NOTHING],
        note=w.text("performance.note"),
    )


def design_table(study: Study, w: Writer) -> Table:
    """Return the array for the load of today and for the load after measures."""
    designs = (study.design.before_measures, study.design.after_measures)
    array = study.solar.unit.array
    fields = (
        ("pv_kwp", "kWp"),
        ("inverter_kw", "kW"),
        ("module_area_m2", "m²"),
        ("ground_area_m2", "m²"),
        ("annual_energy_kwh", f"kWh{w.text('unit.per_year')}"),
    )
    return Table(
        id="design",
        caption=w.text("sun.design"),
        headings=(w.text("quantity"), w.text("sun.for_today"), w.text("sun.for_measures")),
        rows=[
            (f"{w.text(f'sun.field.{key}')} ({unit})", *(w.estimate(getattr(design, key)) for design in designs))
            for key, unit in fields
        ],
        note=w.text(
            "sun.design_note",
            saved=w.estimate(study.design.pv_saved_kwp, "kWp", digits=2),
            ratio=w.number(array.dc_ac_ratio, 2),
            efficiency=w.percent(array.module_efficiency),
            cover=w.number(array.ground_cover_ratio, 2),
        ),
    )
