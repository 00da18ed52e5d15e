"""CSV as RFC 4180 has it, with the lines that a text editor shows."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.importing.delimited import read_delimited, sniffed


def read(data, delimiter=",", longest=1 << 20):
    chunks = list(read_delimited([data], "file", longest, delimiter))
    return [record for chunk in chunks for record in chunk.records], [
        fault for chunk in chunks for fault in chunk.faults
    ]


@given(st.lists(st.tuples(*[st.text("aé\",;\n\t '", max_size=6)] * 2), max_size=6), st.sampled_from([",", "\t", ";"]))
def test_what_python_writes_is_read_back(rows, delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([("q", "a"), *rows])
    records, faults = read(text.getvalue().encode(), delimiter)
    assert [tuple(record.fields.values()) for record in records] == rows
    assert not faults


def test_a_byte_order_mark_quoted_lines_and_line_numbers():
    records, faults = read('\ufeffq,a\r\n"one\nline",1\r\ntwo,2,x\r\n\r\nthree,3\r\n'.encode())
    assert [(record.line, record.fields) for record in records] == [
        (2, {"q": "one\nline", "a": "1"}),
        (6, {"q": "three", "a": "3"}),
    ]
    assert [(fault.line, fault.reason) for fault in faults] == [(4, "the row has 3 cells, the head has 2")]


@pytest.mark.parametrize(
    ("data", "what"),
    [(b"q,q\n1,2\n", "two columns are called 'q'"), (b'q,a\n"x,1\n', "not CSV"), (b"q,a\n\xff,1\n", "0xff")],
)
def test_what_cannot_be_read(data, what):
    with pytest.raises(InputError, match=what):
        read(data)


def test_a_quote_that_is_never_closed_does_not_fill_the_memory():
    with pytest.raises(InputError, match="never closed"):
        read(b'q,a\n"' + b"line\n" * 10_000, longest=1000)


@pytest.mark.parametrize(
    ("head", "delimiter"), [("a,b,c", ","), ("a;b", ";"), ("a\tb,c\td", "\t"), ("a|b", "|"), ("a", ",")]
)
def test_the_delimiter_is_seen_in_the_head(head, delimiter):
    assert sniffed(head) == delimiter


def test_blank_lines_before_the_head():
    records, faults = read(b"\n  \r\n\nq,a\none,1\n")
    assert [(record.line, record.fields) for record in records] == [(5, {"q": "one", "a": "1"})]
    assert not faults
    with pytest.raises(InputError, match="two columns") as caught:
        read(b"\nq,q\n")
    assert caught.value.where == "file:2"
