"""Unicode hygiene: what nobody sees is refused, what writing needs is not."""

import unicodedata

import pyarrow as pa
import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from tests.validators.mutated import ENCODINGS, change, good, rows_of

from sdp.contract.imported import imported
from sdp.generators.spelling import Spelling
from sdp.validators.unicode_hygiene import UnicodeHygiene

FAULTS = {
    "a\u202eb": "holds U+202E, a format character",  # right-to-left override: shows another text than it is
    "a\u2066b": "holds U+2066, a format character",
    "soft\u00adhyphen": "holds U+00AD, a format character",
    "\ufeffbom": "holds U+FEFF, a format character",
    "bell\x07": "holds U+0007, a control character",
    "nul\x00": "holds U+0000, a control character",
    "del\x7f": "holds U+007F, a control character",
    "c1\x85": "holds U+0085, a control character",
    "own\ue000": "holds U+E000, a private-use character",
    "gone\U000e0fff": "holds U+E0FFF, an unassigned character",
    "line\u2028": "holds U+2028, a separator character",
    "e\u0301te": "is not in NFC",
    "\u1112\u1161\u11ab": "is not in NFC",  # Hangul as single jamo
    "\u212b": "is not in NFC",  # the sign of an old unit
    "a\u200db": "holds a joiner that joins nothing",
    "\u200da": "holds a joiner that joins nothing",
    "hidden\U000e0068\U000e0069": "holds a tag character that belongs to no flag",
}
GOOD = (
    "straw", "Straße", "naïve café", "ИСТОРИЯ", "ιστορίας", "İstanbul ırmak", "한국어", "日本語", "हिन्दी",
    "العَرَبِيَّة", "שָׁלוֹם",
    "न\u094d\u200dद", "می\u200cخواهم", "👩\u200d💻", "👨\u200d👩\u200d👧",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "☀\ufe0f",
    "« mot »", "„Wort“", "two\nlines\tand a tab",
)  # fmt: skip


def reasons(table):
    return UnicodeHygiene(Spelling()).reasons(table).to_pylist()


@pytest.mark.parametrize("style", ["direct", "trace"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_good_rows_pass(style, encode):
    assert reasons(encode(good("count", style=style))) == [None] * 30


@pytest.mark.parametrize(("text", "fault"), FAULTS.items(), ids=ascii)
@pytest.mark.parametrize("column", ["prompt", "answer", "completion", "key"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_each_fault_is_found_where_it_is(text, fault, column, encode):
    found = reasons(encode(change(good(), 7, **{column: text})))
    assert found.pop(7) == f"{column} {fault}"
    assert set(found) == {None}


@pytest.mark.parametrize("text", GOOD, ids=ascii)
def test_what_writing_needs_passes(text):
    assert reasons(rows_of("before", text, f"Spell {text}!", "after")) == [None] * 4


@pytest.mark.parametrize("answer", [" a", "a ", "a\u00a0", "\u2003a"])
@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_an_answer_with_a_space_around_it_is_refused(answer, encode):
    assert reasons(encode(change(good(), 3, answer=answer)))[3] == "answer begins or ends with a space"


def test_lines_may_stand_in_prompts_and_completions_only():
    for column, fault in (("prompt", None), ("completion", None), ("key", "key holds U+000A, a control character")):
        assert reasons(change(good(), 3, **{column: "a\nb"}))[3] == fault


def test_bytes_that_are_not_utf8_are_said_not_raised():
    _, ends, data = pa.array(["fine", "broken é", "é"]).buffers()
    broken = bytes(data).replace("n é".encode(), b"n \xff\xfe")
    prompts = pa.StringArray.from_buffers(3, ends, pa.py_buffer(broken))
    table = rows_of("a", "b", "c")
    found = reasons(table.set_column(table.schema.get_field_index("prompt"), "prompt", prompts))
    assert found == [None, "prompt is not UTF-8", None]


def test_hundreds_of_bad_characters_are_all_refused():
    texts = [chr(0xE000 + number) for number in range(300)]
    found = reasons(rows_of(*texts, "fine"))
    assert found.pop() is None
    assert None not in found
    assert len(set(found)) == 21


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), min_size=1, max_size=8))
def test_a_row_is_refused_for_its_own_text_only(texts):
    """Judged again one by one, with Python's and the regex package's own means."""
    for text, reason in zip(texts, reasons(rows_of(*texts)), strict=True):
        hidden = regex.search(r"[\p{C}\p{Zl}\p{Zp}--[\n\t\u200C\u200D\U000E0020-\U000E007F]]", text, regex.VERSION1)
        stray = regex.search(
            r"(?:^|[\x00-\x7F])[\u200C\u200D]|(?:^|[^\U0001F3F4\U000E0020-\U000E007F])[\U000E0020-\U000E007F]", text
        )
        bad = hidden or stray or not unicodedata.is_normalized("NFC", text)
        assert (reason is not None) == bool(bad), ascii(text)


def test_only_answers_from_elsewhere_may_have_several_lines():
    table = rows_of("fine")
    table = table.set_column(table.schema.get_field_index("answer"), "answer", pa.array(["one\ntwo"]))
    for generator, reason in (
        (imported("odd", {}, None, None), None),
        (imported("spelling", {}, Spelling, None, "separator"), "answer holds U+000A, a control character"),
        (Spelling(), "answer holds U+000A, a control character"),
    ):
        assert UnicodeHygiene(generator).reasons(table).to_pylist() == [reason]
