import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from tests.finetuning import cases
from tests.finetuning.lean.shapes import by_hand

from sdp.errors import ResourceError
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.callbacks.stopping import best_step
from sdp.finetuning.job import Job
from sdp.progress import SILENT
from sdp.runs.checkpoints import folder as checkpoints
from sdp.runs.checkpoints.verified import newest_whole


class Killer:
    """Ends the process's work at a step, as Ctrl-C does."""

    def __init__(self, step: int) -> None:
        self.left = step

    @contextmanager
    def bar(self, label: str, total: float, unit: str = "") -> Iterator["Killer"]:
        yield self

    def advance(self, n: float = 1) -> None:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt

    def note(self, text: str) -> None:
        del text


def test_the_adapter_is_on_disk_with_what_one_must_know_to_ask_it(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    trained = train(cases.job(), run)
    folder = run.path / "adapter"
    assert sorted(path.name for path in folder.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "sdp.json",
    ]
    assert json.loads((folder / "sdp.json").read_text()) == {"prompt_format": "plain", "step": 4}
    assert (trained.steps, trained.best_step, trained.n_examples) == (4, 4, 16)
    assert trained.epochs == pytest.approx(16 / 12)
    assert any(weights.any() for name, weights in cases.adapter(run).items() if "lora_B" in name)


def test_equal_seeds_give_equal_bytes_and_others_do_not(tmp_path: Path) -> None:
    runs = [cases.new_run(tmp_path, str(i)) for i in range(3)]
    for run, seed in zip(runs, (0, 0, 1), strict=True):
        train(cases.job(seed=seed, lora={"dropout": 0.1}), run)
    first, second, other = map(cases.adapter_bytes, runs)
    assert first == second != other


@pytest.mark.parametrize("shape", ["llama", "gpt2"])
def test_accumulation_changes_nothing(tmp_path: Path, shape: str) -> None:
    """The mean of means of micro-batches gives another step where answers differ in length."""
    runs = [cases.new_run(tmp_path, str(i)) for i in range(2)]
    for run, batch_size in zip(runs, (8, 2), strict=True):
        train(
            cases.job(
                shape=shape,
                train=cases.examples(8),
                max_steps=1,
                per_device_train_batch_size=batch_size,
                gradient_accumulation_steps=8 // batch_size,
            ),
            run,
        )
    whole, pieces = map(cases.adapter, runs)
    for name, weights in whole.items():
        torch.testing.assert_close(pieces[name], weights, rtol=1e-4, atol=1e-5)
    events = [next(e for e in run.events() if e["event"] == "train") for run in runs]
    assert events[0]["loss"] == pytest.approx(events[1]["loss"], rel=1e-5)
    assert events[0]["grad_norm"] == pytest.approx(events[1]["grad_norm"], rel=1e-4)


def test_the_logged_and_the_evaluation_loss_are_those_of_the_definition(tmp_path: Path) -> None:
    data = cases.examples(6)
    batch = [data[i] for i in range(6)]
    run = cases.new_run(tmp_path)
    job = cases.job(train=data, validation=data, per_device_train_batch_size=6, per_device_eval_batch_size=4,
                    max_steps=2, eval_steps=1)  # fmt: skip
    before = by_hand(job.model, batch) / data.n_answer_tokens
    trained = train(job, run)
    events = run.events()
    assert next(e["loss"] for e in events if e["event"] == "train") == pytest.approx(before, rel=1e-5)
    after = by_hand(job.model, batch) / data.n_answer_tokens
    assert [e["loss"] for e in events if e["event"] == "eval"][-1] == pytest.approx(after, rel=1e-5)
    assert trained.eval_loss == min(e["loss"] for e in events if e["event"] == "eval")


def interrupted(tmp_path: Path, job: Job, at: int) -> bytes:
    run = cases.new_run(tmp_path, f"broken-{at}")
    with pytest.raises(KeyboardInterrupt):
        train(job, run, progress=Killer(at))
    torch.manual_seed(99)  # another process has other random numbers
    found = newest_whole(run.path / "checkpoints", print)
    assert found is not None
    train(cases_like(job), run, resume_from=found, progress=SILENT)
    steps = [e["step"] for e in run.events() if e["event"] == "train"]
    assert max(steps) == job.recipe.training.max_steps
    return cases.adapter_bytes(run)


def cases_like(job: Job) -> Job:
    return cases.job(
        train=job.train,
        validation=job.validation,
        lora=job.recipe.lora.model_dump(),
        **job.recipe.training.model_dump(),
    )


@pytest.mark.parametrize(
    ("settings", "at"),
    [
        ({"max_steps": 9, "save_steps": 4}, 7),  # in the second epoch
        ({"max_steps": 9, "save_steps": 3}, 5),  # resumed at the border of two epochs
        ({"max_steps": 6, "save_steps": 2, "gradient_accumulation_steps": 2, "per_device_train_batch_size": 2}, 5),
    ],
)
def test_a_resumed_run_gives_the_same_bytes(tmp_path: Path, settings: dict[str, int], at: int) -> None:
    def job() -> Job:
        return cases.job(validation=cases.examples(5), lora={"dropout": 0.2}, eval_steps=3, **settings)

    straight = cases.new_run(tmp_path)
    train(job(), straight)
    assert interrupted(tmp_path, job(), at) == cases.adapter_bytes(straight)


def test_dropout_is_on_while_training(tmp_path: Path) -> None:
    """Else the test above could not fail for want of the random state."""
    runs = [cases.new_run(tmp_path, str(i)) for i in range(2)]
    for run, dropout in zip(runs, (0.0, 0.2), strict=True):
        train(cases.job(lora={"dropout": dropout}), run)
    assert cases.adapter_bytes(runs[0]) != cases.adapter_bytes(runs[1])


def test_training_stops_when_the_evaluation_loss_does_not_fall_and_the_best_is_kept(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    wrong = cases.examples(24)
    train_on, validation = cases.examples(4), wrong
    job = cases.job(train=train_on, validation=validation, max_steps=60, eval_steps=2, learning_rate=0.5,
                    stopping={"patience": 2}, lr_scheduler_type="constant", max_grad_norm=0)  # fmt: skip
    trained = train(job, run)
    losses = {e["step"]: e["loss"] for e in run.events() if e["event"] == "eval"}
    finite = {step: loss for step, loss in losses.items() if loss is not None}
    assert trained.stopped_early
    assert trained.steps < 60
    assert trained.best_step == min(finite, key=finite.__getitem__)
    assert len([step for step in losses if step > trained.best_step]) == 2
    kept = run.path / "checkpoints" / checkpoints.name_of(trained.best_step) / "adapter_model.safetensors"
    assert kept.read_bytes() == cases.adapter_bytes(run)


def test_few_checkpoints_are_kept_and_nothing_half_written(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    train(cases.job(max_steps=8, save_steps=1), run)
    assert sorted(path.name for path in (run.path / "checkpoints").iterdir()) == ["step-000007", "step-000008"]
    published = [e["step"] for e in run.events() if e["event"] == "checkpoint"]
    assert published == list(range(1, 9))


def test_leftovers_of_a_killed_run_go_away(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    leftover = run.path / "checkpoints" / checkpoints.WRITING / "checkpoint-3"
    leftover.mkdir(parents=True)
    (leftover / "adapter_model.safetensors").write_bytes(b"half")
    train(cases.job(), run)
    assert not leftover.exists()


def test_without_validation_rows_the_last_adapter_is_kept(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    trained = train(cases.job(validation=None), run)
    assert trained.eval_loss is None
    assert trained.best_step == trained.steps == 4


def test_too_little_memory_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise torch.OutOfMemoryError("no")

    monkeypatch.setattr("sdp.finetuning.backends.lean.AnswerTrainer.train", full)
    with pytest.raises(ResourceError, match="does not fit") as caught:
        train(cases.job(), cases.new_run(tmp_path))
    assert "per_device_train_batch_size" in str(caught.value)


def test_the_hub_name_of_a_model_is_in_the_adapter(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    job = cases.job()
    train(Job(**{**{name: getattr(job, name) for name in Job.__slots__}, "base": "some/model"}), run)
    config = json.loads((run.path / "adapter" / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "some/model"
    shutil.rmtree(run.path)


def test_the_best_step_is_the_first_of_equals_and_never_a_broken_one() -> None:
    from transformers import TrainerState

    log = [{"step": s, "eval_loss": loss} for s, loss in ((1, 3.0), (2, float("nan")), (3, 2.0), (4, 2.0))]
    assert best_step(TrainerState(log_history=log)) == 3
    assert best_step(TrainerState(log_history=[])) is None
