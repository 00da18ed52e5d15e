"""What a data set is made from. Everything that changes a row is here; nothing else is."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sdp.contract.options import STRATA
from sdp.contract.rows import SPLITS
from sdp.data.lexicon import DEFAULT_WORDS
from sdp.data.splits import apportion
from sdp.templates.noise import FACTORS

Style = Literal["direct", "trace"]
Difficulty = Literal["all", "easy", "medium", "hard"]


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
    seed: Annotated[int, Field(ge=0)] = 0
    style: Style = "direct"
    """`direct`: the completion is the answer. `trace`: worked letters, then the answer on the last line."""
    words: str = DEFAULT_WORDS
    language: str = "en"
    """Of the prompts, ISO 639-1; also of the words in a file that does not say its own."""
    ratios: tuple[float, float, float] = (0.8, 0.1, 0.1)
    """Shares of the rows for train, validation, test; rows per split are shares, too."""
    noise: tuple[str, ...] = ()
    """What may vary in the looks of a prompt: case, quotes, punctuation."""
    templates: tuple[str, ...] = ()
    """Folders with more phrasings."""
    strata: tuple[str, ...] = ()
    """Which of the task's strata; all of them if none is named."""
    balance: str = STRATA
    """What has equal shares: strata, length, tokens, none, or a way that the task declares."""
    difficulty: Difficulty = "all"
    """Which words, by their number of letters: easy up to 5, medium 6 to 8, hard from 9."""
    tokenizer: str | None = None
    """Model whose tokens are counted, as a folder or a hub name."""
    domain: dict[str, tuple[str, ...]] = {}
    """The task's own settings."""
    rows_per_shard: Annotated[int, Field(gt=0)] = 524_288

    @field_validator("noise")
    @classmethod
    def _in_order(cls, noise: tuple[str, ...]) -> tuple[str, ...]:
        """Sorts factors: their order and repeats mean nothing, and must not make two data sets of one."""
        known = [factor for factor in FACTORS if factor in noise]
        return (*known, *(factor for factor in dict.fromkeys(noise) if factor not in FACTORS))

    @property
    def split_sizes(self) -> dict[str, int]:
        """Rows of each split; they add up to `n`."""
        return dict(zip(SPLITS, apportion(self.n, self.ratios), strict=True))
