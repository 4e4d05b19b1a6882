"""Energy audit, PV sizing, money and Scope 2 for small gold mines and mills in Colombia and Peru.

The public names below are found when they are first used, so that ``import mine_energy`` costs nothing:

>>> import mine_energy
>>> study = mine_energy.run_study(mine_energy.read_inputs("site.toml"))  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mine_energy._version import __version__

if TYPE_CHECKING:
    from mine_energy.errors import Infeasible, InputError, MissingData, OutputError
    from mine_energy.io.inventory import read_inventory
    from mine_energy.io.meters import read_meter
    from mine_energy.io.results import read_study
    from mine_energy.io.site_file import read_inputs
    from mine_energy.io.weather_files import read_weather
    from mine_energy.study import run_audit, run_solar, run_study

__all__ = [
    "Infeasible",
    "InputError",
    "MissingData",
    "OutputError",
    "__version__",
    "read_inputs",
    "read_inventory",
    "read_meter",
    "read_study",
    "read_weather",
    "run_audit",
    "run_solar",
    "run_study",
]

_HOMES = {
    "InputError": "errors",
    "Infeasible": "errors",
    "MissingData": "errors",
    "OutputError": "errors",
    "read_inputs": "io.site_file",
    "read_inventory": "io.inventory",
    "read_meter": "io.meters",
    "read_study": "io.results",
    "read_weather": "io.weather_files",
    "run_audit": "study",
    "run_solar": "study",
    "run_study": "study",
}


def __getattr__(name: str) -> Any:
    """Return a public name from its room (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
