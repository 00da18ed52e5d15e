"""What a data set is made from. Everything that changes a row is here; nothing else is."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sdp.contract.rows import SPLITS
from sdp.data.lexicon import DEFAULT_WORDS

Style = Literal["direct", "trace"]


def only(split: str) -> tuple[float, float, float]:
    """Gives the ratios that put all rows into one split."""
    train, validation, test = (float(name == split) for name in SPLITS)
    return train, validation, test


class DataSettings(BaseModel):
    """The request, complete: two equal settings give equal bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str
    n: Annotated[int, Field(gt=0)]
    """Rows over all splits."""
    seed: int = 0
    style: Style = "direct"
    """`direct`: the completion is the answer. `trace`: worked letters, then the answer on the last line."""
    words: str = DEFAULT_WORDS
    language: str = "en"
    """Of the prompts, ISO 639-1."""
    ratios: tuple[float, float, float] = (0.8, 0.1, 0.1)
    """Shares of the rows for train, validation, test."""
    rows_per_shard: Annotated[int, Field(gt=0)] = 262_144
