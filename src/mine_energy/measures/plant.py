"""Measures beside the machines: transformers, boards and meters, and running at other hours."""

from dataclasses import dataclass
from typing import Final

from mine_energy.loads.losses import Carrying
from mine_energy.measures.context import MeasureContext, measure_assumption
from mine_energy.measures.outcome import Outcome, idle_reason, kept, note, reason
from mine_energy.measures.saving import Saving
from mine_energy.site.measures import BoardEntry, ShiftEntry, TransformerEntry
from mine_energy.units import HOURS_PER_YEAR

TRANSFORMER_CAUSE: Final = "transformer"
METERING_CAUSE: Final = "metering"
SHIFT_CAUSE: Final = "load_shift"


def transformer_loss_kwh(
    no_load_loss_kw: float, load_loss_kw: float, load_kva: float, rated_kva: float, loaded_hours: float
) -> float:
    """Return the losses of a transformer in a year, kWh: no-load loss always, load loss with the square of the load.

    Parameters
    ----------
    no_load_loss_kw, load_loss_kw
        Without load, and at rated current.
    load_kva, rated_kva
        Root-mean-square load over the loaded hours, and the rating.
    loaded_hours
        In the year.
    """
    return no_load_loss_kw * HOURS_PER_YEAR + load_loss_kw * (load_kva / rated_kva) ** 2 * loaded_hours


def transformers(context: MeasureContext) -> list[Outcome]:
    """Return what disconnecting or replacing transformers saves, where the load holds their losses.

    A load built from the motor list holds the losses of ``[network]`` only: a transformer that is not there has none
    to save. One that is there saves on the load that the other measures leave it, interval by interval. What a meter
    counts beyond the network is as the entry states.
    """
    return [_transformer(context, entry) for entry in context.choice.transformer]


def _transformer(context: MeasureContext, entry: TransformerEntry) -> Outcome:
    network = context.network
    carrying = network.transformer(entry.name) if network is not None else None
    if not entry.metered or (carrying is not None and network is not None and not network.metered):
        return _kept(entry.name, "transformer", TRANSFORMER_CAUSE, "measure_transformer_not_metered")
    if carrying is None and context.built:
        return _kept(entry.name, "transformer", TRANSFORMER_CAUSE, "measure_no_data_transformer")
    loaded = entry.load_kva > 0 if carrying is None else carrying.load_share > 0
    if loaded and entry.new_rated_kva is None:
        return _kept(entry.name, "transformer", TRANSFORMER_CAUSE, "measure_transformer_loaded")
    taken = _stated(entry) if carrying is None else _in_network(context, entry, carrying)
    if taken.energy_kwh <= 0:
        return _kept(entry.name, "transformer", TRANSFORMER_CAUSE, "measure_saves_nothing")
    return Outcome(saving=_transformer_saving(entry, taken))


@dataclass(frozen=True, slots=True, kw_only=True)
class _TakenOff:
    """Losses that go: energy of a year, power in every hour, and what goes with the square of the load."""

    energy_kwh: float
    always_kw: float
    load_loss_kw_per_kva2: float = 0.0


def _stated(entry: TransformerEntry) -> _TakenOff:
    """Return what goes with the load that the entry states, spread over the year."""
    before = transformer_loss_kwh(
        entry.no_load_loss_kw, entry.load_loss_kw, entry.load_kva, entry.rated_kva, entry.loaded_hours_per_year
    )
    rated = entry.new_rated_kva or entry.rated_kva
    after = transformer_loss_kwh(
        entry.new_no_load_loss_kw, entry.new_load_loss_kw, entry.load_kva, rated, entry.loaded_hours_per_year
    )
    return _TakenOff(energy_kwh=before - after, always_kw=(before - after) / HOURS_PER_YEAR)


def _in_network(context: MeasureContext, entry: TransformerEntry, carrying: Carrying) -> _TakenOff:
    """Return what goes with the load that the plant puts on a transformer of the network, in every interval.

    All its units go, and one of the new rating takes their place.
    """
    old = carrying.transformer
    always = old.units * old.no_load_loss_kw - entry.new_no_load_loss_kw
    new = entry.new_load_loss_kw * (carrying.load_share / entry.new_rated_kva) ** 2 if entry.new_rated_kva else 0.0
    squared = carrying.kw_per_kva2 - new
    series = context.series
    through = series.through_kva if series is not None else None
    mean_square = float((through**2).mean()) if through is not None else 0.0
    # A built year has its own number of hours; a record of another length stands for a year.
    hours = len(through) * context.step_hours if through is not None and context.built else HOURS_PER_YEAR
    energy = (always + squared * mean_square) * hours
    return _TakenOff(energy_kwh=energy, always_kw=always, load_loss_kw_per_kva2=squared)


def _transformer_saving(entry: TransformerEntry, taken: _TakenOff) -> Saving:
    amount = entry.capex_usd or 0.0
    life = measure_assumption("life_transformer").value
    return Saving(
        tag=entry.name,
        measure="transformer",
        cause=TRANSFORMER_CAUSE,
        decision="apply",
        reason=reason("measure_transformer", kva=entry.rated_kva, kw=entry.no_load_loss_kw),
        quantity=1,
        energy_kwh_per_year=taken.energy_kwh,
        energy_low_kwh_per_year=taken.energy_kwh,
        energy_high_kwh_per_year=taken.energy_kwh,
        standalone_kwh_per_year=taken.energy_kwh,
        always_kw=taken.always_kw,
        load_loss_kw_per_kva2=taken.load_loss_kw_per_kva2,
        capex_usd=amount,
        capex_low_usd=amount,
        capex_high_usd=amount,
        price_known=entry.capex_usd is not None,
        life_years=entry.life_years if entry.life_years is not None else life,
        findings=() if entry.capex_usd is not None else (note(entry.name, "measure_price_missing", "warning"),),
    )


def _kept(name: str, measure: str, cause: str, key: str) -> Outcome:
    saving = Saving(
        tag=name, measure=measure, cause=cause, decision="keep", reason=reason(key), quantity=1, when="never"
    )
    return Outcome(saving=saving)


def boards(context: MeasureContext) -> list[Outcome]:
    """Return for every board or sub-meter that it saves what it triggers and nothing of its own."""
    return [_board(entry) for entry in context.choice.board]


def _board(entry: BoardEntry) -> Outcome:
    why = reason("measure_board_triggers", tags=", ".join(entry.triggers)) if entry.triggers else None
    saving = Saving(
        tag=entry.name,
        measure="board",
        cause=METERING_CAUSE,
        decision="keep",
        reason=why or reason("measure_board_saves_nothing"),
        quantity=1,
        when="never",
        capex_usd=entry.capex_usd or 0.0,
        price_known=entry.capex_usd is not None,
    )
    return Outcome(saving=saving)


def shifts(context: MeasureContext) -> list[Outcome]:
    """Return the machines that run at other hours: they move energy and save none; what it is worth says the bill."""
    return [_shift(context, entry) for entry in context.choice.shift]


def _shift(context: MeasureContext, entry: ShiftEntry) -> Outcome:
    machine = context.machine(entry.tag)
    obstacle = idle_reason(machine)
    if obstacle is not None:
        return kept(machine, "shift", SHIFT_CAUSE, obstacle)
    if machine.unloaded_hours_per_year:
        return kept(machine, "shift", SHIFT_CAUSE, reason("measure_shift_compressor"))
    amount = entry.capex_usd or 0.0
    life = measure_assumption("life_shift").value
    saving = Saving(
        tag=entry.tag,
        measure="shift",
        cause=SHIFT_CAUSE,
        decision="apply",
        reason=reason("measure_shift", runs=entry.schedule),
        quantity=machine.motor.quantity,
        moved_kwh_per_year=machine.energy_kwh_per_year,
        moved_kvarh_per_year=machine.reactive_kvarh("running"),
        moved_to=entry.schedule,
        steady=False,
        capex_usd=amount,
        capex_low_usd=amount,
        capex_high_usd=amount,
        price_known=entry.capex_usd is not None,
        life_years=entry.life_years if entry.life_years is not None else life,
        findings=() if entry.capex_usd is not None else (note(entry.tag, "measure_price_missing", "warning"),),
    )
    return Outcome(saving=saving)
