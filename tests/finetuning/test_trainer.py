"""The loop: the same step however it is cut, in micro-batches, in parts, and after memory did not suffice."""

from pathlib import Path
from typing import Any

import pytest
import torch
from tests.finetuning import cases

from sdp.errors import ResourceError
from sdp.finetuning.arguments import order_of
from sdp.finetuning.backends.lean import build
from sdp.finetuning.backends.lean import run as train
from sdp.finetuning.reading import FlatReading


class Notes:
    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, text: str) -> None:
        self.said.append(text)


def weights(job: Any, folder: Path, notes: Notes | None = None) -> dict[str, torch.Tensor]:
    with build(job, folder, notes or Notes()) as trainer:
        trainer.train()
    return {name: value.detach().clone() for name, value in job.model.named_parameters() if value.requires_grad}


def plain(**settings: Any) -> Any:
    """Plain gradient descent, so that weights differ as little as gradients do."""
    return cases.job(
        train=cases.examples(22),
        optim="sgd",
        learning_rate=1.0,
        **{"gradient_checkpointing": False, "max_steps": 5, **settings},
    )


def apart(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    return max(float((one[name] - other[name]).norm() / other[name].norm().clamp_min(1e-3)) for name in one)


@pytest.mark.parametrize(("batch", "accumulation"), [(4, 2), (2, 4), (1, 8)])
def test_accumulation_changes_nothing(tmp_path: Path, batch: int, accumulation: int) -> None:
    whole = weights(plain(per_device_train_batch_size=8), tmp_path)
    cut = plain(per_device_train_batch_size=batch, gradient_accumulation_steps=accumulation)
    assert apart(weights(cut, tmp_path), whole) < 1e-4


def limited(monkeypatch: pytest.MonkeyPatch, n: int, where: str = "summed_loss") -> None:
    """A machine on which no more than n examples fit at once."""
    real = FlatReading.summed_loss

    def short(self: FlatReading, model: Any, examples: Any, smoothing: float = 0.0) -> Any:
        loss, answers = real(self, model, examples, smoothing)
        if len(examples) <= n or torch.is_grad_enabled() == (where == "evaluation"):
            return loss, answers
        if where != "backward":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return _FailsHalfWay.apply(loss), answers

    monkeypatch.setattr(FlatReading, "summed_loss", short)


class _FailsHalfWay(torch.autograd.Function):
    """Fails in the backward pass."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        return x.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes")


@pytest.mark.parametrize("where", ["summed_loss", "backward"])
@pytest.mark.parametrize("accumulation", [1, 2])
def test_a_micro_batch_that_does_not_fit_is_cut_and_adds_up_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, accumulation: int
) -> None:
    settings = {"per_device_train_batch_size": 8, "gradient_accumulation_steps": accumulation}
    whole = weights(plain(**settings), tmp_path)
    limited(monkeypatch, 3, where)
    notes = Notes()
    assert apart(weights(plain(**settings), tmp_path, notes), whole) < 1e-4
    assert notes.said == [
        "not enough memory: going on with micro-batches of 4 examples, added up as before",
        "not enough memory: going on with micro-batches of 2 examples, added up as before",
    ]


def test_an_example_that_does_not_fit_alone_is_an_error_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, 0)
    with pytest.raises(ResourceError, match="does not fit into memory") as caught:
        train(plain(), cases.new_run(tmp_path))
    assert "gradient_checkpointing" in str(caught.value.hint)


def test_other_errors_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> Any:
        raise RuntimeError("shapes cannot be multiplied")

    monkeypatch.setattr(FlatReading, "summed_loss", broken)
    with pytest.raises(RuntimeError, match="cannot be multiplied"), build(plain(), tmp_path) as trainer:
        trainer.train()


def test_packing_trains_every_example_once_an_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    job = plain(packing=True, max_length=60, per_device_train_batch_size=2)
    with build(job, tmp_path, Notes()) as trainer:
        real = trainer.training_step

        def watched(*args: Any) -> Any:
            seen.extend(trainer.step_examples)
            return real(*args)

        monkeypatch.setattr(trainer, "training_step", watched)
        n_steps = trainer.order.n_steps
        trainer.args.max_steps = n_steps
        trainer.train()
    assert sorted(seen) == list(range(22))


def test_evaluation_counts_tokens_and_whole_answers(tmp_path: Path) -> None:
    validation = cases.examples(5)
    job = cases.job(validation=validation, per_device_eval_batch_size=2)
    with build(job, tmp_path, Notes()) as trainer:
        found = trainer.evaluate()
    loss, right, whole = 0.0, 0, 0
    for ids, n_prompt in (validation[i] for i in range(5)):  # by hand, one by one, the model as it is
        with torch.no_grad():
            logits = job.model(input_ids=torch.from_numpy(ids)[None].long()).logits[0, n_prompt - 1 : -1]
        targets = torch.from_numpy(ids[n_prompt:]).long()
        loss += float(torch.nn.functional.cross_entropy(logits, targets, reduction="sum"))
        hits = logits.argmax(-1) == targets
        right, whole = right + int(hits.sum()), whole + int(hits.all())
    assert found["eval_loss"] == pytest.approx(loss / validation.n_answer_tokens, rel=1e-5)
    assert found["eval_token_accuracy"] == pytest.approx(right / validation.n_answer_tokens)
    assert found["eval_exact_match"] == whole / 5


def test_an_evaluation_that_does_not_fit_is_cut_and_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for _ in range(2):
        with build(cases.job(validation=cases.examples(7)), tmp_path, Notes()) as trainer:
            found.append(trainer.evaluate())
        limited(monkeypatch, 2, "evaluation")
    assert found[1] == pytest.approx(found[0], rel=1e-5)
    limited(monkeypatch, 0, "evaluation")
    with pytest.raises(ResourceError, match="does not fit into memory"):
        train(cases.job(validation=cases.examples(7)), cases.new_run(tmp_path))


def test_packed_examples_are_counted_as_they_are(tmp_path: Path) -> None:
    """A bin holds several examples, so that a step holds more of them than its batch size says."""
    trained = train(
        plain(packing=True, max_length=60, per_device_train_batch_size=2, max_steps=2), cases.new_run(tmp_path)
    )
    job = plain(packing=True, max_length=60, per_device_train_batch_size=2)
    order = order_of(job)
    examples = [*order.step(0), *order.step(1)]
    assert trained.n_examples == len(examples) > 4
    assert trained.epochs == len(examples) / 22
    n_tokens = sum(len(job.train[i][0]) for i in examples)
    assert trained.tokens_per_s / trained.examples_per_s == pytest.approx(n_tokens / len(examples))
