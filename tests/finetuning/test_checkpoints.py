from pathlib import Path

import pytest

from sdp.errors import ResourceError
from sdp.finetuning import checkpoints


def written(folder: Path, step: int) -> None:
    target = folder / checkpoints.WRITING / f"checkpoint-{step}"
    target.mkdir(parents=True)
    (target / "weights").write_text(str(step))
    (target / "training_args.bin").write_text("pickle")


def test_a_checkpoint_is_there_only_once_it_is_published(tmp_path: Path) -> None:
    assert checkpoints.newest(tmp_path) is None
    written(tmp_path, 20)
    assert checkpoints.newest(tmp_path) is None, "what is still being written is none"
    path = checkpoints.publish(tmp_path, 20)
    assert path == checkpoints.newest(tmp_path) == tmp_path / "step-000020"
    assert [file.name for file in path.iterdir()] == ["weights"], "and holds no pickle of the trainer's arguments"


def test_the_newest_is_the_highest_step_not_the_last_name(tmp_path: Path) -> None:
    for step in (999_999, 1_000_000, 20):
        written(tmp_path, step)
        checkpoints.publish(tmp_path, step)
    (tmp_path / "step-abc").mkdir()
    assert checkpoints.newest(tmp_path) == tmp_path / "step-1000000"
    assert list(checkpoints.complete(tmp_path)) == [20, 999_999, 1_000_000]


def test_only_what_is_kept_stays(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        written(tmp_path, step)
        checkpoints.publish(tmp_path, step)
    checkpoints.prune(tmp_path, {1, 3})
    checkpoints.clear(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-000001", "step-000003"]


def test_what_cannot_be_published_says_so(tmp_path: Path) -> None:
    with pytest.raises(ResourceError):
        checkpoints.publish(tmp_path, 5)
