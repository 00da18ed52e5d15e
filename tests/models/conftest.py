"""A model folder that is made once."""

from pathlib import Path

import pytest
from tests.models import build


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.save(tmp_path_factory.mktemp("model") / "small")


@pytest.fixture(scope="session")
def chat_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build.save(tmp_path_factory.mktemp("model") / "chat", chat=True)
