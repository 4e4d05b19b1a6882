"""Peru's tariff options: which are open to a user, what each costs, and what a lower maximum does to the class.

Osinergmin's Norma de Opciones Tarifarias (206-2013-OS/CD and successors), known from summaries (confidence B to D by
row of ``data/tariffs/pe_options.csv``). An option is kept for twelve months, so the year decides.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from mine_energy import catalog
from mine_energy.errors import Finding, InputError, Param, Problem
from mine_energy.site import BillingChoice
from mine_energy.tariffs.demand import presence_factor, two_highest_of_six
from mine_energy.tariffs.load import load_tariff
from mine_energy.tariffs.model import Tariff
from mine_energy.tariffs.pe_presence import PresenceMonth, presence_findings, presence_months
from mine_energy.tariffs.result import Bill
from mine_energy.tariffs.states import MeterState, bill_state, highest_demand_kw
from mine_energy.tariffs.user import with_billing

__all__ = [
    "MeterState",
    "OptionBill",
    "OptionComparison",
    "OptionStatus",
    "PresenceMonth",
    "cheapest_first",
    "compare_options",
    "eligible_options",
    "presence_factor",
    "presence_findings",
    "presence_months",
    "two_highest_of_six",
    "voltage_class",
]

_FIGURES = "tariffs/figures.csv"

Voltage = Literal["low", "medium"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionStatus:
    """Whether an option is open to a user.

    Parameters
    ----------
    option
        MT2, MT3, MT4, BT2, BT3, BT4 or BT5B.
    reason
        ``eligible``; ``voltage`` or ``demand`` where the user is outside its limits; ``no_price`` where it is open
        and no price is packaged or given.
    tariff_id
        Tariff that prices it; empty without one.
    maximum_kw
        Its limit of demand.
    source, confidence
        Of the limit.
    """

    option: str
    reason: Literal["eligible", "voltage", "demand", "no_price"]
    tariff_id: str
    maximum_kw: float
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionBill:
    """One option in one state.

    Parameters
    ----------
    state, option, tariff_id
        Which.
    payable
        Of all months, in the tariffs' currency.
    worst_month, worst_amount
        The dearest month as (year, month) and what it costs.
    confidence
        Letter of the prices.
    bill
        With its lines.
    """

    state: str
    option: str
    tariff_id: str
    payable: float
    worst_month: tuple[int, int]
    worst_amount: float
    confidence: str
    bill: Bill


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionComparison:
    """The options of a user over all states.

    Parameters
    ----------
    status
        Of every option, by state, in the order of the states.
    bills
        Of every eligible option, the cheapest first within each state.
    best
        Cheapest option of each state; empty where none is priced.
    findings
        Options without a price, estimates among them, classes that change.
    """

    status: tuple[tuple[str, tuple[OptionStatus, ...]], ...]
    bills: tuple[OptionBill, ...]
    best: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


def cheapest_first(bills: Sequence[Bill]) -> tuple[Bill, ...]:
    """Return the bills of one load under several options, the cheapest year first; equal ones keep their order."""
    return tuple(sorted(bills, key=lambda bill: bill.payable))


def voltage_class(voltage_v: float) -> Voltage:
    """Return low voltage (up to 1 kV) or medium voltage (below 30 kV).

    Raises
    ------
    InputError
        High voltage, for which no option is packaged.
    """
    if voltage_v <= catalog.sourced(_FIGURES, "low_voltage_limit_v").value:
        return "low"
    limit = catalog.sourced(_FIGURES, "medium_voltage_limit_v").value
    if not voltage_v < limit:
        params: dict[str, Param] = {"limit_v": limit}
        raise InputError(
            [Problem(key="tariff_voltage", field="connection.voltage_v", value=f"{voltage_v:g}", params=params)]
        )
    return "medium"


def eligible_options(voltage_v: float, demand_kw: float, tariffs: Sequence[Tariff] = ()) -> tuple[OptionStatus, ...]:
    """Return every option with the reason why it is or is not open.

    Parameters
    ----------
    voltage_v
        Of the supply, line to line.
    demand_kw
        Highest demand of the year.
    tariffs
        The user's own, whose id ends in the option's name (``sheet_bt3``); they replace the packaged ones.

    Raises
    ------
    InputError
        High voltage.
    """
    voltage = voltage_class(voltage_v)
    return tuple(_status(row, voltage, demand_kw, tariffs) for row in catalog.table("tariffs/pe_options.csv"))


def _status(row: Mapping[str, str], voltage: Voltage, demand_kw: float, tariffs: Sequence[Tariff]) -> OptionStatus:
    own = next((tariff.id for tariff in tariffs if _option_of(tariff.id) == row["option"]), "")
    priced, limit = own or row["tariff"], float(row["maximum_kw"])
    reason: Literal["eligible", "voltage", "demand", "no_price"] = "eligible" if priced else "no_price"
    if row["voltage"] != voltage:
        reason = "voltage"
    elif demand_kw > limit:
        reason = "demand"
    return OptionStatus(
        option=row["option"],
        reason=reason,
        tariff_id=priced,
        maximum_kw=limit,
        source=row["source"],
        confidence=row["confidence"],
    )


def _option_of(tariff_id: str) -> str:
    return tariff_id.rsplit("_", 1)[-1].upper()


def compare_options(
    states: Sequence[MeterState],
    *,
    voltage_v: float,
    tariffs: Sequence[Tariff] = (),
    billing: BillingChoice | None = None,
    holidays: Collection[date] = (),
) -> OptionComparison:
    """Return what every option open to a user costs, in every state of the plant.

    Parameters
    ----------
    states
        Loads at the meter, the plant of today first.
    voltage_v
        Of the supply, line to line.
    tariffs
        The user's own sheets; see :func:`eligible_options`.
    billing
        How this user is billed.
    holidays
        Dates that do not count for the class.

    Returns
    -------
    OptionComparison

    Raises
    ------
    InputError
        High voltage, or a series that cannot be billed.
    """
    own = {tariff.id: tariff for tariff in tariffs}
    status, bills, best = [], list[OptionBill](), []
    for state in states:
        options = eligible_options(voltage_v, highest_demand_kw(state), tariffs)
        status.append((state.key, options))
        priced = [
            _option_bill(state, option, with_billing(_sheet(option, own), billing), holidays)
            for option in options
            if option.reason == "eligible"
        ]
        ordered = sorted(priced, key=lambda made: made.payable)
        bills += ordered
        best.append((state.key, ordered[0].option if ordered else ""))
    findings = (*_said(status, bills, dict(best)), *_changes(states, bills))
    return OptionComparison(status=tuple(status), bills=tuple(bills), best=tuple(best), findings=findings)


def _sheet(option: OptionStatus, own: Mapping[str, Tariff]) -> Tariff:
    return own[option.tariff_id] if option.tariff_id in own else load_tariff(option.tariff_id)


def _option_bill(state: MeterState, option: OptionStatus, tariff: Tariff, holidays: Collection[date]) -> OptionBill:
    made = bill_state(state, tariff, holidays)
    worst = max(made.months, key=lambda month: month.payable)
    return OptionBill(
        state=state.key,
        option=option.option,
        tariff_id=tariff.id,
        payable=made.payable,
        worst_month=(worst.year, worst.month),
        worst_amount=worst.payable,
        confidence=tariff.confidence,
        bill=made,
    )


def _said(
    status: Sequence[tuple[str, tuple[OptionStatus, ...]]], bills: Sequence[OptionBill], best: dict[str, str]
) -> list[Finding]:
    found = []
    missing = {option.option for _, options in status for option in options if option.reason == "no_price"}
    if missing:
        params: dict[str, Param] = {"options": ", ".join(sorted(missing))}
        found.append(Finding(key="tariff_option_no_price", level="warning", params=params))
    soft = {made.option for made in bills if made.confidence == "D" and best[made.state] == made.option}
    if soft:
        chosen: dict[str, Param] = {"options": ", ".join(sorted(soft))}
        found.append(Finding(key="tariff_option_estimate", level="assumption", params=chosen))
    return found


def _changes(states: Sequence[MeterState], bills: Sequence[OptionBill]) -> list[Finding]:
    """Return, for every option with a classification, what changes from each state to the next one."""
    found = []
    made = {(one.state, one.option): one.bill for one in bills}
    for option in dict.fromkeys(one.option for one in bills):
        for earlier, state in pairwise(states):
            before, after = made.get((earlier.key, option)), made.get((state.key, option))
            if before is not None and after is not None:
                found += presence_findings(before, after, option, state.key)
    return found
