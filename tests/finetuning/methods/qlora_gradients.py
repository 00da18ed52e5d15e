"""Run in an environment with bitsandbytes: gradients of qlora against those of the same weights in float32.

Prints JSON: the largest relative difference of a gradient, before and after a pass in evaluation mode, and how far the
4-bit weights are from the model's own.
"""

import json
import sys

import torch

from sdp.finetuning.lora import add_lora
from sdp.finetuning.methods.quantized import keep_differentiable, quantization_of
from sdp.models.load import load_model
from sdp.models.resolve import resolve_model
from sdp.recipes.schema import Lora, Quantization, Recipe

IDS = torch.arange(4, 40).view(2, 18)


def gradients(model, dequantize):
    """Of an adapter whose values are the same for both."""
    if dequantize:
        model = model.dequantize()
    torch.manual_seed(0)
    adapted = add_lora(model, Lora(r=4, dropout=0.0))
    with torch.no_grad():
        for name, weights in adapted.named_parameters():
            if "lora_" in name:
                weights.normal_(std=0.05)
    found = []
    for evaluated in (False, True):
        if evaluated:
            with torch.no_grad():
                adapted.eval()(input_ids=IDS)
        adapted.train().zero_grad()
        adapted(input_ids=IDS, labels=IDS).loss.backward()
        found.append({n: p.grad.clone() for n, p in adapted.named_parameters() if p.grad is not None})
    return found


def loaded(quant_type):
    recipe = Recipe(method="qlora", quantization=Quantization(bnb_4bit_quant_type=quant_type))
    model = load_model(resolve_model("tiny"), device="cpu", quantization=quantization_of(recipe, "cpu"))
    keep_differentiable(model)
    return model


def main(quant_type):
    four, whole = gradients(loaded(quant_type), False), gradients(loaded(quant_type), True)
    differences = [
        max(float((a[name] - b[name]).norm() / b[name].norm()) for name in b) for a, b in zip(four, whole, strict=True)
    ]
    own = load_model(resolve_model("tiny"), device="cpu")
    name = "model.layers.0.self_attn.q_proj.weight"
    kept = loaded(quant_type).dequantize().get_parameter(name)
    lost = float((kept - own.get_parameter(name)).norm() / own.get_parameter(name).norm())
    sys.stdout.write(json.dumps({"gradients": differences, "n": len(whole[0]), "lost": lost}) + "\n")


main(sys.argv[1])
