"""Tables of the sizing chapter."""

from mine_energy.report.blocks import Cell, Table
from mine_energy.report.format import Writer
from mine_energy.study import Sizing
from mine_energy.study.sizing_result import MeaningResult, SizedPlant

Row = tuple[str | Cell, ...]
_SAME = 1e-3


def _share(one: MeaningResult, w: Writer) -> str:
    return w.percent(one.asked, 0) if one.asked > 0 else w.text("sizing.nothing")


def meaning_table(sizing: Sizing, w: Writer) -> Table:
    """Return the meanings side by side with their cost, today's plant first."""
    base = sizing.base_case
    rows: list[Row] = [(w.text("sizing.base"), "", *_figures(base, sizing.currency, w))]
    for one in sizing.meanings:
        name = Cell(
            text=w.text(f"sizing.meaning.{one.key}"), badge=w.text("sizing.goal") if one.key == sizing.goal else ""
        )
        figures = _figures(one.plant, sizing.currency, w) if one.plant else ("–",) * 8
        rows.append((name, _share(one, w), *figures))
    return Table(
        id="sizing-meanings",
        caption=w.text("sizing.meanings_caption", currency=sizing.currency),
        headings=(
            w.text("coverage.meaning"),
            w.text("sizing.asked"),
            "kWp",
            w.text("sizing.battery"),
            w.text("sizing.investment"),
            w.text("sizing.annual_cost"),
            w.text("sizing.net"),
            w.text("sizing.own"),
            w.text("sizing.served_alone"),
            w.text("sizing.litres"),
        ),
        rows=rows,
        note=w.text("sizing.meanings_note"),
    )


def _figures(plant: SizedPlant, currency: str, w: Writer) -> tuple[str, ...]:
    del currency
    return (
        w.estimate(plant.pv_kwp),
        w.estimate(plant.battery_kwh),
        w.estimate(plant.investment),
        w.estimate(plant.annual_cost),
        w.percent(plant.annual_net_ratio, 0),
        w.percent(plant.self_sufficiency, 0),
        w.percent(1 - plant.lpsp_without_grid, 0),
        w.estimate(plant.fuel_l),
    )


def size_table(sizing: Sizing, w: Writer) -> Table:
    """Return free and sold sizes of each meaning."""
    rows: list[Row] = []
    for one in sizing.meanings:
        for kind, plant in (("free", one.plant), ("sold", one.catalogue)):
            if plant is None:
                continue
            above = one.above_free if kind == "sold" else None
            rows.append(
                (
                    w.text(f"sizing.meaning.{one.key}"),
                    w.text(f"sizing.{kind}"),
                    w.number(plant.pv_kwp, 1),
                    w.number(plant.battery_kwh),
                    w.number(plant.battery_kw),
                    w.number(plant.genset_kw),
                    w.money(plant.annual_cost, sizing.currency),
                    w.percent(above),
                )
            )
    return Table(
        id="sizing-sizes",
        caption=w.text("sizing.sizes_caption"),
        headings=(
            w.text("coverage.meaning"),
            w.text("sizing.kind"),
            "kWp",
            w.text("sizing.battery"),
            w.text("sizing.inverter"),
            w.text("sizing.genset"),
            w.text("sizing.annual_cost"),
            w.text("sizing.above"),
        ),
        rows=rows,
        align=("text", "text", *("number",) * 6),
        note=w.text("sizing.sizes_note"),
    )


def saved_table(sizing: Sizing, w: Writer) -> Table:
    """Return what the measures make unnecessary."""
    saved = sizing.saved
    if saved is None:
        raise AssertionError("without a saving there is no table of it")
    rows: list[Row] = [
        (w.text("sizing.saved_load"), w.estimate(saved.load_kwh, f"kWh{w.text('unit.per_year')}")),
        ("PV", w.estimate(saved.pv_kwp, "kWp")),
        (w.text("sizing.battery"), w.estimate(saved.battery_kwh, "kWh")),
        (w.text("sizing.investment"), w.money(saved.investment, sizing.currency)),
        (w.text("sizing.annual_cost"), w.money(saved.annual_cost, sizing.currency)),
    ]
    return Table(
        id="sizing-saved",
        caption=w.text("sizing.saved_caption", meaning=w.text(f"sizing.meaning.{sizing.goal}").lower()),
        headings=(w.text("quantity"), w.text("sizing.saved")),
        rows=rows,
    )


def frontier_table(sizing: Sizing, w: Writer) -> Table:
    """Return the cost of each step of reliability."""
    rows: list[Row] = [
        (
            w.percent(point.coverage),
            w.estimate(point.pv_kwp),
            w.estimate(point.battery_kwh),
            w.money(point.investment, sizing.currency),
            w.money(point.annual_cost, sizing.currency),
            w.money(point.extra_cost_per_percent, sizing.currency),
        )
        for point in sizing.frontier
    ]
    return Table(
        id="sizing-frontier",
        caption=w.text("sizing.frontier_caption"),
        headings=(
            w.text("chart.frontier.coverage"),
            "kWp",
            w.text("sizing.battery"),
            w.text("sizing.investment"),
            w.text("sizing.annual_cost"),
            w.text("sizing.per_percent"),
        ),
        rows=rows,
        align=("number",) * 6,
        note=w.text("sizing.frontier_note"),
    )


_FLOWS = ("load", "pv", "pv_used", "discharge", "export", "curtailed", "import", "genset", "unserved")


def flow_table(sizing: Sizing, w: Writer) -> Table:
    """Return energies of the plant looked at beside today's."""
    plant, base = sizing.of(sizing.detail).plant, sizing.base_case
    pair = (base, plant or base)
    rows: list[Row] = [
        (w.text(f"sizing.flow.{name}"), *(w.estimate(getattr(p, f"{name}_kwh")) for p in pair)) for name in _FLOWS
    ]
    rows.append((w.text("sizing.litres"), *(w.estimate(p.fuel_l) for p in pair)))
    rows.append((w.text("sizing.genset_hours"), *(w.estimate(p.genset_hours) for p in pair)))
    if sizing.fuel_saved_l > 0:
        rows.append((w.text("sizing.litres_saved"), "", w.estimate(sizing.fuel_saved_l)))
    return Table(
        id="sizing-flows",
        caption=w.text("sizing.flows_caption"),
        headings=(w.text("sizing.flow_kwh"), w.text("sizing.base"), w.text(f"sizing.meaning.{sizing.detail}")),
        rows=rows,
    )


def sensitivity_table(sizing: Sizing, w: Writer) -> Table:
    """Return the inputs that move the cost of the goal's plant most."""
    rows: list[Row] = []
    for row in sizing.sensitivity:
        points = row.key == "discount_rate"
        change = w.text("sizing.points", points=w.number(100 * row.change)) if points else w.percent(row.change, 0)
        rows.append(
            (
                w.text(f"sizing.input.{row.key}"),
                f"± {change}",
                w.money(row.low_cost, sizing.currency),
                w.money(row.high_cost, sizing.currency),
                _between(row.low_pv_kwp, row.high_pv_kwp, w),
                _between(row.low_battery_kwh, row.high_battery_kwh, w),
            )
        )
    return Table(
        id="sizing-sensitivity",
        caption=w.text("sizing.sensitivity_caption", meaning=w.text(f"sizing.meaning.{sizing.goal}").lower()),
        headings=(
            w.text("sizing.input_name"),
            w.text("sizing.change"),
            w.text("sizing.cost_low"),
            w.text("sizing.cost_high"),
            "kWp",
            w.text("sizing.battery"),
        ),
        rows=rows,
        note=w.text("sizing.sensitivity_note"),
    )


def _between(one: float, other: float, w: Writer) -> str:
    """Return a range, or one value where both ends are the same."""
    low, high = min(one, other), max(one, other)
    return w.estimate(low) if high - low <= _SAME * max(high, 1.0) else w.span(low, high)


def start_table(sizing: Sizing, w: Writer) -> Table:
    """Return whether the largest machines start without the grid."""
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
        caption=w.text("sizing.starts_caption"),
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
