"""Each trap is built, and the probe for it says no, and the others do not (or for the same reason)."""

import pytest
import torch
from tests.finetuning.probes.subjects import masks_the_end_token_as_padding, subject, trains_the_prompt, with_labels
from tests.models import build

from sdp.finetuning.probes.accumulation import accumulation
from sdp.finetuning.probes.adapter import adapter
from sdp.finetuning.probes.ends import ends
from sdp.finetuning.probes.isolation import isolation
from sdp.finetuning.probes.prompt import prompt
from sdp.finetuning.probes.run import ON_THE_MODEL, run_probes
from sdp.finetuning.probes.training_loss import training_loss


def on_the_stock_path(model, base, joiner):
    return training_loss(model, base, joiner, "the test wants it so")


@pytest.mark.parametrize("lean", [True, False])
@pytest.mark.parametrize("shape", sorted(build.SHAPES))
def test_our_training_falls_into_none(shape, lean):
    probed = subject(shape=shape, chat=shape == "llama", loss=training_loss if lean else on_the_stock_path)
    ids = frozenset(probed.joiner.end_ids)
    findings = run_probes(probed, question="Spell plan.", answers=["p-l-a-n", " a b", "é"], model_ends=ids)
    assert [f.text for f in findings if f.verdict == "FAILED"] == []
    judged = [f.probe for f in findings if f.verdict == "ok"]
    assert len(judged) == (7 if shape == "llama" else 6)  # only one of them has a chat template


def failed(probed):
    return {probe.__name__ for probe in ON_THE_MODEL if probe(probed).verdict == "FAILED"}


def test_padding_masked_by_id_hides_the_end():
    assert failed(subject(loss=with_labels(masks_the_end_token_as_padding))) == {"ends"}


def test_a_trained_prompt():
    assert "prompt" in failed(subject(loss=with_labels(trains_the_prompt)))


def test_a_mean_of_means():
    def mean(model, base, joiner):
        right = training_loss(model, base, joiner)

        def loss(examples, n):
            return right(examples, n if n == 1 else sum(len(ids) - n_prompt for ids, n_prompt in examples)) / 2

        return loss

    assert "accumulation" in failed(subject(loss=mean))


@pytest.mark.parametrize(("loss", "dims"), [(training_loss, (0, 1)), (on_the_stock_path, 0)])
def test_samples_that_see_each_other(loss, dims):
    probed = subject(loss=loss)
    layers = probed.model.get_base_model().model.layers
    layers[0].register_forward_hook(lambda layer, args, out: out + 0.1 * out.mean(dims, keepdim=True))
    assert isolation(probed).verdict == "FAILED"


def test_one_padded_batch_under_a_mask_of_ones_sees_its_neighbours():
    """Packing as many do it: samples in one row, positions running on, one mask for all."""

    def packed(model, base, joiner):
        def loss(examples, n):
            ids = torch.cat([torch.from_numpy(ids).long() for ids, _ in examples])
            labels = torch.cat([torch.from_numpy(ids).long() for ids, _ in examples])
            first = 0
            for own, n_prompt in examples:
                labels[first : first + n_prompt] = -100
                first += len(own)
            logits = model(input_ids=ids[None], use_cache=False).logits[0, :-1]
            return torch.nn.functional.cross_entropy(logits, labels[1:], reduction="sum") / n

        return loss

    assert isolation(subject(loss=packed)).verdict == "FAILED"


def test_an_adapter_that_does_nothing():
    probed = subject()
    with torch.no_grad():
        for name, parameter in probed.model.named_parameters():
            if "lora_B" in name:
                parameter.zero_()
    assert adapter(probed).verdict == "FAILED"


def test_an_adapter_that_no_gradient_reaches():
    probed = subject()
    layer = probed.model.get_base_model().model.layers[0].mlp.down_proj
    layer.scaling["default"] = 0.0
    found = adapter(probed)
    assert found.verdict == "FAILED"
    assert "layers.0.mlp.down_proj.lora_A" in found.text


@pytest.mark.parametrize("probe", [isolation, ends, prompt, accumulation, adapter])
def test_probes_leave_no_gradient_behind(probe):
    probed = subject()
    probe(probed)
    assert all(parameter.grad is None for parameter in probed.model.parameters())
