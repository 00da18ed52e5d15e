from typing import Any

import pytest
import torch
from tests.finetuning import cases
from tests.finetuning.lean import shapes

from sdp.finetuning import memory
from sdp.finetuning.arguments import order_of
from sdp.finetuning.backends.lean import build
from sdp.finetuning.collate import AnswerCollator
from sdp.finetuning.memory import estimate, kept_bytes, recompute
from sdp.finetuning.reading import reading_of

COLLATE = AnswerCollator(0, keeps_logits=False)


class Notes:
    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, text: str) -> None:
        self.said.append(text)


def test_what_is_kept_grows_with_the_tokens() -> None:
    model = shapes.adapted("llama")
    with reading_of(model, COLLATE) as reading:
        once, twice = (kept_bytes(model, reading, shapes.examples(n, 0, 20, 21)) for n in (20, 40))
    assert twice / once == pytest.approx(2, rel=0.05)


def test_what_is_kept_is_what_the_allocator_would_have_to_hold() -> None:
    """Of one linear layer and a square: the input, and the product."""
    layer = torch.nn.Linear(4, 6, bias=False)
    x = torch.randn(10, 4)

    class Square:
        def summed_loss(self, model: Any, examples: Any) -> tuple[torch.Tensor, None]:
            return model(x).square().sum(), None

    assert kept_bytes(layer, Square(), []) == (10 * 4 + 10 * 6) * 4


def test_recomputing_keeps_less() -> None:
    model, batch = shapes.adapted("llama"), shapes.examples(20)
    with reading_of(model, COLLATE) as reading:
        before = kept_bytes(model, reading, batch)
        recompute(model)
        assert kept_bytes(model, reading, batch) < before / 2


def test_the_runs_random_numbers_are_not_touched() -> None:
    model = shapes.adapted("llama", dropout=0.5)
    torch.manual_seed(0)
    first = torch.rand(3)
    torch.manual_seed(0)
    with reading_of(model, COLLATE) as reading:
        kept_bytes(model, reading, shapes.examples())
    assert torch.equal(torch.rand(3), first)


def test_the_estimate_is_of_the_largest_micro_batch() -> None:
    job = cases.job()
    with reading_of(job.model, AnswerCollator(0, job.keeps_logits)) as reading:
        small = estimate(job.model, reading, job.train, order_of(job))
        large = estimate(job.model, reading, job.train, order_of(cases.job(per_device_train_batch_size=8)))
    assert large.activations > 1.5 * small.activations
    assert small.model == large.model > 0
    assert small.fits


@pytest.mark.parametrize(("setting", "is_on"), [("auto", True), (False, False)])
def test_checkpointing_is_turned_on_where_memory_needs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, setting: Any, *, is_on: bool
) -> None:
    monkeypatch.setattr(memory, "_available", lambda device: 1000)
    job, notes = cases.job(gradient_checkpointing=setting), Notes()
    with build(job, tmp_path, notes):
        assert any(getattr(module, "gradient_checkpointing", False) for module in job.model.modules()) == is_on
    assert bool(notes.said) == is_on
    assert not is_on or "gradient checkpointing is on" in notes.said[0]
