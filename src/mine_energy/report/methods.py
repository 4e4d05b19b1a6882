"""Which formula and which source stand behind every table and chart, and the list of both at the report's end.

A table names its methods by its id; a chart, and names with values, take those of the next table under their heading,
else of the one before it, else of their part.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from typing import Final

from mine_energy.messages import text
from mine_energy.report.blocks import Block, Bullets, Cell, Facts, Heading, Paragraph, Picture, Table
from mine_energy.report.chapters.marks import quoted_cell
from mine_energy.report.format import Writer
from mine_energy.study import Study

Keys = tuple[str, ...]

SOURCES: Final[Mapping[str, Keys]] = {
    "given": ("countries/",),
    "stages": (),
    "machine": ("motors/ie_efficiency", "motors/assumptions", "motors/class_by_year", "motors/rewind_loss"),
    "part_load": ("motors/part_load", "motors/ie_efficiency", "motors/iec_50hz", "motors/voltage_unbalance"),
    "load": ("loads/", "calendars/"),
    "schedule": ("calendars/",),
    "gap": ("audit/assumptions",),
    "reconcile": ("audit/",),
    "baseline": ("audit/drivers",),
    "fuel_energy": ("gensets",),
    "power_factor": ("motors/part_load", "tariffs/reactive_rules"),
    "quality": ("motors/voltage_unbalance",),
    "decision": ("motors/cost_defaults", "motors/rewind_loss", "motors/measures"),
    "measures": ("motors/measures", "motors/vfd_efficiency", "motors/compressor_control", "motors/altitude_derating"),
    "conserved": ("finance/defaults", "motors/measures"),
    "verification": ("audit/instruments",),
    "draws": ("audit/", "motors/assumptions"),
    "weather": ("climatology/",),
    "pv_chain": ("pv/losses", "pv/assumptions", "pv/ratings"),
    "iec_yields": (),
    "annual_net": ("pv/assumptions",),
    "exceedance": ("climatology/variability", "pv/yield_uncertainty"),
    "strings": ("pv/electrical", "pv/rules", "pv/catalogue", "pv/clearance_by_altitude"),
    "connection": ("pv/protections", "pv/rules", "pv/electrical"),
    "washing": ("pv/assumptions",),
    "three": (),
    "dispatch": ("gensets", "batteries/chemistries"),
    "deferral": (),
    "sizing": ("finance/defaults", "batteries/chemistries", "batteries/inverters", "gensets", "finance/engines"),
    "percentile": ("climatology/variability", "reliability/"),
    "battery_life": ("batteries/calendar", "batteries/cycle_life", "batteries/temperature"),
    "starts": ("starting/", "batteries/overload"),
    "bill": ("tariffs/{tariff}", "tariffs/figures"),
    "unit_cost": ("tariffs/{tariff}",),
    "settlement": ("tariffs/{tariff}", "tariffs/figures"),
    "reactive_charge": ("tariffs/reactive_rules", "tariffs/figures"),
    "options": ("tariffs/pe_", "tariffs/figures"),
    "abroad": ("tariffs/", "countries/", "grid_factors/"),
    "capex": ("finance/defaults", "motors/cost_defaults"),
    "npv": ("finance/defaults", "finance/engines"),
    "debt": ("finance/tax_and_credit",),
    "money_risk": ("finance/defaults", "finance/tax_and_credit"),
    "saved_pv": ("finance/defaults",),
    "scope2": ("grid_factors/", "emissions/assumptions"),
    "avoided": ("grid_factors/",),
    "match": (),
    "scope1": ("fuels/fuel_factors", "fuels/gwp", "gensets"),
    "category3": ("grid_factors/", "fuels/lifecycle", "emissions/assumptions"),
    "change": ("grid_factors/", "emissions/assumptions"),
    "intensity": ("emissions/plausibility",),
    "record": ("emissions/assumptions",),
    "plan": ("grid_factors/", "finance/defaults"),
    "abatement": ("finance/defaults",),
    "answer": (),
    "letters": (),
}
"""Every method with the beginnings of the names of the packaged tables that it rests on, in reading order.

``{tariff}`` is the tariff that the study's bills are under.
"""

BY: Final[Mapping[str, Keys]] = {
    "stages": ("stages",),
    "inventory": ("machine", "part_load"),
    "load": ("load",),
    "reconciliation-table": ("gap",),
    "bills-compared": ("gap",),
    "end-uses": ("machine",),
    "schedule": ("schedule",),
    "quality-voltage": ("quality",),
    "quality-thd": ("quality",),
    "quality-events": ("quality",),
    "quality-current": ("quality",),
    "decisions": ("decision",),
    "options": ("decision",),
    "listed": ("decision",),
    "supply-curve": ("conserved",),
    "design": ("annual_net",),
    "performance": ("iec_yields",),
    "exceedance": ("exceedance",),
    "yield-components": ("exceedance",),
    "washing": ("washing",),
    "strings": ("strings",),
    "areas": ("connection",),
    "protections": ("connection",),
    "meanings": ("three",),
    "shifting": ("deferral",),
    "shifting-worth": ("deferral", "dispatch", "bill"),
    "sizing-years": ("percentile",),
    "sizing-frontier": ("percentile", "sizing"),
    "sizing-flows": ("dispatch",),
    "battery-life": ("battery_life",),
    "sizing-starts": ("starts",),
    "unit-cost": ("unit_cost",),
    "class-step": ("settlement",),
    "reactive-charge": ("reactive_charge",),
    "reactive-months": ("reactive_charge",),
    "tariff-options": ("options",),
    "option-status": ("options",),
    "presence": ("options",),
    "abroad": ("abroad",),
    "abroad-rules": ("abroad",),
    "abroad-reasons": ("abroad",),
    "capex": ("capex",),
    "sources-uses": ("debt",),
    "loan": ("debt",),
    "returns": ("debt",),
    "shocks": ("debt",),
    "tax-benefits": ("debt",),
    "money-bands": ("money_risk",),
    "avoided": ("avoided",),
    "hourly-match": ("match",),
    "plan_avoided": ("avoided",),
    "fuel": ("scope1",),
    "diesel": ("scope1",),
    "category3": ("category3",),
    "change": ("change",),
    "ahead": ("change",),
    "intensities": ("intensity",),
    "plausibility": ("intensity",),
    "evidence": ("record",),
    "plan_curve": ("abatement",),
    "plan_money": ("plan", "capex"),
    "answer-money": ("money_risk", "answer"),
    "sizing-sensitivity": ("sizing", "answer"),
    "bands": ("draws",),
    "plan": ("draws",),
    "comparison": ("measures", "bill", "capex", "scope2"),
}
"""Methods of the tables that rest on others than their part."""

_ENDS: Final = frozenset({"sources", "methods"})
"""Tables that are where the links lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A word of a line that leads to a place in the document."""

    text: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A block with the links to what stands behind it."""

    block: Block
    methods: Sequence[Link] = ()
    sources: Sequence[Link] = ()


@dataclass(slots=True, eq=False)
class Trace:
    """Numbers methods and sources as a report uses them, and remembers which were used.

    Parameters
    ----------
    study, w
        Of the report.
    used
        Keys of the methods that something in the report leads to.
    said
        Sentences that stand in the report so far.
    """

    study: Study
    w: Writer
    used: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)

    def placed(self, blocks: Sequence[Block], default: Keys) -> list[Placed]:
        """Return blocks with their links; `default` are the methods of their part."""
        self.said.update(_sentences(blocks))
        return [self._place(block, keys) for block, keys in zip(blocks, _keys(blocks, default), strict=True)]

    def unsaid(self, blocks: Sequence[Block]) -> list[Block]:
        """Return lists of sentences without those that stand elsewhere in the report, and no heading without a list."""
        kept: list[Block] = []
        for heading, listed in pairwise(blocks):
            if not isinstance(listed, Bullets):
                continue
            items = [item for item in listed.items if not self.said & _forms(item)]
            kept += [heading, Bullets(items=items)] if items else []
        return kept

    def place(self, block: Block, keys: Keys) -> Placed:
        """Return one block with links to given methods."""
        return self._place(block, keys)

    def _place(self, block: Block, keys: Keys) -> Placed:
        self.used.update(keys)
        return Placed(block=block, methods=[self.method(key) for key in keys], sources=self.sources(keys))

    def method(self, key: str) -> Link:
        """Return the link to a method: its number and name."""
        number = list(SOURCES).index(key) + 1
        return Link(text=f"M{number} {_words(key, 'title', self.w)}", target=f"m-{key}")

    def sources(self, keys: Sequence[str]) -> list[Link]:
        """Return the links to the packaged tables of methods that this study used, in the order of the list."""
        tariff = self.study.states[0].bill.tariff_id
        wanted = tuple(name.replace("{tariff}", tariff) for name in chain.from_iterable(SOURCES[key] for key in keys))
        records = enumerate(self.study.sources, 1)
        found = [Link(text=f"T{n}", target=f"t-{n}") for n, one in records if wanted and one.id.startswith(wanted)]
        # Where no packaged table is behind it, the plant's own files are.
        return found or [Link(text=self.w.text("trace.inputs"), target="inputs")]


def _sentences(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Bullets):
            yield from map(_text, block.items)


def _forms(item: str | Cell) -> set[str]:
    """Return a sentence as it stands alone, and with what it is about in front."""
    text = _text(item)
    about = "" if isinstance(item, str) else item.unit.strip("()")
    return {text, f"{about}: {text}"}


def _text(item: str | Cell) -> str:
    return item if isinstance(item, str) else item.text


def _keys(blocks: Sequence[Block], default: Keys) -> Iterator[Keys]:
    """Yield the methods of every block; none for words, and for the tables where links lead."""
    for place, block in enumerate(blocks):
        if isinstance(block, Table):
            yield () if block.id in _ENDS else BY.get(block.id, default)
        elif isinstance(block, Picture | Facts) and block.by is not None:
            yield tuple(block.by) or _of_neighbour(blocks, place) or default
        else:
            yield ()


def _of_neighbour(blocks: Sequence[Block], place: int) -> Keys:
    after = _first_table(blocks[place + 1 :])
    before = _first_table(blocks[:place][::-1])
    found = after or before
    return BY.get(found.id, ()) if found else ()


def _first_table(blocks: Sequence[Block]) -> Table | None:
    for block in blocks:
        if isinstance(block, Heading):
            return None
        if isinstance(block, Table):
            return block
    return None


def _words(key: str, part: str, w: Writer) -> str:
    return text(f"methods.{key}.{part}", w.language, w.country)


def method_table(trace: Trace) -> Table:
    """Return the list of the methods that a report leads to: formula, what it follows, packaged tables."""
    w = trace.w
    used = [key for key in SOURCES if key in trace.used]
    return Table(
        id="methods",
        caption=w.text("trace.methods"),
        headings=(w.text("trace.method"), w.text("trace.formula"), w.text("trace.follows"), w.text("trace.tables")),
        rows=[
            (
                trace.method(key).text,
                Cell(text=_words(key, "formula", w), tone="formula"),
                _words(key, "rests", w),
                Cell(text="", more=[(link.text, link.target) for link in trace.sources((key,))]),
            )
            for key in used
        ],
        align=("text",) * 4,
        row_ids=[f"m-{key}" for key in used],
        note=w.text("trace.methods_note"),
    )


def source_table(trace: Trace) -> Table:
    """Return the packaged tables that the study used, numbered, each with its document."""
    w = trace.w
    return Table(
        id="sources",
        caption=w.text("assumptions.sources"),
        headings=(
            w.text("assumptions.title"),
            w.text("assumptions.publisher"),
            w.text("assumptions.place"),
            w.label("year"),
            w.text("assumptions.status"),
        ),
        rows=[
            (
                replace(quoted_cell(f"T{number} {s.title}", w), unit=s.id),
                s.publisher,
                quoted_cell(f"{s.document}; {s.place}", w),
                s.year,
                w.word("source_status", s.status),
            )
            for number, s in enumerate(trace.study.sources, 1)
        ],
        align=("text",) * 5,
        row_ids=[f"t-{number}" for number in range(1, len(trace.study.sources) + 1)],
        note=w.text("assumptions.sources_note"),
    )


def reference_blocks(trace: Trace) -> list[Block]:
    """Return the end of the chapter of assumptions: methods with their formulas, and sources."""
    w = trace.w
    return [
        Heading(text=w.text("trace.title")),
        method_table(trace),
        Heading(text=w.text("assumptions.sources_title")),
        source_table(trace),
    ]
