"""Checkpoints sent while others are written: training never waits, and nothing that fails stops it."""

import threading
from pathlib import Path

import pytest
from tests.runs.checkpoints import made

from sdp.data.place import Place
from sdp.errors import InputError, ResourceError
from sdp.progress import SILENT
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints import remote
from sdp.runs.checkpoints.keep import Keep, prune
from sdp.runs.checkpoints.mirror import mirrored
from sdp.runs.folder import Run

ROOT = Path("runs")


class Notes:
    """A progress that keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.bar = SILENT.bar

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"memory://{tmp_path.name}/runs"


def save(run: Run, step: int) -> None:
    made.publish(run.path / "checkpoints", step)
    run.event("checkpoint", step=step)


def there(run: Run, url: str) -> list[int]:
    return remote.steps_of(Place.of(url).child(run.path.name))


def test_everything_is_there_in_the_end(url: str, tmp_path: Path) -> None:
    data = tmp_path / "data" / "spelling"
    data.mkdir(parents=True)
    (data / "manifest.json").write_text("{}")
    run = Run.create(ROOT, "finetune", "x", made.CONFIG)
    with mirrored(run, url, {"spelling-0123": data}, Notes()):
        for step in (1, 2, 3, 4):
            save(run, step)
            prune(run.path / "checkpoints", Keep(0, 2))
        (run.path / "adapter").mkdir()
        (run.path / "adapter" / "sdp.json").write_text("{}")
        run.mark("complete")
    place = Place.of(url).child(run.path.name)
    assert there(run, url) == [3, 4]
    assert place.child("data/spelling-0123").names() == ["files.json", "manifest.json"]
    assert place.child("adapter").names() == ["files.json", "sdp.json"]
    assert b'"complete"' in place.read("run.json")
    assert not (run.path / "checkpoints" / ".sending").exists()
    assert run.listeners == []
    sent = [step for event in run.events() if event["event"] == "mirror" for step in event["steps"]]
    assert {3, 4} <= set(sent)


def test_training_does_not_wait_and_what_is_pruned_meanwhile_arrives(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run.create(ROOT, "finetune", "x", made.CONFIG)
    go, began = threading.Event(), threading.Event()
    original = remote.push_checkpoint
    pushed: list[str] = []

    def slow(checkpoint: Path, place: Place) -> object:
        began.set()
        assert go.wait(60)
        done = original(checkpoint, place)
        pushed.append(checkpoint.name)
        return done

    monkeypatch.setattr(remote, "push_checkpoint", slow)
    with mirrored(run, url, {}, Notes()):
        save(run, 1)
        assert began.wait(60)
        for step in (2, 3):  # goes on while the first is on its way
            save(run, step)
        prune(run.path / "checkpoints", Keep(0, 1))
        assert list(folders.complete(run.path / "checkpoints")) == [3]
        go.set()
    assert pushed[0] == "step-000001", "its files were still there"
    assert there(run, url) == [3]


def test_what_fails_is_said_and_tried_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run.create(ROOT, "finetune", "x", made.CONFIG)
    failed = threading.Event()
    original = remote.push_checkpoint

    def push(checkpoint: Path, place: Place) -> object:
        if not failed.is_set():
            failed.set()
            raise ResourceError("down")
        return original(checkpoint, place)

    monkeypatch.setattr(remote, "push_checkpoint", push)
    notes = Notes()
    with mirrored(run, url, {}, notes):
        save(run, 1)
        assert failed.wait(60)
        save(run, 2)
    assert there(run, url) == [1, 2]
    assert notes.notes[0].startswith(f"not sent to {url}: down")
    assert [event["error"] for event in run.events() if event["event"] == "mirror" and "error" in event] == ["down"]


def test_a_bug_is_said_too(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(remote, "push_checkpoint", broken)
    run, notes = Run.create(ROOT, "finetune", "x", made.CONFIG), Notes()
    with mirrored(run, url, {}, notes):
        save(run, 1)
    assert f"sdp checkpoint push {run.path.name} {url}" in notes.notes[-1]
    assert "ZeroDivisionError: oh" in notes.notes[-1]


def terminated(run: Run) -> None:
    save(run, 1)
    raise SystemExit(143)


def test_what_ends_it_is_not_hidden_and_the_last_one_is_sent(url: str) -> None:
    run = Run.create(ROOT, "finetune", "x", made.CONFIG)
    with pytest.raises(SystemExit), mirrored(run, url, {}, Notes()):
        terminated(run)
    assert there(run, url) == [1]


def test_a_place_that_cannot_be_is_refused_at_once() -> None:
    run = Run.create(ROOT, "finetune", "x", made.CONFIG)
    with pytest.raises(InputError, match="unknown kind of store"), mirrored(run, "s4://x/y", {}, SILENT):
        pytest.fail("it began")


def test_without_a_url_and_in_other_processes_nothing_happens(url: str) -> None:
    run = Run.create(ROOT, "finetune", "x", made.CONFIG)
    second = Run(run.path, run.record, writes=False)
    for one, where in ((run, None), (second, url)):
        with mirrored(one, where, {}, SILENT):
            assert one.listeners == []
    assert Place.of(url).folders() == []


def test_an_empty_folder_does_not_empty_the_store(url: str) -> None:
    run = made.make_run(ROOT, {1: None})
    remote.push_run(run.path, Place.of(url))
    folders.discard(run.path / "checkpoints", run.path / "checkpoints" / "step-000001")
    with mirrored(run, url, {}, SILENT):
        run.mark("running")
    assert there(run, url) == [1]
