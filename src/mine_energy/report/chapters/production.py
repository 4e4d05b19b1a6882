"""Energy and production: the baseline, what does not follow the tonnes, and how the plant has done since."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from mine_energy.arrays import FloatArray
from mine_energy.loads import Baseline, FuelEnergy, LBEn, cusum_kwh, index_base_100
from mine_energy.report import charts, style
from mine_energy.report.blocks import Block, Bullets, Facts, Heading, Paragraph, Picture, Table
from mine_energy.report.charts import Curve, Points
from mine_energy.report.format import Writer
from mine_energy.report.style import Scale
from mine_energy.study import Study

_SMALL: Final = 0.001


def applies(study: Study) -> bool:
    """Whether energy was held against production, or fuel against hours."""
    return study.records.production is not None or study.records.fuel is not None


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    found, fuel = study.records.production, study.records.fuel
    record = study.records.lben
    return [
        *(baseline_blocks(found, w) if found else ()),
        *(record_blocks(record, w) if record else ()),
        *(fuel_blocks(fuel, w) if fuel else ()),
    ]


def record_blocks(record: LBEn, w: Writer) -> list[Block]:
    """Return the energy baseline (línea de base energética) as a record to hand in."""
    warning = w.finding(record.findings[-1])
    facts = Facts(pairs=record_facts(record, w))
    return [Heading(text=w.text("production.lben")), facts, Paragraph(text=warning, tone="warning")]


def record_facts(record: LBEn, w: Writer) -> list[tuple[str, str]]:
    """Return what an energy baseline says, in names and values."""
    value = w.estimate(record.value, "kWh" if record.model == "absolute" else "kWh/t")
    intercept = record.intercept_kwh
    return [
        (w.text("production.lben_model"), w.text(f"production.lben_{record.model}")),
        (w.text("production.lben_period"), f"{w.date(record.start)} – {w.date(record.end)}"),
        (w.text("production.points"), w.number(record.points)),
        (w.text("production.lben_value"), value),
        *([] if intercept is None else [(w.text("production.lben_intercept"), w.estimate(intercept, "kWh"))]),
        (w.text("production.lben_error"), w.estimate(record.standard_error)),
    ]


def fuel_blocks(fuel: FuelEnergy, w: Writer) -> list[Block]:
    """Return what a fuel log says about the energy of a genset."""
    pairs = [
        (w.text("production.fuel_litres"), w.estimate(fuel.litres, "L")),
        (w.text("production.fuel_hours"), w.estimate(fuel.hours, "h")),
        (w.text("production.fuel_energy"), w.estimate(fuel.energy_kwh, "kWh")),
        (w.text("production.fuel_band"), w.span(fuel.low_kwh, fuel.high_kwh, "kWh")),
        (w.text("production.fuel_specific"), w.estimate(fuel.litres_per_kwh)),
    ]
    return [Heading(text=w.text("production.fuel")), Facts(pairs=pairs)]


def baseline_blocks(found: Baseline, w: Writer) -> list[Block]:
    """Return what a baseline says: verdict, figures, the line, kWh/t, CUSUM and index."""
    status = "accepted" if found.accepted else "refused"
    said = [w.finding(finding) for finding in found.findings]
    tone = "good" if found.accepted else "warning"
    verdict = Paragraph(title=w.text(f"production.{status}_title"), text=w.text(f"production.{status}"), tone=tone)  # type: ignore[arg-type]
    return [
        verdict,
        *([Bullets(items=said)] if said else []),
        _facts(found, w),
        _line(found, w),
        _specific(found, w),
        *_followed(found, w),
    ]


def _facts(found: Baseline, w: Writer) -> Facts:
    per = w.text(f"production.per_{found.period}")
    return Facts(
        pairs=[
            (
                w.text("production.equation"),
                w.text(
                    "production.equation_text",
                    intercept=w.estimate(found.intercept_kwh),
                    slope=w.estimate(found.slope_kwh_per_t),
                    period=per,
                ),
            ),
            (w.text("production.points"), f"{w.number(found.points)} ({per})"),
            ("R²", w.number(found.r2, 3)),
            (w.text("production.residual"), w.estimate(found.residual_sd_kwh, "kWh")),
            ("CV(RMSE)", w.percent(found.cv_rmse)),
            (w.text("production.p_slope"), _probability(found.p_slope, w)),
            (w.text("production.not_tied"), w.percent(found.not_tied_share, 0)),
        ]
    )


def _probability(value: float, w: Writer) -> str:
    """Return a p value; below a thousandth its size says nothing more."""
    return f"< {w.number(_SMALL, 3)}" if value < _SMALL else w.number(value, 3)


def _line(found: Baseline, w: Writer) -> Picture:
    tonnes = found.production_t
    ends = np.array([0.0, 1.05 * float(tonnes.max())])
    curve = Curve(
        label="E₀ + m·P", x=tuple(map(float, ends)), y=tuple(map(float, found.expected_kwh(ends))), colour=style.INK
    )
    points = Points(label="", x=tuple(map(float, tonnes)), y=tuple(map(float, found.energy_kwh)), colour=style.BLUE)
    x, y = (Scale(label=w.text(f"chart.baseline.{axis}"), tick=w.tick) for axis in ("x", "y"))
    limits = (0.0, 1.2 * float(tonnes.max()))
    low = min(0.0, found.intercept_kwh)
    top = 1.1 * float(found.energy_kwh.max())
    image = charts.scatter([points], [curve], (x, y), x_limits=limits, y_limits=(low, top))
    words = {
        "points": w.number(found.points),
        "r2": w.number(found.r2, 2),
        "intercept": w.estimate(found.intercept_kwh),
        "slope": w.estimate(found.slope_kwh_per_t),
    }
    alt, caption = (w.text(f"chart.baseline.{key}", **words) for key in ("alt", "caption"))
    return Picture(image=image, alt=alt, caption=caption)


def _specific(found: Baseline, w: Writer) -> Picture:
    order = np.argsort(found.production_t)
    tonnes, energy = found.production_t[order], found.energy_kwh[order]
    worked = tonnes > 0
    tonnes, energy = tonnes[worked], energy[worked]
    grid = np.linspace(float(tonnes.min()), float(tonnes.max()), 25)
    curve = Curve(
        label="m + E₀/P",
        x=tuple(map(float, grid)),
        y=tuple(map(float, found.specific_kwh_per_t(grid))),
        colour=style.INK,
    )
    points = Points(label="", x=tuple(map(float, tonnes)), y=tuple(map(float, energy / tonnes)), colour=style.VERMILION)
    x, y = (Scale(label=w.text(f"chart.specific.{axis}"), tick=w.tick) for axis in ("x", "y"))
    image = charts.scatter([points], [curve], (x, y), x_limits=(0.0, 1.2 * float(tonnes.max())))
    each = energy / tonnes
    words = {
        "low": w.estimate(float(each.min())),
        "high": w.estimate(float(each[0])),
        "last": w.estimate(float(each[-1])),
    }
    alt, caption = (w.text(f"chart.specific.{key}", **words) for key in ("alt", "caption"))
    return Picture(image=image, alt=alt, caption=caption)


def _followed(found: Baseline, w: Writer) -> Iterator[Block]:
    running = cusum_kwh(found, found.energy_kwh, found.production_t)
    index = index_base_100(found, found.energy_kwh, found.production_t)
    steps = tuple(range(1, found.points + 1))
    points = Points(label="", x=steps, y=tuple(map(float, running)), colour=style.BLUE)
    curve = Curve(label="", x=steps, y=tuple(map(float, running)), colour=style.BLUE)
    x, y = (Scale(label=w.text(f"chart.cusum.{axis}"), tick=w.tick) for axis in ("x", "y"))
    image = charts.scatter([points], [curve], (x, y), whole_x=True)
    ends = {"low": w.estimate(float(running.min())), "high": w.estimate(float(running.max()))}
    alt, caption = (w.text(f"chart.cusum.{key}", **ends) for key in ("alt", "caption"))
    yield Picture(image=image, alt=alt, caption=caption)
    yield Table(
        id="production-points",
        caption=w.text("production.points_caption"),
        headings=(
            w.text("production.point"),
            w.text("production.tonnes"),
            w.text("production.energy"),
            w.text("production.expected"),
            "kWh/t",
            "CUSUM (kWh)",
            w.text("production.index"),
        ),
        rows=_points(found, running, index, w),
        align=("number",) * 7,
        note=w.text("production.note"),
    )


def _points(found: Baseline, running: FloatArray, index: FloatArray, w: Writer) -> list[tuple[str, ...]]:
    expected = found.expected_kwh(found.production_t)
    rows = []
    for i, (tonnes, energy) in enumerate(zip(found.production_t, found.energy_kwh, strict=True)):
        specific = w.estimate(float(energy / tonnes)) if tonnes > 0 else "–"
        values = (w.estimate(float(v)) for v in (tonnes, energy, expected[i]))
        rows.append(
            (str(i + 1), *values, specific, w.estimate(round(float(running[i]), 1)), w.number(float(index[i]), 1))
        )
    return rows
