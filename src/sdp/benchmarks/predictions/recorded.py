"""What one model said, as somebody recorded it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import regex

_OURS = regex.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class FieldNames:
    """Which fields hold what; None: look for the usual names.

    Attributes:
        prediction: What the model said.
        id: Which question it is about.
        reference: What is right.
        key: What errors cluster by.
        log_filter: Of an lm-eval log: the filter whose responses are scored; None scores what the model wrote.
    """

    prediction: str | None = None
    id: str | None = None
    reference: str | None = None
    key: str | None = None
    log_filter: str | None = None


USUAL: Final = FieldNames()
"""Nothing is named."""


@dataclass(frozen=True)
class Recorded:
    """One model's predictions, in the order of their file.

    Attributes:
        label: What the model is called.
        path: Where they were read from.
        kind: What kind of file that is, for people.
        outputs: What the model said; empty where it said nothing.
        lines: Where each stands in the file.
        names: Ids as text; None where there are none.
        numbers: The same as numbers, (n,).
        references: What the file itself says is right, a row None where it does not; None where no row does.
        prompts: The questions, where the file has them; a row None where it does not.
        likelihoods: In the schema `LIKELIHOODS`, where a model of ours answered.
        fields: Which fields were read.
        n_null: Predictions that are null and were taken for empty ones.
        is_ours: Whether the ids are those of a bench's rows.
        notes: What the reader should know.
    """

    label: str
    path: Path
    kind: str
    outputs: list[str]
    lines: Sequence[int]
    names: list[str] | None = None
    numbers: npt.NDArray[np.uint64] | None = None
    references: Sequence[str | None] | None = None
    prompts: Sequence[str | None] | None = None
    likelihoods: pa.Table | None = None
    fields: dict[str, str] = field(default_factory=dict)
    n_null: int = 0
    is_ours: bool = False
    notes: list[str] = field(default_factory=list)

    def place(self, number: int) -> str:
        """Says where a prediction stands, for messages."""
        return f"{self.path}:{self.lines[number]}"

    @property
    def n_empty(self) -> int:
        """Predictions without any text."""
        return sum(not output or output.isspace() for output in self.outputs)


def id_numbers(names: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Gives ids as the numbers that rows pair by, (n,): ours are hexadecimal digits, all others are hashed."""
    return np.fromiter((_number(name) for name in names), dtype=np.uint64, count=len(names))


def _number(name: str) -> int:
    if _OURS.fullmatch(name):
        return int(name, 16)
    return int.from_bytes(blake2b(name.encode(), digest_size=8, person=b"sdp score id").digest(), "big")
