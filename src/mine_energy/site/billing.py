"""The site file's ``[billing]``: how this user is billed, where that is not the tariff's to say."""

from typing import Annotated, Literal

from pydantic import Field

from mine_energy.site.base import NonNegative, Section


class ReactiveHistory(Section):
    """``[billing.reactive_history]``: Colombia's factor M before the first month of the load.

    The condition of a month is an hour above the free share on more than ten of its days.
    """

    months_in_condition: Annotated[int, Field(ge=0)] = 0
    """Months that met the condition since M was last reset."""
    clean_months: Annotated[int, Field(ge=0)] = 0
    """Months without it in a row, right before the first one; more than three reset M."""


class BillingChoice(Section):
    """``[billing]``: what a bill of this user says and a tariff sheet does not.

    What is left out stays as the tariff has it. Amounts are in the tariff's currency.
    """

    contribution_applied: bool | None = None
    """Colombia: whether the bill charges the solidarity contribution."""
    contribution_base: Literal["net_of_swap", "gross_imports"] | None = None
    """Colombia: whether swapped energy lowers the base of the contribution."""
    vat_recoverable: bool | None = None
    """Whether the tax on sales (IGV, IVA) is recovered, so that it is no cost."""
    public_lighting_per_month: NonNegative | None = None
    """Public lighting, a month."""
    rural_levy_per_kwh: NonNegative | None = None
    """Peru: levy for rural electrification, per kWh imported."""
    metered_side: Literal["supply", "low_voltage"] = "supply"
    """Peru: ``low_voltage`` where a medium-voltage supply is metered behind its transformer."""
    typical_sector_1: bool = False
    """Peru: whether the distributor's system is typical sector 1 (2 % for the transformer instead of 2.5 %)."""
    transformer_loss: Annotated[float, Field(ge=0, le=0.1)] | None = None
    """Peru: the distributor's own figure for the transformer, which replaces both."""
    reactive_history: ReactiveHistory | None = None
    """Colombia: where the factor M stands; assumed at its start when absent."""
    reactive_exempt: bool = False
    """Colombia: count on Decree 929 of 2023, which frees self-generators with renewables of the reactive charge."""
    credit_brought: NonNegative = 0.0
    """Credit in favour of the user before the first month."""
