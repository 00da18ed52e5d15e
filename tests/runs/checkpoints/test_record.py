"""checkpoint.json: read as it was written, and refused in words if it cannot be."""

import json
from pathlib import Path

import pytest
from tests.runs.checkpoints import made

from sdp.errors import InputError
from sdp.runs.checkpoints.record import NAME, Checkpoint, data_hash, finite, parse, read, recipe_hash


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = made.publish(tmp_path / "checkpoints", 20, 0.5)
    record = read(path)
    assert (record.step, record.value, record.format) == (20, 0.5, 1)
    assert Checkpoint.model_validate_json((path / NAME).read_text()) == record
    assert record.n_bytes == sum(file.stat().st_size for file in path.iterdir() if file.name != NAME)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "the checkpoint has format 2, and sdp"),
        ({"step": -1}, "is damaged: step"),
        ({"extra": 1}, "is damaged: extra"),
        ({"files": [{"file": "../../evil", "bytes": 1, "sha256": "0" * 64}]}, "is damaged: files.0.file"),
        ({"files": [{"file": "/etc/passwd", "bytes": 1, "sha256": "0" * 64}]}, "is damaged: files.0.file"),
        ({"files": [{"file": "a", "bytes": 1, "sha256": "0"}]}, "is damaged: files.0.sha256"),
    ],
)
def test_what_cannot_be_used_says_where(tmp_path: Path, change: dict, said: str) -> None:
    path = made.publish(tmp_path / "checkpoints", 20)
    tree = json.loads((path / NAME).read_text())
    (path / NAME).write_text(json.dumps({**tree, **change}))
    with pytest.raises(InputError, match=said):
        read(path)


def test_what_is_no_record(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is no checkpoint: it has no checkpoint\.json"):
        read(tmp_path)
    for text in (b"", b"{", b"[]", b"\xff"):
        with pytest.raises(InputError):
            parse(text, "there")


def test_numbers_that_are_none_are_left_out() -> None:
    assert finite({"a": 1, "b": float("nan"), "c": float("inf"), "d": "x", "e": -0.5}) == {"a": 1.0, "e": -0.5}


def test_the_recipe_s_hash_holds_what_is_learnt_and_not_where() -> None:
    def hashed(**changes: object) -> str:
        recipe = {**made.CONFIG["recipe"], **changes}
        return recipe_hash({"recipe": recipe})

    plain = hashed()
    elsewhere = {
        "checkpoints": {"mirror": "s3://x"}, "tracking": {"to": ["mlflow"]}, "dtype": "bfloat16",
        "distributed": {"kind": "ddp"}, "data": [{"source": "/other/place", "share": 1.0}],
        "training": {"max_steps": 100, "per_device_train_batch_size": 2},
    }  # fmt: skip
    assert all(hashed(**{name: value}) == plain for name, value in elsewhere.items())
    other = {"model": "big", "data": [{"source": "data/spelling", "share": 0.5}], "training": {"max_steps": 99}}
    assert len({plain, *(hashed(**{name: value}) for name, value in other.items())}) == 4
    assert recipe_hash({}) != plain


def test_the_data_s_hash_is_of_fingerprints() -> None:
    one = {"task": "spelling", "path": "data/spelling", "fingerprint": "1"}
    assert data_hash({"data": [one]}) == data_hash({"data": [{**one, "path": "elsewhere"}]})
    assert data_hash({"data": [one]}) != data_hash({"data": [{**one, "fingerprint": "2"}]})
