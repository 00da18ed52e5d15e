"""Picking candidates of an open task: exactly n distinct rows, the same for any number of processes, and an end."""

from itertools import islice

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.synthesis import plugins
from tests.synthesis.made import make, rows, source

from sdp.api import InputError
from sdp.contract.rows import SPLITS
from sdp.data.splits import split_of
from sdp.synthesis import picker
from sdp.synthesis.open_task import OpenRows
from sdp.synthesis.picker import pick


@pytest.fixture(autouse=True)
def _tasks(plugged):
    plugged(generators=[getattr(plugins, name) for name in ("Mirror", "Sum", "Ten", "Mistaken")])


def picked(task, quotas, n=10, **settings):
    return pick(source(task, n, **settings), quotas)


@pytest.mark.parametrize("task", ["mirror", "sum"])
@pytest.mark.parametrize(("n", "shares"), [(1, [1, 0, 0]), (7, [5, 1, 1]), (301, [241, 30, 30])])
def test_exactly_n_distinct_rows_in_pure_splits(tmp_path, task, n, shares):
    folder = make(tmp_path / task, task, n)
    made = rows(folder)
    assert [folder.n_rows(split) for split in SPLITS] == shares
    assert len({row["id"] for row in made}) == len({row["prompt"] for row in made}) == n
    assert all(row["split"] == split_of(row["family"]) for row in made)
    held_out = {fact.hash for fact in folder.manifest.phrasings if fact.held_out}
    assert not held_out & {row["template"] for row in made if row["split"] == "train"}


def test_the_lowest_candidate_of_every_question_by_brute_force():
    """Ten words, each asked for again and again."""
    quotas = {split: sum(split_of(f"word{letter}") == split for letter in "abcdefghij") for split in SPLITS}
    found = picked("ten", quotas)
    maker, first = OpenRows(source("ten")), {}
    for index, row in enumerate(maker.table(range(200)).to_pylist()):
        first.setdefault(row["id"], (row["split"], index))
    wanted = {split: sorted(i for where, i in first.values() if where == split) for split in SPLITS}
    assert {split: chosen.tolist() for split, chosen in found.candidates.items()} == {
        split: chosen for split, chosen in wanted.items() if chosen
    }


def test_a_larger_set_begins_with_the_smaller_one():
    small, large = (picked("mirror", {"train": n}).candidates["train"] for n in (50, 500))
    assert large[:50].tolist() == small.tolist()


def test_blocks_do_not_change_what_is_picked(monkeypatch):
    quotas = {"train": 240, "test": 60}
    whole = picked("mistaken", quotas)
    monkeypatch.setattr(picker, "BLOCK", 7)
    pieces = picked("mistaken", quotas)
    for split in quotas:
        assert pieces.candidates[split].tolist() == whole.candidates[split].tolist()
    assert pieces.rejects == whole.rejects
    assert pieces.rejects.total() == sum(table.num_rows for table in pieces.rejected)


def test_test_rows_alone_are_found_although_nine_of_ten_candidates_are_for_other_splits(tmp_path):
    for seed in range(5):
        assert len(rows(make(tmp_path / str(seed), "mirror", 5, seed=seed, ratios=(0, 0, 1)))) == 5


def test_a_task_that_runs_out_says_how_many_there_are(tmp_path):
    n_train = sum(split_of("word" + letter) == "train" for letter in "abcdefghij")
    with pytest.raises(InputError, match=f"60 rows were asked for, .* tries gave at least {n_train} distinct ones"):
        make(tmp_path / "ten", "ten", 60, ratios=(1, 0, 0))
    assert make(tmp_path / "all", "ten", n_train, ratios=(1, 0, 0)).n_rows("train") == n_train


def test_the_same_rows_again_and_other_rows_for_another_seed(tmp_path):
    one, same, other = (rows(make(tmp_path / str(i), "mirror", 200, seed=seed)) for i, seed in enumerate((0, 0, 1)))
    assert one == same
    assert len({row["key"] for row in one} & {row["key"] for row in other}) <= 2


def test_rows_that_the_oracle_refutes_are_replaced_and_kept_apart(tmp_path):
    folder = make(tmp_path / "mistaken", "mistaken", 101)
    made = rows(folder)
    assert len(made) == len({row["id"] for row in made}) == 101
    assert all(row["answer"] == row["key"][::-1] for row in made)
    assert 10 < sum(folder.manifest.rejects.values()) < 60
    assert all(reason.startswith("oracle: the oracle says '") for reason in folder.manifest.rejects)
    rejects = pq.read_table(folder.path / "rejects.parquet")
    assert rejects.num_rows == sum(folder.manifest.rejects.values())
    assert "candidate" not in rejects.column_names
    assert not set(rejects["id"].to_pylist()) & {row["id"] for row in made}


def test_what_lies_behind_the_last_row_needed_is_not_called_refused():
    """A block is judged whole; its end was never needed, and would make the number of rejects depend on its size."""
    found = picked("mistaken", {"train": 20})
    last = int(found.candidates["train"][-1])
    refused = [i for i in range(last) if i % 5 == 0]
    assert found.rejects.total() <= len(refused)


@pytest.mark.parametrize("task", ["mirror", "sum"])
def test_any_engine_picks_the_same(task):
    """Plugins of a test are known here only, so the engine is played by one that works ahead, in another order."""

    def ahead(work, shared, items):
        listed = list(islice(items, 4))
        done = {item: work(shared, item) for item in reversed(listed)}
        yield from (done[item] for item in listed)

    quotas = {"train": 240, "validation": 30, "test": 30}
    one, other = pick(source(task, 300), quotas), pick(source(task, 300), quotas, ahead)
    for split in quotas:
        assert other.candidates[split].tolist() == one.candidates[split].tolist()
    assert other.rejects == one.rejects


def test_candidates_rise_and_are_numbers():
    for chosen in picked("sum", {"train": 90, "validation": 10, "test": 10}).candidates.values():
        assert chosen.dtype == np.int64
        assert (np.diff(chosen) > 0).all()
