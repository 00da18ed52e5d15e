"""Markdown that no text can break, read back by rules of its own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.data.markdown import code, fenced, table
from sdp.data.visible import visible


def read_code(span: str) -> str:
    """CommonMark: equal runs of backticks delimit; one space is taken off on both sides, unless all is spaces."""
    fence = re.match("`+", span)[0]
    inner = span[len(fence) : -len(fence)]
    assert span.endswith(fence)
    assert fence not in re.findall("`+", inner)
    if inner.startswith(" ") and inner.endswith(" ") and inner.strip(" "):
        inner = inner[1:-1]
    return inner.replace("\\|", "|")


@given(st.text(alphabet="ab`| \\\n", min_size=1))
def test_code_keeps_the_text(text):
    if text.strip(" ") and not text.endswith("\\") and "\\|" not in text:  # a table eats these backslashes in any case
        assert read_code(code(text)) == visible(text)


@given(st.text(alphabet="ab`|~\n", min_size=1))
def test_a_cell_stays_a_cell(text):
    (_, _, row) = table(["a", "b"], [[code(text), "x"]])
    assert "\n" not in row
    assert len(re.findall(r"(?<!\\)\|", row)) == 3


@given(st.text(alphabet="a`~\n "))
def test_a_block_ends_where_it_ends(text):
    first, *inside, last = fenced(text)
    fence = first.removesuffix("text")
    assert last == fence
    assert "\n".join(inside) == text
    assert not any(line.strip() == fence for line in inside)


@pytest.mark.parametrize(("text", "span"), [("e", "`e`"), ("a|b", "`a\\|b`"), ("a\nb", "`a⏎b`"), ("`", "`` ` ``")])
def test_code(text, span):
    assert code(text) == span


def test_table():
    assert table(["", "n"], [["a", "1"]]) == ["|  | n |", "| --- | --- |", "| a | 1 |"]
