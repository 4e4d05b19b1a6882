"""The options of the calculators. Numbers are read as text: ``0,75``, ``75 %`` and ``30 hp`` are all numbers here."""

from typing import Annotated, Any, Final

import typer

from mine_energy import messages
from mine_energy.cli.console import check_language


def _option(name: str, metavar: str, default: bool = False) -> Any:
    key = name.removeprefix("--").replace("-", "_")
    return typer.Option(name, help=f"cli.option.{key}", metavar=metavar, show_default=default)


Power = Annotated[str, _option("--power", "kW|hp|CV")]
ClassName = Annotated[str, _option("--class", "IE1..IE4")]
MaybeClass = Annotated[str | None, _option("--class", "IE1..IE4")]
Poles = Annotated[str, _option("--poles", "2|4|6|8", default=True)]
Frequency = Annotated[str, _option("--frequency", "Hz", default=True)]
Load = Annotated[str | None, _option("--load", "0..1.3|%")]
Efficiency = Annotated[str | None, _option("--efficiency", "0..1|%")]
PowerFactor = Annotated[str | None, _option("--power-factor", "0..1")]
Hours = Annotated[str, _option("--hours", "h")]
Country = Annotated[str, _option("--country", "CO|PE", default=True)]

Input = Annotated[str | None, _option("--input", "kW")]
Current = Annotated[str | None, _option("--current", "A")]
Voltage = Annotated[str | None, _option("--voltage", "V")]
NeededVoltage = Annotated[str, _option("--voltage", "V")]
RatedCurrent = Annotated[str | None, _option("--rated-current", "A")]
RatedVoltage = Annotated[str | None, _option("--rated-voltage", "V")]
Speed = Annotated[str | None, _option("--speed", "rpm")]
RatedSpeed = Annotated[str | None, _option("--rated-speed", "rpm")]
VoltageAB = Annotated[str, _option("--ab", "V")]
VoltageBC = Annotated[str, _option("--bc", "V")]
VoltageCA = Annotated[str, _option("--ca", "V")]

Duty = Annotated[str, _option("--duty", '"30%:100%; 70%:60%"')]
StaticHead = Annotated[str, _option("--static-head", "0..1|%")]
ControlNow = Annotated[str, _option("--control-now", "throttle|none", default=True)]
Altitude = Annotated[str, _option("--altitude", "m", default=True)]
BeltNew = Annotated[str, _option("--new", "notched_belt|synchronous_belt", default=True)]
Control = Annotated[str, _option("--control", "load_unload|modulating|...", default=True)]
LoadedMinutes = Annotated[str | None, _option("--loaded-minutes", "min")]
UnloadedMinutes = Annotated[str | None, _option("--unloaded-minutes", "min")]
LeakFlow = Annotated[str | None, _option("--leak-flow", "Q")]
FullFlow = Annotated[str | None, _option("--full-flow", "Q")]
UnloadedHours = Annotated[str, _option("--unloaded-hours", "h", default=True)]
PressureNow = Annotated[str, _option("--now", "kPa|bar|psi")]
PressureNew = Annotated[str, _option("--wanted", "kPa|bar|psi")]
Lamps = Annotated[str, _option("--lamps", "N")]
WattsIn = Annotated[str, _option("--watts-in", "W")]
WattsOut = Annotated[str, _option("--watts-out", "W")]

ActivePower = Annotated[str, _option("--active", "kW")]
FactorNow = Annotated[str, _option("--factor-now", "0..1")]
FactorWanted = Annotated[str, _option("--factor-wanted", "0..1", default=True)]
NoLoadKvar = Annotated[str | None, _option("--no-load-kvar", "kvar")]
ShortCircuit = Annotated[str | None, _option("--short-circuit", "MVA")]
GensetPower = Annotated[str, _option("--genset", "kW|hp|CV")]
Litres = Annotated[str | None, _option("--litres", "L")]
Energy = Annotated[str | None, _option("--energy", "kWh")]
FuelAtRest = Annotated[str | None, _option("--fuel-intercept", "L/h/kW")]
FuelSlope = Annotated[str | None, _option("--fuel-slope", "L/kWh")]

PeriodEnergy = Annotated[str, _option("--energy", "kWh")]
Days = Annotated[str, _option("--days", "N")]
PeakPower = Annotated[str, _option("--peak", "kW")]
ConnectedPower = Annotated[str | None, _option("--connected", "kW|hp|CV")]
SumOfPeaks = Annotated[str | None, _option("--sum-of-peaks", "kW")]
ReactiveEnergy = Annotated[str | None, _option("--reactive", "kvarh")]
DemandPrice = Annotated[str | None, _option("--price", "$/kW")]
EnergyPrice = Annotated[str | None, _option("--energy-price", "$/kWh")]
PeakCut = Annotated[str | None, _option("--cut", "kW")]

Investment = Annotated[str, _option("--investment", "$")]
SavingPerYear = Annotated[str, _option("--saving", "$")]
UpkeepPerYear = Annotated[str, _option("--upkeep", "$", default=True)]
Years = Annotated[str, _option("--years", "N")]
Rate = Annotated[str, _option("--rate", "0..1|%")]
SavedEnergy = Annotated[str | None, _option("--saved-energy", "kWh")]

COUNTRIES: Final = ("CO", "PE")


def marks_of(country: str, lang: str | None) -> str:
    """Return the country whose number marks are used; an unknown one is a usage error."""
    code = country.upper()
    if code not in COUNTRIES:
        text = messages.text("cli.unknown_country", check_language(lang), value=country)
        raise typer.BadParameter(text, param_hint="--country")
    return code
