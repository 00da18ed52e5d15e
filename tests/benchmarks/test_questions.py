import shutil
from pathlib import Path

import pytest
from tests.benchmarks.conftest import questions_of

from sdp.benchmarks.questions import read_questions
from sdp.data.dataset import TaskFolder
from sdp.errors import InputError
from sdp.workflows.generate import GenerateRequest, generate


@pytest.fixture
def folder(data_root, tmp_path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(data_root / "position", tmp_path / "position"))


def test_takes_the_rows_with_the_lowest_ids(data_root):
    folder = TaskFolder.open(data_root / "position")
    everything = read_questions(folder, ".+", None).table["id"].to_pylist()
    assert everything == sorted(folder.table("test")["id"].to_pylist())
    for limit in (1, 7, 40, 1000):
        some = read_questions(folder, ".+", limit)
        assert some.table["id"].to_pylist() == everything[:limit]
        assert some.source["rows_used"] == min(limit, 40)
        assert some.source["rows_there"] == 40


def test_rows_stay_whole(data_root):
    folder = TaskFolder.open(data_root / "count")
    there = {row["id"]: row for row in folder.table("test").to_pylist()}
    for row in read_questions(folder, ".+", 5).table.to_pylist():
        assert {name: there[row["id"]][name] for name in row} == row


def test_no_test_rows_is_an_error(tmp_path):
    """Others committed evaluation files with no rows, and nothing said so."""
    made = generate(GenerateRequest("spelling", 20, out=tmp_path / "spelling", ratios=(1.0, 0.0, 0.0)))
    with pytest.raises(InputError, match="no test rows"):
        read_questions(TaskFolder.open(made.folder), ".+", 10)


def test_a_changed_shard_is_named(folder):
    shard = next(folder.glob("test-*.parquet"))
    raw = bytearray(shard.read_bytes())
    raw[len(raw) // 2] ^= 1  # of the same size, so that only the hash can tell
    shard.write_bytes(raw)
    with pytest.raises(InputError, match=shard.name):
        read_questions(TaskFolder.open(folder), ".+", 10)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_refused(data_root, limit):
    with pytest.raises(InputError, match="rows"):
        read_questions(TaskFolder.open(data_root / "count"), ".+", limit)


def test_places_count_from_the_start_whichever_side_was_asked():
    def row(position, from_end):
        return {"meta": {"position": position, "from_end": from_end, "length": 5, "held_out_phrasing": True}}

    questions = questions_of([row(1, False), row(1, True), row(2, True), row(5, True)])
    assert questions.positions() == [1, 5, 4, 1]
    assert questions.held_out() == [True] * 4
    assert questions.true_counts() == [None] * 4


def test_position_agrees_with_the_answer(data_root):
    questions = read_questions(TaskFolder.open(data_root / "position"), ".+", None)
    rows = zip(questions.texts("key"), questions.texts("answer"), questions.positions(), strict=True)
    assert all(key[place - 1] == answer for key, answer, place in rows)


def test_counts_agree_with_the_answer(data_root):
    questions = read_questions(TaskFolder.open(data_root / "count"), ".+", None)
    assert [str(count) for count in questions.true_counts()] == questions.texts("answer")
    assert questions.positions() == [None] * 40


def test_length_is_letters_not_code_points():
    assert questions_of([{"key": "cafe\u0301"}, {"key": "straw"}]).lengths() == [4, 5]
