"""The site file, from its JSON Schema: every section, key, type, default and limit."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from markdown import code, head, plain, prose, table

from mine_energy.errors import Language
from mine_energy.io.results import json_schema
from mine_energy.io.template import site_template

Schema = Mapping[str, Any]
UNITS: Final = {
    "usd_per_kwh": "USD/kWh",
    "kg_per_m2": "kg/m²",
    "t_co2e_per_mwh": "t CO₂e/MWh",
    "t_co2e": "t CO₂e",
    **{
        unit.lower(): unit
        for unit in ("kWh", "kvarh", "kWp", "kVA", "kvar", "kW", "USD", "months", "mm", "rpm", "Hz", "V", "A", "m")
    },
    "hours": "h",
    "years": "yr",
    "minutes": "min",
    "m2": "m²",
    "deg": "°",
    "c": "°C",
    "k": "K",
}
"""Ends of keys and how people write them, the longer before the shorter that they end in."""
LIMITS: Final = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def site_file(language: Language) -> str:
    """Return the reference of the site file; in Spanish the commented file itself."""
    parts = [head("site_file", language)]
    if language == "es":
        written = site_template(language, "CO").decode("utf-8")
        return "\n".join([*parts, f"```toml\n{written}```\n"])
    schema = json_schema("site")
    for path, definition, required in _sections(schema):
        heading = f"## `{path}`" + (" (required)" if required else "")
        parts += [f"{heading}\n", f"{prose(str(definition.get('description', '')))}\n", _keys(definition, schema)]
    return "\n".join(parts)


def _sections(schema: Schema) -> Iterator[tuple[str, Schema, bool]]:
    """Yield every section in the order of the file, its parts right after it."""
    yield from _inside(schema, schema, "", frozenset())


def _inside(node: Schema, schema: Schema, path: str, above: frozenset[str]) -> Iterator[tuple[str, Schema, bool]]:
    for key, field in node["properties"].items():
        name, many = _definition(field)
        if name is None or name in above:
            continue
        inner = f"{path}.{key}" if path else key
        definition = schema["$defs"][name]
        if "properties" in definition:
            yield (f"[[{inner}]]" if many else f"[{inner}]"), definition, key in node.get("required", ())
            yield from _inside(definition, schema, inner, above | {name})


def _definition(field: Schema) -> tuple[str | None, bool]:
    """Return the name of a field's definition and whether the field is a list of them."""
    for one in (field, *field.get("anyOf", ()), *field.get("allOf", ())):
        if "$ref" in one:
            return one["$ref"].rpartition("/")[2], False
        items = one.get("items")
        if isinstance(items, Mapping) and "$ref" in items:
            return items["$ref"].rpartition("/")[2], True
    return None, False


def _keys(definition: Schema, schema: Schema) -> str:
    rows = []
    for key, field in definition["properties"].items():
        name, many = _definition(field)
        if name is not None and "properties" in schema["$defs"][name]:
            kind = "list of tables" if many else "table"
        else:
            kind = _kind(field)
        need = "required" if key in definition.get("required", ()) else _default(field)
        rows.append((code(key), kind, unit_of(key), need, prose(str(field.get("description", "")))))
    return table(("Key", "Type and limits", "Unit", "Default", "What it is"), rows)


def _kind(field: Schema) -> str:
    """Return a field's type in words, its choices and its limits."""
    if "anyOf" in field:
        kinds = [_kind(one) for one in field["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in field:
        return ", ".join(code(str(word)) for word in field["enum"])
    if "const" in field:
        return code(str(field["const"]))
    kind = str(field.get("format") or field.get("type") or "value")
    if kind == "array":
        items = field.get("items") or field.get("prefixItems", [{}])[0]
        return f"list of {_kind(items)}"
    limits = " ".join(f"{sign} {field[mark]:g}" for mark, sign in LIMITS.items() if mark in field)
    return plain(f"{kind} {limits}".strip())


def _default(field: Schema) -> str:
    value = field.get("default")
    return "–" if value in (None, [], {}, "") else code(json.dumps(value, ensure_ascii=False))


def unit_of(key: str) -> str:
    """Return the unit that the end of a key names, as people write it; empty for texts and pure numbers."""
    return plain(next((shown for end, shown in UNITS.items() if re.search(rf"(?:^|_){end}$", key)), ""))
