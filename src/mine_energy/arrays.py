"""The two array types of the results: read-only, with one equality, one JSON form and one schema.

A result holds numpy vectors as :data:`FloatArray` and time series as :data:`TimeSeries`. In JSON a vector is a list;
a series is ``{"start", "step_minutes", "values"}``, because every series here has a constant step.
"""

from typing import Annotated, Any, cast

import numpy as np
import pandas as pd
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

_DECIMALS = 9
"""JSON keeps nano-units: far below any meter, and above the last bits in which two processors may differ."""


def readonly(values: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return a read-only float64 copy of `values`.

    Parameters
    ----------
    values
        Anything numpy turns into a float array.

    Returns
    -------
    numpy.ndarray
        Same shape, float64, not writeable.
    """
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def round_json(values: Any) -> list[float]:
    """Return `values` as plain floats with nine decimals (and no negative zero)."""
    return cast("list[float]", (np.round(np.asarray(values, dtype=np.float64), _DECIMALS) + 0.0).tolist())


FloatArray = Annotated[
    np.ndarray[Any, np.dtype[np.float64]],
    PlainValidator(readonly),
    PlainSerializer(round_json, return_type=list),
    WithJsonSchema({"type": "array", "items": {"type": "number"}}),
]


def series_to_json(series: "pd.Series[float]") -> dict[str, Any]:
    """Return the JSON form of a constant-step, time-zone aware series."""
    index = cast("pd.DatetimeIndex", series.index)
    step = (index[1] - index[0]).total_seconds() / 60 if len(index) > 1 else 60.0
    return {"start": index[0].isoformat(), "step_minutes": step, "values": round_json(series.to_numpy())}


def series_from_json(data: Any) -> "pd.Series[float]":
    """Return the series that `series_to_json` wrote; a series passes through as a copy."""
    if isinstance(data, pd.Series):
        return data.astype(np.float64)
    start = pd.Timestamp(data["start"])
    index = pd.date_range(start, periods=len(data["values"]), freq=pd.Timedelta(minutes=data["step_minutes"]))
    return pd.Series(readonly(data["values"]), index=index)


TimeSeries = Annotated[
    pd.Series,
    PlainValidator(series_from_json),
    PlainSerializer(series_to_json, return_type=dict),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                "start": {"type": "string", "format": "date-time"},
                "step_minutes": {"type": "number"},
                "values": {"type": "array", "items": {"type": "number"}},
            },
            "required": ["start", "step_minutes", "values"],
        }
    ),
]


def equal(left: Any, right: Any) -> bool:
    """Whether two results are equal field by field, arrays and series included.

    Parameters
    ----------
    left, right
        Dataclasses, mappings, sequences, arrays, series or scalars.

    Returns
    -------
    bool
    """
    if type(left) is not type(right):
        return False
    if isinstance(left, pd.Series | pd.DataFrame):
        return bool(left.equals(right))
    if isinstance(left, np.ndarray):
        return bool(np.array_equal(left, right, equal_nan=True))
    if hasattr(left, "__dataclass_fields__"):
        return all(equal(getattr(left, name), getattr(right, name)) for name in left.__dataclass_fields__)
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[k], right[k]) for k in left)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)
