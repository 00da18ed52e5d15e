"""Answers behind a marker, as in GSM8K."""

from sdp.importing.shapes.draft import Draft, Refused
from sdp.importing.shapes.marked import Marked
from sdp.importing.shapes.pairs import Pairs
from sdp.importing.texts import Kinds


def cut(answer):
    return Marked(Pairs("question_answer", "q", "a", None, Kinds()), "####").drafts({"q": "x", "a": answer}, 1)


def test_the_last_marker_counts_and_what_is_before_it_is_the_way():
    assert cut("2 + 2 #### no\nso\n#### 4 ") == [Draft("x", "4", "2 + 2 #### no\nso")]
    assert cut("#### 4") == [Draft("x", "4", None)]


def test_no_marker_no_answer():
    assert cut("just 4") == [Refused("no '####' in the answer", "x", "just 4")]
    assert cut("so ####") == [Refused("no answer", "x", "so ####")]
