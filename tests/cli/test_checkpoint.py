"""sdp checkpoint, as a process; what people read."""

import json
from pathlib import Path

import pytest
from tests.runs.checkpoints import made

from sdp.cli.main import main
from sdp.errors import ExitCode

LOSSES = {10: 0.5, 20: 0.2, 30: None}


def said(capsys, *words: str, code: int = ExitCode.DONE) -> str:
    assert main(["checkpoint", *words]) == code
    printed = capsys.readouterr()
    return printed.out if code == ExitCode.DONE else printed.err


def test_list_is_what_it_does_alone(capsys) -> None:
    run = made.make_run(Path("runs"), LOSSES)
    text = said(capsys)
    assert text == said(capsys, "list", run.path.name)
    best, newest = (line for line in text.splitlines() if line.rstrip().endswith(("best", "newest")))
    assert best.split()[:3] == ["20", "0.50", "0.2"]
    assert newest.split()[0] == "30"
    listed = json.loads(said(capsys, "list", "--json"))
    assert [one["step"] for one in listed["checkpoints"]] == [10, 20, 30]
    assert listed["best"] == 20


def test_a_run_without_any(capsys) -> None:
    made.make_run(Path("runs"), {})
    assert "no checkpoint yet" in said(capsys)


def test_show_compares_every_byte(capsys) -> None:
    run = made.make_run(Path("runs"), LOSSES)
    assert "2 files, " in said(capsys, "show", ":20")
    assert "every byte as it was written" in said(capsys, "show")
    (run.path / "checkpoints" / "step-000030" / "optimizer.pt").write_bytes(b"x")
    assert "step-000030 is damaged" in said(capsys, "show", code=ExitCode.CHECK_FAILED)


def test_compare(capsys) -> None:
    made.make_run(Path("runs"), LOSSES)
    text = said(capsys, "compare", ":10", ":20")
    assert "1 of 2 tensors are equal bit by bit" in text
    assert "a.weight" in text
    assert "other bytes: optimizer.pt" in text
    assert "2 of 2 tensors are equal" in said(capsys, "compare", ":10", ":10")


def test_the_rest_says_what_was_done_and_what_comes_next(capsys) -> None:
    run = made.make_run(Path("runs"), LOSSES, "complete")
    assert "steps 10, 20, 30" in said(capsys, "pack", "--file", "a.tar.zst")
    assert "interrupted" not in said(capsys, "pull", "a.tar.zst", "--out", "other")
    assert "files sent" in said(capsys, "push", "there")
    assert "were there already" in said(capsys, "push", run.path.name, "there")
    assert "complete" in said(capsys, "pull", "there", "--out", "third")
    text = said(capsys, "rollback", ":20")
    assert "stands at step 20" in text
    assert "sdp finetune --resume" in text
    assert "removed step 10" in said(capsys, "prune", "--keep", "last:1")
    assert "nothing to remove" in said(capsys, "prune", "--keep", "best:3,last:2")
    assert json.loads(said(capsys, "prune", "--keep", "last:1", "--json"))["kept"] == [20]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["prune"], "prune [RUN] --keep best:3,last:2"),
        (["prune", "--keep", "newest"], "best:N, last:N"),
        (["list", "--keep", "last:1"], "sdp checkpoint list [RUN|URL]"),
        (["list", "--file", "x"], "sdp checkpoint list"),
        (["compare", ":10"], "compare RUN:STEP RUN:STEP"),
        (["rollback"], "rollback RUN:STEP"),
        (["show", ":99"], "there are: 10, 20, 30"),
        (["show", "nothing"], "choices are"),
        (["push"], "push [RUN[:STEP]] URL"),
        (["push", "s4://x/y"], "choices are: abfs"),
        (["pull", "nowhere"], "in a folder"),
    ],
)
def test_what_cannot_be_done_says_what_can(capsys, words: list[str], hint: str) -> None:
    made.make_run(Path("runs"), LOSSES)
    assert hint in said(capsys, *words, code=ExitCode.INPUT)


@pytest.mark.parametrize(("scheme", "package"), [("gs", "gcsfs"), ("az", "adlfs")])
def test_a_store_whose_driver_is_missing(capsys, scheme: str, package: str) -> None:
    made.make_run(Path("runs"), LOSSES)
    try:
        __import__(package)
    except ImportError:
        assert f"pip install 'sdp[{scheme}]'" in said(capsys, "push", f"{scheme}://x/y", code=ExitCode.MISSING)
