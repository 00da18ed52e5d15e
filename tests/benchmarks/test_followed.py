"""A bench tells the run it belongs to what it found, and trackers follow that run."""

import json
from pathlib import Path

import pytest
from tests.benchmarks.conftest import save_run
from tests.runs.tracking.recording import Recording, install

from sdp.errors import ConfigError, InputError, MissingExtra
from sdp.runs.folder import Run, runs
from sdp.workflows.bench import BenchRequest, bench

LIMIT = 2


@pytest.fixture
def here(data_root, tmp_path) -> Path:
    (tmp_path / "data").symlink_to(data_root)
    return tmp_path


@pytest.fixture
def run(here, model_folder) -> Path:
    return save_run(Path("runs"), model_folder, trained={"best_step": 40})


@pytest.fixture
def tracker(monkeypatch) -> Recording:
    tracker = Recording("wandb")
    install(monkeypatch, tracker)
    return tracker


def ask(**kwargs):
    return bench(BenchRequest(**({"limit": LIMIT, "device": "cpu", "data": ("data/spelling", "data/count")} | kwargs)))


def events(run, kind):
    return [event for event in Run.open(run).events() if event["event"] == kind]


def test_scores_and_comparisons_are_events_of_the_run_and_reach_its_tracker(run, tracker):
    done = ask(compare=["baseline"], track=["wandb"])
    expected = {
        ({"spelling": "trained"}.get(model.label, model.label), task.task, score.name): score.value
        for model in done.result.models
        for task in model.tasks.values()
        for score in task.scores.values()
    }
    found = events(run, "score")
    assert {(one["target"], one["task"], one["metric"]): one["value"] for one in found} == expected
    assert len(found) == len(expected) > 20
    assert {one["step"] for one in found} == {40}  # the step whose weights were asked
    rows = events(run, "transfer")
    assert [(one["target"], one["against"], one["task"]) for one in rows] == [
        ("trained", "baseline", "spelling"),
        ("trained", "baseline", "count"),
    ]
    assert [one["difference"] for one in rows] == [row.difference for row in done.result.comparisons]
    check_tracked(tracker, run, done.folder)


def check_tracked(tracker, run, folder):
    assert tracker.statuses == ["complete"]
    assert {step for _, step, _ in tracker.values} == {40}
    artifacts = {name: sorted(files) for name, _, files in tracker.artifacts}
    assert artifacts.pop(f"bench-{folder.name}") == ["metrics.json", "report.html"]
    assert set(artifacts) == {"adapter"}
    log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert [(line["event"], line["run"]) for line in log if line.get("work") == "bench"] == [
        ("begun", run.name),
        ("done", run.name),
    ]


def test_runs_of_different_names_tell_the_same_names(run, model_folder, tracker):
    """Else their curves would not lie over each other."""

    def names():
        ask(compare=["baseline"], track=["wandb"])
        told = {name for name, _, _ in tracker.values if not name.endswith(("low", "high"))}  # not always defined
        tracker.points.clear()
        return told

    first = names()
    save_run(Path("runs"), model_folder, "another name", trained={"best_step": 40})
    assert names() == first
    assert {name.replace("count", "spelling") for name in first} == {name for name in first if "count" not in name}


def test_a_checkpoint_is_not_called_the_trained_one(run):
    checkpoint = run / "checkpoints" / "step-000020"
    checkpoint.parent.mkdir()
    (run / "adapter").rename(checkpoint)
    ask(models=[str(checkpoint)])
    assert {(one["target"], one["step"]) for one in events(run, "score")} == {("step-000020", 20)}


def test_a_tracked_bench_of_several_has_a_run_of_its_own(run, model_folder, tracker):
    done = ask(models=[str(model_folder)], runs=[run.name], track=["wandb"], overrides=["tracking.project=letters"])
    (own,) = runs(Path("runs"), "bench")
    assert done.folder.parent == own.path / "bench"
    assert own.record["config"]["tracking"]["project"] == "letters"
    assert own.record["config"]["tracking"]["to"] == ["wandb"]
    assert {name.split("/")[1] for name, _, _ in tracker.values} == {"random", "spelling"}
    assert tracker.statuses == ["complete"]
    assert not events(run, "score")


def test_a_place_of_ones_own_leaves_the_run_alone(run):
    before = {path.name: path.stat().st_mtime_ns for path in run.iterdir()}
    ask(out=Path("elsewhere"))
    assert {path.name: path.stat().st_mtime_ns for path in run.iterdir()} == before


def test_a_tracked_bench_elsewhere_is_followed_all_the_same(here, model_folder, tracker):
    done = ask(models=[str(model_folder)], out=Path("elsewhere"), track=["wandb"])
    assert done.folder == Path("elsewhere")
    assert [name for name, _, _ in tracker.artifacts] == ["bench-elsewhere"]


@pytest.mark.parametrize(
    ("request_", "error", "words"),
    [
        ({"track": ["wandbb"]}, InputError, "there is no tracker 'wandbb'"),
        ({"track": ["mlflow"]}, MissingExtra, "--track mlflow needs the package mlflow"),
        ({"overrides": ["tracking.projekt=x"]}, ConfigError, "did you mean 'tracking.project'"),
        ({"overrides": ["training.max_steps=3"]}, ConfigError, "'training.max_steps' cannot be set here"),
    ],
)
def test_bad_wishes_are_refused_before_anybody_is_asked(request_, error, words, run, monkeypatch):
    monkeypatch.setattr("sdp.workflows.bench.run_models", lambda *args: pytest.fail("asked"))
    with pytest.raises(error) as caught:
        ask(**request_)
    assert words in str(caught.value)


def test_a_bad_log_level_is_refused_before_anybody_is_asked(run, monkeypatch):
    monkeypatch.setenv("SDP_LOG", "loud")
    with pytest.raises(ConfigError, match="'loud' is no log level"):
        ask()
