"""The plan's money: flows by year, the abatement-cost curve, who pays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from mine_energy.finance import abatement_cost, npv
from mine_energy.plan.model import CurveBlock, PayerRow, PlanMeasure, PlanMoney, Slice, Task
from mine_energy.plan.schedule import effect_in_year
from mine_energy.units import MONTHS_PER_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Money and tonnes of one measure in one year of the plan; capex falls into the year of the decision."""

    capex: float
    opex: float
    saving: float
    t_co2e: float


def flow_of(measure: PlanMeasure, task: Task, part: Slice | None, index: int, cut: tuple[float, float]) -> Flow:
    """Return a measure's flow in a year.

    Parameters
    ----------
    measure, task
        The measure and its bar.
    part
        Its slice, for the price of energy; None for a removal.
    index
        Years from the plan's first.
    cut
        Tonnes and kWh that it takes that year, likely.
    """
    first, last = index * MONTHS_PER_YEAR, (index + 1) * MONTHS_PER_YEAR
    working = max(min(last, task.end_month) - max(first, task.online_month), 0.0) / MONTHS_PER_YEAR
    tonnes, energy_kwh = cut
    saving = 0.0
    if measure.saving_per_year is not None:
        saving = measure.saving_per_year * effect_in_year(task, index)
    elif part is not None and part.price_per_kwh is not None and measure.kind == "reduction":
        saving = energy_kwh * part.price_per_kwh
    decided = first <= task.start_month < last
    return Flow(
        capex=(measure.capex or 0.0) if decided else 0.0,
        opex=measure.opex_per_year * working,
        saving=saving,
        t_co2e=tonnes,
    )


def curve_of(
    measures: Sequence[PlanMeasure], flows: Mapping[str, Sequence[Flow]], money: PlanMoney
) -> tuple[CurveBlock, ...]:
    """Return the abatement-cost curve of the reductions, in its order.

    Blocks that earn money stand first, by net present value: cost per tonne ranks them wrongly, because among negative
    figures fewer tonnes look better (Taylor 2012, Ward 2014). The rest follow by cost per tonne, those without a
    price last.

    Parameters
    ----------
    measures
        In order of implementation; each block is what it takes on what the earlier ones left.
    flows
        Of every year up to the end of the last life, by measure.
    money
        Discount rate.
    """
    blocks = [_block(measure, flows[measure.key], money) for measure in measures if measure.kind == "reduction"]

    def place(block: CurveBlock) -> tuple[int, float]:
        if block.npv is None or block.cost_per_t is None:
            return (2, 0.0)
        return (0, -block.npv) if block.npv > 0 else (1, block.cost_per_t)

    ranked = sorted(blocks, key=place)
    return tuple(
        CurveBlock(
            key=block.key, rank=rank, npv=block.npv, t_co2e_per_year=block.t_co2e_per_year, cost_per_t=block.cost_per_t
        )
        for rank, block in enumerate(ranked, 1)
    )


def _block(measure: PlanMeasure, flows: Sequence[Flow], money: PlanMoney) -> CurveBlock:
    moved = [index for index, flow in enumerate(flows) if flow.capex or flow.opex or flow.saving or flow.t_co2e]
    if not moved:
        return CurveBlock(key=measure.key, rank=0, npv=None, t_co2e_per_year=0.0, cost_per_t=None)
    life = flows[moved[0] : moved[-1] + 1]
    tonnes = fsum(flow.t_co2e for flow in life) / len(life)
    if measure.capex is None:
        return CurveBlock(key=measure.key, rank=0, npv=None, t_co2e_per_year=tonnes, cost_per_t=None)
    # The decision stands at the start of its year, what follows at the ends of years.
    present = npv(money.discount_rate, [-measure.capex, *(flow.saving - flow.opex for flow in life)])
    return CurveBlock(
        key=measure.key,
        rank=0,
        npv=present,
        t_co2e_per_year=tonnes,
        cost_per_t=abatement_cost(present, money.discount_rate, len(life), tonnes),
    )


def payers_of(measures: Sequence[PlanMeasure]) -> tuple[PayerRow, ...]:
    """Return what each payer pays, in the order in which they first appear."""
    rows = []
    for payer in dict.fromkeys(measure.payer for measure in measures):
        own = [measure for measure in measures if measure.payer == payer]
        rows.append(
            PayerRow(
                payer=payer,
                measures=tuple(measure.key for measure in own),
                capex=fsum(measure.capex or 0.0 for measure in own),
                opex_per_year=fsum(measure.opex_per_year for measure in own),
                unpriced=sum(measure.capex is None for measure in own),
            )
        )
    return tuple(rows)
