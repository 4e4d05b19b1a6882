"""The array: sizes, loss chain, months."""

from mine_energy.report.workbook.book import Book, Column
from mine_energy.study import Study

_FIELDS = (
    ("pv_kwp", "kWp"),
    ("inverter_kw", "kW"),
    ("tilt_deg", "°"),
    ("azimuth_deg", "°"),
    ("module_area_m2", "m²"),
    ("ground_area_m2", "m²"),
)


def design(book: Book, study: Study) -> None:
    """Write the sheet."""
    w = book.w
    sheet = book.sheet("design", portrait=True)
    before, after = study.design.before_measures, study.design.after_measures
    unit = study.solar.unit
    columns = [
        Column(heading=w.text("quantity"), width=44, style="text"),
        Column(heading=w.text("sun.for_today"), width=16, style="auto"),
        Column(heading=w.text("sun.for_measures"), width=16, style="auto"),
        Column(heading=w.label("unit"), width=16, style="indent"),
    ]
    rows = [(w.label(key), getattr(before, key), getattr(after, key), shown) for key, shown in _FIELDS]
    rows.append((w.label("pv_kwh"), before.annual_energy_kwh, after.annual_energy_kwh, f"kWh{w.text('unit.per_year')}"))
    area = sheet.table(0, columns, rows)
    for offset, (key, _) in enumerate(_FIELDS):
        about = f"{w.label(key)} ({w.text('sun.for_measures')})"
        sheet.named(f"design_{key}", (area.top + offset, 2), about, _FIELDS[offset][1])
    sheet.page.freeze_panes(area.top, 1)
    chain = [(w.word("pv_step", step.key), step.value, step.factor - 1.0) for step in unit.chain]
    lower = sheet.table(
        area.bottom + 3,
        [
            Column(heading=w.text("sun.chain"), width=44, style="text"),
            Column(heading=w.text("sun.after_step"), unit="kWh/m² · kWh/kWp", width=16, style="one"),
            Column(heading=w.text("sun.change"), unit="%", width=16, style="percent"),
        ],
        chain,
    )
    names = w.month_names()
    sheet.table(
        lower.bottom + 3,
        [
            Column(heading=w.label("month"), width=44, style="text"),
            Column(heading=w.text("sun.ghi"), unit="kWh/m²", width=16, style="one"),
            Column(heading=w.text("sun.poa"), unit="kWh/m²", width=16, style="one"),
            Column(heading=w.text("sun.yield"), unit="kWh/kWp", width=16, style="one"),
            Column(heading=w.label("performance_ratio"), unit="%", width=14, style="percent"),
        ],
        [
            (names[m.month - 1], m.ghi_kwh_m2, m.poa_kwh_m2, m.specific_yield_kwh_per_kwp, m.performance_ratio)
            for m in unit.months
        ],
    )
