"""Typical days of work and of rest, in the sunniest month and the dullest: load before and after measures, and PV."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Heading, Picture
from mine_energy.report.charts import Day, Line
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study
from mine_energy.units import HOURS_PER_DAY, MONTHS_PER_YEAR

_NO_POWER_KW: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalDay:
    """Hourly means of one kind of day in one month, kW, and the share of its load that PV serves in the same hour."""

    month: int
    works: bool
    before: tuple[float, ...]
    after: tuple[float, ...]
    pv: tuple[float, ...]
    served: float


def working_days(study: Study) -> "pd.Series[bool]":
    """Return for every hour of the flows whether its day is a working day.

    A load built from the inventory knows its rest days; a meter does not say, so Monday to Friday stand for them.
    """
    index = cast("pd.DatetimeIndex", study.hourly.load_before_kw.index)
    if study.audit.load_before.origin == "built":
        resting = set(study.audit.rest_days)
        flags = [stamp not in resting for stamp in index.strftime("%Y-%m-%d")]
    else:
        flags = list(index.day_of_week < 5)
    return pd.Series(flags, index=index)


def mean_day(series: "pd.Series[float]", days: "pd.Series[bool] | None" = None) -> tuple[float, ...]:
    """Return the mean of each clock hour, over some days or all."""
    kept = series if days is None else series[days.to_numpy()]
    hours = cast("pd.DatetimeIndex", kept.index).hour.to_numpy()
    sums = np.bincount(hours, weights=kept.to_numpy(), minlength=HOURS_PER_DAY)
    counts = np.bincount(hours, minlength=HOURS_PER_DAY)
    return tuple(float(value) for value in sums / np.maximum(counts, 1))


def typical(study: Study) -> tuple[tuple[TypicalDay, ...], ...]:
    """Return the sunniest month and the dullest, each with its day of work and its day of rest.

    Without PV there is one month for all: the whole year's days are taken as month 0. A kind of day that one of the
    months does not have is left out of both.
    """
    flows, works = study.hourly, working_days(study).to_numpy()
    months = cast("pd.DatetimeIndex", flows.pv_kw.index).month.to_numpy()
    pv = flows.pv_kw.to_numpy()
    if float(pv.max(initial=0.0)) <= _NO_POWER_KW:
        chosen = [0]
    else:
        means = [float(pv[months == month].mean()) for month in range(1, MONTHS_PER_YEAR + 1)]
        chosen = [int(np.argmax(means)) + 1, int(np.argmin(means)) + 1]
    kept = {month: np.ones(len(months), dtype=bool) if month == 0 else months == month for month in chosen}
    kinds = [kind for kind in (True, False) if all(bool((days & (works == kind)).any()) for days in kept.values())]
    return tuple(
        tuple(_typical(study, month, days & (works == kind), works=kind) for kind in kinds)
        for month, days in kept.items()
    )


def _typical(study: Study, month: int, hours: npt.NDArray[np.bool_], *, works: bool) -> TypicalDay:
    flows = study.hourly
    kept = pd.Series(hours, index=flows.pv_kw.index)
    load = float(flows.load_after_kw.to_numpy()[hours].sum())
    return TypicalDay(
        month=month,
        works=works,
        before=mean_day(flows.load_before_kw, kept),
        after=mean_day(flows.load_after_kw, kept),
        pv=mean_day(flows.pv_kw, kept),
        served=float(flows.pv_used_kw.to_numpy()[hours].sum()) / load if load > 0 else 0.0,
    )


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the picture of the typical days."""
    rows = typical(study)
    built = study.audit.load_before.origin == "built"
    scale = Scale(label=w.text("chart.day.axis"), tick=w.tick)
    panels = [[Day(title=_title(day, w, built=built), lines=_lines(day, w)) for day in row] for row in rows]
    image = charts.typical_days(panels, w.label("hour"), scale)
    yield Heading(text=w.text("energy.day_title"))
    yield Picture(image=image, alt=_alt(rows, w, built=built), caption=_caption(rows, w))


def _title(day: TypicalDay, w: Writer, *, built: bool) -> str:
    """Return the name of a day: its month, and whether it works; a meter says only which days are Monday to Friday."""
    kind = w.text(f"chart.day.{'work' if day.works else 'rest'}_{'built' if built else 'metered'}")
    words = kind if day.month == 0 else f"{w.month_names()[day.month - 1]}, {kind}"
    return words[:1].upper() + words[1:]


def _lines(day: TypicalDay, w: Writer) -> list[Line]:
    lines = [
        Line(label=w.text("chart.day.before"), values=day.before, mark=style.MARKS["today"]),
        Line(label=w.text("chart.day.after"), values=day.after, mark=style.MARKS["after"]),
    ]
    if max(day.pv) > _NO_POWER_KW:
        lines.append(Line(label=w.text("chart.day.pv"), values=day.pv, mark=style.MARKS["pv"], filled=True))
    return lines


def _caption(rows: tuple[tuple[TypicalDay, ...], ...], w: Writer) -> str:
    best, worst = rows[0][0], rows[-1][0]
    if max(best.pv) <= _NO_POWER_KW:
        return w.text("chart.day.caption_load", peak=w.estimate(max(best.before)), after=w.estimate(max(best.after)))
    served = (best.served, worst.served)
    return w.text("chart.day.caption", low=w.percent(min(served), 0), high=w.percent(max(served), 0))


def _said(day: TypicalDay) -> str:
    """Return the key of the sentence about a day."""
    if max(day.before) <= _NO_POWER_KW:
        return "chart.day.alt_still"
    return "chart.day.alt_load" if max(day.pv) <= _NO_POWER_KW else "chart.day.alt"


def _alt(rows: tuple[tuple[TypicalDay, ...], ...], w: Writer, *, built: bool) -> str:
    said = []
    for day in (day for row in rows for day in row):
        hour = day.before.index(max(day.before))
        said.append(
            w.text(
                _said(day),
                day=_title(day, w, built=built),
                peak=w.estimate(max(day.before)),
                hour=f"{hour:02d}:00",
                after=w.estimate(max(day.after)),
                night=w.estimate(min(day.before)),
                pv=w.estimate(max(day.pv)),
                served=w.percent(day.served, 0),
            )
        )
    return " ".join(said)
