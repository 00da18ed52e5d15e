import pytest
import torch
from tests.finetuning import cases

from sdp.finetuning.collate import AnswerCollator
from sdp.finetuning.loss import answer_loss

DATA = cases.examples(6)


def by_hand(model: torch.nn.Module) -> torch.Tensor:
    """One example at a time, no padding, the whole head, the probability of each answer token by its definition."""
    total, n_tokens = torch.zeros(()), 0
    for i in range(len(DATA)):
        ids, n_prompt = DATA[i]
        tokens = torch.from_numpy(ids).long()
        probabilities = model(input_ids=tokens[None]).logits[0].softmax(dim=-1)
        for position in range(n_prompt, len(tokens)):
            total = total - probabilities[position - 1, tokens[position]].log()
            n_tokens += 1
    return total / n_tokens


def ours(model: torch.nn.Module, *, keeps_logits: bool) -> torch.Tensor:
    batch = AnswerCollator(0, keeps_logits)([DATA[i] for i in range(len(DATA))])
    labels = batch.pop("labels")
    return answer_loss(model(**batch), labels)


@pytest.mark.parametrize("shape", ["llama", "qwen2", "gpt2"])
@pytest.mark.parametrize("keeps_logits", [True, False])
def test_loss_and_gradients_are_those_of_the_definition(shape: str, *, keeps_logits: bool) -> None:
    gradients = []
    for compute in (by_hand, lambda model: ours(model, keeps_logits=keeps_logits)):
        model = cases.job(shape=shape).model.train()
        loss = compute(model)
        loss.backward()
        gradients.append((loss.detach(), {n: p.grad for n, p in model.named_parameters() if p.grad is not None}))
    (expected, wanted), (loss, found) = gradients
    torch.testing.assert_close(loss, expected, rtol=1e-5, atol=1e-6)
    assert wanted.keys() == found.keys()
    for name, gradient in wanted.items():
        assert (found[name] - gradient).norm() <= 1e-5 * gradient.norm() + 1e-8, name


def test_what_follows_an_answer_and_what_a_question_says_of_itself_change_no_loss() -> None:
    """Padding is not seen and not trained: another padding token, the same loss."""
    model = cases.job().model.eval()
    losses = []
    for pad in (0, 17):
        batch = AnswerCollator(pad, keeps_logits=True)([DATA[i] for i in range(len(DATA))])
        labels = batch.pop("labels")
        losses.append(answer_loss(model(**batch), labels))
    assert torch.equal(*losses)


def test_no_gradient_flows_from_question_tokens_as_targets() -> None:
    """The logits that predict question tokens get no gradient; those that predict the answer and its end all do."""
    logits = torch.zeros(2, 6, 8, requires_grad=True)
    labels = torch.tensor([[-100, -100, -100, 3, 4, 0], [-100, 5, 0, -100, -100, -100]])
    answer_loss({"logits": logits}, labels).backward()
    touched = logits.grad.abs().sum(-1) > 0
    assert touched.int().tolist() == [[0, 0, 1, 1, 1, 0], [1, 1, 0, 0, 0, 0]]


def test_the_steps_total_is_what_divides() -> None:
    logits = torch.randn(1, 3, 8)
    labels = torch.tensor([[-100, 3, 0]])
    assert answer_loss({"logits": logits}, labels, 10) == answer_loss({"logits": logits}, labels) * 2 / 10
