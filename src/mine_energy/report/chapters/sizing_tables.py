"""Tables of the sizing chapter that compare plants: meanings, parts of the cost, sizes, what the measures save."""

from collections.abc import Iterator

from mine_energy.report.blocks import Cell, Table
from mine_energy.report.chapters.sizing_words import alone_note, round_percent, step_note
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Sizing, Study
from mine_energy.study.sizing_result import MeaningResult, SizedPlant

Row = tuple[str | Cell, ...]
_EVEN = 5e-4
_NONE = 1e-9


def _share(one: MeaningResult, w: Writer) -> str:
    return round_percent(one.asked, w) if one.asked > 0 else NOTHING


def _named(one: MeaningResult, sizing: Sizing, w: Writer) -> Cell:
    marks = [w.text("sizing.goal")] * (one.key == sizing.goal) + [w.text("sizing.refused")] * (one.refused is not None)
    badge = ", ".join(marks)
    return Cell(text=w.text(f"sizing.meaning.{one.key}"), badge=badge)


def meaning_table(study: Study, sizing: Sizing, w: Writer) -> Table:
    """Return the meanings side by side with their cost, today's plant first; litres only where some are burnt."""
    base, currency = sizing.base_case, sizing.currency
    plants = [base, *(one.plant for one in sizing.meanings if one.plant)]
    fuel = any(plant.fuel_l > 0 for plant in plants)
    rows: list[Row] = [(w.text("sizing.base"), NOTHING, *_figures(base, fuel, w))]
    for one in sizing.meanings:
        figures = _figures(one.plant, fuel, w) if one.plant else (NOTHING,) * (8 if fuel else 7)
        rows.append((_named(one, sizing, w), _share(one, w), *figures))
    headings = [
        w.text("sizing.meaning_heading"),
        w.text("sizing.asked"),
        w.text("sizing.array"),
        w.text("sizing.battery"),
        f"{w.text('sizing.investment')} ({currency})",
        f"{w.text('sizing.annual_cost')} ({currency})",
        w.text("sizing.net"),
        w.text("sizing.own"),
        w.text("sizing.served_alone"),
    ]
    notes = (w.text("sizing.meanings_note"), alone_note(study, sizing, w), step_note(study, sizing, w))
    return Table(
        id="sizing-meanings",
        caption=w.text("sizing.meanings_caption"),
        headings=[*headings, w.text("sizing.litres")] if fuel else headings,
        rows=rows,
        note=" ".join(part for part in notes if part),
    )


def _figures(plant: SizedPlant, fuel: bool, w: Writer) -> tuple[str, ...]:
    shown = (
        w.estimate(plant.pv_kwp),
        w.estimate(plant.battery_kwh),
        w.estimate(plant.investment),
        w.estimate(plant.annual_cost),
        w.percent(plant.annual_net_ratio, 0),
        w.percent(plant.self_sufficiency, 0),
        w.percent(1 - plant.lpsp_without_grid, 0),
    )
    return (*shown, w.estimate(plant.fuel_l)) if fuel else shown


_PARTS = ("capital", "om", "fuel", "imports", "exports", "unserved")


def cost_table(sizing: Sizing, w: Writer) -> Table:
    """Return what the annual cost of each plant is made of, without the parts that nobody pays."""
    named: list[tuple[str | Cell, SizedPlant]] = [(w.text("sizing.base"), sizing.base_case)]
    named += [(_named(one, sizing, w), one.plant) for one in sizing.meanings if one.plant]
    parts = [part for part in _PARTS if any(abs(getattr(plant, part)) > _NONE for _, plant in named)]
    rows: list[Row] = [
        (
            name,
            *(w.estimate(-plant.exports if part == "exports" else getattr(plant, part)) for part in parts),
            w.estimate(plant.annual_cost),
        )
        for name, plant in named
    ]
    return Table(
        id="sizing-cost",
        caption=w.text("sizing.cost_caption", currency=sizing.currency),
        headings=(
            w.text("sizing.meaning_heading"),
            *(w.text(f"sizing.row.{part}") for part in parts),
            w.text("sizing.annual_cost"),
        ),
        rows=rows,
        note=w.text("sizing.cost_note"),
    )


def size_table(study: Study, sizing: Sizing, w: Writer) -> Table:
    """Return free sizes and those that are sold, of each meaning."""
    owned = study.site.genset is not None and study.site.genset.existing
    rows: list[Row] = []
    for one in sizing.meanings:
        for kind, plant in (("free", one.plant), ("sold", one.catalogue), ("starting", one.starting)):
            if plant is None:
                continue
            above = {"sold": one.above_free, "starting": _over(plant, one.plant)}.get(kind)
            genset = w.estimate(plant.genset_kw)
            rows.append(
                (
                    w.text(f"sizing.meaning.{one.key}"),
                    w.text(f"sizing.{kind}"),
                    w.number(plant.pv_kwp, 1) if kind == "sold" else w.estimate(plant.pv_kwp),
                    w.estimate(plant.battery_kwh),
                    w.estimate(plant.battery_kw),
                    Cell(text=genset, badge=w.text("sizing.owned")) if owned and plant.genset_kw > 0 else genset,
                    w.estimate(plant.annual_cost),
                    _above(above, w),
                )
            )
    return Table(
        id="sizing-sizes",
        caption=w.text("sizing.sizes_caption"),
        headings=(
            w.text("sizing.meaning_heading"),
            w.text("sizing.kind"),
            w.text("sizing.array"),
            w.text("sizing.battery"),
            w.text("sizing.inverter"),
            w.text("sizing.genset"),
            f"{w.text('sizing.annual_cost')} ({sizing.currency})",
            w.text("sizing.above"),
        ),
        rows=rows,
        align=("text", "text", *("number",) * 6),
        note=w.text("sizing.sizes_note"),
    )


def _above(share: float | None, w: Writer) -> str:
    """Return what standard units cost more; a difference below a twentieth of a per cent is none."""
    return w.percent(0.0 if share is not None and abs(share) < _EVEN else share)


def _over(plant: SizedPlant, least: SizedPlant | None) -> float | None:
    return None if least is None or least.annual_cost <= 0 else plant.annual_cost / least.annual_cost - 1


_SAVED = ("pv_kwp", "battery_kwh", "genset_kw", "investment", "annual_cost")
_IN_MONEY = frozenset({"investment", "annual_cost"})


def saved_table(sizing: Sizing, w: Writer) -> Iterator[Table]:
    """Yield the plant of each meaning before and after the measures, and what they save of it."""
    trios = [(one, one.before, one.plant) for one in sizing.meanings]
    pairs = [(one, before, after) for one, before, after in trios if before is not None and after is not None]
    if not pairs:
        return
    rows: list[Row] = []
    names = [
        k for k in _SAVED if any(abs(getattr(before, k) - getattr(after, k)) > _NONE for _, before, after in pairs)
    ]
    for one, before, after in pairs:
        both = [(float(getattr(before, name)), float(getattr(after, name))) for name in names]
        shown = (f"{w.estimate(was)} \u2192 {w.estimate(now)}" for was, now in both)
        rows.append((_named(one, sizing, w), *shown, *(w.estimate(was - now) for was, now in both)))
    heads = [_with_currency(name, sizing.currency, w) for name in names]
    yield Table(
        id="sizing-saved",
        caption=w.text("sizing.saved_caption"),
        headings=(
            w.text("sizing.meaning_heading"),
            *(head[0].upper() + head[1:] for head in heads),
            *(w.text("sizing.saved_of", what=head) for head in heads),
        ),
        rows=rows,
        note=w.text("sizing.saved_note"),
    )


def _with_currency(name: str, currency: str, w: Writer) -> str:
    label = w.text(f"sizing.saved_{name}")
    return f"{label} ({currency})" if name in _IN_MONEY else label
