"""Several files of one meter, a month each as they are often handed out, as one table that the meter's reader takes."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from mine_energy.errors import InputError, Problem
from mine_energy.loads import LoadProfile

HEADINGS = ("Inicio del intervalo", "Potencia activa [kW]", "Potencia reactiva [kvar]")
_STAMP = "%Y-%m-%d %H:%M:%S"
_DECIMALS = 9


def join_meters(records: Sequence[tuple[str, LoadProfile]]) -> bytes:
    """Return records of one meter, one after the other, as separated text.

    Parameters
    ----------
    records
        Name of each file and what was read of it, in any order. Intervals that none of them holds stay missing, for
        the reader of the whole to tell.

    Returns
    -------
    bytes
        UTF-8; stamps at the start of the interval in the records' own time, mean powers with a decimal point. Reactive
        power only where every record has it.

    Raises
    ------
    InputError
        ``meter_join_step``: a record has another interval than the first; ``meter_join_overlap``: two records hold the
        same time, which nobody can decide between.
    """
    ordered = sorted(records, key=lambda record: _index(record[1])[0])
    problems = [*_steps(ordered), *_overlaps(ordered)]
    if problems:
        raise InputError(problems)
    columns = [np.concatenate([one.load_kw.to_numpy() for _, one in ordered])]
    reactive = [one.reactive_kvar for _, one in ordered]
    if all(one is not None for one in reactive):
        columns.append(np.concatenate([one.to_numpy() for one in reactive if one is not None]))
    stamps = [stamp.strftime(_STAMP) for _, one in ordered for stamp in _index(one)]
    lines = [";".join(HEADINGS[: 1 + len(columns)])]
    lines += [";".join((stamp, *map(_text, row))) for stamp, *row in zip(stamps, *columns, strict=True)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _index(load: LoadProfile) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(load.load_kw.index)


def _text(value: float) -> str:
    return "" if np.isnan(value) else repr(round(float(value), _DECIMALS))


def _steps(records: Sequence[tuple[str, LoadProfile]]) -> list[Problem]:
    first = records[0][1].step_minutes
    return [
        Problem(key="meter_join_step", file=name, value=f"{one.step_minutes:g} min", params={"first": f"{first:g} min"})
        for name, one in records
        if one.step_minutes != first
    ]


def _overlaps(records: Sequence[tuple[str, LoadProfile]]) -> list[Problem]:
    return [
        Problem(
            key="meter_join_overlap",
            file=later,
            value=_index(after)[0].strftime(_STAMP),
            params={"other": earlier},
        )
        for (earlier, before), (later, after) in pairwise(records)
        if _index(before)[-1] >= _index(after)[0]
    ]
