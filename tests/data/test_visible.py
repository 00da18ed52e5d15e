"""Any text on one line, and short."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from sdp.data.visible import cut, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, with spaces – and ünïcödé", "plain, with spaces – and ünïcödé"),
        ("a\nb\r\nc\td", "a⏎b␍⏎c⇥d"),
        ("\x1b[31mred", "␛[31mred"),
        ("\x00\x7f\x9b", "␀␡\ufffd"),
        ("name\u202egnp.exe", "name\ufffdgnp.exe"),
        ("\ud800\ufffe", "\ufffd\ufffd"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("न्\u200dदी", "न्\u200dदी"),
        ("שלום مرحبا", "שלום مرحبا"),
    ],
)
def test_signs(text, shown):
    assert visible(text) == shown


@given(st.text())
def test_one_line_without_controls(text):
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in shown)
    assert len(shown) == len(text)
    assert visible(shown) == shown


@pytest.mark.parametrize(
    ("text", "n_cells", "shown"),
    [
        ("strawberry", 10, "strawberry"),
        ("strawberry", 9, "strawber…"),
        ("", 1, ""),
        ("漢字漢字", 8, "漢字漢字"),
        ("漢字漢字", 7, "漢字漢…"),
        ("漢字漢字", 6, "漢字…"),
        ("é" * 4, 3, "éé…"),
        ("한국어말", 5, "한국…"),
        ("न्दीन्दीन्दी", 2, "न्दी…"),
    ],
)
def test_cut(text, n_cells, shown):
    assert cut(text, n_cells) == shown


@given(st.text(), st.integers(1, 20))
def test_letters_stay_whole(text, n_cells):
    text = unicodedata.normalize("NFC", text)
    short = cut(text, n_cells)
    assert short == text or text.startswith(short.removesuffix("…"))
    assert len(regex.findall(r"\X", short)) <= n_cells
    if short != text:
        kept = regex.findall(r"\X", short.removesuffix("…"))
        assert kept == regex.findall(r"\X", text)[: len(kept)]
