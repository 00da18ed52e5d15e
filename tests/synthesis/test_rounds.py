"""Rounds: what is planned adds up, and what is lost is asked for again."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.synthesis import plugins
from tests.synthesis.made import source

from sdp.contract.rows import SPLITS
from sdp.synthesis.rounds import ItemRounds, OpenRounds, pieces
from sdp.synthesis.shard import Done


@given(st.integers(0, 500), st.integers(1, 60))
def test_pieces_are_all_of_it_without_overlap(n, size):
    cut = list(pieces(n, size))
    assert [number for first, last in cut for number in range(first, last)] == list(range(n))
    assert all(0 < last - first <= size for first, last in cut)


def done(work, **lost):
    return replace(Done(work.name, work.split, 0, 0, "", {}, {}), **lost)


def test_a_finite_task(tmp_path):
    rounds = ItemRounds(source("spelling", 100, rows_per_shard=30), tmp_path)
    first = rounds.first()
    assert [(work.split, work.first, work.last) for work in first] == [
        ("train", 0, 30), ("train", 30, 60), ("train", 60, 80), ("validation", 0, 10), ("test", 0, 10),
    ]  # fmt: skip
    assert rounds.after([done(work) for work in first]) == []
    lost = [done(first[0], missing={0: 2}, rejects={"a": 2}), done(first[2], missing={0: 1, 3: 1}, rejects={"a": 2})]
    (again,) = rounds.after(lost)
    assert again.split == "train"
    assert sum(last - first for _, first, last in again.refill) == 4
    assert {cell for cell, _, _ in again.refill} == {0, 3}
    assert len({work.name for work in [*first, again]}) == len(first) + 1


def test_an_open_task(tmp_path, plugged):
    plugged(generators=[plugins.Mirror])
    rounds = OpenRounds(source("mirror", 50, rows_per_shard=15), tmp_path)
    first = rounds.first()
    assert {split: sum(len(work.candidates) for work in first if work.split == split) for split in SPLITS} == {
        "train": 40,
        "validation": 5,
        "test": 5,
    }
    again = rounds.after([done(first[0], missing={0: 3}, rejects={"a": 3}), *map(done, first[1:])])
    assert [(work.split, len(work.candidates)) for work in again] == [("train", 3)]
    assert not {*again[0].candidates} & {index for work in first for index in work.candidates}
    assert rounds.after([done(work) for work in again]) == []
