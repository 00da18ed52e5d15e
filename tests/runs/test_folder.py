import json
from pathlib import Path

import pytest

from sdp.errors import InputError, ResourceError
from sdp.runs.folder import EVENTS, RECORD, Run, latest, runs


def test_a_new_run_says_what_it_is(tmp_path: Path) -> None:
    run = Run.create(tmp_path / "runs", "finetune", "spelling & more", {"seed": 1})
    record = json.loads((run.path / RECORD).read_text())
    assert record == run.record
    assert record["id"] == run.path.name
    assert (record["kind"], record["status"], record["config"]) == ("finetune", "running", {"seed": 1})
    assert "-spelling-more-" in run.path.name
    assert {"python", "torch", "transformers", "peft"} <= record["versions"].keys()
    assert Run.open(run.path).record == record


def test_equal_runs_get_folders_of_their_own(tmp_path: Path) -> None:
    paths = [Run.create(tmp_path, "finetune", "x", {}).path for _ in range(5)]
    assert len(set(paths)) == 5


def test_events_are_kept_in_order_and_a_cut_line_is_left_out(tmp_path: Path) -> None:
    run = Run.create(tmp_path, "finetune", "x", {})
    run.event("train", loss=1.5, broken=float("nan"))
    run.event("eval", loss=float("inf"))
    with (run.path / EVENTS).open("a") as handle:
        handle.write('{"event": "tra')
    first, second = run.events()
    assert (first["event"], first["loss"], first["broken"]) == ("train", 1.5, None)
    assert (second["event"], second["loss"]) == ("eval", None)


def test_a_line_that_was_cut_off_does_not_swallow_the_next(tmp_path: Path) -> None:
    run = Run.create(tmp_path, "finetune", "x", {})
    run.event("train", loss=1.5)
    with (run.path / EVENTS).open("ab") as handle:
        handle.write('{"event": "tra ü'.encode()[:-1])  # killed in the middle of a letter
    run.event("eval", loss=0.5)
    assert (run.path / EVENTS).read_bytes().count(b"\n") == 3
    assert [event["event"] for event in Run.open(run.path).events()] == ["train", "eval"]


def test_listeners_hear_what_was_written(tmp_path: Path) -> None:
    run = Run.create(tmp_path, "finetune", "x", {})
    heard = []
    run.listeners.append(lambda event: heard.append((event, run.events()[-1])))
    run.event("train", loss=float("nan"))
    run.mark("complete")
    assert [event["event"] for event, _ in heard] == ["train", "status"]
    assert all(event == written for event, written in heard)


def test_a_process_that_does_not_write_leaves_no_trace(tmp_path: Path) -> None:
    run = Run.create(tmp_path, "finetune", "x", {})
    before = {path.name: path.read_bytes() for path in run.path.iterdir()}
    silent = Run.open(run.path)
    silent.writes = False
    silent.listeners.append(lambda event: pytest.fail("told of what was not written"))
    silent.event("train", loss=1.0)
    silent.finish({"loss": 1.0})
    assert {path.name: path.read_bytes() for path in run.path.iterdir()} == before


def test_a_finished_run_is_complete(tmp_path: Path) -> None:
    run = Run.create(tmp_path, "finetune", "x", {})
    with run.guarded():
        run.finish({"loss": 1.0})
    assert Run.open(run.path).record["status"] == "complete"
    assert Run.open(run.path).record["result"] == {"loss": 1.0}


@pytest.mark.parametrize(
    ("error", "status"),
    [(ValueError("no"), "failed"), (KeyboardInterrupt(), "interrupted"), (SystemExit(143), "interrupted")],
)
def test_a_run_that_ends_badly_says_so_and_lets_the_error_pass(
    tmp_path: Path, error: BaseException, status: str
) -> None:
    run = Run.create(tmp_path, "finetune", "x", {})
    with pytest.raises(type(error)), run.guarded():
        raise error
    assert Run.open(run.path).record["status"] == status


def test_the_latest_is_the_newest_complete_one_of_its_kind(tmp_path: Path) -> None:
    assert latest(tmp_path, "finetune") is None
    made = [
        Run.create(tmp_path, kind, "x", {"n": n})
        for n, kind in enumerate(["finetune", "finetune", "bench", "finetune"])
    ]
    for run in made[:3]:
        run.finish({})
    (tmp_path / "rubbish").mkdir()
    (tmp_path / "rubbish" / RECORD).write_text("{")
    found = latest(tmp_path, "finetune")
    assert found is not None
    assert found.path == made[1].path
    assert [run.path for run in runs(tmp_path)] == [run.path for run in reversed(made)]


@pytest.mark.parametrize("text", [None, "{", "[]", "{}"])
def test_what_is_no_run_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / RECORD).write_text(text)
    with pytest.raises(InputError, match="is not a run"):
        Run.open(tmp_path)


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ResourceError):
        Run.create(tmp_path / "file" / "runs", "finetune", "x", {})
