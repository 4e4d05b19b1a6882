"""Modules and inverters as people write them: ``[equipment]`` of a site file, and the rows of a catalogue.

A catalogue is a TOML file of ``[[module]]`` and ``[[inverter]]`` tables; the packaged one (``data/pv/catalogue.toml``)
has the same form, so that a copy of it is where a person starts.
"""

from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.base import NonNegative, Positive, Section

Temperature = Annotated[float, Field(ge=-40, le=60)]
Confidence = Literal["A", "B", "C", "D", "user"]


class EquipmentChoice(Section):
    """``[equipment]``: module and inverter of the string design, and the temperatures they have to stand."""

    module: str = ""
    """Key of the catalogue, ``cec:`` and a name of the CEC list, or a PAN file beside the site file; empty takes a
    generic module, shown as an assumption."""
    inverter: str = ""
    """Key of the catalogue, ``cec:`` and a name of the CEC list, or an OND file; empty takes the generic inverter that
    fits best, shown as an assumption."""
    catalogue: str = ""
    """TOML file beside the site file that takes the packaged catalogue's place."""
    record_low_c: Temperature | None = None
    """Lowest air temperature on record at the plant, degC; from the weather with a margin when absent."""
    record_high_c: Temperature | None = None
    """Highest air temperature on record, degC; from the weather with a margin when absent."""
    modules_in_series: Annotated[int, Field(ge=1, le=60)] | None = None
    """Modules of a string, where it is decided; the longest that fits when absent."""
    dc_ac: Literal["given", "by_cost"] = "given"
    """Whether the DC/AC ratio is ``array.dc_ac_ratio``, or the one of least cost per kWh."""


class ModuleSheet(Section):
    """``[[module]]`` of a catalogue: a datasheet at standard test conditions."""

    key: Annotated[str, Field(min_length=1)]
    """Name by which a site file calls it."""
    cec_name: str = ""
    """Its name in the CEC list, whose single-diode parameters are then used; fitted to the sheet when empty."""
    power_w: Positive
    """Maximum power, W."""
    open_circuit_v: Positive
    """Open-circuit voltage, V."""
    short_circuit_a: Positive
    """Short-circuit current, A."""
    maximum_power_v: Positive
    """Voltage at maximum power, V."""
    maximum_power_a: Positive
    """Current at maximum power, A."""
    short_circuit_temperature_per_k: Annotated[float, Field(ge=-0.002, le=0.003)]
    """Temperature coefficient of the short-circuit current, fraction per K."""
    open_circuit_temperature_per_k: Annotated[float, Field(ge=-0.006, lt=0)]
    """Temperature coefficient of the open-circuit voltage, fraction per K."""
    power_temperature_per_k: Annotated[float, Field(ge=-0.007, lt=0)]
    """Temperature coefficient of the maximum power, fraction per K."""
    cells_in_series: Annotated[int, Field(ge=1, le=1000)]
    """Cells in series: 72 for a module of 144 half-cells."""
    length_m: Positive
    """Longer side, m."""
    width_m: Positive
    """Shorter side, m."""
    weight_kg: Positive | None = None
    """Weight, kg."""
    system_v: Positive = 1000.0
    """Maximum system voltage, V DC."""
    fuse_a: Positive | None = None
    """Maximum series fuse, A."""
    price_usd_per_w: Positive | None = None
    """Price of the module alone, USD per W."""
    source: Annotated[str, Field(min_length=1)]
    """Document."""
    year: str = ""
    """Its year."""
    confidence: Confidence = "user"
    """Letter of the source."""
    note: str = ""
    """What a reader has to know."""


class InverterSheet(Section):
    """``[[inverter]]`` of a catalogue: a datasheet."""

    key: Annotated[str, Field(min_length=1)]
    """Name by which a site file calls it."""
    cec_name: str = ""
    """Its name in the CEC list, whose Sandia curve is then used; the PVWatts curve when empty."""
    rated_kw: Positive
    """AC power, kW."""
    ac_voltage_v: Positive
    """Line-to-line AC voltage, V."""
    efficiency: Annotated[float, Field(gt=0.5, lt=1)]
    """Nominal (CEC or European) efficiency, fraction."""
    dc_max_v: Positive
    """Maximum DC voltage, V."""
    mppt_low_v: Positive
    """Lowest voltage at which it finds the maximum power point, V."""
    mppt_high_v: Positive
    """Highest, V."""
    mppt_count: Annotated[int, Field(ge=1, le=40)] = 1
    """Independent trackers."""
    mppt_current_a: Positive | None = None
    """Maximum operating current of one tracker, A."""
    mppt_short_circuit_a: Positive | None = None
    """Maximum short-circuit current of one tracker, A."""
    night_w: NonNegative = 0.0
    """Consumption at night, W."""
    rated_altitude_m: NonNegative | None = None
    """Altitude up to which it gives its rated power, m."""
    altitude_derating_per_km: Annotated[float, Field(ge=0, le=1)] | None = None
    """Share of its power that it loses for each km above."""
    altitude_max_m: Positive | None = None
    """Altitude above which the maker does not allow it, m."""
    surge_ratio: Annotated[float, Field(ge=1, le=5)] = 1.0
    """Short overload over rated power: 1 for an inverter that follows the grid."""
    price_usd_per_kw: Positive | None = None
    """Price of the inverter alone, USD per kW AC."""
    source: Annotated[str, Field(min_length=1)]
    """Document."""
    year: str = ""
    """Its year."""
    confidence: Confidence = "user"
    """Letter of the source."""
    note: str = ""
    """What a reader has to know."""


class CatalogueSheet(Section):
    """A catalogue file."""

    module: Annotated[tuple[ModuleSheet, ...], Field(min_length=1)]
    """Modules."""
    inverter: Annotated[tuple[InverterSheet, ...], Field(min_length=1)]
    """Inverters."""
