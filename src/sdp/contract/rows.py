"""One row, one Arrow schema, everywhere between generator and metric."""

from typing import Annotated, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

SPLITS: tuple[str, ...] = ("train", "validation", "test")

DICTIONARY = pa.dictionary(pa.int32(), pa.string())

COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("id", pa.uint64()),
    ("task", DICTIONARY),
    ("split", DICTIONARY),
    ("prompt", pa.string()),
    ("answer", DICTIONARY),
    ("completion", DICTIONARY),
    ("key", DICTIONARY),
    ("family", DICTIONARY),
    ("template", DICTIONARY),
)
"""Name and type of every column but `meta`, in order. Texts that repeat are dictionary-encoded; a prompt never does."""


def row_schema(meta: pa.StructType) -> pa.Schema:
    """Builds the schema of a task's rows.

    Args:
        meta: The task's typed fields, such as position, letter, true count.

    Returns:
        The fixed columns, none of them nullable, then `meta`.
    """
    fields = [pa.field(name, kind, nullable=False) for name, kind in COLUMNS]
    return pa.schema([*fields, pa.field("meta", meta, nullable=False)])


class Row(BaseModel):
    """One question with its answer, as JSON and Python see it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """Content hash as 16 hexadecimal digits: the same question has the same id in any run."""
    task: str
    split: Literal["train", "validation", "test"]
    prompt: Annotated[str, Field(min_length=1)]
    """Neutral text; chat formatting happens at the model."""
    answer: Annotated[str, Field(min_length=1)]
    """The final answer: the only thing that is scored."""
    completion: Annotated[str, Field(min_length=1)]
    """What is trained: the answer, or worked letters and then the answer on the last line."""
    key: Annotated[str, Field(min_length=1)]
    """What must not leak, and what errors cluster by: the word."""
    family: str
    """What the split is hashed on: the word's stem."""
    template: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """Hash of the phrasing's text."""
    meta: dict[str, str | int | float | bool | None]


def id_to_text(value: int) -> str:
    """Writes an id as 16 hexadecimal digits, the way text formats carry it."""
    return f"{value:016x}"
