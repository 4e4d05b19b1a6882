"""Calculators of one measure on one machine: the audit's own measures, on a plant of one machine."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from mine_energy.cli.calc import options as o
from mine_energy.cli.calc.answer import Answer, Quantity, show
from mine_energy.cli.calc.given import Given
from mine_energy.cli.calc.motors import CLASSES, MAX_LOAD, POLES
from mine_energy.cli.console import AsJson, Lang, check_language
from mine_energy.errors import Finding

_TAG: Final = "1"
_DAYS: Final = 365
_MOST_HOURS: Final = 8784.0
_CONTROL_NOW: Final = {"throttle": "throttle", "none": "none", "estrangulada": "throttle", "ninguno": "none"}


def vfd(
    power: o.Power,
    hours: o.Hours,
    duty: o.Duty,
    static_head: o.StaticHead,
    control_now: o.ControlNow = "throttle",
    load: o.Load = None,
    efficiency: o.Efficiency = None,
    ie_class: o.MaybeClass = None,
    poles: o.Poles = "4",
    altitude: o.Altitude = "0",
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show what a variable-speed drive saves on a pump or fan."""
    given = Given()
    machine = _motor(given, (power, hours, load), (efficiency, ie_class, poles)) | {"load_type": "centrifugal"}
    shares = _duty(given, duty)
    static = given.ratio("--static-head", static_head, "static_head")
    control = given.word("--control-now", control_now, "control_now", _CONTROL_NOW)
    above_sea = given.number("--altitude", altitude, "altitude_m", "m", least=-500, most=6000)
    given.done()
    entry = {"tag": _TAG, "duty": shares, "static_head_fraction": static, "control_now": control}
    answer = _assessed("vfd", given, machine, {"drive": [entry]}, above_sea)
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def belt(
    power: o.Power,
    hours: o.Hours,
    new: o.BeltNew = "notched_belt",
    load: o.Load = None,
    efficiency: o.Efficiency = None,
    ie_class: o.MaybeClass = None,
    poles: o.Poles = "4",
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show what a notched or synchronous belt saves in place of a V-belt."""
    given = Given()
    machine = _motor(given, (power, hours, load), (efficiency, ie_class, poles)) | {"transmission": "v_belt"}
    kind = given.choice("--new", new, "transmission", ("notched_belt", "synchronous_belt"))
    given.done()
    answer = _assessed("belt", given, machine, {"belt": [{"tag": _TAG, "new": kind}]})
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def leak(
    power: o.Power,
    hours: o.Hours,
    loaded_minutes: o.LoadedMinutes = None,
    unloaded_minutes: o.UnloadedMinutes = None,
    leak_flow: o.LeakFlow = None,
    full_flow: o.FullFlow = None,
    control: o.Control = "load_unload",
    unloaded_hours: o.UnloadedHours = "0",
    load: o.Load = None,
    efficiency: o.Efficiency = None,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show how much air leaks and what the leaks cost in energy."""
    given = Given()
    machine = _motor(given, (power, hours, load), (efficiency, None, "4"))
    idle = given.number("--unloaded-hours", unloaded_hours, "unloaded_hours_year", "h", least=0, most=_MOST_HOURS)
    kind = given.choice("--control", control, "compressor_control")
    share = _leak_share(given, (loaded_minutes, unloaded_minutes), (leak_flow, full_flow))
    given.done()
    machine |= {"equipment": "compressor", "compressor_control": kind, "unloaded_hours": idle}
    entry = {"tag": _TAG, "leak_fraction": share, "repaired_fraction": 1.0, "control": kind}
    answer = _assessed("leak", given, machine, {"leaks": [entry]})
    shown = Quantity(key="leak_fraction", value=share, unit="fraction")
    answer = replace(answer, results=[shown, *answer.results])
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def pressure(
    power: o.Power,
    hours: o.Hours,
    now: o.PressureNow,
    wanted: o.PressureNew,
    altitude: o.Altitude = "0",
    load: o.Load = None,
    efficiency: o.Efficiency = None,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show what a lower air pressure saves."""
    given = Given()
    machine = _motor(given, (power, hours, load), (efficiency, None, "4")) | {"equipment": "compressor"}
    today = given.pressure("--now", now, "pressure_now_kpa")
    later = given.pressure("--wanted", wanted, "pressure_new_kpa")
    above_sea = given.number("--altitude", altitude, "altitude_m", "m", least=-500, most=6000)
    given.done()
    entry = {"tag": _TAG, "pressure_now_kpa": today, "pressure_new_kpa": later}
    answer = _assessed("pressure", given, machine, {"pressure": [entry]}, above_sea)
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def lighting(
    lamps: o.Lamps,
    watts_in: o.WattsIn,
    watts_out: o.WattsOut,
    hours: o.Hours,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show what other lamps save."""
    from mine_energy.units import W_PER_KW

    given = Given()
    count = given.whole("--lamps", lamps, "lamps", "count", 1e6)
    old = given.number("--watts-in", watts_in, "watts_in", "W", above=0)
    new = given.number("--watts-out", watts_out, "watts_out", "W", least=0)
    burning = given.number("--hours", hours, "run_hours_year", "h", above=0, most=_MOST_HOURS)
    given.done()
    machine = {"rated_power_kw": count * old / W_PER_KW, "hours": burning, "equipment": "lighting", "load_factor": 1.0}
    entry = {"tag": _TAG, "watts_in": old, "watts_out": new, "units": count}
    answer = _assessed("lighting", given, machine, {"lighting": [entry]})
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def _motor(
    given: Given, running: tuple[str, str, str | None], plate: tuple[str | None, str | None, str]
) -> dict[str, Any]:
    """Return what the options say about a machine, by the inventory's names, with its hours a year."""
    power, hours, load = running
    efficiency, ie_class, poles = plate
    row: dict[str, Any] = {
        "rated_power_kw": given.power("--power", power),
        "hours": given.number("--hours", hours, "run_hours_year", "h", above=0, most=_MOST_HOURS),
    }
    if load is not None:
        row["load_factor"] = given.ratio("--load", load, "load_factor", most=MAX_LOAD)
    if efficiency is not None:
        row["efficiency"] = given.ratio("--efficiency", efficiency, "efficiency", least=0.01)
    if ie_class is not None:
        row["ie_class"] = given.word("--class", ie_class, "ie_class", CLASSES)
        row["poles"] = int(given.word("--poles", poles, "poles", POLES) or 4)
    return row


def _duty(given: Given, text: str) -> list[tuple[float, float]]:
    """Return pairs of a share of the hours and the flow it needs."""
    points = Given()
    pairs: list[tuple[float, float]] = []
    for piece in (part.strip() for part in text.split(";") if part.strip()):
        share, colon, flow = piece.partition(":")
        if not colon:
            given.wrong("calc_duty", "--duty", piece)
            continue
        pairs.append((points.ratio("--duty", share, "duty"), points.ratio("--duty", flow, "duty")))
    given.problems += points.problems
    total = sum(share for share, _ in pairs)
    if not given.problems and abs(total - 1) > 1e-3:
        given.wrong("calc_duty_sum", "--duty", text, percent=total * 100)
    written = "; ".join(f"{100 * share:g}%:{100 * flow:g}%" for share, flow in pairs)
    given.quantities.append(Quantity(key="duty", value=written, unit="text"))
    return pairs


def _leak_share(given: Given, test: tuple[str | None, str | None], flows: tuple[str | None, str | None]) -> float:
    """Return the leakage over full flow, from a test without consumers or from two flows in one unit."""
    from mine_energy.measures.air import leak_fraction

    if test[0] is not None and test[1] is not None:
        loaded = given.number("--loaded-minutes", test[0], "loaded_minutes", "min", above=0)
        unloaded = given.number("--unloaded-minutes", test[1], "unloaded_minutes", "min", least=0)
        return leak_fraction(loaded, unloaded)
    if flows[0] is not None and flows[1] is not None:
        lost = given.number("--leak-flow", flows[0], "leak_flow", "", least=0)
        full = given.number("--full-flow", flows[1], "full_flow", "", above=0)
        if lost > full:
            given.wrong("calc_out_of_range", "--leak-flow", flows[0], low="0", high=f"{full:g}")
        return lost / full
    given.missing("--loaded-minutes, --unloaded-minutes", "--leak-flow, --full-flow")
    return 0.0


def _assessed(name: str, given: Given, row: dict[str, Any], choice: dict[str, Any], altitude_m: float = 0.0) -> Answer:
    """Return what one measure does to one machine, through the audit's own engine."""
    from mine_energy.measures.context import MeasureContext
    from mine_energy.measures.engine import assess
    from mine_energy.measures.machine import Machine
    from mine_energy.motors import Motor, motor_state
    from mine_energy.site import MeasuresChoice

    hours, idle = row.pop("hours"), row.pop("unloaded_hours", 0.0)
    # The inventory counts by working days; the measure takes the hours of the year as they were given.
    daily = {"hours_per_day": min(24.0, hours / _DAYS), "unloaded_hours_per_day": min(24.0, idle / _DAYS)}
    motor = Motor.model_validate({"tag": _TAG, **row, **daily})
    machine = Machine(motor=motor, state=motor_state(motor), hours_per_year=hours, unloaded_hours_per_year=idle)
    context = MeasureContext(machines=(machine,), choice=MeasuresChoice.model_validate(choice), altitude_m=altitude_m)
    done = assess(context, list(choice)).savings[0]
    today = machine.energy_kwh_per_year
    results = [
        Quantity(key="energy_now", value=today, unit="kWh/a"),
        Quantity(key="energy_after", value=today - done.energy_kwh_per_year, unit="kWh/a"),
        Quantity(key="energy_saving", value=done.energy_kwh_per_year, unit="kWh/a"),
        Quantity(key="saving_low", value=done.energy_low_kwh_per_year, unit="kWh/a"),
        Quantity(key="saving_high", value=done.energy_high_kwh_per_year, unit="kWh/a"),
        Quantity(key="saving_share", value=done.energy_kwh_per_year / today if today else 0.0, unit="fraction"),
    ]
    assumed = [
        Quantity(key=key, value=value, unit="fraction", assumed=True)
        for key, value in (
            ("load_factor", machine.state.load_factor),
            ("efficiency", machine.state.efficiency_full_load),
        )
        if key not in row and value is not None
    ]
    findings = _without_tag([done.reason, *machine.state.findings, *done.findings])
    return Answer(name=name, given=[*given.quantities, *assumed], results=results, findings=findings)


def _without_tag(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings about the only machine there is, without its name; a calculator knows no prices."""
    kept = [f for f in findings if f.key not in {"measure_price_missing", "measure_drive_price_assumed"}]
    return [replace(finding, subject="") for finding in kept]
