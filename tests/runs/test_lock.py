from pathlib import Path

import pytest

from sdp.errors import InputError
from sdp.runs.folder import Run
from sdp.runs.lock import held

pytest.importorskip("fcntl")


def test_only_one_works_on_a_run(tmp_path: Path) -> None:
    run = Run.create(tmp_path, "finetune", "x", {})
    with held(run), pytest.raises(InputError, match="another process"), held(Run.open(run.path)):
        pass
    with held(run):
        pass
