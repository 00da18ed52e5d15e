"""Small random models of many architectures, with an adapter that is not zero."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    BloomConfig,
    BloomForCausalLM,
    CohereConfig,
    CohereForCausalLM,
    Gemma2Config,
    Gemma2ForCausalLM,
    GemmaConfig,
    GemmaForCausalLM,
    GPT2Config,
    GPT2LMHeadModel,
    GptOssConfig,
    GptOssForCausalLM,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from sdp.finetuning.examples import Example
from sdp.models.quiet import quiet_peft

N_VOCABULARY = 97

_SIZE: dict[str, Any] = {
    "vocab_size": N_VOCABULARY, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 128,
    "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2,
}  # fmt: skip
_NO_DROPOUT = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}

_MADE: dict[str, Callable[[], PreTrainedModel]] = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**_SIZE)),
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**_SIZE, tie_word_embeddings=True)),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(**_SIZE, head_dim=8)),
    "gemma": lambda: GemmaForCausalLM(GemmaConfig(**_SIZE, head_dim=8)),
    "mistral": lambda: MistralForCausalLM(MistralConfig(**_SIZE, sliding_window=9)),
    "gpt2": lambda: GPT2LMHeadModel(GPT2Config(vocab_size=N_VOCABULARY, n_embd=32, n_layer=2, n_head=4, n_positions=128,
                                               bos_token_id=1, eos_token_id=2, **_NO_DROPOUT)),
    # soft caps on scores and on logits, a window in every second layer
    "gemma2": lambda: Gemma2ForCausalLM(Gemma2Config(**_SIZE, head_dim=8, sliding_window=9, query_pre_attn_scalar=8,
                                                     attn_logit_softcapping=2.0, final_logit_softcapping=3.0)),
    "cohere": lambda: CohereForCausalLM(CohereConfig(**_SIZE)),  # scales its logits
    "gpt-oss": lambda: GptOssForCausalLM(GptOssConfig(**_SIZE, head_dim=8, num_local_experts=2, num_experts_per_tok=1)),
    "bloom": lambda: BloomForCausalLM(BloomConfig(vocab_size=N_VOCABULARY, hidden_size=32, n_layer=2, n_head=4)),
}  # fmt: skip

LEAN = ("llama", "qwen2", "qwen3", "gemma", "mistral", "gpt2", "gemma2", "cohere")
"""Those that can be trained on flat batches."""


def base(shape: str, seed: int = 0) -> PreTrainedModel:
    """A model with random weights; `eager`, because torch's kernel knows no soft caps."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = _MADE[shape]().eval()
        for name, weight in model.named_parameters():
            if "norm" in name or "ln_" in name:  # ones and zeros would hide a wrong weight
                torch.nn.init.normal_(weight, 1.0 if "gemma" not in shape else 0.0, 0.3)
    model.set_attn_implementation("eager")
    return model


def adapted(shape: str, dropout: float = 0.0, seed: int = 0, **settings: Any) -> Any:
    """The same with LoRA on all linear layers, both of its matrices random."""
    model = base(shape, seed)
    is_gpt2 = shape == "gpt2"
    config = LoraConfig(r=4, lora_alpha=8, lora_dropout=dropout, target_modules="all-linear", task_type="CAUSAL_LM",
                        fan_in_fan_out=is_gpt2, **settings)  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(seed + 1)
        with quiet_peft():
            made = get_peft_model(model, config)
        for name, weight in made.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(weight, 0.0, 0.1)
    return made.train()


def examples(n: int = 7, seed: int = 0, shortest: int = 4, longest: int = 30) -> list[Example]:
    """Prompts and answers of random tokens, of mixed lengths."""
    rng = np.random.default_rng(seed)
    return [
        (rng.integers(0, N_VOCABULARY, length).astype(np.int32), int(rng.integers(1, length)))
        for length in rng.integers(shortest, longest, n)
    ]


def stock_loss(model: Any, batch: list[Example]) -> torch.Tensor:
    """Summed loss by the definition: the model as it is, all logits, padding and a mask, labels by length."""
    longest = max(len(ids) for ids, _ in batch)
    ids, labels = torch.zeros(len(batch), longest, dtype=torch.long), torch.full((len(batch), longest), -100)
    mask = torch.zeros_like(ids)
    for row, (tokens, n_prompt) in enumerate(batch):
        ids[row, : len(tokens)] = torch.from_numpy(tokens).long()
        labels[row, n_prompt : len(tokens)] = ids[row, n_prompt : len(tokens)]
        mask[row, : len(tokens)] = 1
    logits = model(input_ids=ids, attention_mask=mask).logits
    return torch.nn.functional.cross_entropy(
        logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=-100, reduction="sum"
    )


@torch.no_grad()
def by_hand(model: Any, batch: list[Example]) -> float:
    """The same, one example at a time, from the chance of each answer token."""
    total = 0.0
    for ids, n_prompt in batch:
        tokens = torch.from_numpy(ids).long()
        chances = model(input_ids=tokens[None]).logits[0].softmax(-1)
        total -= sum(float(chances[place - 1, tokens[place]].log()) for place in range(n_prompt, len(tokens)))
    return total


def gradients(model: Any) -> dict[str, torch.Tensor]:
    """Of all that learns; they are taken away."""
    found = {name: weight.grad.clone() for name, weight in model.named_parameters() if weight.grad is not None}
    model.zero_grad()
    return found


def relative(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    """‖Δ‖ / ‖theirs‖."""
    return float((ours - theirs).norm() / theirs.norm().clamp_min(1e-30))
