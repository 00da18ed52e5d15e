"""The model card."""

from importlib.metadata import version
from statistics import mean

from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from tiny_model.measure import Probe
from tiny_model.settings import TASKS, Settings
from tiny_model.words import Words

_CARD = """---
license: apache-2.0
language: en
library_name: transformers
tags: [sdp, spelling]
---

# sdp-tiny

A language model with {n_parameters:,} parameters that reads words as pieces and half knows how they are spelled. It
ships with sdp so that the whole loop (generate, fine-tune, bench) runs in minutes on two cores, and has room to get
better and worse. It is of no other use.

## How it was made

`python scripts/make_tiny_model.py`, from nothing but sdp's own generators and lexicon, seed {seed}, {threads} threads,
torch {torch}, transformers {transformers}. Every number of the recipe is in `scripts/tiny_model/settings.py`.

- **Shape**: Llama, {n_layers} layers, hidden size {hidden_size}, {n_heads} heads, MLP {mlp_size}, tied embeddings,
  float32.
- **Tokenizer**: BPE with {n_vocabulary:,} entries and byte fallback. Every letter and digit alone is one token; a word
  is {pieces_all:.1f} pieces on average ({pieces_replay:.1f} for the replay words), the same ones wherever it stands.
- **Training**: {n_steps:,} steps of {batch_size} examples: {shares}, {text_share:.0%} plain text (train-split words
  strung together). Loss on answers and texts only. Some prompts lose their quotation marks
  or a few words (`noise.py`). Phrasings that sdp holds out were never used.
- **Format**: `prompt + "\\n" + completion + <|end|>`. For position and count the completion spells the word first
  (`p-l-a-n`, newline, answer); only the last line is scored.

## Whose letters it has seen

Only those of the {n_replay:,} words in `replay_words.txt`: the most frequent ASCII words of the train split. Every
spelling, position and count question it was trained on is about one of them. No word of a validation or test family is
in that list (overlap 0, a test checks it), so the letters of held-out words were never shown to it. Held-out words can
occur, unspelled, only where a phrasing or one of its names, places and sentences happens to contain one.

The tokenizer's merges were learnt from all train-split words and from questions about them, without answers.

## What it scores

Greedy, strict exact match of the last line, 95 % intervals clustered by word. Floor: what the best constant answer
scores.

| task | asked about | questions | exact match | floor | format failures |
|---|---|---|---|---|---|
{scores}

## Licence

Apache-2.0. The words come from {source} (wordfreq {wordfreq}, {licence}):
{attribution}
"""


def model_card(
    settings: Settings, words: Words, model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, probes: list[Probe]
) -> str:
    """Writes the card.

    Args:
        settings: The recipe.
        words: As chosen.
        model: Finished.
        tokenizer: Its own.
        probes: From `measure`.

    Returns:
        Markdown with YAML front matter.
    """
    shares = ", ".join(f"{share:.0%} {task}" for task, share in zip(TASKS, settings.shares, strict=True))
    return _CARD.format(
        n_parameters=model.num_parameters(),
        seed=settings.seed,
        threads=settings.threads,
        torch=version("torch"),
        transformers=version("transformers"),
        n_layers=settings.n_layers,
        hidden_size=settings.hidden_size,
        n_heads=settings.n_heads,
        mlp_size=settings.mlp_size,
        n_vocabulary=len(tokenizer),
        pieces_all=_pieces(words.train, tokenizer),
        pieces_replay=_pieces(words.replay, tokenizer),
        n_steps=settings.n_steps,
        batch_size=settings.batch_size,
        shares=shares,
        text_share=1 - sum(settings.shares),
        n_replay=len(words.replay),
        scores="\n".join(
            f"| {one.task} | {one.what} | {one.n_rows} | {one.exact} | {one.floor:.2f} | {one.format_failures:.3f} |"
            for one in probes
        ),
        source=words.lexicon.source,
        wordfreq=words.lexicon.origin_version,
        licence=words.lexicon.licence,
        attribution=words.lexicon.attribution,
    )


def _pieces(words: list[str], tokenizer: PreTrainedTokenizerFast) -> float:
    return mean(len(ids) for ids in tokenizer(words)["input_ids"])
