"""Solar climatology: one-degree cells, Colombian municipalities, sites."""

from pathlib import Path

from _build_data.files import Row, Table, read

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CELL_FIGURES = tuple(f"ghi_{month}_kwh_m2_day" for month in (*_MONTHS, "ann"))

_MUNICIPALITY = {
    "department": "Departamento",
    "municipality": "Municipio",
    "latitude": "lat",
    "longitude": "lon",
    "ghi_mean_kwh_m2_year": "GHI_mean",
    "ghi_min_kwh_m2_year": "GHI_min",
    "ghi_max_kwh_m2_year": "GHI_max",
    "dif_mean_kwh_m2_year": "DIF_mean",
    "dni_mean_kwh_m2_year": "DNI_mean",
    "optimum_tilt_mean_deg": "OPTA_mean",
    "pvout_mean_kwh_kwp_year": "PVOUT_mean",
    "pvout_min_kwh_kwp_year": "PVOUT_min",
    "pvout_max_kwh_kwp_year": "PVOUT_max",
    "temperature_mean_c": "TEMP_mean",
}
_ANNUAL = {
    "site": "site",
    "name": "name",
    "country": "country",
    "latitude": "lat",
    "longitude": "lon",
    "altitude_grid_m": "alt_pvlib_m",
    "ghi_sse_kwh_m2_year": "ghi_sse_kwh_m2_yr",
    "ghi_gsa_mean_kwh_m2_year": "ghi_gsa_mean",
    "ghi_gsa_min_kwh_m2_year": "ghi_gsa_min",
    "ghi_gsa_max_kwh_m2_year": "ghi_gsa_max",
    "pvout_gsa_kwh_kwp_year": "pvout_gsa_kwh_kwp",
    "optimum_tilt_gsa_deg": "opta_gsa_deg",
    "ghi_merra2_kwh_m2_year": "ghi_merra2_3deg_kwh_m2_yr",
    "ghi_recommended_kwh_m2_year": "ghi_recommended_kwh_m2_yr",
    "ghi_scale_on_sse": "scale_on_sse",
    "temperature_mean_c": "t_mean_c",
    "source": "annual_source",
    "temperature_source": "t_source",
}
_MONTHLY = {
    "site": "site",
    "month": "month",
    "ghi_sse_kwh_m2_day": "ghi_sse",
    "clearness_sse": "kt_sse",
    "h0_kwh_m2_day": "h0",
    "ghi_recommended_kwh_m2_day": "ghi_recommended",
    "clearness_recommended": "kt_recommended",
    "ghi_merra2_kwh_m2_day": "ghi_merra2_3deg",
    "ghi_daily_sd_merra2_kwh_m2_day": "ghi_daily_sd_merra2_3deg",
}


def tables(shared: Path) -> list[Table]:
    """Return every table of ``data/climatology``."""
    folder = shared / "weather"
    return [_cells(folder), _municipalities(folder), _annual(folder), _monthly(folder)]


def _renamed(row: Row, names: dict[str, str]) -> Row:
    return {new: row[old] for new, old in names.items()}


def _cells(folder: Path) -> Table:
    names = {"south_latitude": "cell_lat_south", "west_longitude": "cell_lon_west"} | {n: n for n in _CELL_FIGURES}
    rows = [_renamed(row, names) for row in read(folder / "nasa_sse_r6_ghi_monthly_col_per.csv")]
    rows = [{key.replace("_ann_", "_annual_"): value for key, value in row.items()} for row in rows]
    return Table("climatology/ghi_monthly_cells.csv", tuple(rows[0]), rows)


def _municipalities(folder: Path) -> Table:
    rows = [_renamed(row, _MUNICIPALITY) for row in read(folder / "gsa_municipios_colombia.csv")]
    rows.sort(key=lambda row: (row["department"], row["municipality"]))
    return Table("climatology/municipios_colombia.csv", tuple(_MUNICIPALITY), rows)


def _annual(folder: Path) -> Table:
    columns = (*_ANNUAL, "temperature_confidence", "confidence", "quality", "note")
    return Table(
        "climatology/sites_annual.csv", columns, [_site_row(row) for row in read(folder / "asm_sites_solar_annual.csv")]
    )


def _site_row(row: Row) -> Row:
    quality, _, note = row["confidence"].partition(" (")
    return _renamed(row, _ANNUAL) | {
        "temperature_confidence": "D" if "memory" in row["t_source"] else _letter(row["t_source"]),
        "confidence": _letter(row["annual_source"]),
        "quality": quality.replace("-", "_"),
        "note": note.rstrip(")"),
    }


def _letter(source: str) -> str:
    """Return A when the hourly file itself was read, B for a figure quoted from an atlas."""
    return "A" if "EPW" in source else "B"


def _monthly(folder: Path) -> Table:
    rows = [_renamed(row, _MONTHLY) for row in read(folder / "asm_sites_solar_monthly.csv")]
    return Table("climatology/sites_monthly.csv", tuple(_MONTHLY), rows)
