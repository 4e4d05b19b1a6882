"""The market-based method as a verifier reads it: which instrument answers for which kWh, and whether it may."""

from collections.abc import Iterator, Sequence

from mine_energy.emissions import CertificateCheck, MarketLine
from mine_energy.emissions.certificates import certificate_findings
from mine_energy.report.blocks import Block, Bullets, Cell, Heading, Paragraph, Table, Tone
from mine_energy.report.chapters.carbon_factors import FactorList
from mine_energy.report.figures import state_names
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study import Study

_TONES: dict[str, Tone] = {"pass": "good", "warn": "warning", "fail": "assumed"}


def blocks(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
    """Yield the missing residual mix, the lines of the method, the purchase on site, certificates, hourly factors."""
    yield from _residual(study, w)
    yield from _lines(study, factors, w)
    yield from _purchase(study, w)
    yield from _certificates(study, w)
    yield from _hourly(study, w)


def reference(study: Study, factors: FactorList, w: Writer) -> str | Cell:
    """Return the factor behind the market-based figure: one, or all of its lines'."""
    lines = [line for state in study.states for line in state.scope2.market_lines]
    names = factors.names(line.factor for line in lines)
    if "," not in names:
        return factors.cell(study.scope2.today.market_factor, w)
    return Cell(text=names, link="market_lines")


def _residual(study: Study, w: Writer) -> Iterator[Block]:
    today = study.scope2.today
    if today.location_factor is None:
        yield Paragraph(text=w.text("carbon.no_purchases"))
    elif any(f.key == "emissions_no_residual_mix" for f in today.findings) or today.market_basis == "location_average":
        yield Paragraph(
            title=w.text("carbon.no_residual_title"),
            text=w.text("carbon.no_residual", country=w.word("country", today.country)),
            tone="warning",
        )
    else:
        yield Paragraph(text=w.text("carbon.residual"))


def _lines(study: Study, factors: FactorList, w: Writer) -> Iterator[Block]:
    """Yield the lines of the three states side by side, where there is any besides the rest of the grid."""
    by_state = [{(ln.basis, ln.label): ln for ln in state.scope2.market_lines} for state in study.states]
    keys = list(dict.fromkeys(key for lines in by_state for key in lines))
    if len(keys) < 2:
        return
    rows = []
    for key in keys:
        found = [lines.get(key) for lines in by_state]
        known = next(line for line in found if line is not None)
        rows.append((_line_name(known, w), *(_amount(line, w) for line in found), factors.cell(known.factor, w)))
    yield Table(
        id="market_lines",
        caption=w.text("carbon.lines"),
        headings=(
            w.text("carbon.instrument"),
            *(f"{name} (kWh → t CO₂e)" for name in state_names(w)),
            w.text("carbon.factor"),
        ),
        rows=rows,
        foot=(
            w.text("total"),
            *(w.estimate(state.scope2.market_t_co2e, "t") for state in study.states),
            "",
        ),
        align=("text", "number", "number", "number", "text"),
        note=w.text("carbon.lines_note"),
    )


def _line_name(line: MarketLine, w: Writer) -> Cell:
    return Cell(text=w.word("market_basis", line.basis), unit=line.label)


def _amount(line: MarketLine | None, w: Writer) -> str:
    return NOTHING if line is None else f"{w.estimate(line.energy_kwh)} → {w.estimate(line.t_co2e)}"


def _purchase(study: Study, w: Writer) -> Iterator[Block]:
    bought = study.carbon.purchase if study.carbon else None
    if bought is None:
        return
    yield Paragraph(
        title=w.text("carbon.purchase_title"),
        text=w.text(
            f"carbon.purchase_{bought.attributes}",
            energy=w.estimate(bought.energy_kwh, "kWh"),
            market=w.estimate(bought.market_t_co2e, "t CO₂e"),
        ),
        tone="warning" if bought.attributes != "stated" else "quiet",
    )


def _certificates(study: Study, w: Writer) -> Iterator[Block]:
    checks = study.scope2.today.certificate_checks
    if not checks:
        return
    yield Heading(text=w.text("carbon.certificates_title"))
    yield Table(
        id="certificates",
        caption=w.text("carbon.certificates", year=study.scope2.today.activity_year),
        headings=(
            w.text("carbon.certificate"),
            w.text("carbon.vintage"),
            w.text("carbon.certified"),
            w.text("carbon.covered"),
            *(w.word("check_status", status) for status in _TONES),
            w.text("carbon.cost"),
        ),
        rows=[_certificate(checked, w) for checked in checks],
        align=("text", "text", "number", "number", "text", "text", "text", "number"),
        note=w.text("carbon.certificates_note"),
    )
    yield Bullets(items=list(dict.fromkeys(w.finding(f) for f in certificate_findings(checks))))


def _certificate(checked: CertificateCheck, w: Writer) -> Sequence[str | Cell]:
    item, cost = checked.certificate, checked.cost
    return (
        Cell(text=f"{item.system} {item.id}", unit=", ".join(part for part in (item.country, item.grid) if part)),
        w.days(item.vintage_start, item.vintage_end),
        w.estimate(item.energy_kwh),
        Cell(text=w.estimate(checked.covered_kwh), tone="assumed" if checked.status == "fail" else ""),
        *(_criteria(checked, status, w) for status in _TONES),
        NOTHING if cost is None else Cell(text=w.money(cost.total_usd, "USD"), badge=cost.confidence),
    )


def _criteria(checked: CertificateCheck, status: str, w: Writer) -> str | Cell:
    """Return the criteria that came out one way."""
    found = dict.fromkeys(w.word("criterion", c.criterion) for c in checked.checks if c.status == status)
    return Cell(text=", ".join(found), tone=_TONES[status]) if found else NOTHING


def _hourly(study: Study, w: Writer) -> Iterator[Block]:
    """Yield the same imports with an hourly factor: an extra that changes no official figure."""
    found = [state.scope2.hourly for state in study.states]
    known = next((one for one in found if one is not None), None)
    if known is None:
        return
    yield Table(
        id="hourly_factor",
        caption=w.text("carbon.hourly", kind=w.word("factor_kind", known.kind.value), year=known.year),
        headings=(w.text("quantity"), *state_names(w)),
        rows=[
            (f"{w.text('carbon.hourly_t')} (t CO₂e)", *(w.estimate(one.t_co2e if one else None) for one in found)),
            (
                f"{w.text('carbon.hourly_weighted')} (t/MWh)",
                *(w.number(one.weighted_t_per_mwh if one else None, 4) for one in found),
            ),
            (
                f"{w.text('carbon.hourly_flat')} (t/MWh)",
                *(w.number(one.flat_t_per_mwh if one else None, 4) for one in found),
            ),
            (
                f"{w.text('carbon.hourly_shaped')} (t CO₂e)",
                *(w.estimate(one.shaped_location_t_co2e if one else None) for one in found),
            ),
        ],
        note=w.text("carbon.hourly_note", source=known.source),
    )
