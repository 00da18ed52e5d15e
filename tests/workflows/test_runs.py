"""What run folders tell, and a page of their curves."""

import json
import re

import pytest
from tests.reports.test_html import small_plotly
from tests.runs.recorded import age, recorded

from sdp.errors import InputError
from sdp.runs.folder import Run
from sdp.workflows.runs import MOST, ListRequest, compare_runs, list_runs, plot_runs, show_run


@pytest.fixture
def root(tmp_path):
    return tmp_path / "runs"


def test_the_newest_comes_first_and_parts_choose(root):
    for name in ("one", "two", "three"):
        recorded(root, name)
    assert [one.name for one in list_runs(ListRequest(root))] == ["three", "two", "one"]
    assert [one.name for one in list_runs(ListRequest(root, ["-one-", "-two-"]))] == ["two", "one"]
    assert list_runs(ListRequest(root, ["nothing"])) == []


def test_a_run_in_numbers(root):
    recorded(root)
    (one,) = list_runs(ListRequest(root))
    assert (one.status, one.step, one.total_steps, one.best_eval_loss, one.best_step) == ("complete", 30, 60, 1.0, 20)
    assert (one.n_alerts, one.stopped) == (1, "eval_loss has not become better in 1 values")


def test_a_run_that_was_killed_is_not_running(root):
    run = recorded(root, status="running")
    assert list_runs(ListRequest(root))[0].status == "running"
    age(run, 60)
    assert list_runs(ListRequest(root))[0].status == "broken off"


def test_no_folder_is_said(root):
    with pytest.raises(InputError, match="no folder"):
        list_runs(ListRequest(root))


def test_everything_about_one(root):
    run = recorded(root)
    (run.path / "checkpoints" / "step-000020").mkdir(parents=True)
    (run.path / "bench" / "first").mkdir(parents=True)
    told = show_run("", root)
    assert told.path == run.path
    assert (len(told.losses), told.eval_losses) == (30, [2.0, 1.0, 2.0])
    assert told.checkpoints == ["step-000020"]
    assert [alert["alert"] for alert in told.alerts] == ["disk"]
    assert told.benches == [(run.path / "bench" / "first").as_posix()]
    assert told.settings["recipe.training.learning_rate"] == 1e-3
    assert "secret" not in json.dumps(dict(told.settings))


def test_a_bench_has_scores_and_no_curves(root):
    run = Run.create(root, "bench", "measured", {"model": "tiny"})
    run.event("score", target="it", task="count", metric="exact_match", value=0.5)
    run.finish({})
    assert [score["value"] for score in show_run("measured", root).scores] == [0.5]
    with pytest.raises(InputError, match="is no training"):
        plot_runs(["measured"], root)


def test_two_runs_differ_in_what_differs(root):
    recorded(root, "slow")
    recorded(root, "fast", learning_rate=0.1)
    done = compare_runs(["slow", "fast"], root)
    assert [one.summary.name for one in done.runs] == ["slow", "fast"]
    assert done.differing == [("recipe.training.learning_rate", ["0.001", "0.1"])]


@pytest.mark.parametrize(("names", "said"), [([], "two runs"), (["one"], "two runs"), (["one", "one"], "named twice")])
def test_what_cannot_be_compared(root, names, said):
    recorded(root, "one")
    with pytest.raises(InputError, match=said):
        compare_runs(names, root)


def test_a_page_lies_with_its_run_or_with_all_runs(root, tmp_path):
    first, second = recorded(root, "one"), recorded(root, "two")
    with small_plotly():
        done = plot_runs(["one"], root)
        assert done.path == first.path / "training.html"
        assert (done.n_points, done.n_alerts, done.runs) == (33, 1, [first.path.name])
        assert plot_runs([], root).path == second.path / "training.html"
        assert plot_runs(["one", "two"], root).path == root / "training.html"
        assert plot_runs(["one"], root, tmp_path / "x.html").path == tmp_path / "x.html"
        assert plot_runs(["one"], root, tmp_path).path == tmp_path / "training.html"


def test_the_page_marks_where_it_stopped_and_what_was_wrong(root):
    run = recorded(root)
    with small_plotly():
        text = plot_runs([], root).path.read_text()
    (payload,) = re.findall(r'id="payload">(.*?)</script>', text)
    loss = next(figure for figure in json.loads(payload)["figures"] if figure["name"] == "loss")
    assert [note["text"] for note in loss["layout"]["annotations"]] == ["stopped at 30"]
    marks = {trace["marker"]["symbol"]: trace["x"] for trace in loss["traces"] if "marker" in trace}
    assert marks == {"circle-open": [20], "triangle-up": [30]}
    assert "the disk is nearly full" in text
    assert "hooks/secret" not in text
    assert run.path.name in text


def test_runs_of_one_name_are_told_apart_by_folder(root):
    paths = [recorded(root, "same").path for _ in range(2)]
    with small_plotly():
        text = plot_runs([path.name for path in paths], root).path.read_text()
    assert all(f'm{number}">{path.name}</span>' in text for number, path in enumerate(paths, 1))


def test_more_than_colours_can_tell_apart(root):
    names = [recorded(root, f"run{number}", n=1).path.name for number in range(MOST + 1)]
    with pytest.raises(InputError, match="colours"):
        plot_runs(names, root)


def test_a_run_without_a_loss_has_no_curves(root):
    recorded(root, "early", n=0)
    with pytest.raises(InputError, match="logged nothing"):
        plot_runs(["early"], root)


BROKEN = {
    "no json": ("{", "{"),
    "no object": ("[]", ""),
    "no config": ('{"kind": "finetune", "status": "complete", "config": []}', ""),
    "odd events": (
        None,
        '{"event": "train"}\n{"event": "eval", "step": "x", "time": 3}\n7\n\\xff\n{"event": "status"}\n',
    ),
    "no events": (None, None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_damaged_run_does_not_hide_the_others(root, name):
    whole, damaged = recorded(root, "whole"), recorded(root, "damaged")
    record, events = BROKEN[name]
    if record is not None:
        (damaged.path / "run.json").write_text(record)
    if events is None:
        (damaged.path / "events.jsonl").unlink()
    else:
        (damaged.path / "events.jsonl").write_text(events)
    found = [one.id for one in list_runs(ListRequest(root))]
    assert found[-1] == whole.path.name
    assert len(found) == (2 if record is None else 1)
