"""What a study says of its bills beyond the three states: the class step, Peru's options, reactive energy, abroad."""

from dataclasses import dataclass
from typing import Literal

from mine_energy.emissions import Factor
from mine_energy.errors import Finding
from mine_energy.tariffs import LineTotal, ReactiveState
from mine_energy.tariffs.co_sweep import Sweep
from mine_energy.tariffs.pe import OptionStatus
from mine_energy.tariffs.pe_presence import PresenceMonth

ReasonKey = Literal["energy_price", "export_credit", "power_charges", "reactive", "fixed_and_taxes", "credit_not_paid"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeBill:
    """The year's bill of the plant after measures with PV of one size.

    Parameters
    ----------
    inverter_kw_ac, pv_kwp
        Sum of the inverters' nameplates, and of the modules' at the design's ratio.
    small_class
        Whether it settles as a plant within the limit.
    payable, credit_left, saving
        Money of the year, credit after it, and what PV saves, in the tariff's currency.
    totals
        Lines over the year.
    """

    inverter_kw_ac: float
    pv_kwp: float
    small_class: bool
    payable: float
    credit_left: float
    saving: float
    totals: tuple[LineTotal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassStep:
    """Colombia's step of the settlement at its limit of inverter power, for this plant.

    Parameters
    ----------
    limit_kw_ac
        Largest inverter power of the small class.
    currency
        Of every amount.
    without_pv
        Money of the year after measures, without PV.
    design_kw_ac, design_kwp
        The study's own plant.
    bills
        Below the limit, at it and above it (0.9, 1.0 and 1.1 times), at the design's DC/AC ratio.
    along
        More sizes at that ratio; the step in one sentence among its findings, where there is one.
    sweep
        Over AC and DC apart; that of `along` where a battery stands beside PV.
    """

    limit_kw_ac: float
    currency: str
    without_pv: float
    design_kw_ac: float
    design_kwp: float
    bills: tuple[SizeBill, ...]
    along: Sweep
    sweep: Sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRow:
    """One Peruvian option in one state of the plant.

    Parameters
    ----------
    state, option, tariff_id
        Which.
    payable, power
        Of the year, and the power charges in it.
    worst_month, worst_amount
        The dearest month as (year, month).
    present_months
        Months present at peak; None where the option has no classification.
    confidence
        Letter of the prices.
    """

    state: str
    option: str
    tariff_id: str
    payable: float
    power: float
    worst_month: tuple[int, int]
    worst_amount: float
    present_months: int | None
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionPresence:
    """Months of one option between today and a later state: class and power charge."""

    option: str
    state: str
    months: tuple[PresenceMonth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionTable:
    """Peru's options in every state.

    Parameters
    ----------
    currency, voltage_v
        Of amounts and supply.
    tariff_id
        Of the study's own bills.
    status
        By state: every option, and why it is or is not open.
    rows
        Of every priced option, the cheapest first within each state.
    best
        Cheapest option of each state; empty where none is priced.
    presence
        What becomes of class and power charge from today on.
    """

    currency: str
    voltage_v: float
    tariff_id: str
    status: tuple[tuple[str, tuple[OptionStatus, ...]], ...]
    rows: tuple[OptionRow, ...]
    best: tuple[tuple[str, str], ...]
    presence: tuple[OptionPresence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCase:
    """The same load and the same PV under one country's tariff and grid.

    Parameters
    ----------
    country, tariff_id, title_es, title_en, tariff_year, tariff_confidence
        Whose prices.
    assumed
        Whether this tariff was chosen for the comparison instead of by the site.
    tariff_currency, per_usd, per_usd_source
        The tariff's currency and its rate.
    import_kwh, cost_per_year
        Today, after measures, after PV: gross imports, and money paid in the study's currency.
    credit_left
        After the year with PV, in the study's currency; no money of the year.
    price_per_kwh, energy_price_per_kwh
        Money paid today, and its lines by energy, over today's imports.
    power_share
        Of power charges in today's bill.
    measures_saving, pv_saving, pv_saving_per_kwh
        Of the year; the last for each kWh that PV gives.
    pv_capex, pv_npv, pv_payback_years
        Of that PV at the country's prices, real and before tax, at its base rate.
    factor
        Grid average of the comparison's year.
    scope2_t_co2e
        Location-based, in the three states.
    """

    country: str
    tariff_id: str
    title_es: str
    title_en: str
    tariff_year: str
    tariff_confidence: str
    assumed: bool
    tariff_currency: str
    per_usd: float
    per_usd_source: str
    import_kwh: tuple[float, float, float]
    cost_per_year: tuple[float, float, float]
    credit_left: float
    price_per_kwh: float | None
    energy_price_per_kwh: float | None
    power_share: float
    measures_saving: float
    pv_saving: float
    pv_saving_per_kwh: float | None
    pv_capex: float
    pv_npv: float
    pv_payback_years: float | None
    factor: Factor
    scope2_t_co2e: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one family of charges adds to the yearly saving of PV in either country, in the study's currency.

    The amounts of all reasons add up to the saving, and their differences to its difference.
    """

    key: ReasonKey
    home: float
    abroad: float

    @property
    def difference(self) -> float:
        """Home less abroad."""
        return self.home - self.abroad


@dataclass(frozen=True, slots=True, kw_only=True)
class Abroad:
    """The same plant in both countries, and why the answers differ.

    Parameters
    ----------
    currency
        Of every amount: the study's.
    home, abroad
        The site's country and the other.
    reasons
        Of the saving of PV, the widest difference first.
    findings
        The same in sentences, and what was assumed.
    """

    currency: str
    home: CountryCase
    abroad: CountryCase
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bills:
    """What a study says of its bills beyond the three states.

    Parameters
    ----------
    class_step
        Colombia, where the site may export; else None.
    options
        Peru; else None.
    reactive
        Charge and bank by state; empty where reactive power is not known or not charged.
    abroad
        The other country; None off-grid, or where its figures are not packaged.
    findings
        Of all of them.
    """

    class_step: ClassStep | None = None
    options: OptionTable | None = None
    reactive: tuple[ReactiveState, ...] = ()
    abroad: Abroad | None = None
    findings: tuple[Finding, ...] = ()
