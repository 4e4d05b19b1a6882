"""Pictures of the sizing chapter, each with the words that stand for it."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Picture
from mine_energy.report.chapters.sizing_words import round_percent
from mine_energy.report.charts import Flow, Fortnight, Found, Limit, Step
from mine_energy.report.format import Writer
from mine_energy.report.style import Role, Scale
from mine_energy.study import Sizing, Study
from mine_energy.study.sizing_result import WorstFortnight
from mine_energy.units import HOURS_PER_DAY

_EVERY_DAYS = 1


def reliability_map(sizing: Sizing, w: Writer) -> Iterator[Block]:
    """Yield the map of unserved load, with the curve of the limit asked for and the plant found."""
    found, plant, trust = sizing.reliability, sizing.of("offgrid").plant, sizing.trust
    if found is None or plant is None or trust is None:
        return
    arrays, batteries = np.asarray(found.pv_kwp), np.asarray(found.battery_kwh)
    limit, kept = w.percent(trust.lpsp_limit, _digits(trust.lpsp_limit)), w.percent(trust.percentile, 0)
    image = charts.reliability_map(
        (batteries.tolist(), arrays.tolist()),
        np.asarray(found.lpsp).reshape(len(arrays), len(batteries)),
        Found(label=w.text("chart.map.plant"), across=plant.battery_kwh, up=plant.pv_kwp),
        Limit(label=w.text("chart.map.limit", limit=limit), share=trust.lpsp_limit),
        (Scale(label=w.text("chart.map.battery"), tick=w.tick), Scale(label=w.text("chart.map.array"), tick=w.tick)),
        Scale(label=w.text("chart.map.lpsp"), tick=lambda v: w.percent(v, _digits(v))),
    )
    words = {
        "kwp": w.estimate(plant.pv_kwp, "kWp"),
        "kwh": w.estimate(plant.battery_kwh, "kWh"),
        "limit": limit,
        "percent": kept,
        "low": w.percent(float(np.min(found.lpsp)), 1),
        "high": w.percent(float(np.max(found.lpsp)), 0),
    }
    alt, caption = (w.text(f"chart.map.{key}", **words) for key in ("alt", "caption"))
    yield Picture(image=image, alt=alt, caption=caption, mime="png")


def _digits(share: float) -> int:
    return 1 if 0 < share < 0.01 else 0


def frontier(sizing: Sizing, w: Writer) -> Iterator[Block]:
    """Yield cost against coverage, with the plant found and today's cost."""
    points, plant = sizing.frontier, sizing.of("offgrid").plant
    steps = [
        Step(served=p.coverage, cost=p.annual_cost, label=w.estimate(p.battery_kwh, "kWh", digits=2)) for p in points
    ]
    asked = sizing.of("offgrid").asked
    found = None if plant is None else Step(served=asked, cost=plant.annual_cost, label=w.text("chart.map.plant"))
    today = Step(served=0.0, cost=sizing.base_case.annual_cost, label=w.text("sizing.base"))
    scales = (
        Scale(label=w.text("chart.frontier.coverage"), tick=lambda v: round_percent(v, w)),
        Scale(label=w.text("chart.frontier.cost", currency=sizing.currency), tick=w.tick),
    )
    words = {
        "low": w.percent(points[0].coverage),
        "low_cost": w.money(points[0].annual_cost, sizing.currency),
        "high": w.percent(points[-1].coverage),
        "high_cost": w.money(points[-1].annual_cost, sizing.currency),
        "base": w.money(today.cost, sizing.currency),
    }
    alt, caption = (w.text(f"chart.frontier.{key}", **words) for key in ("alt", "caption"))
    image = charts.frontier(steps, found, today, scales)
    yield Picture(image=image, alt=alt, caption=caption)


def fortnight(study: Study, sizing: Sizing, w: Writer) -> Iterator[Block]:
    """Yield the worst fourteen days, hour by hour: who carries the load, and the battery's charge."""
    worst = sizing.fortnight
    if worst is None:
        return
    days = Fortnight(
        flows=_flows(worst, w),
        load=(w.text("chart.fortnight.load"), worst.load_kw),
        available=(w.text("chart.fortnight.available"), worst.pv_kw),
        soc=(w.text("chart.fortnight.soc"), worst.soc),
        midnights=_midnights(study, worst, w),
    )
    scales = (
        Scale(label=w.text("chart.fortnight.axis"), tick=w.tick),
        Scale(label=w.text("chart.fortnight.soc"), tick=lambda v: w.percent(v, 0)),
    )
    words = {
        "year": w.number(worst.weather_year + 1),
        "start": _day(study, worst.first_hour, w),
        "load": w.estimate(float(np.sum(worst.load_kw)), "kWh"),
        "missing": w.estimate(worst.missing_kwh, "kWh"),
        "lowest": w.percent(float(np.min(worst.soc)), 0),
        "meaning": w.text(f"sizing.meaning.{sizing.detail}"),
    }
    stored = "" if float(np.max(worst.soc)) > 0 else "_no_battery"
    alt, caption = (w.text(f"chart.fortnight.{key}{stored}", **words) for key in ("alt", "caption"))
    yield Picture(by=("dispatch",), image=charts.fortnight(days, scales), alt=alt, caption=caption, mime="png")


def shares_of_load(worst: WorstFortnight) -> dict[Role, FloatArray]:
    """Return who carries the load each hour, kW: genset and grid first, then PV, the battery the rest.

    A genset or the grid that charges the battery gives the load no more than it asks for.
    """
    rest = np.asarray(worst.load_kw) - np.asarray(worst.unserved_kw)
    found: dict[Role, FloatArray] = {}
    for role, source in (("genset", worst.genset_kw), ("import", worst.import_kw), ("pv", worst.pv_kw)):
        found[role] = np.minimum(np.maximum(source, 0.0), rest)  # type: ignore[index]
        rest = rest - found[role]  # type: ignore[index]
    return found | {"battery": np.maximum(rest, 0.0), "unserved": np.asarray(worst.unserved_kw)}


def _flows(worst: WorstFortnight, w: Writer) -> list[Flow]:
    found = shares_of_load(worst)
    order: tuple[Role, ...] = ("pv", "battery", "import", "genset", "unserved")
    seen = [role for role in order if float(np.max(found[role])) > 1e-6]
    return [Flow(label=w.text(f"chart.fortnight.{role}"), values=found[role], mark=style.MARKS[role]) for role in seen]


def _midnights(study: Study, worst: WorstFortnight, w: Writer) -> list[tuple[int, str]]:
    start = _clock(study) + worst.first_hour
    first = -start % HOURS_PER_DAY
    every = _EVERY_DAYS * HOURS_PER_DAY
    return [(hour, _day(study, worst.first_hour + hour, w)) for hour in range(first, len(worst.soc), every)]


def _clock(study: Study) -> int:
    return int(study.audit.load_after.load_kw.index[0].hour)


def _day(study: Study, hour: int, w: Writer) -> str:
    moment = study.audit.load_after.load_kw.index[0] + timedelta(hours=hour)
    return f"{moment.day} {w.month_names()[moment.month - 1]}"


def charge(sizing: Sizing, w: Writer) -> Iterator[Block]:
    """Yield how long the battery stands at each state of charge."""
    if not sizing.soc_hours:
        return
    image = charts.charge_classes(
        sizing.soc_hours,
        w.text("chart.charge.axis"),
        Scale(label=w.text("chart.charge.hours"), tick=lambda v: w.percent(v, 0)),
        Scale(label="", tick=lambda v: w.percent(v, 0)),
    )
    shares = [w.percent(share, 0) for share in sizing.soc_hours]
    caption = w.text("chart.charge.caption", low=shares[0], high=shares[-1])
    yield Picture(by=("dispatch",), image=image, alt=w.text("chart.charge.alt", listed=w.join(shares)), caption=caption)
