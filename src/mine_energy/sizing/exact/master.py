"""The master problem: sizes under all cuts so far, kept in two hot-started linear programs.

One gives the lower bound, the other the next sizes: those nearest the best so far whose modelled cost is at or below a
level (Lemarechal, Nemirovskii and Nesterov's level method, with the largest relative change as the distance).
"""

from typing import Any, Final

import numpy as np

from mine_energy.sizing.exact.bounds import Array, Space

_TOLERANCE: Final = 1e-9


class Master:
    """Cuts ``cost >= space.cost @ x + constant + slopes @ x`` over a space.

    Parameters
    ----------
    space
        Columns, bounds and rows.
    unit
        Shape (columns,): sizes in which the programs count, so that their numbers are near 1.
    money
        Cost in which the programs count.
    """

    def __init__(self, space: Space, unit: Array, money: float) -> None:
        self.space, self.unit, self.money = space, unit, money
        self.cost = space.cost * unit / money
        self.low, self.high = space.low / unit, space.high / unit
        size = np.abs(space.rows * unit).max(axis=1, initial=1e-12)
        self.rows = space.rows * unit / size[:, None]
        self.most = space.most / size
        self.cuts: list[Array] = []
        self.constants: list[float] = []
        self.kinds: list[float] = []
        self.bound_lp = self._program(np.append(self.cost, 1.0))
        self.next_lp = self._program(np.zeros(space.columns + 1))
        self._distance()

    def _program(self, cost: Array) -> Any:
        import highspy  # noqa: PLC0415  (a solver is loaded only where one is needed)

        lp: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("presolve", "off"), ("threads", 1)):
            lp.setOptionValue(name, value)
        for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            lp.setOptionValue(name, _TOLERANCE)
        for j in range(self.space.columns):
            lp.addCol(float(cost[j]), float(self.low[j]), float(self.high[j]), 0, [], [])
        lp.addCol(float(cost[-1]), -highspy.kHighsInf, highspy.kHighsInf, 0, [], [])
        index = np.arange(self.space.columns, dtype=np.int32)
        for row, most in zip(self.rows, self.most, strict=True):
            lp.addRow(-highspy.kHighsInf, float(most), index.size, index, row)
        self.infinity = highspy.kHighsInf
        return lp

    def _distance(self) -> None:
        """Give the second program its distance column, its level row and two rows a column."""
        n, lp, inf = self.space.columns, self.next_lp, self.infinity
        self.first = self.rows.shape[0]
        lp.addCol(1.0, 0.0, inf, 0, [], [])
        lp.addRow(-inf, inf, n + 1, np.arange(n + 1, dtype=np.int32), np.append(self.cost, 1.0))
        for j in range(n):
            pair = np.array([j, n + 1], dtype=np.int32)
            lp.addRow(-inf, inf, 2, pair, np.array([1.0, -1.0]))
            lp.addRow(-inf, inf, 2, pair, np.array([1.0, 1.0]))

    def add(self, constant: float, slopes: Array) -> None:
        """Add a cut on the operating cost, in money and sizes of the problem."""
        slope, level = slopes * self.unit / self.money, constant / self.money
        self.kinds.append(1.0)
        self._append(level, slope, 1.0)

    def limit(self, constant: float, slopes: Array, most: float) -> None:
        """Add the limit ``constant + slopes @ x <= most``; one that no size moves says nothing."""
        slope = slopes * self.unit
        size = float(np.abs(slope).max())
        if size <= 1e-9 * abs(constant - most):
            return
        self.kinds.append(0.0)
        self._append((constant - most) / size, slope / size, 0.0)

    def _append(self, level: float, slope: Array, weight: float) -> None:
        """Add ``weight * theta - slope @ x >= level`` to both programs."""
        self.cuts.append(slope)
        self.constants.append(level)
        index = np.arange(self.space.columns + 1, dtype=np.int32)
        for lp in (self.bound_lp, self.next_lp):
            lp.addRow(float(level), self.infinity, index.size, index, np.append(-slope, weight))

    def bound(self) -> tuple[float, Array]:
        """Return the lower bound and the sizes that reach it in the model.

        The bound is rebuilt from the row duals. For any weights y >= 0 of the cuts, adding up to 1 over those of the
        cost, and z >= 0 of the rows, ``y @ constants - z @ most`` plus the least of
        ``(cost + y @ slopes + z @ rows) @ x`` over the box is below every cost. So it holds whatever the solver's
        tolerances are.
        """
        self.bound_lp.run()
        solution = self.bound_lp.getSolution()
        duals = np.asarray(solution.row_dual)
        rows = self.most.size
        share = np.maximum(duals[rows:], 0.0)
        whole = float(share @ np.array(self.kinds))
        if whole <= 0:
            return -np.inf, self._sizes(solution)
        share /= whole
        tied = np.maximum(-duals[:rows], 0.0)
        slope = self.cost + share @ np.array(self.cuts) + tied @ self.rows
        value = (
            share @ np.array(self.constants) - tied @ self.most + np.minimum(slope * self.low, slope * self.high).sum()
        )
        return float(value) * self.money, self._sizes(solution)

    def nearest(self, centre: Array, level: float) -> Array:
        """Return the sizes nearest `centre` whose modelled cost is at most `level`."""
        lp, inf, at = self.next_lp, self.infinity, centre / self.unit
        lp.changeRowBounds(self.first, -inf, level / self.money)
        for j in range(self.space.columns):
            lp.changeRowBounds(self.first + 1 + 2 * j, -inf, float(at[j]))
            lp.changeRowBounds(self.first + 2 + 2 * j, float(at[j]), inf)
        lp.run()
        return self._sizes(lp.getSolution())

    def _sizes(self, solution: Any) -> Array:
        found = np.asarray(solution.col_value)[: self.space.columns]
        return np.asarray(np.clip(found, self.low, self.high) * self.unit)
