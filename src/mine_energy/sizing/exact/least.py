"""Least cost with perfect foresight: with a coverage asked, or without."""

from mine_energy.sizing.exact.covered import covered
from mine_energy.sizing.exact.evaluate import is_greedy
from mine_energy.sizing.exact.problem import ExactResult, Problem
from mine_energy.sizing.exact.solve import TARGET_GAP, uncovered


def least_cost(problem: Problem, *, target: float = TARGET_GAP) -> ExactResult:
    """Return the sizes of least annual cost with perfect foresight, and the proof of it.

    Parameters
    ----------
    problem
        What to size.
    target
        Relative gap at which to stop.

    Raises
    ------
    OutOfBounds
        A size is unbounded, no unserved price is given where load may be lost, or no sizes reach the coverage.
    """
    greedy = is_greedy(problem)
    solve = uncovered if problem.coverage is None else covered
    return solve(problem, greedy=greedy, target=target)
