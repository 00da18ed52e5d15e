"""Checkpoints of a training: what they say of themselves, which stay, and where a resumed run is not bit-exact."""

import json
from pathlib import Path

import pytest
import torch
from tests.finetuning import cases

from sdp.errors import InputError, ResourceError
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.callbacks.checkpointing import keep_of, saving
from sdp.finetuning.job import Job
from sdp.recipes.schema import Checkpoints, Recipe, Training
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints.keep import Keep, records_of
from sdp.runs.checkpoints.record import NAME
from sdp.runs.checkpoints.verified import check
from sdp.runs.folder import Run


def with_keep(job: Job, keep: str) -> Job:
    recipe = job.recipe.model_copy(update={"checkpoints": Checkpoints(keep=keep)})
    return Job(**{**{name: getattr(job, name) for name in Job.__slots__}, "recipe": recipe})


def test_a_checkpoint_says_what_it_is(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    train(cases.job(validation=cases.examples(5)), run)
    losses = {event["step"]: event["loss"] for event in run.events() if event["event"] == "eval"}
    records = records_of(run.path / "checkpoints")
    assert {step: record.value for step, record in records.items()} == losses
    record = records[4]
    assert (record.run, record.metric, record.greater_is_better) == (run.path.name, "eval_loss", False)
    environment = record.environment
    assert (environment.device, environment.dtype, environment.world_size) == ("cpu", "float32", 1)
    assert environment.n_threads == torch.get_num_threads()
    assert environment.versions["torch"] == torch.__version__
    for step in records:
        check(run.path / "checkpoints" / folders.name_of(step))


@pytest.mark.parametrize(
    ("keep", "steps"), [("all", [1, 2, 3, 4, 5, 6]), ("last:3", [4, 5, 6]), ("best:1,last:1", [6]), ("best:2", [6])]
)
def test_what_is_asked_for_stays_and_what_is_needed(tmp_path: Path, keep: str, steps: list[int]) -> None:
    """Nothing is evaluated here, so nothing is best."""
    run = cases.new_run(tmp_path)
    train(with_keep(cases.job(max_steps=6, save_steps=1), keep), run)
    assert list(folders.complete(run.path / "checkpoints")) == steps
    assert [event["step"] for event in run.events() if event["event"] == "checkpoint"] == [1, 2, 3, 4, 5, 6]


def test_the_best_stays_while_it_is_the_best(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    job = cases.job(train=cases.examples(4), validation=cases.examples(24), max_steps=12, eval_steps=2, save_steps=2,
                    learning_rate=0.5, lr_scheduler_type="constant", stopping={"patience": 0})  # fmt: skip
    trained = train(job, run)
    best = [event["step"] for event in run.events() if event["event"] == "checkpoint" and event["best"]]
    assert best[-1] == trained.best_step
    assert set(folders.complete(run.path / "checkpoints")) == {trained.best_step, 10, 12}


def test_a_policy_that_cannot_be_is_refused() -> None:
    def recipe(**training: int) -> Recipe:
        return Recipe(training=Training(**training), checkpoints=Checkpoints(keep="best:2,last:5"))

    assert keep_of(recipe()) == Keep(2, 5)
    assert keep_of(recipe(save_total_limit=3)) == Keep(1, 3)
    with pytest.raises(InputError, match="does not say which checkpoints stay"):
        keep_of(Recipe(checkpoints=Checkpoints(keep="newest")))


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({}, []),
        ({"device": "cuda", "hardware": "a GPU"}, ["device cuda → cpu"]),
        ({"batch": "2 × 2"}, ["batch 2 × 2 → 4 × 1"]),
    ],
)
def test_where_it_is_not_bit_exact_it_says_so(tmp_path: Path, change: dict, differs: list[str], capsys) -> None:
    """As if the checkpoint came from another machine: it goes on, and says what differs."""
    run = cases.new_run(tmp_path)
    train(cases.job(max_steps=6), run)
    checkpoint = run.path / "checkpoints" / "step-000004"
    tree = json.loads((checkpoint / NAME).read_text())
    tree["environment"].update(change)
    (checkpoint / NAME).write_text(json.dumps(tree))
    before = cases.adapter_bytes(run)
    train(cases.job(max_steps=6), run, resume_from=checkpoint)
    (event,) = [event for event in run.events() if event["event"] == "resumed"]
    assert (event["step"], event["exact"]) == (4, not differs)
    assert event["differs"][: len(differs)] == differs
    assert cases.adapter_bytes(run) == before


def test_a_run_that_was_at_its_end_does_not_take_one_step_more(tmp_path: Path) -> None:
    """Killed between its last checkpoint and its adapter, in the middle of an epoch."""
    run = cases.new_run(tmp_path)
    train(cases.job(max_steps=5), run)
    before = cases.adapter_bytes(run)
    trained = train(cases.job(max_steps=5), run, resume_from=run.path / "checkpoints" / "step-000005")
    assert (trained.steps, trained.n_examples) == (5, 0)
    assert list(folders.complete(run.path / "checkpoints")) == [4, 5]
    assert cases.adapter_bytes(run) == before


def test_a_run_that_had_stopped_early_stays_so(tmp_path: Path) -> None:
    def job() -> Job:
        return cases.job(train=cases.examples(4), validation=cases.examples(24), max_steps=60, eval_steps=2,
                         learning_rate=0.5, lr_scheduler_type="constant", stopping={"patience": 2})  # fmt: skip

    run = cases.new_run(tmp_path)
    first = train(job(), run)
    assert first.stopped_early
    again = train(job(), run, resume_from=run.path / "checkpoints" / folders.name_of(first.steps))
    assert (again.steps, again.best_step) == (first.steps, first.best_step)


def fill(run: Run, error: Exception) -> None:
    with saving(run):
        target = folders.written_to(run.path / "checkpoints", 7)
        target.mkdir(parents=True)
        (target / "half").write_text("x")
        raise error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "step-000007: No space left on device"),
        (RuntimeError("[enforce fail] unexpected pos 1 vs 2"), "bytes are free there .*unexpected pos"),
        (RuntimeError("I/O error: File too large (os error 27)"), r"step-000007: I/O error: File too large"),
    ],
)
def test_a_full_disk_is_said_and_cleared(tmp_path: Path, error: Exception, said: str) -> None:
    run = cases.new_run(tmp_path)
    with pytest.raises(ResourceError, match=said):
        fill(run, error)
    assert list((run.path / "checkpoints").iterdir()) == []


def test_another_error_is_none_of_the_disk_s(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    with pytest.raises(RuntimeError, match="shape"), saving(run):
        raise RuntimeError("shape")


def test_another_process_of_the_same_run_touches_nothing(tmp_path: Path) -> None:
    run = cases.new_run(tmp_path)
    (run.path / "checkpoints" / folders.WRITING).mkdir(parents=True)
    with saving(Run(run.path, run.record, writes=False)):
        pass
    assert (run.path / "checkpoints" / folders.WRITING).is_dir()


@pytest.mark.parametrize("writes", [True, False])
def test_the_folder_for_writing_goes_away_only_when_all_processes_are_done(
    tmp_path: Path, writes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trainer of each looks through it at its end. One that does not write waits, too, or nobody would go on."""
    run = cases.new_run(tmp_path)
    there_when_waiting = []
    writing = run.path / "checkpoints" / folders.WRITING
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "barrier", lambda: there_when_waiting.append(writing.is_dir()))
    with saving(Run(run.path, run.record, writes=writes)):
        writing.mkdir(parents=True)
    assert there_when_waiting == [True]
    assert writing.is_dir() is not writes


def test_a_process_that_fails_waits_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.distributed, "barrier", lambda: pytest.fail("the others may be gone"))
    with pytest.raises(ValueError, match="shape"), saving(cases.new_run(tmp_path)):
        raise ValueError("shape")
