"""The API reference: one page a room, in the order of the layers."""

import inspect
from importlib import import_module
from typing import Final

ROOMS: Final = (
    ("mine_energy", ()),
    ("study", ()),
    ("io", (
        "site_file", "inventory", "tables", "meters", "meter_layouts", "bills", "fuel_log", "production", "outages",
        "power_quality", "weather_files", "weather_layouts", "weather_fetch", "weather_check", "template", "marked",
        "results", "pdf",
    )),
    ("report", ("render", "workbook", "compare", "summary")),
    ("web", ()),
    ("plan", ()),
    ("audit", ()),
    ("sizing", ("exact", "lp")),
    ("measures", ()),
    ("dispatch", ()),
    ("tariffs", ("co", "pe")),
    ("finance", ()),
    ("emissions", ()),
    ("loads", ("network",)),
    ("pv", ()),
    ("motors", ()),
    ("weather", ()),
    ("site", ()),
    ("uncertainty", ()),
    ("vocabulary", ()),
    ("messages", ()),
    ("catalog", ()),
    ("errors", ()),
    ("arrays", ()),
    ("units", ()),
)  # fmt: skip
"""Rooms, and the modules inside them that are public by themselves."""

INDEX: Final = """API
===

The package in Python. ``import mine_energy`` costs nothing: its public names are found when they are first
used. A study is two lines:

.. code-block:: python

   import mine_energy

   study = mine_energy.run_study(mine_energy.read_inputs("site_configs/los_conquistadores.toml"))
   print(study.audit.load_before.energy_kwh, study.audit.load_after.energy_kwh)

Every quantity's name ends in its unit, ratios are 0 to 1, series are interval means with a time zone and labels at the
start. Errors are ``InputError``, ``MissingData``, ``Infeasible`` and ``OutputError``; what a reader has to know is a
``Finding``. The rooms, in the order of the layers: each may use those below it.

.. list-table::
   :widths: 25 75

{rows}

.. toctree::
   :hidden:
   :maxdepth: 1

{pages}
"""


def api() -> dict[str, str]:
    """Return every page of the API reference by its path."""
    pages = {f"api/{room}.rst": _page(room, modules) for room, modules in ROOMS}
    rows = "\n".join(f"   * - :doc:`{room}`\n     - {_first_line(room)}" for room, _ in ROOMS)
    names = "\n".join(f"   {room}" for room, _ in ROOMS)
    return {"api/index.rst": INDEX.format(rows=rows, pages=names), **pages}


def _full(room: str) -> str:
    return room if room == "mine_energy" else f"mine_energy.{room}"


def _first_line(room: str) -> str:
    return (inspect.getdoc(import_module(_full(room))) or "").partition("\n")[0]


def _page(room: str, modules: tuple[str, ...]) -> str:
    title = _full(room)
    # The root's names live in rooms of their own: shown here, indexed there.
    twice = "   :no-index:\n" if room == "mine_energy" else ""
    parts = [f"{title}\n{'=' * len(title)}\n", f".. automodule:: {title}\n{twice}"]
    shown = set(getattr(import_module(title), "__all__", ()))
    for module in modules:
        name = f"{title}.{module}"
        twice = ", ".join(sorted(shown & vars(import_module(name)).keys()))
        exclude = f"   :exclude-members: {twice}\n" if twice else ""
        parts.append(f"{name}\n{'-' * len(name)}\n\n.. automodule:: {name}\n{exclude}")
    return "\n".join(parts)
