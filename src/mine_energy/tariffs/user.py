"""A tariff as one user has it: what the bill says and the sheet does not."""

from typing import Any

from mine_energy import catalog
from mine_energy.errors import MissingData
from mine_energy.site import BillingChoice
from mine_energy.tariffs.charges import FixedCharge, Levy
from mine_energy.tariffs.model import Tariff
from mine_energy.tariffs.rules import Metering

CONTRIBUTION = "solidarity_contribution"
VAT = "vat"
_BASES = {"net_of_swap": ("energy", "swap"), "gross_imports": ("energy",)}


def with_billing(tariff: Tariff, billing: BillingChoice | None) -> Tariff:
    """Return a tariff as a user has it; unchanged without ``[billing]``.

    Parameters
    ----------
    tariff
        As its sheet says.
    billing
        The site file's section; amounts in the tariff's currency.

    Raises
    ------
    MissingData
        The tariff has no such tax or contribution.
    """
    if billing is None:
        return tariff
    if billing.contribution_applied is not None:
        tariff = _with(tariff, CONTRIBUTION, applied=billing.contribution_applied, applied_stated=True)
    if billing.contribution_base is not None:
        tariff = _with(tariff, CONTRIBUTION, base=_BASES[billing.contribution_base], base_stated=True)
    if billing.vat_recoverable is not None:
        tariff = _with(tariff, VAT, applied=not billing.vat_recoverable, applied_stated=True)
    changes: dict[str, Any] = {"credit_brought": billing.credit_brought}
    if tariff.reactive is not None:
        own = {"history": billing.reactive_history, "exempt": billing.reactive_exempt}
        changes["reactive"] = tariff.reactive.model_copy(update=own)
    if billing.metered_side == "low_voltage":
        changes["metering"] = _metering(billing)
    return tariff.model_copy(update={**changes, **_local_charges(tariff, billing)})


def _with(tariff: Tariff, key: str, **changes: Any) -> Tariff:
    keys = [surcharge.key for surcharge in tariff.surcharge]
    if key not in keys:
        raise MissingData("tariff_surcharge_unknown", name=key, tariff=tariff.id, available=", ".join(keys))
    changed = tuple(s.model_copy(update=changes) if s.key == key else s for s in tariff.surcharge)
    return tariff.model_copy(update={"surcharge": changed})


def _local_charges(tariff: Tariff, billing: BillingChoice) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if billing.public_lighting_per_month is not None:
        lighting = FixedCharge(
            key="public_lighting",
            price=billing.public_lighting_per_month,
            unit=f"{tariff.currency}/month",
            source="site file",
            confidence="user",
        )
        changes["fixed"] = (*(c for c in tariff.fixed if c.key != lighting.key), lighting)
    if billing.rural_levy_per_kwh is not None:
        levy = Levy(
            key="rural_electrification",
            price=billing.rural_levy_per_kwh,
            unit=f"{tariff.currency}/kWh",
            source="site file",
            confidence="user",
        )
        changes["levy"] = (*(c for c in tariff.levy if c.key != levy.key), levy)
    return changes


def _metering(billing: BillingChoice) -> Metering:
    if billing.transformer_loss is not None:
        return Metering(loss=billing.transformer_loss, source="site file", confidence="user")
    key = "low_side_loss_sector_1" if billing.typical_sector_1 else "low_side_loss_other"
    found = catalog.sourced("tariffs/figures.csv", key)
    return Metering.model_validate({"loss": found.value, "source": found.source, "confidence": found.confidence})
