"""What has to be said of the loads that wait for the sun: what moved, what it is worth, and why others stay."""

from collections.abc import Iterator
from typing import Final

from mine_energy.errors import Finding, Param
from mine_energy.site import Site
from mine_energy.study.shifting_result import ShiftedBlock, Shifting

_STAYS: Final = {
    "no_gain": "study_shift_no_gain",
    "dry": "study_shift_dry",
    "window": "study_shift_window",
    "idle": "study_shift_idle",
}
_SEEN: Final = 0.01
"""Share of a block's energy that a meter may not show before it is said."""
_NEGLIGIBLE: Final = 1e-9


def shifting_findings(site: Site, shifting: Shifting, *, searched: bool) -> tuple[Finding, ...]:
    """Return what has to be said of the blocks.

    Parameters
    ----------
    site
        With their settings.
    shifting
        What became of them.
    searched
        Whether the plant comes from a search, which runs on the load as it is today.
    """
    return (*_blocks(site, shifting), *_together(shifting, searched=searched))


def _blocks(site: Site, shifting: Shifting) -> Iterator[Finding]:
    for choice, block in zip(site.deferrable, shifting.blocks, strict=True):
        if block.reason != "moved":
            yield Finding(
                key=_STAYS[block.reason],
                level="info" if block.reason in {"no_gain", "idle"} else "warning",
                subject=block.name,
                params={"dry_kwh": block.dry_kwh, "days": block.days_kept},
            )
            continue
        yield Finding(key="study_shift_block", level="info", subject=block.name, params=_figures(block))
        if block.days_kept:
            days: dict[str, Param] = {"days": block.days_kept}
            yield Finding(key="study_shift_days", level="warning", subject=block.name, params=days)
        if block.unseen_kwh > _SEEN * block.energy_kwh:
            unseen: dict[str, Param] = {"kwh": block.unseen_kwh}
            yield Finding(key="study_shift_unseen", level="warning", subject=block.name, params=unseen)
        if block.kind == "tank":
            tank: dict[str, Param] = {"kwh": block.tank_kwh}
            yield Finding(key="study_shift_tank", level="assumption", subject=block.name, params=tank)
        if choice.capex_usd is None:
            yield Finding(key="study_shift_no_price", level="warning", subject=block.name)


def _figures(block: ShiftedBlock) -> dict[str, Param]:
    return {
        "moved_kwh": block.moved_kwh,
        "kwh": block.energy_kwh,
        "before_kwh": block.from_pv_before_kwh,
        "after_kwh": block.from_pv_after_kwh,
        "starts_before": block.starts_before,
        "starts_after": block.starts_after,
    }


def _together(shifting: Shifting, *, searched: bool) -> Iterator[Finding]:
    if not any(block.reason == "moved" for block in shifting.blocks):
        return
    saved = shifting.saved_per_year
    params: dict[str, Param] = {
        "before_kwh": shifting.pv_used_unmoved_kwh,
        "after_kwh": shifting.pv_used_kwh,
        "amount": abs(saved),
        "currency": shifting.currency,
    }
    if saved >= -_NEGLIGIBLE:
        yield Finding(key="study_shift_saves", level="info", params=params)
    else:
        yield Finding(key="study_shift_costs", level="warning", params=params)
    if searched:
        yield Finding(key="study_shift_sized_without", level="info")
