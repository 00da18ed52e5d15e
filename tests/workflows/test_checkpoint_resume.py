"""What a run needs to go on elsewhere: its folder, and data that is not there."""

from pathlib import Path

import pytest
from tests.runs.checkpoints import made

from sdp.data.dataset import TaskFolder
from sdp.data.place import Place
from sdp.errors import InputError
from sdp.progress import SILENT
from sdp.runs.checkpoints.remote import DATA, push_folder, push_run
from sdp.runs.folder import Run
from sdp.workflows.checkpoint_resume import data_names, fetch_run, lies_elsewhere
from sdp.workflows.generate import GenerateRequest, generate


@pytest.fixture
def run(tmp_path: Path) -> Run:
    data = tmp_path / "data" / "spelling"
    generate(GenerateRequest(task="spelling", n=100, out=data, words="wordfreq:en:500"))
    run = made.make_run(Path("runs"), {10: None})
    fingerprint = TaskFolder.open(data).manifest.fingerprint
    run.record["config"]["data"] = [{"task": "spelling", "path": "data/spelling", "fingerprint": fingerprint}]
    run.save()
    return run


@pytest.fixture
def url(tmp_path: Path, run: Run) -> str:
    place = Place.of(f"memory://{tmp_path.name}/runs")
    push_run(run.path, place)
    for name, folder in data_names(run).items():
        push_folder(folder, place.child(run.path.name).child(DATA).child(name))
    return str(place)


def test_data_that_is_here_is_taken(run: Run, url: str) -> None:
    here = fetch_run(url, Path("other"), SILENT)
    assert here.record["config"] == run.record["config"]


def test_data_that_is_not_here_comes_along(run: Run, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    here = fetch_run(url, Path("runs"), SILENT)
    (identity,) = here.record["config"]["data"]
    assert here.record["config"]["recipe"]["data"][0]["source"] == identity["path"]
    assert Path(identity["path"]).is_relative_to(Path("runs") / run.path.name)
    folder = TaskFolder.open(Path(identity["path"]))
    folder.check_hashes()
    assert folder.manifest.fingerprint == identity["fingerprint"]
    assert made.contents(folder.path) == made.contents(tmp_path / "data" / "spelling")


def test_other_data_of_that_name_is_not_taken_for_it(run: Run, url: str, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    other = Path("data/spelling").absolute()
    generate(GenerateRequest(task="spelling", n=100, out=other, words="wordfreq:en:500", seed=1))
    assert fetch_run(url, Path("runs"), SILENT).record["config"]["data"][0]["path"] != "data/spelling"


def test_a_complete_run_is_not_gone_on_with(run: Run, url: str) -> None:
    run.mark("complete")
    push_run(run.path, Place.of(url))
    with pytest.raises(InputError, match="is complete") as caught:
        fetch_run(f"{url}/{run.path.name}", Path("other"), SILENT)
    assert "sdp checkpoint pull" in str(caught.value.hint)
    with pytest.raises(InputError, match="there is no run"):
        fetch_run(url, Path("other"), SILENT)


def test_a_place_that_runs_were_sent_to_is_told_from_a_run(run: Run) -> None:
    assert lies_elsewhere("s3://bucket/x")
    assert lies_elsewhere("runs")
    assert not lies_elsewhere(str(run.path))
    assert not lies_elsewhere(run.path.name)
    assert not lies_elsewhere("")
