"""Packaged files, and the record of where each came from.

:func:`packaged` is the only way to a file that ships with the package; it finds the same file in a wheel, in an
editable install and in a checkout. Tables are read once, never changed, and never fall back to another country or
year: what is not there raises :class:`~mine_energy.errors.MissingData` with the list of what is.
"""

from mine_energy.catalog.climatology import (
    ClimatologyCell,
    SiteClimatology,
    blended_ghi_kwh_m2_year,
    climatology_cell,
    site_climatology,
)
from mine_energy.catalog.defaults import DefaultRange, country, country_codes, finance_default
from mine_energy.catalog.files import (
    Listing,
    Source,
    Sourced,
    listing,
    packaged,
    sourced,
    sourced_row,
    sources,
    table,
    toml,
)
from mine_energy.catalog.places import Municipality, ResourceBand, distance_km, nearest_municipality, resource_band
from mine_energy.catalog.stale import REASONS, StaleFigure, stale

__all__ = [
    "REASONS",
    "ClimatologyCell",
    "DefaultRange",
    "Listing",
    "Municipality",
    "ResourceBand",
    "SiteClimatology",
    "Source",
    "Sourced",
    "StaleFigure",
    "blended_ghi_kwh_m2_year",
    "climatology_cell",
    "country",
    "country_codes",
    "distance_km",
    "finance_default",
    "listing",
    "nearest_municipality",
    "packaged",
    "resource_band",
    "site_climatology",
    "sourced",
    "sourced_row",
    "sources",
    "stale",
    "table",
    "toml",
]
