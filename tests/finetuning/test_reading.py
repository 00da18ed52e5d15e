"""The lean path is the stock path: loss and gradients, on every architecture, in every setting that matters."""

from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from tests.finetuning.lean import shapes

from sdp.finetuning.collate import AnswerCollator
from sdp.finetuning.head import keeps_logits
from sdp.finetuning.memory import recompute
from sdp.finetuning.reading import PaddedReading, reading_of
from sdp.models.quiet import quiet_peft

COLLATE = AnswerCollator(0, keeps_logits=False)


def lean(model: Any, batch: list[Any], smoothing: float = 0.0) -> tuple[torch.Tensor, str]:
    with reading_of(model, COLLATE) as reading:
        loss, _ = reading.summed_loss(model, batch, smoothing)
        loss.backward()
        return loss.detach(), reading.name


def compare(model: Any, batch: list[Any], tolerance: float = 1e-5) -> str:
    theirs = shapes.stock_loss(model, batch)
    theirs.backward()
    expected = shapes.gradients(model)
    ours, name = lean(model, batch)
    found = shapes.gradients(model)
    assert shapes.relative(ours, theirs.detach()) <= tolerance
    assert found.keys() == expected.keys()
    worst = {name: shapes.relative(found[name], expected[name]) for name in expected}
    assert max(worst.values()) <= tolerance, max(worst, key=worst.__getitem__)
    return name


@pytest.mark.parametrize("shape", shapes.LEAN)
def test_loss_and_every_gradient_are_the_stock_paths(shape: str) -> None:
    assert compare(shapes.adapted(shape), shapes.examples()) == "flat"


@pytest.mark.parametrize("shape", shapes.LEAN)
def test_also_where_the_whole_model_learns(shape: str) -> None:
    model = shapes.base(shape).train().requires_grad_(requires_grad=True)
    assert compare(model, shapes.examples(seed=1)) == "flat"


@pytest.mark.parametrize("settings", [{"use_rslora": True}, {"use_dora": True}, {"bias": "lora_only"}, {"bias": "all"}])
def test_also_with_adapters_that_are_more_than_plain(settings: dict[str, Any]) -> None:
    assert compare(shapes.adapted("qwen2", **settings), shapes.examples(seed=2)) == "flat"


@pytest.mark.parametrize("lengths", [(5, 6), (2, 3), (4, 120), (30, 31)])
def test_also_for_batches_without_padding_and_with_much(lengths: tuple[int, int]) -> None:
    batch = shapes.examples(6, 3, *lengths) + shapes.examples(2, 4, 4, 9)
    assert compare(shapes.adapted("mistral"), batch) == "flat"


def test_a_single_example_and_one_token_answers() -> None:
    ids, _ = shapes.examples(1, 5, 12, 13)[0]
    assert compare(shapes.adapted("llama"), [(ids, len(ids) - 1)]) == "flat"


def test_long_examples_take_the_blocked_kernel_with_the_same_result() -> None:
    model = shapes.base("llama")
    model.config.max_position_embeddings = 512
    batch = shapes.examples(2, 6, 200, 260) + shapes.examples(2, 7, 170, 171)
    assert compare(model.train().requires_grad_(requires_grad=True), batch, 2e-5) == "flat"


@pytest.mark.parametrize("shape", ["gpt-oss", "bloom"])
def test_what_cannot_be_flat_is_trained_the_stock_way_and_says_so(shape: str) -> None:
    said: list[str] = []

    class Notes:
        def note(self, text: str) -> None:
            said.append(text)

    model = shapes.base(shape).train().requires_grad_(requires_grad=True)
    with reading_of(model, COLLATE, Notes()) as reading:
        assert reading.name == "padded"
    assert len(said) == 1
    assert said[0].startswith("padded batches, the stock way: ")
    assert compare(model, shapes.examples()) == "padded"


@pytest.mark.parametrize("shape", ["qwen2", "gemma2"])
def test_label_smoothing_is_torchs(shape: str) -> None:
    model, batch = shapes.adapted(shape), shapes.examples(seed=8)
    logits = torch.cat([
        model(input_ids=torch.from_numpy(ids)[None].long()).logits[0, n - 1 : -1] for ids, n in batch
    ])  # fmt: skip
    targets = torch.cat([torch.from_numpy(ids[n:]).long() for ids, n in batch])
    theirs = torch.nn.functional.cross_entropy(logits, targets, reduction="sum", label_smoothing=0.2)
    theirs.backward()
    expected = shapes.gradients(model)
    ours, _ = lean(model, batch, 0.2)
    found = shapes.gradients(model)
    assert shapes.relative(ours, theirs.detach()) <= 1e-5
    assert max(shapes.relative(found[name], expected[name]) for name in expected) <= 1e-5


@pytest.mark.parametrize("shape", ["llama", "gpt2", "bloom"])
@pytest.mark.parametrize("pad", [0, 17])
def test_padded_the_loss_is_that_of_the_definition(shape: str, pad: int) -> None:
    """One example at a time, no padding, all logits; whichever token pads, and with the head on answers or on all."""
    model, batch = shapes.base(shape), shapes.examples(seed=14)
    for keeps in (False, keeps_logits(model)):
        found, _ = PaddedReading(AnswerCollator(pad, keeps_logits=keeps), torch.device("cpu")).summed_loss(model, batch)
        assert float(found.detach()) == pytest.approx(shapes.by_hand(model, batch), rel=1e-5)


@pytest.mark.parametrize("shape", ["llama", "qwen2", "gemma2"])
@pytest.mark.filterwarnings("ignore:Model has `tie_word_embeddings:UserWarning")
@pytest.mark.parametrize("layers", [["lm_head", "q_proj"], ["embed_tokens", "v_proj"]])
def test_also_with_adapters_on_the_head_and_the_embeddings(shape: str, layers: list[str]) -> None:
    config = LoraConfig(r=4, target_modules=layers, task_type="CAUSAL_LM", init_lora_weights=False)
    with quiet_peft():
        model = get_peft_model(shapes.base(shape), config).train()
    assert compare(model, shapes.examples(seed=15)) == "flat"


def test_examples_cannot_see_each_other() -> None:
    model = shapes.adapted("qwen3").eval()
    first, second = shapes.examples(2, 9)
    with torch.no_grad(), reading_of(model, COLLATE) as reading:
        alone = float(reading.summed_loss(model, [second])[0])
        for other in shapes.examples(3, 10):
            both = float(reading.summed_loss(model, [other, second])[0] - reading.summed_loss(model, [other])[0])
            assert both == pytest.approx(alone, rel=1e-5)
        assert float(reading.summed_loss(model, [first, second])[0]) != pytest.approx(2 * alone)


def test_dropout_draws_what_peft_draws() -> None:
    """With one example flat and padded are the same rows, so the same random numbers fall on the same values."""
    batch = shapes.examples(1, 11)
    losses = []
    for path in ("stock", "lean"):
        model = shapes.adapted("llama", dropout=0.3)
        with reading_of(model, COLLATE) as reading:
            torch.manual_seed(5)
            if path == "lean":
                losses.append(float(reading.summed_loss(model, batch)[0].detach()))
        if path == "stock":
            torch.manual_seed(5)
            losses.append(float(shapes.stock_loss(model, batch).detach()))
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    assert losses[0] != pytest.approx(float(shapes.stock_loss(shapes.adapted("llama"), batch).detach()), rel=1e-3)


@pytest.mark.parametrize("shape", ["llama", "cohere", "bloom"])
def test_without_gradients_it_says_which_tokens_come_first(shape: str) -> None:
    model, batch = shapes.base(shape), shapes.examples(seed=12)
    with torch.no_grad():
        expected = torch.cat([
            model(input_ids=torch.from_numpy(ids)[None].long()).logits[0, n - 1 : -1].argmax(-1)
            == torch.from_numpy(ids[n:]) for ids, n in batch
        ])  # fmt: skip
        with reading_of(model, COLLATE) as reading:
            # answers come in the batch's order, whatever the reading does inside
            _, answers = reading.summed_loss(model, batch)
    assert answers.right is not None
    assert torch.equal(answers.right, expected)


def test_afterwards_the_model_is_as_it_was() -> None:
    model = shapes.adapted("qwen2")
    before = [(name, type(module), module.forward.__func__) for name, module in model.named_modules()]
    names = list(model.state_dict())
    with reading_of(model, COLLATE):
        assert list(model.state_dict()) == names
    assert [(n, type(m), m.forward.__func__) for n, m in model.named_modules()] == before
    assert model.get_base_model().config._attn_implementation == "eager"
    assert not any("forward" in vars(module) for module in model.modules())


def test_gradient_checkpointing_changes_nothing() -> None:
    model, batch = shapes.adapted("llama"), shapes.examples(seed=13)
    plain, _ = lean(model, batch)
    expected = shapes.gradients(model)
    recompute(model)
    again, name = lean(model, batch)
    found = shapes.gradients(model)
    assert name == "flat"
    assert torch.equal(plain, again)
    assert all(torch.equal(found[name], expected[name]) for name in expected)
