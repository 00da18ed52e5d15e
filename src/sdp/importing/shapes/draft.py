"""What every shape gives: the parts of a row, not yet cleaned."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple

from sdp.importing.texts import Unfit


class Draft(NamedTuple):
    """The parts of one row."""

    prompt: str
    answer: str
    reasoning: str | None = None
    """What stands before the answer in what is trained."""
    key: str | None = None
    """What the question is about, where the shape knows it better than the prompt says."""
    own: dict[str, Any] | None = None
    """Of a row that is in our schema already: id, family, template, meta."""


class Refused(NamedTuple):
    """One of a record's questions that cannot become a row, while others of it may."""

    reason: str
    prompt: str
    answer: str = ""


class Shape(ABC):
    """Turns records into drafts."""

    name: str
    mapping: dict[str, str]
    """Part of a row → field or fields that it comes from, as it is shown."""

    def columns(self, records: Sequence[dict[str, Any]], line: int) -> tuple[list[str], list[str]] | None:
        """Gives the prompts and answers of many records at once, where each is one plain question with its answer.

        Returns:
            None where a record is anything else; they are then asked for one by one.
        """
        del records, line
        return None

    @abstractmethod
    def drafts(self, fields: dict[str, Any], line: int) -> Sequence[Draft | Refused]:
        """Turns one record into drafts.

        Raises:
            Unfit: It says why it cannot.
        """


def needed(text: str | None, role: str) -> str:
    """Insists on a text with something in it.

    Raises:
        Unfit: There is none.
    """
    if text is None or not text.strip():
        raise Unfit(f"no {role}")
    return text
