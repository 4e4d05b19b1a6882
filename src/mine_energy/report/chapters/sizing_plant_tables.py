"""Tables of the sizing chapter about one plant: years, steps of reliability, flows, battery, sensitivity, starts."""

from collections.abc import Iterator

from mine_energy.report.blocks import Cell, Table
from mine_energy.report.chapters.sizing_tables import Row
from mine_energy.report.chapters.sizing_words import name_of
from mine_energy.report.figures import off_grid
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Sizing, Study

_SAME = 1e-3
_NONE = 1e-9


def years_table(sizing: Sizing, w: Writer) -> Iterator[Table]:
    """Yield how the weather years differ: unserved load of the plant found, and the battery that would be enough."""
    trust, plant = sizing.trust, sizing.of("offgrid").plant
    if trust is None or plant is None:
        return
    shares = (plant.lpsp_p10, plant.lpsp_p50, plant.lpsp_p90)
    batteries = (trust.battery_p10_kwh, trust.battery_p50_kwh, trust.battery_p90_kwh)
    rows: list[Row] = [(w.text("sizing.years_lpsp"), *(w.percent(v, 2) for v in shares))]
    if any(kwh is not None for kwh in batteries):
        rows.append((w.text("sizing.years_battery"), *(w.estimate(kwh) for kwh in batteries)))
    yield Table(
        id="sizing-years",
        caption=w.text("sizing.years_caption", years=w.number(trust.years)),
        headings=(w.text("quantity"), *(w.text(f"sizing.years_{p}") for p in ("p10", "p50", "p90"))),
        rows=rows,
        note=w.text("sizing.years_note"),
    )


def life_table(sizing: Sizing, w: Writer) -> Iterator[Table]:
    """Yield how long the battery lasts in the plant looked at."""
    found = sizing.battery_years
    if found is None:
        return
    years = w.text("unit.years")
    rows: list[Row] = [
        (w.text("sizing.life"), w.estimate(found.life_years, years)),
        (w.text("sizing.life_calendar"), w.estimate(found.calendar_life_years, years)),
        (w.text("sizing.life_cycles"), w.estimate(found.cycle_life_years, years)),
        (w.text("sizing.cycles"), w.estimate(found.full_cycles_per_year)),
        (w.text("sizing.fade"), w.percent(found.fade_per_year)),
        (w.text("sizing.replaced"), ", ".join(w.number(y) for y in found.replacement_years) or w.text("sizing.never")),
    ]
    yield Table(
        id="battery-life",
        caption=w.text("sizing.life_caption"),
        headings=(w.text("quantity"), w.text("sizing.value")),
        rows=rows,
    )


def frontier_table(sizing: Sizing, w: Writer) -> Table:
    """Return the cost of each step of reliability."""
    rows: list[Row] = [
        (
            w.percent(point.coverage),
            w.estimate(point.pv_kwp),
            w.estimate(point.battery_kwh),
            w.estimate(point.investment),
            w.estimate(point.annual_cost),
            w.estimate(point.extra_cost_per_percent),
        )
        for point in sizing.frontier
    ]
    return Table(
        id="sizing-frontier",
        caption=w.text("sizing.frontier_caption"),
        headings=(
            w.text("chart.frontier.coverage"),
            w.text("sizing.array"),
            w.text("sizing.battery"),
            f"{w.text('sizing.investment')} ({sizing.currency})",
            f"{w.text('sizing.annual_cost')} ({sizing.currency})",
            f"{w.text('sizing.per_percent')} ({sizing.currency})",
        ),
        rows=rows,
        align=("number",) * 6,
        note=w.text("sizing.frontier_note"),
    )


_FLOWS = ("load", "pv", "pv_used", "discharge", "export", "curtailed", "import", "genset", "unserved")


def flow_table(sizing: Sizing, w: Writer) -> Table:
    """Return energies of the plant looked at beside today's."""
    plant, base = sizing.of(sizing.detail).plant, sizing.base_case
    if plant is None:
        raise AssertionError("without a plant there is no table of its flows")
    pair = (base, plant)
    names = [name for name in _FLOWS if any(getattr(p, f"{name}_kwh") > _NONE for p in pair)]
    rows: list[Row] = [
        (
            w.text(f"sizing.flow.{name}"),
            *(w.estimate(getattr(p, f"{name}_kwh")) for p in pair),
            w.percent(getattr(plant, f"{name}_kwh") / plant.load_kwh, 0) if plant.load_kwh else NOTHING,
        )
        for name in names
    ]
    if base.fuel_l > 0 or plant.fuel_l > 0:
        rows.append((w.text("sizing.litres"), *(w.estimate(p.fuel_l) for p in pair), NOTHING))
        rows.append((w.text("sizing.genset_hours"), *(w.estimate(p.genset_hours) for p in pair), NOTHING))
        rows.append((w.text("sizing.litres_saved"), NOTHING, w.estimate(sizing.fuel_saved_l), NOTHING))
    return Table(
        id="sizing-flows",
        caption=w.text("sizing.flows_caption"),
        headings=(
            w.text("sizing.flow_kwh"),
            w.text("sizing.base"),
            w.text(f"sizing.meaning.{sizing.detail}"),
            w.text("sizing.flow_share"),
        ),
        rows=rows,
        note=w.text("sizing.flows_note"),
    )


def sensitivity_table(study: Study, sizing: Sizing, w: Writer) -> Table:
    """Return the inputs that move the cost of the goal's plant most."""
    rows: list[Row] = []
    for row in sizing.sensitivity:
        points = row.key == "discount_rate"
        change = w.text("sizing.points", points=w.number(100 * row.change)) if points else w.percent(row.change, 0)
        rows.append(
            (
                w.text(f"sizing.input.{row.key}"),
                f"± {change}",
                w.estimate(row.low_cost),
                w.estimate(row.high_cost),
                _between(row.low_pv_kwp, row.high_pv_kwp, w),
                _between(row.low_battery_kwh, row.high_battery_kwh, w),
            )
        )
    return Table(
        id="sizing-sensitivity",
        caption=w.text("sizing.sensitivity_caption", meaning=name_of(sizing.goal, w)),
        headings=(
            w.text("sizing.input_name"),
            w.text("sizing.change"),
            f"{w.text('sizing.cost_low')} ({sizing.currency})",
            f"{w.text('sizing.cost_high')} ({sizing.currency})",
            w.text("sizing.array"),
            w.text("sizing.battery"),
        ),
        rows=rows,
        note=w.text("sizing.sensitivity_alone" if off_grid(study) else "sizing.sensitivity_note"),
    )


def _between(one: float, other: float, w: Writer) -> str:
    """Return a range, or one value where both ends are the same."""
    low, high = min(one, other), max(one, other)
    return w.estimate(low) if high - low <= _SAME * max(high, 1.0) else w.span(low, high)


def _stands(sizing: Sizing) -> bool:
    return any(one.key == "offgrid" and one.plant is not None for one in sizing.meanings)


def start_table(study: Study, sizing: Sizing, w: Writer) -> Table:
    """Return whether the largest machines start without the grid, on the off-grid plant or on the site's own."""
    stands = sizing.detail if off_grid(study) or not _stands(sizing) else "offgrid"
    rows: list[Row] = [
        (
            one.tag,
            w.word("drive", one.method),
            w.estimate(one.start_kva),
            w.text(f"sizing.source.{one.source}"),
            w.estimate(one.available_kva),
            Cell(text=w.text("sizing.starts" if one.starts else "sizing.fails"), tone="" if one.starts else "warning"),
            w.estimate(one.enough_kva),
            w.estimate(one.soft_starter_kva),
            w.estimate(one.vfd_kva),
        )
        for one in sizing.starts
    ]
    return Table(
        id="sizing-starts",
        caption=w.text("sizing.starts_caption", meaning=name_of(stands, w)),
        headings=(
            w.label("tag"),
            w.label("drive"),
            w.text("sizing.start_kva"),
            w.text("sizing.source_name"),
            w.text("sizing.available"),
            w.text("sizing.result"),
            w.text("sizing.enough"),
            w.text("sizing.with_soft"),
            w.text("sizing.with_vfd"),
        ),
        rows=rows,
        align=("text", "text", "number", "text", "number", "text", "number", "number", "number"),
        note=w.text("sizing.starts_note"),
    )
