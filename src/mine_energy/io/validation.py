"""What pydantic finds wrong, as problems with a place, a value, a reason and a fix."""

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from mine_energy.errors import Param
from mine_energy.io.coordinates import read_angle

Place = tuple[str | int, ...]
"""Keys and zero-based indexes that lead to a value."""

_LIMITS: Final = {
    "greater_than": ("must_be_over", "gt"),
    "greater_than_equal": ("must_be_at_least", "ge"),
    "less_than": ("must_be_under", "lt"),
    "less_than_equal": ("must_be_at_most", "le"),
}
_KEYS: Final = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "literal_error": "not_accepted",
    "int_type": "not_whole",
    "int_parsing": "not_whole",
    "int_from_float": "not_whole",
    "float_type": "not_a_number",
    "float_parsing": "not_a_number",
    "finite_number": "not_a_number",
    "string_type": "not_text",
    "string_too_short": "is_empty",
    "too_short": "is_empty",
    "bool_type": "not_true_or_false",
    "bool_parsing": "not_true_or_false",
    "time_type": "not_a_time",
    "time_parsing": "not_a_time",
    "tuple_type": "not_a_list",
    "list_type": "not_a_list",
    "dict_type": "not_a_section",
    "model_type": "not_a_section",
    "model_attributes_type": "not_a_section",
    "date_type": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "date_from_datetime_inexact": "not_a_date",
    "twelve_months": "not_twelve_months",
    "faces_mixed": "faces_mixed",
    "faces_sum": "faces_sum",
    "faces_with_tracker": "faces_with_tracker",
    "soiling_without_rain": "soiling_without_rain",
}
_HOURS_OF_MORE_DAYS: Final = 100.0
_UNION_TAGS: Final = ("constrained-", "literal[", "function-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing pydantic refused: where, the problem's key, the value as written and what the message mentions."""

    place: Place
    key: str
    value: str
    params: Mapping[str, Param] = field(default_factory=dict)


def written(value: object) -> str:
    """Return a value as it would stand in a TOML file, short enough for a message."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)[:80]


def dotted(place: Place) -> str:
    """Return a place as people name it: ``site.shifts.2.start``, counting from one."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place)


def flaws(error: ValidationError, model: type[BaseModel]) -> Iterator[Flaw]:
    """Yield what a validation found wrong, one flaw a place.

    Parameters
    ----------
    error
        From ``model.model_validate``.
    model
        The model, whose fields are what an unknown key is compared with.
    """
    by_place: dict[Place, list[Mapping[str, Any]]] = {}
    for found in error.errors(include_url=False):
        by_place.setdefault(_without_tags(found["loc"]), []).append(found)
    for place, found_here in by_place.items():
        # A list whose only member is wrong counts as too short besides; the member says it better.
        member_wrong = any(other[: len(place)] == place and other != place for other in by_place)
        if not (member_wrong and found_here[0]["type"] == "too_short"):
            yield _flaw(place, _most_telling(found_here), model)


def _without_tags(place: Sequence[str | int]) -> Place:
    """Return a place without the names that pydantic gives to the branches of a union."""
    parts = list(place)
    while len(parts) > 1 and isinstance(parts[-1], str) and parts[-1].startswith(_UNION_TAGS):
        parts.pop()
    return tuple(parts)


def _most_telling(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the branch of a union that fits what was written: the number's for a number, the word's for a word."""
    is_text = isinstance(found[0]["input"], str)
    return next((f for f in found if (f["type"] == "literal_error") == is_text), found[0])


def _flaw(place: Place, found: Mapping[str, Any], model: type[BaseModel]) -> Flaw:
    kind, context, value = found["type"], found.get("ctx", {}), found["input"]
    params: dict[str, Param] = {}
    if kind in _LIMITS:
        key, name = _LIMITS[kind]
        params["limit"] = f"{context[name]:g}"
        if _is_percent(kind, context[name], float(value)):
            key, params["suggestion"] = "fraction_over_one", f"{float(value) / 100:.6g}"
        elif str(place[-1]).endswith("hours_per_day") and float(value) > _HOURS_OF_MORE_DAYS:
            key = "hours_of_a_day"
    else:
        key = _KEYS.get(kind, "not_valid" if not kind.startswith("time") else "not_a_time")
    if kind == "literal_error":
        params["accepted"] = _accepted(place, model) or str(context.get("expected", "")).replace(" or ", ", ")
        key = "not_accepted_nor_number" if _takes_numbers(place, model) else key
    if kind == "extra_forbidden":
        params["suggestion"] = _nearest(place, model)
        key = "unknown_key_near" if params["suggestion"] else "unknown_key"
    if key == "not_a_number" and place[-1] in {"latitude", "longitude"} and isinstance(value, str):
        angle = read_angle(value)
        if angle is not None:
            key, params["suggestion"] = "coordinate_in_degrees", f"{angle:.6g}"
    shown = "" if kind in {"missing", "extra_forbidden"} else written(value)
    return Flaw(place=place, key=key, value=shown, params=params)


def _is_percent(kind: str, limit: float, value: float) -> bool:
    """Whether a fraction's limit was passed by what is a per cent."""
    if kind == "less_than":
        return limit == 1.0 and 1 <= value <= 100
    return kind == "less_than_equal" and limit in {1.0, 1.3} and 1 < value <= 100


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not None:
        for argument in get_args(annotation):
            yield from _models_in(argument)


def model_at(place: Place, model: type[BaseModel]) -> type[BaseModel] | None:
    """Return the model of the section at a place, or None when the way there leads through no model."""
    for part in place:
        if isinstance(part, int):
            continue
        info = model.model_fields.get(part)
        inner = None if info is None else next(_models_in(info.annotation), None)
        if inner is None:
            return None
        model = inner
    return model


def _accepted(place: Place, model: type[BaseModel]) -> str:
    """Return the words a field takes."""
    owner = model_at(place[:-1], model)
    info = owner.model_fields.get(str(place[-1])) if owner else None
    return ", ".join(str(word) for word in _words(info.annotation)) if info else ""


def _takes_numbers(place: Place, model: type[BaseModel]) -> bool:
    """Whether a field takes numbers beside its words."""
    owner = model_at(place[:-1], model)
    info = owner.model_fields.get(str(place[-1])) if owner else None
    return info is not None and "float" in str(info.annotation)


def _words(annotation: object) -> Iterator[object]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) in {Union, types.UnionType}:
        for argument in get_args(annotation):
            yield from _words(argument)


def _nearest(place: Place, model: type[BaseModel]) -> str:
    """Return the key that was probably meant: the nearest in its section, or the same key of another section."""
    name, owner = str(place[-1]), model_at(place[:-1], model)
    near = get_close_matches(name.lower(), list(owner.model_fields) if owner else [], n=1, cutoff=0.6)
    if near:
        return dotted((*place[:-1], near[0]))
    elsewhere = dict(_all_keys(model, ()))
    same = get_close_matches(name.lower(), list(elsewhere), n=1, cutoff=0.85)
    return elsewhere[same[0]] if same else ""


def _all_keys(model: type[BaseModel], prefix: Place) -> Iterator[tuple[str, str]]:
    for name, info in model.model_fields.items():
        inner = next(_models_in(info.annotation), None)
        if inner is None:
            yield name, dotted((*prefix, name))
        else:
            yield from _all_keys(inner, (*prefix, name))
