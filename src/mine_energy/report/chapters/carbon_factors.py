"""Every factor behind a tonne of the study, numbered, with kind, year, source and confidence; the water band."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mine_energy.catalog import Sourced
from mine_energy.emissions import Factor, FuelEmissions
from mine_energy.report.blocks import Block, Cell, Heading, Paragraph, Table
from mine_energy.report.chapters.marks import confidence_cell, quoted_cell
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study

TABLE = "factors"
"""Id of the table that the numbers of factors lead to."""
_TENS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """A factor as the table shows it.

    Parameters
    ----------
    uses
        What it is for, in words.
    value, unit
        As published.
    kind
        In words.
    year, gwp, confidence, source
        As in :class:`~mine_energy.emissions.Factor`.
    """

    uses: tuple[str, ...]
    value: float
    unit: str
    kind: str
    year: str
    gwp: str
    confidence: str
    source: str


Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactorList:
    """The factors of a study in the order in which they are first used."""

    rows: tuple[tuple[Key, FactorRow], ...]

    def name(self, factor: Factor | Sourced | FuelEmissions | None) -> str:
        """Return the number of a factor: ``F1``; nothing for none."""
        if factor is None:
            return ""
        wanted = _key(factor)
        return next((f"F{place}" for place, (key, _) in enumerate(self.rows, 1) if key == wanted), "")

    def cell(self, factor: Factor | Sourced | FuelEmissions | None, w: Writer) -> str | Cell:
        """Return a factor as a table of tonnes names it: number, value, year; the number leads to the whole row."""
        name = self.name(factor)
        if not name:
            return NOTHING
        row = self.rows[int(name[1:]) - 1][1]
        return Cell(text=name, unit=f"{_value(row, w)} {row.unit}, {row.year}", link=TABLE)

    def names(self, factors: Iterable[Factor]) -> str:
        """Return the numbers of several factors."""
        return ", ".join(dict.fromkeys(name for name in map(self.name, factors) if name))


def _key(factor: Factor | Sourced | FuelEmissions) -> Key:
    if isinstance(factor, Factor):
        return ("grid", factor.kind, factor.country, factor.year, factor.value, factor.unit, factor.source)
    if isinstance(factor, FuelEmissions):
        return ("fuel", factor.fuel, factor.use, factor.country, factor.factor_kg_co2e_per_l, factor.gwp_set)
    return ("sourced", factor.value, factor.unit, factor.source)


def factor_list(study: Study, w: Writer) -> FactorList:
    """Return every factor that a tonne of the study rests on; one that serves twice stands once with both uses."""
    found: dict[Key, FactorRow] = {}
    for use, factor in _used(study, w):
        key = _key(factor)
        row = _row(use, factor, w)
        if key in found:
            uses = tuple(dict.fromkeys((*found[key].uses, *row.uses)))
            row = FactorRow(**{field: getattr(row, field) for field in row.__slots__} | {"uses": uses})
        found[key] = row
    return FactorList(rows=tuple(found.items()))


def _used(study: Study, w: Writer) -> Iterator[tuple[str, Factor | Sourced | FuelEmissions]]:
    for use, factor in (*_of_scope2(study), *_of_margins(study), *_around(study)):
        if factor is not None:
            yield w.text(f"carbon.for_{use}"), factor
    for line in (line for state in study.states for line in state.scope2.market_lines):
        if line.basis in {"certificate", "contract", "supplier"}:
            yield w.text("carbon.for_line", basis=w.word("market_basis", line.basis), label=line.label), line.factor


def _of_scope2(study: Study) -> Iterator[tuple[str, Factor | Sourced | FuelEmissions | None]]:
    today = study.scope2.today
    yield "location", today.location_factor
    yield "market", today.market_factor
    yield "wet", today.low_factor
    yield "dry", today.high_factor
    yield "fuel", study.states[0].fuel
    change = study.carbon.change if study.carbon else None
    if change is not None:
        yield "base_year", change.base_factor


def _of_margins(study: Study) -> Iterator[tuple[str, Factor | Sourced | FuelEmissions | None]]:
    for avoided in (study.scope2.avoided_exports, study.scope2.avoided_project):
        if avoided is not None:
            yield "avoided", avoided.factor
            yield "avoided_low", avoided.low_factor
            yield "avoided_high", avoided.high_factor
    if study.carbon is not None and study.carbon.lifetime is not None:
        for factor in study.carbon.lifetime.factors:
            yield "lifetime", factor


def _around(study: Study) -> Iterator[tuple[str, Factor | Sourced | FuelEmissions | None]]:
    carbon = study.carbon
    if carbon is None:
        return
    for line in (line for state in carbon.states for line in state.category3.lines):
        if line.t_co2e is not None:
            yield line.key, line.factor
    if carbon.pv_life_cycle is not None:
        yield "pv_life_cycle", carbon.pv_life_cycle.factor_g_per_kwh


def _row(use: str, factor: Factor | Sourced | FuelEmissions, w: Writer) -> FactorRow:
    if isinstance(factor, Factor):
        return FactorRow(
            uses=(use,),
            value=factor.value,
            unit=unit_words(factor.unit, w),
            kind=w.word("factor_kind", factor.kind.value),
            year=str(factor.year),
            gwp=w.word("gwp", factor.gwp_set),
            confidence=factor.confidence,
            source=factor.source,
        )
    if isinstance(factor, FuelEmissions):
        return FactorRow(
            uses=(use,),
            value=factor.factor_kg_co2e_per_l,
            unit="kg CO₂e/L",
            kind=w.text("carbon.kind_fuel"),
            year=factor.year,
            gwp=factor.gwp_set,
            confidence=factor.confidence,
            source=factor.source,
        )
    return FactorRow(
        uses=(use,),
        value=factor.value,
        unit=factor.unit.replace("g/kWh", "g CO₂e/kWh"),
        kind=w.word("factor_kind", "life_cycle"),
        year=factor.year,
        gwp=w.word("gwp", "not published"),
        confidence=factor.confidence,
        source=factor.source,
    )


def unit_words(unit: str, w: Writer) -> str:
    """Return the unit of a factor: tCO2e/MWh is t CO₂e/MWh, a fraction of the output is words."""
    if unit.startswith("fraction"):
        return w.text("carbon.fraction_of_output")
    return unit.replace("tCO2", "t CO₂")


def factor_blocks(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
    """Yield the table of factors, and the official band of water with the operator's early values apart."""
    if not factors.rows:
        return
    yield Heading(text=w.text("carbon.factors_title"))
    yield Table(
        id=TABLE,
        caption=w.text("carbon.factors"),
        headings=(
            w.text("carbon.number"),
            w.text("carbon.use"),
            w.label("value"),
            w.text("carbon.kind"),
            w.label("year"),
            w.text("carbon.gwp"),
            w.label("confidence"),
            w.label("source"),
        ),
        rows=[_shown(f"F{place}", row, w) for place, (_, row) in enumerate(factors.rows, 1)],
        align=("text", "text", "number", "text", "number", "text", "text", "text"),
        note=w.text("carbon.factors_note"),
    )
    yield from _water(study, w)


def _shown(name: str, row: FactorRow, w: Writer) -> Sequence[str | Cell]:
    return (
        name,
        "; ".join(row.uses),
        Cell(text=_value(row, w), unit=row.unit),
        row.kind,
        row.year,
        row.gwp,
        confidence_cell(row.confidence, w),
        quoted_cell(row.source, w),
    )


def _value(row: FactorRow, w: Writer) -> str:
    """Return a factor as it is published: tonnes per MWh with four decimals, kilograms per litre with three."""
    return w.number(row.value, 4 if row.value < 1 else 3 if row.value < _TENS else 0)


def _water(study: Study, w: Writer) -> Iterator[Block]:
    water = study.carbon.water if study.carbon else None
    if water is None:
        return
    early = [f"{w.number(f.value, 3)} ({f.year}, {f.source})" for f in water.preliminary]
    yield Paragraph(
        title=w.text("carbon.water_title"),
        text=w.text(
            "carbon.water_early" if early else "carbon.water",
            low=w.number(water.low.value, 3),
            low_year=water.low.year,
            high=w.number(water.high.value, 3),
            high_year=water.high.year,
            times=w.number(water.high.value / water.low.value if water.low.value else None, 1),
            early="; ".join(early),
        ),
        tone="quiet",
    )
