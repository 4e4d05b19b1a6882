"""What every packaged CSV looks like: columns, key, ranges of figures, closed lists of words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CONFIDENCE = frozenset({"A", "B", "C", "D", "gap"})
STATUS = frozenset({"verified", "transcribed", "estimate", "own"})

KINDS = frozenset(
    {
        *("location_average", "residual_mix", "supplier", "gas_component", "operator_preliminary", "modelled_shape"),
        *("cm_wind_solar", "cm_other_p1", "cm_other_p23", "cm_unspecified", "operating_margin"),
        *("life_cycle", "loss", "offgrid_diesel"),
    }
)
"""Kinds of grid factor; a new kind is a decision, not a row."""

_COUNTRIES = frozenset({"CO", "PE", "CL", "any"})
_CLASSES = frozenset({"IE1", "IE2", "IE3", "IE4"})
_CHEMISTRIES = frozenset({"lfp", "lead_acid"})
_POLES = frozenset({"2", "4", "6", "8"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "annual")


@dataclass(frozen=True)
class Range:
    """Lowest and highest figure a column may hold, and whether a cell may be empty."""

    low: float
    high: float
    optional: bool = False


@dataclass(frozen=True)
class Schema:
    """One table.

    Parameters
    ----------
    key
        Columns that together name a row once.
    ranges
        Columns of figures.
    words
        Columns with a closed list of words.
    required
        Further columns that may not be empty.
    columns
        Every other column, in no order.
    """

    key: tuple[str, ...]
    ranges: Mapping[str, Range] = field(default_factory=dict)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()

    def all_columns(self) -> set[str]:
        """Return the name of every column."""
        return {*self.key, *self.ranges, *self.words, *self.required, *self.columns}


_GRADED = {"confidence": CONFIDENCE}
_EFFICIENCY = Range(20, 99.9)
_POWER = Range(0.1, 1100)
_DAY = Range(0.5, 11)
_YEAR = Range(900, 3000)
_WEST, _NORTH = Range(-85, -62), Range(-21, 15)
_FACTOR = Range(0, 200000, optional=True)
_ANY_NUMBER = Range(-1e9, 1e9, optional=True)


def _efficiency(statuses: set[str], frequency: str, *columns: str) -> Schema:
    return Schema(
        key=("poles", "rated_kw", "ie_class"),
        ranges={"rated_kw": _POWER, "efficiency_pct": _EFFICIENCY},
        words={
            "frequency_hz": frozenset({frequency}),
            "poles": _POLES,
            "ie_class": _CLASSES,
            "status": frozenset(statuses),
        }
        | _GRADED,
        required=("source",),
        columns=("year", *columns),
    )


SCHEMAS: dict[str, Schema] = {
    "vocabulary.csv": Schema(
        key=("key",),
        ranges={"decimals": Range(0, 9)},
        required=("label_es", "label_en"),
        columns=("unit", "definition_es", "definition_en", "aliases", "source"),
    ),
    "choices.csv": Schema(key=("field", "key"), required=("label_es", "label_en"), columns=("aliases",)),
    "motors/ie_efficiency_60hz.csv": _efficiency({"verified", "single_source"}, "60", "rated_hp", "n_sources_agree"),
    "motors/ie_efficiency_60hz_unverified.csv": _efficiency({"unverified_memory"}, "60"),
    "motors/ie_efficiency_50hz.csv": _efficiency(
        {"verified", "computed", "unverified_memory_formula", "rule_memory"}, "50", "rated_hp"
    ),
    "motors/iec_50hz_interpolation_coefficients.csv": Schema(
        key=("ie_class", "poles", "kw_min"),
        ranges={"kw_min": _POWER, "kw_max": _POWER}
        | {name: Range(-200, 200) for name in ("a", "b", "c")}
        | {"d": Range(50, 100)},
        words={
            "frequency_hz": frozenset({"50"}),
            "ie_class": _CLASSES,
            "poles": _POLES,
            "status": frozenset({"source_read", "from_memory_checked"}),
        }
        | _GRADED,
        required=("source",),
        columns=("year",),
    ),
    "motors/vfd_efficiency.csv": Schema(
        key=("drive_hp", "output_power_fraction"),
        ranges={"drive_kw": _POWER, "output_power_fraction": Range(0.001, 1), "efficiency_pct": _EFFICIENCY},
        words=_GRADED,
        required=("source",),
        columns=("year",),
    ),
    "motors/part_load.csv": Schema(
        key=("rated_hp_to",),
        ranges={"rated_hp_to": Range(1, 1000, optional=True)}
        | {name: Range(0.1, 1) for name in ("fixed_loss_share", "typical_efficiency")}
        | {f"power_factor_{load}": Range(0.2, 1) for load in (25, 50, 75, 100)}
        | {f"band_{load}_points": Range(0, 20) for load in (25, 50, 75)},
        words=_GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "motors/altitude_derating.csv": Schema(
        key=("altitude_m", "ambient_c"),
        ranges={"altitude_m": Range(1000, 6000), "ambient_c": Range(0, 80), "output_factor": Range(0.4, 1.2)},
        words=_GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "motors/voltage_unbalance.csv": Schema(
        key=("unbalance_percent",),
        ranges={"unbalance_percent": Range(0, 5), "output_factor": Range(0.5, 1)},
        words=_GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "motors/rewind_loss.csv": Schema(
        key=("shop",),
        ranges={f"{name}_points": Range(-1, 5) for name in ("low", "mode", "high")},
        words={"shop": frozenset({"unknown", "certified"})} | _GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "motors/class_by_year.csv": Schema(
        key=("year_from",),
        ranges={"year_from": Range(1900, 2100)},
        words={"ie_class": _CLASSES} | _GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "motors/compressor_control.csv": Schema(
        key=("control",),
        ranges={"power_at_no_flow": Range(0, 1)},
        words=_GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "motors/assumptions.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 100)},
        words=_GRADED,
        required=("source", "year"),
        columns=("unit", "note"),
    ),
    "audit/assumptions.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 1)},
        words=_GRADED,
        required=("source", "year"),
        columns=("unit", "note"),
    ),
    "audit/drivers.csv": Schema(
        key=("process",),
        words={"driver": frozenset({"tonnes", "metres"})} | _GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "audit/instruments.csv": Schema(
        key=("key",),
        ranges={"band": Range(0, 1), "days": Range(1, 366)},
        words={"quantity": frozenset({"power", "hours", "energy"})} | _GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "motors/measures.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 10000)},
        words=_GRADED,
        required=("source", "year"),
        columns=("unit", "note"),
    ),
    "loads/limits.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 100)},
        words=_GRADED,
        required=("source", "unit"),
        columns=("year", "note"),
    ),
    "gensets.csv": Schema(
        key=("key",),
        ranges={name: Range(0, 1) for name in ("low", "default", "high")},
        words=_GRADED,
        required=("unit", "source"),
        columns=("year", "note"),
    ),
    "gensets_equipment.csv": Schema(
        key=("key",),
        ranges={name: Range(0, 50000) for name in ("low", "default", "high")},
        words=_GRADED,
        required=("unit", "source"),
        columns=("year", "note"),
    ),
    "gensets_aspiration.csv": Schema(
        key=("aspiration",),
        ranges={f"{name}_exponent": Range(0, 3) for name in ("pressure", "temperature", "coolant")}
        | {"humidity_factor": Range(0, 1)},
        words=_GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "batteries/chemistries.csv": Schema(
        key=("chemistry", "key"),
        ranges={name: Range(0, 1000) for name in ("low", "default", "high")},
        words={"chemistry": _CHEMISTRIES} | _GRADED,
        required=("unit", "source"),
        columns=("year", "note"),
    ),
    "batteries/cycle_life.csv": Schema(
        key=("chemistry", "depth"),
        ranges={"depth": Range(0.01, 1), "cycles": Range(50, 1e6)},
        words={"chemistry": _CHEMISTRIES} | _GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "batteries/calendar.csv": Schema(
        key=("chemistry", "key"),
        ranges={"value": Range(-10000, 10000)},
        words={"chemistry": _CHEMISTRIES} | _GRADED,
        required=("unit", "source", "year"),
        columns=("note",),
    ),
    "batteries/temperature.csv": Schema(
        key=("chemistry", "cell_c_from"),
        ranges={"cell_c_from": Range(-60, 80)} | {f"{way}_c_rate": Range(0, 2) for way in ("charge", "discharge")},
        words={"chemistry": _CHEMISTRIES} | _GRADED,
        required=("source",),
        columns=("year", "note"),
    ),
    "batteries/inverters.csv": Schema(
        key=("key",),
        ranges={name: Range(0, 6000) for name in ("low", "default", "high")},
        words=_GRADED,
        required=("unit", "source"),
        columns=("year", "note"),
    ),
    "batteries/overload.csv": Schema(
        key=("seconds",),
        ranges={"seconds": Range(0.1, 3600), "ratio": Range(1, 3)},
        words=_GRADED,
        required=("source",),
        columns=("year", "note"),
    ),
    "reliability/outages.csv": Schema(
        key=("country", "place", "year"),
        ranges={"year": Range(2000, 2060, optional=True), "saidi_hours": Range(0, 2000, optional=True)}
        | {"saifi": Range(0, 1000, optional=True)},
        words={"country": _COUNTRIES} | _GRADED,
        required=("source",),
        columns=("note",),
    ),
    "starter/machines.csv": Schema(
        key=("tag",),
        ranges={"quantity": Range(1, 50), "standby_quantity": Range(0, 50), "rated_power_kw": Range(0.1, 200)}
        | {"poles": Range(2, 8, optional=True), "load_factor": Range(0.1, 1.2)}
        | {"hours_share": Range(0, 1, optional=True), "hours_per_day": Range(0, 24, optional=True)}
        | {"unloaded_hours_per_day": Range(0, 24, optional=True)},
        words=_GRADED,
        required=("routes", "equipment", "process", "description_es", "description_en", "source", "year"),
        columns=("schedule", "sequence", "load_type", "transmission", "note"),
    ),
    "starter/supplies.csv": Schema(
        key=("tariff",),
        ranges={"voltage_v": Range(100, 36000)},
        words={"country": _COUNTRIES, "voltage": frozenset({"low", "medium"})} | _GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "starting/methods.csv": Schema(
        key=("method",),
        ranges={name: Range(0.1, 8) for name in ("low", "default", "high")}
        | {"power_factor": Range(0.1, 1), "torque_share": Range(0, 1)},
        words={"basis": frozenset({"locked_rotor", "rated"})} | _GRADED,
        required=("source",),
        columns=("year", "note"),
    ),
    "starting/locked_rotor.csv": Schema(
        key=("code",),
        ranges={"rated_hp_to": Range(0.1, 2000, optional=True)}
        | {f"{name}_kva_per_hp": Range(1, 25) for name in ("low", "high")},
        words=_GRADED,
        required=("source",),
        columns=("year", "note"),
    ),
    "starting/limits.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 120)},
        words=_GRADED,
        required=("unit", "source"),
        columns=("year", "note"),
    ),
    "motors/cost_defaults.csv": Schema(
        key=("item", "rated_kw_from"),
        ranges={"rated_kw_from": Range(0, 1000, optional=True), "rated_kw_to": Range(0, 1000, optional=True)}
        | {name: Range(0, 5000) for name in ("low", "default", "high")},
        words=_GRADED,
        required=("unit", "source", "year"),
        columns=("note",),
    ),
    "grid_factors/grid_factors.csv": Schema(
        key=("country", "grid", "year", "kind", "method", "gases"),
        ranges={"year": Range(1990, 2060, optional=True), "value": Range(0, 1.5, optional=True)},
        words={
            "country": _COUNTRIES,
            "kind": KINDS,
            "gases": frozenset({"CO2", "CH4", "N2O", "CO2e", "CO2+CH4+N2O", "not published", "not applicable"}),
            "gwp_set": frozenset({"AR4", "AR5", "AR6", "not published", "not applicable"}),
        }
        | _GRADED,
        required=("unit", "source", "method", "grid"),
        columns=("note",),
    ),
    "fuels/fuel_factors.csv": Schema(
        key=("fuel", "use", "country", "unit"),
        ranges={name: _FACTOR for name in ("co2", "ch4", "n2o", "co2e_ar4", "co2e_ar5", "co2e_ar6")},
        words={"country": _COUNTRIES} | _GRADED,
        required=("source", "year"),
        columns=("note",),
    ),
    "fuels/gwp.csv": Schema(
        key=("gas",),
        ranges={name: Range(1, 30000) for name in ("ar4", "ar5", "ar6")},
        words=_GRADED,
        required=("name", "source", "year"),
        columns=("note",),
    ),
    "fuels/lifecycle.csv": Schema(
        key=("key",),
        ranges={"low": _ANY_NUMBER, "value": Range(0, 5000), "high": _ANY_NUMBER},
        words=_GRADED,
        required=("item", "unit", "source"),
        columns=("year", "note"),
    ),
    "finance/defaults.csv": Schema(
        key=("key", "country"),
        ranges={name: _ANY_NUMBER for name in ("low", "default", "high")},
        words={"country": _COUNTRIES} | _GRADED,
        required=("item", "source"),
        columns=("unit", "year", "note"),
    ),
    "finance/engines.csv": Schema(
        key=("key",),
        ranges={name: Range(0, 200000) for name in ("low", "default", "high")},
        words=_GRADED,
        required=("unit", "source"),
        columns=("year", "note"),
    ),
    "finance/tax_and_credit.csv": Schema(
        key=("key", "country"),
        ranges={"value": Range(0, 100)},
        words={"country": _COUNTRIES} | _GRADED,
        required=("unit", "source"),
        columns=("year", "note"),
    ),
    "finance/policy_targets.csv": Schema(
        key=("country", "policy"),
        ranges={"year": Range(2020, 2100)},
        words={"country": _COUNTRIES} | _GRADED,
        required=("target", "source"),
    ),
    "emissions/assumptions.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 100)},
        words=_GRADED,
        required=("unit", "source", "year"),
        columns=("note",),
    ),
    "emissions/plausibility.csv": Schema(
        key=("key",),
        ranges={"low": Range(0, 1e6), "high": Range(0, 1e6, optional=True)},
        words=_GRADED,
        required=("unit", "source", "year"),
        columns=("note",),
    ),
    "tariffs/rules.csv": Schema(
        key=("country", "topic"),
        ranges={"year": Range(1990, 2040, optional=True)},
        words={"country": _COUNTRIES} | _GRADED,
        required=("rule", "source"),
        columns=("formula_or_value", "instrument"),
    ),
    "tariffs/figures.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 40000)},
        words=_GRADED,
        required=("source", "unit"),
        columns=("year", "note"),
    ),
    "tariffs/reactive_rules.csv": Schema(
        key=("key", "country", "valid_from"),
        ranges={"value": Range(0, 1)},
        words={"country": _COUNTRIES} | _GRADED,
        required=("source", "unit", "year"),
        columns=("note",),
    ),
    "tariffs/pe_options.csv": Schema(
        key=("option",),
        ranges={"maximum_kw": Range(1, 2500)},
        words={"voltage": frozenset({"low", "medium"})} | _GRADED,
        required=("source", "year"),
        columns=("tariff", "note"),
    ),
    "tariffs/prices.csv": Schema(
        key=("country", "utility", "option", "component", "when", "year"),
        ranges={"value": Range(0, 5000)},
        words={"country": _COUNTRIES} | _GRADED,
        required=("unit", "source"),
        columns=("note",),
    ),
    "pv/losses.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 1)},
        words={"stage": frozenset({"light", "dc", "ac"})} | _GRADED,
        required=("source", "year"),
        columns=("unit", "note"),
    ),
    "pv/assumptions.csv": Schema(
        key=("key",),
        ranges={"value": Range(-1, 10000)},
        words=_GRADED,
        required=("source", "year", "unit"),
        columns=("note",),
    ),
    "pv/electrical.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 5000)},
        words=_GRADED,
        required=("source",),
        columns=("unit", "year", "note"),
    ),
    "pv/clearance_by_altitude.csv": Schema(
        key=("altitude_m",),
        ranges={"altitude_m": Range(0, 7000), "factor": Range(1, 3)},
        words=_GRADED,
        required=("source",),
        columns=("year", "note"),
    ),
    "pv/rules.csv": Schema(
        key=("country", "topic"),
        words={"country": _COUNTRIES, "topic": frozenset({"voltage", "current", "installation"})} | _GRADED,
        required=("rule", "source"),
        columns=("year", "note"),
    ),
    "pv/protections.csv": Schema(
        key=("key",),
        words={"country": _COUNTRIES, "side": frozenset({"dc", "ac"})} | _GRADED,
        required=("rule", "source"),
        columns=("year", "note"),
    ),
    "pv/ratings.csv": Schema(
        key=("kind", "rating"),
        ranges={"rating": Range(1, 10000)},
        words={"kind": frozenset({"fuse", "transformer"})} | _GRADED,
        required=("unit", "source"),
        columns=("year", "note"),
    ),
    "climatology/ghi_monthly_cells.csv": Schema(
        key=("south_latitude", "west_longitude"),
        ranges={"south_latitude": _NORTH, "west_longitude": _WEST}
        | {f"ghi_{month}_kwh_m2_day": _DAY for month in _MONTHS},
    ),
    "pv/yield_uncertainty.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 0.2)},
        words=_GRADED,
        required=("source", "unit", "year"),
        columns=("note",),
    ),
    "climatology/variability.csv": Schema(
        key=("key",),
        ranges={"value": Range(0, 0.35)},
        words=_GRADED,
        required=("source", "unit", "year"),
        columns=("note",),
    ),
    "climatology/municipios_colombia.csv": Schema(
        key=("department", "municipality"),
        ranges={"latitude": _NORTH, "longitude": Range(-82, -66), "temperature_mean_c": Range(-5, 32)}
        | {f"ghi_{name}_kwh_m2_year": Range(100, 2700) for name in ("mean", "min", "max")}
        | {f"pvout_{name}_kwh_kwp_year": Range(100, 2200) for name in ("mean", "min", "max")}
        | {"dif_mean_kwh_m2_year": Range(400, 1300), "dni_mean_kwh_m2_year": Range(100, 2700)}
        | {"optimum_tilt_mean_deg": Range(0, 20)},
    ),
    "climatology/sites_annual.csv": Schema(
        key=("site",),
        ranges={"latitude": _NORTH, "longitude": _WEST, "altitude_grid_m": Range(-20, 6000)}
        | {f"ghi_{name}_kwh_m2_year": _YEAR for name in ("sse", "merra2", "recommended")}
        | {f"ghi_gsa_{name}_kwh_m2_year": Range(100, 2700, optional=True) for name in ("mean", "min", "max")}
        | {"pvout_gsa_kwh_kwp_year": Range(100, 2200, optional=True)}
        | {"optimum_tilt_gsa_deg": Range(0, 20, optional=True)}
        | {"ghi_scale_on_sse": Range(0.5, 1.5), "temperature_mean_c": Range(-5, 32)},
        words={
            "country": frozenset({"CO", "PE"}),
            "quality": frozenset({"medium", "low_medium", "low"}),
            "temperature_confidence": CONFIDENCE,
        }
        | _GRADED,
        required=("name", "source", "temperature_source"),
        columns=("note",),
    ),
    "climatology/sites_monthly.csv": Schema(
        key=("site", "month"),
        ranges={"month": Range(1, 12), "h0_kwh_m2_day": Range(5, 13)}
        | {f"ghi_{name}_kwh_m2_day": _DAY for name in ("sse", "recommended", "merra2")}
        | {"clearness_sse": Range(0.2, 0.85), "clearness_recommended": Range(0.2, 0.85)}
        | {"ghi_daily_sd_merra2_kwh_m2_day": Range(0.05, 3)},
    ),
}
