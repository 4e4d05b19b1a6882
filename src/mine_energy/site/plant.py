"""What a person writes about a plant: the site file, validated, frozen, with its units in the names.

A site file is TOML with the sections below. Every field's docstring becomes its description in
``mine-energy schema site``. Checks across files (does the inventory exist, does the tariff) belong to
:mod:`mine_energy.io`.
"""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.array import ArrayChoice
from mine_energy.site.base import Country, Fraction, NonNegative, Origin, Positive, Section
from mine_energy.site.billing import BillingChoice
from mine_energy.site.carbon import CarbonChoice
from mine_energy.site.deferrable import DeferrableChoice
from mine_energy.site.equipment import EquipmentChoice
from mine_energy.site.financing import FinancingChoice
from mine_energy.site.measures import MeasuresChoice
from mine_energy.site.network import NetworkChoice
from mine_energy.site.plan import PlanChoice
from mine_energy.site.storage import BatteryChoice, CoverageGoal, Genset, GridChoice


class Shift(Section):
    """One shift of a working day; an end at or before the start runs past midnight."""

    start: time
    """Start, local time."""
    end: time
    """End, local time."""


class Place(Section):
    """A named place of the operation besides the plant itself."""

    name: str
    """Name."""
    latitude: Annotated[float, Field(ge=-90, le=90)]
    """Degrees, north positive."""
    longitude: Annotated[float, Field(ge=-180, le=180)]
    """Degrees, east positive."""


class SiteFacts(Section):
    """``[site]``: the plant."""

    name: Annotated[str, Field(min_length=1)]
    """Name of the plant."""
    country: Country
    """ISO 3166 code."""
    region: str = ""
    """Municipality and department, in words."""
    latitude: Annotated[float, Field(ge=-90, le=90)]
    """Degrees, north positive."""
    longitude: Annotated[float, Field(ge=-180, le=180)]
    """Degrees, east positive."""
    altitude_m: Annotated[float, Field(ge=-50, le=6000)]
    """Metres above sea level."""
    workers: Annotated[int, Field(ge=0)] | None = None
    """People employed."""
    workdays_per_month: Annotated[int, Field(ge=1, le=31)]
    """Working days in every month."""
    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)]
    """Shifts of a working day."""
    places: tuple[Place, ...] = ()
    """Mine mouths and other places."""
    processes: tuple[str, ...] = ()
    """Processes of the plant, keys of the vocabulary's ``process``."""


class Production(Section):
    """``[production]``: what the plant makes in a year."""

    gold_kg_per_year: Positive | None = None
    """Gold, kg a year."""
    ore_t_per_year: Positive | None = None
    """Ore milled, tonnes a year."""


class Project(Section):
    """``[project]``: what is published or decided about the plan; context, no result is computed from it."""

    plan_years: Positive | None = None
    """Length of the plan, years."""
    permit_months_low: NonNegative | None = None
    """Shortest time for the permits of clean energy, months."""
    permit_months_high: NonNegative | None = None
    """Longest time, months."""
    audit_savings_low: Fraction | None = None
    """Published range of savings of an audit in certain operations: low end, fraction."""
    audit_savings_high: Fraction | None = None
    """High end, fraction."""
    certificates: tuple[str, ...] = ()
    """Certificates named as an alternative."""


class GridConnection(Section):
    """``[connection]``: how electricity arrives today."""

    kind: Literal["grid", "offgrid"]
    """``grid``, or ``offgrid`` when the plant's own generator feeds it."""
    voltage_v: Positive | None = None
    """Line-to-line voltage at the meter, V."""
    tariff: Annotated[str, Field(min_length=1)]
    """Name of a packaged tariff (see ``mine-energy sources``) or path of a TOML file beside the site file."""
    spot_price_per_kwh: NonNegative | None = None
    """Price of the surplus over a month's imports (Colombia's spot price), in the tariff's currency per kWh; the
    tariff's own when absent, a packaged default, shown as an assumption, where it has none."""
    spot_prices: str = ""
    """Table with that price hour by hour over the study's year, relative to the site file: a date and an hour in each
    row, or a row a day with 24 columns; instead of `spot_price_per_kwh`."""
    export_allowed: bool = True
    """Whether surplus PV may flow into the grid; off-grid it never does."""


class InventoryChoice(Section):
    """``[inventory]``: the motor list."""

    file: str
    """CSV or Excel file, relative to the site file."""
    sheet: str = ""
    """Worksheet of an Excel file; the first one when empty."""
    decimal: Literal["", ",", "."] = ""
    """Decimal mark, where the file alone does not tell."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Seed of the start times of machines without a stated schedule."""


class MeterChoice(Section):
    """``[load]``: interval metering; where it exists it is the baseline."""

    file: str
    """CSV or Excel file, relative to the site file."""
    sheet: str = ""
    """Worksheet of an Excel file; the first one when empty."""
    scale_to_kwh: Positive | None = None
    """Scale the file to this annual energy: a labelled copy, never called metered."""
    fill: Literal["mean_of_day_type", "linear", "previous_week"] | None = None
    """How to fill intervals without a value, which stay marked; without a method a record with gaps is refused."""
    date_order: Literal["", "dmy", "mdy", "ymd"] = ""
    """Order of day, month and year, where the file alone does not tell."""
    decimal: Literal["", ",", "."] = ""
    """Decimal mark, where the file alone does not tell."""
    unit: str = ""
    """Unit of the active column, where its heading does not tell."""
    quantity: Literal["", "energy", "power", "register"] = ""
    """Energy of each interval, mean power or cumulative register, where the file alone does not tell."""
    supply: str = ""
    """Which supply point, in a file that holds several."""
    suppliers: Literal["", "add"] = ""
    """``add``: equal stamps of one supply point are added, whoever supplied them."""
    stamps: Literal["", "start", "end"] = ""
    """Whether stamps stand at the start or the end of their interval, where the file alone does not tell."""
    ct_ratio: Positive = 1.0
    """Current transformers' ratio, where the file holds secondary values."""
    vt_ratio: Positive = 1.0
    """Voltage transformers' ratio, where the file holds secondary values."""


class TableChoice(Section):
    """``[bills]``, ``[fuel_log]``, ``[production_log]``: a table beside the site file."""

    file: str
    """CSV or Excel file, relative to the site file."""
    sheet: str = ""
    """Worksheet of an Excel file; the first one when empty."""
    decimal: Literal["", ",", "."] = ""
    """Decimal mark, where the file alone does not tell."""


class QualityChoice(TableChoice):
    """``[power_quality]``: voltages, distortion, unbalance, dips and currents of a logger."""

    nominal_voltage_v: Positive | None = None
    """Nominal voltage between lines where the logger stood, V; the connection's own when absent."""


class ReadingChoice(Section):
    """``[[readings]]``: a sub-meter, a clamp on one machine, an hour meter."""

    name: Annotated[str, Field(min_length=1)]
    """Unique name."""
    tags: Annotated[tuple[str, ...], Field(min_length=1)]
    """Machines that it sees, with all their running units."""
    kind: Literal["energy", "power", "hours"]
    """Energy over the whole record (kWh), power while they run (kW), or hours of the record (h)."""
    value: NonNegative
    """The reading, in the unit of its kind."""
    band: Annotated[float, Field(gt=0, le=1)]
    """Half-width of its 90 % interval as a share of it."""
    instrument: str = ""
    """Readings of one instrument share part of their error."""


ClearnessSd = Annotated[float, Field(ge=0, le=0.35)]
"""No clearness between 0 and 0.8 spreads more."""

TwelveClearnessSd = Annotated[tuple[ClearnessSd, ...], Field(min_length=12, max_length=12)]
"""January first."""


class WeatherChoice(Section):
    """``[weather]``: a file, or the packaged monthly climatology turned into a synthetic year."""

    file: str = ""
    """Weather file of any known layout, relative to the site file; empty takes the packaged climatology."""
    source: str = ""
    """What the report calls the file's source; empty takes the file's own words."""
    kind: Literal["", "measured", "modelled", "typical"] = ""
    """What the file's weather is, where its layout does not tell."""
    utc_offset_hours: Annotated[float, Field(ge=-12, le=14)] | None = None
    """Time zone of the file's stamps, hours east of Greenwich; absent takes the file's word, else UTC-05:00."""
    stamps: Literal["", "start", "middle", "end"] = ""
    """Which moment of its interval a stamp names, where the file does not tell."""
    gaps: Literal["refuse", "fill"] = "refuse"
    """Refuse a file with missing hours, or fill them with the same hours of the days around."""
    missing: Literal["refuse", "climatology"] = "refuse"
    """Refuse a file without temperature or wind, or take them from the packaged climatology."""
    climatology: str = ""
    """Key of a packaged site (``buenos_aires_cauca``); empty takes the best packaged table at the coordinates."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Seed of the synthetic year."""
    daily_clearness_sd: ClearnessSd | TwelveClearnessSd | None = None
    """Standard deviation of daily clearness within a month, one figure or twelve from January; a nearby packaged site's
    or the region's when absent."""
    interannual_spread: Annotated[float, Field(ge=0, le=0.3)] | None = None
    """Standard deviation of annual irradiation over its mean; of the years at hand, or the region's, when absent."""


class EmissionsChoice(Section):
    """``[emissions]``: Scope 2 and what stands around it."""

    activity_year: Annotated[int, Field(ge=2000, le=2100)]
    """Year the consumption belongs to."""
    factor_year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    """Year of the grid factor; the activity year when absent. A missing year is an error that lists what exists."""
    gwp_set: Literal["AR4", "AR5", "AR6"] = "AR5"
    """Global warming potentials for factors given by gas."""
    scope1_t_co2e: NonNegative | None = None
    """Scope 1 of the year, t CO2e, when known."""
    scope3_t_co2e: NonNegative | None = None
    """Scope 3 of the year, t CO2e, when known."""
    scope2_share: Fraction | None = None
    """Share of electricity in the footprint as published, when only shares are known."""
    scope3_share: Fraction | None = None
    """Share of Scope 3 in the footprint as published, when only shares are known."""


class FinanceChoice(Section):
    """``[finance]``: money. What is left out takes the packaged default, shown as an assumption."""

    currency: Literal["USD", "COP", "PEN"] = "USD"
    """Currency of the results; tariffs keep theirs and are converted."""
    exchange_rate: Positive | None = None
    """Local currency per USD."""
    discount_rate: Annotated[float, Field(gt=-1, le=1)] | None = None
    """Real discount rate, fraction a year."""
    mine_life_years: Annotated[float, Field(gt=0, le=100)] | None = None
    """Stated life of the mine or title; the horizon is the lesser of this and the assets' life."""
    pv_capex_usd_per_kwp: Positive | None = None
    """Turnkey price of the PV plant, USD per kWp, without VAT."""
    budget_usd: Positive | None = None
    """Money available for the whole plan, USD."""


class Provenance(Section):
    """``[[provenance]]``: where values of this file come from."""

    keys: Annotated[tuple[str, ...], Field(min_length=1)]
    """Dotted keys (``site.workers``) or whole sections (``production``)."""
    origin: Origin
    """Published, measured, nameplate, reconstructed or assumed; ``synthetic`` for the invented data of an example."""
    source: str
    """Document, place or reasoning, in words."""


class Site(Section):
    """A whole site file."""

    site: SiteFacts
    """The plant."""
    production: Production = Production()
    """What it makes."""
    project: Project = Project()
    """What is published about the plan."""
    connection: GridConnection
    """How electricity arrives."""
    billing: BillingChoice | None = None
    """How this user is billed."""
    network: NetworkChoice | None = None
    """Transformer and feeders."""
    inventory: InventoryChoice | None = None
    """The motor list."""
    load: MeterChoice | None = None
    """Interval metering."""
    bills: TableChoice | None = None
    """Bills of the supply, one row a billing period."""
    fuel_log: TableChoice | None = None
    """Refills of the genset: date, litres, hour meter."""
    production_log: TableChoice | None = None
    """Tonnes milled by day or month."""
    power_quality: QualityChoice | None = None
    """A logger's record of the quality of the supply."""
    readings: tuple[ReadingChoice, ...] = ()
    """Readings below the main meter."""
    weather: WeatherChoice = WeatherChoice()
    """Where the sun comes from."""
    array: ArrayChoice = ArrayChoice()
    """The PV array."""
    equipment: EquipmentChoice = EquipmentChoice()
    """Module and inverter of the string design."""
    coverage: CoverageGoal = CoverageGoal()
    """Which 100 %."""
    deferrable: tuple[DeferrableChoice, ...] = ()
    """Loads that may wait for the sun."""
    measures: MeasuresChoice = MeasuresChoice()
    """What the audit may propose."""
    emissions: EmissionsChoice
    """Carbon."""
    finance: FinanceChoice = FinanceChoice()
    """Money."""
    financing: FinancingChoice | None = None
    """Loan, owner, taxes, end of life."""
    genset: Genset | None = None
    """The plant's own generator, or one that may be bought."""
    battery: BatteryChoice = BatteryChoice()
    """The battery that may be bought, or stands there."""
    grid: GridChoice = GridChoice()
    """Limits and outages of the connection."""
    carbon: CarbonChoice | None = None
    """Certificates, contracts, and what stands around Scope 2."""
    plan: PlanChoice | None = None
    """The decarbonisation plan."""
    provenance: tuple[Provenance, ...] = ()
    """Where the values come from."""

    def origin_of(self, key: str) -> Provenance | None:
        """Return the provenance record that covers a dotted key, the most specific first."""
        covering = [
            (len(name), record)
            for record in self.provenance
            for name in record.keys
            if key == name or key.startswith(f"{name}.")
        ]
        return max(covering, key=lambda pair: pair[0])[1] if covering else None
