"""The whole problem as one linear program in HiGHS: the independent check of the exact methods, not a daily tool."""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from mine_energy.sizing.exact.least import least_cost
from mine_energy.sizing.exact.problem import Energy, ExactResult, Problem
from mine_energy.sizing.exact.solve import TARGET_GAP

Array = np.ndarray[Any, np.dtype[np.float64]]

STALLED: Final = 1e-3
"""Gap of the cuts above which the whole program is solved instead: many prices in bins, many peaks."""

_SERIES = ("charge", "discharge", "stored", "genset", "imported", "exported", "unserved")


@dataclass(frozen=True, slots=True, kw_only=True)
class LPResult:
    """Optimum of the linear program: sizes in the order of ``exact.SIZES``, money a year, kWh a year."""

    sizes: tuple[float, float, float, float]
    annual_cost: float
    energy: Energy
    status: str


def check_lp(problem: Problem, *, algorithm: Literal["simplex", "ipm"] = "simplex") -> LPResult:
    """Solve `problem` step by step and size by size in one program.

    Variables: the four sizes, the peak of each billing period, and in each step charge, discharge, stored energy,
    genset, import, export and unserved energy (kWh). The energy stored before the first step is that after the last.

    Parameters
    ----------
    problem
        What to size.
    algorithm
        Of HiGHS.

    Raises
    ------
    ValueError
        HiGHS ends without an optimum.
    """
    import highspy  # noqa: PLC0415  (a solver is loaded only where one is needed)

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", algorithm)
    solver.passModel(_model(highspy, problem))
    solver.run()
    status = solver.modelStatusToString(solver.getModelStatus())
    if status != "Optimal":
        raise ValueError(f"HiGHS: {status}")
    x = np.asarray(solver.getSolution().col_value)
    return _result(problem, x, float(solver.getInfo().objective_function_value), status)


def bounded(problem: Problem, *, target: float = TARGET_GAP) -> ExactResult:
    """Return the optimum of :func:`~mine_energy.sizing.exact.least_cost`, or the whole program's where it leaves a gap.

    The method says which: ``bound by LP``, or ``no bound`` where HiGHS fails too and only a plan is known.
    """
    found = least_cost(problem, target=target)
    if found.gap <= STALLED:
        return found
    try:
        checked = check_lp(problem)
    except ValueError:
        return replace(found, lower_bound=-np.inf, gap=np.inf, method="no bound")
    pv, energy, power, genset = checked.sizes
    return replace(
        found,
        pv_kwp=pv,
        battery_kwh=energy,
        battery_kw=power,
        genset_kw=genset,
        annual_cost=checked.annual_cost,
        lower_bound=checked.annual_cost,
        gap=0.0,
        energy=checked.energy,
        method="bound by LP",
    )


def _result(problem: Problem, x: Array, cost: float, status: str) -> LPResult:
    n = np.size(problem.load_kw)
    series = dict(zip(_SERIES, x[-7 * n :].reshape(7, n), strict=True))
    year = {name: float(values.sum()) / problem.years for name, values in series.items()}
    energy = Energy(
        export_kwh=year["exported"],
        import_kwh=year["imported"],
        genset_kwh=year["genset"],
        unserved_kwh=year["unserved"],
    )
    sizes = (float(x[0]), float(x[1]), float(x[2]), float(x[3]))
    return LPResult(sizes=sizes, annual_cost=cost, energy=energy, status=status)


def _model(highspy: Any, problem: Problem) -> Any:
    """Return the program as HiGHS wants it."""
    matrix, low, high = _rows(problem)
    cost, least, most = _columns(problem)
    inf = highspy.kHighsInf
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = matrix.shape[1], matrix.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, least, np.where(np.isinf(most), inf, most)
    lp.row_lower_ = np.where(np.isinf(low), -inf, low)
    lp.row_upper_ = np.where(np.isinf(high), inf, high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    return lp


def _columns(problem: Problem) -> tuple[Array, Array, Array]:
    """Return cost and bounds of the variables."""
    n, hours, years = np.size(problem.load_kw), problem.step_hours, problem.years
    peaks = np.zeros(0) if problem.demand is None else np.asarray(problem.demand.price_per_kw)
    size_costs = np.array([asset.cost_per_unit for asset in problem.assets])
    voll = problem.unserved_price_per_kwh
    series = np.concatenate(
        [
            np.zeros(3 * n),
            np.full(n, problem.fuel_price_per_kwh),
            problem.series("import_price_per_kwh"),
            -problem.series("export_price_per_kwh"),
            np.full(n, voll if voll is not None else 0.0),
        ]
    )
    cost = np.concatenate([size_costs, peaks / years, series / years])
    low = np.zeros(cost.size)
    low[:4] = [asset.lowest for asset in problem.assets]
    high = np.full(cost.size, np.inf)
    high[:4] = [asset.highest for asset in problem.assets]
    limits = [problem.series("import_limit_kw") * hours, problem.series("export_limit_kw") * hours]
    high[-3 * n :] = np.concatenate([*limits, np.full(n, 0.0 if voll is None else np.inf)])
    return cost, low, high


def _rows(problem: Problem) -> tuple[Any, Array, Array]:
    """Return the rows ``low <= matrix @ x <= high``; see the methods note for each."""
    from scipy import sparse  # noqa: PLC0415  (slow to import)

    n, hours = np.size(problem.load_kw), problem.step_hours
    one, eye, none = sparse.csr_matrix(np.ones((n, 1))), sparse.identity(n, format="csr"), None
    before = sparse.csr_matrix((np.ones(n), (np.arange(n), (np.arange(n) - 1) % n)), shape=(n, n))
    unit = sparse.csr_matrix((np.asarray(problem.pv_kw_per_kwp) * hours).reshape(-1, 1))
    usable, drain = problem.usable_fraction, problem.usable_fraction * problem.drain_per_hour * hours
    into, out = problem.charge_efficiency, 1 / problem.discharge_efficiency
    peaks = _peak_columns(problem)
    # Columns: PV, energy, power, genset, peaks | charge, discharge, stored, genset, imported, exported, unserved.
    blocks = [
        [unit, none, none, none, none, -eye, eye, none, eye, eye, -eye, eye],
        [none, drain * one, none, none, none, -into * eye, out * eye, eye - before, none, none, none, none],
        [none, none, hours * one, none, none, -eye, none, none, none, none, none, none],
        [none, none, hours * one, none, none, none, -eye, none, none, none, none, none],
        [none, usable * one, none, none, none, none, none, -eye, none, none, none, none],
        [none, none, none, hours * one, none, none, none, none, -eye, none, none, none],
        [none, none, none, none, peaks, none, none, none, none, -eye, none, none],
    ]
    low = np.concatenate([np.asarray(problem.load_kw) * hours, np.zeros(6 * n)])
    high = np.full(7 * n, np.inf)
    high[n : 2 * n] = 0.0
    if problem.demand is None:
        blocks, low, high = blocks[:-1], low[: 6 * n], high[: 6 * n]
        blocks = [[block for k, block in enumerate(row) if k != 4] for row in blocks]
    matrix: Any = sparse.bmat(blocks, format="csr")
    extra = _further_rows(problem, matrix.shape[1])
    matrix = sparse.vstack([matrix, *(sparse.csr_matrix(row.reshape(1, -1)) for row, _ in extra)]).tocsc()
    most = np.array([value for _, value in extra], dtype=np.float64)
    return matrix, np.concatenate([low, np.full(most.size, -np.inf)]), np.concatenate([high, most])


def _peak_columns(problem: Problem) -> Any:
    """Return the columns that let an import reach its period's peak."""
    from scipy import sparse  # noqa: PLC0415  (slow to import)

    if problem.demand is None:
        return None
    period = np.asarray(problem.demand.period, dtype=np.int64)
    shape = (period.size, len(problem.demand.price_per_kw))
    values = np.full(period.size, problem.step_hours)
    return sparse.csr_matrix((values, (np.arange(period.size), period)), shape=shape)


def _further_rows(problem: Problem, columns: int) -> list[tuple[Array, float]]:
    """Return limits on sizes and the coverage as rows with their highest value."""
    rows = [(np.pad(np.array(limit.factors), (0, columns - 4)), limit.highest) for limit in problem.limits]
    if problem.coverage is None:
        return rows
    n, share = np.size(problem.load_kw), problem.coverage.share
    row, load = np.zeros(columns), float(np.sum(problem.load_kw)) * problem.step_hours
    row[-n:] = 1.0
    if problem.coverage.kind == "unserved":
        return [*rows, (row, share * load)]
    row[-4 * n : -2 * n] = 1.0
    return [*rows, (row, (1 - share) * load)]
