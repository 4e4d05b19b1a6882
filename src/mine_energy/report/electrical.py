"""Strings, areas and connection as names and values, for the report, the workbook and the terminal."""

from mine_energy import messages
from mine_energy.errors import Finding, Language
from mine_energy.pv import AreaResult, Connection, StringDesign
from mine_energy.report.format import Writer
from mine_energy.study import Solar
from mine_energy.vocabulary import choices

_WORDS = "cli.electrical"
Pairs = list[tuple[str, str]]


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
    pairs = [*built(solar.strings, w), *limits(solar.strings, w), *_areas(solar.areas, w)]
    pairs += [*connected(solar.connection, w), (word("protections", w), "; ".join(protections(solar.connection, w)))]
    return [[word("quantity", w), word("value", w)], *([name, value] for name, value in pairs if value)]


def word(key: str, w: Writer) -> str:
    """Return the name of a figure of the electrical design."""
    return messages.text(f"{_WORDS}.{key}", w.language, w.country)


def _named(pairs: Pairs, w: Writer) -> Pairs:
    return [(word(key, w), value) for key, value in pairs if value]


def built(design: StringDesign, w: Writer) -> Pairs:
    """Return what is built: module, inverter, strings, power."""
    rows = " + ".join(f"{row.inverters} × ({row.strings_each} × {design.modules_in_series})" for row in design.rows)
    return _named(
        [
            ("module", f"{design.module} [{design.module_confidence}]"),
            ("inverter", f"{design.inverter} [{design.inverter_confidence}]"),
            ("table", rows),
            ("power", f"{w.number(design.pv_kwp, 1, 'kWp')} / {w.number(design.inverter_kw, 1, 'kW')}"),
            ("ratio", w.number(design.dc_ac_ratio, 2)),
        ],
        w,
    )


def limits(design: StringDesign, w: Writer) -> Pairs:
    """Return what the strings are held to: temperatures, voltages, currents, and the rules."""
    window = w.span(design.mppt_low_v, design.mppt_high_v, "V")
    return _named(
        [
            ("series", f"{design.modules_in_series_min}–{design.modules_in_series_max}"),
            ("low", w.number(design.record_low_c, 1, "°C")),
            ("hot", w.number(design.hot_cell_c, 1, "°C")),
            ("cold_voltage", f"{w.number(design.cold_open_circuit_v, 0)} / {w.number(design.dc_limit_v, 0, 'V')}"),
            ("hot_voltage", f"{w.number(design.hot_maximum_power_v, 0, 'V')} ({window})"),
            ("current", f"{w.number(design.string_current_a, 1)} / {w.number(design.conductor_current_a, 1, 'A')}"),
            ("fuse", w.number(design.fuse_a, 0, "A") if design.fuse_a is not None else ""),
            ("rule", design.voltage_rule),
        ],
        w,
    )


def _areas(area: AreaResult, w: Writer) -> Pairs:
    return _named(
        [
            ("module_area", w.number(area.module_area_m2, 0, "m²")),
            ("ground_cover", w.number(area.ground_area_by_cover_m2, 0, "m²")),
            (
                "ground_pitch",
                f"{w.number(area.ground_area_by_pitch_m2, 0, 'm²')} ({w.number(area.pitch_used_m, 2, 'm')})",
            ),
            ("noon_pitch", w.number(area.pitch_winter_noon_m, 2, "m") if area.pitch_winter_noon_m is not None else ""),
            ("roof", w.number(area.roof_area_needed_m2, 0, "m²")),
            ("weight", w.number(area.weight_kg_per_m2, 1, "kg/m²")),
            *fits(area, w),
        ],
        w,
    )


def fits(area: AreaResult, w: Writer) -> Pairs:
    """Return whether roof and ground take the array, by key; empty where the site does not say what there is."""
    answers = (("fits_roof", area.fits_roof), ("fits_ground", area.fits_ground), ("roof_bears", area.roof_bears))
    return [(key, "" if fit is None else word("yes" if fit else "no", w)) for key, fit in answers]


def connected(made: Connection, w: Writer) -> Pairs:
    """Return the connection: point, voltages, breaker, transformer."""
    point = choices("pv_connection_point")[made.point].label(w.language)
    voltage = "" if made.voltage_v is None or made.transformer == "plant" else f", {w.number(made.voltage_v, 0, 'V')}"
    kva = "" if made.transformer_kva is None else f", {w.number(made.transformer_kva, 1, 'kVA')}"
    return _named(
        [
            ("point", point + voltage),
            ("ac_voltage", "" if made.inverter_ac_voltage_v is None else w.number(made.inverter_ac_voltage_v, 0, "V")),
            ("breaker", "" if made.breaker_a is None else w.number(made.breaker_a, 0, "A")),
            ("transformer", choices("pv_transformer")[made.transformer].label(w.language) + kva),
        ],
        w,
    )


def protections(made: Connection, w: Writer) -> list[str]:
    """Return the names of the protections to ask for."""
    return [choices("pv_protection")[one.key].label(w.language) for one in made.protections]


def electrical_warnings(solar: Solar) -> tuple[Finding, ...]:
    """Return the warnings of strings, areas and connection; where no string fits, the reason."""
    parts = (solar.strings, solar.areas, solar.connection)
    said = [finding for part in parts if part is not None for finding in part.findings]
    if solar.strings is None:
        said = [finding for finding in solar.findings if finding.key.startswith("pv_")]
    return tuple(finding for finding in said if finding.level == "warning")
