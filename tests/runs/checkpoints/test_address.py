"""How people name a checkpoint."""

from pathlib import Path

import pytest
from tests.runs.checkpoints import made

from sdp.errors import InputError
from sdp.runs.checkpoints.address import find_checkpoint, find_finetune, split
from sdp.runs.folder import Run

ROOT = Path("runs")


@pytest.fixture
def run() -> Run:
    return made.make_run(ROOT, {100: 0.5, 200: 0.25, 300: 0.75, 350: None})


@pytest.mark.parametrize(
    ("name", "step"),
    [(None, 350), (":last", 350), (":best", 200), (":100", 100), (":step-000300", 300), ("RUN", 350), ("RUN:best", 200),
     ("PATH:100", 100), ("PATH/checkpoints/step-000100", 100)],
)  # fmt: skip
def test_every_way_to_name_one(run: Run, name: str | None, step: int) -> None:
    given = name and name.replace("RUN", run.path.name).replace("PATH", str(run.path))
    assert find_checkpoint(given, ROOT) == run.path / "checkpoints" / f"step-{step:06d}"


def test_the_newest_run_is_a_finetune_run(run: Run) -> None:
    Run.create(ROOT, "bench", "later", {})
    assert find_finetune(None, ROOT).path == run.path


@pytest.mark.parametrize(
    ("name", "said"),
    [(":999", "there are: 100, 200, 300, 350"), ("nothing", "there is no run 'nothing'"), ("nothing:best", "no run")],
)
def test_what_is_not_there(run: Run, name: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        find_checkpoint(name, ROOT)
    assert said in str(caught.value)


def test_nothing_to_find(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no run in"):
        find_checkpoint(None, ROOT)
    bench = Run.create(ROOT, "bench", "x", {})
    with pytest.raises(InputError, match="is a bench run"):
        find_checkpoint(bench.path.name, ROOT)
    empty = Run.create(ROOT, "finetune", "x", {})
    with pytest.raises(InputError, match="has no checkpoint"):
        find_checkpoint(empty.path.name, ROOT)
    made.publish(empty.path / "checkpoints", 5)
    with pytest.raises(InputError, match="nothing was evaluated"):
        find_checkpoint(f"{empty.path.name}:best", ROOT)
    (tmp_path / "step-000001").mkdir()
    with pytest.raises(InputError, match="is no checkpoint"):
        find_checkpoint(str(tmp_path / "step-000001"), ROOT)


def test_a_url_is_no_step() -> None:
    assert split("s3://bucket/x") == ("s3://bucket/x", "last")
    assert split("s3://bucket/x:200") == ("s3://bucket/x", "200")
