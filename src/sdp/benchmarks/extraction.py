"""Which part of an output is the answer: a rule with a name, chosen by whoever scores, and never a guess.

Nothing is normalised: case, punctuation, articles and digits stay as they were written. Where a rule does not apply
there is no answer, and the output is a format failure.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final

import regex

from sdp.benchmarks.scored_line import SCORED_LINE, scored_line
from sdp.errors import InputError, near

SECONDS = 1.0
"""A pattern may take this long on one output; a usual one takes microseconds."""


class Rule(ABC):
    """Takes the answer out of an output."""

    name: str
    """As signatures and settings give it."""

    @abstractmethod
    def take(self, output: str, reference: str = "") -> str | None:
        """Takes the answer out.

        Args:
            output: Everything the model wrote.
            reference: The right answer; some rules read how many lines it has.

        Returns:
            The answer, or None where the rule does not apply.
        """

    def right(self, reference: str) -> str:
        """Gives the text that an answer is compared with."""
        return reference.strip()


class LastLine(Rule):
    """The last line, as `sdp bench` reads it; as many lines as the reference has."""

    name = SCORED_LINE

    def take(self, output: str, reference: str = "") -> str:
        """Takes the last line."""
        return scored_line(output, reference)

    def right(self, reference: str) -> str:
        """Strips every line, as `take` does."""
        return scored_line(reference, reference)


class AsIs(Rule):
    """The whole output."""

    name = "as it is, stripped"

    def take(self, output: str, reference: str = "") -> str:
        """Takes everything."""
        del reference
        return output.strip()


class Verbatim(Rule):
    """The whole output with its white space, as lm-eval's exact_match compares."""

    name = "every character, white space too"

    def take(self, output: str, reference: str = "") -> str:
        """Takes everything."""
        del reference
        return output

    def right(self, reference: str) -> str:
        """Leaves it as it is."""
        return reference


class Quoted(Rule):
    """What stands in quotation marks, if one thing does; two quotations are none, because nothing says which."""

    name = "the only quotation, stripped"

    def take(self, output: str, reference: str = "") -> str | None:
        """Takes the quotation."""
        del reference
        found = [next(filter(None, match.groups())) for match in _QUOTATION.finditer(output)]
        return (found[0].strip() or None) if len(found) == 1 else None


_QUOTATION: Final = regex.compile(
    # A single mark is an apostrophe where it has letters around it: don't, dogs' tails.
    r"""(?s)"([^"]+)"|“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|`([^`]+)`|‘([^‘’]+)’(?!\w)|(?<![\w'])'([^']+)'(?![\w'])"""
)


class After(Rule):
    """Everything behind the last occurrence of a marker.

    Args:
        marker: Compared character by character, case included.

    Raises:
        InputError: It is empty.
    """

    def __init__(self, marker: str) -> None:
        if not marker:
            raise InputError("the rule needs a marker", where="--extract after:", hint="after:Answer:")
        self._marker = marker
        self.name = f"after the last {marker!r}, stripped"

    def take(self, output: str, reference: str = "") -> str | None:
        """Takes what stands behind the marker, if anything does."""
        del reference
        _, found, rest = output.rpartition(self._marker)
        return (rest.strip() or None) if found else None


class Regex(Rule):
    """What the one group of a pattern catches where the pattern first matches.

    Args:
        pattern: In the syntax of the package `regex`.

    Raises:
        InputError: It is no pattern, or has not exactly one group.
    """

    def __init__(self, pattern: str) -> None:
        try:
            self._pattern = regex.compile(pattern)
        except (regex.error, RecursionError) as error:
            raise InputError(f"the rule's pattern is not a regular expression: {error}", where=pattern) from error
        if self._pattern.groups != 1:
            raise InputError(
                f"the rule's pattern has {self._pattern.groups} groups, not one", where=pattern,
                hint="(…) around the answer, (?:…) for every other pair of brackets",
            )  # fmt: skip
        self.name = f"first match of {pattern!r}, its group, stripped"

    def take(self, output: str, reference: str = "") -> str | None:
        """Takes what the group caught.

        Raises:
            InputError: The pattern takes longer than a second on this output.
        """
        del reference
        try:
            match = self._pattern.search(output, timeout=SECONDS)
        except TimeoutError as error:
            # To call it wrong would make the score depend on how fast the machine is.
            raise InputError(
                f"the rule's pattern takes longer than {SECONDS:g} s on one output", where=_short(output),
                hint=f"{self._pattern.pattern} tries the same text in too many ways: write (?>…) or a++ for a+",
            ) from error  # fmt: skip
        caught = match[1] if match else None
        return (caught.strip() or None) if caught else None


LAST_LINE: Final = LastLine()
"""What `sdp bench` scores."""
_PLAIN: Final[dict[str, Rule]] = {
    "last-line": LAST_LINE, "as-is": AsIs(), "verbatim": Verbatim(), "quoted": Quoted(),
}  # fmt: skip
_OPEN: Final = {"after": After, "regex": Regex}


def parse_rule(text: str) -> Rule:
    """Reads a rule as the command line has it.

    Args:
        text: ``last-line``, ``as-is``, ``verbatim``, ``quoted``, ``after:MARKER`` or ``regex:PATTERN``.

    Raises:
        InputError: There is no such rule, or its marker or pattern cannot be used.
    """
    name, colon, rest = text.partition(":")
    if colon and name in _OPEN:
        return _OPEN[name](rest)
    if text in _PLAIN:
        return _PLAIN[text]
    known = [*_PLAIN, "after:MARKER", "regex:PATTERN"]
    raise InputError(f"there is no rule '{text}'", where="--extract", hint=near(text, known))


def take_all(rule: Rule, outputs: Sequence[str], references: Sequence[str]) -> list[str | None]:
    """Takes the answer out of every output."""
    return [rule.take(output, reference) for output, reference in zip(outputs, references, strict=True)]


def _short(text: str, n_chars: int = 60) -> str:
    return repr(text if len(text) <= n_chars else f"{text[:n_chars]}…")
