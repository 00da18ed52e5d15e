"""Rounds: what is planned adds up, and what is lost is asked for again."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.synthesis import plugins
from tests.synthesis.made import source

from sdp.api import PluginError
from sdp.contract.rows import SPLITS
from sdp.data.place import Place
from sdp.synthesis.picker import pick
from sdp.synthesis.rounds import Rounds, pieces, planned
from sdp.synthesis.shard import Done


@given(st.integers(0, 500), st.integers(1, 60))
def test_pieces_are_all_of_it_without_overlap(n, size):
    cut = list(pieces(n, size))
    assert [number for first, last in cut for number in range(first, last)] == list(range(n))
    assert all(0 < last - first <= size for first, last in cut)


def done(work, **lost):
    known = {field.name: "" for field in fields(Done)}  # whatever else a marker says
    known |= {"name": work.name, "split": work.split, "fingerprint": work.fingerprint, "refills": len(work.refills)}
    return Done(**known | {"rows": 0, "bytes": 0, "rejects": {}, "missing": {}} | lost)


def test_a_finite_task(tmp_path):
    data = source("spelling", 100, rows_per_shard=30)
    first = planned(data, Place.of(tmp_path))
    assert [(work.name, work.first, work.last) for work in first] == [
        ("train-00000-of-00003.parquet", 0, 30),
        ("train-00001-of-00003.parquet", 30, 60),
        ("train-00002-of-00003.parquet", 60, 80),
        ("validation-00000-of-00001.parquet", 0, 10),
        ("test-00000-of-00001.parquet", 0, 10),
    ]
    rounds = Rounds(data)
    assert rounds.again(first, [done(work) for work in first]) == []


def test_a_shard_that_lost_rows_is_made_again_whole_with_others_at_its_end(tmp_path):
    data = source("spelling", 100, rows_per_shard=30)
    first, rounds = planned(data, Place.of(tmp_path)), Rounds(data)
    lost = [done(work) for work in first]
    lost[0] = done(first[0], missing={0: 2}, rejects={"a": 2})
    lost[2] = done(first[2], missing={0: 1, 3: 1}, rejects={"a": 2})
    again = rounds.again(first, lost)
    assert [(work.name, work.first, work.last) for work in again] == [
        (first[0].name, 0, 30),
        (first[2].name, 60, 80),
    ]
    taken = [numbers(work.refills[0]) for work in again]
    assert [len(rows) for rows in taken] == [2, 2]
    assert {cell for rows in taken for cell, _ in rows} == {0, 3}
    (third,) = rounds.again(again, [done(again[0], missing={0: 1}, rejects={"a": 1}), done(again[1])])
    assert third.refills[0] == again[0].refills[0]  # what passed in the second round stays
    taken.append(numbers(third.refills[1]))
    together = [row for rows in taken for row in rows]
    assert len(together) == len(set(together)) == 5
    quotas = [cell.quota for cell in data.plan.splits["train"].cells]
    assert all(number >= quotas[cell] for cell, number in together)  # none that was planned


def numbers(ranges):
    return [(cell, number) for cell, first, last in ranges for number in range(first, last)]


def test_an_open_task_s_shards_hold_the_candidates_that_were_picked(tmp_path, plugged):
    plugged(generators=[plugins.Mirror])
    data = source("mirror", 50, rows_per_shard=15)
    picked = pick(data, data.settings.split_sizes)
    work = planned(data, Place.of(tmp_path), picked)
    assert [(one.split, one.first, one.last) for one in work] == [
        ("train", 0, 15), ("train", 15, 30), ("train", 30, 40), ("validation", 0, 5), ("test", 0, 5),
    ]  # fmt: skip
    for split in SPLITS:
        held = np.concatenate([one.candidates for one in work if one.split == split])
        assert held.tolist() == picked.candidates[split].tolist()


def test_a_row_of_an_open_task_that_does_not_pass_again_is_the_validator_s_fault(tmp_path, plugged):
    plugged(generators=[plugins.Mirror])
    data = source("mirror", 20)
    work = planned(data, Place.of(tmp_path), pick(data, data.settings.split_sizes))
    results = [done(work[0], missing={0: 1}, rejects={"moody: no": 1}), *map(done, work[1:])]
    with pytest.raises(PluginError, match='passed at first, and then did not: "moody: no"'):
        Rounds(data).again(work, results)
