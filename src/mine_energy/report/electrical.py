"""Strings, areas and connection as rows of text."""

from mine_energy import messages
from mine_energy.errors import Language
from mine_energy.pv import AreaResult, Connection, StringDesign
from mine_energy.report.format import Writer
from mine_energy.study import Solar
from mine_energy.vocabulary import choices

_WORDS = "cli.electrical"


def electrical_table(solar: Solar, language: Language, country: str) -> list[list[str]]:
    """Return the electrical design as rows of text, the first with the headings; empty where no string fits.

    Parameters
    ----------
    solar
        With its strings, areas and connection.
    language, country
        Of words and numbers.
    """
    if solar.strings is None or solar.areas is None or solar.connection is None:
        return []
    w = Writer(language=language, country=country)
    pairs = [*_strings(solar.strings, w), *_areas(solar.areas, w), *_connection(solar.connection, w, language)]
    heading = [_word(w, "quantity"), _word(w, "value")]
    return [heading, *([_word(w, key), value] for key, value in pairs if value)]


def _word(w: Writer, key: str) -> str:
    return messages.text(f"{_WORDS}.{key}", w.language, w.country)


def _strings(design: StringDesign, w: Writer) -> list[tuple[str, str]]:
    rows = " + ".join(f"{row.inverters} × ({row.strings_each} × {design.modules_in_series})" for row in design.rows)
    window = w.span(design.mppt_low_v, design.mppt_high_v, "V")
    return [
        ("module", f"{design.module} [{design.module_confidence}]"),
        ("inverter", f"{design.inverter} [{design.inverter_confidence}]"),
        ("table", rows),
        ("power", f"{w.number(design.pv_kwp, 1, 'kWp')} / {w.number(design.inverter_kw, 1, 'kW')}"),
        ("ratio", w.number(design.dc_ac_ratio, 2)),
        ("series", f"{design.modules_in_series_min}–{design.modules_in_series_max}"),
        ("low", w.number(design.record_low_c, 1, "°C")),
        ("hot", w.number(design.hot_cell_c, 1, "°C")),
        ("cold_voltage", f"{w.number(design.cold_open_circuit_v, 0)} / {w.number(design.dc_limit_v, 0, 'V')}"),
        ("hot_voltage", f"{w.number(design.hot_maximum_power_v, 0, 'V')} ({window})"),
        ("current", f"{w.number(design.string_current_a, 1)} / {w.number(design.conductor_current_a, 1, 'A')}"),
        ("fuse", w.number(design.fuse_a, 0, "A") if design.fuse_a is not None else ""),
        ("rule", design.voltage_rule),
    ]


def _areas(area: AreaResult, w: Writer) -> list[tuple[str, str]]:
    return [
        ("module_area", w.number(area.module_area_m2, 0, "m²")),
        ("ground_cover", w.number(area.ground_area_by_cover_m2, 0, "m²")),
        ("ground_pitch", f"{w.number(area.ground_area_by_pitch_m2, 0, 'm²')} ({w.number(area.pitch_used_m, 2, 'm')})"),
        ("noon_pitch", w.number(area.pitch_winter_noon_m, 2, "m") if area.pitch_winter_noon_m is not None else ""),
        ("roof", w.number(area.roof_area_needed_m2, 0, "m²")),
        ("weight", w.number(area.weight_kg_per_m2, 1, "kg/m²")),
        ("fits_roof", _fits(area.fits_roof, w)),
        ("fits_ground", _fits(area.fits_ground, w)),
        ("roof_bears", _fits(area.roof_bears, w)),
    ]


def _fits(fits: bool | None, w: Writer) -> str:
    return "" if fits is None else _word(w, "yes" if fits else "no")


def _connection(made: Connection, w: Writer, language: Language) -> list[tuple[str, str]]:
    point = choices("pv_connection_point")[made.point].label(language)
    voltage = "" if made.voltage_v is None or made.transformer == "plant" else f", {w.number(made.voltage_v, 0, 'V')}"
    kva = "" if made.transformer_kva is None else f", {w.number(made.transformer_kva, 1, 'kVA')}"
    return [
        ("point", point + voltage),
        ("ac_voltage", "" if made.inverter_ac_voltage_v is None else w.number(made.inverter_ac_voltage_v, 0, "V")),
        ("breaker", "" if made.breaker_a is None else w.number(made.breaker_a, 0, "A")),
        ("transformer", choices("pv_transformer")[made.transformer].label(language) + kva),
        (
            "protections",
            "; ".join(choices("pv_protection")[one.key].label(language) for one in made.protections),
        ),
    ]
