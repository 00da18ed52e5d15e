"""Rows of our own come back as they are."""

import pytest

from sdp.importing.shapes.own_rows import OwnRows
from sdp.importing.texts import Unfit

ROW = {
    "id": "00000000000000ff",
    "task": "t",
    "split": "test",
    "prompt": "p",
    "answer": "a",
    "completion": "w\na",
    "key": "k",
    "family": "f",
    "template": "0123456789abcdef",
    "meta": {"n": 1},
}


def test_a_row():
    (draft,) = OwnRows().drafts(ROW, 1)
    assert (draft.prompt, draft.answer, draft.reasoning, draft.key) == ("p", "a", "w", "k")
    assert draft.own == {"id": 255, "family": "f", "template": "0123456789abcdef", "meta": {"n": 1}}


def test_meta_in_columns_of_their_own_and_ids_as_numbers():
    flat = {name: value for name, value in ROW.items() if name != "meta"} | {"meta_n": "1", "id": 255}
    assert OwnRows().drafts(flat, 1)[0].own["meta"] == {"n": "1"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": "xyz"}, "id"),
        ({"id": "zzzzzzzzzzzzzzzz"}, "id"),
        ({"id": "0x000000000000ff"}, "id"),
        ({"id": "+00000_000000_ff"}, "id"),
        ({"id": -1}, "id"),
        ({"template": "1"}, "template"),
        ({"template": "not hexadecimal!"}, "template"),
        ({"completion": "w"}, "last line"),
        ({"key": ""}, "no key"),
    ],
)
def test_rows_that_are_not_ours(change, why):
    with pytest.raises(Unfit, match=why):
        OwnRows().drafts(ROW | change, 1)
