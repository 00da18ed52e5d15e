"""Trains the tiny model from scratch, on a CPU, in plain PyTorch."""

from collections.abc import Iterator
from time import perf_counter

import torch
from torch.nn import functional
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from tiny_model import attention
from tiny_model.examples import IGNORED, Batch
from tiny_model.settings import Settings
from tiny_model.tokenizer import MAX_LENGTH

SHOWN_EVERY = 200


def new_model(settings: Settings, tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """Makes the untrained model; its weights follow from the seed."""
    torch.manual_seed(settings.seed)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=settings.hidden_size,
            num_hidden_layers=settings.n_layers,
            num_attention_heads=settings.n_heads,
            num_key_value_heads=settings.n_heads,
            intermediate_size=settings.mlp_size,
            max_position_embeddings=MAX_LENGTH,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def train(model: LlamaForCausalLM, batches: Iterator[Batch], settings: Settings) -> None:
    """Trains in place: linear warm-up and decay, loss on answers and texts only, bfloat16 products."""
    torch.set_num_threads(settings.threads)
    model.set_attn_implementation(attention.register())
    model.train()
    optimizers = _optimizers(model, settings)
    began, shown = perf_counter(), 0.0
    for step in range(settings.n_steps):
        scale = _scale(step, settings)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = settings.learning_rate * scale
        loss = _loss(model, *next(batches))
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        shown += loss.item()
        if (step + 1) % SHOWN_EVERY == 0:
            seconds = perf_counter() - began
            print(f"step {step + 1}/{settings.n_steps}  loss {shown / SHOWN_EVERY:.3f}  {seconds:.0f} s", flush=True)
            shown = 0.0
    model.set_attn_implementation("sdpa")
    model.eval()


def _loss(model: LlamaForCausalLM, ids: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    targets = labels[:, 1:]
    learnt = targets != IGNORED
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state  # (n_rows, n_tokens, hidden_size)
        logits = model.lm_head(hidden[:, :-1][learnt])  # (n_learnt, n_vocabulary)
    return functional.cross_entropy(logits.float(), targets[learnt])


def _scale(step: int, settings: Settings) -> float:
    return min(1.0, (step + 1) / settings.warmup_steps) * (1 - step / settings.n_steps)


def _optimizers(model: LlamaForCausalLM, settings: Settings) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers (https://kellerjordan.github.io/posts/muon), AdamW for all else.

    After 300 steps the loss was 1.44, with AdamW alone 1.72.
    """
    inner = [weight for weight in model.model.layers.parameters() if weight.ndim > 1]
    taken = {id(weight) for weight in inner}
    outer = [weight for weight in model.parameters() if id(weight) not in taken]
    return [
        torch.optim.Muon(inner, weight_decay=settings.weight_decay, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(outer, betas=(0.9, 0.98), weight_decay=0.0, fused=True),
    ]
