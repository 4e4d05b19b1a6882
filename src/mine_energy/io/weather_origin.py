"""Where a weather file is from, of what kind it is, and how far its long-term sum may be off."""

from dataclasses import dataclass
from typing import Final

from mine_energy import catalog
from mine_energy.errors import Finding, MissingData, Param
from mine_energy.io.weather_record import Hints, Record, refuse
from mine_energy.weather.contract import Kind

_UNKNOWN_BAND: Final = (-0.10, 0.10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Place of a weather file, whole."""

    latitude: float
    longitude: float
    altitude_m: float
    findings: tuple[Finding, ...]


def located(record: Record, hints: Hints) -> Where:
    """Return where a record is from: its own word, the plant's where it has none.

    Raises
    ------
    InputError
        Neither says a place.
    """
    place, taken = record.place, []
    found: dict[str, float] = {}
    for key in ("latitude", "longitude", "altitude_m"):
        own, given = getattr(place, key), getattr(hints, key)
        if own is None and given is None:
            raise refuse(record.file, "weather_place_missing", name=key)
        found[key] = given if own is None else own
        if own is None:
            taken.append(key)
    findings: tuple[Finding, ...] = ()
    if taken:
        params: dict[str, Param] = {key: round(value, 4) for key, value in found.items()}
        findings = (Finding(key="weather_place_taken", level="assumption", subject=record.file, params=params),)
    return Where(**found, findings=findings)


_COUNTRIES: Final = {"COL": "CO", "PER": "PE", "CO": "CO", "PE": "PE"}


def country_of(place_country: str, where: Where) -> str:
    """Return CO or PE, by the file's word or by the place; empty for a place that the packaged tables do not cover."""
    if place_country.strip("- "):
        return _COUNTRIES.get(place_country.upper(), "")
    try:
        catalog.climatology_cell(where.latitude, where.longitude)
    except MissingData:
        return ""
    near = catalog.nearest_municipality(where.latitude, where.longitude)
    return "CO" if near is not None or where.latitude > 0.0 else "PE"


def band_of(record: Record, where: Where) -> tuple[tuple[float, float], tuple[Finding, ...]]:
    """Return the doubt of a file's annual irradiation: its region's, because few such files were measured."""
    code = country_of(record.place.country, where)
    low, high, coast = (*_UNKNOWN_BAND, False)
    if code:
        band = catalog.resource_band(code, where.latitude, where.longitude, where.altitude_m)
        low, high, coast = band.low, band.high, band.key == "coast"
    params: dict[str, Param] = {"low_percent": round(100 * low), "high_percent": round(100 * high)}
    findings = (Finding(key="weather_resource_band", level="assumption", params=params),)
    if coast and record.coarse and record.kind != "measured":
        warning = Finding(
            key="weather_reanalysis_coast", level="warning", subject=record.file, params={"source": record.source}
        )
        return (low, high), (warning, *findings)
    return (low, high), findings


def kind_of(record: Record, hints: Hints) -> tuple[Kind, tuple[Finding, ...]]:
    """Return what the weather is; a table that does not say is never called measured on its own."""
    if record.kind is not None:
        return record.kind, ()
    if hints.kind:
        return hints.kind, ()
    return "modelled", (Finding(key="weather_kind_assumed", level="assumption", subject=record.file),)
