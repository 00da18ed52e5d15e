"""Results on stdout: JSON that any reader takes, or text."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from rich.table import Table

from sdp.cli.output import emit, plain
from sdp.errors import ExitCode


@dataclass(frozen=True)
class Inner:
    path: Path
    share: float


@dataclass(frozen=True)
class Outer:
    inner: Inner
    names: tuple[str, ...]
    by_name: dict[str, Inner]


def test_a_result_is_one_json_object(capsys):
    inner = Inner(Path("data/spelling"), 0.5)
    emit(Outer(inner, ("ß", "b"), {"x": inner}), as_json=True, render=str)
    out, err = capsys.readouterr()
    assert err == ""
    same = {"path": "data/spelling", "share": 0.5}
    assert json.loads(out) == {"inner": same, "names": ["ß", "b"], "by_name": {"x": same}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (np.float64("nan"), None),
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.array([[1, 2]]), [[1, 2]]),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.bool_(True), True),
        (ExitCode.USAGE, 2),
        ({1: {"b", "a"}}, {"1": ["a", "b"]}),
        (datetime(2025, 1, 2, tzinfo=UTC), "2025-01-02T00:00:00+00:00"),
        ({Path("a"): None}, {"a": None}),
    ],
)
def test_plain(value, expected):
    got = plain(value)
    assert got == expected
    assert type(got) is type(expected)
    json.dumps(got, allow_nan=False)


def test_what_is_no_data_is_refused():
    with pytest.raises(TypeError, match="object cannot be written as JSON"):
        plain(object())


def test_text_is_printed_as_it_is(capsys):
    emit(3, as_json=False, render=lambda n: f"[bold]{n}[/bold]\n")
    assert capsys.readouterr().out == "[bold]3[/bold]\n"


def test_a_wide_table_is_not_cut_in_a_pipe(capsys):
    table = Table("name", "value")
    table.add_row("x" * 60, "y" * 70)
    emit(table, as_json=False, render=lambda table: table)
    out = capsys.readouterr().out
    assert "x" * 60 in out
    assert "y" * 70 in out
