"""The package's root: light, complete, and strict about unknown names."""

import importlib.util
import subprocess
import sys

import pytest

import mine_energy


@pytest.mark.parametrize("name", mine_energy.__all__)
def test_every_public_name_is_there(name):
    assert getattr(mine_energy, name)
    assert name in dir(mine_energy)


def test_no_public_name_hides_a_module():
    for name in mine_energy.__all__:
        if name != "__version__":
            assert importlib.util.find_spec(f"mine_energy.{name}") is None


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        mine_energy.no_such_name  # noqa: B018


def test_importing_the_root_loads_nothing_heavy():
    code = "import sys, mine_energy; print({'numpy', 'pandas', 'pvlib', 'pydantic'} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert answer.stdout.strip() == b"set()"
