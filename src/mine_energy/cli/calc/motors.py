"""Calculators of one motor: its efficiency, its load, its current, the unbalance of its voltages."""

from typing import TYPE_CHECKING, Final

from mine_energy.cli.calc import options as o
from mine_energy.cli.calc.answer import Answer, Quantity, show
from mine_energy.cli.calc.given import Given
from mine_energy.cli.console import AsJson, Lang, check_language
from mine_energy.errors import Finding, Level, Param

if TYPE_CHECKING:
    from mine_energy.motors import ClassEfficiency

POLES: Final = {"2": "2", "4": "4", "6": "6", "8": "8"}
CLASSES: Final = {name.lower(): name for name in ("IE1", "IE2", "IE3", "IE4")}
HERTZ: Final = {"60": "60", "50": "50"}
MAX_LOAD: Final = 1.3


def motor_efficiency(
    ie_class: o.ClassName,
    power: o.Power,
    poles: o.Poles = "4",
    frequency: o.Frequency = "60",
    load: o.Load = None,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show the nominal efficiency of a class, and the efficiency at a load."""
    from mine_energy.motors import class_efficiency, efficiency_at_load, input_power_kw

    given = Given()
    plate = read_plate(given, power, ie_class, poles, frequency)
    at = given.maybe_ratio("--load", load, "load_factor", most=MAX_LOAD)
    given.done()
    found = class_efficiency(*plate)
    rated_kw = plate[1]
    results = [
        Quantity(key="efficiency", value=found.value, unit="fraction"),
        Quantity(key="table_rating_kw", value=found.rating_kw, unit="kW"),
    ]
    if at is not None:
        at_load = efficiency_at_load(found.value, at, rated_kw)
        drawn = input_power_kw(rated_kw, at, found.value)
        results += [
            Quantity(key="efficiency_at_load", value=at_load, unit="fraction"),
            Quantity(key="shaft_kw", value=at * rated_kw, unit="kW"),
            Quantity(key="input_kw", value=drawn, unit="kW"),
        ]
    answer = Answer(
        name="motor-efficiency",
        given=given.quantities,
        results=results,
        sources=[found.source],
        findings=class_doubts(found, plate[0], plate[3]),
    )
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def read_plate(
    given: Given, power: str, ie_class: str, poles: str, frequency: str = "60"
) -> tuple[str, float, int, int]:
    """Return class, rated power in kW, poles and frequency."""
    name = given.word("--class", ie_class, "ie_class", CLASSES)
    rated_kw = given.power("--power", power)
    count = given.word("--poles", poles, "poles", POLES)
    hertz = given.word("--frequency", frequency, "frequency_hz", HERTZ)
    return name, rated_kw, int(count or 0), int(hertz or 0)


def class_doubts(found: "ClassEfficiency", ie_class: str, frequency_hz: int) -> list[Finding]:
    """Return what has to be said about a class's efficiency that is not verified."""
    if found.status == "verified":
        return []
    key = "motor_unverified_table" if found.status == "unverified" else "motor_single_source_table"
    return [note(key, ie_class=ie_class, frequency_hz=frequency_hz)]


def note(key: str, level: Level = "assumption", **params: Param) -> Finding:
    """Return a finding of a calculator."""
    return Finding(key=key, level=level, params=params)


def motor_load(
    power: o.Power,
    input_kw: o.Input = None,
    efficiency: o.Efficiency = None,
    ie_class: o.MaybeClass = None,
    current: o.Current = None,
    voltage: o.Voltage = None,
    rated_current: o.RatedCurrent = None,
    rated_voltage: o.RatedVoltage = None,
    speed: o.Speed = None,
    rated_speed: o.RatedSpeed = None,
    poles: o.Poles = "4",
    frequency: o.Frequency = "60",
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show the load of a motor from its input, its current or its speed."""
    given = Given()
    rated_kw = given.power("--power", power)
    if input_kw is not None:
        load, method, findings = _from_input(given, rated_kw, input_kw, (efficiency, ie_class, poles, frequency))
    elif current is not None:
        load, method = _from_current(given, rated_kw, current, (voltage, rated_current, rated_voltage))
        findings = []
    elif speed is not None:
        load, method = _from_slip(given, speed, rated_speed, (poles, frequency), (voltage, rated_voltage))
        findings = []
    else:
        given.missing("--input", "--current", "--speed")
        given.done()
        return
    from mine_energy.motors.tables import assumption

    band = assumption(f"load_band_{method}")
    if load > 1:
        findings.append(note("motor_overloaded", "warning", percent=load * 100))
    results = [
        Quantity(key="load_factor", value=load, unit="fraction"),
        Quantity(key="load_low", value=load * (1 - band.value), unit="fraction"),
        Quantity(key="load_high", value=load * (1 + band.value), unit="fraction"),
        Quantity(key="shaft_kw", value=load * rated_kw, unit="kW"),
        Quantity(key="load_method", value=method, unit="word"),
    ]
    answer = Answer(
        name="motor-load", given=given.quantities, results=results, sources=[band.source], findings=findings
    )
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def _from_input(
    given: Given, rated_kw: float, input_kw: str, plate: tuple[str | None, str | None, str, str]
) -> tuple[float, str, list[Finding]]:
    from mine_energy.motors import class_efficiency, load_from_power

    efficiency, ie_class, poles, frequency = plate
    drawn = given.number("--input", input_kw, "input_kw", "kW", least=0)
    findings: list[Finding] = []
    full = 0.0
    if efficiency is not None:
        full = given.ratio("--efficiency", efficiency, "efficiency", least=0.01)
    elif ie_class is not None:
        name = given.word("--class", ie_class, "ie_class", CLASSES)
        count = given.word("--poles", poles, "poles", POLES)
        hertz = given.word("--frequency", frequency, "frequency_hz", HERTZ)
        given.done()
        found = class_efficiency(name, rated_kw, int(count), int(hertz))
        full, findings = found.value, class_doubts(found, name, int(hertz))
        given.quantities.append(Quantity(key="efficiency", value=full, unit="fraction"))
    else:
        given.missing("--efficiency", "--class")
    given.done()
    load = load_from_power(drawn, rated_kw, full)
    if load == 0 and drawn > 0:
        findings.append(note("motor_input_below_no_load", "warning", input_kw=drawn))
    return load, "spot_kw", findings


def _from_current(
    given: Given, rated_kw: float, current: str, rest: tuple[str | None, str | None, str | None]
) -> tuple[float, str]:
    from mine_energy.motors import load_from_current

    voltage, rated_current, rated_voltage = rest
    amperes = given.number("--current", current, "current_a", "A", least=0)
    names = ("--voltage", "--rated-current", "--rated-voltage")
    keys = (("voltage_v", "V"), ("rated_current_a", "A"), ("rated_voltage_v", "V"))
    values: list[float] = []
    for name, text, (key, unit) in zip(names, (voltage, rated_current, rated_voltage), keys, strict=True):
        if text is None:
            given.missing(name)
        else:
            values.append(given.number(name, text, key, unit, above=0))
    given.done()
    return load_from_current(amperes, values[0], values[1], values[2], rated_kw), "current"


def _from_slip(
    given: Given,
    speed: str,
    rated_speed: str | None,
    plate: tuple[str, str],
    voltages: tuple[str | None, str | None],
) -> tuple[float, str]:
    from mine_energy.motors import load_from_slip

    turns = given.number("--speed", speed, "speed_rpm", "rpm", least=0)
    if rated_speed is None:
        given.missing("--rated-speed")
        rated = 0.0
    else:
        rated = given.number("--rated-speed", rated_speed, "rated_speed_rpm", "rpm", above=0)
    count = given.word("--poles", plate[0], "poles", POLES)
    # The frequency while measuring: a tenth of a hertz is as much as a twentieth of the load.
    hertz = given.number("--frequency", plate[1], "line_frequency_hz", "Hz", least=45, most=65)
    pair = [
        None if text is None else given.number(name, text, key, "V", above=0)
        for name, text, key in zip(
            ("--voltage", "--rated-voltage"), voltages, ("voltage_v", "rated_voltage_v"), strict=True
        )
    ]
    given.done()
    return load_from_slip(turns, rated, int(count), hertz, pair[0], pair[1]), "slip"


def motor_current(
    power: o.Power,
    voltage: o.NeededVoltage,
    efficiency: o.Efficiency = None,
    power_factor: o.PowerFactor = None,
    load: o.Load = None,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show the current of a motor at full load, and at a load."""
    from mine_energy.motors import full_load_current_a, power_factor_at_load, relative_current

    given = Given()
    rated_kw = given.power("--power", power)
    volts = given.number("--voltage", voltage, "rated_voltage_v", "V", above=0)
    if efficiency is None:
        given.missing("--efficiency")
    full = given.maybe_ratio("--efficiency", efficiency, "efficiency", least=0.01) or 0.0
    at = given.maybe_ratio("--load", load, "load_factor", most=MAX_LOAD)
    factor = None if power_factor is None else given.factor("--power-factor", power_factor, "power_factor")
    given.done()
    if factor is None:
        factor = power_factor_at_load(1.0, rated_kw)
        given.quantities.append(Quantity(key="power_factor", value=factor, assumed=True))
    amperes = full_load_current_a(rated_kw, volts, full, factor)
    results = [Quantity(key="full_load_current_a", value=amperes, unit="A")]
    if at is not None:
        results += [
            Quantity(key="current_at_load_a", value=amperes * relative_current(at, rated_kw), unit="A"),
            Quantity(key="power_factor_at_load", value=power_factor_at_load(at, rated_kw, factor)),
        ]
    answer = Answer(name="motor-current", given=given.quantities, results=results)
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)


def unbalance(
    ab: o.VoltageAB,
    bc: o.VoltageBC,
    ca: o.VoltageCA,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show the unbalance of three line voltages and what it leaves of a motor's output."""
    from mine_energy.motors.voltage import UNBALANCE_NOTICE, UNBALANCE_STOP, unbalance_output_factor, voltage_unbalance

    given = Given()
    volts = [
        given.number(name, text, f"voltage_{name[2:]}_v", "V", above=0)
        for name, text in (("--ab", ab), ("--bc", bc), ("--ca", ca))
    ]
    given.done()
    share = voltage_unbalance(volts[0], volts[1], volts[2])
    results = [
        Quantity(key="voltage_unbalance", value=share, unit="fraction"),
        Quantity(key="output_factor", value=unbalance_output_factor(share), unit="fraction"),
    ]
    findings = []
    if share > UNBALANCE_STOP:
        findings.append(note("calc_unbalance_stop", "warning", percent=UNBALANCE_STOP * 100))
    elif share > UNBALANCE_NOTICE:
        findings.append(note("calc_unbalance_notice", "warning", percent=UNBALANCE_NOTICE * 100))
    answer = Answer(name="unbalance", given=given.quantities, results=results, findings=findings)
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)
