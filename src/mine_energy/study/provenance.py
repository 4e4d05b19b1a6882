"""What a study rests on: packaged tables that were used, and whether the plant itself is reconstructed."""

from mine_energy import catalog
from mine_energy.catalog import Source
from mine_energy.errors import Finding
from mine_energy.site import Site
from mine_energy.study.bills_result import Bills
from mine_energy.study.inputs import Inputs
from mine_energy.tariffs import Tariff

_INVENTED = {"reconstructed", "synthetic"}
_UNMEASURED = {*_INVENTED, "assumed"}


def is_reconstructed(inputs: Inputs) -> bool:
    """Return whether any row of the inventory or any value of the site file is reconstructed, assumed or invented.

    A load copied from another meter and scaled counts as reconstructed.
    """
    rows = inputs.inventory.motors if inputs.inventory else ()
    return (
        any(motor.origin in _UNMEASURED for motor in rows)
        or any(record.origin in _INVENTED for record in inputs.site.provenance)
        or (inputs.load is not None and inputs.load.origin == "scaled")
    )


def example_findings(site: Site) -> tuple[Finding, ...]:
    """Return the warning that a plant is an invented example, with what its site file says of it; nothing otherwise."""
    said = dict.fromkeys(record.source for record in site.provenance if record.origin == "synthetic")
    return tuple(Finding(key="site_example", level="warning", params={"source": text}) for text in said)


def used_sources(
    inputs: Inputs, tariff: Tariff, *, sized: bool = False, bills: Bills | None = None
) -> tuple[Source, ...]:
    """Return the records of the packaged tables behind a study, in the order of the way.

    Parameters
    ----------
    inputs, tariff
        Of the study.
    sized
        Whether storage was sized: its tables.
    bills
        What stands beside the bills: options and the other country's tariff.
    """
    country = inputs.site.site.country
    names = [f"countries/{country}.toml", "grid_factors/grid_factors.csv", "finance/defaults.csv"]
    names += [f"calendars/{country}.toml", "loads/limits.csv"]
    names += [name for name in catalog.sources() if name.startswith("pv/")]
    if inputs.inventory is not None:
        names += [name for name in catalog.sources() if name.startswith(("motors/", "audit/"))]
    if inputs.weather is None:
        names += [name for name in catalog.sources() if name.startswith("climatology/")]
    if tariff.fuel is not None:
        names += ["fuels/fuel_factors.csv", "fuels/gwp.csv", "gensets.csv"]
    names += ["emissions/assumptions.csv", "emissions/plausibility.csv", "fuels/lifecycle.csv"]
    if sized:
        names += [name for name in catalog.sources() if name.startswith(("batteries/", "starting/"))]
    names += _of_money(inputs.site, tariff, bills)
    records = catalog.sources()
    return tuple(records[name] for name in dict.fromkeys(names) if name in records)


def _of_money(site: Site, tariff: Tariff, bills: Bills | None) -> list[str]:
    """Return the tables behind bills and cash flow."""
    names = [f"tariffs/{tariff.id}.toml", "finance/tax_and_credit.csv"]
    if site.genset is not None:
        names.append("finance/engines.csv")
    if tariff.kind == "grid":
        names.append("tariffs/figures.csv")
    if tariff.reactive is not None:
        names.append("tariffs/reactive_rules.csv")
    options = bills.options if bills is not None else None
    if options is not None:
        names += ["tariffs/pe_options.csv", *(f"tariffs/{row.tariff_id}.toml" for row in options.rows)]
    other = bills.abroad.abroad if bills is not None and bills.abroad is not None else None
    if other is not None:
        names.append(f"tariffs/{other.tariff_id}.toml")
        names += ["tariffs/pe_options.csv"] if other.country == "PE" else ["tariffs/reactive_rules.csv"]
    return names
