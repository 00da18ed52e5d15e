"""sdp watch: lines into a pipe, one look, and how it ends."""

import json

from tests.runs.recorded import age, recorded


def test_a_pipe_gets_a_line_per_event(tmp_path, here):
    recorded(tmp_path / "runs", n=10)
    done = here("watch")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["running", "step 1: loss 5, 1,000 tokens/s"]
    assert lines[-3:] == [
        "step 10: alert disk: the disk is nearly full",
        "step 10: stopped early: eval_loss has not become better in 1 values; kept: step 20",
        "complete",
    ]
    assert here("watch", "--quiet").stdout == ""


def test_json_gives_the_events_as_they_are(tmp_path, here):
    run = recorded(tmp_path / "runs", n=3)
    events = [json.loads(line) for line in here("watch", "it", "--json").stdout.splitlines()]
    assert events == run.events()


def test_one_look_at_a_run_that_goes_on(tmp_path, here):
    recorded(tmp_path / "runs", status="running")
    done = here("watch", "--once")
    assert done.returncode == 0, done.stderr
    assert "30 of 60" in done.stdout
    assert json.loads(here("watch", "--once", "--json").stdout)["summary"]["step"] == 30


def test_a_run_that_failed_or_died_is_a_check_that_failed(tmp_path, here):
    recorded(tmp_path / "runs", "bad", status="failed")
    done = here("watch", "bad")
    assert (done.returncode, "failed: ResourceError: the disk is full" in done.stdout) == (1, True)
    dead = recorded(tmp_path / "runs", "dead", status="running")
    age(dead, 60)
    done = here("watch", "dead", "--once")
    assert done.returncode == 1
    assert f"sdp finetune --resume {dead.path.name}" in done.stderr
