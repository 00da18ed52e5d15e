"""Cases for augmenters: what everything that puts a question in another form must do."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sdp.contract.augmenter import Augmenter, AugmentOptions
from sdp.plugins.manager import load
from sdp.seeds import stream
from sdp.testing.case import Case, CaseFailed, place_of
from sdp.testing.every_kind import COMMON
from sdp.testing.questions import GeneratorSubject
from sdp.testing.subject import Subject, difference

Prompt = tuple[str, tuple[str, ...]]
"""A question, and what of it must stay."""
UNUSUAL: tuple[Prompt, ...] = (
    ("?", ()), ("How many times does 'é' occur in \"écrué\"?", ("écrué", "2")), ("word", ("word",)),
    ("Spell straw. Not strawberry, straw!", ("straw", "s-t-r-a-w")), ("def f(x):\n    return x[::-1]", ("x",)),
    ("ما عدد الحروف في كلمة مدرسة؟", ("مدرسة", "5")), ("नमस्ते में कितने अक्षर हैं?", ("नमस्ते", "3")),
    ("👩‍🚀 how many?", ("👩‍🚀", "1")),
    ("What is 12 + 7.5?", ("19.5",)), ("a\n\nb\tc", ("a", "b")),
)  # fmt: skip
"""Questions that careless rewriting breaks."""


@dataclass
class AugmenterSubject(Subject):
    """An augmenter under test."""

    made: type[Augmenter]
    options: AugmentOptions | None = None

    @property
    def method(self) -> str:
        """What it defines."""
        return "augment"

    def instance(self) -> Augmenter:
        """Makes the augmenter."""
        return self.made(self.options or AugmentOptions())

    def work(self, instance: Any) -> list[Any]:
        """Puts every question in another form, each with random numbers of its own."""
        return self.others(instance, range(len(prompts())))

    def others(self, instance: Augmenter, numbers: Sequence[int]) -> list[str | None]:
        """Asks about some questions, in the order given, and checks the form of what is given."""
        found = []
        for number in numbers:
            prompt, kept = prompts()[number]
            other: Any = instance.augment(prompt, kept, stream("augment", instance.name, number))
            if not (other is None or (isinstance(other, str) and other.strip())):
                raise CaseFailed(
                    f"augment gives {other!r} for {prompt!r}",
                    where=place_of(self.made, "augment"),
                    hint="another prompt, or None where there is none",
                )
            found.append(other)
        return found


@cache
def prompts() -> tuple[Prompt, ...]:
    """Questions of two tasks with what they ask about and their answers, and unusual ones."""
    tables = [GeneratorSubject(load().get_generator(task), n_rows=60).table for task in ("spelling", "count")]
    rows = [row for table in tables for row in table.to_pylist()]
    return (*((row["prompt"], (row["key"], row["answer"])) for row in rows), *UNUSUAL)


def leaves_what_is_asked_about(subject: AugmenterSubject) -> str:
    """What must stay stands in the other prompt as often as in the first."""
    for (prompt, kept), other in zip(prompts(), subject.done, strict=True):
        for text in kept if other is not None else ():
            if other.count(text) < prompt.count(text):
                raise CaseFailed(
                    f"{text!r} had to stay in {prompt!r}, which became {other!r}",
                    where=place_of(subject.made, "augment"),
                    hint="leave alone every text of `kept`, wherever it stands: the answer depends on it",
                )
    return f"{len(subject.done)} questions"


def changes_something(subject: AugmenterSubject) -> str:
    """It finds another form for at least one question in ten."""
    changed = sum(
        other not in (None, prompt) for (prompt, _), other in zip(prompts(), subject.done, strict=True)
    )  # fmt: skip
    if changed * 10 < len(subject.done):
        raise CaseFailed(
            f"it changes {changed} of {len(subject.done)} questions",
            where=place_of(subject.made, "augment"),
            hint="None is for the questions that have no other form",
        )
    return f"{changed} of {len(subject.done)} questions"


def rows_stand_for_themselves(subject: AugmenterSubject) -> None:
    """The same question with the same random numbers gets the same form, whatever was asked before."""
    numbers = range(len(prompts()))
    backwards = subject.others(subject.instance(), numbers[::-1])[::-1]
    if found := difference(subject.done, backwards):
        number, one, other = found
        raise CaseFailed(
            f"question {number} depends on those before it: {one}, then {other}",
            where=place_of(subject.made, "augment"),
            hint="keep nothing from row to row, and draw from `rng` alone",
        )


def says_how_fast_it_is(subject: AugmenterSubject) -> str:
    """Rows per second, in this process (told, never judged)."""
    instance = subject.instance()
    start = time.perf_counter()
    n = len(subject.work(instance))
    return f"{n / max(time.perf_counter() - start, 1e-9):,.0f} rows/s, {n} rows"


AUGMENTER_CASES: tuple[Case, ...] = (
    *COMMON,
    leaves_what_is_asked_about,
    changes_something,
    rows_stand_for_themselves,
    says_how_fast_it_is,
)
"""What an augmenter must do."""
