"""What an author of an augmenter relies on; the hook is sdp_augmenters."""

from random import Random

import pytest

from sdp.api import Augmenter, AugmentOptions
from sdp.plugins.manager import load


class Loud(Augmenter):
    """Shouts."""

    name = "loud"

    def augment(self, prompt, kept, rng):
        return prompt.upper() if self.options.language == "en" else None


def test_made_with_options_or_without():
    assert Loud().augment("a", (), Random(0)) == "A"
    assert Loud(AugmentOptions("de")).augment("a", (), Random(0)) is None
    assert Loud.version == 1


def test_one_without_augment_cannot_be_made():
    with pytest.raises(TypeError, match="augment"):
        type("Empty", (Augmenter,), {"name": "empty"})()


def test_the_built_in_ones():
    assert sorted(load().augmenters) == ["case", "noise", "paraphrase"]
    assert all(kind().augment("Please tell me something", (), Random(1)) for kind in load().augmenters.values())
