"""The evidence behind a study's Scope 2: bills, readings, or a reconstruction that is called one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, cast

import pandas as pd

from mine_energy.emissions import Boundary, EnergyRecord
from mine_energy.emissions.record import Evidence
from mine_energy.loads import BillPeriod, LoadProfile
from mine_energy.study.inputs import Inputs
from mine_energy.units import LOCAL_TIME

_INVENTED: Final = frozenset({"reconstructed", "synthetic", "assumed"})
_MOST_FILLED: Final = 0.05
"""A month of which more than this share of time was filled is an estimate: the share that a grade allows."""
_HASH: Final = 12


def records_for(inputs: Inputs, load: LoadProfile, import_kwh: float) -> tuple[EnergyRecord, ...]:
    """Return the evidence of a year's gross imports, by meter and period.

    The readings of the meter where the load is the meter's; else the bills, also where the load was built from the
    motor list, so that the record shows by how much they differ; else the year itself as an estimate or a
    reconstruction. What the site file calls synthetic, reconstructed or assumed is never metered or billed.

    Parameters
    ----------
    inputs
        Of the study.
    load
        That the imports were computed with.
    import_kwh
        Of the year, without PV.

    Returns
    -------
    tuple of EnergyRecord
        At least one.
    """
    if load.origin == "metered":
        return tuple(_readings(inputs, load))
    if inputs.bills is not None and inputs.bills.periods:
        return tuple(_billed(inputs))
    evidence: Evidence = (
        "estimated" if load.origin == "extrapolated" and not _invented(inputs, "load") else "reconstructed"
    )
    return tuple(_months(inputs, load, evidence, import_kwh / load.energy_kwh if load.energy_kwh else 0.0))


def record_boundary(boundary: Boundary, inputs: Inputs, records: Sequence[EnergyRecord]) -> Boundary:
    """Return a boundary that holds the meters of the records, unless a bill names a meter that the site left out.

    The name of a file or of the plant stands for a meter whose number nobody gave; a number printed on a bill has to be
    one of those that ``[carbon] meters`` lists, where it lists any.
    """
    printed = {period.meter for period in inputs.bills.periods} if inputs.bills is not None else set()
    added = dict.fromkeys(r.meter for r in records if r.meter not in boundary.meters and r.meter not in printed)
    return replace(boundary, meters=(*boundary.meters, *added))


def _invented(inputs: Inputs, section: str) -> bool:
    said = inputs.site.origin_of(section)
    return said is not None and said.origin in _INVENTED


def _meter(inputs: Inputs, name: str) -> str:
    """Return the one meter that the site lists, else what stands for it."""
    listed = inputs.site.carbon.meters if inputs.site.carbon is not None else ()
    return listed[0] if len(listed) == 1 else name


def _readings(inputs: Inputs, load: LoadProfile) -> Iterator[EnergyRecord]:
    """Return a meter's record by calendar month; months that were filled in part are estimates."""
    evidence: Evidence = "reconstructed" if _invented(inputs, "load") else "metered"
    filled = [cast("tuple[str, str]", tuple(stretch.split("/"))) for stretch in load.filled]
    hours = pd.Series(0.0, index=load.load_kw.index)
    for start, end in filled:
        hours[(hours.index >= pd.Timestamp(start)) & (hours.index < pd.Timestamp(end))] = 1.0
    for record in _months(inputs, load, evidence, 1.0):
        inside = hours[_within(hours, record.period_start, record.period_end)]
        guessed = evidence == "metered" and float(inside.mean()) > _MOST_FILLED
        yield replace(record, evidence="estimated") if guessed else record


def _months(inputs: Inputs, load: LoadProfile, evidence: Evidence, scale: float) -> Iterator[EnergyRecord]:
    """Return a load by calendar month."""
    name = load.label or inputs.site.site.name
    local = load.load_kw.tz_convert(LOCAL_TIME)
    index = cast("pd.DatetimeIndex", local.index)
    for _, part in local.groupby([index.year, index.month]):
        days = cast("pd.DatetimeIndex", part.index)
        yield EnergyRecord(
            meter=_meter(inputs, name if evidence in {"metered", "estimated"} else inputs.site.site.name),
            period_start=days[0].date(),
            period_end=days[-1].date(),
            import_kwh=float(part.sum()) * load.step_hours * scale,
            evidence=evidence,
            document=_document(inputs, _file_of(inputs, load) or name),
            site=inputs.site.site.name,
        )


def _file_of(inputs: Inputs, load: LoadProfile) -> str:
    """Return the file behind a load: the meter's or the bills' own, else the motor list that it was built from."""
    if load.origin == "built":
        return inputs.site.inventory.file if inputs.site.inventory is not None else ""
    return load.label


def _within(series: "pd.Series[float]", first: date, last: date) -> "pd.Series[bool]":
    start = pd.Timestamp(first, tz=LOCAL_TIME)
    end = pd.Timestamp(last + timedelta(days=1), tz=LOCAL_TIME)
    return cast("pd.Series[bool]", (series.index >= start) & (series.index < end))


def _billed(inputs: Inputs) -> Iterator[EnergyRecord]:
    """Return the bills that touch the reporting year; all of them where none does."""
    bills, year = inputs.bills, inputs.site.emissions.activity_year
    if bills is None:
        return
    touching = [p for p in bills.periods if p.start <= date(year, 12, 31) and p.end > date(year, 1, 1)]
    for period in touching or bills.periods:
        yield EnergyRecord(
            meter=period.meter or _meter(inputs, bills.label or inputs.site.site.name),
            period_start=period.start,
            period_end=period.end - timedelta(days=1),
            import_kwh=period.energy_kwh,
            evidence=_evidence(inputs, period),
            document=period.number or _document(inputs, bills.label or "bills"),
            site=inputs.site.site.name,
        )


def _evidence(inputs: Inputs, period: BillPeriod) -> Evidence:
    if _invented(inputs, "bills"):
        return "reconstructed"
    return "estimated" if period.estimated else "billed"


def _document(inputs: Inputs, label: str) -> str:
    """Return a file with the beginning of its hash; the label alone where it is no file of the study."""
    found = next((file for file in inputs.files if file.name and file.name == label), None)
    return label if found is None else f"{found.name} (SHA-256 {found.sha256[:_HASH]})"
