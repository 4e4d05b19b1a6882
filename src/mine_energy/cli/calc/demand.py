"""The calculator of demand: load factor, diversity, what the peak costs, and what cutting it is worth."""

from math import isnan, sqrt
from typing import Final

from mine_energy.cli.calc import options as o
from mine_energy.cli.calc.answer import Answer, Quantity, show
from mine_energy.cli.calc.given import Given
from mine_energy.cli.calc.motors import note
from mine_energy.cli.console import AsJson, Lang, check_language
from mine_energy.errors import Finding
from mine_energy.units import HOURS_PER_DAY, HOURS_PER_YEAR, MONTHS_PER_YEAR

_SPIKY: Final = 0.25
_FLAT: Final = 0.75
"""Load factors below and above which the shape is worth a word: a single shift of work gives a third."""


_HOURS_PER_MONTH: Final = HOURS_PER_YEAR / MONTHS_PER_YEAR


def demand(
    energy: o.PeriodEnergy,
    days: o.Days,
    peak: o.PeakPower,
    connected: o.ConnectedPower = None,
    sum_of_peaks: o.SumOfPeaks = None,
    reactive: o.ReactiveEnergy = None,
    price: o.DemandPrice = None,
    energy_price: o.EnergyPrice = None,
    cut: o.PeakCut = None,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show what a bill's energy and demand say of a plant, and what a kW at the peak costs."""
    given = Given()
    used = given.number("--energy", energy, "energy_kwh", "kWh", least=0)
    length = given.number("--days", days, "period_days", "days", above=0, most=400)
    highest = given.power("--peak", peak, "peak_kw")
    installed = given.power("--connected", connected, "connected_kw") if connected is not None else None
    together = given.power("--sum-of-peaks", sum_of_peaks, "sum_of_peaks_kw") if sum_of_peaks is not None else None
    lagging = given.number("--reactive", reactive, "reactive_kvarh", "kvarh", least=0) if reactive is not None else None
    per_kw = given.maybe_number("--price", price, "demand_price", "$/kW-month")
    per_kwh = given.maybe_number("--energy-price", energy_price, "energy_price", "$/kWh")
    less = given.power("--cut", cut, "peak_cut_kw") if cut is not None else None
    hours = length * HOURS_PER_DAY
    if not isnan(used) and not isnan(hours) and not isnan(highest) and used > highest * hours:
        given.wrong("calc_energy_over_peak", "--energy", energy, most=highest * hours)
    if together is not None and together < highest:
        given.wrong("calc_peaks_below_peak", "--sum-of-peaks", sum_of_peaks or "", peak=highest)
    if less is not None and less > highest:
        given.wrong("calc_out_of_range", "--cut", cut or "", low="0", high=f"{highest:g}")
    given.done()
    factor = used / (highest * hours)
    results = [
        Quantity(key="mean_kw", value=used / hours, unit="kW"),
        Quantity(key="plant_load_factor", value=factor, unit="fraction"),
        Quantity(key="peak_hours_per_day", value=factor * HOURS_PER_DAY, unit="h"),
        *_sharing(highest, installed, together),
        *_apparent(used, highest, lagging),
        *_cost(factor, highest, per_kw, per_kwh, less),
    ]
    answer = Answer(name="demand", given=given.quantities, results=results, findings=_notes(factor, highest, installed))
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def _sharing(peak_kw: float, connected_kw: float | None, sum_of_peaks_kw: float | None) -> list[Quantity]:
    """Return demand factor (peak over connected power), coincidence factor and its inverse, diversity."""
    found = []
    if connected_kw is not None:
        found.append(Quantity(key="demand_factor", value=peak_kw / connected_kw, unit="fraction"))
    if sum_of_peaks_kw is not None:
        found.append(Quantity(key="coincidence_factor", value=peak_kw / sum_of_peaks_kw, unit="fraction"))
        found.append(Quantity(key="diversity_factor", value=sum_of_peaks_kw / peak_kw))
    return found


def _apparent(energy_kwh: float, peak_kw: float, reactive_kvarh: float | None) -> list[Quantity]:
    """Return the period's power factor, and the apparent peak if it had the same one."""
    if reactive_kvarh is None or energy_kwh <= 0:
        return []
    factor = energy_kwh / sqrt(energy_kwh**2 + reactive_kvarh**2)
    return [
        Quantity(key="period_power_factor", value=factor),
        Quantity(key="peak_kva", value=peak_kw / factor, unit="kVA"),
    ]


def _cost(
    load_factor: float, peak_kw: float, per_kw_month: float | None, per_kwh: float | None, cut_kw: float | None
) -> list[Quantity]:
    """Return what demand costs by month, by kW and year, and by kWh; and what a lower peak saves."""
    if per_kw_month is None:
        return []
    found = [
        Quantity(key="demand_cost_month", value=per_kw_month * peak_kw, unit="$/month"),
        Quantity(key="kw_cost_year", value=per_kw_month * MONTHS_PER_YEAR, unit="$/kW-year"),
    ]
    if load_factor > 0:
        spread = per_kw_month / (load_factor * _HOURS_PER_MONTH)
        found.append(Quantity(key="demand_cost_per_kwh", value=spread, unit="$/kWh"))
        if per_kwh is not None:
            found.append(Quantity(key="demand_share", value=spread / (spread + per_kwh), unit="fraction"))
    if cut_kw is not None:
        found.append(Quantity(key="cut_saving_year", value=cut_kw * per_kw_month * MONTHS_PER_YEAR, unit="$/year"))
        if cut_kw < peak_kw:
            found.append(
                Quantity(key="load_factor_after", value=load_factor * peak_kw / (peak_kw - cut_kw), unit="fraction")
            )
    return found


def _notes(load_factor: float, peak_kw: float, connected_kw: float | None) -> list[Finding]:
    found = [note("calc_demand_window", "info")]
    if load_factor < _SPIKY:
        found.append(note("calc_load_factor_low", "info", percent=100 * load_factor))
    elif load_factor > _FLAT:
        found.append(note("calc_load_factor_high", "info", percent=100 * load_factor))
    if connected_kw is not None and peak_kw > connected_kw:
        found.append(note("calc_peak_over_connected", "warning"))
    return found
