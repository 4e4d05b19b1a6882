"""Measures beside the machines: transformers, boards and meters, and running at other hours."""

from typing import Final

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
    """Return what disconnecting or replacing transformers saves, where the meter counts their losses."""
    return [_transformer(entry) for entry in context.choice.transformer]


def _transformer(entry: TransformerEntry) -> Outcome:
    before = transformer_loss_kwh(
        entry.no_load_loss_kw, entry.load_loss_kw, entry.load_kva, entry.rated_kva, entry.loaded_hours_per_year
    )
    rated = entry.new_rated_kva or entry.rated_kva
    after = transformer_loss_kwh(
        entry.new_no_load_loss_kw, entry.new_load_loss_kw, entry.load_kva, rated, entry.loaded_hours_per_year
    )
    energy = before - after
    if not entry.metered:
        return _kept(entry.name, "transformer", TRANSFORMER_CAUSE, "measure_transformer_not_metered")
    if entry.load_kva > 0 and entry.new_rated_kva is None:
        return _kept(entry.name, "transformer", TRANSFORMER_CAUSE, "measure_transformer_loaded")
    if energy <= 0:
        return _kept(entry.name, "transformer", TRANSFORMER_CAUSE, "measure_saves_nothing")
    amount = entry.capex_usd or 0.0
    life = measure_assumption("life_transformer").value
    saving = Saving(
        tag=entry.name,
        measure="transformer",
        cause=TRANSFORMER_CAUSE,
        decision="apply",
        reason=reason("measure_transformer", kva=entry.rated_kva, kw=entry.no_load_loss_kw),
        quantity=1,
        energy_kwh_per_year=energy,
        energy_low_kwh_per_year=energy,
        energy_high_kwh_per_year=energy,
        standalone_kwh_per_year=energy,
        always_kw=energy / HOURS_PER_YEAR,
        capex_usd=amount,
        capex_low_usd=amount,
        capex_high_usd=amount,
        price_known=entry.capex_usd is not None,
        life_years=entry.life_years if entry.life_years is not None else life,
        findings=() if entry.capex_usd is not None else (note(entry.name, "measure_price_missing", "warning"),),
    )
    return Outcome(saving=saving)


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
