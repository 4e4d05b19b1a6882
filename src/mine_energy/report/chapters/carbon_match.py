"""Load that PV meets in the same hour: a figure of its own kind, beside Scope 2 and added to nothing."""

from collections.abc import Iterator

from mine_energy.report.blocks import Block, Heading, Paragraph, Table
from mine_energy.report.format import Writer
from mine_energy.study import Study


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the section; nothing without PV."""
    match = study.carbon.hourly_match if study.carbon is not None else None
    if match is None:
        return
    year = f"kWh{w.text('unit.per_year')}"
    yield Heading(text=w.text("match.title"))
    yield Paragraph(title=w.text("carbon.avoided_box_title"), text=w.text("match.box"), tone="quiet")
    yield Table(
        id="hourly-match",
        caption=w.text("match.caption"),
        headings=(w.text("quantity"), w.label("value")),
        rows=(
            (f"{w.text('match.load')} ({year})", w.estimate(match.load_kwh)),
            (f"{w.text('match.delivered')} ({year})", w.estimate(match.delivered_kwh)),
            (f"{w.text('match.matched')} ({year})", w.estimate(match.matched_kwh)),
            (w.text("match.ratio"), w.percent(match.ratio)),
            (w.text("match.annual"), w.percent(match.annual_ratio)),
            (w.text("match.hours"), w.percent(match.hours_met)),
        ),
        note=w.text("match.note"),
    )
    if match.claim == "transferred":
        yield Paragraph(text=w.text("match.transferred"), tone="warning")
