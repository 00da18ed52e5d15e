"""Early stopping in real trainings: where it ends, what is kept, and the same again after a resume."""

import pytest
from tests.finetuning import cases
from transformers import TrainerState

from sdp.errors import ConfigError
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.callbacks.stopping import best_step, check_stopping, metric_at, reason_to_stop
from sdp.recipes.schema import Stopping
from sdp.runs.history import history

RULES = """
class Fourth:
    '''Stops at the fourth loss it is told, whatever it is.'''

    def __init__(self):
        self.losses = []

    def should_stop(self, step, metrics):
        if 'loss' in metrics:
            self.losses.append((step, metrics['loss']))
        return 'four are enough' if len(self.losses) == 4 else None
"""


PATIENCE = 3


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A training whose evaluations never become better by a thousand, so patience ends it; and its run."""
    run = cases.new_run(tmp_path_factory.mktemp("stopped"))
    stopping = {"patience": PATIENCE, "min_delta": 1e3}
    job = cases.job(
        validation=cases.examples(6), stopping=stopping, max_steps=12, eval_steps=1, save_steps=50, learning_rate=0.5
    )
    return train(job, run), run


def test_it_stops_after_so_many_evaluations(stopped):
    done, run = stopped
    assert done.stopped_early
    assert done.steps == 1 + PATIENCE
    told = history(run.events())
    assert [event["step"] for event in told.evals] == list(range(1, done.steps + 1))
    assert (told.stopping["step"], told.stopping["best_step"]) == (done.steps, done.best_step)
    assert told.stopping["reason"] == "eval_loss has not become better by 1000 in 3 values"


def test_what_is_kept_are_the_weights_of_the_best_step(stopped):
    """Too small a change counts for patience, but the best is the best."""
    done, run = stopped
    losses = {event["step"]: event["loss"] for event in history(run.events()).evals}
    best = min(losses, key=lambda step: (losses[step], step))
    assert (done.best_step, done.eval_loss) == (best, losses[best])
    weights = {
        step: (run.path / "checkpoints" / f"step-{step:06d}" / "adapter_model.safetensors").read_bytes()
        for step in (best, done.steps)
    }
    assert cases.adapter_bytes(run) == weights[best]
    assert best == done.steps or weights[best] != weights[done.steps]


def test_the_events_come_in_the_order_of_what_happened(stopped):
    kinds = [event["event"] for event in stopped[1].events()]
    place = kinds.index("stopping")
    assert (kinds[place - 1], kinds[place + 1]) == ("eval", "checkpoint")
    assert kinds.count("stopping") == 1


@pytest.mark.parametrize(("metric", "greater"), [("loss", None), ("grad_norm", True)])
def test_any_logged_metric(tmp_path, metric, greater):
    run = cases.new_run(tmp_path)
    stopping = {"metric": metric, "greater_is_better": greater, "patience": 2}
    done = train(cases.job(stopping=stopping, max_steps=8, learning_rate=0.3, save_steps=50), run)
    values = {event["step"]: event[metric] for event in history(run.events()).train}
    sign = -1 if greater else 1
    assert done.best_step == min(values, key=lambda step: (sign * values[step], step))
    if done.stopped_early:
        assert done.steps == done.best_step + 2
    assert (run.path / "checkpoints" / f"step-{done.best_step:06d}").is_dir()


def test_a_criterion_of_one_s_own_decides(tmp_path):
    (tmp_path / "rules_of_one_s_own.py").write_text(RULES)
    run = cases.new_run(tmp_path)
    done = train(cases.job(stopping={"criterion": "rules_of_one_s_own:Fourth"}, max_steps=10), run)
    assert (done.steps, done.stopped_early) == (4, True)
    assert history(run.events()).stopping["reason"] == "four are enough"


def test_a_criterion_is_told_again_what_was_before_a_resume(tmp_path):
    """It has seen two losses before the checkpoint, so it stops two steps after it, not four."""
    (tmp_path / "rules_told_again.py").write_text(RULES)
    run = cases.new_run(tmp_path)
    job = {"stopping": {"criterion": "rules_told_again:Fourth"}, "max_steps": 10}
    train(cases.job(**job), run)
    whole = cases.adapter_bytes(run)
    done = train(cases.job(**job), run, resume_from=run.path / "checkpoints" / "step-000002")
    assert done.steps == 4
    assert cases.adapter_bytes(run) == whole


def state(*entries, step=None):
    made = TrainerState(log_history=[dict(entry) for entry in entries])
    made.global_step = step if step is not None else max(entry["step"] for entry in entries)
    return made


def test_the_reason_holds_at_the_last_step_only():
    """A run killed right after its last checkpoint is over; one whose log goes on is not."""
    log = [{"step": step, "eval_loss": float(step)} for step in (1, 2, 3)]
    settings = Stopping(patience=2)
    assert "2 values" in reason_to_stop(state(*log), settings)
    assert reason_to_stop(state(*log[:2]), settings) is None
    assert reason_to_stop(state(*log, {"step": 4, "eval_loss": 0.5}), settings) is None


def test_the_summary_at_the_end_is_no_log():
    log = [{"step": 1, "loss": 2.0}, {"step": 2, "train_loss": 1.5, "train_runtime": 3.0, "loss": 0.0}]
    assert best_step(state(*log), Stopping(metric="loss")) == 1
    assert metric_at(state(*log), 1, "loss") == 2.0
    assert metric_at(state(*log), 2, "loss") is None


@pytest.mark.parametrize(
    ("stopping", "said"),
    [
        ({"metric": "eval_los"}, "'eval_los' is not logged"),
        ({"criterion": "nothing"}, "is not module:Class"),
        ({"criterion": "no_such_rules:Any"}, "there is no module"),
    ],
)
def test_what_can_never_work_is_refused_at_once(stopping, said):
    with pytest.raises(ConfigError, match=said):
        check_stopping(Stopping(**stopping), backend="lean", evaluates=True)


def test_near_names_of_metrics():
    with pytest.raises(ConfigError) as caught:
        check_stopping(Stopping(metric="eval_los"), backend="lean", evaluates=True)
    assert "did you mean 'eval_loss'?" in caught.value.hint


def test_trl_logs_more():
    check_stopping(Stopping(metric="eval_mean_token_accuracy"), backend="trl", evaluates=True)
    with pytest.raises(ConfigError, match="nothing is evaluated"):
        check_stopping(Stopping(metric="eval_mean_token_accuracy"), backend="trl", evaluates=False)
