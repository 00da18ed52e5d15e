"""What an imported data set is made with, beside the files themselves."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sdp.errors import InputError, near
from sdp.importing.quality import FILTERS
from sdp.importing.shapes.chat import Turns
from sdp.importing.shapes.detect import Mapping
from sdp.importing.sources import Reading
from sdp.plugins.reading import NAME

STEPS = ("convert", "normalise", "filter", "deduplicate", "augment", "split")
"""In the order in which they are done, except that rows are split before they are augmented."""
Splits = Literal["auto", "hash", "own", "train", "validation", "test"]


class ImportSettings(BaseModel):
    """The request, complete: equal settings and equal files give equal bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: str
    sources: tuple[str, ...]
    """As the user named them; where they lie has no say in the rows."""
    format: str | None = None
    delimiter: str | None = None
    records: str | None = None
    subset: str | None = None
    revision: str | None = None
    max_line_mb: Annotated[int, Field(gt=0)] = 64
    keep_going: bool = False
    """Whether lines that cannot be read are rejected instead of ending the import."""
    shape: str | None = None
    prompt: str | None = None
    answer: str | None = None
    reasoning: str | None = None
    answer_after: str | None = None
    turns: Turns = "only"
    drop_system: bool = False
    key: str | None = None
    split_field: str | None = None
    meta: tuple[str, ...] = ()
    """Fields that are kept, each with ``:text``, ``:int``, ``:float`` or ``:bool`` behind it if that is to be said."""
    steps: tuple[str, ...] = ("convert", "normalise", "filter", "deduplicate", "split")
    splits: Splits = "auto"
    split_by: str | None = None
    filters: tuple[str, ...] = tuple(FILTERS)
    min_chars: Annotated[int, Field(ge=0)] = 2
    """Of a prompt."""
    max_chars: Annotated[int, Field(gt=0)] = 100_000
    """Of a prompt, and of what is trained."""
    near: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Jaccard similarity from which rows are near duplicates; 0 looks for none."""
    augment: tuple[str, ...] = ()
    augment_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Of the train rows."""
    language: str = "en"
    seed: Annotated[int, Field(ge=0)] = 0
    rows_per_shard: Annotated[int, Field(gt=0)] = 524_288

    @field_validator("task")
    @classmethod
    def _is_name(cls, task: str) -> str:
        if not NAME.fullmatch(task):
            hint = "small letters, digits and _, beginning with a letter, such as my_task"
            raise InputError(f"'{task}' is no name of a task", where="--as", hint=hint)
        return task

    @field_validator("steps")
    @classmethod
    def _in_order(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        """Sorts steps: their order means nothing."""
        for step in steps:
            _check(step, STEPS, "step", "--only")
        return tuple(step for step in STEPS if step in steps)

    @field_validator("filters")
    @classmethod
    def _known(cls, filters: tuple[str, ...]) -> tuple[str, ...]:
        for name in filters:
            _check(name, FILTERS, "filter", "--filters")
        return tuple(name for name in FILTERS if name in filters)

    @model_validator(mode="after")
    def _augmented(self) -> "ImportSettings":
        """Asks for a name; whoever gives one need not name the step."""
        if "augment" in self.steps and not self.augment:
            raise InputError("augment by what?", where="--augment", hint="such as --augment case,paraphrase,noise")
        return self

    @property
    def mapping(self) -> Mapping:
        """What is said about fields."""
        return Mapping(
            self.shape, self.prompt, self.answer, self.reasoning, self.answer_after, self.turns, self.drop_system
        )

    @property
    def how(self) -> Reading:
        """What is said about files."""
        return Reading(self.format, self.delimiter, self.records, self.max_line_mb << 20, self.subset, self.revision)

    def does(self, step: str) -> bool:
        """Tells whether a step is to be done."""
        return bool(self.augment) if step == "augment" else step in self.steps


def _check(name: str, known: tuple[str, ...] | dict[str, str], noun: str, option: str) -> None:
    if name not in known:
        hint = near(name, known).replace("choices are", f"{noun}s are")
        raise InputError(f"there is no {noun} '{name}'", where=option, hint=hint)
