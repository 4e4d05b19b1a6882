"""What a study rests on: packaged tables that were used, and whether the plant itself is reconstructed."""

from mine_energy import catalog
from mine_energy.catalog import Source
from mine_energy.errors import Finding
from mine_energy.site import Site
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


def used_sources(inputs: Inputs, tariff: Tariff, *, sized: bool = False) -> tuple[Source, ...]:
    """Return the records of the packaged tables behind a study, in the order of the way; `sized` adds storage's."""
    names = [f"countries/{inputs.site.site.country}.toml", "grid_factors/grid_factors.csv", "finance/defaults.csv"]
    if inputs.inventory is not None:
        names += [name for name in catalog.sources() if name.startswith("motors/")]
    if inputs.weather is None:
        names += [name for name in catalog.sources() if name.startswith("climatology/")]
    if tariff.fuel is not None:
        names += ["fuels/fuel_factors.csv", "fuels/gwp.csv", "gensets.csv"]
    if sized:
        names += [name for name in catalog.sources() if name.startswith(("batteries/", "starting/"))]
    names.append(f"tariffs/{tariff.id}.toml")
    records = catalog.sources()
    return tuple(records[name] for name in names if name in records)
