"""The yardsticks of investment, as Short, Packey and Holt define them; pure functions, no defaults.

Cash flows are at the ends of years; the first, C0, is at t = 0 and is not discounted. Rates are fractions a year and
belong to the money of the flows: real rates to real flows.

References
----------
Short, W., Packey, D. J., Holt, T. (1995). A Manual for the Economic Evaluation of Energy Efficiency and Renewable
Energy Technologies. NREL/TP-462-5173.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import expm1, fsum, log1p

import numpy as np

_ROOT_TOLERANCE = 1e-9
_NEGLIGIBLE = 1e-12


def npv(rate: float, cash_flow: Sequence[float]) -> float:
    """Return the net present value: the sum of C_t / (1 + rate)^t from t = 0.

    Parameters
    ----------
    rate
        Discount rate, above -1.
    cash_flow
        C0, C1 ... CN.
    """
    return fsum(flow / (1.0 + rate) ** year for year, flow in enumerate(cash_flow))


def irr(cash_flow: Sequence[float]) -> tuple[float, ...]:
    """Return every internal rate of return above -1, in increasing order.

    Flows that change sign once have one; more changes may give several, and then none of them ranks a project. Empty
    when no rate brings the net present value to zero.

    Parameters
    ----------
    cash_flow
        C0, C1 ... CN.

    Notes
    -----
    The real positive roots x = 1/(1 + rate) of the polynomial sum of C_t x^t, each polished by Newton's method.
    """
    flows = np.asarray(cash_flow, dtype=np.float64)
    # Flows far below the largest are rounding, and would only add roots at the ends of the range.
    flows = np.trim_zeros(np.where(np.abs(flows) < _NEGLIGIBLE * np.abs(flows).max(initial=0.0), 0.0, flows), "b")
    if not (flows > 0).any() or not (flows < 0).any():
        return ()
    roots = np.roots(flows[::-1])
    candidates = sorted(float(root.real) for root in roots if root.real > 0 and abs(root.imag) < 1e-4 * abs(root))
    rates: list[float] = []
    for candidate in candidates:
        discount = _polish(flows, candidate)
        if discount is not None and not any(abs(1 / discount - 1 - known) < 1e-6 for known in rates):
            rates.append(1 / discount - 1)
    return tuple(sorted(rates))


def sign_changes(cash_flow: Sequence[float]) -> int:
    """Return how often a cash flow changes sign, zeros left out; more than once, and several rates may be internal."""
    signs = [flow > 0 for flow in cash_flow if flow]
    return sum(one != other for one, other in pairwise(signs))


def mirr(cash_flow: Sequence[float], finance_rate: float, reinvestment_rate: float) -> float | None:
    """Return the modified internal rate of return, which is one where the internal rate is several.

    (future value of the inflows at the reinvestment rate / -present value of the outflows at the finance
    rate)^(1/N) - 1 (Lin 1976; numpy-financial and spreadsheets compute the same).

    Parameters
    ----------
    cash_flow
        C0, C1 ... CN.
    finance_rate, reinvestment_rate
        At which outflows are borrowed and inflows invested, above -1.

    Returns
    -------
    float or None
        None without both an inflow and an outflow.
    """
    years = len(cash_flow) - 1
    inflow = npv(reinvestment_rate, [max(flow, 0.0) for flow in cash_flow])
    outflow = -npv(finance_rate, [min(flow, 0.0) for flow in cash_flow])
    if years < 1 or inflow <= 0 or outflow <= 0:
        return None
    return float((inflow / outflow) ** (1.0 / years) * (1.0 + reinvestment_rate) - 1.0)


def _polish(flows: "np.ndarray[tuple[int], np.dtype[np.float64]]", start: float) -> float | None:
    """Return the root of the flows' polynomial next to `start`, or None when there is none."""
    polynomial = np.polynomial.Polynomial(flows)
    slope, x = polynomial.deriv(), start
    for _ in range(50):
        steepness = float(slope(x))
        if steepness == 0 or x <= 0:
            break
        step = float(polynomial(x)) / steepness
        x -= step
        if abs(step) <= 1e-15 * x:
            break
    if x <= 0:
        return None
    scale = float(np.abs(flows) @ x ** np.arange(len(flows)))
    return x if abs(float(polynomial(x))) <= _ROOT_TOLERANCE * scale else None


def crf(rate: float, years: float) -> float:
    """Return the capital recovery factor d (1+d)^N / ((1+d)^N - 1); 1/N at a rate of zero.

    Parameters
    ----------
    rate
        Discount rate, above -1.
    years
        N, positive.
    """
    if rate == 0:
        return 1.0 / years
    return rate / -expm1(-years * log1p(rate))


def discounted_payback(rate: float, cash_flow: Sequence[float]) -> float | None:
    """Return the years until cumulative discounted flows reach zero for good, interpolated inside the year.

    Parameters
    ----------
    rate
        Discount rate; zero gives the simple payback.
    cash_flow
        C0, C1 ... CN.

    Returns
    -------
    float or None
        None when the flows never recover C0. A later replacement that turns the sum negative again postpones it.
    """
    cumulative = np.cumsum([flow / (1.0 + rate) ** year for year, flow in enumerate(cash_flow)])
    negative = np.flatnonzero(cumulative < 0)
    if not len(negative):
        return 0.0
    last = int(negative[-1])
    if last + 1 >= len(cumulative):
        return None
    return last + float(-cumulative[last] / (cumulative[last + 1] - cumulative[last]))


def simple_payback(cash_flow: Sequence[float]) -> float | None:
    """Return the years until cumulative flows reach zero for good, without discounting; None when they never do."""
    return discounted_payback(0.0, cash_flow)


def payback(cash_flow: Sequence[float], rate: float = 0.0) -> float | None:
    """Return the simple payback, or at a discount rate the discounted one; None when the flows never recover C0."""
    return discounted_payback(rate, cash_flow)


def lcoe(costs: Sequence[float], energy_kwh: Sequence[float], rate: float) -> float | None:
    """Return the levelised cost of energy: total life-cycle cost over discounted energy.

    LCOE = (sum of C_n / (1+d)^n) / (sum of E_n / (1+d)^n).

    Parameters
    ----------
    costs
        C0 (investment) and every year's O&M and replacements, positive.
    energy_kwh
        E0 (zero as a rule) and every year's energy: what a plant generates, or what reaches the load. Which of the two
        is the caller's to say; off-grid both are shown, because what nobody uses serves nobody.
    rate
        Discount rate, real for real costs.

    Returns
    -------
    float or None
        Currency of the costs per kWh; None without energy.
    """
    energy = npv(rate, energy_kwh)
    return npv(rate, costs) / energy if energy > 0 else None


def cost_of_conserved_energy(
    investment: float, extra_om_per_year: float, saved_kwh_per_year: float, rate: float, years: float
) -> float | None:
    """Return the cost of conserved energy (I x CRF + extra O&M) / saved energy, per kWh; None without savings.

    Parameters
    ----------
    investment
        I, positive.
    extra_om_per_year
        Change of O&M, negative when it falls.
    saved_kwh_per_year
        Constant over the life.
    rate, years
        Discount rate and life.
    """
    if saved_kwh_per_year <= 0 or years <= 0:
        return None
    return (investment * crf(rate, years) + extra_om_per_year) / saved_kwh_per_year


def abatement_cost(net_present_value: float, rate: float, years: float, t_co2e_per_year: float) -> float | None:
    """Return the cost per tonne: minus NPV x CRF over the mean annual tonnes; None without tonnes.

    Negative where the measure earns money; such measures are ranked by NPV, never by this figure.

    Parameters
    ----------
    net_present_value
        Of all flows, at `rate`.
    rate, years
        Discount rate and life.
    t_co2e_per_year
        Mean of the tonnes of every year.
    """
    if t_co2e_per_year <= 0 or years <= 0:
        return None
    return -net_present_value * crf(rate, years) / t_co2e_per_year


def abatement_cost_undiscounted_tonnes(net_present_value: float, t_co2e: Sequence[float]) -> float | None:
    """Return minus NPV over the plain sum of the years' tonnes; None without tonnes.

    A form in use in abatement curves. It is lower than :func:`abatement_cost`, because today's money is divided by
    tonnes of later years that count in full; the two must not stand in one column.
    """
    tonnes = fsum(t_co2e)
    return -net_present_value / tonnes if tonnes > 0 else None


def real_rate(nominal_rate: float, inflation: float) -> float:
    """Return the real rate of a nominal one: (1 + nominal) / (1 + inflation) - 1."""
    return (1.0 + nominal_rate) / (1.0 + inflation) - 1.0


def nominal_rate(real_rate: float, inflation: float) -> float:
    """Return the nominal rate of a real one: (1 + real) (1 + inflation) - 1."""
    return (1.0 + real_rate) * (1.0 + inflation) - 1.0


def periodic_rate(effective_annual_rate: float, periods_per_year: int) -> float:
    """Return the rate of one period of an effective annual rate: (1 + EA)^(1/m) - 1, never EA / m."""
    return expm1(log1p(effective_annual_rate) / periods_per_year)
