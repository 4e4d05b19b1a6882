"""Fixtures shared by all tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from places import SHARED

if TYPE_CHECKING:
    from mine_energy.study import Study


# A test's time says how busy the machine is, nothing of the code; speed stands in benchmarks/.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full-size", action="store_true", help="run large samples at full size, not at a tenth")


@pytest.fixture
def sized(request: pytest.FixtureRequest, no_cover: None) -> Callable[..., int]:
    """Return a function that gives a large sample its size and prints it when reduced: to a tenth, unless told.

    Lines are not counted in such tests: a sample passes the same ones a thousand times, and counting takes longer than
    they do.
    """

    def size(full: int, part: int = 10) -> int:
        if request.config.getoption("--full-size"):
            return full
        reduced = max(1, full // part)
        request.config.stash.setdefault(REDUCED, []).append(f"{request.node.nodeid}: {reduced} of {full}")
        return reduced

    return size


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what says again at length what a shorter test says, but with ``--full-size``."""
    if config.getoption("--full-size"):
        return
    for item in items:
        if item.get_closest_marker("whole") is not None:
            item.add_marker(pytest.mark.skip(reason="at length only with ./scripts/test --all"))


REDUCED = pytest.StashKey[list[str]]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what a worker reduced to the process that prints."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["reduced"] = session.config.stash.get(REDUCED, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker reduced."""
    node.config.stash.setdefault(REDUCED, []).extend(getattr(node, "workeroutput", {}).get("reduced", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = config.stash.get(REDUCED, [])
    if lines:
        terminalreporter.section("reduced samples (./scripts/test --all runs them whole)")
        for line in sorted(set(lines)):
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def shared_file() -> Callable[[str], Path]:
    """Return a function that finds a file of the developers' shared folder, or skips the test."""

    def find(relative: str) -> Path:
        path = SHARED / relative
        if not path.exists():
            pytest.skip(f"{relative} is not beside this checkout")
        return path

    return find


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Open a real browser; the test is skipped where there is none."""
    from browsers import opened

    with opened() as one:
        yield one


def _studied(site: str) -> "Study":
    from mine_energy import catalog
    from mine_energy.io.site_file import read_inputs
    from mine_energy.study import run_study

    return run_study(read_inputs(catalog.packaged(f"site_configs/{site}.toml")))


@pytest.fixture(scope="session")
def pilot_study() -> "Study":
    """Return the study of the packaged pilot: a grid, no meter, everything reconstructed."""
    return _studied("los_conquistadores")


@pytest.fixture(scope="session")
def offgrid_study() -> "Study":
    """Return the study of the packaged off-grid plant with its own genset."""
    return _studied("caraveli_offgrid")
