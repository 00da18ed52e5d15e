"""`sdp validate` as a function: judged again from the files alone."""

from pathlib import Path

import pyarrow as pa
import pytest
from tests.synthesis import plugins
from tests.synthesis.made import make

from sdp.api import InputError
from sdp.data.manifest import Manifest
from sdp.data.shards import write_shard
from sdp.workflows.validate import ValidateRequest, validate


def tamper(folder, which=range(1), where="train", **changes):
    """Changes a row and makes the manifest agree, as somebody would who wants to get away with it."""
    (file,) = folder.files(where)
    table = folder.table(where)
    rows = table.to_pylist()
    for row in which:
        rows[row] |= changes
    digest = write_shard(pa.Table.from_pylist(rows, schema=table.schema), file)
    facts = {"sha256": digest, "bytes": file.stat().st_size}
    shards = [one.model_copy(update=facts) if one.file == file.name else one for one in folder.manifest.shards]
    folder.manifest.model_copy(update={"shards": shards}).save(folder.path)
    return f"{rows[0]['id']:016x}"


@pytest.fixture
def folder():
    return make(Path("data/count"), "count", 400)


def verdict():
    return validate(ValidateRequest()).folders[0]


def test_what_was_generated_is_valid(folder):
    make(Path("data/spelling"))
    result = validate(ValidateRequest())
    assert result.ok
    assert {one.task for one in result.folders} == {"count", "spelling"}
    assert verdict().n_rows in {400, 100}
    for one in result.folders:
        assert set(one.checks) == {"schema", "oracle", "uniqueness", "split_purity", "balance"}
        assert (one.rejected, one.examples, one.problems) == ({}, {}, [])


def test_a_wrong_answer_is_found(folder):
    row_id = tamper(folder, answer="17", completion="17")
    found = verdict()
    assert not found.ok
    ((reason, n),) = found.rejected.items()
    assert reason.startswith("oracle: the oracle says '")
    assert n == 1
    assert found.examples == {reason: row_id}


def test_a_row_copied_into_another_split_is_found(folder):
    tamper(folder, where="test", **folder.table("train").to_pylist()[0] | {"split": "test"})
    assert set(verdict().rejected) == {"uniqueness: the same question occurs before"}


def test_a_family_moved_to_another_split_is_found(folder):
    tamper(folder, where="validation", family="run")
    assert verdict().rejected == {"split_purity: the family belongs to test": 1}


def test_one_answer_everywhere_is_found(folder):
    tamper(folder, range(200), answer="1", completion="1")
    assert any(problem.startswith("balance: train: '1' is the answer of") for problem in verdict().problems)


def test_a_changed_shard_is_refused_before_it_is_read(folder):
    path = folder.path / "test-00000-of-00001.parquet"
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"shard 'test-00000-of-00001\.parquet' was changed"):
        validate(ValidateRequest())


def test_a_new_validator_judges_old_data(folder, plugged):
    plugged(validators=[plugins.Picky])
    found = verdict()
    assert found.rejected == {"picky: there is an e": sum("e" in key for split in found_splits() for key in split)}
    assert "picky" in found.checks


def found_splits():
    from sdp.data.dataset import TaskFolder

    folder = TaskFolder.open(Path("data/count"))
    return [folder.table(split)["key"].to_pylist() for split in folder.manifest.splits]


def test_named_ones_only_and_missing_ones_are_said(folder):
    make(Path("data/spelling"))
    assert [one.task for one in validate(ValidateRequest(("count",))).folders] == ["count"]
    with pytest.raises(InputError, match="there is no data set 'position'"):
        validate(ValidateRequest(("position",)))


def test_data_of_a_plugin_that_is_gone(folder):
    manifest = Manifest.load(folder.path)
    manifest.model_copy(update={"task": "mirror"}).save(folder.path)
    with pytest.raises(InputError, match="unknown task 'mirror'"):
        validate(ValidateRequest())
