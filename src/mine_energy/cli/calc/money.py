"""The calculator of money: payback, net present value, internal rate of return, cost of conserved energy."""

from mine_energy.cli.calc import options as o
from mine_energy.cli.calc.answer import Answer, Quantity, show
from mine_energy.cli.calc.given import Given
from mine_energy.cli.calc.motors import note
from mine_energy.cli.console import AsJson, Lang, check_language


def payback(
    investment: o.Investment,
    saving: o.SavingPerYear,
    years: o.Years,
    rate: o.Rate,
    upkeep: o.UpkeepPerYear = "0",
    saved_energy: o.SavedEnergy = None,
    country: o.Country = "CO",
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Show payback, net present value and rate of return of equal yearly savings."""
    from mine_energy.finance import cost_of_conserved_energy, discounted_payback, irr, npv, simple_payback

    given = Given()
    spent = given.number("--investment", investment, "investment", "", above=0)
    earned = given.number("--saving", saving, "saving_per_year", "")
    life = given.whole("--years", years, "life_years", "years", 100)
    discount = given.ratio("--rate", rate, "discount_rate", most=1.0)
    cost = given.number("--upkeep", upkeep, "upkeep_per_year", "")
    energy = given.maybe_number("--saved-energy", saved_energy, "saved_energy_kwh", "kWh")
    given.done()
    flows = [-spent, *[earned - cost] * life]
    rates = irr(flows)
    results = [
        Quantity(key="simple_payback", value=simple_payback(flows), unit="years"),
        Quantity(key="discounted_payback", value=discounted_payback(discount, flows), unit="years"),
        Quantity(key="net_present_value", value=npv(discount, flows)),
        Quantity(key="internal_rate", value=rates[0] if len(rates) == 1 else None, unit="fraction"),
    ]
    if energy is not None:
        price = cost_of_conserved_energy(spent, cost, energy, discount, life)
        results.append(Quantity(key="conserved_energy_cost", value=price, unit="$/kWh"))
    answer = Answer(name="payback", given=given.quantities, results=results, findings=[note("calc_same_money", "info")])
    show(answer, check_language(lang), o.marks_of(country, lang), as_json)
