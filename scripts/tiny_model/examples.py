"""Training examples: questions about replay words from sdp's own generators, and a little plain text."""

from collections.abc import Iterator, Sequence
from random import Random

import torch

from sdp.models.joiner import Joiner
from sdp.seeds import derive, stream
from sdp.synthesis import questions
from tiny_model.noise import noisy
from tiny_model.settings import STYLE, TASKS, Settings
from tiny_model.words import Words

IGNORED = -100
"""Label of a token that no loss is taken on (torch's default)."""
TEXT_LENGTHS = (6, 16)
"""Fewest and most words of a plain text."""
BATCHES_SORTED_TOGETHER = 16

Example = tuple[list[int], list[int]]
"""Tokens that are read, tokens that are learnt."""
Batch = tuple[torch.Tensor, torch.Tensor]
"""Ids and labels, each (n_examples, n_tokens)."""


def endless_batches(words: Words, joiner: Joiner, settings: Settings, pad_id: int) -> Iterator[Batch]:
    """Makes batches for as long as somebody takes them; no two rounds ask the same rows."""
    number = 0
    while True:
        seed = derive(settings.seed, "tiny round", number) % 2**32
        n_examples = settings.batch_size * settings.batches_per_round
        examples = _round(words, joiner, settings, n_examples, seed)
        for group in _grouped(examples, settings.batch_size, stream(settings.seed, "tiny order", number)):
            yield _batch(group, pad_id)
        number += 1


def _round(words: Words, joiner: Joiner, settings: Settings, n: int, seed: int) -> list[Example]:
    prompts: list[str] = []
    answers: list[str] = []
    rng = stream(seed, "tiny text")
    for task, share in zip(TASKS, settings.shares, strict=True):
        for row in questions(task, words.replay, round(n * share), seed=seed, style=STYLE).to_pylist():
            fields = [value for value in row["meta"].values() if isinstance(value, str)]
            prompts.append(noisy(row["prompt"], [row["key"], *fields], rng))
            answers.append(row["completion"])
    asked = zip(joiner.encode_prompts(prompts), joiner.encode_answers(answers), strict=True)
    texts = [_text(words.train, rng) for _ in range(n - len(prompts))]
    return [*asked, *(([], ids) for ids in joiner.encode_answers(texts))]


def _text(words: Sequence[str], rng: Random) -> str:
    """Strings train words together: no grammar, but every token is seen beside others, and no letter is named."""
    return " ".join(rng.choices(words, k=rng.randint(*TEXT_LENGTHS))) + "."


def _grouped(examples: list[Example], size: int, rng: Random) -> list[list[Example]]:
    """Shuffles, then batches examples of like length: padding is work for nothing."""
    rng.shuffle(examples)
    groups = []
    for first in range(0, len(examples), size * BATCHES_SORTED_TOGETHER):
        window = examples[first : first + size * BATCHES_SORTED_TOGETHER]
        window.sort(key=lambda pair: len(pair[0]) + len(pair[1]))
        groups += [window[start : start + size] for start in range(0, len(window), size)]
    rng.shuffle(groups)
    return groups


def _batch(group: list[Example], pad_id: int) -> Batch:
    n_tokens = max(len(read) + len(learnt) for read, learnt in group)
    ids = torch.full((len(group), n_tokens), pad_id)
    labels = torch.full((len(group), n_tokens), IGNORED)
    for row, (read, learnt) in enumerate(group):
        end = len(read) + len(learnt)
        ids[row, :end] = torch.tensor(read + learnt)
        labels[row, len(read) : end] = torch.tensor(learnt)
    return ids, labels
