"""The question in small letters, or in capitals."""

from collections.abc import Sequence
from random import Random

from sdp.augmenters.protected import is_code, pieces
from sdp.contract.augmenter import Augmenter
from sdp.data.casing import lower, upper

CAPITALS = 0.25
"""Share of the rows that are shouted; people write in small letters more often."""


class Case(Augmenter):
    """Writes a question in small letters, one in four in capitals."""

    name = "case"

    def augment(self, prompt: str, kept: Sequence[str], rng: Random) -> str | None:
        """Changes the case of everything but what is asked about, the answer, quotes, numbers and code."""
        if is_code(prompt):
            return None
        change = upper if rng.random() < CAPITALS else lower
        language = self.options.language
        return "".join(change(part, language) if free else part for part, free in pieces(prompt, kept))
