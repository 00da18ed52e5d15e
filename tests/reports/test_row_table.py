"""Rows in the terminal: whatever the width, what is looked at first is cut last."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from sdp.contract.rows import Row
from sdp.reports.row_table import MARK, WIDE, RowTable, about

LEAST = 46
"""Columns below which no terminal is."""


def row(**parts) -> Row:
    usual = {
        "id": "0" * 16, "task": "count", "split": "test", "prompt": "How many r are in strawberry?", "answer": "3",
        "completion": "3", "key": "strawberry", "family": "strawberri", "template": "1" * 16,
        "meta": {"letter": "r", "count": 3, "held_out_phrasing": False},
    }  # fmt: skip
    return Row(**usual | parts)


def printed(rows: list[Row], width: int, **how) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(RowTable(rows, **how))
    return console.file.getvalue().splitlines()


def test_one_line_where_there_is_room():
    head, line = printed([row()], WIDE)
    assert head.split() == ["split", "word", "prompt", "answer", "about"]
    assert line.split("  ")[0] == "test"
    for text in ("strawberry", "How many r are in strawberry?", " 3 ", "letter r, count 3"):
        assert text in line


def test_two_lines_where_there_is_not():
    head, first, second = printed([row()], 80)
    assert head.split() == ["word", "prompt", "answer"]
    assert first.split("  ")[0] == "strawberry"
    assert "How many r are in strawberry?" in first
    assert second.split("  ")[0].strip() == "test"
    assert "letter r, count 3" in second


@pytest.mark.parametrize("width", [60, 80, WIDE, 160])
def test_a_held_out_phrasing_is_marked(width):
    held_out = row(meta={"held_out_phrasing": True})
    assert printed([held_out], width)[-1] == f"{MARK} this phrasing is held out of training"
    assert sum(MARK in line for line in printed([row(), held_out], width)) == 2
    assert not any(MARK in line for line in printed([row()], width))


@pytest.mark.parametrize("width", [80, WIDE, 200])
def test_lines_of_a_trace_and_of_a_prompt_are_joined_by_a_sign(width):
    traced = row(prompt="Word: ab\nCount:", completion="a-b\n1", answer="1")
    text = "\n".join(printed([traced], width))
    assert "Word: ab ⏎ Count:" in text
    assert "a-b ⏎ 1" in text


def test_the_prompt_is_cut_last():
    long = row(prompt="p" * 60, answer="a" * 60, completion="a" * 60, meta={"said": "m" * 60})
    line = printed([long], WIDE)[1]
    assert "p" * 60 in line
    answer, said = line.split("p" * 60)[1].split()[0], line[line.index("said") :]
    assert len(said) == 20
    assert cell_len(line) == WIDE  # the answer gives up no more than it has to
    assert answer == "a" * (len(answer) - 1) + "…"


def test_an_open_task_s_key_is_called_key():
    assert printed([row()], WIDE, key="key")[0].split()[1] == "key"


def test_control_characters_do_not_reach_the_terminal():
    text = "\n".join(printed([row(prompt="\x1b[2Jgone", key="a\u202eb")], WIDE))
    assert "\x1b" not in text
    assert "␛[2Jgone" in text
    assert "\u202e" not in text


def test_square_brackets_are_no_markup():
    assert "[bold]x[/bold]" in "\n".join(printed([row(prompt="[bold]x[/bold]")], WIDE))


texts = st.text(st.sampled_from("ab -\n漢한éनी़्🙂"), min_size=1, max_size=90)


@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=4), st.integers(LEAST, 200))
def test_it_never_is_wider_than_the_terminal(parts, width):
    rows = [row(key=key, prompt=prompt, answer=answer, completion=answer) for key, prompt, answer in parts]
    lines = printed(rows, width)
    assert max(map(cell_len, lines)) <= width
    assert len(lines) == 1 + len(rows) * (1 if width >= WIDE else 2)


@pytest.mark.parametrize(
    ("meta", "said"),
    [
        ({"position": 3, "from_end": True, "length": 8}, "position 3, from end, length 8"),
        ({"position": 3, "from_end": False, "base": None, "ordinal": "third"}, "position 3, ordinal third"),
        ({"count": 0, "held_out_phrasing": True}, "count 0"),
        ({}, ""),
    ],
)
def test_about(meta, said):
    assert about(row(meta=meta)) == said
