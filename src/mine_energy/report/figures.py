"""The few figures that decide, for the three states of a plant: the same rows on screen, on paper and in cells."""

from collections.abc import Iterator
from dataclasses import dataclass

from mine_energy.report.format import Writer
from mine_energy.study import State, Study

_NO_ARRAY_KWP = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineRow:
    """One quantity in the three states: today, after measures, after measures and PV.

    Parameters
    ----------
    key
        Name of the quantity in files: ``today_<key>`` names a cell of the workbook.
    label, unit
        As people read them.
    values
        One per state; None where the quantity does not exist.
    share
        Whether the values are ratios, shown as per cent.
    """

    key: str
    label: str
    unit: str
    values: tuple[float | None, float | None, float | None]
    share: bool = False

    def shown(self, w: Writer) -> tuple[str, str, str]:
        """Return the values in words."""
        first, second, third = ((w.percent(v) if self.share else w.estimate(v)) for v in self.values)
        return first, second, third

    @property
    def heading(self) -> str:
        """Label with its unit."""
        return self.label if self.share else f"{self.label} ({self.unit})"


def state_names(w: Writer) -> tuple[str, str, str]:
    """Return the names of the three states."""
    return w.text("state.today"), w.text("state.after_measures"), w.text("state.after_pv")


def investments(study: Study) -> tuple[float, float, float]:
    """Return what has been invested in each state, in the study's currency."""
    measures = study.finance.measures
    return 0.0, measures.capex if measures else 0.0, study.finance.both.capex


def off_grid(study: Study) -> bool:
    """Whether the plant's own generator feeds it."""
    return study.site.connection.kind == "offgrid"


def has_pv(study: Study) -> bool:
    """Whether the plant after measures has an array worth the name: the least cost may be to have none."""
    return study.design.after_measures.pv_kwp > _NO_ARRAY_KWP


def class_change(study: Study) -> float:
    """Return what the bill falls because the plant changes class with the measures, a year in the study's currency.

    It is in the bill after measures, in the saving of no measure, and so in no present value: both sums stand in a
    report. Zero where the class stays.
    """
    measures = study.finance.measures
    if measures is None or not any(finding.key == "audit_class_changes" for finding in study.findings):
        return 0.0
    today, after = (state.cost_per_year for state in study.states[:2])
    return today - after - measures.annual_saving


def first_scope_t(state: State) -> float | None:
    """Return the tonnes of the fuel burnt in a state; None with a grid."""
    return state.fuel.t_co2e if state.fuel else None


def assumed_share(study: Study) -> float:
    """Return the share of the inventory's energy that stands on reconstructed or assumed rows."""
    total = sum(machine.energy_kwh_per_year for machine in study.audit.machines)
    soft = sum(
        m.energy_kwh_per_year for m in study.audit.machines if m.origin in {"reconstructed", "assumed", "synthetic"}
    )
    return soft / total if total else 0.0


def headline(study: Study, w: Writer) -> tuple[HeadlineRow, ...]:
    """Return the six numbers of the first screen.

    Energy used, energy taken from the supply, cost, investment, and carbon: both methods of Scope 2 on a grid; with a
    generator of one's own the fuel's Scope 1 and one row in which both methods are equal.
    """
    return tuple(_headline(study, w))


def _headline(study: Study, w: Writer) -> Iterator[HeadlineRow]:
    per_year, currency = w.text("unit.per_year"), study.finance.currency
    yield _row(study, "load_kwh", w.text("headline.load"), f"kWh{per_year}")
    if off_grid(study):
        yield _row(study, "genset_kwh", w.text("headline.genset"), f"kWh{per_year}")
    else:
        yield _row(study, "import_kwh", w.text("headline.import"), f"kWh{per_year}")
    yield _row(study, "cost_per_year", w.text("headline.cost"), f"{currency}{per_year}")
    yield HeadlineRow(key="investment", label=w.text("headline.investment"), unit=currency, values=investments(study))
    tonnes = f"t CO₂e{per_year}"
    if off_grid(study):
        first, second, third = (first_scope_t(state) for state in study.states)
        yield HeadlineRow(
            key="scope1_t_co2e", label=w.text("headline.scope1"), unit=tonnes, values=(first, second, third)
        )
        yield _scope2(study, "location_t_co2e", w.text("headline.scope2_both"), tonnes)
    else:
        yield _scope2(study, "location_t_co2e", w.text("headline.location"), tonnes)
        yield _scope2(study, "market_t_co2e", w.text("headline.market"), tonnes)


def further(study: Study, w: Writer) -> tuple[HeadlineRow, ...]:
    """Return the rows that the summary adds to the headline: peak demand, and the load that PV serves itself.

    Energy that a set too small leaves unserved comes first, where there is any.
    """
    served = study.coverage.after_measures.self_sufficiency
    unserved = _row(study, "unserved_kwh", w.text("headline.unserved"), f"kWh{w.text('unit.per_year')}")
    return (
        *((unserved,) if any(finding.key == "study_genset_short" for finding in study.findings) else ()),
        _row(study, "peak_kw", w.text("headline.peak"), "kW"),
        HeadlineRow(
            key="self_sufficiency", label=w.label("self_sufficiency"), unit="%", values=(None, None, served), share=True
        ),
    )


def _row(study: Study, key: str, label: str, unit: str) -> HeadlineRow:
    first, second, third = (float(getattr(state, key)) for state in study.states)
    return HeadlineRow(key=key, label=label, unit=unit, values=(first, second, third))


def _scope2(study: Study, key: str, label: str, unit: str) -> HeadlineRow:
    first, second, third = (float(getattr(state.scope2, key)) for state in study.states)
    return HeadlineRow(key=key, label=label, unit=unit, values=(first, second, third))
