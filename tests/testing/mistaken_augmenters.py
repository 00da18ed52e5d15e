"""Augmenters with one mistake each, and a sound one."""

from sdp.api import Augmenter


class Please(Augmenter):
    """Says please, one time in two."""

    name = "please"

    def augment(self, prompt, kept, rng):
        return f"Please: {prompt}" if rng.random() < 0.5 else None


class Loud(Please):
    """Shouts, what is asked about included."""

    name = "loud"

    def augment(self, prompt, kept, rng):
        return prompt.upper() or None


class Idle(Please):
    """Never finds another form."""

    name = "idle"

    def augment(self, prompt, kept, rng):
        return None


class Alternating(Please):
    """Says please to every second question."""

    name = "alternating"

    def __init__(self, options=None):
        super().__init__(options)
        self.n = 0

    def augment(self, prompt, kept, rng):
        self.n += 1
        return f"Please: {prompt}" if self.n % 2 else None


class Empty(Please):
    """Gives an empty prompt where it has nothing to say."""

    name = "empty"

    def augment(self, prompt, kept, rng):
        return super().augment(prompt, kept, rng) or ""
