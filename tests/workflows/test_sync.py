from pathlib import Path

import pytest
from tests.runs.tracking.recording import Recording, a_run, finish, install, train

from sdp.data.atomic import alone
from sdp.errors import ConfigError, InputError, MissingExtra
from sdp.runs.folder import Run
from sdp.workflows.sync import SyncRequest, sync

ROOT = Path("runs")


@pytest.fixture
def both(monkeypatch):
    trackers = Recording("wandb"), Recording("mlflow")
    install(monkeypatch, *trackers)
    return trackers


def a_whole_run(**tracking):
    run = a_run(ROOT, **tracking)
    with run.guarded():
        train(run, [10, 20])
        finish(run)
    return run


def outcomes(done):
    return [(one.tracker, one.outcome, one.n_events, one.n_artifacts) for one in done]


def test_every_run_goes_where_it_says(both):
    names = [a_whole_run(to=to).path.name for to in (["wandb"], ["wandb", "mlflow"], [])]
    done = sync(SyncRequest())
    assert [(one.run, one.tracker) for one in done] == [
        (names[1], "wandb"),
        (names[1], "mlflow"),
        (names[0], "wandb"),
    ]
    assert {one.outcome for one in done} == {"sent"}
    assert {one.where for one in done} == {"wandb's place", "mlflow's place"}


def test_a_second_time_nothing_is_sent(both):
    a_whole_run(to=["wandb"])
    assert outcomes(sync(SyncRequest())) == [("wandb", "sent", 3, 1)]
    before = both[0].values, both[0].artifacts, both[0].statuses
    assert outcomes(sync(SyncRequest())) == [("wandb", "up to date", 0, 0)]
    assert (both[0].values, both[0].artifacts, both[0].statuses) == before


def test_a_tracker_that_was_named_once_is_remembered(both):
    run = a_whole_run()
    sync(SyncRequest(to=["mlflow"]))
    Run.open(run.path).event("train", step=30, loss=0.1)
    assert outcomes(sync(SyncRequest([run.path.name]))) == [("mlflow", "sent", 1, 0)]


def test_names_may_stand_in_a_row_and_runs_be_parts_of_names(both):
    run = a_whole_run()
    done = sync(SyncRequest([run.path.name[-8:], str(run.path)], to=["wandb,mlflow"]))
    assert [one.tracker for one in done] == ["wandb", "mlflow"]


def test_a_running_run_is_sent_so_far(both):
    run = a_run(ROOT, to=["wandb"])
    train(run, [10])
    assert outcomes(sync(SyncRequest())) == [("wandb", "sent", 1, 0)]
    assert both[0].statuses == ["running"]
    train(run, [20])
    finish(run)
    assert outcomes(sync(SyncRequest())) == [("wandb", "sent", 2, 1)]
    assert both[0].statuses == ["running", "complete"]


def test_a_run_that_another_process_tracks_is_passed_over(both):
    run = a_whole_run(to=["wandb"])
    with alone(run.path / "tracking"):
        assert outcomes(sync(SyncRequest())) == [("wandb", "busy", 0, 0)]


def test_a_failure_is_in_the_result_and_stops_no_other(both):
    a_whole_run(to=["wandb", "mlflow"])
    both[0].fails.add("start")
    failed, sent = sync(SyncRequest())
    assert (failed.outcome, failed.error) == ("failed", "ConnectionError: start: nobody there")
    assert sent.outcome == "sent"
    both[0].fails.clear()
    assert outcomes(sync(SyncRequest())) == [("wandb", "sent", 3, 1), ("mlflow", "up to date", 0, 0)]


@pytest.mark.parametrize(
    ("request_", "error", "words"),
    [
        (SyncRequest(), InputError, "no run in 'runs' is tracked"),
        (SyncRequest(["spelling"]), InputError, "'spelling' names no tracker"),
        (SyncRequest(["nobody"]), InputError, "there is no run 'nobody'"),
        (SyncRequest(to=["wandbb"]), InputError, "did you mean 'wandb'"),
        (SyncRequest(to=["trackio"]), MissingExtra, "pip install 'sdp[trackio]'"),
        (SyncRequest(to=["wandb"], overrides=["tracking.x=1"]), ConfigError, "'tracking.x' cannot be set here"),
    ],
)
def test_bad_wishes_are_refused(request_, error, words, both):
    a_whole_run()
    with pytest.raises(error) as caught:
        sync(request_)
    assert words in str(caught.value)
    assert not both[0].begun
