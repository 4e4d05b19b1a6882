"""The plant, what is known about it, and from where."""

from collections.abc import Iterator, Sequence

from mine_energy.messages import catalogue
from mine_energy.report.blocks import Block, Cell, Facts, Heading, Paragraph, Table
from mine_energy.report.chapters import inventory, stages
from mine_energy.report.chapters.marks import origin_cell
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import LoadSummary, Study
from mine_energy.vocabulary import choices, terms


def blocks(study: Study, w: Writer) -> Sequence[Block]:
    """Return the chapter."""
    return [
        *_plant(study, w),
        *stages.blocks(study, w),
        *inventory.blocks(study, w),
        *_load(study, w),
        *_inputs(study, w),
    ]


def _plant(study: Study, w: Writer) -> Iterator[Block]:
    site = study.site
    facts, made, grid = site.site, site.production, site.connection
    shifts = w.join([f"{s.start:%H:%M}\u2013{s.end:%H:%M}" for s in facts.shifts])
    volts = w.number(grid.voltage_v, 0, "V") if grid.voltage_v else NOTHING
    pairs: list[tuple[str, str | Cell]] = [
        (w.text("plant.coordinates"), f"{w.number(facts.latitude, 4)}°, {w.number(facts.longitude, 4)}°"),
        (w.text("plant.altitude"), w.number(facts.altitude_m, 0, "m")),
        (w.text("plant.shifts"), w.text("plant.shifts_text", shifts=shifts, days=facts.workdays_per_month)),
        (w.text("plant.connection"), w.text(f"plant.connection_{grid.kind}")),
        (w.text("plant.voltage"), volts),
        (w.text("plant.tariff"), _tariff(study, w)),
    ]
    if facts.workers is not None:
        pairs.append((w.text("plant.workers"), w.number(facts.workers)))
    if facts.processes:
        pairs.append((w.text("plant.processes"), w.join([w.word("process", p) for p in facts.processes])))
    if made.ore_t_per_year:
        pairs.append((w.text("plant.ore"), w.estimate(made.ore_t_per_year, "t")))
    if made.gold_kg_per_year:
        pairs.append((w.text("plant.gold"), w.estimate(made.gold_kg_per_year, "kg")))
    yield Facts(pairs=pairs)
    if site.provenance:
        yield Table(
            id="provenance",
            caption=w.text("plant.provenance"),
            headings=(w.text("plant.keys"), w.label("origin"), w.label("source")),
            rows=[(key_names(p.keys, w), origin_cell(p.origin, w), p.source) for p in site.provenance],
            align=("text", "text", "text"),
        )


def key_names(keys: Sequence[str], w: Writer) -> str:
    """Return what keys of a site file are called: each section once, with the names of its keys."""
    found: dict[str, list[str]] = {}
    for key in keys:
        section, _, rest = key.partition(".")
        names = found.setdefault(section, [])
        if rest:
            names.append(_key_name(key, w))
    sections = ((w.word("site_section", section), names) for section, names in found.items())
    return "; ".join(f"{name}: {', '.join(names)}" if names else name for name, names in sections)


def _key_name(key: str, w: Writer) -> str:
    """Return the name of one key: its own, that of its measure, that of the quantity, else what is written."""
    name = catalogue(w.language).get(f"report.word.site_key.{key}")
    if name is not None:
        return name
    section, _, rest = key.partition(".")
    leaf = rest.rpartition(".")[2]
    if section == "measures" and rest in choices("measure"):
        return inside(w.word("measure", rest))
    return inside(w.label(leaf)) if leaf in terms() else leaf.replace("_", " ")


def inside(word: str) -> str:
    """Return a word of a list as it stands inside a sentence; an abbreviation keeps its capitals."""
    return word if word[1:2].isupper() else word[:1].lower() + word[1:]


def _tariff(study: Study, w: Writer) -> str:
    return w.title(study.states[0].bill)


def _load(study: Study, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("plant.load_title"))
    yield Paragraph(text=w.text(f"plant.load_{study.audit.load_before.origin}", label=study.audit.load_before.label))
    columns = (study.load_before, study.load_after)
    yield Table(
        id="load",
        caption=w.text("plant.load"),
        headings=(w.text("quantity"), w.text("state.today"), w.text("state.after_measures")),
        rows=[*_load_rows(columns, w), *_intensities(study, w)],
    )


def _load_rows(columns: tuple[LoadSummary, LoadSummary], w: Writer) -> Iterator[tuple[str, ...]]:
    yield (f"{w.label('energy_kwh_per_year')} (kWh)", *(w.estimate(load.energy_kwh) for load in columns))
    yield (f"{w.label('peak_kw')} (kW)", *(w.estimate(load.peak_kw) for load in columns))
    yield (f"{w.label('mean_kw')} (kW)", *(w.estimate(load.mean_kw) for load in columns))
    yield (w.label("plant_load_factor"), *(w.percent(load.load_factor) for load in columns))
    yield (f"{w.text('plant.step')} (min)", *(w.number(load.step_minutes) for load in columns))


def _intensities(study: Study, w: Writer) -> Iterator[tuple[str, ...]]:
    made = study.site.production
    for key, output in (("kwh_per_t", made.ore_t_per_year), ("kwh_per_kg_gold", made.gold_kg_per_year)):
        if output:
            values = (w.estimate(load.energy_kwh / output) for load in (study.load_before, study.load_after))
            yield (f"{w.label(key)} ({w.unit(key)})", *values)


def _inputs(study: Study, w: Writer) -> Iterator[Block]:
    yield Heading(text=w.text("plant.inputs_title"))
    yield Table(
        id="inputs",
        caption=w.text("plant.inputs"),
        headings=(w.text("plant.file"), w.text("plant.hash")),
        rows=[(file.name, f"{file.sha256[:16]}…") for file in study.inputs],
        align=("text", "text"),
        note=w.text("plant.inputs_note"),
    )
