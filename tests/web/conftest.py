"""Fixtures of the page's tests; all of them are skipped where Flask is not installed."""

import pytest

pytest.importorskip("flask", reason="the extra `web` is not installed")


@pytest.fixture
def app(tmp_path):
    from web_support import KEY

    from mine_energy.web import create_app

    return create_app(tmp_path / "estudio", key=KEY)


@pytest.fixture
def root(tmp_path):
    return tmp_path / "estudio"


@pytest.fixture
def visitor(app):
    from web_support import Visitor

    return Visitor(app)
