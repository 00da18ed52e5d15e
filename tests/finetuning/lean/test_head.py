import pytest
import torch
from torch import nn

from sdp.finetuning.lean import head as module
from sdp.finetuning.lean.frozen import Weight
from sdp.finetuning.lean.head import Answers, summed_loss


def made(*, bias: bool) -> tuple[nn.Linear, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    head = nn.Linear(8, 31, bias=bias)
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    hidden = torch.randn(17, 8, generator=generator, requires_grad=True)
    return head, hidden, torch.randint(31, (17,), generator=generator)


def slopes(head: nn.Linear, hidden: torch.Tensor) -> list[torch.Tensor]:
    found = [hidden.grad.clone(), *(parameter.grad.clone() for parameter in head.parameters())]
    hidden.grad = None
    head.zero_grad()
    return found


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
@pytest.mark.parametrize("at_once", [31 * 5, 31 * 1000, 1])
def test_loss_and_slopes_are_torchs(
    monkeypatch: pytest.MonkeyPatch, smoothing: float, at_once: int, *, bias: bool
) -> None:
    monkeypatch.setattr(module, "_LOGITS", at_once)
    head, hidden, targets = made(bias=bias)
    theirs = nn.functional.cross_entropy(head(hidden), targets, reduction="sum", label_smoothing=smoothing)
    (theirs * 0.25).backward()
    expected = slopes(head, hidden)
    ours = summed_loss(Weight(head), hidden, Answers(targets, smoothing))
    (ours * 0.25).backward()
    assert float(ours.detach()) == pytest.approx(float(theirs.detach()), rel=1e-6)
    for one, other in zip(slopes(head, hidden), expected, strict=True):
        assert torch.allclose(one, other, rtol=1e-5, atol=1e-6)


def test_a_frozen_head_gets_no_gradient_and_costs_none() -> None:
    head, hidden, targets = made(bias=False)
    head.requires_grad_(requires_grad=False)
    summed_loss(Weight(head), hidden, Answers(targets)).backward()
    assert head.weight.grad is None
    assert hidden.grad is not None


def test_no_more_logits_than_allowed_are_alive_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOGITS", 31 * 4)
    seen = []
    real = torch.log_softmax

    def watched(logits: torch.Tensor, **kwargs: object) -> torch.Tensor:
        seen.append(len(logits))
        return real(logits, **kwargs)

    monkeypatch.setattr(torch, "log_softmax", watched)
    head, hidden, targets = made(bias=False)
    summed_loss(Weight(head), hidden, Answers(targets)).backward()
    assert seen == [4, 4, 4, 4, 1]  # once each: the backward pass computes no logits again


def test_without_gradients_it_tells_what_comes_first() -> None:
    head, hidden, targets = made(bias=True)
    answers = Answers(targets)
    with torch.no_grad():
        loss = summed_loss(Weight(head), hidden, answers)
        logits = head(hidden)
    assert float(loss) == pytest.approx(float(nn.functional.cross_entropy(logits, targets, reduction="sum")), rel=1e-6)
    assert answers.right is not None
    assert torch.equal(answers.right, logits.argmax(-1) == targets)


def test_autocast_computes_the_products_in_half_and_the_softmax_in_full() -> None:
    head, hidden, targets = made(bias=False)
    with torch.autocast("cpu", torch.bfloat16):
        ours = summed_loss(Weight(head), hidden, Answers(targets))
        logits = head(hidden)
    theirs = nn.functional.cross_entropy(logits.float(), targets, reduction="sum")
    assert logits.dtype == torch.bfloat16
    assert ours.dtype == torch.float32
    assert float(ours.detach()) == pytest.approx(float(theirs.detach()), rel=1e-5)
