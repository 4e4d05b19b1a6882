"""``[carbon]``: instruments of the market-based method, what stands around Scope 2, and a verifier's boundary."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.base import Fraction, NonNegative, Positive, Section

Rate = Annotated[float, Field(gt=-1, lt=1)]
TonnesPerMwh = Annotated[float, Field(ge=0, le=2)]


class CertificateChoice(Section):
    """``[[carbon.certificate]]``: a certificate or a batch, as its registry states it."""

    id: Annotated[str, Field(min_length=1)]
    """Number or batch."""
    system: Annotated[str, Field(min_length=1)]
    """System of the registry: I-REC, EcoGox ..."""
    country: Annotated[str, Field(min_length=2, max_length=2)]
    """ISO 3166 code of the generation."""
    energy_kwh: Positive
    """Certified generation, kWh."""
    vintage_start: date
    """First day of the generation."""
    vintage_end: date
    """Last day of the generation."""
    grid: str = ""
    """Grid of the generation as its country names it: SIN, ZNI, SEIN; not checked when empty."""
    t_co2e_per_mwh: TonnesPerMwh | None = None
    """Emission rate that it conveys, t CO2e/MWh; a certificate without one covers nothing."""
    retired_on: date | None = None
    """Day of its retirement."""
    retired_for: str = ""
    """Beneficiary of its retirement."""
    exclusive: bool | None = None
    """Whether nobody else claims the same generation."""
    serial_from: Annotated[int, Field(ge=0)] | None = None
    """First number."""
    serial_to: Annotated[int, Field(ge=0)] | None = None
    """Last number."""
    price_usd_per_mwh: NonNegative | None = None
    """Price, USD/MWh; a packaged default, shown as such, when absent."""
    fees_usd: NonNegative | None = None
    """Registry and account fees together, USD."""
    technology: str = ""
    """Hydro, solar ..."""
    evidence: str = ""
    """Document that shows the retirement."""


class ContractChoice(Section):
    """``[[carbon.contract]]``: energy bought through the grid under a contract (PPA)."""

    name: Annotated[str, Field(min_length=1)]
    """Of the contract."""
    energy_kwh: Positive
    """Delivered in the year, kWh."""
    t_co2e_per_mwh: TonnesPerMwh
    """Emission rate, t CO2e/MWh."""
    attributes_included: bool
    """Whether the certificates come with the energy; without them it makes no claim."""
    source: Annotated[str, Field(min_length=1)]
    """Document."""


class CarbonChoice(Section):
    """``[carbon]``: all optional."""

    reporter: str = ""
    """Who reports, as the retirement of certificates should name it; the plant's name when empty."""
    certificate: tuple[CertificateChoice, ...] = ()
    """Certificates, in the order in which they are used."""
    contract: tuple[ContractChoice, ...] = ()
    """Contracts."""
    supplier_t_co2e_per_mwh: TonnesPerMwh | None = None
    """Rate that the supplier publishes, net of what it sold, t CO2e/MWh."""
    supplier_source: str = ""
    """Its document and year; required with it."""
    own_certificates_sold: bool = False
    """Whether the certificates of the plant's own generation are sold."""
    location_t_co2e_per_mwh: TonnesPerMwh | None = None
    """A grid average of the user's own in place of the packaged one, t CO2e/MWh."""
    location_source: str = ""
    """Its document; required with it."""
    hourly_factors: str = ""
    """CSV file with one factor for each hour of the year, t CO2e/MWh, relative to the site file."""
    hourly_kind: Literal["operator_preliminary", "modelled_shape"] = "operator_preliminary"
    """What that file is."""
    hourly_source: str = ""
    """Whose it is; required with the file."""
    grid_decline: Rate | None = None
    """Yearly fall of the grid's factor, fraction; no fall, shown as an assumption, when absent."""
    grid_decline_source: str = ""
    """Who states it; required with it."""
    loss_fraction: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Losses of the grid as a share of its output; the packaged factor when absent, "not calculated" without one."""
    loss_source: str = ""
    """Its document; required with it."""
    upstream_t_co2e_per_mwh: TonnesPerMwh | None = None
    """What stands before the power stations, without combustion, t CO2e/MWh bought; "not calculated" when absent."""
    upstream_source: str = ""
    """Its document; required with it."""
    fuel_upstream_kg_per_l: NonNegative | None = None
    """Well-to-tank factor of the genset's fuel, kg CO2e/L; "not calculated" when absent."""
    fuel_upstream_source: str = ""
    """Its document; required with it."""
    biofuel_share: Fraction | Literal["national"] | None = None
    """Biodiesel in the genset's diesel by volume; neat when absent."""
    base_year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    """Base year of the inventory."""
    base_import_kwh: NonNegative | None = None
    """Gross imports of the base year, kWh."""
    base_factor_year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    """Year of the base year's factor; the base year when absent."""
    consolidation: Literal["operational_control", "financial_control", "equity_share"] = "operational_control"
    """Approach of the GHG Protocol."""
    equity_share: Fraction = 1.0
    """Of the organisation, with the equity approach."""
    sites: tuple[str, ...] = ()
    """Sites covered; the plant when empty."""
    meters: tuple[str, ...] = ()
    """Meters covered; those of the bills when empty."""
    left_out: tuple[tuple[str, str], ...] = ()
    """Sites or meters left out, each with its reason."""
    factor_error: Fraction | None = None
    """Relative half-width of the grid factor at 95 %, where somebody states it."""
    recalculation_threshold: Fraction | None = None
    """Change of the base year from which it is recalculated; 5 % when absent."""
