"""What the bills beside the states advise: the cheaper option, the size below the step, the bank that PV needs."""

from collections.abc import Iterator, Sequence
from math import isclose
from typing import Final

from mine_energy.errors import Finding, Param
from mine_energy.study.bills_result import ClassStep, OptionTable
from mine_energy.tariffs import ReactiveState

_NOTABLE_KVAR: Final = 0.5


def step_advice(step: ClassStep, own_saving: float) -> tuple[Finding, ...]:
    """Return a warning where the study's own plant lies above the limit and saves less than one at it.

    Parameters
    ----------
    step
        With the sizes along the design's ratio.
    own_saving
        Of the study's plant, in the tariff's currency.
    """
    best = step.along.best_small
    if best is None or step.design_kw_ac <= step.limit_kw_ac or own_saving >= best.saving:
        return ()
    params: dict[str, Param] = {
        "design_kw": step.design_kw_ac,
        "own": own_saving,
        "small_kw": best.inverter_kw_ac,
        "saving": best.saving,
        "currency": step.currency,
    }
    return (Finding(key="study_design_beyond_step", level="warning", params=params),)


def option_advice(table: OptionTable) -> Iterator[Finding]:
    """Yield the option that is cheaper than the site's own, today and with PV; an option is held for twelve months."""
    names = {row.tariff_id: row.option for row in table.rows}
    own = names.get(table.tariff_id)
    paid = {(row.state, row.option): row.payable for row in table.rows}
    for state, best in table.best:
        now = paid.get((state, own)) if own is not None else None
        if now is None or state == "after_measures" or isclose(paid[state, best], now, rel_tol=1e-6):
            continue
        params: dict[str, Param] = {"own": own or "", "best": best, "amount": now - paid[state, best]}
        yield Finding(key=f"study_option_cheaper_{state}", params=params | {"currency": table.currency})


def bank_advice(states: Sequence[ReactiveState]) -> tuple[Finding, ...]:
    """Return the bank that the plant with PV needs, where it is larger than without, and what its absence costs."""
    found = {one.key: one for one in states}
    measured, with_pv = found.get("after_measures"), found.get("after_pv")
    if measured is None or with_pv is None or with_pv.bank_kvar - measured.bank_kvar <= _NOTABLE_KVAR:
        return ()
    params: dict[str, Param] = {
        "before_kvar": measured.bank_kvar,
        "after_kvar": with_pv.bank_kvar,
        "before": measured.amount,
        "after": with_pv.amount,
        "currency": with_pv.currency,
    }
    return (Finding(key="study_bank_with_pv", level="warning" if with_pv.amount > 0 else "info", params=params),)
