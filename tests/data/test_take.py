"""Single rows by their numbers, compared with the whole table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.synthesis.made import make

from sdp.data import shards
from sdp.data.take import rows_at
from sdp.errors import InputError

N_TRAIN = 80


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """80 train rows in 9 shards of 3 row groups each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "ROW_GROUP", 4)
        return make(tmp_path_factory.mktemp("data") / "count", "count", 100, rows_per_shard=9)


def test_any_rows_in_any_order(folder):
    assert len(folder.files("train")) > 1
    table = folder.table("train").to_pylist()

    @given(st.lists(st.integers(0, N_TRAIN - 1), max_size=30))
    def check(numbers):
        assert rows_at(folder, "train", numbers) == [table[number] for number in numbers]

    check()


def test_other_splits_are_not_counted(folder):
    assert rows_at(folder, "test", range(10)) == folder.table("test").to_pylist()


def test_a_shard_that_cannot_be_read_is_named(folder, tmp_path):
    copy = make(tmp_path / "count", "count", 100)
    file = copy.files("train")[0]
    file.write_bytes(b"\0" * file.stat().st_size)
    with pytest.raises(InputError, match=rf"shard '{file.name}' cannot be read") as caught:
        rows_at(copy, "train", [3])
    assert caught.value.where == str(file)
