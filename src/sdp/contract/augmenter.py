"""What puts a question in other words or another look, and leaves alone what it asks."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AugmentOptions:
    """What a user may say about augmentation. Every augmenter is made with one of these, and keeps it as `options`."""

    language: str = "en"
    """Of the prompts, ISO 639-1."""


class Augmenter(ABC):
    """Makes another prompt of a training row's prompt; answer, key, family and split stay as they are.

    Args:
        options: The user's choice.
    """

    name: ClassVar[str]
    """The word that ``sdp import --augment`` takes, and what `meta.noise` says of the rows it made."""
    version: ClassVar[int] = 1
    """Part of the ids of the rows it makes; raise it when the same row gets another prompt."""

    def __init__(self, options: AugmentOptions | None = None) -> None:
        self.options = options or AugmentOptions()

    @abstractmethod
    def augment(self, prompt: str, kept: Sequence[str], rng: Random) -> str | None:
        """Makes one other form of a prompt.

        Args:
            prompt: The question as it stands in the data.
            kept: Texts whose letters must not be touched wherever they stand in the prompt: what is asked about, and
                the answer.
            rng: Numbers that belong to this row alone; use no other source of chance.

        Returns:
            The other prompt, or None where this row has none.
        """
