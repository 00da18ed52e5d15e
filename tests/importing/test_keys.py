"""Keys are one line, families have no case, ids follow the content."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from sdp.importing.keys import LONGEST_KEY, content_hashes, families_of, keys_of, short
from sdp.seeds import derive_each

TEXTS = st.lists(
    st.text("aB é\n\t ", max_size=8).map(lambda text: text * 40) | st.text("aB é\n\t ", max_size=12),
    min_size=1,
    max_size=8,
)


def array(values):
    return pa.array(values, pa.string())


@given(TEXTS)
def test_the_fast_way_says_the_same_as_text_by_text(texts):
    keys = keys_of(array([None] * len(texts)), array(texts)).to_pylist()
    assert keys == [short(text) for text in texts]
    assert families_of(array([None] * len(keys)), array(keys), None).to_pylist() == [key.casefold() for key in keys]


def test_long_keys_stay_apart():
    one, other = ("word " * 100 + end for end in "ab")
    assert short(one) != short(other)
    assert len(short(one)) <= LONGEST_KEY
    assert short(short(one)) == short(one)


def test_what_a_field_says_goes_before_the_prompt_and_the_key():
    assert keys_of(array(["word", None]), array(["p one", "p two"])).to_pylist() == ["word", "p two"]
    assert families_of(
        array(["topic", None]), array(["Plans", "Plans"]), lambda word: word[:4].lower()
    ).to_pylist() == ["topic", "plan"]


def test_ids_are_hashes_of_task_prompt_and_completion():
    found = content_hashes("t", array(["a", "ab"]), array(["bc", "c"]))
    assert found.tolist() == derive_each("imported t", ["a\0bc", "ab\0c"])
    assert len({*found.tolist(), *content_hashes("u", array(["a", "ab"]), array(["bc", "c"])).tolist()}) == 4
