"""Which way the array faces, how much it matters, and its faces where there are several."""

from collections.abc import Iterator
from dataclasses import replace

from mine_energy.pv import Array, Orientation
from mine_energy.report import charts
from mine_energy.report.blocks import Block, Heading, Paragraph, Picture, Table
from mine_energy.report.charts import Spot
from mine_energy.report.format import Writer
from mine_energy.study import Solar

_SAME = 1e-9


def orientation_words(tilt_deg: float, azimuth_deg: float, w: Writer) -> str:
    """Return a tilt and an azimuth in words."""
    side = ("n", "ne", "e", "se", "s", "sw", "w", "nw")[round(azimuth_deg / 45.0) % 8]
    return w.text(
        "sun.orientation_text", tilt=w.number(tilt_deg, 0), azimuth=w.number(azimuth_deg, 0), side=w.word("side", side)
    )


def facing_words(array: Array, w: Writer) -> str:
    """Return which way an array faces: its tilt and azimuth, its faces, or its tracker's axis."""
    if array.tracker is not None:
        return w.text("orientation.tracker", azimuth=w.number(array.tracker.axis_azimuth_deg, 0))
    if not array.faces:
        return orientation_words(array.tilt_deg, array.azimuth_deg, w)
    each = (
        f"{orientation_words(face.tilt_deg, face.azimuth_deg, w)}: {w.percent(face.share, 0)}" for face in array.faces
    )
    return w.text("orientation.several", count=len(array.faces), faces="; ".join(each))


def map_blocks(solar: Solar, w: Writer) -> Iterator[Block]:
    """Yield the map and what it says; of several faces, their table."""
    if solar.unit.faces:
        yield Heading(text=w.text("orientation.faces_title"))
        yield faces_table(solar, w)
    if solar.orientation is None:
        return
    found = solar.orientation
    yield Heading(text=w.text("orientation.title"))
    yield Paragraph(text=_said(found, w))
    words = {
        "best": orientation_words(found.tilt_deg, found.azimuth_deg, w),
        "here": facing_words(solar.unit.array, w),
        "low": _figure(min(float(row.min()) for row in found.map_kwh_per_kwp), w),
        "high": _figure(max(float(row.max()) for row in found.map_kwh_per_kwp), w),
    }
    alt, caption = w.text("orientation.alt", **words), w.text(f"orientation.caption_{found.objective}", **words)
    yield Picture(image=map_picture(solar, found, w), mime="png", alt=alt, caption=caption)


def _figure(value: float, w: Writer) -> str:
    return w.estimate(value, "kWh/kWp", digits=4)


def _said(found: Orientation, w: Writer) -> str:
    return w.text(
        "orientation.text",
        best=orientation_words(found.tilt_deg, found.azimuth_deg, w),
        top=_figure(found.specific_yield_kwh_per_kwp, w),
        equator=_figure(found.equator_facing_kwh_per_kwp, w),
        spread=w.percent(found.azimuth_spread),
        floor=w.percent(found.floor_cost),
    )


def map_picture(solar: Solar, found: Orientation, w: Writer) -> bytes:
    """Return the map over tilt and azimuth as PNG, with the array and the best place marked."""
    array = solar.unit.array
    here = Spot(
        azimuth_deg=array.azimuth_deg % 360.0,
        tilt_deg=array.tilt_deg,
        label=w.text("orientation.here"),
        marker="o",
        hollow=True,
    )
    best = replace(
        here,
        azimuth_deg=found.azimuth_deg,
        tilt_deg=found.tilt_deg,
        label=w.text("orientation.best"),
        marker="^",
        hollow=False,
    )
    top = float(found.tilts_deg[-1])
    spots = [spot for spot in (best, here) if spot.tilt_deg <= top + _SAME]
    quarters = [w.word("side", side).capitalize() for side in ("n", "e", "s", "w", "n")]
    return charts.orientation_map(
        (found.azimuths_deg, found.tilts_deg),
        found.map_kwh_per_kwp,
        spots,
        (f"{w.label('azimuth_deg')} (°)", f"{w.label('tilt_deg')} (°)", quarters),
        lambda value: w.number(value, 0),
    )


def faces_table(solar: Solar, w: Writer) -> Table:
    """Return what each of several faces gives."""
    return Table(
        id="faces",
        caption=w.text("orientation.faces"),
        headings=(
            w.text("orientation.face"),
            w.text("sun.orientation"),
            w.text("orientation.share"),
            f"{w.text('sun.poa')} (kWh/m²)",
            f"{w.text('sun.yield')} (kWh/kWp)",
        ),
        rows=[
            (
                face.name or w.number(place),
                orientation_words(face.tilt_deg, face.azimuth_deg, w),
                w.percent(face.share, 0),
                w.estimate(face.poa_kwh_m2, digits=4),
                w.estimate(face.specific_yield_kwh_per_kwp, digits=4),
            )
            for place, face in enumerate(solar.unit.faces, 1)
        ],
        align=("text", "text", "number", "number", "number"),
    )
