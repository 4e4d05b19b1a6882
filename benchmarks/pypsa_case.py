"""The time-of-use case of the exact benchmark in PyPSA: same series, prices, limits, and a closed store."""

from typing import Any

import numpy as np

from mine_energy.sizing.exact import Problem


def solve(problem: Problem) -> float:
    """Return PyPSA's optimum of a grid-tied problem without genset and demand charge, solved by HiGHS."""
    import pypsa  # noqa: PLC0415  (three seconds)

    steps = range(np.size(problem.load_kw))
    net: Any = pypsa.Network()
    net.set_snapshots(steps)
    net.add("Bus", ["plant", "cells"])
    net.add("Load", "mill", bus="plant", p_set=_series(problem.load_kw, steps))
    _sources(net, problem, steps)
    _battery(net, problem)
    net.optimize(
        solver_name="highs",
        solver_options={"output_flag": False},
        extra_functionality=lambda n, _: _one_inverter(n, problem.discharge_efficiency),
        include_objective_constant=False,
    )
    return float(net.objective)


def _series(values: Any, steps: range) -> Any:
    import pandas as pd  # noqa: PLC0415

    return pd.Series(np.broadcast_to(np.asarray(values, dtype=float), len(steps)), index=steps)


def _sources(net: Any, problem: Problem, steps: range) -> None:
    pv = problem.pv
    most = 10 * float(np.max(problem.load_kw))
    net.add(
        "Generator",
        "pv",
        bus="plant",
        p_nom_extendable=True,
        capital_cost=pv.cost_per_unit,
        p_max_pu=_series(problem.pv_kw_per_kwp, steps),
    )
    price = _series(problem.import_price_per_kwh, steps)
    net.add("Generator", "import", bus="plant", p_nom=most, marginal_cost=price)
    credit = _series(problem.export_price_per_kwh, steps)
    limit = min(float(np.max(problem.export_limit_kw)), most)
    net.add("Generator", "export", bus="plant", sign=-1, p_nom=limit, marginal_cost=-credit)


def _battery(net: Any, problem: Problem) -> None:
    energy, power = problem.battery_energy, problem.battery_power
    net.add(
        "Store",
        "battery",
        bus="cells",
        e_nom_extendable=True,
        e_cyclic=True,
        capital_cost=energy.cost_per_unit / problem.usable_fraction,
    )
    both = {"p_nom_extendable": True}
    net.add(
        "Link",
        "charge",
        bus0="plant",
        bus1="cells",
        efficiency=problem.charge_efficiency,
        capital_cost=power.cost_per_unit,
        **both,
    )
    net.add("Link", "discharge", bus0="cells", bus1="plant", efficiency=problem.discharge_efficiency, **both)


def _one_inverter(net: Any, efficiency: float) -> None:
    """Charging and discharging share one AC rating, as in ours."""
    rating = net.model.variables["Link-p_nom"]
    net.model.add_constraints(rating.loc["charge"] - efficiency * rating.loc["discharge"] == 0, name="one inverter")
