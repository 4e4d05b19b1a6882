"""Random draws of named uncertain inputs whose errors are not independent.

Each input has a stream of its own, and each group one for its common error, keyed by seed and name. An input keeps
its draws when others are added, removed or reordered; two variants of a plant are therefore compared on common
random numbers, and a chunk's size never shows in the result.
"""

from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from typing import Final
from zlib import crc32

import numpy as np

from mine_energy.errors import InputError, Problem
from mine_energy.uncertainty.bands import Array
from mine_energy.uncertainty.distributions import Uncertain, check, values

CHUNK_VALUES: Final = 2_000_000
"""Numbers in one chunk of draws (16 MB): small against memory, large against the cost of a call."""

Model = Callable[[Array], Array]
"""From inputs, shape (inputs, draws), to one output (draws,) or several (outputs, draws)."""


def draw(inputs: Sequence[Uncertain], draws: int, seed: int) -> Array:
    """Return draws of all inputs at once.

    Parameters
    ----------
    inputs
        Uncertain inputs with unique names.
    draws
        Number of draws, one or more.
    seed
        Zero or more; stated in every result that rests on it.

    Returns
    -------
    numpy.ndarray
        Shape (inputs, draws), each row in its input's unit.

    Raises
    ------
    InputError
        An input is wrong (see :func:`~mine_energy.uncertainty.distributions.check`).
    """
    return np.concatenate(list(draw_chunks(inputs, draws, seed)), axis=1)


def draw_chunks(inputs: Sequence[Uncertain], draws: int, seed: int, chunk_draws: int | None = None) -> Iterator[Array]:
    """Yield the draws in blocks of columns, so that memory does not grow with their number.

    A member of a group with correlation rho is drawn from ``z = sqrt(rho) common + sqrt(1 - rho) own``: a Gaussian
    copula with one factor (JCGM 101:2008, 6.4.8, for correlated inputs).

    Parameters
    ----------
    inputs, draws, seed
        As in :func:`draw`.
    chunk_draws
        Draws in a block; None takes blocks of about 16 MB.

    Yields
    ------
    numpy.ndarray
        Shape (inputs, block).
    """
    check(inputs)
    if draws < 1 or seed < 0:
        raise InputError([Problem(key="uncertainty_draws", field="draws, seed", value=f"{draws} {seed}")])
    size = max(1, chunk_draws or CHUNK_VALUES // max(1, len(inputs)))
    groups = dict.fromkeys(one.group for one in inputs if one.group and one.varies and one.correlation > 0)
    common = {group: _stream("group", group, seed) for group in groups}
    own = [_stream("input", one.name, seed) if one.varies else None for one in inputs]
    for start in range(0, draws, size):
        count = min(size, draws - start)
        shared = {group: stream.standard_normal(count) for group, stream in common.items()}
        block = np.empty((len(inputs), count))
        for row, (one, stream) in enumerate(zip(inputs, own, strict=True)):
            block[row] = one.base if stream is None else values(one, _normals(one, stream, shared, count))
        yield block


def common_error(group: str, draws: int, seed: int) -> Array:
    """Return the standard normal draws that the members of `group` share, shape (draws,)."""
    return _stream("group", group, seed).standard_normal(draws)


def _normals(one: Uncertain, stream: np.random.Generator, shared: dict[str, Array], count: int) -> Array:
    z = stream.standard_normal(count)
    if one.group in shared and one.correlation > 0:
        z *= sqrt(1 - one.correlation)
        z += sqrt(one.correlation) * shared[one.group]
    return z


def _stream(kind: str, name: str, seed: int) -> np.random.Generator:
    """Return the stream of a name: two checksums, because 32 bits alone would let two of many names collide."""
    key = f"{kind}:{name}".encode()
    return np.random.Generator(np.random.PCG64([seed, crc32(key), crc32(key[::-1])]))


def simulate(model: Model, inputs: Sequence[Uncertain], draws: int, seed: int) -> Array:
    """Return a model's output over the draws of its inputs.

    Parameters
    ----------
    model
        Vectorised over columns; it sees blocks of draws and must treat each column on its own.
    inputs, draws, seed
        As in :func:`draw`; the model's rows are in the order of `inputs`.

    Returns
    -------
    numpy.ndarray
        Shape (draws,) or (outputs, draws).
    """
    return np.concatenate([model(block) for block in draw_chunks(inputs, draws, seed)], axis=-1)
