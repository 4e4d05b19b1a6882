"""Defaults of the finance room, tariff rules and observed prices."""

import re
from pathlib import Path

from _build_data.carbon import FORBIDDEN
from _build_data.files import Row, Table, read, spell_out

_KEYS: dict[str, tuple[str, str]] = {
    # item of the reference table: (key, year of the figure)
    "PV turnkey, rooftop/ground 30-200 kWp, grid-tied": ("pv_capex", "2025"),
    "PV utility scale, historical": ("pv_capex_utility_historical", "2017-2019"),
    "PV O&M": ("pv_om", ""),
    "PV degradation": ("pv_degradation", ""),
    "Inverter replacement": ("inverter_replacement", ""),
    "LFP battery, C&I turnkey <100 kWh": ("battery_capex_under_100_kwh", "2025"),
    "LFP battery, C&I turnkey >=100 kWh": ("battery_capex_from_100_kwh", "2025"),
    "Battery life / RTE": ("battery_life", ""),
    "Diesel genset": ("genset_capex", ""),
    "Diesel price": ("diesel_price", "2025"),
    "Nominal discount rate, ASM owner equity": ("discount_rate_nominal", "2025"),
    "Real discount rate, project": ("discount_rate_real", ""),
    "Inflation CPI": ("inflation", ""),
    "Electricity price escalation, real": ("electricity_escalation_real", ""),
    "Loan: Bancoldex green lines": ("loan_term", "2019"),
    "Loan rate to a small firm": ("loan_rate", ""),
    "Scotiabank Colpatria green credit": ("green_credit_scotiabank", ""),
    "Corporate income tax": ("income_tax", ""),
    "I-REC price, hydro": ("irec_price", "2024"),
    "I-REC price": ("irec_price", ""),
    "Carbon price for sensitivity": ("carbon_price", "2025"),
    "Budget of the seed plan": ("plan_budget", ""),
    "Lead time PV authorisation": ("pv_authorisation_lead_time", ""),
    "Lead time revegetation benefit": ("revegetation_lead_time", ""),
    "Yield near the pilot": ("pv_yield_near_pilot", "2017"),
}
_PLAN = "the pilot's published plan"
_DEFAULT_COLUMNS = ("key", "item", "country", "low", "default", "high", "unit", "source", "year", "confidence", "note")

# Read in the text of the law, so better than the reference table's "from memory".
_INCOME_TAX_CO = {
    "source": "Estatuto Tributario art. 240 as amended by Ley 2277/2022, text at estatuto.co",
    "year": "2022",
    "confidence": "B",
}

_ENGINEERING = "engineering judgement, from memory; replace with quotes"
_MIDDLE = "default is the middle of the range"
_MOTOR_ROWS = (
    # key, item, low, default, high, unit, note
    ("motor_life_under_7_5_kw", "Motor life, below 7.5 kW", "10", "11", "12", "years", "shorter in wet or dusty duty"),
    ("motor_life_7_5_to_75_kw", "Motor life, 7.5 to 75 kW", "", "15", "", "years", "shorter in wet or dusty duty"),
    ("motor_life_over_75_kw", "Motor life, above 75 kW", "", "20", "", "years", "shorter in wet or dusty duty"),
    ("vfd_capex_small", "Variable-frequency drive, small", "120", "185", "250", "USD/kW", _MIDDLE),
    ("vfd_capex_medium", "Variable-frequency drive, medium", "80", "110", "140", "USD/kW", _MIDDLE),
)

_LEAD_ROWS = (
    # key, item, country, (low, default, high), (source, year), note; months, level D
    (
        "measure_lead_time",
        "Lead time of a saving measure: quote, purchase, delivery, fitting",
        "any",
        ("1", "3", "6"),
        ("engineering judgement", "2026"),
        "state it in [[plan.timing]]",
    ),
    (
        "pv_authorisation_lead_time",
        "Lead time PV authorisation",
        "PE",
        ("6", "9", "12"),
        ("assumption by analogy", ""),
        "",
    ),
)


def tables(shared: Path) -> list[Table]:
    """Return the tables of ``data/finance`` (targets apart) and ``data/tariffs``."""
    folder = shared / "reference" / "scope2"
    return [_defaults(folder), _rules(folder), _prices(folder)]


def _defaults(folder: Path) -> Table:
    source = [
        row
        for row in spell_out(read(folder / "finance_defaults.csv"), "source")
        if not FORBIDDEN.search(" ".join(row.values()))
    ]
    rows = [_default_row(row) for row in source]
    battery = next(row for row in rows if row["key"] == "battery_life")
    rows += [_round_trip(battery), *_exchange_rates(folder), *_spot_prices(folder), *map(_motor_row, _MOTOR_ROWS)]
    rows += map(_lead_row, _LEAD_ROWS)
    return Table("finance/defaults.csv", _DEFAULT_COLUMNS, sorted(rows, key=lambda r: (r["key"], r["country"])))


def _default_row(row: Row) -> Row:
    key, year = _KEYS[row["item"]]
    planned = row["confidence"] == "seed"
    better = _INCOME_TAX_CO if (key, row["country"]) == ("income_tax", "CO") else {}
    changed = {
        "key": key,
        "item": row["item"].replace("seed plan", "pilot's plan").replace(" / RTE", ""),
        "unit": row["unit"].split(" (RTE")[0],
        "source": _PLAN if planned else row["source"],
        "confidence": "C" if planned else row["confidence"],
        "note": "" if row["confidence"] == "gap" else row["note"],
        "year": year,
    }
    return row | changed | better


def _round_trip(battery: Row) -> Row:
    figures = {"low": "", "default": "0.88", "high": "", "unit": "fraction, AC to AC"}
    return battery | {"key": "battery_round_trip_efficiency", "item": "Battery round-trip efficiency"} | figures


def _exchange_rates(folder: Path) -> list[Row]:
    return [
        {
            "key": "exchange_rate",
            "item": "Exchange rate, local currency per US dollar",
            "country": row["country"],
            "low": "",
            "default": row["value"],
            "high": "",
            "unit": row["unit"],
            "source": row["source"],
            "year": "2025",
            "confidence": row["confidence"],
            "note": "replace with the rate of the bill's date",
        }
        for row in read(folder / "tariffs.csv")
        if row["utility"] == "FX"
    ]


def _spot_prices(folder: Path) -> list[Row]:
    return [
        {
            "key": "spot_price",
            "item": "Wholesale (spot) price of electricity, paid for a surplus over the month's imports",
            "country": row["country"],
            "low": "200",
            "default": row["value"],
            "high": "900",
            "unit": row["unit"],
            "source": "estimate of a typical hour, from memory; 200 to 900 in 2023-24",
            "year": "2025",
            "confidence": row["confidence"],
            "note": "replace with the hourly series of XM (PrecBolsNaci)",
        }
        for row in read(folder / "tariffs.csv")
        if row["utility"] == "wholesale"
    ]


def _lead_row(row: tuple[str, str, str, tuple[str, str, str], tuple[str, str], str]) -> dict[str, str]:
    key, item, country, figures, origin, note = row
    named = dict(zip(("low", "default", "high"), figures, strict=True))
    return {
        "key": key,
        "item": item,
        "country": country,
        **named,
        "unit": "months",
        "source": origin[0],
        "year": origin[1],
        "confidence": "D",
        "note": note,
    }


def _motor_row(values: tuple[str, ...]) -> Row:
    names = ("key", "item", "low", "default", "high", "unit", "note")
    provenance = {"country": "any", "source": _ENGINEERING, "year": "2025", "confidence": "D"}
    return dict(zip(names, values, strict=True)) | provenance


def _rules(folder: Path) -> Table:
    columns = ("country", "topic", "rule", "formula_or_value", "instrument", "source", "year", "confidence")
    rows = spell_out(read(folder / "rules.csv", overflow="rule"), "instrument", "source")
    return Table("tariffs/rules.csv", columns, [_rule_row(row) for row in rows])


def _rule_row(row: Row) -> Row:
    derived = row["confidence"] == "derived"
    named = row["instrument"].replace("Ley 2099", "Ley 2099/2021")  # the law's number looks like a year
    years = re.findall(r"(?<!\d)(?:19\d\d|20[0-4]\d)(?!\d)", named)
    return row | {
        "instrument": "" if row["instrument"] == "-" else row["instrument"],
        "year": max(years, default=""),
        "source": "derived from the two reactive rules by trigonometry" if derived else row["source"],
        "confidence": "A" if derived else row["confidence"],
    }


def _prices(folder: Path) -> Table:
    columns = (
        *("country", "utility", "option", "component", "when", "value", "unit"),
        *("year", "source", "confidence", "note"),
    )
    return Table("tariffs/prices.csv", columns, read(folder / "tariffs.csv"))
