"""The shape of the load: its duration curve, kinds of day, base power and demand by month."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.loads import LoadAnalysis
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Facts, Heading, Picture, Table
from mine_energy.report.charts import Curve
from mine_energy.report.figures import off_grid
from mine_energy.report.format import NOTHING, Writer
from mine_energy.report.style import Role, Scale
from mine_energy.study import Study

_PERCENT: Final = tuple(float(share) for share in range(101))
_NOTHING_KW: Final = 0.005
"""Power that is none: below the last figure that is shown."""


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the section."""
    found = study.records.profile
    yield Heading(text=w.text("load_profile.title"))
    yield _duration(study, w)
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


def _duration(study: Study, w: Writer) -> Picture:
    """Return the load duration curves: today, with measures, and what the supply still gives with PV."""
    audit, supply = study.audit, "genset" if off_grid(study) else "import"
    bought = study.hourly.genset_kw if off_grid(study) else study.hourly.import_kw
    marks: dict[str, Role] = {"before": "today", "after": "after", supply: "with_pv"}
    ranked = {
        key: _ranked(series)
        for key, series in zip(marks, (audit.load_before.load_kw, audit.load_after.load_kw, bought), strict=True)
    }
    curves = [
        Curve(
            label="",
            x=_PERCENT,
            y=powers,
            colour=style.MARKS[marks[key]].colour,
            dashes=style.MARKS[marks[key]].line,
            name=w.text(f"chart.duration.{key}"),
        )
        for key, powers in ranked.items()
    ]
    x, y = (Scale(label=w.text(f"chart.duration.{axis}"), tick=w.tick) for axis in ("x", "y"))
    top = max(max(powers) for powers in ranked.values())
    image = charts.scatter([], curves, (x, y), x_limits=(0.0, 100.0), y_limits=(0.0, 1.08 * top or 1.0))
    before, left = ranked["before"], ranked[supply]
    words = {
        "peak": w.estimate(before[0]),
        "half": w.estimate(before[50]),
        "base": w.estimate(before[95]),
        "after": w.estimate(ranked["after"][0]),
        "left": w.estimate(left[0]),
        "left_half": w.estimate(left[50]),
        "without": w.number(sum(power <= _NOTHING_KW for power in left[1:])),
    }
    alt = w.text(f"chart.duration.alt_{supply}", **words)
    return Picture(image=image, alt=alt, caption=w.text("chart.duration.caption", **words))


def _ranked(series: "pd.Series[float]") -> tuple[float, ...]:
    """Return the power that is reached or exceeded in 0, 1, ... 100 % of the time."""
    powers = np.sort(series.dropna().to_numpy())[::-1]
    if not len(powers):
        return (0.0,) * len(_PERCENT)
    return tuple(float(powers[min(len(powers) - 1, round(share / 100 * len(powers)))]) for share in _PERCENT)


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
                f"{w.day(date.fromisoformat(one.at[:10]))} {one.at[11:16]}",
                w.percent(one.covered, 0),
            )
            for one in found.demand
        ],
        note=w.text("load_profile.demand_note", minutes=w.number(found.demand_minutes)),
    )
