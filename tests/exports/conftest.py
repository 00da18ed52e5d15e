"""Plugins of one test must not be there in the next."""

import pytest
from tests.synthesis.made import make, plug_in

from sdp.plugins import manager


@pytest.fixture
def plugged(monkeypatch):
    """Adds classes to what is built in, for one test: plugged(validators=[Picky])."""
    yield lambda **kinds: plug_in(monkeypatch, **kinds)
    monkeypatch.undo()
    manager.load.cache_clear()


@pytest.fixture
def folder(tmp_path):
    """A data set with everything that a format may stumble over: quotes, line ends, nulls, letters beyond ASCII."""
    words = ["straße", "élève", "हिन्दी", "한국말", "λόγος", "naïve", "window", "run", "river", "zebra", "music"]
    (tmp_path / "words.txt").write_text("\n".join(words), encoding="utf-8")
    return make(tmp_path / "position", "position", 120, words="file:words.txt", style="trace", ratios=(0.8, 0, 0.2))
