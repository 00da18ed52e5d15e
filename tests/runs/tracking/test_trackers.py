import json
import multiprocessing
import os

import pytest
from tests.runs.tracking.recording import Recording, a_run, finish, install, told, train

from sdp.data.atomic import alone
from sdp.errors import InputError
from sdp.runs.folder import EVENTS, Run
from sdp.runs.tracking.contract import Settings
from sdp.runs.tracking.trackers import Trackers, open_trackers, tracked

BOTH = Settings(to=("wandb", "mlflow"))


@pytest.fixture
def both(monkeypatch):
    trackers = Recording("wandb"), Recording("mlflow")
    install(monkeypatch, *trackers)
    return trackers


def sync(run, settings=BOTH):
    """What a later process does."""
    notes = []
    trackers = open_trackers(settings, Run.open(run.path), notes.append)
    trackers.close()
    return trackers.fed, notes


def whole_run(tmp_path, settings=BOTH, note=lambda text: None):
    run = a_run(tmp_path)
    with tracked(run, settings, note), run.guarded():
        run.mark("running")
        train(run, [10, 20])
        run.event("eval", step=20, loss=0.25)
        finish(run)
    return run


def test_every_tracker_gets_the_same(tmp_path, both):
    whole_run(tmp_path)
    wandb, mlflow = both
    assert wandb.values == mlflow.values == [
        ("train/loss", 10, 0.1),
        ("train/learning_rate", 10, 0.001),
        ("train/loss", 20, 0.05),
        ("train/learning_rate", 20, 0.001),
        ("eval/loss", 20, 0.25),
        ("trained/steps", 20, 30.0),
        ("trained/best_step", 20, 20.0),
    ]  # fmt: skip
    assert wandb.artifacts == mlflow.artifacts == [("adapter", "model", {"adapter_config.json": "{}"})]
    assert wandb.statuses == mlflow.statuses == ["complete"]
    assert wandb.begun == mlflow.begun == [None]


def test_a_person_is_told_where_it_goes(tmp_path, both):
    notes = []
    whole_run(tmp_path, note=notes.append)
    assert notes == ["tracked by wandb: wandb's place", "tracked by mlflow: mlflow's place"]


def test_events_go_while_the_run_is_still_going_on(tmp_path, both):
    run = a_run(tmp_path)
    with tracked(run, BOTH, print):
        for n, step in enumerate((10, 20, 30), 1):
            train(run, [step])
            assert len(both[0].points) == len(both[1].points) == n


def test_live_or_later_makes_no_difference(tmp_path, both, monkeypatch):
    whole_run(tmp_path / "live")
    later = Recording("wandb"), Recording("mlflow")
    install(monkeypatch, *later)
    run = whole_run(tmp_path / "later", Settings())
    assert not later[0].begun
    sync(run)
    for live, synced in zip(both, later, strict=True):
        assert synced.values == live.values
        assert synced.artifacts == live.artifacts
        assert synced.statuses == live.statuses


def test_nothing_is_sent_twice(tmp_path, both):
    run = whole_run(tmp_path)
    before = [(one.values, one.artifacts, one.statuses, one.begun) for one in both]
    for _ in range(2):
        fed, notes = sync(run)
        assert not notes
        assert [(one.begun, one.n_events, one.n_artifacts) for one in fed] == [(False, 0, 0)] * 2
    assert [(one.values, one.artifacts, one.statuses, one.begun) for one in both] == before


def test_what_came_since_is_sent_to_the_run_that_was_begun(tmp_path, both):
    run = whole_run(tmp_path)
    run.event("score", target="trained", task="position", metric="exact_match", value=0.5)
    (run.path / "bench" / "b").mkdir(parents=True)
    (run.path / "bench" / "b" / "report.html").write_text("<p>")
    fed, _ = sync(run)
    assert [(one.n_events, one.n_artifacts) for one in fed] == [(1, 1)] * 2
    for tracker in both:
        assert tracker.begun == [None, f"{tracker.name}-{run.path.name}"]
        assert tracker.values[-1] == ("score/trained/position/exact_match", 20, 0.5)  # no step of its own: the last
        assert tracker.artifacts[1:] == [("bench-b", "report", {"report.html": "<p>"})]


def test_a_tracker_that_came_later_gets_everything(tmp_path, both):
    run = whole_run(tmp_path, Settings(to=("wandb",)))
    sync(run)
    wandb, mlflow = both
    assert mlflow.values == wandb.values
    assert wandb.begun == [None]


def test_another_place_gets_everything(tmp_path, both):
    run = whole_run(tmp_path)
    again = list(both[0].values)
    both[0].where, both[0].points = "another place", []
    sync(run)
    assert both[0].values == again
    both[0].where = "wandb's place"
    fed, _ = sync(run)
    assert not fed[0].begun  # and the first one is remembered


def test_changed_weights_are_sent_again(tmp_path, both):
    run = whole_run(tmp_path)
    (run.path / "adapter" / "adapter_config.json").write_text("{ }")
    fed, _ = sync(run)
    assert [one.n_artifacts for one in fed] == [1, 1]


@pytest.mark.parametrize("what", ["start", "log", "artifact", "finish"])
def test_a_tracker_that_fails_stops_nothing(what, tmp_path, both):
    both[0].fails.add(what)
    notes = []
    run = whole_run(tmp_path, note=notes.append)
    assert Run.open(run.path).record["status"] == "complete"
    assert both[1].statuses == ["complete"]
    assert len(both[1].values) == 7
    (note,) = (note for note in notes if not note.startswith("tracked by"))
    assert note == (
        f"wandb: ConnectionError: {what}: nobody there; `sdp runs sync {run.path}` sends what it lacks"
    )  # the first line
    assert told(run)[0]["error"] == f"ConnectionError: {what}: nobody there"
    both[0].fails.clear()
    sync(run)
    assert sorted(both[0].values) == sorted(both[1].values)
    assert both[0].artifacts[-1:] == both[1].artifacts
    assert both[0].statuses == both[1].statuses
    assert told(run)[0]["error"] is None


def test_a_tracker_that_fails_midway_lacks_nothing_in_the_end(tmp_path, both):
    run = a_run(tmp_path)
    notes = []
    with tracked(run, BOTH, notes.append):
        train(run, [10])
        both[0].fails.add("log")
        train(run, [20, 30])
        both[0].fails.clear()  # it comes back, but nobody waits for it during training
        train(run, [40])
    assert len([note for note in notes if "wandb: ConnectionError" in note]) == 1
    assert [point.step for point in both[0].points] == [10]
    sync(run)
    assert [point.step for point in both[0].points] == [10, 20, 30, 40]


@pytest.mark.parametrize(("error", "status"), [(ValueError("no"), "failed"), (KeyboardInterrupt(), "interrupted")])
@pytest.mark.parametrize("outside", [True, False])
def test_a_run_that_breaks_off_is_not_called_complete(error, status, outside, tmp_path, both):
    run = a_run(tmp_path)
    contexts = [run.guarded(), tracked(run, BOTH, print)]
    first, second = reversed(contexts) if outside else contexts
    with pytest.raises(type(error)), first, second:
        raise error
    assert both[0].statuses == [status]
    assert told(run)[0]["status"] == status


def test_a_resumed_run_goes_on_where_trackers_stand(tmp_path, both):
    run = a_run(tmp_path)

    def interrupted():
        with tracked(run, BOTH, print), run.guarded():
            train(run, [10])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    train(run, [20])  # by a process that did not track
    run = Run.open(run.path)
    with tracked(run, BOTH, print), run.guarded():
        train(run, [30])
        finish(run)
    assert [point.step for point in both[0].points] == [10, 20, 30, 30]
    assert both[0].statuses == ["interrupted", "complete"]
    assert both[0].begun == [None, f"wandb-{run.path.name}"]


def test_a_line_that_was_cut_off_waits_for_its_end(tmp_path, both):
    run = a_run(tmp_path)
    train(run, [10])
    with (run.path / EVENTS).open("a") as handle:
        handle.write('{"event": "train", "time": "2026-01-01T00:')
    sync(run)
    train(run, [20])
    sync(run)
    assert [point.step for point in both[0].points] == [10, 20]


def killed_while_training(path):
    run = Run.open(path)
    with tracked(run, BOTH, print):
        train(run, [10, 20])
        os._exit(9)  # as kill -9: nothing is tidied up


def test_a_killed_process_leaves_neither_gap_nor_copy(tmp_path, both):
    run = a_run(tmp_path)
    process = multiprocessing.get_context("fork").Process(target=killed_while_training, args=(run.path,))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert [one["position"] for one in told(run)] == [(run.path / EVENTS).stat().st_size] * 2
    train(run, [30])
    sync(run)
    # the child's points died with its memory: what this process sends is what the child had not
    assert [point.step for point in both[0].points] == [30]


def test_what_a_tool_may_have_lost_is_sent_again(tmp_path, both):
    """Two of the tools write a second or more later than they are told."""
    now = [0.0]
    both[0].settles_s = 10
    run = a_run(tmp_path)
    trackers = Trackers(run, {"wandb": both[0]}, print, clock=lambda: now[0])
    safe = []
    for now[0], step in ((0, 10), (4, 20), (10, 30), (25, 40)):
        train(run, [step])
        trackers.catch_up()
        safe.append(told(run)[0]["step"] if (run.path / "tracking.json").exists() else 0)
    assert safe == [0, 0, 10, 30]
    del trackers  # killed
    sync(run, Settings(to=("wandb",)))
    assert [point.step for point in both[0].points] == [10, 20, 30, 40, 40]
    assert told(run)[0]["step"] == 40  # it ended in order: all is safe


def test_two_processes_do_not_send_the_same(tmp_path, both):
    run = a_run(tmp_path)
    notes = []
    with alone(run.path / "tracking"), tracked(run, BOTH, notes.append):
        train(run, [10])
    assert notes == [f"another process tracks {run.path.name}; `sdp runs sync {run.path}` sends what it lacks"]
    assert not both[0].begun


def test_of_several_processes_only_the_one_that_writes_tracks(tmp_path, both):
    run = a_run(tmp_path)
    run.writes = False
    with tracked(run, BOTH, print):
        train(run, [10])
    assert not both[0].begun
    assert not (run.path / "tracking.json").exists()


def test_stdout_stays_the_result_s(tmp_path, both, capsys):
    whole_run(tmp_path)
    assert capsys.readouterr().out == ""


def test_a_tracking_file_that_cannot_be_read_is_refused(tmp_path, both):
    run = a_run(tmp_path)
    (run.path / "tracking.json").write_text(json.dumps({"version": 1, "told": [{"tracker": 1, "what": 2}]}))
    with pytest.raises(InputError, match=r"cannot read tracking\.json"):
        open_trackers(BOTH, run, print)


def test_a_slow_tracker_takes_a_tenth_of_the_time_and_lacks_nothing(tmp_path, both):
    """A server that needs two seconds for each answer: it is asked every twenty."""
    now, asked = [0.0], []
    log = both[0].log

    def slow(points):
        asked.append(now[0])
        now[0] += 2.0
        log(points)

    both[0].log = slow
    run = a_run(tmp_path)
    trackers = Trackers(run, {one.name: one for one in both}, print, clock=lambda: now[0])
    run.listeners.append(trackers.listen)
    for step in range(1, 101):
        now[0] += 1.0
        train(run, [step])
        assert both[1].points[-1].step == step  # the other one does not wait
    assert len(asked) == pytest.approx(100 / 21, abs=2)
    trackers.close()
    assert [point.step for point in both[0].points] == list(range(1, 101))


def test_a_password_in_an_error_is_not_told(tmp_path, both):
    """MLflow puts the whole address of its server into errors."""

    def fail(points):
        raise ConnectionError("API request to https://me:secret@host/api?x=1 failed")

    both[0].log = fail
    notes = []
    run = whole_run(tmp_path, note=notes.append)
    assert any("https://host/api" in note for note in notes)
    everything = "".join(path.read_text() for path in run.path.glob("*.json*"))
    assert "secret" not in everything + "".join(notes)


def test_a_bench_that_fails_leaves_its_training_complete(tmp_path, both):
    run = whole_run(tmp_path)

    def bench():
        with tracked(run, BOTH, print):
            run.event("score", target="trained", task="position", metric="exact_match", value=0.5)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench()
    assert both[0].statuses == ["complete", "complete"]
