"""Measures, PV and both: the whole money of a study from its streams, in one call."""

from dataclasses import dataclass, field, replace

from mine_energy.finance.financed import ProjectFinance, project_finance
from mine_energy.finance.owner import Ppa, owner_return, ppa
from mine_energy.finance.project import Project
from mine_energy.finance.rates import rates_of
from mine_energy.finance.results import FinanceResult
from mine_energy.finance.risk import Draws, MoneyRisk, money_at_risk
from mine_energy.finance.saved_plant import SavedPv, saved_pv
from mine_energy.finance.stream import Stream
from mine_energy.finance.streams import end_of_life
from mine_energy.finance.tornado import MoneyBar, default_swings, money_tornado
from mine_energy.site import FinanceChoice
from mine_energy.site.financing import FinancingChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyInputs:
    """What the money of a study follows from.

    Parameters
    ----------
    measures, pv
        Streams of what is bought, real, in the result's currency; PV as if the site owned it.
    pv_before, saved_kwp
        The PV plant that the load before measures would need for the same coverage, and how much larger it is.
    generated_kwh_per_year
        What the PV plant could generate, curtailed energy included.
    choice, financing
        The site's sections; without the second nothing is financed, taxed or owned by others.
    country, currency, per_usd, loan_per_usd
        As in :class:`~mine_energy.finance.Project`.
    draws
        Of savings, capital and upkeep, from audit and weather.
    saving
        Low and high of the first year's saving over its base, for the tornado.
    yield_sds
        As in :class:`~mine_energy.finance.Project`.
    """

    measures: tuple[Stream, ...]
    pv: Stream | None
    pv_before: Stream | None = None
    saved_kwp: float = 0.0
    generated_kwh_per_year: float | None = None
    choice: FinanceChoice
    financing: FinancingChoice = field(default_factory=FinancingChoice)
    country: str
    currency: str = "USD"
    per_usd: float = 1.0
    loan_per_usd: float | None = None
    draws: Draws | None = None
    saving: tuple[float, float] | None = None
    yield_sds: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPlan:
    """The money of measures, of PV and of both.

    Parameters
    ----------
    measures, pv
        Each by itself, paid from own money: without loan and grant. None where nothing of it is bought.
    both
        Together, with loan, grant and taxes.
    contract, third_party
        Of a plant that somebody else owns, and what that owner earns before tax.
    third_party_taxed
        The same owner after the taxes that ``[financing.owner.tax]`` states; None without them.
    tornado
        What moves the present value of both.
    risk
        Bands of both; None without draws.
    saved
        The PV that measures make unnecessary; None where no plant before measures is given.
    """

    measures: ProjectFinance | None
    pv: ProjectFinance | None
    both: ProjectFinance
    contract: Ppa | None
    third_party: FinanceResult | None
    tornado: tuple[MoneyBar, ...]
    risk: MoneyRisk | None
    saved: SavedPv | None
    third_party_taxed: ProjectFinance | None = None


def money_plan(inputs: MoneyInputs) -> MoneyPlan:
    """Return the whole money of a study.

    Raises
    ------
    InputError
        Terms of loan, tax, owner or end of life that do not go together.
    MissingData
        A figure that nobody stated is not packaged for the country.
    """
    financing = inputs.financing
    end = end_of_life(financing.end)
    measures = tuple(replace(stream, end=end) for stream in inputs.measures)
    plant = replace(inputs.pv, end=end) if inputs.pv else None
    contract = _contract(inputs, plant)
    pv = (contract.host,) if contract else (plant,) if plant else ()
    own = financing.model_copy(update={"loan": None, "grant": 0.0})
    both = _project(inputs, (*measures, *pv), "both", financing)
    real = rates_of(both, 0.0).base
    return MoneyPlan(
        measures=project_finance(_project(inputs, measures, "measures", own)) if measures else None,
        pv=project_finance(_project(inputs, pv, "pv", own)) if pv else None,
        both=project_finance(both),
        contract=contract,
        third_party=_third_party(inputs, contract),
        tornado=money_tornado(both, default_swings(both, saving=inputs.saving)),
        risk=money_at_risk(both.streams, inputs.draws, real, inputs.choice.mine_life_years) if inputs.draws else None,
        saved=_saved(inputs, real),
        third_party_taxed=_taxed_owner(inputs, contract),
    )


def _contract(inputs: MoneyInputs, plant: Stream | None) -> Ppa | None:
    owner = inputs.financing.owner
    if plant is None or owner.kind == "self":
        return None
    return ppa(plant, owner, inputs.choice.mine_life_years, inputs.generated_kwh_per_year)


def _project(inputs: MoneyInputs, streams: tuple[Stream, ...], scope: str, financing: FinancingChoice) -> Project:
    return Project(
        streams=streams,
        choice=inputs.choice,
        financing=financing,
        scope=scope,
        country=inputs.country,
        currency=inputs.currency,
        per_usd=inputs.per_usd,
        loan_per_usd=inputs.loan_per_usd,
        yield_sds=inputs.yield_sds,
    )


def _third_party(inputs: MoneyInputs, contract: Ppa | None) -> FinanceResult | None:
    if contract is None:
        return None
    return owner_return(
        contract, inputs.choice, country=inputs.country, currency=inputs.currency, per_usd=inputs.per_usd
    )


def _taxed_owner(inputs: MoneyInputs, contract: Ppa | None) -> ProjectFinance | None:
    """Return the third party's money after its own taxes, from its own money; the site's loan, grant and taxes stay."""
    stated = inputs.financing.owner.tax
    if contract is None or stated is None:
        return None
    site = inputs.financing
    own = FinancingChoice(
        inflation=site.inflation, equity_rate=site.equity_rate, om_escalation_real=site.om_escalation_real, tax=stated
    )
    return project_finance(_project(inputs, (contract.owner,), "ppa_owner", own))


def _saved(inputs: MoneyInputs, rate: float) -> SavedPv | None:
    if inputs.pv is None or inputs.pv_before is None:
        return None
    return saved_pv(
        inputs.pv_before,
        inputs.pv,
        inputs.saved_kwp,
        rate,
        measures=inputs.measures,
        mine_life_years=inputs.choice.mine_life_years,
    )
