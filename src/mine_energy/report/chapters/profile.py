"""The shape of the load: its duration curve, kinds of day, base power and demand by month."""

from collections.abc import Iterator

from mine_energy.loads import LoadAnalysis
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Facts, Heading, Picture, Table
from mine_energy.report.charts import Curve
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the section."""
    found = study.records.profile
    yield Heading(text=w.text("load_profile.title"))
    yield _duration(found, w)
    yield Facts(
        pairs=[
            (w.text("load_profile.night"), w.estimate(found.night_kw, "kW") if found.night_kw is not None else NOTHING),
            (
                w.text("load_profile.night_share"),
                w.percent(_share(found.night_kwh, found.energy_kwh), 0),
            ),
            (
                w.text("load_profile.sunday"),
                w.estimate(found.sunday_kw, "kW") if found.sunday_kw is not None else NOTHING,
            ),
        ]
    )
    yield _types(found, w)
    yield _demand(found, w)


def _share(part: float | None, whole: float) -> float | None:
    return None if part is None or whole <= 0 else part / whole


def _duration(found: LoadAnalysis, w: Writer) -> Picture:
    shares, powers = found.duration_share, found.duration_kw
    x, y = (Scale(label=w.text(f"chart.duration.{axis}"), tick=w.tick) for axis in ("x", "y"))
    curve = Curve(
        label="",
        x=tuple(100 * float(share) for share in shares),
        y=tuple(map(float, powers)),
        colour=style.MARKS["import"].colour,
    )
    image = charts.scatter(
        [], [curve], (x, y), x_limits=(0.0, 100.0), y_limits=(0.0, 1.08 * float(powers.max()) or 1.0)
    )
    at = dict(zip((round(float(share), 4) for share in shares), map(float, powers), strict=True))
    alt = w.text("chart.duration.alt", peak=w.estimate(at[0.0]), half=w.estimate(at[0.5]), base=w.estimate(at[0.95]))
    return Picture(image=image, alt=alt, caption=w.text("chart.duration.caption"))


def _types(found: LoadAnalysis, w: Writer) -> Table:
    rows = []
    for one in found.day_types:
        hour = int(one.hourly_kw.argmax())
        rows.append(
            (
                w.word("day_kind", one.kind),
                w.number(one.days),
                w.estimate(one.kwh_per_day),
                w.estimate(one.sd_kwh_per_day),
                f"{hour:02d}:00, {w.estimate(float(one.hourly_kw[hour]), 'kW')}",
            )
        )
    return Table(
        id="day-types",
        caption=w.text("load_profile.types"),
        headings=(
            w.text("load_profile.kind"),
            w.text("load_profile.days"),
            f"{w.text('load_profile.mean')} (kWh)",
            f"{w.text('load_profile.spread')} (kWh)",
            w.text("load_profile.highest"),
        ),
        rows=rows,
    )


def _demand(found: LoadAnalysis, w: Writer) -> Table:
    names = w.month_names()
    return Table(
        id="demand",
        caption=w.text("load_profile.demand"),
        headings=(
            w.label("month"),
            f"{w.label('energy_kwh')} (kWh)",
            f"{w.label('peak_kw')} (kW)",
            w.text("load_profile.at"),
            w.text("load_profile.covered"),
        ),
        rows=[
            (
                f"{names[one.month - 1]} {one.year}",
                w.estimate(one.energy_kwh),
                w.estimate(one.demand_kw),
                one.at[:16].replace("T", " "),
                w.percent(one.covered, 0),
            )
            for one in found.demand
        ],
        note=w.text("load_profile.demand_note", minutes=w.number(found.demand_minutes)),
    )
