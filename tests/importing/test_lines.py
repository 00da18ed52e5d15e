"""Lines are cut as any other tool cuts them, whatever the blocks; too long ones are refused before they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdp.errors import InputError
from sdp.importing.lines import BadBytes, Lines, text_lines


def cut(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def read(data, size=7, longest=1 << 20):
    return list(text_lines(cut(data, size), "file", longest))


def numbered(found):
    return {part.first + place: text for part in found for place, text in enumerate(part.texts)}


@given(
    st.lists(st.text("aé\u2028\x0b🦊", max_size=9), min_size=1, max_size=20),
    st.integers(1, 30),
    st.sampled_from(["\n", "\r\n"]),
)
def test_lines_and_numbers_do_not_depend_on_the_blocks(texts, size, end):
    data = end.join(texts).encode()
    found = numbered(read(data, size))
    expected = dict(enumerate(texts, 1))
    if not texts[-1]:
        expected.pop(len(texts))  # an end behind the last line begins no other
        found.pop(len(texts), None)
    assert found == expected


def test_a_byte_order_mark_is_no_part_of_the_first_line():
    assert read(b"\xef\xbb\xbfabc\ndef", 100) == [Lines(1, ["abc"]), Lines(2, ["def"])]


def test_bytes_that_are_not_utf_8_are_found_with_their_line():
    (first, bad, last) = read(b"one\nStra\xdfe\nthree", 100)
    assert (first, last) == (Lines(1, ["one"]), Lines(3, ["three"]))
    assert bad == BadBytes(2, "byte 0xdf at 5 is not UTF-8", "Stra�e")


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_said_to_be_that(mark):
    with pytest.raises(InputError, match="UTF-16"):
        read(mark + b"a\0", 100)


def test_a_line_that_never_ends_is_refused_after_as_much_as_is_allowed():
    asked = []

    def endless():
        yield b"short\n"
        while True:
            asked.append(1)
            yield b"x" * 1000

    with pytest.raises(InputError, match="longer than") as caught:
        list(text_lines(endless(), "file", 50_000))
    assert caught.value.where == "file:2"
    assert len(asked) == 51
