"""Plugins of one test must not be there in the next."""

import pytest
from tests.synthesis.made import plug_in

from sdp.plugins import manager


@pytest.fixture
def plugged(monkeypatch):
    """Adds classes to what is built in, for one test: plugged(validators=[Picky])."""
    yield lambda **kinds: plug_in(monkeypatch, **kinds)
    monkeypatch.undo()
    manager.load.cache_clear()
