"""Alerts of a real training: healthy ones are quiet, sick ones are heard, and nobody's server can stop them."""

import pytest
from tests.finetuning import cases
from tests.reports.test_html import small_plotly
from tests.runs.alerts.test_webhook import Server

from sdp.errors import ConfigError
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.callbacks.monitoring import check_webhook, limits_of, monitored
from sdp.recipes.schema import Monitor, Recipe
from sdp.runs.folder import Run
from sdp.runs.history import history
from sdp.workflows.finetune import FinetuneRequest, finetune
from sdp.workflows.runs import plot_runs


def recipe(**monitor):
    return Recipe(monitor=Monitor(**monitor))


def watched_training(run, settings, warnings, **training):
    job = cases.job(**{"max_steps": 36, "warmup_steps": 2, "eval_steps": 20, "save_steps": 20} | training)
    with monitored(run, settings, warnings.append):
        return train(job, run)


def test_a_healthy_training_is_quiet(tmp_path):
    run, warnings = cases.new_run(tmp_path), []
    watched_training(run, recipe(throughput=0, memory=0, disk=0), warnings)
    assert (warnings, history(run.events()).alerts) == ([], [])
    assert run.listeners == []


def test_a_training_that_learns_nothing_is_heard_everywhere(tmp_path):
    server = Server()
    run, warnings = cases.new_run(tmp_path), []
    settings = recipe(throughput=0, memory=0, disk=0, webhook=server.url)
    watched_training(run, settings, warnings, learning_rate=1e-9, lr_scheduler_type="constant")
    server.close()
    alerts = history(run.events()).alerts
    assert [alert["alert"] for alert in alerts] == ["plateau"]
    assert [alert["alert"] for alert in alerts] == [body["alert"] for _, body in server.posted]
    assert warnings == [f"warning: {alert['text']} (step {alert['step']})" for alert in alerts]
    kinds = [(event["event"], event.get("step")) for event in run.events()]
    assert kinds[kinds.index(("alert", alerts[0]["step"])) - 1] == ("train", alerts[0]["step"])


@pytest.mark.slow
def test_the_shipped_model_at_a_rate_that_is_far_too_high_diverges(data, tmp_path):
    """A real training: heard while it runs, and marked on its page."""
    overrides = ["training.learning_rate=1", "training.max_grad_norm=0", "training.logging_steps=1", "eval_rows=16"]
    request = FinetuneRequest(data=["spelling"], steps=30, overrides=overrides, device="cpu")
    done = finetune(request)
    raised = {alert["alert"]: alert for alert in history(Run.open(done.run).events()).alerts}
    assert "divergence" in raised
    assert raised["divergence"]["value"] > raised["divergence"]["limit"]
    with small_plotly():
        page = plot_runs([done.run.name]).path.read_text()
    assert 'data-alert="divergence"' in page


def test_full_memory_and_disk_are_what_the_limits_say(tmp_path):
    run, warnings = cases.new_run(tmp_path), []
    watched_training(run, recipe(memory=0.999, disk=1e9, throughput=0), warnings, max_steps=2)
    assert {alert["alert"] for alert in history(run.events()).alerts} == {"memory", "disk"}
    assert len(warnings) == 2


def test_a_resumed_run_knows_what_was_usual(tmp_path):
    """Forty logs lie in the folder; the first one of the resumed run is strange against them, not against nothing."""
    run, warnings = cases.new_run(tmp_path), []
    run.event("status", status="running")
    for step in range(1, 41):
        run.event("train", step=step, loss=1.0 - step / 50, grad_norm=1.0)
    with monitored(run, recipe(), warnings.append, first=40):
        run.event("train", step=41, loss=0.1, grad_norm=5000.0)
    assert [alert["alert"] for alert in history(run.events()).alerts] == ["exploding_gradient"]


def test_what_was_raised_before_is_not_raised_again(tmp_path):
    run, warnings = cases.new_run(tmp_path), []
    for start in (0, 3):
        with monitored(run, recipe(), warnings.append, first=start):
            for step in range(start + 1, start + 4):
                run.event("train", step=step, loss=1.0, memory_left=0.01)
    assert len(history(run.events()).alerts) == len(warnings) == 1


def test_the_alert_of_a_training_that_ends_by_it_is_still_posted(tmp_path):
    server = Server()
    run = cases.new_run(tmp_path)

    def end():
        run.event("not_finite", step=3, file="not_finite.json")
        raise RuntimeError("the loss is not a number")

    with pytest.raises(RuntimeError, match="not a number"), monitored(run, recipe(webhook=server.url), lambda _: None):
        end()
    server.close()
    assert [body["alert"] for _, body in server.posted] == ["not_finite"]


def test_a_server_that_is_gone_costs_one_warning(tmp_path):
    server = Server()
    server.close()
    run, warnings = cases.new_run(tmp_path), []
    with monitored(run, recipe(webhook=server.url), warnings.append):
        run.event("train", step=3, loss=None)
    assert len(warnings) == 2
    assert "monitor.webhook" in warnings[1]


def test_processes_that_do_not_write_raise_nothing(tmp_path):
    run, warnings = cases.new_run(tmp_path), []
    run.writes = False
    with monitored(run, recipe(), warnings.append):
        run.event("train", step=3, loss=None)
    assert warnings == []


def test_a_webhook_that_cannot_be_one_is_refused_at_once():
    with pytest.raises(ConfigError):
        check_webhook(recipe(webhook="no url"))
    check_webhook(recipe())


def test_every_limit_comes_from_the_recipe():
    assert limits_of(recipe(plateau=0.25, disk=7)).plateau == 0.25
    assert limits_of(recipe(plateau=0.25, disk=7)).disk == 7


def test_an_alert_of_steps_that_are_done_again_is_not_lost(tmp_path):
    """Killed at 6, resumed from 2: the memory is nearly full at 5 both times, and history knows of it once."""
    run, warnings = cases.new_run(tmp_path), []
    for first in (0, 2):
        run.event("status", status="running")
        with monitored(run, recipe(), warnings.append, first=first):
            if first:
                run.event("resumed", step=first, exact=True, differs=[])
            for step in range(first + 1, 7):
                run.event("train", step=step, loss=1.0, memory_left=0.01 if step == 5 else 0.5)
    assert [alert["step"] for alert in history(run.events()).alerts] == [5]
    assert len(warnings) == 2


@pytest.mark.parametrize(("posts", "writes"), [(False, True), (True, False)])
def test_only_one_of_several_machines_and_processes_posts(tmp_path, posts, writes):
    """The others need not even know the address."""
    run, warnings = cases.new_run(tmp_path), []
    run.writes = writes
    with monitored(run, recipe(webhook="$NOT_SET_ANYWHERE"), warnings.append, posts=posts):
        run.event("train", step=3, loss=None)
    assert len(warnings) == writes
