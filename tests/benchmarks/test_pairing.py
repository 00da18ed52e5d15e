from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.benchmarks.conftest import bench_rows

from sdp.benchmarks.pairing import pair
from sdp.benchmarks.predictions.recorded import Recorded, id_numbers
from sdp.benchmarks.references import References
from sdp.benchmarks.result import ASKED
from sdp.errors import InputError


def asked(names, *, has_ids=True, answers=None):
    n = len(names)
    rows = bench_rows("m", [1] * n, answer=answers or ["a"] * n, id=id_numbers(names).tolist())
    return References(rows.select(ASKED.names), has_ids, [])


def said(names=None, n=0, **more):
    outputs = [f"out {name}" for name in names] if names else ["x"] * n
    numbers = None if names is None else id_numbers(names)
    return Recorded("m", Path("m.jsonl"), "JSON", outputs, range(1, len(outputs) + 1), names, numbers, **more)


@given(st.lists(st.text(min_size=1, max_size=4), unique=True, min_size=1), st.data())
def test_ids_pair_in_any_order_and_everything_else_is_counted(names, data):
    there = data.draw(st.lists(st.sampled_from(names), unique=True, min_size=1))
    unknown = data.draw(st.lists(st.text(min_size=5, max_size=8), unique=True, max_size=3))
    order = data.draw(st.permutations([*there, *unknown]))
    found = pair(asked(names), said(order))
    assert [(names[row], order[place]) for row, place in zip(found.rows, found.places, strict=True)] == [
        (name, name) for name in names if name in there
    ]
    assert (found.n_unanswered, found.n_unknown) == (len(names) - len(there), len(unknown))
    assert found.by == "id"


def test_without_ids_on_one_side_lines_pair():
    for references, recorded in [
        (asked(["q1", "q2"]), said(n=2)),
        (asked(["q1", "q2"], has_ids=False), said(["q2", "q1"])),
    ]:
        found = pair(references, recorded)
        assert found.by == "line"
        assert found.rows.tolist() == found.places.tolist() == [0, 1]


def test_rows_of_a_bench_pair_by_id_even_where_the_references_made_theirs():
    found = pair(asked(["q1", "q2"], has_ids=False), said(["q2", "q1"], is_ours=True))
    assert (found.by, found.places.tolist()) == ("id", [1, 0])


def test_different_lengths_are_refused_with_both_counts():
    with pytest.raises(InputError, match="3 predictions of 'm' and 2 references do not pair"):
        pair(asked(["q1", "q2"]), said(n=3))


def test_ids_that_occur_twice_are_named():
    with pytest.raises(InputError, match="1 ids occur more than once: q1"):
        pair(asked(["q1", "q2"]), said(["q1", "q1"]))


def test_nothing_in_common_shows_what_ids_look_like():
    with pytest.raises(InputError, match="none of the 1 ids of 'm' is among the 2 questions") as caught:
        pair(asked(["00000000000000ff", "q2"]), said(["17"]))
    assert "00000000000000ff" in caught.value.hint
    assert "like 17" in caught.value.hint


def test_lines_whose_own_file_says_something_else_is_right_do_not_pair():
    references = asked(["q1", "q2"], answers=["a", "b"])
    assert pair(references, said(n=2, references=[" a", "b\n"])).notes == []
    with pytest.raises(InputError, match=r"1 of 2 rows say another right answer .* 'c' for 'b'") as caught:
        pair(references, said(n=2, references=["a", "c"]))
    assert caught.value.where == "m.jsonl:2"


def test_with_ids_the_same_is_a_note():
    references = asked(["q1", "q2"], answers=["a", "b"])
    (note,) = pair(references, said(["q2", "q1"], references=["c", "a"])).notes
    assert "1 rows say another right answer" in note


def test_a_row_that_does_not_say_what_is_right_contradicts_nothing():
    assert pair(asked(["q1", "q2"], answers=["a", "b"]), said(n=2, references=[None, ""])).notes == []


def test_lines_in_the_order_of_other_questions_do_not_pair():
    rows = bench_rows("m", [1] * 3, prompt=["a?", "b?", "b?"])
    references = References(rows.select(ASKED.names), False, [])
    assert pair(references, said(n=3, prompts=["a?", "b?", None])).notes == []
    with pytest.raises(InputError, match=r"1 of 3 rows answer another question .* 'a\?' for 'b\?'") as caught:
        pair(references, said(n=3, prompts=["a?", "a?", "b?"]))
    assert caught.value.where == "m.jsonl:2"
    (note,) = pair(references, said(n=3, prompts=["Q: a?", "b?", "b?"])).notes
    assert note.startswith("m: 1 rows have another question")
