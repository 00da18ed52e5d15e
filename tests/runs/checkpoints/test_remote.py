"""Runs in a store, and out of it: what is further wins, what is damaged or half there never does."""

import json
import shutil
from pathlib import Path

import pytest
from tests.data.conftest import s3, s3_process
from tests.runs.checkpoints import made

from sdp.data.atomic import alone
from sdp.data.place import Place
from sdp.errors import InputError
from sdp.runs.checkpoints.arrival import pull_run
from sdp.runs.checkpoints.remote import find_remote, keep_only, push_run, steps_of
from sdp.runs.folder import Run

__all__ = ["s3", "s3_process"]
ROOT = Path("runs")


@pytest.fixture(params=["disk", "memory", pytest.param("s3", marks=pytest.mark.slow)])
def place(request, tmp_path) -> Place:
    if request.param == "s3":
        request.getfixturevalue("s3")
        return Place.of("s3://bucket/runs")
    return Place.of(tmp_path / "there" if request.param == "disk" else f"memory://{tmp_path.name}/runs")


def pulled(place: Place, root: Path, steps: set[int] | None = None) -> tuple[Path, list[str]]:
    notes: list[str] = []
    return pull_run(find_remote(place), root, steps, notes.append), notes


def test_a_run_there_and_back(place: Place) -> None:
    run = made.make_run(ROOT, {10: 0.5, 20: 0.4}, "complete")
    steps, _ = push_run(run.path, place)
    assert steps == steps_of(place.child(run.path.name)) == [10, 20]
    here, _ = pulled(place, Path("other"))
    assert made.contents(here) == made.contents(run.path)
    assert made.contents(pulled(place.child(run.path.name), Path("third"))[0]) == made.contents(run.path)


def test_one_checkpoint_alone(place: Place) -> None:
    run = made.make_run(ROOT, {10: 0.5, 20: 0.4})
    push_run(run.path, place, [10])
    assert steps_of(place.child(run.path.name)) == [10]
    push_run(run.path, place)
    here, _ = pulled(place, Path("other"), {20})
    assert [path.name for path in (here / "checkpoints").iterdir()] == ["step-000020"]


def test_the_newest_run_is_found_and_if_asked_the_newest_that_is_not_complete(place: Place) -> None:
    with pytest.raises(InputError, match="there is no run in"):
        find_remote(place)
    first, second = made.make_run(ROOT, {10: None}, name="a"), made.make_run(ROOT, {10: None}, "complete", name="b")
    for run in (first, second):
        push_run(run.path, place)
    newest = max(first.path.name, second.path.name)
    assert find_remote(place).id == newest
    assert find_remote(place, unfinished=True).id == first.path.name
    assert find_remote(place.child(second.path.name), unfinished=True).is_complete, "who names it gets it"
    place.write_text("run.json", "{")
    with pytest.raises(InputError, match="is not a finetune run"):
        find_remote(place)


def test_what_is_half_there_is_never_picked(place: Place) -> None:
    run = made.make_run(ROOT, {10: None, 20: None})
    push_run(run.path, place)
    there = place.child(run.path.name)
    there.child("checkpoints/step-000020").remove("checkpoint.json")
    there.child("checkpoints/step-000030").write_text("optimizer.pt", "half")
    assert steps_of(there) == [10]
    here, _ = pulled(place, Path("other"))
    assert [path.name for path in (here / "checkpoints").iterdir()] == ["step-000010"]
    keep_only(there, {10})
    assert place.folders() == [run.path.name]
    assert there.child("checkpoints").folders() == ["step-000010"]


def test_what_is_damaged_is_passed_over_unless_nothing_is_left(place: Place) -> None:
    run = made.make_run(ROOT, {10: None, 20: None})
    push_run(run.path, place)
    for step in (20, 10):
        place.child(run.path.name).child(f"checkpoints/step-0000{step}").write_text("optimizer.pt", "other")
        if step == 20:
            here, notes = pulled(place, Path("other"))
            assert [path.name for path in (here / "checkpoints").iterdir()] == ["step-000010"]
            assert "passed over: 'optimizer.pt' in" in notes[0]
    with pytest.raises(InputError, match="was changed"):
        pulled(place, Path("third"))
    assert not (Path("third") / run.path.name).exists()


def test_what_is_further_wins(place: Place) -> None:
    """Trained on elsewhere to its end, and fetched home; or here further than there."""
    run = made.make_run(ROOT, {10: None})
    push_run(run.path, place)
    elsewhere = Run.open(pulled(place, Path("other"))[0])
    made.publish(elsewhere.path / "checkpoints", 20)
    (elsewhere.path / "adapter").mkdir()
    (elsewhere.path / "adapter" / "sdp.json").write_text("{}")
    elsewhere.mark("complete")
    push_run(elsewhere.path, place)
    pulled(place, ROOT)
    home = Run.open(run.path)
    assert home.record["status"] == "complete"
    assert (home.path / "adapter" / "sdp.json").is_file()
    assert [path.name for path in sorted((home.path / "checkpoints").glob("step-*"))] == ["step-000010", "step-000020"]
    assert not list(ROOT.glob(".*")), "nothing is left over"

    old = json.loads(place.child(run.path.name).read("run.json"))
    place.child(run.path.name).write_text("run.json", json.dumps({**old, "status": "interrupted"}))
    shutil.rmtree(home.path / "checkpoints" / "step-000010")
    pulled(place, ROOT)
    assert Run.open(run.path).record["status"] == "complete"
    assert (home.path / "checkpoints" / "step-000010").is_dir(), "what is missing here comes all the same"


def test_a_damaged_one_here_is_replaced_by_the_good_one_there(place: Place) -> None:
    run = made.make_run(ROOT, {10: None})
    push_run(run.path, place)
    before = made.contents(run.path)
    (run.path / "checkpoints" / "step-000010" / "optimizer.pt").write_bytes(b"damaged")
    pulled(place, ROOT)
    assert made.contents(run.path) == before


def test_an_arrival_that_breaks_off_goes_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from sdp.runs.checkpoints import arrival

    run = made.make_run(ROOT, {10: None, 20: None})
    push_run(run.path, place)
    fetched: list[str] = []
    original = arrival.fetch

    def fetch(place: Place, files: object, folder: Path) -> None:
        fetched.append(folder.name)
        if len(fetched) == 2:
            folder.mkdir(parents=True)
            (folder / "optimizer.pt").write_bytes(b"half")
            raise KeyboardInterrupt
        original(place, files, folder)

    monkeypatch.setattr(arrival, "fetch", fetch)
    with pytest.raises(KeyboardInterrupt):
        pulled(place, Path("other"))
    assert not (Path("other") / run.path.name).exists()
    here, _ = pulled(place, Path("other"))
    assert fetched == ["step-000020", "step-000010", "step-000010"], "the newest first, and none twice"
    assert made.contents(here) == made.contents(run.path)


def test_a_run_that_is_worked_on_is_left_alone(place: Place) -> None:
    run = made.make_run(ROOT, {10: None})
    push_run(run.path, place)
    with alone(run.path), pytest.raises(InputError, match="another process works on"):
        pulled(place, ROOT)


def test_a_name_does_not_lead_out(place: Place) -> None:
    run = made.make_run(ROOT, {10: None})
    push_run(run.path, place)
    there = place.child(run.path.name)
    there.write_text("run.json", json.dumps({**json.loads(there.read("run.json")), "id": "../evil"}))
    with pytest.raises(InputError, match="is no name of a run"):
        pulled(place, ROOT)
