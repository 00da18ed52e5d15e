"""Tally: what Counter counts, however rows are cut and columns encoded."""

from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sdp.validators import tally as module
from sdp.validators.tally import Tally, total

ROWS = st.lists(
    st.tuples(st.sampled_from(["train", "test"]), st.one_of(st.none(), st.text("abé", max_size=2))), max_size=30
)


@given(st.lists(ROWS, max_size=6), st.booleans(), st.integers(0, 20))
def test_it_counts_as_counter_does(chunks, as_dictionary, merged_at):
    tally, expected = Tally("answer"), {"train": Counter(), "test": Counter()}
    before, module.MERGED_AT = module.MERGED_AT, merged_at
    for chunk in chunks:
        answers = pa.array([answer for _, answer in chunk], pa.string())
        answers = answers.dictionary_encode() if as_dictionary else answers
        tally.add(pa.table({"split": pa.array([split for split, _ in chunk], pa.string()), "answer": answers}))
        for split, answer in chunk:
            expected[split].update([answer] if answer is not None else [])
    module.MERGED_AT = before
    for split, counts in expected.items():
        found = tally.counts(split)
        assert dict(zip(found["value"].to_pylist(), found["n"].to_pylist(), strict=True)) == counts
        assert total(found) == counts.total()
        assert found["value"].to_pylist() == sorted(counts, key=lambda answer: (-counts[answer], answer.encode()))


def test_many_chunks_are_put_together(monkeypatch):
    monkeypatch.setattr(module, "MERGED_AT", 100)
    tally = Tally("key")
    for number in range(200):
        keys = [str(number % 7), str(number % 11)]
        tally.add(pa.table({"split": ["train"] * 2, "key": keys}))
    assert sum(map(len, tally._parts["train"])) < 200
    assert total(tally.counts("train")) == 400


def test_a_split_that_never_came_is_empty():
    assert Tally("key").counts("test").num_rows == 0
    assert total(Tally("key").counts("test")) == 0
