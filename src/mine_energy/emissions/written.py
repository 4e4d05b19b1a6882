"""What a site file says of carbon, as the functions of this room take it."""

from mine_energy import catalog
from mine_energy.emissions.certificates import Certificate
from mine_energy.emissions.factors import Factor, FactorKind
from mine_energy.emissions.market import EnergyContract, MarketClaims
from mine_energy.emissions.record import Boundary
from mine_energy.emissions.statements import Offset, Statements, Waste
from mine_energy.emissions.typed import typed_factor
from mine_energy.site import CarbonChoice, Site
from mine_energy.units import MONTHS_PER_YEAR


def claims_of(site: Site, own_used_kwh: float = 0.0) -> MarketClaims | None:
    """Return the instruments of a site file, None where it has no ``[carbon]``.

    Parameters
    ----------
    site
        The site.
    own_used_kwh
        Own generation used on site, which counts as bought where its certificates are sold.
    """
    chosen = site.carbon
    if chosen is None:
        return None
    country, year = site.site.country, site.emissions.activity_year
    supplier = None
    if chosen.supplier_t_co2e_per_mwh is not None:
        supplier = _supplier(chosen.supplier_t_co2e_per_mwh, country, year, chosen.supplier_source)
    return MarketClaims(
        reporter=chosen.reporter or site.site.name,
        certificates=tuple(Certificate(**item.model_dump()) for item in chosen.certificate),
        contracts=_contracts(chosen, country, year),
        supplier=supplier,
        own_sold_kwh=own_used_kwh if chosen.own_certificates_sold else 0.0,
        grid=str(catalog.country(country)["grid"]["value"]),
    )


def typed_location(site: Site) -> Factor | None:
    """Return the grid average that the user typed in place of the packaged one, None where there is none.

    Raises
    ------
    InputError
        No source.
    """
    chosen = site.carbon
    if chosen is None or chosen.location_t_co2e_per_mwh is None:
        return None
    return typed_factor(
        chosen.location_t_co2e_per_mwh,
        FactorKind.LOCATION_AVERAGE,
        country=site.site.country,
        year=site.emissions.factor_year or site.emissions.activity_year,
        source=chosen.location_source,
    )


def statements_of(site: Site, energy_kwh: float | None) -> Statements:
    """Return what a site file says of its plant and plan, for :func:`~mine_energy.emissions.plausibility`.

    Parameters
    ----------
    site
        The site.
    energy_kwh
        Electricity of the year, metered or built.
    """
    plan, said = site.plan, site.emissions
    waste = None
    if plan is not None and plan.waste_t_per_year is not None and plan.waste_cut_t_co2e is not None:
        waste = Waste(wet_t_per_year=plan.waste_t_per_year, t_co2e_per_year=plan.waste_cut_t_co2e)
    return Statements(
        energy_kwh=energy_kwh,
        ore_t=site.production.ore_t_per_year,
        gold_kg=site.production.gold_kg_per_year,
        workers=site.site.workers,
        workdays=float(site.site.workdays_per_month * MONTHS_PER_YEAR),
        mills_ore="grinding" in site.site.processes,
        scope2_share=said.scope2_share,
        scope3_share=said.scope3_share,
        scope1_t_co2e=said.scope1_t_co2e,
        scope3_t_co2e=said.scope3_t_co2e,
        offsets=() if plan is None else tuple(Offset(**item.model_dump()) for item in plan.offset),
        waste=waste,
        reduction_t_co2e=None if plan is None else plan.published_total_t_co2e,
        reduction_parts=() if plan is None else tuple((p.name, p.t_co2e) for p in plan.published_reduction),
        energy_saving_low=site.project.audit_savings_low,
        energy_saving_high=site.project.audit_savings_high,
        cuts=() if plan is None else tuple((cut.name, cut.low, cut.high) for cut in plan.published_cut),
        electricity_cut_share=None if plan is None else plan.electricity_cut_share,
    )


def boundary_of(site: Site, meters: tuple[str, ...]) -> Boundary:
    """Return the boundary of the inventory.

    Parameters
    ----------
    site
        The site.
    meters
        Those of its bills or meter files; the ones that ``[carbon]`` lists win.
    """
    chosen = site.carbon or CarbonChoice()
    return Boundary(
        organisation=chosen.reporter or site.site.name,
        consolidation=chosen.consolidation,
        sites=chosen.sites or (site.site.name,),
        meters=chosen.meters or meters,
        left_out=chosen.left_out,
        equity_share=chosen.equity_share,
    )


def _contracts(chosen: CarbonChoice, country: str, year: int) -> tuple[EnergyContract, ...]:
    return tuple(
        EnergyContract(
            name=item.name,
            energy_kwh=item.energy_kwh,
            factor=_supplier(item.t_co2e_per_mwh, country, year, item.source),
            attributes_included=item.attributes_included,
        )
        for item in chosen.contract
    )


def _supplier(value: float, country: str, year: int, source: str) -> Factor:
    return typed_factor(value, FactorKind.SUPPLIER, country=country, year=year, source=source)
