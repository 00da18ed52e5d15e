"""Reversed strings, as an sdp plugin."""

from random import Random

from sdp.api import Item, RowGenerator, hookimpl


class Mirror(RowGenerator):
    """Asks for a made-up word written backwards."""

    name, version = "mirror", 1
    templates = ("Write {{ word }} backwards.", "What is '{{ word }}' in reverse?")

    def row(self, index: int, rng: Random) -> Item:
        word = "".join(rng.choice("bdfglmnoprstaeiu") for _ in range(rng.randint(4, 9)))
        return Item(key=word, answer=word[::-1], fields={"word": word})

    def solve(self, item: Item) -> str:
        return "".join(reversed(list(item.fields["word"])))


@hookimpl
def sdp_generators():
    return [Mirror]
