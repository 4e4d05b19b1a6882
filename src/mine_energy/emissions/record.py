"""A verifier's record of base-year Scope 2: every kilowatt-hour to its bill or meter, and what is not known said.

Content only; :mod:`mine_energy.io` writes files. What the record needs follows the GHG Protocol Corporate Standard
(chapters 3 to 9) and ISO 14064-1: consolidation approach, sites covered and left out, evidence, gases, data quality,
uncertainty and the rule by which the base year is recalculated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from math import fsum, sqrt
from typing import Literal

from mine_energy import catalog
from mine_energy.emissions.factors import Factor, gas_split
from mine_energy.emissions.grid import Scope2Result
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.units import KWH_PER_MWH

_TABLE = "emissions/assumptions.csv"
Evidence = Literal["metered", "billed", "estimated", "reconstructed"]
Label = Literal["inventory", "estimate_not_an_inventory"]
Consolidation = Literal["operational_control", "financial_control", "equity_share"]
Grade = Literal["high", "medium", "low"]
_MEASURED: tuple[Evidence, ...] = ("metered", "billed")
_CLOSE = 0.005
"""Evidence and computed imports agree within half a per cent: rounding of bills, not another quantity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyRecord:
    """Energy of one meter over one period, and the paper behind it.

    Parameters
    ----------
    meter
        Number of the meter.
    period_start, period_end
        First day, and last day included.
    import_kwh
        Gross imports of the period.
    evidence
        Read by the plant's meter, billed, estimated (by the utility or from neighbours), or reconstructed.
    document
        Bill number, or name and hash of the meter's file.
    site
        Which site the meter serves.
    """

    meter: str
    period_start: date
    period_end: date
    import_kwh: float
    evidence: Evidence
    document: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """What the inventory covers.

    Parameters
    ----------
    organisation
        Who reports.
    consolidation
        Approach of the GHG Protocol.
    sites, meters
        Covered; meters of records that are not among them are refused.
    left_out
        Sites or meters left out, each with its reason.
    equity_share
        Of the organisation, 0 to 1, with the equity approach; one otherwise.
    """

    organisation: str
    consolidation: Consolidation
    sites: tuple[str, ...]
    meters: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    equity_share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GasLine:
    """One gas of the location-based figure, t of the gas."""

    gas: str
    t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """Relative half-widths at 95 %, joined as the root of the sum of squares (IPCC 2006, vol. 1, ch. 3, approach 1).

    Parameters
    ----------
    activity
        Of the energy: errors of one kind of evidence are taken as shared, kinds as independent.
    factor
        As its publisher or the user states it; None where nobody does.
    combined
        Of the tonnes; of the activity alone where the factor's is not known.
    """

    activity: float
    factor: float | None
    combined: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPack:
    """What a verifier gets for one year.

    Parameters
    ----------
    label
        ``inventory``, or ``estimate_not_an_inventory`` where any of the energy is reconstructed.
    boundary, year
        What is covered, and when.
    records
        In the order of meters and periods.
    evidence_kwh, import_kwh
        Sum of the records, and what Scope 2 was computed with.
    evidence_shares
        Of the energy, by evidence.
    scope2
        The result, with factors and checks of certificates.
    reported_location_t_co2e, reported_market_t_co2e
        Times the equity share where that approach was chosen.
    gases
        Of the location-based figure, where the factor's publisher gives them; else empty.
    data_quality
        ``high``, ``medium`` or ``low``: the worse of energy and factor.
    uncertainty
        Of the location-based figure.
    recalculation_threshold
        Change of the base year, fraction, from which it is recalculated.
    findings
        Gaps, overlaps, differences, what is not known.
    """

    label: Label
    boundary: Boundary
    year: int
    records: tuple[EnergyRecord, ...]
    evidence_kwh: float
    import_kwh: float
    evidence_shares: tuple[tuple[str, float], ...]
    scope2: Scope2Result
    reported_location_t_co2e: float
    reported_market_t_co2e: float
    gases: tuple[GasLine, ...]
    data_quality: Grade
    uncertainty: Uncertainty
    recalculation_threshold: float
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalculation:
    """Whether a base year has to be recalculated.

    Parameters
    ----------
    changes
        Name and effect on the base year, t CO2e, of each structural change, method change or error found.
    share
        Sum of their absolute sizes over the base year's tonnes: several small ones count together.
    threshold
        As stated.
    needed
        Whether the share reaches it.
    recalculated_t_co2e
        Base year with all the changes.
    """

    changes: tuple[tuple[str, float], ...]
    share: float
    threshold: float
    needed: bool
    recalculated_t_co2e: float


def verify_pack(
    result: Scope2Result,
    records: Sequence[EnergyRecord],
    boundary: Boundary,
    *,
    factor_error: float | None = None,
    recalculation_threshold: float | None = None,
) -> VerifyPack:
    """Return the trail of a year's Scope 2.

    Parameters
    ----------
    result
        Scope 2 of the year.
    records
        Bills or readings; they should cover every day of the year of every meter once.
    boundary
        What is covered.
    factor_error
        Relative half-width of the grid factor at 95 %, where somebody states it.
    recalculation_threshold
        The company's own; 5 % when absent, shown as an assumption.

    Raises
    ------
    InputError
        No records, a record without paper, of an unknown meter, with a negative energy or a period that ends before
        it starts; a share or threshold outside 0 to 1.
    """
    problems = list(_problems(records, boundary, factor_error, recalculation_threshold))
    if problems:
        raise InputError(problems)
    ordered = tuple(sorted(records, key=lambda record: (record.meter, record.period_start)))
    evidence_kwh = fsum(record.import_kwh for record in ordered)
    shares = _shares(ordered, evidence_kwh)
    threshold = recalculation_threshold
    if threshold is None:
        threshold = catalog.sourced(_TABLE, "recalculation_threshold").value
    share = boundary.equity_share if boundary.consolidation == "equity_share" else 1.0
    factor = result.location_factor
    gases = () if factor is None else _gases(result.import_kwh, factor)
    return VerifyPack(
        label="estimate_not_an_inventory" if dict(shares).get("reconstructed", 0.0) > 0 else "inventory",
        boundary=boundary,
        year=result.activity_year,
        records=ordered,
        evidence_kwh=evidence_kwh,
        import_kwh=result.import_kwh,
        evidence_shares=shares,
        scope2=result,
        reported_location_t_co2e=result.location_t_co2e * share,
        reported_market_t_co2e=result.market_t_co2e * share,
        gases=gases,
        data_quality=_quality(shares, factor),
        uncertainty=_uncertainty(shares, factor_error),
        recalculation_threshold=threshold,
        findings=(
            *_coverage_findings(ordered, boundary, result.activity_year),
            *_findings(result, shares, evidence_kwh, gases, factor_error),
            *_threshold_findings(recalculation_threshold, threshold),
        ),
    )


def recalculation(
    base_t_co2e: float, changes: Sequence[tuple[str, float]], *, threshold: float | None = None
) -> Recalculation:
    """Return whether structural changes, changes of method and errors call for a new base year.

    Organic growth or decline, and a grid factor of another year, are no reason (GHG Protocol Corporate
    Standard, chapter 5).

    Parameters
    ----------
    base_t_co2e
        Of the base year, positive.
    changes
        Name and effect on the base year, t CO2e.
    threshold
        Fraction; the packaged 5 % when absent.
    """
    if not base_t_co2e > 0:
        raise InputError([Problem(key="emissions_rate", field="base_t_co2e", value=str(base_t_co2e))])
    limit = catalog.sourced(_TABLE, "recalculation_threshold").value if threshold is None else threshold
    share = fsum(abs(amount) for _, amount in changes) / base_t_co2e
    return Recalculation(
        changes=tuple(changes),
        share=share,
        threshold=limit,
        needed=share >= limit,
        recalculated_t_co2e=base_t_co2e + fsum(amount for _, amount in changes),
    )


def _problems(
    records: Sequence[EnergyRecord], boundary: Boundary, factor_error: float | None, threshold: float | None
) -> Iterator[Problem]:
    if not records:
        yield Problem(key="emissions_no_records", field="records")
    for record in records:
        name = f"{record.meter} {record.period_start.isoformat()}"
        if not record.import_kwh >= 0:
            yield Problem(key="emissions_energy", field=name, value=str(record.import_kwh), params={"position": 1})
        if record.period_end < record.period_start:
            yield Problem(key="emissions_record_period", field=name, value=record.period_end.isoformat())
        if record.meter not in boundary.meters:
            known = ", ".join(boundary.meters) or "-"
            yield Problem(key="emissions_record_meter", field=name, value=record.meter, params={"meters": known})
        if record.evidence in _MEASURED and not record.document.strip():
            yield Problem(key="emissions_record_document", field=name)
    shares = {"equity_share": boundary.equity_share, "factor_error": factor_error, "threshold": threshold}
    for name, value in shares.items():
        if value is not None and not 0 <= value <= 1:
            yield Problem(key="emissions_rate", field=name, value=str(value))


def _shares(records: Sequence[EnergyRecord], total_kwh: float) -> tuple[tuple[str, float], ...]:
    kinds: tuple[Evidence, ...] = ("metered", "billed", "estimated", "reconstructed")
    sums = {kind: fsum(record.import_kwh for record in records if record.evidence == kind) for kind in kinds}
    if total_kwh == 0:
        used = [kind for kind in kinds if any(record.evidence == kind for record in records)]
        return tuple((kind, 1 / len(used)) for kind in used)
    return tuple((kind, amount / total_kwh) for kind, amount in sums.items() if amount > 0)


def _gases(import_kwh: float, factor: Factor) -> tuple[GasLine, ...]:
    return tuple(GasLine(gas=gas, t=import_kwh / KWH_PER_MWH * per_mwh) for gas, per_mwh in gas_split(factor))


def _quality(shares: tuple[tuple[str, float], ...], factor: Factor | None) -> Grade:
    kinds = dict(shares)
    measured = fsum(kinds.get(kind, 0.0) for kind in _MEASURED)
    energy: Grade = "high" if measured > 0.95 else ("medium" if measured > 0.5 else "low")
    if kinds.get("reconstructed", 0.0) > 0.05:
        energy = "low"
    letters: dict[str, Grade] = {"A": "high", "B": "high", "user": "medium", "C": "medium"}
    grid: Grade = "high" if factor is None else letters.get(factor.confidence, "low")
    order: tuple[Grade, ...] = ("high", "medium", "low")
    return max(energy, grid, key=order.index)


def _uncertainty(shares: tuple[tuple[str, float], ...], factor_error: float | None) -> Uncertainty:
    errors = [share * catalog.sourced(_TABLE, f"error_{kind}").value for kind, share in shares]
    activity = sqrt(fsum(error**2 for error in errors))
    return Uncertainty(activity=activity, factor=factor_error, combined=sqrt(activity**2 + (factor_error or 0.0) ** 2))


def _coverage_findings(records: Sequence[EnergyRecord], boundary: Boundary, year: int) -> Iterator[Finding]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    seen = set()
    for meter, rows in groupby(records, key=lambda record: record.meter):
        seen.add(meter)
        periods = [(row.period_start, row.period_end) for row in rows]
        overlap = sum(max((end - start).days + 1, 0) for (_, end), (start, _) in pairwise(periods))
        covered = {day for start, end in periods for day in _days(max(start, first), min(end, last))}
        outside = periods[0][0] < first or periods[-1][1] > last
        missing = (last - first).days + 1 - len(covered)
        for key, days in (("emissions_record_gap", missing), ("emissions_record_overlap", overlap)):
            if days > 0:
                yield Finding(key=key, level="warning", subject=meter, params={"days": days, "year": year})
        if outside:
            yield Finding(key="emissions_record_outside", level="warning", subject=meter, params={"year": year})
    for meter in boundary.meters:
        if meter not in seen:
            yield Finding(key="emissions_record_no_evidence", level="warning", subject=meter)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _findings(
    result: Scope2Result,
    shares: tuple[tuple[str, float], ...],
    evidence_kwh: float,
    gases: tuple[GasLine, ...],
    factor_error: float | None,
) -> Iterator[Finding]:
    kinds = dict(shares)
    for kind in ("reconstructed", "estimated"):
        if kinds.get(kind, 0.0) > 0:
            share: dict[str, Param] = {"percent": 100 * kinds[kind]}
            yield Finding(key=f"emissions_record_{kind}", level="warning", params=share)
    if abs(evidence_kwh - result.import_kwh) > _CLOSE * max(evidence_kwh, result.import_kwh):
        amounts: dict[str, Param] = {"evidence_kwh": evidence_kwh, "import_kwh": result.import_kwh}
        yield Finding(key="emissions_record_difference", level="warning", params=amounts)
    if result.location_factor is not None and not gases:
        yield Finding(key="emissions_no_gas_split", level="info", params={"country": result.country})
    if factor_error is None and result.location_factor is not None:
        yield Finding(key="emissions_no_factor_error", level="assumption")


def _threshold_findings(given: float | None, threshold: float) -> Iterator[Finding]:
    if given is None:
        params = {"percent": 100 * threshold}
        yield Finding(key="emissions_recalculation_assumed", level="assumption", params=params)
