"""``[financing]``: loan, owner, taxes and end of life. Nothing here is assumed for what is left out."""

from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.base import Fraction, NonNegative, Positive, Section

Currency = Literal["USD", "COP", "PEN"]
Rate = Annotated[float, Field(gt=-1, le=2)]
"""A yearly rate, fraction."""


class LoanChoice(Section):
    """``[financing.loan]``: one loan, repaid in equal periods.

    Either `rate_ea`, or `index` and `spread`; either `amount` or `share`.
    """

    amount: Positive | None = None
    """Principal, in the loan's currency."""
    share: Fraction | None = None
    """Principal as a share of all uses of the money, instead of `amount`."""
    currency: Currency | None = None
    """Currency of the loan; the results' when absent."""
    rate_ea: Annotated[float, Field(ge=0, le=2)] | None = None
    """Effective annual rate, fraction."""
    index: Annotated[float, Field(gt=-1, le=2)] | None = None
    """Index (IBR, DTF, CPI, SOFR ...), fraction a year."""
    spread: Annotated[float, Field(ge=0, le=1)] | None = None
    """Points above the index, fraction a year."""
    spread_kind: Literal["compound_ea", "sum_ea", "sum_nominal_monthly"] = "compound_ea"
    """How both make the rate: (1 + index)(1 + spread) - 1; index + spread, effective; or both nominal, paid monthly."""
    tenor_months: Annotated[int, Field(gt=0, le=600)]
    """From disbursement to the last payment, grace included, months."""
    grace_months: Annotated[int, Field(ge=0, le=240)] = 0
    """Months at the start in which no principal is repaid."""
    grace_interest: Literal["paid", "capitalised"] = "paid"
    """Whether interest is paid in the grace period or added to the principal."""
    repayment: Literal["annuity", "constant_principal"] = "annuity"
    """Equal payments, or equal principal."""
    payments_per_year: Literal[1, 2, 4, 12] = 12
    """Payments a year."""
    upfront_fee: Annotated[float, Field(ge=0, le=0.2)] = 0.0
    """Fees at disbursement, share of the principal."""
    annual_fee: Annotated[float, Field(ge=0, le=0.2)] = 0.0
    """Guarantee and other fees of a year, share of the balance at the year's start."""
    construction_months: Annotated[int, Field(ge=0, le=60)] | None = None
    """Months before the start in which the loan is drawn in equal parts; their interest is paid at the start. None
    counted, with a note, when absent."""


class TaxChoice(Section):
    """``[financing.tax]``: income tax, and the benefits of Colombia's Law 1715 (amended by 2099), off unless asked."""

    regime: Literal["unknown", "ordinary", "simple", "exempt"] = "unknown"
    """``ordinary`` income tax; ``simple`` (tax on gross income: nothing to deduct from); ``exempt``; ``unknown``: no
    tax, no benefit."""
    rate: Fraction | None = None
    """Income tax, fraction; the country's packaged rate, shown as an assumption, when absent."""
    taxable_income_per_year: NonNegative | None = None
    """Yearly taxable income without the project, results' currency of today; caps the special deduction."""
    depreciation_years: Annotated[float, Field(ge=1, le=50)] | None = None
    """Ordinary straight-line tax life; a packaged assumption when absent."""
    special_deduction: bool = False
    """Ask for the deduction of half the investment."""
    deduction_years: Annotated[int, Field(ge=1, le=15)] | None = None
    """Years over which it may be taken; the most that the law allows when absent."""
    accelerated_depreciation: bool = False
    """Ask for accelerated depreciation."""
    accelerated_rate: Annotated[float, Field(gt=0, le=1)] | None = None
    """Yearly rate; the most that the law allows when absent."""
    eligible: tuple[str, ...] = ("pv",)
    """Streams whose investment the certificate covers: ``pv``, ``measures``."""
    certificate: Literal["none", "requested", "granted"] = "none"
    """The energy agency's certificate (UPME); the benefits need it before the purchase."""
    certificate_cost: NonNegative | None = None
    """What is still to be paid for a certificate that is requested, fees and preparation, results' currency; none
    counted, with a note, when absent."""
    certificate_months: NonNegative | None = None
    """Months until it is granted: the plan's array is not bought before."""
    vat: Literal["not_counted", "paid", "recovered"] = "not_counted"
    """VAT on the investment: left out of capex, paid as a cost, or paid and recovered within the year."""
    vat_exclusion: bool = False
    """Ask for the exclusion from VAT of what the certificate covers."""
    vat_rate: Fraction | None = None
    """General rate; the country's packaged rate when absent."""
    vat_lines: dict[str, Fraction] = Field(default_factory=dict)
    """Rates of single capex lines by key, where they differ: ``{pv_plant = 0.05}``."""
    duty_lines: dict[str, Fraction] = Field(default_factory=dict)
    """Customs duty of single capex lines by key, share of the line's whole amount, from the importer's quote:
    ``{pv_plant = 0.02}``. None is counted, with a note, where nothing is written."""


class OwnerChoice(Section):
    """``[financing.owner]``: who owns the PV plant."""

    kind: Literal["self", "third_party"] = "self"
    """``self``, or ``third_party`` that sells its energy to the site (PPA)."""
    ppa_price_per_kwh: Positive | None = None
    """Price of the first year, results' currency per kWh, without VAT."""
    ppa_escalation_real: Annotated[float, Field(gt=-0.5, le=0.5)] = 0.0
    """Yearly change of the price above inflation, fraction."""
    ppa_years: Annotated[int, Field(ge=1, le=40)] | None = None
    """Term of the contract; nothing of the plant counts after it."""
    ppa_basis: Literal["used", "generated"] = "used"
    """Which kWh are paid: those the site takes (used and exported), or all that the plant could generate."""
    tax: TaxChoice | None = None
    """``[financing.owner.tax]``: taxes of the third party, written as ``[financing.tax]`` is; its return stands before
    tax, with a note, when absent."""


class EndChoice(Section):
    """``[financing.end]``: what the assets are worth when the horizon ends."""

    kind: Literal["abandoned", "salvage", "relocation"] = "abandoned"
    """Nothing; sold for a share of their price; or moved to another place for the rest of their life."""
    salvage_fraction: Fraction | None = None
    """Net proceeds as a share of the investment, today's money."""
    relocation_cost_fraction: Annotated[float, Field(ge=0, le=2)] | None = None
    """Cost of moving as a share of the investment, today's money."""


class FinancingChoice(Section):
    """``[financing]``: how the project is paid for, and what taxes take and give."""

    inflation: Annotated[float, Field(gt=-0.5, le=1)] | None = None
    """Inflation of the results' currency, fraction a year; a packaged assumption when absent."""
    equity_rate: Rate | None = None
    """Nominal rate that equity asks for, fraction; a packaged assumption when absent."""
    energy_escalation_real: Annotated[float, Field(gt=-0.5, le=0.5)] = 0.0
    """Yearly change of energy prices above inflation, fraction; anything but zero has to be typed."""
    om_escalation_real: Annotated[float, Field(gt=-0.5, le=0.5)] = 0.0
    """Yearly change of operation and maintenance above inflation, fraction."""
    contingency: Annotated[float, Field(ge=0, le=1)] | None = None
    """Reserve on top of the investment, share of it; none, with a note, when absent."""
    grant: NonNegative = 0.0
    """Money that nobody repays, results' currency."""
    loan: LoanChoice | None = None
    """The loan."""
    owner: OwnerChoice = OwnerChoice()
    """Who owns the PV plant."""
    tax: TaxChoice = TaxChoice()
    """Taxes."""
    end: EndChoice = EndChoice()
    """End of life."""
    loan_currency_inflation: Annotated[float, Field(gt=-0.5, le=1)] | None = None
    """Inflation of the loan's currency where it is another; exchange rates then drift by the difference."""
    interannual_sd: Annotated[float, Field(ge=0, le=0.5)] | None = None
    """Standard deviation of a year's PV yield around the mean, fraction; a packaged assumption when absent."""
    yield_sd: Annotated[float, Field(ge=0, le=0.5)] | None = None
    """Standard deviation of the long-term yield (resource, model, losses), fraction; an assumption when absent."""
