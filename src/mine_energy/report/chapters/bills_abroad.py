"""The same plant under the other country's tariff and grid: two answers, and why they differ."""

from collections.abc import Callable, Iterator

from mine_energy.report.blocks import Block, Bullets, Cell, Heading, Paragraph, Table
from mine_energy.report.chapters.carbon_factors import unit_words
from mine_energy.report.format import NOTHING, Writer
from mine_energy.study.bills_result import Abroad, CountryCase


def blocks(abroad: Abroad, w: Writer, class_note: str = "") -> Iterator[Block]:
    """Yield both answers side by side and the reasons of their difference.

    Parameters
    ----------
    abroad, w
        Of the report.
    class_note
        Why the bills of the measures differ by more than their saving, where the plant changes class.
    """
    home, other = abroad.home, abroad.abroad
    names = (w.word("country", home.country), w.word("country", other.country))
    yield Heading(text=w.text("abroad.title", country=names[1]))
    yield Paragraph(
        text=w.text(
            "abroad.answer",
            home=names[0],
            other=names[1],
            home_saving=w.money(home.pv_saving, abroad.currency),
            other_saving=w.money(other.pv_saving, abroad.currency),
            home_tonnes=w.estimate(home.scope2_t_co2e[0], "t CO₂e"),
            other_tonnes=w.estimate(other.scope2_t_co2e[0], "t CO₂e"),
        )
    )
    yield _rules(abroad, names, w)
    yield Table(
        id="abroad",
        caption=w.text("abroad.caption", currency=abroad.currency),
        headings=(w.text("quantity"), *names),
        rows=[(name, shown(home), shown(other)) for name, shown in _rows(abroad, w)],
        note=f"{w.text('abroad.note')} {class_note}".strip(),
    )
    yield _reasons(abroad, names, w)
    if abroad.findings:
        yield Bullets(items=[w.finding(finding) for finding in abroad.findings])


Shown = Callable[[CountryCase], str]


def _rules(abroad: Abroad, names: tuple[str, str], w: Writer) -> Table:
    """Return whose prices, whose rate and whose factor each answer stands on."""
    return Table(
        id="abroad-rules",
        caption=w.text("abroad.rules"),
        headings=(
            w.text("abroad.country"),
            w.text("plant.tariff"),
            w.text("money.prices"),
            w.text("abroad.rate"),
            w.text("abroad.factor"),
        ),
        rows=[
            (name, _tariff(case, w), case.tariff_year or NOTHING, _rate(case, w), _factor(case, w))
            for name, case in zip(names, (abroad.home, abroad.abroad), strict=True)
        ],
        align=("text",) * 5,
    )


def _rows(abroad: Abroad, w: Writer) -> list[tuple[str, Shown]]:
    currency, per_year = abroad.currency, w.text("unit.per_year")
    years = w.text("unit.years")
    tonnes = f"t CO₂e{per_year}"
    return [
        (w.text("abroad.paid_today", unit=f"{currency}{per_year}"), lambda c: w.estimate(c.cost_per_year[0])),
        (w.text("abroad.price", unit=f"{currency}/kWh"), lambda c: w.estimate(c.price_per_kwh)),
        (w.text("abroad.measures_saving", unit=f"{currency}{per_year}"), lambda c: w.estimate(c.measures_saving)),
        (w.text("abroad.pv_saving", unit=f"{currency}{per_year}"), lambda c: w.estimate(c.pv_saving)),
        (w.text("abroad.pv_saving_kwh", unit=f"{currency}/kWh"), lambda c: w.estimate(c.pv_saving_per_kwh)),
        (w.text("bills.credit_left", currency=currency), lambda c: w.estimate(c.credit_left)),
        (w.text("abroad.pv_capex", currency=currency), lambda c: w.estimate(c.pv_capex)),
        (w.text("abroad.pv_npv", currency=currency), lambda c: w.estimate(c.pv_npv)),
        (f"{w.label('payback_years')} ({years})", lambda c: _payback(c, w)),
        (w.text("abroad.scope2_today", unit=tonnes), lambda c: w.estimate(c.scope2_t_co2e[0])),
        (w.text("abroad.scope2_pv", unit=tonnes), lambda c: w.estimate(c.scope2_t_co2e[2])),
    ]


def _payback(case: CountryCase, w: Writer) -> str:
    return w.text("money.never") if case.pv_payback_years is None else w.number(case.pv_payback_years, 1)


def _tariff(case: CountryCase, w: Writer) -> Cell:
    title = w.title(case)
    badge = w.word("confidence", case.tariff_confidence)
    if case.assumed:
        return Cell(text=title, badge=f"{badge}, {w.text('abroad.assumed')}", tone="assumed")
    return Cell(text=title, badge=badge)


def _rate(case: CountryCase, w: Writer) -> str:
    if case.tariff_currency == "USD":
        return "USD"
    return f"{w.estimate(case.per_usd, digits=4)} {case.tariff_currency}/USD ({case.per_usd_source})"


def _factor(case: CountryCase, w: Writer) -> Cell:
    factor = case.factor
    words = f"{w.word('factor_kind', factor.kind.value)}, {factor.year}; {factor.source}"
    return Cell(text=f"{w.number(factor.value, 4, unit_words(factor.unit, w))}, {words}", badge=factor.confidence)


def _reasons(abroad: Abroad, names: tuple[str, str], w: Writer) -> Table:
    return Table(
        id="abroad-reasons",
        caption=w.text("abroad.reasons", currency=f"{abroad.currency}{w.text('unit.per_year')}"),
        headings=(w.text("abroad.reason"), *names, w.text("abroad.difference")),
        rows=[
            (
                w.word("abroad_reason", one.key),
                w.estimate(one.home),
                w.estimate(one.abroad),
                w.estimate(one.difference),
            )
            for one in abroad.reasons
        ],
        foot=(
            w.text("abroad.reasons_sum"),
            w.estimate(abroad.home.pv_saving),
            w.estimate(abroad.abroad.pv_saving),
            w.estimate(abroad.home.pv_saving - abroad.abroad.pv_saving),
        ),
        note=w.text("abroad.reasons_note"),
    )
