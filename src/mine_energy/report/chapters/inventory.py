"""The machines: what each draws, how that is known, and what has to be said about it."""

from collections.abc import Iterator, Mapping
from string import ascii_lowercase

from mine_energy.audit import MachineResult
from mine_energy.report.blocks import Block, Bullets, Cell, Heading, Table
from mine_energy.report.chapters.marks import origin_cell
from mine_energy.report.chapters.notices import grouped
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study


def blocks(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the inventory and, under it, what its marks mean."""
    machines = study.audit.machines
    if not machines:
        return
    marks = flag_marks(study)
    total = sum(machine.energy_kwh_per_year for machine in machines)
    yield Heading(text=w.text("plant.inventory_title"))
    yield Table(
        id="inventory",
        caption=w.text("plant.inventory"),
        headings=(
            w.text("plant.machine"),
            w.label("process"),
            w.text("plant.units"),
            f"{w.text('plant.rated')} (kW)",
            w.text("inventory.load"),
            f"{w.label('efficiency_at_load')} (%)",
            w.text("plant.hours"),
            f"{w.label('energy_kwh_per_year')} (kWh)",
            w.label("share"),
            w.label("origin"),
            *([w.text("inventory.marks")] if marks else []),
        ),
        rows=[_machine(machine, marks, w) for machine in machines],
        align=("text", "text", *("number",) * 7, "text", *(("text",) if marks else ())),
        foot=(w.text("total"), *[""] * 6, w.estimate(total), w.percent(1.0, 0), "", *([""] if marks else [])),
        note=w.text("inventory.note"),
    )
    if marks:
        yield Bullets(items=[_meaning(key, mark, study, w) for key, mark in marks.items()])


def flag_marks(study: Study) -> Mapping[str, str]:
    """Return a letter for every kind of finding about a machine, in order of appearance."""
    keys = dict.fromkeys(flag for machine in study.audit.machines for flag in machine.flags)
    return {key: _letter(order) for order, key in enumerate(keys)}


def _letter(order: int) -> str:
    """Return a, b ... z, a2, b2 ..."""
    turn, place = divmod(order, len(ascii_lowercase))
    return ascii_lowercase[place] + (str(turn + 1) if turn else "")


def _meaning(key: str, mark: str, study: Study, w: Writer) -> Cell:
    """Return what a mark says: each sentence of its findings with the machines it is about."""
    found = grouped((finding for finding in study.audit.findings if finding.key == key), w)
    words = "; ".join(f"{sentence} ({subjects})" if subjects else sentence for sentence, subjects in found)
    return Cell(text=f"{mark}: {words or key}")


def _machine(machine: MachineResult, marks: Mapping[str, str], w: Writer) -> tuple[str | Cell, ...]:
    name = f"{machine.tag} · {machine.description}" if machine.description else machine.tag
    spare = f" + {machine.standby_quantity}" if machine.standby_quantity else ""
    return (
        name,
        w.word("process", machine.process),
        f"{machine.quantity}{spare}",
        w.estimate(machine.rated_power_kw),
        load_cell(machine, w),
        efficiency_cell(machine, w),
        w.number(machine.hours_per_year + machine.unloaded_hours_per_year),
        w.estimate(machine.energy_kwh_per_year),
        w.percent(machine.share),
        origin_cell(machine.origin, w),
        *([", ".join(marks[flag] for flag in machine.flags)] if marks else []),
    )


def load_cell(machine: MachineResult, w: Writer) -> Cell:
    """Return the load factor with its method and the half-width of its 90 % interval."""
    method = w.word("load_method", machine.load_method)
    band = f" ±{w.percent(machine.load_band, 0)}" if machine.load_band else ""
    tone = "assumed" if machine.load_method == "assumed" else ""
    return Cell(text=w.number(machine.load_factor, 2), unit=f"{method}{band}", tone="assumed" if tone else "")


def efficiency_cell(machine: MachineResult, w: Writer) -> Cell:
    """Return the efficiency at the load with where its full-load value is from; nothing for loads without a motor."""
    if machine.efficiency_at_load is None:
        return Cell(text=NOTHING)
    weak = machine.efficiency_source in {"assumed", "unverified_table", "year_guess"}
    source = w.word("efficiency_source", machine.efficiency_source)
    shown = w.number(100 * machine.efficiency_at_load, 1)
    return Cell(text=shown, unit=source, tone="assumed" if weak else "")
