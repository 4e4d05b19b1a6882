"""What a bill is made of."""

from dataclasses import dataclass
from math import fsum

from mine_energy.errors import Finding
from mine_energy.tariffs.charges import LineGroup
from mine_energy.tariffs.rules import Components, MonthComponents


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """One line of one month: quantity x price = amount.

    Parameters
    ----------
    key, group
        Name of the line and the family it belongs to; a credit has a negative price.
    label_es, label_en
        Name as people read it.
    year, month
        Billing month.
    quantity, unit
        What was billed: kWh, kW, kvarh, L, months, or the currency for a surcharge.
    price, price_unit
        Per unit of quantity; a surcharge's is its rate.
    amount
        In the bill's currency, not rounded.
    price_source, price_year, confidence
        Where the price comes from.
    """

    key: str
    group: LineGroup
    label_es: str
    label_en: str
    year: int
    month: int
    quantity: float
    unit: str
    price: float
    price_unit: str
    amount: float
    price_source: str
    price_year: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillMonth:
    """One billing month.

    Parameters
    ----------
    year, month
        Which.
    coverage
        Fraction of the month that the load covers.
    import_kwh, export_kwh
        Energy at the meter (or generated, for a fuel supply).
    maximum_kw
        Highest demand.
    presence_factor, present_at_peak
        Classification, where the tariff has one.
    reactive_kvarh, reactive_excess_kvarh
        Inductive energy and its billed part; None when reactive power is not known.
    reactive_days, reactive_multiplier
        Days with an hour above the limit, and Colombia's factor M; None where the tariff has no progression.
    capacitive_kvarh
        Capacitive energy; None when reactive power is not known.
    total
        Sum of the month's lines; negative when credits exceed charges.
    payable
        What is paid after credit carried from earlier months; never negative.
    credit_carried
        Credit that goes on to the next month.
    """

    year: int
    month: int
    coverage: float
    import_kwh: float
    export_kwh: float
    maximum_kw: float
    presence_factor: float | None
    present_at_peak: bool | None
    reactive_kvarh: float | None
    reactive_excess_kvarh: float | None
    reactive_days: int | None
    reactive_multiplier: float | None
    capacitive_kvarh: float | None
    total: float
    payable: float
    credit_carried: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTotal:
    """A line over all months; the price is amount over quantity, None without quantity."""

    key: str
    group: LineGroup
    label_es: str
    label_en: str
    quantity: float
    unit: str
    price: float | None
    amount: float
    price_source: str
    price_year: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The bills of a load under one tariff.

    Parameters
    ----------
    tariff_id, title_es, title_en, country, kind
        Which tariff.
    valid_from, year, source, confidence
        Age and origin of its prices; ``valid_from`` is ``unknown`` where the source shows no date.
    currency
        Of every amount.
    months, lines
        In order of time; lines of one month in the tariff's order.
    totals
        The lines over all months.
    import_kwh, export_kwh
        Over all months.
    total
        Sum of all lines: payable less credit_left, plus credit_brought.
    average_price_per_kwh
        Total over imports; None without imports.
    credit_brought
        Credit in the user's favour before the first month.
    payable
        Sum of what is paid in the months: the money of the period.
    credit_left
        Credit after the last month: a claim on later bills, no money of the period.
    demand_margin_amount
        By how much the power charges may be higher, because maxima of 15 minutes are not known; None where they are.
    findings
        What a reader has to know.
    components, components_month
        Parts of the unit cost that the energy was charged at, and of the months that have their own; None where the
        tariff is not made of parts.
    """

    tariff_id: str
    title_es: str
    title_en: str
    country: str
    kind: str
    valid_from: str
    year: str
    source: str
    confidence: str
    currency: str
    months: tuple[BillMonth, ...]
    lines: tuple[BillLine, ...]
    totals: tuple[LineTotal, ...]
    import_kwh: float
    export_kwh: float
    total: float
    average_price_per_kwh: float | None
    credit_brought: float
    payable: float
    credit_left: float
    demand_margin_amount: float | None
    findings: tuple[Finding, ...]
    components: Components | None = None
    components_month: tuple[MonthComponents, ...] = ()

    def amount(self, group: LineGroup) -> float:
        """Return the sum of one family of lines."""
        return fsum(line.amount for line in self.lines if line.group == group)

    def quantity(self, key: str) -> float:
        """Return the billed quantity of one line over all months: litres of ``fuel``, kWh of ``swap_credit`` ..."""
        return fsum(line.quantity for line in self.lines if line.key == key)


def line_totals(lines: tuple[BillLine, ...]) -> tuple[LineTotal, ...]:
    """Return the lines over all months, in the order in which they first appear."""
    groups: dict[str, list[BillLine]] = {}
    for line in lines:
        groups.setdefault(line.key, []).append(line)
    return tuple(_total(members) for members in groups.values())


def _total(members: list[BillLine]) -> LineTotal:
    first = members[0]
    quantity, amount = fsum(line.quantity for line in members), fsum(line.amount for line in members)
    return LineTotal(
        key=first.key,
        group=first.group,
        label_es=first.label_es,
        label_en=first.label_en,
        quantity=quantity,
        unit=first.unit,
        price=amount / quantity if quantity else None,
        amount=amount,
        price_source=first.price_source,
        price_year=first.price_year,
        confidence=first.confidence,
    )
