"""What the forms ask: which keys of the site file, of what kind, and how what a person typed is read."""

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal
from functools import cache
from typing import Any, Final, Literal

from mine_energy.catalog import table
from mine_energy.errors import Language
from mine_energy.messages import text
from mine_energy.tariffs import load_tariff, packaged_tariffs

Step = Literal["sitio", "motores", "carga", "sol", "dinero", "informe"]
STEPS: Final[tuple[Step, ...]] = ("sitio", "motores", "carga", "sol", "dinero", "informe")
Kind = Literal["text", "number", "degrees", "integer", "choice", "flag", "yes_no", "best"]
Options = tuple[tuple[str, str], ...]
MAX_SHIFTS: Final = 3
SHIFTS: Final = "shifts"
"""Name of the question for the shifts."""
_LONGEST_TEXT: Final = 300
_NUMBER: Final = re.compile(r"^[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)$")
_GROUPED: Final = re.compile(r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form.

    Parameters
    ----------
    key
        Dotted key of the site file; ``web.field.<key>`` with underscores is its label.
    kind
        How it is asked and read. ``degrees`` is a number below 1,000, in which a point never groups thousands;
        ``best`` a number or empty for the best one; ``yes_no`` a choice of ``true`` and ``false``.
    unit
        Shown behind the label.
    required
        Whether a study needs it.
    options
        Values and labels of a choice.
    start
        Shown while the site file says nothing.
    group
        Of the form; ``web.group.<group>`` is its heading.
    """

    key: str
    kind: Kind = "text"
    unit: str = ""
    required: bool = False
    options: Callable[[Language, Mapping[str, Any]], Options] | None = None
    start: str = ""
    group: str = ""

    @property
    def name(self) -> str:
        """Key of its texts."""
        return self.key.replace(".", "_")


class NotReadableError(ValueError):
    """What was typed is not of the field's kind; its only argument is the key of ``web.error``."""


def _named(key: str, *values: str) -> Callable[[Language, Mapping[str, Any]], Options]:
    def options(language: Language, document: Mapping[str, Any]) -> Options:
        return tuple((value, text(f"web.option.{key}.{value}", language)) for value in values)

    return options


def _country(document: Mapping[str, Any]) -> str:
    return str(value_of(document, "site.country") or "")


@cache
def _tariffs(country: str, language: Language) -> Options:
    tariffs = [(name, load_tariff(name)) for name in packaged_tariffs()]
    fitting = [(name, one) for name, one in tariffs if not country or one.country in {country, "any"}]
    return tuple((name, one.title_es if language == "es" else one.title_en) for name, one in fitting)


def _asked(group: str, *fields: Field) -> tuple[Field, ...]:
    return tuple(replace(one, group=group) for one in fields)


@cache
def places(country: str) -> Options:
    """Return key and name of the packaged places of a country; of all while none is known."""
    rows = table("climatology/sites_annual.csv")
    return tuple((row["site"], row["name"]) for row in rows if not country or row["country"] == country)


FIELDS: Final[Mapping[Step, tuple[Field, ...]]] = {
    "sitio": (
        *_asked(
            "place",
            Field(key="site.name", required=True),
            Field(key="site.country", kind="choice", required=True, options=_named("country", "CO", "PE")),
            Field(key="site.region"),
            Field(key="site.latitude", kind="degrees", unit="°", required=True),
            Field(key="site.longitude", kind="degrees", unit="°", required=True),
            Field(key="site.altitude_m", kind="number", unit="m", required=True),
        ),
        *_asked(
            "work",
            Field(key="site.workdays_per_month", kind="integer", required=True),
            Field(key="production.ore_t_per_year", kind="number", unit="t"),
            Field(key="production.gold_kg_per_year", kind="number", unit="kg"),
        ),
        *_asked(
            "supply",
            Field(key="connection.kind", kind="choice", required=True, options=_named("kind", "grid", "offgrid")),
            Field(key="connection.voltage_v", kind="number", unit="V"),
            Field(key="connection.export_allowed", kind="flag", start="1"),
        ),
        *_asked(
            "genset",
            Field(key="genset.rated_kw", kind="number", unit="kW"),
            Field(key="genset.existing", kind="yes_no", options=_named("yes_no", "true", "false")),
            Field(key="genset.fuel_price_usd_per_l", kind="number", unit="USD/L"),
        ),
    ),
    "sol": (
        *_asked(
            "weather",
            Field(key="weather.climatology", kind="choice", options=lambda lang, document: places(_country(document))),
        ),
        *_asked(
            "goal",
            Field(
                key="coverage.goal",
                kind="choice",
                options=_named("goal", "annual_net", "hourly_self", "offgrid", "least_cost"),
            ),
            Field(key="coverage.ratio", kind="number"),
            Field(key="coverage.lpsp", kind="number"),
            Field(key="coverage.renewable_share", kind="number"),
        ),
        *_asked(
            "array",
            Field(key="array.min_kwp", kind="number", unit="kWp"),
            Field(key="array.max_kwp", kind="number", unit="kWp"),
            Field(key="array.tilt_deg", kind="best", unit="°"),
            Field(key="array.azimuth_deg", kind="best", unit="°"),
            Field(
                key="array.mounting",
                kind="choice",
                options=_named("mounting", "open_rack", "close_roof", "insulated_back"),
            ),
        ),
        *_asked(
            "battery",
            Field(key="battery.price_usd_per_kwh", kind="number", unit="USD/kWh"),
            Field(key="battery.max_kwh", kind="number", unit="kWh"),
            Field(key="battery.existing_kwh", kind="number", unit="kWh"),
        ),
    ),
    "dinero": (
        *_asked(
            "tariff",
            Field(
                key="connection.tariff",
                kind="choice",
                required=True,
                options=lambda language, document: _tariffs(_country(document), language),
            ),
        ),
        *_asked(
            "money",
            Field(key="finance.currency", kind="choice", options=_named("currency", "USD", "COP", "PEN")),
            Field(key="finance.exchange_rate", kind="number"),
            Field(key="finance.mine_life_years", kind="number"),
            Field(key="finance.discount_rate", kind="number"),
            Field(key="finance.pv_capex_usd_per_kwp", kind="number", unit="USD/kWp"),
            Field(key="finance.budget_usd", kind="number", unit="USD"),
        ),
        *_asked(
            "carbon",
            Field(key="emissions.activity_year", kind="integer", required=True),
            Field(key="emissions.factor_year", kind="integer"),
            Field(key="carbon.location_t_co2e_per_mwh", kind="number", unit="t CO2e/MWh"),
            Field(key="carbon.location_source"),
        ),
    ),
}
"""The questions of each step that is a form."""


def value_of(document: Mapping[str, Any], key: str) -> Any:
    """Return the value of a dotted key, None where there is none."""
    node: Any = document
    for part in key.split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return node


def written(document: Mapping[str, Any], field: Field) -> str:
    """Return what a form shows for a value of the site file."""
    value = value_of(document, field.key)
    if value is None:
        return field.start
    if field.kind == "best" and value == "optimal":
        return ""
    if isinstance(value, bool):
        return str(value).lower() if field.kind == "yes_no" else "1" if value else ""
    if not isinstance(value, float):
        return str(value)
    shown = format(Decimal(repr(value)), "f").removesuffix(".0")
    # Sent back as it is shown: 1.125 would be refused as a thousand or a decimal.
    return f"{shown}0" if _GROUPED.fullmatch(shown) and field.kind not in {"degrees", "best"} else shown


def put(document: MutableMapping[str, Any], key: str, value: Any) -> None:
    """Set a dotted key, or take it away where `value` is None; a table left empty goes too."""
    section, _, name = key.partition(".")
    part = document.get(section)
    inner: dict[str, Any] = dict(part) if isinstance(part, Mapping) else {}
    if value is None:
        inner.pop(name, None)
    else:
        inner[name] = value
    if inner:
        document[section] = inner
    else:
        document.pop(section, None)


def read_form(
    step: Step, form: Mapping[str, str], document: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the document with a form's values in it, and what could not be read.

    Parameters
    ----------
    step
        Which form.
    form
        Typed texts by key.
    document
        The site file so far; keys that no form asks for stay.

    Returns
    -------
    dict, dict
        The new document; keys of ``web.error`` by field key.
    """
    new, errors = dict(document), {}
    for field in FIELDS[step]:
        typed = form.get(field.key, "").strip()
        try:
            value = _read(field, typed)
        except NotReadableError as error:
            errors[field.key] = str(error)
            continue
        put(new, field.key, value)
    if step == "sitio":
        try:
            put(new, "site.shifts", read_shifts(form) or None)
        except NotReadableError as error:
            errors["site.shifts"] = str(error)
    return new, errors


def _read(field: Field, typed: str) -> Any:
    if field.kind == "flag":
        return bool(typed)
    if not typed:
        return None
    if field.kind == "yes_no":
        return typed == "true"
    if field.kind in {"text", "choice"}:
        if len(typed) > _LONGEST_TEXT or not typed.isprintable():
            raise NotReadableError("text")
        return typed
    number = read_number(typed, groups=field.kind not in {"degrees", "best"})
    if field.kind == "integer":
        if number != int(number):
            raise NotReadableError("integer")
        return int(number)
    return number


def read_number(typed: str, *, groups: bool) -> float:
    """Return a number written with a decimal point or comma and without marks of thousands.

    Parameters
    ----------
    typed
        For example ``1286``, ``0,95`` or ``-76.65``.
    groups
        Whether one mark with three digits behind it may mean thousands; then it is refused, for ``1.286`` m is
        1,286 m to one reader and 1.3 m to another.

    Raises
    ------
    NotReadableError
        ``number`` or ``thousands``.
    """
    bare = typed.replace("\u2212", "-").replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(bare) or len(bare) > 30:
        raise NotReadableError("number")
    if groups and _GROUPED.fullmatch(bare):
        raise NotReadableError("thousands")
    return float(bare.replace(",", "."))


def read_shifts(form: Mapping[str, str]) -> list[dict[str, time]]:
    """Return the shifts of a form, of which empty ones count for nothing.

    Raises
    ------
    NotReadableError
        ``shift``: a start without an end, or no time of day.
    """
    shifts = []
    for number in range(1, MAX_SHIFTS + 1):
        start, end = (form.get(f"shift.{number}.{part}", "").strip() for part in ("start", "end"))
        if not start and not end:
            continue
        try:
            shifts.append({"start": time.fromisoformat(start), "end": time.fromisoformat(end)})
        except ValueError:
            raise NotReadableError("shift") from None
    return shifts


def asked_by(key: str) -> tuple[str, ...]:
    """Return the names of the questions behind a key of the site file; of a whole section the required ones."""
    if key == "site.shifts" or key.startswith("site.shifts."):
        return (SHIFTS,)
    fields = [field for step in FIELDS.values() for field in step]
    exact = tuple(field.name for field in fields if field.key == key)
    inside = tuple(field.name for field in fields if field.required and field.key.startswith(f"{key}."))
    return exact or (*inside, *((SHIFTS,) if key == "site" else ()))


def control_of(name: str) -> str:
    """Return the control of a question."""
    return "shift.1.start" if name == SHIFTS else f"f-{name}"


def step_of(key: str) -> Step:
    """Return the step that asks for a key of the site file; the last one for keys that no form asks for."""
    for step, fields in FIELDS.items():
        if any(key == field.key or key.startswith(f"{field.key}.") for field in fields):
            return step
    section = key.split(".", maxsplit=1)[0]
    sections: Mapping[str, Step] = {
        "site": "sitio", "production": "sitio", "connection": "sitio", "genset": "sitio", "inventory": "motores",
        "load": "carga", "bills": "carga", "fuel_log": "carga", "production_log": "carga", "weather": "sol",
        "array": "sol", "coverage": "sol", "battery": "sol", "finance": "dinero", "emissions": "dinero",
        "carbon": "dinero",
    }  # fmt: skip
    return sections.get(section, "informe")
