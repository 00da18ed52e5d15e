"""What a task implements: the questions and an independent oracle. The engine owns everything else."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.contract.columns import codes_of
from sdp.contract.options import TaskOptions
from sdp.errors import ConfigError, near

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Item:
    """One question, before it is put into words."""

    key: str
    """What must not leak between splits: usually the word."""
    answer: str
    """The final answer. Empty when an oracle is asked."""
    fields: Mapping[str, str]
    """What phrasings may show, ready-made text; together they determine the answer."""
    family: str | None = None
    """What the split is hashed on; the key itself if not given."""
    meta: Mapping[str, Scalar] = field(default_factory=dict)
    """Typed values for slices, declared in `Generator.meta`."""
    trace: str | None = None
    """Worked steps that `--style trace` puts before the answer."""


class Generator(ABC):
    """What every task declares, whichever of the two shapes it has."""

    name: ClassVar[str]
    """snake_case noun: the command-line word."""
    version: ClassVar[int]
    """Part of every id; raise it when the same item gets another prompt or answer."""
    templates: ClassVar[tuple[str, ...]] = ()
    """Phrasings in the class itself; others lie in ``templates/<language>/<name>/*.jinja``."""
    answer_pattern: ClassVar[str] = r"(?s).+"
    r"""What a well-formed answer looks like, right or wrong (`regex` syntax, full match; ``\X`` is a letter)."""
    max_floor: ClassVar[float] = 1.0
    """Largest share one answer may have in a balanced data set: what guessing may get."""
    meta: ClassVar[Mapping[str, pa.DataType]] = {}
    """Name and Arrow type of the typed values beside each row."""
    domain: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Settings of the task's own, each with the values to choose from (empty: any). All of them, if nothing is said."""

    def __init__(self, options: TaskOptions | None = None) -> None:
        """Sets the task up; one that needs more work overrides it and calls this first.

        Raises:
            ConfigError: A domain setting or one of its values is not declared.
        """
        self.options = options or TaskOptions()
        for name, chosen in self.options.domain.items():
            if name not in self.domain:
                hint = near(name, self.domain) if self.domain else "it has none"
                raise ConfigError(f"{self.name} has no domain setting '{name}'", where=f"domain.{name}", hint=hint)
            for value in chosen:
                if self.domain[name] and value not in self.domain[name]:
                    raise ConfigError(
                        f"'{value}' is no value of {name}", where=f"domain.{name}", hint=near(value, self.domain[name])
                    )

    def chosen(self, name: str) -> tuple[str, ...]:
        """Gives the values of a domain setting that the user chose, or all declared ones; each once."""
        return tuple(dict.fromkeys(self.options.domain.get(name) or self.domain[name]))

    def solve(self, item: Item) -> str:
        """Answers the question again, by another way than the generator.

        Args:
            item: The question. Its `answer` is empty.

        Returns:
            The answer that `item` should have.
        """
        raise NotImplementedError(f"{type(self).__name__} defines neither solve nor solve_table")

    def solve_table(self, questions: pa.Table) -> pa.Array:
        """Answers many questions; a task with a columnar oracle overrides it.

        Args:
            questions: `key` and one column per field, dictionary-encoded strings (null where a field does not
                apply); ``column.cast(pa.string())`` makes plain ones.

        Returns:
            One string per row, plain or dictionary-encoded.
        """
        return pa.array([self.solve(item) for item in _items(questions)], pa.string())


def _items(questions: pa.Table) -> Iterator[Item]:
    """Reads questions one by one: columns are decoded whole, a quarter of the time that Arrow takes row by row."""
    names = [name for name in questions.column_names if name != "key"]
    for key, *texts in zip(*(_texts(questions[name]) for name in ("key", *names)), strict=True):
        fields = {name: text for name, text in zip(names, texts, strict=True) if text is not None}
        yield Item(key=key or "", answer="", fields=fields)


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    if not pa.types.is_dictionary(column.type):
        plain: list[str | None] = column.to_pylist()
        return plain
    found: list[str | None] = []
    for chunk in column.chunks:
        values = [*chunk.dictionary.to_pylist(), None]  # a null's code is −1: the last one
        found += [values[code] for code in codes_of(chunk).tolist()]
    return found


class ItemGenerator(Generator):
    """A finite task: so many questions per word, numbered, made only when drawn."""

    strata: tuple[str, ...] = ("all",)
    """Kinds of question that a data set holds in equal shares, as far as there are enough."""
    balances: ClassVar[tuple[str, ...]] = ()
    """Other ways to balance that the task knows; with one of them chosen, `strata` of the instance are others."""

    @abstractmethod
    def fields(self, stratum: int) -> frozenset[str]:
        """Names what determines the answer in a stratum: a phrasing must show all of it."""

    @abstractmethod
    def n_items(self, words: pa.Table) -> npt.NDArray[np.int64]:
        """Counts the questions.

        Args:
            words: word, family, split, graphemes, rank.

        Returns:
            Questions per word and stratum, (n_words, n_strata).
        """

    @abstractmethod
    def items(self, words: pa.Table, rows: npt.NDArray[np.int64], stratum: int, k: npt.NDArray[np.int64]) -> pa.Table:
        """Makes the drawn questions.

        Args:
            words: As in `n_items`.
            rows: Which word each question is about, (n,).
            stratum: Of all of them.
            k: Which of that word's questions, (n,), each below ``n_items(words)[row, stratum]``.

        Returns:
            n rows: `answer`, one string column per field of the stratum except `word`, which the engine adds, one
            column per entry of `meta`; if there is something to work out, `trace`; if a letter of the word is asked
            about, `letter_index` (int32, from 0, null where it does not occur). Strings may be dictionary-encoded,
            which is faster.
        """


class RowGenerator(Generator):
    """An open task: one row per index, drawn by its own random numbers."""

    @abstractmethod
    def row(self, index: int, rng: Random) -> Item:
        """Makes one question.

        Args:
            index: 0, 1, 2 …
            rng: Numbers that belong to this index alone; use no other source of chance.

        Returns:
            The question with its answer. Repeats are dropped by the engine.
        """
