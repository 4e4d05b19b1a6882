"""The record of the supply's quality, phase by phase, in cells."""

from mine_energy.loads import PowerQuality
from mine_energy.report.chapters.quality_phases import limit_of
from mine_energy.report.format import Writer
from mine_energy.report.workbook.book import Book, Column, Content
from mine_energy.study import Study


def power_quality(book: Book, study: Study) -> None:
    """Write the figures of a record of quality with their limits; without a record there is no sheet."""
    found = study.records.power_quality
    if found is None:
        return
    w = book.w
    sheet = book.sheet("power_quality")
    columns = [
        Column(heading=w.text("quality.phase"), width=22, style="text"),
        Column(heading=w.text("quantity"), width=52, style="text"),
        Column(heading=w.text("quality.value"), style="three"),
        Column(heading=w.label("unit"), width=10, style="text"),
        Column(heading=w.text("quality.limit"), style="three"),
        Column(heading=w.text("workbook.about"), width=80, style="wrap"),
    ]
    area = sheet.table(
        0, columns, [*_voltages(found, w), *_distortion(found, w), *_events(found, w), *_currents(found, w)]
    )
    sheet.list_view(area, len(columns), frozen_columns=2)


def _limit(found: PowerQuality, start: str, factor: float = 100.0) -> list[Content]:
    one = limit_of(found, start)
    return [None, ""] if one is None else [factor * one.value, f"{one.source} ({one.confidence})"]


def _voltages(found: PowerQuality, w: Writer) -> list[list[Content]]:
    rows: list[list[Content]] = []
    for one in found.voltages:
        name = one.phase or one.heading
        for key, value in (("low", one.low_v), ("mean", one.mean_v), ("high", one.high_v)):
            text = f"{w.text('quality.voltage_caption')}: {w.text(f'quality.{key}')}"
            rows.append([name, text, value, "V", one.reference_v, w.text("quality.reference")])
        if one.outside is not None:
            share = limit_of(found, "quality_share")
            most = None if share is None else 100 * share.value
            band = limit_of(found, "voltage_band")
            source = "" if band is None else f"±{w.percent(band.value, 0)}: {band.source} ({band.confidence})"
            rows.append([name, w.text("quality.outside"), 100 * one.outside, "%", most, source])
    return rows


def _distortion(found: PowerQuality, w: Writer) -> list[list[Content]]:
    rows: list[list[Content]] = []
    for one in found.distortion:
        name, of = one.phase or one.heading, w.text(f"quality.of_{one.of}")
        limit = _limit(found, "thd_voltage") if one.of == "voltage" else [None, ""]
        for key, value in (("p95", one.p95), ("high", one.highest)):
            rows.append([name, f"THD, {of}: {w.text(f'quality.{key}')}", 100 * value, "%", *limit])
    return rows


def _events(found: PowerQuality, w: Writer) -> list[list[Content]]:
    rows: list[list[Content]] = []
    unbalance, dips = found.unbalance, found.dips
    if unbalance is not None:
        rows.append(["", w.text("quality.unbalance_p95"), 100 * unbalance.p95, "%", *_limit(found, "unbalance")])
        rows.append(["", w.text("quality.unbalance_highest"), 100 * unbalance.highest, "%", None, ""])
        if unbalance.nema_p95 is not None:
            rows.append(["", w.text("quality.unbalance_nema"), 100 * unbalance.nema_p95, "%", None, "NEMA MG 1"])
        rows.append(["", w.text("quality.output_factor"), 100 * unbalance.output_factor, "%", None, "NEMA MG 1"])
    if dips is not None:
        if dips.dips is not None:
            rows.append(["", w.text(f"quality.dips_{dips.counted}"), dips.dips, "", None, ""])
        rows.append(["", w.text(f"quality.interruptions_{dips.counted}"), dips.interruptions, "", None, ""])
        if dips.lowest is not None:
            rows.append(["", w.text("quality.lowest"), 100 * dips.lowest, "%", *_limit(found, "sag_threshold")])
    return rows


def _currents(found: PowerQuality, w: Writer) -> list[list[Content]]:
    rows: list[list[Content]] = []
    for one in found.currents:
        for key, value in (("mean", one.mean_a), ("p95", one.p95_a), ("high", one.high_a)):
            text = f"{w.text('quality.current_caption')}: {w.text(f'quality.{key}')}"
            rows.append([one.phase or one.heading, text, value, "A", None, ""])
    return rows
