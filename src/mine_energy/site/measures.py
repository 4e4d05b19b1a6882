"""What a person writes about the measures of an audit: what no inventory holds and nobody may guess.

Each list names machines by their tag. A machine that a measure could touch and no list names is reported together
with what to measure on it; nothing is assumed in silence.
"""

from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.base import Fraction, NonNegative, Positive, Section

Flow = Annotated[float, Field(ge=0, le=1)]
Duty = Annotated[tuple[tuple[Fraction, Flow], ...], Field(min_length=1)]
"""Pairs of a share of the running hours and the flow over the rated flow; the shares add up to one."""


class Entry(Section):
    """One machine of one measure."""

    tag: Annotated[str, Field(min_length=1)]
    """Tag of the machine in the inventory."""
    capex_usd: NonNegative | None = None
    """Price of the measure on all running units, installed, USD; without it the money stays unknown."""
    life_years: Positive | None = None
    """Life of the measure; a packaged assumption when absent."""
    band: Fraction | None = None
    """Half-width of the 90 % interval of the measure's effect, as a share of it; a packaged assumption when absent."""


class LightingEntry(Entry):
    """``[[measures.lighting]]``: other lamps, lumen for lumen."""

    watts_in: Positive
    """Power of a present luminaire with its ballast, W."""
    watts_out: NonNegative
    """Power of the new luminaire, W."""
    units: Annotated[int, Field(ge=1)]
    """Luminaires to change."""


class CompressorEntry(Entry):
    """What every measure on a compressor has to know."""

    control: Literal["load_unload", "modulating", "variable_displacement", "variable_speed", "start_stop"] | None = None
    """How the compressor follows the demand; the inventory's when absent."""


class LeakEntry(CompressorEntry):
    """``[[measures.leaks]]``: repair of leaks."""

    leak_fraction: Fraction
    """Leakage over the compressor's full flow, from a test without consumers."""
    repaired_fraction: Fraction
    """Share of the leakage that the repair stops and upkeep keeps stopped."""


class PressureEntry(Entry):
    """``[[measures.pressure]]``: a lower discharge pressure."""

    pressure_now_kpa: Positive
    """Discharge pressure today, kPa gauge."""
    pressure_new_kpa: Positive
    """Discharge pressure that still serves the farthest tool, kPa gauge."""


class IntakeEntry(CompressorEntry):
    """``[[measures.intake]]``: cooler intake air."""

    intake_now_deg_c: Annotated[float, Field(ge=-20, le=80)]
    """Temperature of the air drawn in today, degrees Celsius."""
    intake_new_deg_c: Annotated[float, Field(ge=-20, le=80)]
    """Temperature of the outside air in the shade, degrees Celsius."""


class UnloadedEntry(Entry):
    """``[[measures.unloaded]]``: stopping a compressor instead of letting it run unloaded."""

    stopped_fraction: Fraction
    """Share of today's unloaded hours that the control stops."""


class PumpEntry(Entry):
    """``[[measures.pump]]``: head and operating point of a pump, at the same flow."""

    head_now_m: Positive
    """Total head that the pump makes today, m."""
    head_needed_m: Positive
    """Head that the pipes need without throttling, m."""
    efficiency_now: Annotated[float, Field(gt=0, le=1)]
    """Pump efficiency at today's point."""
    efficiency_new: Annotated[float, Field(gt=0, le=1)]
    """Pump efficiency at the new point: trimmed impeller, other pump, cleared wear."""
    flow_m3_per_h: Positive | None = None
    """Flow of one pump, for a check against its shaft power."""


class VentilationEntry(Entry):
    """``[[measures.ventilation]]``: air on demand with a speed-controlled fan."""

    duty: Duty
    """Shares of the running hours and the flow they need, over today's flow."""
    minimum_flow_fraction: Fraction
    """Least flow that people, blasting fumes and engines allow, over today's flow."""
    flow_m3_per_s: Positive | None = None
    """Today's flow of one fan, for a check against its shaft power."""
    pressure_pa: Positive | None = None
    """Total pressure of the fan's curve at that flow, Pa, for air of 1.2 kg/m3."""
    fan_efficiency: Annotated[float, Field(gt=0, le=1)] | None = None
    """Fan efficiency at that flow."""


class IdleEntry(Entry):
    """``[[measures.idle]]``: automatic stop of a machine that runs without material."""

    idle_hours_per_day: Positive
    """Hours of a working day that it runs empty, within its running hours."""
    idle_input_kw: NonNegative
    """Electric input of one unit while empty, measured, kW."""
    stopped_fraction: Fraction
    """Share of the empty hours that the stop avoids."""


class DriveEntry(Entry):
    """``[[measures.drive]]``: a variable-speed drive on a pump or fan."""

    duty: Duty
    """Shares of the running hours and the flow they need, over the rated flow."""
    static_head_fraction: Fraction
    """Static head (lift, tank pressure) over the head at rated flow; zero for a fan in open circuit."""
    control_now: Literal["throttle", "none"]
    """How the flow is set today: by a valve or damper, or not at all (it always runs at rated flow)."""
    shutoff_head_ratio: Annotated[float, Field(gt=1, le=2.5)] | None = None
    """Head of the pump at no flow over its head at rated flow; a packaged assumption when absent."""


class TagEntry(Section):
    """One machine whose measure saves nothing by itself."""

    tag: Annotated[str, Field(min_length=1)]
    """Tag of the machine in the inventory."""
    capex_usd: NonNegative | None = None
    """Price, installed, USD."""


class BeltEntry(Entry):
    """``[[measures.belt]]``: another belt in place of a V-belt."""

    new: Literal["notched_belt", "synchronous_belt"]
    """The new belt; toothed ones pass shocks on, so crushers keep a belt that can slip."""


class RightSizeEntry(Entry):
    """``[[measures.right_size]]``: a smaller motor."""

    peak_load_factor: Annotated[float, Field(gt=0, le=1.3)]
    """Highest shaft output in a shift over rated power, logged: start, choked feed, cold pulp included."""
    starting_torque_checked: bool = False
    """Whether starting and breakdown torque were checked with the maker."""


class NewMotorEntry(Section):
    """``[[measures.new_motor]]``: the offer for one machine, in place of the class's minimum and the default price."""

    tag: Annotated[str, Field(min_length=1)]
    """Tag of the machine in the inventory."""
    efficiency: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Full-load efficiency of the offer at the network's frequency."""
    rated_speed_rpm: Positive | None = None
    """Full-load speed of the offer, rpm; with today's plate speed it gives the slip correction."""
    capex_usd: NonNegative | None = None
    """Price of all running units, installed, USD."""


class RewindChoice(Section):
    """``[measures.rewind]``: what a burnt motor costs to rewind."""

    cost_share: Fraction | None = None
    """Price of a rewind over the price of a new motor; a packaged assumption when absent."""
    loss_points: Annotated[float, Field(ge=0, le=5)] | None = None
    """Percentage points of efficiency that a rewind costs; zero is a value. A packaged assumption when absent."""
    remaining_life_share: Fraction | None = None
    """Share of its life that a running motor has left; a packaged assumption when absent."""
    ie4_price_usd_per_kw: Positive | None = None
    """Installed price of an IE4 motor; without it IE4 is not compared, because no source has one."""


class MotorCapacitor(Section):
    """A capacitor at a motor's terminals."""

    tag: Annotated[str, Field(min_length=1)]
    """Tag of the motor in the inventory."""
    kvar: Positive
    """Reactive power of the capacitor, one for each running unit."""
    no_load_kvar: Positive | None = None
    """Reactive power of the motor without load, measured or from its data sheet."""


class PowerFactorChoice(Section):
    """``[measures.power_factor]``: capacitors."""

    target: Annotated[float, Field(gt=0.5, le=1)] = 0.95
    """Power factor to reach at the monthly reactive peak of a bank whose size is not given."""
    bank_kvar: Positive | None = None
    """Size of an automatic bank; computed from the target when absent."""
    step_kvar: Positive | None = None
    """Size of one step of the bank; a fixed bank when absent."""
    at_motor: tuple[MotorCapacitor, ...] = ()
    """Capacitors at motors, switched with them."""
    short_circuit_mva: Positive | None = None
    """Short-circuit power of the supply at the bank, MVA, from the utility or the transformer."""
    detuned: bool = False
    """Whether the bank has reactors against resonance."""
    capex_usd: NonNegative | None = None
    """Price installed, USD."""
    life_years: Positive | None = None
    """Life of the bank; a packaged assumption when absent."""


class TransformerEntry(Section):
    """``[[measures.transformer]]``: an idle or oversized transformer on the metered side."""

    name: Annotated[str, Field(min_length=1)]
    """Which one."""
    rated_kva: Positive
    """Rating."""
    no_load_loss_kw: Positive
    """No-load loss, plate or test report, kW."""
    load_loss_kw: NonNegative
    """Load loss at rated current, kW."""
    load_kva: NonNegative
    """Root-mean-square load over its loaded hours, kVA."""
    loaded_hours_per_year: Annotated[float, Field(ge=0, le=8784)]
    """Hours with load."""
    new_no_load_loss_kw: NonNegative = 0.0
    """No-load loss of what takes its place; zero when it is simply disconnected."""
    new_load_loss_kw: NonNegative = 0.0
    """Load loss at `new_rated_kva` of what takes its place."""
    new_rated_kva: Positive | None = None
    """Rating of what takes its place."""
    metered: bool
    """Whether the meter or bill counts its losses; only then does the plant pay for them."""
    capex_usd: NonNegative | None = None
    """Price installed, USD."""
    life_years: Positive | None = None
    """Life; a packaged assumption when absent."""


class BoardEntry(Section):
    """``[[measures.board]]``: a smart board or sub-meter."""

    name: Annotated[str, Field(min_length=1)]
    """Which one."""
    triggers: tuple[str, ...] = ()
    """Tags of the measures that it makes possible: they hold the savings."""
    capex_usd: NonNegative | None = None
    """Price installed, USD."""


class ShiftEntry(Section):
    """``[[measures.shift]]``: running a machine at other hours."""

    tag: Annotated[str, Field(min_length=1)]
    """Tag of the machine in the inventory."""
    schedule: Annotated[str, Field(min_length=1)]
    """New runs of a working day, ``08:00-11:00``; as long as today's."""
    capex_usd: NonNegative | None = None
    """Price of what makes it possible (bins, tanks, controls), USD."""
    life_years: Positive | None = None
    """Life; a packaged assumption when absent."""


class MeasuresChoice(Section):
    """``[measures]``: what the audit may propose."""

    replacement_class: Literal["IE2", "IE3", "IE4"] = "IE3"
    """Class of a replacement motor."""
    adopt: Literal["worthwhile", "all"] = "worthwhile"
    """What the load after measures, the money and the PV count with: ``worthwhile``, the measures with a positive net
    present value now (economic potential), or ``all`` that are possible (technical potential)."""
    min_hours_per_year: NonNegative = 0.0
    """Motors that run less are left alone, with the reason printed."""
    lighting: tuple[LightingEntry, ...] = ()
    """Other lamps."""
    leaks: tuple[LeakEntry, ...] = ()
    """Air leaks."""
    pressure: tuple[PressureEntry, ...] = ()
    """Air pressure."""
    intake: tuple[IntakeEntry, ...] = ()
    """Intake temperature of compressors."""
    unloaded: tuple[UnloadedEntry, ...] = ()
    """Unloaded running of compressors."""
    pump: tuple[PumpEntry, ...] = ()
    """Pumps at a wrong point."""
    ventilation: tuple[VentilationEntry, ...] = ()
    """Ventilation on demand."""
    idle: tuple[IdleEntry, ...] = ()
    """Automatic stop of idle machines."""
    drive: tuple[DriveEntry, ...] = ()
    """Variable-speed drives."""
    soft_starter: tuple[TagEntry, ...] = ()
    """Soft starters somebody proposes."""
    belt: tuple[BeltEntry, ...] = ()
    """Belts."""
    right_size: tuple[RightSizeEntry, ...] = ()
    """Smaller motors."""
    new_motor: tuple[NewMotorEntry, ...] = ()
    """Offers for motors."""
    rewind: RewindChoice = RewindChoice()
    """Rewinding."""
    power_factor: PowerFactorChoice | None = None
    """Capacitors."""
    transformer: tuple[TransformerEntry, ...] = ()
    """Transformers."""
    board: tuple[BoardEntry, ...] = ()
    """Smart boards and sub-meters."""
    shift: tuple[ShiftEntry, ...] = ()
    """Load shifting."""
