"""Noise in training prompts, so that no answer hangs on the exact words of a phrasing.

Without it the model finds the word by its quotation marks and answers none of the held-out phrasings that have none.
"""

from collections.abc import Iterable
from random import Random

UNQUOTED = 0.3
"""Share of prompts that lose their quotation marks."""
DROPPED = 0.07
"""Share of the words around a question that get lost."""

_QUOTES = str.maketrans(dict.fromkeys("\"“”'"))


def noisy(prompt: str, shown: Iterable[str], rng: Random) -> str:
    """Takes quotation marks and some words out of a prompt.

    Args:
        prompt: A question.
        shown: What determines the answer: a word that contains any of it stays.
        rng: Source of chance.

    Returns:
        The prompt, changed or not.
    """
    if rng.random() < UNQUOTED:
        prompt = prompt.translate(_QUOTES)
    kept = tuple(shown)
    words = [word for word in prompt.split(" ") if any(text in word for text in kept) or rng.random() >= DROPPED]
    return " ".join(words)
