"""A project's cash flow in nominal money: operation, tax, loan and equity, line by line.

Streams are real (today's money). Here they grow with inflation to the money of each year, because loans, depreciation
and taxes are fixed in it: nominal amount of year n = real amount x (1 + inflation)^n. With one inflation in
flows and rates, the project's nominal present value at the nominal rate is the real one at the real rate.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import fsum

from mine_energy.errors import InputError, Problem
from mine_energy.finance.assumptions import Assumption, packaged
from mine_energy.finance.charges import certificate_cost, duty_of
from mine_energy.finance.loan import LoanSchedule, loan_schedule
from mine_energy.finance.rules import ruled
from mine_energy.finance.sources_uses import SourcesUses, sources_and_uses
from mine_energy.finance.stream import Stream
from mine_energy.finance.tax import TaxBase, TaxResult, income_tax
from mine_energy.finance.tax_terms import TaxTerms, tax_terms
from mine_energy.finance.vat import VatResult, vat_of
from mine_energy.site import FinanceChoice
from mine_energy.site.financing import FinancingChoice

_PERCENT = 100.0
_COUNTRY_OF = {"COP": "CO", "PEN": "PE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Everything that a project's money follows from.

    Parameters
    ----------
    streams
        What is bought, real, in the result's currency.
    choice, financing
        The site's sections.
    scope
        Name of the result.
    country
        ISO 3166 code: whose defaults and taxes.
    currency, per_usd
        Of the amounts, and its units per dollar.
    loan_per_usd
        Units of the loan's currency per dollar, where it is another than the result's.
    yield_sds
        Standard deviations of the PV yield known for the plant, fractions: of one year around the mean, and of the
        long term. Packaged ones when None; those of `financing` win over both.
    """

    streams: tuple[Stream, ...]
    choice: FinanceChoice
    financing: FinancingChoice = field(default_factory=FinancingChoice)
    scope: str
    country: str
    currency: str = "USD"
    per_usd: float = 1.0
    loan_per_usd: float | None = None
    yield_sds: tuple[float, float] | None = None

    @property
    def years(self) -> int:
        """Whole years of the longest stream."""
        return max((stream.years(self.choice.mine_life_years) for stream in self.streams), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How a case differs from the base: factors on amounts, and a devaluation.

    Parameters
    ----------
    saving, capex, om, replacements
        Factors on these lines.
    yields
        Factor on the saving (and energy) of single streams, by key: a poor year of sun.
    dollar_dearer
        By how much a dollar costs more local money from year 1 on, fraction; 0.25 is one quarter more.
    """

    saving: float = 1.0
    capex: float = 1.0
    om: float = 1.0
    replacements: float = 1.0
    yields: Mapping[str, float] = field(default_factory=dict)
    dollar_dearer: float = 0.0


BASE = Case()


@dataclass(frozen=True, slots=True, kw_only=True)
class CashLine:
    """One line of the cash flow: amounts of years 0 to N, income positive."""

    key: str
    amounts: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTable:
    """The cash flow of one case.

    Parameters
    ----------
    operation
        ``saving``, ``om``, ``replacement``, ``other`` and ``final_value``.
    before_tax, after_tax
        Of the project, whoever pays for it: all at t = 0 is spent.
    equity
        Of the owner: grant and loan come in, service goes out, and interest lowers the tax.
    lines
        All of the above by name, with investment, taxes, grant, loan, interest, principal, fees and the balance that
        the horizon leaves.
    cash_for_service
        Operation less the tax of the indebted owner, without the final value: what debt is served from.
    service
        Interest, principal and fees of years 0 to N, positive.
    project_tax, owner_tax
        Without and with the loan.
    base
        What the project's tax is computed on.
    """

    lines: tuple[CashLine, ...]
    before_tax: tuple[float, ...]
    after_tax: tuple[float, ...]
    equity: tuple[float, ...]
    cash_for_service: tuple[float, ...]
    service: tuple[float, ...]
    project_tax: TaxResult
    owner_tax: TaxResult
    base: TaxBase

    def line(self, key: str) -> tuple[float, ...]:
        """Return one line's amounts; empty where there is none."""
        return next((line.amounts for line in self.lines if line.key == key), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the cases of a project share: rates, rules, loan, sources and uses.

    Parameters
    ----------
    inflation, loan_inflation
        Of the result's and the loan's currency.
    terms, vat, funding, schedule
        Tax rules, VAT, sources and uses, and the loan in its own currency.
    loan_unit
        Units of the result's currency per unit of the loan's, at t = 0.
    """

    inflation: Assumption
    loan_inflation: Assumption | None
    terms: TaxTerms
    vat: VatResult
    funding: SourcesUses
    schedule: LoanSchedule | None
    loan_unit: float


def inflation_of(currency: str, user: float | None) -> Assumption:
    """Return the inflation of a currency, fraction a year: as stated, or a packaged assumption.

    Raises
    ------
    MissingData
        None is packaged for the currency.
    """
    if currency not in _COUNTRY_OF:
        return ruled("inflation_usd", "any", user)
    return packaged("inflation", _COUNTRY_OF[currency], None if user is None else user * _PERCENT)


def fraction_of(rate: Assumption) -> float:
    """Return a rate as a fraction, whether its row is in per cent or not."""
    return rate.value / _PERCENT if rate.unit.startswith("%") else rate.value


def frame_of(project: Project) -> Frame:
    """Return what all cases of a project share.

    Raises
    ------
    InputError
        Loan, tax or funding terms that do not go together.
    MissingData
        A rate that nobody stated is not packaged.
    """
    financing, loan = project.financing, project.financing.loan
    terms = tax_terms(financing.tax, project.country)
    vat = vat_of(project.streams, financing.tax, terms, project.country)
    own = loan is not None and loan.currency not in {None, project.currency}
    if own and loan is not None and loan.currency != "USD" and project.loan_per_usd is None:
        place = "financing.loan.currency"
        raise InputError([Problem(key="finance_loan_exchange", field=place, value=str(loan.currency))])
    unit = project.per_usd / (project.loan_per_usd or 1.0) if own else 1.0
    funding = sources_and_uses(
        project.streams,
        financing,
        currency=project.currency,
        vat=vat.cost,
        duty=duty_of(project.streams, financing.tax),
        certificate=certificate_cost(project.streams, financing.tax),
        per_loan_unit=unit,
    )
    principal = funding.source("loan") / unit
    money = (loan.currency if loan else None) or project.currency
    return Frame(
        inflation=inflation_of(project.currency, financing.inflation),
        loan_inflation=inflation_of(money, financing.loan_currency_inflation) if own else None,
        terms=terms,
        vat=vat,
        funding=funding,
        schedule=loan_schedule(loan, principal, money) if loan and principal else None,
        loan_unit=unit,
    )


def cash_table(project: Project, frame: Frame, case: Case = BASE) -> CashTable:
    """Return the cash flow of a case, in the money of each year.

    Parameters
    ----------
    project
        What is bought and how it is paid.
    frame
        Of :func:`frame_of`.
    case
        How it differs from the base; sources, uses and loan keep the base's amounts, and equity pays the difference.
    """
    years = project.years
    operation = _operation(project, fraction_of(frame.inflation), case)
    investment = fsum(stream.investment for stream in project.streams)
    spent = case.capex * investment + fsum(frame.funding.use(key) for key in _PAID)
    yearly = _sum(operation.values(), years)
    final = operation["final_value"]
    operating = tuple(all_ - last for all_, last in zip(yearly, final, strict=True))
    debt = _debt(project, frame, case, years)
    base = _tax_base(project, frame, case, operating[1:], final[-1] if years else 0.0)
    project_tax = income_tax(base, frame.terms)
    cost = tuple(-(i + f) for i, f in zip(debt["interest"][1:], debt["loan_fees"][1:], strict=True))
    owner_tax = income_tax(replace(base, finance_costs=cost), frame.terms)
    capital = _at_start(-spent, years)
    tax, own_tax = _later(project_tax.tax), _later(owner_tax.tax)
    before = _sum((capital, yearly), years)
    after = _sum((before, tax), years)
    grant = _at_start(frame.funding.source("grant"), years)
    service = tuple(-(one + two + three) for one, two, three in zip(*(debt[k] for k in _SERVICE), strict=True))
    lines = {"investment": capital, **operation, "tax": tax, "grant": grant, **debt, "tax_with_loan": own_tax}
    return CashTable(
        lines=tuple(CashLine(key=key, amounts=amounts) for key, amounts in lines.items() if any(amounts)),
        before_tax=before,
        after_tax=after,
        equity=_sum((before, own_tax, grant, *debt.values()), years),
        cash_for_service=_sum((_at_start(0.0, years), operating, own_tax), years),
        service=(0.0, *service[1:]),
        project_tax=project_tax,
        owner_tax=owner_tax,
        base=base,
    )


_PAID = ("vat", "import_duty", "certificate", "contingency")
"""Uses that whoever pays for the project pays at t = 0 beside the investment."""
_SERVICE = ("interest", "principal", "loan_fees")


def _operation(project: Project, inflation: float, case: Case) -> dict[str, tuple[float, ...]]:
    """Return the yearly lines of years 0 to N, each stream within its own life."""
    financing, years = project.financing, project.years
    local, dollar = _exchange(project.currency, case)
    names = ("saving", "om", "replacement", "other", "final_value")
    found: dict[str, list[float]] = {name: [0.0] for name in names}
    for year in range(1, years + 1):
        grown = (1.0 + inflation) ** year
        energy = grown * local * (1.0 + financing.energy_escalation_real) ** year
        upkeep = grown * local * (1.0 + financing.om_escalation_real) ** year
        living = [(s, n) for s in project.streams if (n := s.years(project.choice.mine_life_years)) >= year]
        found["saving"].append(
            fsum(s.saving(year) * case.yields.get(s.key, 1.0) for s, _ in living) * energy * case.saving
        )
        found["om"].append(-fsum(s.om_per_year for s, _ in living) * upkeep * case.om)
        found["replacement"].append(-fsum(s.replaced(year, n) for s, n in living) * grown * dollar * case.replacements)
        found["other"].append(fsum(s.extra(year) for s, _ in living) * grown * local)
        found["final_value"].append(fsum(s.final_value(year, n) for s, n in living) * grown * case.capex)
    return {name: tuple(amounts) for name, amounts in found.items()}


def _exchange(currency: str, case: Case) -> tuple[float, float]:
    """Return the factors on local and on dollar amounts, seen in the result's currency."""
    if currency == "USD":
        return 1.0 / (1.0 + case.dollar_dearer), 1.0
    return 1.0, 1.0 + case.dollar_dearer


def _debt(project: Project, frame: Frame, case: Case, years: int) -> dict[str, tuple[float, ...]]:
    """Return the loan's lines in the result's currency; what is still owed at the horizon is repaid there."""
    names = ("loan", "upfront_fee", "construction_interest", *_SERVICE, "balance_at_end")
    found = {name: [0.0] * (years + 1) for name in names}
    schedule = frame.schedule
    if schedule is None:
        return {name: tuple(amounts) for name, amounts in found.items()}
    unit = [frame.loan_unit * factor for factor in _loan_exchange(project, frame, case, years)]
    found["loan"][0] = schedule.amount * frame.loan_unit
    found["upfront_fee"][0] = -schedule.upfront_fee * frame.loan_unit
    found["construction_interest"][0] = -frame.funding.use("construction_interest")
    for year in schedule.years[:years]:
        found["interest"][year.year] = -year.interest * unit[year.year]
        found["principal"][year.year] = -year.principal * unit[year.year]
        found["loan_fees"][year.year] = -year.fees * unit[year.year]
    owed = schedule.years[years - 1].closing if 0 < years < len(schedule.years) else 0.0
    found["balance_at_end"][years] = -(owed if years else schedule.amount) * unit[years]
    return {name: tuple(amounts) for name, amounts in found.items()}


def _loan_exchange(project: Project, frame: Frame, case: Case, years: int) -> list[float]:
    """Return the price of the loan's currency by year over that at t = 0.

    Without a shock exchange rates follow the difference of inflations (relative purchasing power parity). A dollar
    that is dearer by x makes a loan in dollars dearer by x for who counts in local money, and a loan in local money
    cheaper for who counts in dollars.
    """
    if frame.loan_inflation is None:
        return [1.0] * (years + 1)
    drift = (1.0 + fraction_of(frame.inflation)) / (1.0 + fraction_of(frame.loan_inflation))
    loan = project.financing.loan
    in_dollars = loan is not None and loan.currency == "USD"
    dearer = 1.0 + case.dollar_dearer
    jump = dearer if in_dollars else 1.0 / dearer if project.currency == "USD" else 1.0
    return [1.0] + [drift**year * jump for year in range(1, years + 1)]


def _tax_base(project: Project, frame: Frame, case: Case, operating: tuple[float, ...], final_value: float) -> TaxBase:
    """Return the base of the tax; VAT that stays a cost and duty are written off with the rest, contingency is not."""
    covered = fsum(s.investment for s in project.streams if s.key in frame.terms.eligible)
    rest = fsum(s.investment for s in project.streams) - covered
    income = frame.terms.taxable_income_per_year
    growth = 1.0 + fraction_of(frame.inflation)
    return TaxBase(
        operating=operating,
        finance_costs=(0.0,) * len(operating),
        eligible=covered * case.capex,
        other=rest * case.capex + frame.vat.cost + frame.funding.use("import_duty"),
        final_value=final_value,
        other_income=None if income is None else tuple(income * growth ** (n + 1) for n in range(len(operating))),
    )


def _at_start(amount: float, years: int) -> tuple[float, ...]:
    return (amount, *(0.0,) * years)


def _later(tax: Sequence[float]) -> tuple[float, ...]:
    """Return taxes as money paid, from year 0."""
    return (0.0, *(-amount for amount in tax))


def _sum(lines: Iterable[tuple[float, ...]], years: int) -> tuple[float, ...]:
    flows = list(lines)
    return tuple(fsum(line[year] for line in flows) for year in range(years + 1))
