"""Normalised texts are in NFC, without what nobody sees; normalising twice changes nothing more."""

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.importing.normalise import changed, normalised


def clean(*texts):
    return normalised(pa.array(texts, pa.string())).to_pylist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e\u0301", "é"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\u00a0b\u2009c", "a b c"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\u202ebidi\u202c", "bidi"),
        ("  trim \n", "trim"),
        ("x  \ny\t\nz", "x\ny\nz"),
        ("bell\x07", "bell"),
        ("\U0001f3f4\U000e0067\U000e007f flag", "\U0001f3f4\U000e0067\U000e007f flag"),
        ("a\U000e0067b", "ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200db", "ab"),
        ("full\u3000width", "full\u3000width"),
        ("plain", "plain"),
        ("", ""),
        ("e\u200b\u0301", "é"),
        ("priv\ue000ate", "priv\ue000ate"),
        ("  indent\n  stays", "indent\n  stays"),
    ],
)
def test_characters(text, expected):
    assert clean(text) == [expected]


def test_nulls_stay_null_and_empty_columns_empty():
    assert clean("a ", None) == ["a", None]
    assert clean() == []


@given(st.lists(st.text(max_size=12), max_size=5))
def test_once_is_enough_and_the_result_is_nfc(texts):
    once = clean(*texts)
    assert clean(*once) == once
    for text in once:
        assert unicodedata.is_normalized("NFC", text)
        assert text == text.strip()
        assert not set(text) & set("\r\x0b\x0c\x85\u2028\u2029\u200b\ufeff\u00ad\u202e")


def test_changed_counts_what_is_another_text():
    assert changed(pa.array(["a", "b", None]), pa.array(["a", "c", None])).tolist() == [False, True, False]
