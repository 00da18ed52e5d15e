"""Checkpoints in the terminal: what people read."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from tests.runs.checkpoints import made

from sdp.cli.output import plain
from sdp.reports.checkpoint_terminal import (
    MOST_TENSORS,
    change_text,
    checkpoint_comparison,
    checkpoint_details,
    checkpoint_table,
)
from sdp.runs.checkpoints.compare import compare
from sdp.workflows.checkpoint_list import ListRequest, list_checkpoints, show_checkpoint


def text_of(shown: Any, width: int = 100) -> str:
    console = Console(width=width, record=True, file=StringIO())
    console.print(shown)
    return console.export_text()


def test_a_list_marks_the_best_and_the_newest_and_names_what_cannot_be_used() -> None:
    run = made.make_run(Path("runs"), {10: 0.25, 20: None, 30: 0.5})
    (run.path / "checkpoints" / "step-000030" / "checkpoint.json").unlink()
    lines = text_of(checkpoint_table(plain(list_checkpoints(ListRequest())))).splitlines()
    assert [line.split()[-1] for line in lines[2:4]] == ["best", "newest"]
    assert "step-000030 cannot be used: it has no checkpoint.json" in lines[-1]
    assert lines[3].split()[2] == "–", "nothing was evaluated there"


def test_one_says_where_it_was_computed_and_whether_it_is_whole() -> None:
    run = made.make_run(Path("runs"), {10: 0.25})
    text = text_of(checkpoint_details(plain(show_checkpoint(None, Path("runs")))))
    for said in ("cpu (a CPU), float32", "1 process of 2 threads, batch 4 × 2", "less is better", "every byte"):
        assert said in text
    (run.path / "checkpoints" / "step-000010" / "optimizer.pt").unlink()
    assert "'optimizer.pt' is missing" in text_of(checkpoint_details(plain(show_checkpoint(None, Path("runs")))))


def test_of_many_tensors_those_that_differ_most_are_shown(tmp_path: Path) -> None:
    compared = plain(compare(made.publish(tmp_path, 10), made.publish(tmp_path, 20)))
    one = next(tensor for tensor in compared["tensors"] if not tensor["equal"])
    many = [{**one, "name": f"layer.{i}", "relative": i / 100} for i in range(MOST_TENSORS + 3)]
    text = text_of(checkpoint_comparison({**compared, "tensors": many, "unlike": ["x: y, in one alone"]}))
    assert "layer.12" in text
    assert "layer.2 " not in text
    assert "and 3 more" in text
    assert "x: y, in one alone" in text


@pytest.mark.parametrize(
    ("kind", "done", "said"),
    [
        (
            "Pruned",
            {"kept": [1], "removed": [2, 3], "freed_bytes": 2048, "needed": True},
            "removed steps 2, 3, 2.0 KiB",
        ),
        ("Pruned", {"kept": [1], "removed": [], "freed_bytes": 0, "needed": False}, "nothing to remove\nkept step 1"),
        ("RolledBack", {"run": "r", "step": 5, "aside": [6], "results": ["adapter"]}, "adapter/ holds its weights"),
        ("Packed", {"file": "f", "steps": [1], "n_bytes": 10, "unpacked_bytes": 20}, "10 B of 20 B"),
        ("Pushed", {"url": "u", "steps": [], "n_files": 0, "n_bytes": 0, "n_there": 3}, "u holds no checkpoint"),
        ("Pulled", {"run": "r", "steps": [1, 2], "status": "complete"}, "r holds steps 1, 2, complete"),
    ],
)
def test_what_was_done(kind: str, done: dict[str, Any], said: str) -> None:
    assert said in change_text(kind, done)
