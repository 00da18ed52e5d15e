import numpy as np
import pytest
from tests.benchmarks.conftest import bench_rows

from sdp.benchmarks.references import answers, check_ids, joined, of_bench, of_folder
from sdp.benchmarks.result import ASKED
from sdp.data.dataset import TaskFolder
from sdp.errors import InputError


def folder(data_root, task):
    return of_folder(TaskFolder.open(data_root / task), "test")


def test_a_data_set_s_rows_in_the_order_of_its_shards(data_root):
    made = TaskFolder.open(data_root / "position")
    table, found = made.table("test"), folder(data_root, "position")
    assert found.asked.schema == ASKED
    assert found.asked["id"].to_pylist() == table["id"].to_pylist()
    assert answers(found) == table["answer"].cast("string").to_pylist()
    meta = table["meta"].to_pylist()
    assert found.asked["length"].to_pylist() == [row["length"] for row in meta]
    expected = [row["length"] + 1 - row["position"] if row["from_end"] else row["position"] for row in meta]
    assert found.asked["position"].to_pylist() == expected
    assert found.has_ids
    assert found.tasks == ["position"]
    assert found.sources[0]["rows_there"] == 40


def test_a_split_that_is_not_there(data_root):
    with pytest.raises(InputError, match="has no train rows") as caught:
        of_folder(TaskFolder.open(data_root / "count"), "train")
    assert "splits are: " in caught.value.hint


def test_a_shard_that_was_changed_is_refused(data_root, tmp_path):
    import shutil

    shutil.copytree(data_root / "count", tmp_path / "count")
    made = TaskFolder.open(tmp_path / "count")
    (shard,) = made.files("test")
    data = bytearray(shard.read_bytes())
    data[100] ^= 1
    shard.write_bytes(data)
    with pytest.raises(InputError, match="was changed"):
        of_folder(made, "test")


def test_several_tasks_together(data_root):
    whole = joined([folder(data_root, "count"), folder(data_root, "spelling")])
    assert whole.tasks == ["count", "spelling"]
    assert whole.asked.num_rows == 80
    assert len(whole.sources) == 2


def test_one_data_set_twice_is_refused(data_root):
    with pytest.raises(InputError, match=r"40 ids occur more than once: .*, …"):
        joined([folder(data_root, "count")] * 2)


def test_a_bench_s_questions(tmp_path):
    import pyarrow.parquet as pq

    pq.write_table(bench_rows("m", [1, 0]), tmp_path / "rows.parquet")
    found = of_bench(tmp_path / "rows.parquet")
    assert found.numbers.tolist() == [0, 1]
    assert answers(found) == ["a", "a"]


def test_ids_that_occur_twice_are_named_as_they_stand():
    check_ids(np.array([3, 1, 2], np.uint64), ["c", "a", "b"], "f")
    with pytest.raises(InputError, match="2 ids occur more than once: a, c"):
        check_ids(np.array([3, 1, 1, 3, 2, 1], np.uint64), ["c", "a", "a", "c", "b", "a"], "f")
    with pytest.raises(InputError, match="1 ids occur more than once: 00000000000000ff"):
        check_ids(np.array([255, 255], np.uint64), None, "f")
