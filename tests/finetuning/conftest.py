"""A small model and small data, made once."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.models import build

from sdp.models.replay import FILE
from sdp.workflows.generate import GenerateRequest, generate


@pytest.fixture(scope="session", autouse=True)
def _imported_modules_are_not_collected() -> Iterator[None]:
    """accelerate collects garbage at the end of every training; without this, half of a small one's time goes there."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = build.save(tmp_path_factory.mktemp("model") / "small")
    (folder / FILE).write_text("the\nand\nthat\nwhat\nplan\nletter\nword\n")
    return folder


@pytest.fixture(scope="session")
def data_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``data/spelling`` and ``data/position``."""
    root = tmp_path_factory.mktemp("made") / "data"
    for task, style in (("position", "trace"), ("spelling", "direct")):
        generate(GenerateRequest(task=task, n=200, out=root / task, words="wordfreq:en:2000", style=style))
    return root


@pytest.fixture
def data(data_root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working folder in which ``./data`` is the made one."""
    (tmp_path / "data").symlink_to(data_root)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"
