"""A checkpoint is whole or not there."""

import shutil
from pathlib import Path

import pytest
from tests.runs.checkpoints import made

from sdp.errors import ResourceError
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints.record import NAME


def test_a_checkpoint_is_there_only_once_it_is_published(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints"
    assert folders.complete(folder) == {}
    made.write(folder, 20)
    assert folders.complete(folder) == {}, "what is still being written is none"
    assert folders.half_written(folder) == 20
    path = folders.publish(folder, made.about(), 20)
    assert folders.complete(folder) == {20: path}
    assert folders.half_written(folder) is None
    assert sorted(file.name for file in path.iterdir()) == [
        "adapter_model.safetensors",
        NAME,
        "optimizer.pt",
    ], "no pickle of the trainer's arguments"


def test_without_its_record_it_is_none(tmp_path: Path) -> None:
    path = made.publish(tmp_path, 20)
    (path / NAME).unlink()
    assert folders.complete(tmp_path) == {}
    assert folders.strangers(tmp_path) == [path]


def test_they_come_in_the_order_of_steps(tmp_path: Path) -> None:
    for step in (999_999, 1_000_000, 20):
        made.publish(tmp_path, step)
    (tmp_path / "step-abc").mkdir()
    assert list(folders.complete(tmp_path)) == [20, 999_999, 1_000_000]
    assert [folders.step_of(name) for name in ("step-000020", "step-1000000", "step-20", "x")] == [
        20,
        1_000_000,
        None,
        None,
    ]


def test_a_resumed_run_comes_by_a_step_again(tmp_path: Path) -> None:
    made.publish(tmp_path, 20, 0.5)
    path = made.publish(tmp_path, 20, 0.25)
    assert '"eval_loss": 0.25' in (path / NAME).read_text()


def test_what_is_half_removed_counts_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made.publish(tmp_path, 20)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *args, **kwargs: None)  # killed between the name and the files
        folders.discard(tmp_path, path)
    assert folders.complete(tmp_path) == {}
    folders.clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_nothing_says_which_older_one_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "some-run" / "checkpoints"
    made.publish(folder, 5)
    with pytest.raises(ResourceError, match="cannot write checkpoint step-000010: No such file") as caught:
        folders.publish(folder, made.about(), 10)
    assert caught.value.hint == "step-000005 is whole: free some space, then go on: sdp finetune --resume some-run"
