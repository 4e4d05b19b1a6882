"""The sun at the plant and the array that catches it."""

from collections.abc import Iterator, Sequence

from mine_energy.report import charts
from mine_energy.report.blocks import Block, Cell, Facts, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters.exceedance import exceedance_blocks
from mine_energy.report.chapters.marks import confidence_cell, quoted_cell
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study

_VISIBLE_KWH = 0.5


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    sure = study.solar.uncertainty
    return [
        *_weather(study, w),
        *_array(study, w),
        *(exceedance_blocks(sure, w) if sure is not None else ()),
        *_chain(study, w),
        *_months(study, w),
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
            (w.text("sun.place"), place),
            (w.label("ghi_kwh_per_m2"), w.estimate(weather.ghi_kwh_m2, f"kWh/m²{w.text('unit.per_year')}")),
            (w.text("sun.band"), _band(weather.band_low, weather.band_high, w)),
            (w.text("sun.temperature"), w.number(weather.temp_air_mean_c, 1, "°C")),
            (w.label("poa_kwh_per_m2"), w.estimate(unit.poa_kwh_m2, f"kWh/m²{w.text('unit.per_year')}")),
        ]
    )


def _band(low: float, high: float, w: Writer) -> str:
    return w.text("sun.band_text", low=w.percent(low, 0), high=w.percent(high, 0))


def _array(study: Study, w: Writer) -> Iterator[Block]:
    unit = study.solar.unit
    yield Heading(text=w.text("sun.array_title"))
    per_kwp = f"kWh/kWp{w.text('unit.per_year')}"
    yield Facts(
        pairs=[
            (w.text("sun.orientation"), _orientation(unit.array.tilt_deg, unit.array.azimuth_deg, w)),
            (w.text("sun.mounting"), w.word("mounting", unit.array.mounting)),
            (w.label("specific_yield_kwh_per_kwp"), w.estimate(unit.specific_yield_kwh_per_kwp, per_kwp, digits=4)),
            (w.text("sun.yield_band"), w.span(unit.yield_low_kwh_per_kwp, unit.yield_high_kwh_per_kwp, per_kwp)),
            (w.label("performance_ratio"), w.percent(unit.performance_ratio)),
            (w.text("sun.capacity_factor"), w.percent(unit.capacity_factor)),
            (w.text("sun.clipped"), w.percent(unit.clipped_share, 2)),
        ]
    )
    yield design_table(study, w)


def _orientation(tilt_deg: float, azimuth_deg: float, w: Writer) -> str:
    side = ("n", "ne", "e", "se", "s", "sw", "w", "nw")[round(azimuth_deg / 45.0) % 8]
    return w.text(
        "sun.orientation_text", tilt=w.number(tilt_deg, 0), azimuth=w.number(azimuth_deg, 0), side=w.word("side", side)
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


def _chain(study: Study, w: Writer) -> Iterator[Block]:
    chain = study.solar.unit.chain
    names = [w.word("pv_step", step.key) for step in chain]
    yield Heading(text=w.text("sun.chain_title"))
    scale = Scale(label=w.text("chart.chain.axis"), tick=w.tick)
    # Steps that change less than the chart can show stand in the table only.
    changed = [i for i in range(1, len(chain)) if abs(chain[i].value - chain[i - 1].value) >= _VISIBLE_KWH]
    labels = [names[0], *(names[i] for i in changed), w.text("chart.chain.meter")]
    values = [chain[0].value, *(chain[i].value for i in changed), chain[-1].value]
    image = charts.waterfall(labels, values, scale, lambda value: w.number(value, 0))
    alt = w.text(
        "chart.chain.alt", start=w.estimate(chain[0].value, digits=4), end=w.estimate(chain[-1].value, digits=4)
    )
    yield Picture(image=image, alt=alt, caption=w.text("chart.chain.caption"))
    yield Table(
        id="chain",
        caption=w.text("sun.chain"),
        headings=(
            w.text("sun.step"),
            w.text("sun.after_step"),
            w.text("sun.change"),
            w.label("confidence"),
            w.label("source"),
        ),
        rows=_chain_rows(study, names, w),
        align=("text", "number", "number", "text", "text"),
        note=w.text("sun.chain_note"),
    )


def _chain_rows(study: Study, names: Sequence[str], w: Writer) -> list[tuple[str | Cell, ...]]:
    losses = {loss.name: loss for loss in study.solar.unit.array.losses}
    rows: list[tuple[str | Cell, ...]] = []
    for name, step in zip(names, study.solar.unit.chain, strict=True):
        values = (name, w.number(step.value, 1), w.percent(step.factor - 1.0, 2))
        loss = losses.get(step.key)
        if loss is None:
            rows.append((*values, "", w.text("sun.computed")))
        else:
            source = quoted_cell(loss.source, w) if loss.source else w.text("sun.user")
            rows.append((*values, confidence_cell(loss.confidence, w), source))
    return rows


def _months(study: Study, w: Writer) -> Iterator[Block]:
    unit, kwp = study.solar.unit, study.design.after_measures.pv_kwp
    names = w.month_names()
    yield Heading(text=w.text("sun.months_title"))
    yield Table(
        id="months-sun",
        caption=w.text("sun.months"),
        headings=(
            w.label("month"),
            f"{w.text('sun.ghi')} (kWh/m²)",
            f"{w.text('sun.poa')} (kWh/m²)",
            f"{w.text('sun.temperature_short')} (°C)",
            f"{w.text('sun.yield')} (kWh/kWp)",
            w.label("performance_ratio"),
            f"{w.text('sun.energy')} (kWh)",
        ),
        rows=[
            (
                names[month.month - 1],
                w.estimate(month.ghi_kwh_m2),
                w.estimate(month.poa_kwh_m2),
                w.number(month.temp_air_mean_c, 1),
                w.estimate(month.specific_yield_kwh_per_kwp),
                w.percent(month.performance_ratio),
                w.estimate(month.specific_yield_kwh_per_kwp * kwp),
            )
            for month in unit.months
        ],
        foot=(
            w.text("year"),
            w.estimate(unit.ghi_kwh_m2, digits=4),
            w.estimate(unit.poa_kwh_m2, digits=4),
            w.number(study.solar.weather.temp_air_mean_c, 1),
            w.estimate(unit.specific_yield_kwh_per_kwp, digits=4),
            w.percent(unit.performance_ratio),
            w.estimate(unit.specific_yield_kwh_per_kwp * kwp),
        ),
    )
