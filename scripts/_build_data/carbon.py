"""Grid factors, fuel factors, global warming potentials, life-cycle figures and policy targets."""

import re
from pathlib import Path

from _build_data.files import Row, Table, plain, read, spell_out

FORBIDDEN = re.compile(r"\bember\b|electricity ?maps|\bodbl\b", re.IGNORECASE)
"""Publishers whose share-alike terms do not allow packaging; nor may anything derived from them be packaged."""

NOT_FOR_USE = re.compile(r"do not ship", re.IGNORECASE)

_KINDS: dict[str, tuple[str, str]] = {
    # kind of the reference table: (kind, method); an empty method is decided by country or source
    "location-average": ("location_average", ""),
    "location-average-unverified": ("location_average", ""),
    "location-average-operator-hourly-mean": ("operator_preliminary", "xm_hourly_mean"),
    "location-average-CO2": ("gas_component", "minam_hc_peru"),
    "location-average-CH4": ("gas_component", "minam_hc_peru"),
    "location-average-N2O": ("gas_component", "minam_hc_peru"),
    "transmission-loss-CO2-per-MWh-consumed": ("loss", "minam_hc_peru"),
    "combined-margin-wind-solar": ("cm_wind_solar", "upme_cdm"),
    "combined-margin-other-1st-period": ("cm_other_p1", "upme_cdm"),
    "combined-margin-other-2nd-3rd-period": ("cm_other_p23", "upme_cdm"),
    "combined-margin-projection": ("cm_unspecified", "projection"),
    "combined-margin": ("cm_unspecified", ""),
    "ifi-combined-margin-firm": ("cm_other_p1", "ifi_twg_firm"),
    "ifi-combined-margin-intermittent": ("cm_wind_solar", "ifi_twg_intermittent"),
    "ifi-combined-margin-energy-efficiency": ("cm_other_p1", "ifi_twg_energy_efficiency"),
    "ifi-combined-margin-electricity-consumption": ("cm_other_p1", "ifi_twg_electricity_consumption"),
    "ifi-operating-margin": ("operating_margin", "ifi_twg"),
    "off-grid-diesel": ("offgrid_diesel", "ipcc_2006_genset"),
    "T&D-loss-fraction": ("loss", ""),
    "residual-mix": ("residual_mix", "official"),
}

_LEFT_OUT = {
    "T&D-loss-fraction-retscreen-guidance",  # two ranges in words, not a figure
}

_METHODS = (
    # text of the source or note, method
    ("UPME Resolution", "upme_inventory"),
    ("DGEE-MINEM", "dgee_minem"),
    ("computed from the three rows", "minam_hc_peru"),
    ("MINEM 2016", "minem"),
    ("CDM Poechos", "cdm_poechos_ii"),
    ("World Bank", "world_bank_wdi"),
    ("HuellaChile", "huellachile"),
    ("from memory", "unverified_memory"),
    ("used as default", "unattributed_default"),
    ("widely used default", "unattributed_default"),
)
_TERMS_UNCLEAR = "terms unclear: the publisher states no licence; cited figure"


def tables(shared: Path) -> list[Table]:
    """Return the tables of ``data/grid_factors``, ``data/fuels`` and the policy targets."""
    folder = shared / "reference" / "scope2"
    return [_grid(folder), _fuels(folder), _gwp(folder), _lifecycle(folder), _targets(folder)]


def _allowed(row: Row) -> bool:
    text = " ".join(row.values())
    return not (FORBIDDEN.search(text) or NOT_FOR_USE.search(text))


def _grid(folder: Path) -> Table:
    columns = (
        *("country", "grid", "year", "kind", "method", "value", "unit", "gases"),
        *("gwp_set", "source", "confidence", "note"),
    )
    source = spell_out(read(folder / "grid_factors.csv"), "note")
    rows = [_grid_row(row) for row in source if _allowed(row) and row["kind"] not in _LEFT_OUT]
    rows.sort(key=lambda row: (row["country"], row["kind"], row["year"], row["method"], row["gases"]))
    return Table("grid_factors/grid_factors.csv", columns, rows)


def _grid_row(row: Row) -> Row:
    kind, method = _KINDS[row["kind"]]
    gases = _gases(row)
    note = row["note"]
    if "gas split" in row["gases"]:
        note = f"{note}; gas split not published"
    if row["kind"].startswith("ifi-"):
        note = f"{note}; {_TERMS_UNCLEAR}"
    return row | {
        "kind": kind,
        "method": method or _method(row["source"]),
        "gases": gases,
        "gwp_set": _gwp_set(row, gases),
        "source": row["source"].replace("the three rows above", "the CO2, CH4 and N2O rows of the same year"),
        "note": note,
    }


def _method(source: str) -> str:
    return next(method for text, method in _METHODS if text in source)


def _gases(row: Row) -> str:
    if row["gases"].startswith("CO2+CH4+N2O"):
        return "CO2+CH4+N2O"
    if row["gases"].startswith("CO2e"):
        return "CO2e"
    if not row["gases"]:
        return "not applicable" if row["unit"].startswith("fraction") else "not published"
    return row["gases"]


def _gwp_set(row: Row, gases: str) -> str:
    if "AR5" in row["gases"]:
        return "AR5"
    return "not published" if gases in {"CO2e", "not published"} else "not applicable"


_FUELS = {
    "diesel": "diesel",
    "gasoline": "gasoline",
    "LPG": "lpg",
    "natural gas": "natural_gas",
    "natural gas (Peru national CO2)": "natural_gas",
    "residual fuel oil": "residual_fuel_oil",
    "wood (CO2 biogenic, outside scopes)": "wood",
}
_USES = {
    "stationary": ("stationary", "any"),
    "mobile road": ("mobile_road", "any"),
    "mobile road, low-mileage LDV 1995+": ("mobile_road_ldv_1995", "any"),
    "mobile road, oxidation catalyst": ("mobile_road_oxidation_catalyst", "any"),
    "stationary, Colombia density+PCI": ("stationary", "CO"),
    "stationary, Peru NCV": ("stationary", "PE"),
    "stationary, Peru": ("stationary", "PE"),
}


def _fuels(folder: Path) -> Table:
    columns = (
        *("fuel", "use", "country", "unit", "co2", "ch4", "n2o", "co2e_ar4", "co2e_ar5", "co2e_ar6"),
        *("source", "year", "confidence", "note"),
    )
    return Table("fuels/fuel_factors.csv", columns, [_fuel_row(row) for row in read(folder / "fuel_factors.csv")])


def _fuel_row(row: Row) -> Row:
    use, country = _USES[row["use"]]
    note = row["note"]
    if "Peru national" in row["fuel"]:
        country = "PE"
    if "biogenic" in row["fuel"]:
        note = "CO2 is biogenic and stays outside the scopes"
    year = "2019" if "RAGEI 2019" in row["source"] else "2006"
    gases = {name.lower(): row[name] for name in ("CO2", "CH4", "N2O", "CO2e_AR4", "CO2e_AR5", "CO2e_AR6")}
    tail = {"unit": row["unit"], "source": row["source"], "year": year, "confidence": row["confidence"], "note": note}
    return {"fuel": _FUELS[row["fuel"]], "use": use, "country": country} | gases | tail


_GASES = {
    "CO2": "co2",
    "CH4 (combustion / non-fossil)": "ch4",
    "CH4 fossil fugitive/process": "ch4_fossil_fugitive",
    "N2O": "n2o",
    "SF6": "sf6",
    "NF3": "nf3",
    "HFC-134a": "hfc_134a",
}


def _gwp(folder: Path) -> Table:
    rows = [
        {
            "gas": _GASES[row["gas"]],
            "name": row["gas"],
            "ar4": plain(row["AR4_GWP100"]),
            "ar5": plain(row["AR5_GWP100"]),
            "ar6": plain(row["AR6_GWP100"]),
            "source": row["source"],
            "year": "2024",
            "confidence": row["confidence"],
            "note": row["note"],
        }
        for row in read(folder / "gwp.csv")
    ]
    return Table("fuels/gwp.csv", ("gas", "name", "ar4", "ar5", "ar6", "source", "year", "confidence", "note"), rows)


_IPCC = "IPCC AR5 WGIII Annex III, median, as quoted in a public table of defaults"
_LIFE_CYCLE: dict[str, tuple[str, str, str, str]] = {
    # item of the reference table: (key, low, high, year)
    "PV rooftop": ("pv_rooftop", "41", "48", "2014"),
    "PV (NREL harmonised median, 2021)": ("pv_harmonised", "", "", "2021"),
    "PV modern mono-Si made in China, high irradiation": ("pv_mono_si_modern", "18", "40", ""),
    "hydro": ("hydro", "", "", "2014"),
    "wind": ("wind", "", "", "2014"),
    "gas": ("gas", "", "", "2014"),
    "coal": ("coal", "", "", "2014"),
    "biomass": ("biomass", "", "", "2014"),
    "LFP battery manufacture": ("battery_lfp_manufacture", "60", "110", ""),
    "PV system manufacture+transport": ("pv_system_manufacture", "600", "1500", ""),
    "compost, wet waste": ("compost_wet_waste", "", "", "2006"),
    "food waste in unmanaged shallow dump, MCF 0.4": ("food_waste_shallow_dump", "", "", "2006"),
    "tree, native, tropics, young plantation mean": ("tree_young_tropics", "5", "25", ""),
}
_OTHERS_OWN = {"oil"}
"""Figures of a share-alike publisher's own; the others of its file are the IPCC's."""

_LIFE_CYCLE_SOURCES = {
    # figures of the IPCC that were read in another publisher's file: restated with the figure's own source
    "pv_rooftop": (_IPCC, "C", "41 (rooftop) and 48 (utility) are the medians of the two classes"),
    "pv_harmonised": ("NREL fact sheet FY21 80580; value from memory", "D", ""),
    "hydro": (_IPCC, "C", "tropical reservoirs can be far higher"),
    "wind": (_IPCC, "C", ""),
    "gas": (_IPCC, "C", ""),
    "coal": (_IPCC, "C", ""),
    "biomass": (_IPCC, "C", ""),
    "tree_young_tropics": ("the pilot's published plan: 200 trees take up 2 t a year", "C", ""),
}


def _lifecycle(folder: Path) -> Table:
    columns = ("key", "item", "low", "value", "high", "unit", "source", "year", "confidence", "note")
    source = read(folder / "lifecycle_and_other_factors.csv")
    rows = [_lifecycle_row(row) for row in source if row["item"] not in _OTHERS_OWN]
    return Table("fuels/lifecycle.csv", columns, rows)


def _lifecycle_row(row: Row) -> Row:
    key, low, high, year = _LIFE_CYCLE[row["item"]]
    note = "" if low else row["range"]
    source, confidence, note = _LIFE_CYCLE_SOURCES.get(key, (row["source"], row["confidence"], note))
    figures = {"low": low, "value": row["value"], "high": high, "unit": row["unit"]}
    return (
        {"key": key, "item": row["item"], "year": year, "note": note}
        | figures
        | {
            "source": source,
            "confidence": confidence,
        }
    )


def _targets(folder: Path) -> Table:
    columns = ("country", "policy", "target", "year", "source", "confidence")
    return Table("finance/policy_targets.csv", columns, read(folder / "policy_targets.csv"))
