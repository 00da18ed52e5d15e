"""Small random models with real tokenizers, for tests that need a model and not its answers."""

from collections.abc import Callable
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
)

END, USER, BOT, START = "</s>", "<|user|>", "<|bot|>", "<s>"

CHAT = (
    "{% for m in messages %}{% if m.role == 'system' %}<|user|>system: {{ m.content }}\n"
    "{% elif m.role == 'user' %}<|user|>{{ m.content }}\n{% else %}<|bot|>{{ m.content }}</s>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|bot|>{% endif %}"
)
"""Closes a turn with the end token and a newline, as most chat templates do."""

CORPUS = [
    "Spell the word planet with hyphens.",
    "p-l-a-n-e-t s-t-r-a-w-b-e-r-r-y l e t t e r s, spaces, commas",
    "What is the third letter of banana? How many a does banana have?",
    "0 1 2 3 4 5 6 7 8 9 first second third last <human>: <assistant>: <system>:",
] * 3


def tokenizer(*, chat: bool = False, pad: str = END) -> PreTrainedTokenizerFast:
    """A byte-level BPE of 400 tokens. The padding token is the end token: the trap that masking by id falls into."""
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=[END, START, USER, BOT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    raw.train_from_iterator(CORPUS, trainer)
    made = PreTrainedTokenizerFast(tokenizer_object=raw, eos_token=END, bos_token=START, pad_token=pad)
    if chat:
        made.add_special_tokens({"additional_special_tokens": [USER, BOT]})
        made.chat_template = CHAT
    return made


IM_START, IM_END, END_OF_TEXT = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
TEMPLATES = Path(__file__).parent / "chat_templates"


def qwen_tokenizer(template: str) -> PreTrainedTokenizerFast:
    """A small tokenizer with the special tokens and a chat template of a Qwen model: ``qwen2_5`` or ``qwen3``."""
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=[END_OF_TEXT, IM_START, IM_END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    raw.train_from_iterator(CORPUS, trainer)
    made = PreTrainedTokenizerFast(
        tokenizer_object=raw,
        eos_token=IM_END,
        pad_token=END_OF_TEXT,
        extra_special_tokens=[IM_START, IM_END],
    )
    made.add_tokens(["<think>", "</think>"])  # tokens of Qwen3, not special ones
    made.chat_template = (TEMPLATES / f"{template}.jinja").read_text()
    return made


_SIZE = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}


def _llama(n: int) -> PreTrainedModel:
    config = LlamaConfig(vocab_size=n, max_position_embeddings=256, eos_token_id=0, pad_token_id=0, bos_token_id=1,
                         tie_word_embeddings=True, num_key_value_heads=2, **_SIZE)  # fmt: skip
    return LlamaForCausalLM(config)


def _qwen2(n: int) -> PreTrainedModel:
    config = Qwen2Config(vocab_size=n, max_position_embeddings=256, eos_token_id=0, pad_token_id=0, bos_token_id=1,
                         tie_word_embeddings=True, num_key_value_heads=1, **_SIZE)  # fmt: skip
    return Qwen2ForCausalLM(config)


def _gpt2(n: int) -> PreTrainedModel:
    config = GPT2Config(vocab_size=n, n_positions=256, n_embd=32, n_layer=2, n_head=2, eos_token_id=0, pad_token_id=0,
                        bos_token_id=1, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)  # fmt: skip
    return GPT2LMHeadModel(config)


SHAPES: dict[str, Callable[[int], PreTrainedModel]] = {"llama": _llama, "qwen2": _qwen2, "gpt2": _gpt2}


def model(shape: str = "llama", n_vocabulary: int = 420, seed: int = 0) -> PreTrainedModel:
    """A model with random weights."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return SHAPES[shape](n_vocabulary).eval()


def save(folder: Path, shape: str = "llama", *, chat: bool = False) -> Path:
    """A model folder as users have them."""
    model(shape).save_pretrained(folder)
    tokenizer(chat=chat).save_pretrained(folder)
    return folder
