"""The question as somebody types it in a hurry."""

from collections.abc import Sequence
from random import Random

from sdp.augmenters.protected import is_code, pieces
from sdp.contract.augmenter import Augmenter

PER_LETTER = 1 / 25
"""Slips per letter of what may be changed; at least one."""
SHORTEST = 4
"""Letters of a word that a slip may be in: shorter ones turn into others."""


class Noise(Augmenter):
    """Makes typing slips: two letters swapped, one left out, one twice."""

    name = "noise"

    def augment(self, prompt: str, kept: Sequence[str], rng: Random) -> str | None:
        """Changes some words, and never what is asked about, the answer, quotes, numbers and code."""
        if is_code(prompt):
            return None
        parts = list(pieces(prompt, kept))
        words = [
            (number, first, last) for number, (part, free) in enumerate(parts) if free for first, last in _words(part)
        ]
        if not words:
            return None
        n_letters = sum(last - first for _, first, last in words)
        chosen = sorted(rng.sample(words, min(len(words), max(1, round(n_letters * PER_LETTER)))), reverse=True)
        texts = [part for part, _ in parts]
        for number, first, last in chosen:  # from the back, so that places stay where they are
            text = texts[number]
            texts[number] = text[:first] + _slip(text[first:last], rng) + text[last:]
        return "".join(texts)


def _words(part: str) -> list[tuple[int, int]]:
    """Finds the words that a slip may be in."""
    found, first = [], None
    for place, letter in enumerate(f"{part} "):
        if letter.isalpha():
            first = place if first is None else first
        elif first is not None:
            if place - first >= SHORTEST:
                found.append((first, place))
            first = None
    return found


def _slip(word: str, rng: Random) -> str:
    """Changes one place behind the first letter, which people get right."""
    place = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place] + word[place:]
