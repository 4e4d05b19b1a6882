"""What a reader understood of a file, as rows: the same in a terminal and on a page."""

from collections.abc import Callable

from mine_energy import messages
from mine_energy.io.meter_view import ColumnView, MeterView
from mine_energy.report.format import Writer
from mine_energy.weather.check import WeatherCheck

Rows = list[list[str]]


def meter_rows(view: MeterView, w: Writer, stamp: Callable[[str], str] = str) -> Rows:
    """Return name and value of what was understood of a meter's file.

    Parameters
    ----------
    view
        What :func:`~mine_energy.io.meter_view.view_meter` returns.
    w
        Language and marks.
    stamp
        How a moment in ISO 8601 is shown.
    """

    def name(key: str) -> str:
        return messages.text(f"cli.load.{key}", w.language)

    status = name(f"layout_{view.layout_status}")
    rows = [
        [name("layout"), f"{view.layout} ({status})"],
        [name("header_line"), str(view.header_line)],
        *([name(column.role), _column_text(column, name)] for column in view.columns),
        [name("first_stamp"), view.first_stamp],
        [name("first_interval"), f"{stamp(view.first_start)} – {stamp(view.first_end)}"],
        [name("last_end"), stamp(view.last_end)],
        [name("step"), w.estimate(view.step_minutes, "min", digits=4)],
        [name("intervals"), w.number(view.intervals)],
        [name("missing"), w.number(view.missing_intervals)],
        [name("energy"), w.number(view.energy_kwh, 2, "kWh")],
        [name("mean"), w.number(view.mean_kw, 2, "kW")],
        [name("peak"), f"{w.number(view.peak_kw, 2, 'kW')} ({stamp(view.peak_at)})"],
    ]
    if view.reactive_kvarh is not None:
        rows.append([name("reactive_energy"), w.number(view.reactive_kvarh, 2, "kvarh")])
    return rows


def _column_text(column: ColumnView, name: Callable[[str], str]) -> str:
    shown = f"{column.letters}: {column.heading}"
    return shown + (f" ({name(f'as_{column.quantity}')})" if column.quantity else "")


def weather_tables(found: WeatherCheck, w: Writer) -> list[tuple[str, Rows]]:
    """Return title and rows of the tables of a look at a weather file: the whole without title, then the months.

    Parameters
    ----------
    found
        What :func:`~mine_energy.io.weather_check.check_file` returns.
    w
        Language and marks.
    """

    def name(key: str) -> str:
        return messages.text(f"cli.weather.{key}", w.language)

    years = found.years
    shown_years = f"{min(years)}–{max(years)}" if len(years) > 1 else ", ".join(map(str, years))
    gaps = w.number(found.missing_hours)
    if found.missing_hours:
        gaps += f" ({name('runs')}: {found.missing_runs}; {name('longest')}: {found.longest_missing_hours} h)"
    whole = [
        [name("source"), found.source],
        [name("kind"), w.word("weather_kind", found.kind)],
        [name("layout"), found.layout],
        [name("place"), f"{found.latitude:.4f}, {found.longitude:.4f}, {found.altitude_m:.0f} m"],
        [name("years"), shown_years],
        [name("hours"), w.number(found.hours)],
        [name("missing"), gaps],
        [name("offset"), f"{found.sun_offset_minutes:g} min"],
        [name("shift"), f"{found.sky_shift_minutes:+g} min"],
        [name("closure"), f"{w.number(found.closure_rmse_w_m2, 1)} / {w.number(found.closure_bias_w_m2, 1)} W/m²"],
        [name("clear_ratio"), w.number(found.clear_sky_ratio, 3)],
        [name("bright_ratio"), w.number(found.bright_ratio, 2)],
        [name("above"), f"{w.number(found.above_clear_sky_hours)} ({w.percent(found.above_clear_sky_share, 1)})"],
        ["GHI", w.number(found.ghi_kwh_m2, 0, "kWh/m²")],
        ["DNI", w.number(found.dni_kwh_m2, 0, "kWh/m²")],
        ["DHI", w.number(found.dhi_kwh_m2, 0, "kWh/m²")],
    ]
    if found.climate_kwh_m2 is not None and found.climate_ratio is not None:
        whole.append([name("climate"), w.number(found.climate_kwh_m2, 0, "kWh/m²")])
        whole.append([name("against"), f"{100.0 * (found.climate_ratio - 1.0):+.0f} %"])
    return [("", whole), (name("months"), _months(found, w, name))]


def _months(found: WeatherCheck, w: Writer, name: Callable[[str], str]) -> Rows:
    rows = [[name("month"), name("file_day"), name("climate_day"), name("against")]]
    for month in found.months:
        theirs = "–" if month.climate_kwh_m2_day is None else w.number(month.climate_kwh_m2_day, 2)
        ratio = "–" if month.ratio is None else f"{100.0 * (month.ratio - 1.0):+.0f} %"
        rows.append([str(month.month), w.number(month.ghi_kwh_m2_day, 2), theirs, ratio])
    return rows
