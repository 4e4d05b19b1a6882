"""What an efficient plant saves twice: the PV that need not be bought."""

from dataclasses import dataclass
from math import fsum

from mine_energy.finance.formulas import npv
from mine_energy.finance.stream import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPv:
    """The PV plant that measures make unnecessary, for the same coverage.

    Parameters
    ----------
    pv_kwp
        Smaller plant.
    investment, om_per_year
        Not spent.
    present_value
        Of all costs not spent over the life, at the rate.
    rate
        Real discount rate.
    per_measure_money
        Investment in PV avoided per unit of money put into measures; None where measures cost nothing.
    """

    pv_kwp: float
    investment: float
    om_per_year: float
    present_value: float
    rate: float
    per_measure_money: float | None


def saved_pv(
    before: Stream,
    after: Stream,
    saved_kwp: float,
    rate: float,
    *,
    measures: tuple[Stream, ...] = (),
    mine_life_years: float | None = None,
) -> SavedPv:
    """Return what the smaller PV plant saves.

    It is a comparison of two designs and no further saving: it is already in the money of measures and PV together.

    Parameters
    ----------
    before, after
        PV streams for the load before and after measures, at the same coverage.
    saved_kwp
        Difference of their sizes.
    rate
        Real discount rate.
    measures
        What the measures cost.
    mine_life_years
        Cuts both lives.
    """
    costs = [stream.own_costs(stream.years(mine_life_years)) for stream in (before, after)]
    spent = fsum(stream.investment for stream in measures)
    avoided = before.investment - after.investment
    return SavedPv(
        pv_kwp=saved_kwp,
        investment=avoided,
        om_per_year=before.om_per_year - after.om_per_year,
        present_value=npv(rate, costs[0]) - npv(rate, costs[1]),
        rate=rate,
        per_measure_money=avoided / spent if spent > 0 else None,
    )
