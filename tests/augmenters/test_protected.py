"""Parts of a prompt: what may be changed, and what may not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdp.augmenters.protected import is_code, pieces


@settings(max_examples=40)
@given(st.text(max_size=40), st.lists(st.text(max_size=5), max_size=3))
def test_the_parts_are_the_whole(prompt, kept):
    assert "".join(part for part, _ in pieces(prompt, kept)) == prompt


@pytest.mark.parametrize(
    ("prompt", "kept", "free"),
    [
        ("Spell tree now", ["tree"], "Spell  now"),
        ("Is a in banana?", ["a"], "Is  in banana?"),
        ('Say "Hello" twice', [], "Say  twice"),
        ("don't touch 'this' one", [], "don't touch  one"),
        ("See https://x.org/A now", [], "See  now"),
        ("What is x=3 plus 4a?", [], "What is  plus "),
    ],
)
def test_what_is_kept(prompt, kept, free):
    assert "".join(part for part, may in pieces(prompt, kept) if may) == free


def test_code():
    assert is_code("run\n```\nX\n```")
    assert not is_code("run `X`")
