"""What stands beside the bills of the states: Colombia's class step, Peru's options, reactive energy, abroad."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from mine_energy.arrays import FloatArray
from mine_energy.dispatch import DispatchResult
from mine_energy.errors import Finding, InputError
from mine_energy.loads import LoadProfile
from mine_energy.site import Site
from mine_energy.sizing import PVDesign, SizingResult
from mine_energy.study.bills_advice import bank_advice, option_advice, step_advice
from mine_energy.study.bills_result import Bills, ClassStep, OptionPresence, OptionRow, OptionTable, SizeBill
from mine_energy.study.money import bill_of, holidays_of, meter_of
from mine_energy.study.plant import Supply, run_plant
from mine_energy.study.result import State
from mine_energy.study.shifting import Deferral, served_by
from mine_energy.tariffs import Bill, ExchangeRate, MeterState, Tariff, reactive_states
from mine_energy.tariffs.co_sweep import SweepPoint, sweep, sweep_pairs
from mine_energy.tariffs.pe import OptionBill, OptionComparison, compare_options, presence_months
from mine_energy.tariffs.rules import AGPE_LIMIT_KW, SMALL_CLASS_KW

_THREE: Final = (0.9, 1.0, 1.1)
"""Inverter power of the three bills, over the class limit."""
_ALONG: Final = (0.75, 0.9, 1.0, 1.1, 1.3, 1.5, 2.0)
"""Of the sweep at the design's ratio."""
_ACROSS: Final = (0.75, 1.0, 1.1, 1.5)
_MODULES: Final = (0.75, 1.0, 1.3)
"""Of the sweep over AC and DC; modules over those of the limit at the design's ratio."""
_NEAR: Final = 0.5
"""A design under this share of the limit is too small for the step to matter."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BillsCase:
    """What a study has when its states are billed.

    Parameters
    ----------
    site, tariff, rate
        Of the study; the tariff as the states are billed with it.
    states
        Today, after measures, after PV.
    loads
        Today and after measures.
    flows
        Of the three states.
    design
        The array after measures.
    unit, ac_loss_factor
        kW per kWp in the load's steps, and what passes from the inverters to the meter.
    supply
        Behind the load after measures, with the goal's battery.
    spot_price
        By the hour; None where no file gives it.
    storage
        The goal's plant, where it holds more than PV.
    deferral
        Loads that wait for the sun; None where nothing may wait.
    """

    site: Site
    tariff: Tariff
    rate: ExchangeRate
    states: tuple[State, State, State]
    loads: tuple[LoadProfile, LoadProfile]
    flows: tuple[DispatchResult, DispatchResult, DispatchResult]
    design: PVDesign
    unit: FloatArray
    ac_loss_factor: float
    supply: Supply
    spot_price: "pd.Series[float] | None" = None
    storage: SizingResult | None = None
    deferral: Deferral | None = None

    def with_pv(self, unit: FloatArray, pv_kwp: float) -> LoadProfile:
        """Return the load after measures as an array serves it."""
        return served_by(self.deferral, self.loads[1], unit, pv_kwp)

    def meters(self) -> tuple[MeterState, MeterState, MeterState]:
        """Return what the meter sees in the three states."""
        loads = (*self.loads, self.with_pv(self.unit, self.design.pv_kwp))
        inverters = (0.0, 0.0, self.design.inverter_kw)
        first, second, third = (
            meter_of(state.key, load, flows, kw, self.spot_price)
            for state, load, flows, kw in zip(self.states, loads, self.flows, inverters, strict=True)
        )
        return first, second, third


def bills_beside(case: BillsCase) -> Bills | None:
    """Return what stands beside the bills of the states; None off-grid, where fuel is all that is paid.

    Raises
    ------
    InputError
        A series that cannot be billed.
    """
    if case.site.connection.kind == "offgrid":
        return None
    meters = case.meters()
    step = class_step(case)
    options, said = _options(case, meters)
    reactive = reactive_states(meters, case.tariff, holidays_of(case.site.site.country, case.loads[0]))
    own_saving = case.states[1].bill.payable - case.states[2].bill.payable
    return Bills(
        class_step=step,
        options=options,
        reactive=reactive,
        findings=(
            *((*step.along.findings, *step_advice(step, own_saving)) if step is not None else ()),
            *said,
            *(option_advice(options) if options is not None else ()),
            *bank_advice(reactive),
        ),
    )


def class_step(case: BillsCase) -> ClassStep | None:
    """Return the bills of sizes around Colombia's class limit; None where the step cannot matter.

    The load after measures is served again by every size, at its own step. The array is the design's: its hours are
    cut at the smaller inverters' power. A pair with fewer modules for each inverter than the design keeps what the
    design's inverters cut.

    Parameters
    ----------
    case
        Of the study.
    """
    if not _has_step(case):
        return None
    ratio, limit = case.design.pv_kwp / case.design.inverter_kw, SMALL_CLASS_KW
    without = case.states[1].bill.payable
    bills = _remembered(case)
    # A battery is run step by step: the three sizes are what its time allows.
    whole = case.supply.battery is None
    along = sweep_pairs(
        bills, [(limit * n, limit * n * ratio) for n in (_ALONG if whole else _THREE)], without_pv=without
    )
    inverters, modules = (tuple(limit * n for n in _ACROSS), tuple(limit * n * ratio for n in _MODULES))
    across = sweep(bills, inverters, modules, without_pv=without) if whole else along
    named = [next(one for one in along.points if one.inverter_kw_ac == limit * n) for n in _THREE]
    return ClassStep(
        limit_kw_ac=limit,
        currency=along.currency,
        without_pv=without,
        design_kw_ac=case.design.inverter_kw,
        design_kwp=case.design.pv_kwp,
        bills=tuple(_sized(point, bills(point.inverter_kw_ac, point.pv_kwp)) for point in named),
        along=along,
        sweep=across,
    )


def _has_step(case: BillsCase) -> bool:
    """Whether the plant exports, under the rule that has the step, with a design of its order of size."""
    exports = case.tariff.exports.rule == "agpe" and case.site.connection.export_allowed
    near = _NEAR * SMALL_CLASS_KW <= case.design.inverter_kw <= AGPE_LIMIT_KW
    return exports and near and case.supply.grid is not None


def _remembered(case: BillsCase) -> Callable[[float, float], Bill]:
    """Return the bill of a size, each computed once."""
    known: dict[tuple[float, float], Bill] = {}

    def bill_at(inverter_kw: float, pv_kwp: float) -> Bill:
        key = (inverter_kw, pv_kwp)
        if key not in known:
            cut = np.minimum(case.unit, inverter_kw * case.ac_loss_factor / pv_kwp)
            load = case.with_pv(cut, pv_kwp)
            flows = run_plant(load, cut, pv_kwp, case.supply)
            known[key] = bill_of(case.site, case.tariff, load, flows, inverter_kw, case.spot_price)
        return known[key]

    return bill_at


def _sized(point: SweepPoint, made: Bill) -> SizeBill:
    return SizeBill(
        inverter_kw_ac=point.inverter_kw_ac,
        pv_kwp=point.pv_kwp,
        small_class=point.small_class,
        payable=point.payable,
        credit_left=point.credit_left,
        saving=point.saving,
        totals=made.totals,
    )


def _options(case: BillsCase, meters: tuple[MeterState, ...]) -> tuple[OptionTable | None, tuple[Finding, ...]]:
    """Return Peru's options; none elsewhere, and none, with the reason, where the voltage is unknown or too high."""
    country, volts = case.site.site.country, case.site.connection.voltage_v
    if country != "PE":
        return None, ()
    try:
        if volts is None:
            raise InputError(())
        compared = compare_options(
            meters,
            voltage_v=volts,
            tariffs=(case.tariff,),
            billing=case.site.billing,
            holidays=holidays_of(country, case.loads[0]),
        )
    except InputError:
        return None, (Finding(key="study_options_voltage", level="warning", params={"voltage_v": volts or 0.0}),)
    return _table(compared, volts, case.tariff), compared.findings


def _table(compared: OptionComparison, voltage_v: float, tariff: Tariff) -> OptionTable:
    bills = {(one.state, one.option): one.bill for one in compared.bills}
    first = compared.status[0][0]
    later = [key for key, _ in compared.status[1:]]
    changes = (
        OptionPresence(option=option, state=key, months=presence_months(bills[first, option], bills[key, option]))
        for option in dict.fromkeys(one.option for one in compared.bills)
        for key in later
        if (first, option) in bills and (key, option) in bills
    )
    return OptionTable(
        currency=tariff.currency,
        voltage_v=voltage_v,
        tariff_id=tariff.id,
        status=compared.status,
        rows=tuple(_row(one) for one in compared.bills),
        best=compared.best,
        presence=tuple(one for one in changes if one.months),
    )


def _row(one: OptionBill) -> OptionRow:
    classes = [month.present_at_peak for month in one.bill.months]
    known = [present for present in classes if present is not None]
    return OptionRow(
        state=one.state,
        option=one.option,
        tariff_id=one.tariff_id,
        payable=one.payable,
        power=one.bill.amount("demand"),
        worst_month=one.worst_month,
        worst_amount=one.worst_amount,
        present_months=sum(known) if known else None,
        confidence=one.confidence,
    )
