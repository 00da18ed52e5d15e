"""Looking at a run that goes on: what is seen at each look is what was written until then."""

from functools import partial

import pytest
from tests.runs.recorded import age, recorded

from sdp.data.atomic import alone
from sdp.errors import InputError
from sdp.runs.events import read_pieces
from sdp.runs.folder import Run
from sdp.workflows.watch import WatchRequest, watch


def test_it_looks_until_the_run_is_over(tmp_path):
    run = recorded(tmp_path, n=2, status="running")
    script = iter([
        lambda: run.event("train", step=3, loss=0.5),
        lambda: None,
        lambda: run.event("eval", step=3, loss=0.25),
        lambda: run.finish({}),
    ])  # fmt: skip
    naps = []

    def sleep(seconds):
        naps.append(seconds)
        next(script)()

    views = list(watch(WatchRequest(root=tmp_path, every_s=0.125), sleep))
    assert [[event["event"] for event in view.new][-1:] for view in views] == [
        ["alert"], ["train"], [], ["eval"], ["status"],
    ]  # fmt: skip
    assert [view.summary.status for view in views] == ["running"] * 4 + ["complete"]
    assert (views[-1].losses, views[-1].eval_losses) == ([5.0, 2.5, 0.5], [0.25])
    assert views[1].latest["step"] == 3
    assert naps == [0.125] * 4
    assert sum(len(view.new) for view in views) == len(run.events())


def test_one_look(tmp_path):
    recorded(tmp_path, status="running")
    (view,) = watch(WatchRequest(root=tmp_path, once=True), pytest.fail)
    assert view.goes_on
    assert len(view.alerts) == 1


@pytest.mark.parametrize("status", ["complete", "failed", "interrupted"])
def test_a_run_that_is_over_is_looked_at_once(tmp_path, status):
    recorded(tmp_path, status=status)
    (view,) = watch(WatchRequest(root=tmp_path), pytest.fail)
    assert view.summary.status == status
    assert not view.goes_on


def test_a_run_whose_process_is_gone_ends_the_watch(tmp_path):
    """As long as somebody holds its lock it may be a slow step."""
    run = recorded(tmp_path, status="running")
    age(run, 60)
    looks = watch(WatchRequest(root=tmp_path), lambda _: None)
    with alone(run.path):
        assert next(looks).summary.status == "running"
    assert next(looks).summary.status == "broken off"
    assert list(looks) == []


def test_a_resumed_run_is_seen_from_where_it_goes_on(tmp_path):
    run = recorded(tmp_path, n=5, status="interrupted")
    again = Run.open(run.path)
    again.mark("running")
    again.event("train", step=3, loss=9.0)
    (view,) = watch(WatchRequest(root=tmp_path, once=True))
    assert view.losses == [5.0, 2.5, 9.0]
    assert view.summary.step == 3


def test_no_run_is_said(tmp_path):
    with pytest.raises(InputError, match="there are no runs"):
        next(watch(WatchRequest(root=tmp_path)))


def test_the_last_event_is_seen_though_the_record_is_written_first(tmp_path):
    run = recorded(tmp_path, n=2, status="running")
    run.record["status"] = "complete"
    run.save()
    views = list(watch(WatchRequest(root=tmp_path), lambda _: run.event("status", status="complete")))
    assert [view.new[-1]["event"] for view in views] == ["alert", "status"]


def test_an_ending_that_nobody_wrote_down_is_waited_for_once(tmp_path):
    run = recorded(tmp_path, n=2, status="running")
    run.record["status"] = "complete"
    run.save()
    assert len(list(watch(WatchRequest(root=tmp_path), lambda _: None))) == 2


def test_a_long_run_is_seen_in_pieces_and_each_event_once(tmp_path, monkeypatch):
    monkeypatch.setattr("sdp.workflows.watch.read_pieces", partial(read_pieces, size=1000))
    run = recorded(tmp_path, n=30)
    views = list(watch(WatchRequest(root=tmp_path), pytest.fail))
    assert len(views) > 3
    assert [event for view in views for event in view.new] == run.events()
    assert len(views[-1].losses) == 30
