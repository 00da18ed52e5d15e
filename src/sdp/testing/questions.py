"""A task under test: its questions without phrasings, and its rows as the engine makes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdp.contract.generator import Generator, Item, ItemGenerator, RowGenerator
from sdp.contract.options import TaskOptions
from sdp.contract.schema import item_fields
from sdp.data.lexicon import Lexicon, load_lexicon
from sdp.data.words import words_of_split, words_table
from sdp.errors import PluginError
from sdp.plugins.manager import load
from sdp.seeds import derive, stream
from sdp.synthesis.open_task import OpenRows
from sdp.synthesis.picker import pick
from sdp.synthesis.settings import DataSettings
from sdp.synthesis.source import Source
from sdp.templates.folders import in_folder
from sdp.templates.lint import check
from sdp.templates.phrasing import Phrasing, load_phrasings
from sdp.testing.case import CaseFailed, place_of
from sdp.testing.subject import Subject

WORDS = "wordfreq:en:600"
N_ROWS = 200

Question = dict[str, Any]
Numbers = npt.NDArray[np.int64]


@dataclass
class GeneratorSubject(Subject):
    """A task under test."""

    made: type[Generator]
    options: TaskOptions = field(default_factory=TaskOptions)
    words: str = WORDS
    """Of a finite task: what it is asked about, as `sdp generate --words` takes it."""
    n_rows: int = N_ROWS
    templates: tuple[Path, ...] = ()
    """Folders of phrasings that no installed plugin gives."""
    lexicon: Lexicon | None = None
    """What `words` gave, loaded when it is needed."""

    @property
    def method(self) -> str:
        """What the shape wants."""
        return "items" if self.is_finite else "row"

    def instance(self) -> Any:
        """Makes the task with its options."""
        return self.made(self.options)

    def work(self, instance: Any) -> list[Question]:
        """Makes questions and lets the oracle answer them."""
        if isinstance(instance, ItemGenerator):
            questions = self.drawn(instance, self.words_table)
        else:
            questions = self.rows(instance, range(self.n_rows))
        return solved(instance, questions)

    def rows(self, instance: Generator, indices: Sequence[int], seed: int = 0) -> list[Question]:
        """Asks an open task for single rows, each with random numbers of its own."""
        if not isinstance(instance, RowGenerator):
            raise PluginError(f"{self.made.__name__} is neither an ItemGenerator nor a RowGenerator")
        name = f"{instance.name}@{instance.version}"
        return [self._record(instance.row(index, stream(seed, name, index)), index) for index in indices]

    def _record(self, item: Any, index: int) -> Question:
        if not isinstance(item, Item):
            raise CaseFailed(
                f"row {index} is {item!r}, not an Item",
                where=place_of(self.made, "row"),
                hint="return Item(key=…, answer=…, fields={…})",
            )
        return {
            "key": item.key, "family": item.family or item.key, "answer": item.answer, "fields": dict(item.fields),
            "meta": dict(item.meta), "trace": item.trace,
        }  # fmt: skip

    def drawn(self, instance: ItemGenerator, words: pa.Table) -> list[Question]:
        """Asks a finite task for some of its questions, spread over strata and words."""
        n_items = self.counted(instance, words)
        n_each = max(1, self.n_rows // len(instance.strata))
        return [
            question
            for stratum in range(len(instance.strata))
            for question in self.made_of(instance, words, stratum, *some_of(n_items[:, stratum], n_each))
        ]

    def counted(self, instance: ItemGenerator, words: pa.Table) -> Numbers:
        """Asks how many questions there are, and checks the form of the answer."""
        n_items: Any = instance.n_items(words)
        wanted = (words.num_rows, len(instance.strata))
        if not (isinstance(n_items, np.ndarray) and n_items.dtype == np.int64 and n_items.shape == wanted):
            got = f"{n_items.dtype} {n_items.shape}" if isinstance(n_items, np.ndarray) else type(n_items).__name__
            raise CaseFailed(
                f"n_items gives {got} where int64 {wanted} belongs",
                where=place_of(self.made, "n_items"),
                hint="one row per word, one column per stratum, np.int64",
            )
        if (n_items < 0).any():
            raise CaseFailed("n_items is negative", where=place_of(self.made, "n_items"), hint="none is 0")
        return np.asarray(n_items)

    def made_of(
        self, instance: ItemGenerator, words: pa.Table, stratum: int, rows: Numbers, k: Numbers
    ) -> list[Question]:
        """Makes the asked questions, one record each, and checks their form."""
        if not len(rows):
            return []
        rows, k = rows.copy(), k.copy()
        for array in (rows, k):
            array.flags.writeable = False  # what is handed over is read by others after it
        table = instance.items(words, rows, stratum, k)
        where, name = place_of(self.made, "items"), instance.strata[stratum]
        wanted = {"answer", *instance.fields(stratum), *instance.meta} - {"word"}
        if missing := sorted(wanted - set(table.column_names)):
            raise CaseFailed(f"items of '{name}' lack the column '{missing[0]}'", where=where, hint="add it")
        if table.num_rows != len(rows):
            raise CaseFailed(
                f"items of '{name}' gave {table.num_rows} rows for {len(rows)} questions",
                where=where,
                hint="one row per entry of `rows`, in that order",
            )
        asked = words["word"].take(pa.array(rows)).to_pylist()
        records = table.to_pylist()
        return [
            {"stratum": name, "k": number, "word": word} | record
            for number, word, record in zip(k.tolist(), asked, records, strict=True)
        ]

    @property
    def is_finite(self) -> bool:
        """Whether the task numbers its questions."""
        return issubclass(self.made, ItemGenerator)

    @cached_property
    def words_table(self) -> pa.Table:
        """All words with their splits; of an open task none."""
        return words_table(self.load_words())

    def load_words(self) -> Lexicon:
        """Loads the words, once."""
        if self.lexicon is None:
            self.lexicon = load_lexicon(self.words, self.options.language)
        return self.lexicon

    def words_of(self, split: str) -> pa.Table:
        """The words of one split."""
        return words_of_split(self.words_table, split)

    @cached_property
    def source(self) -> Source:
        """What the engine makes rows of."""
        return self.source_of(seed=0)

    def source_of(self, seed: int, n: int | None = None) -> Source:
        """The same with another seed, or another number of rows."""
        settings = DataSettings(
            task=self.made.name, n=n or self.n_rows, seed=seed, words=self.words, language=self.options.language,
            balance=self.options.balance, domain=dict(self.options.domain),
        )  # fmt: skip
        lexicon = self.load_words() if self.is_finite else None
        return Source(settings, self.instance(), lexicon, self.phrasings)

    @cached_property
    def phrasings(self) -> tuple[Phrasing, ...]:
        """Phrasings, checked against the fields."""
        made, generator = self.made, self.instance()
        folders = [folder for folder in self.templates if any(in_folder(folder, made.name, self.options.language))]
        found = load_phrasings(
            made.name, self.options.language, load().template_dirs, generator.templates, own=folders
        )  # fmt: skip
        if isinstance(generator, ItemGenerator):
            check(found, [generator.fields(stratum) for stratum in range(len(generator.strata))])
        else:
            check(found, [frozenset(self.rows(generator, [0])[0]["fields"])])
        return found

    @cached_property
    def table(self) -> pa.Table:
        """Finished rows of all splits, as they would be written."""
        return rows_of(self.source)


def rows_of(source: Source) -> pa.Table:
    """Makes all rows of a source in this process, in one table."""
    sizes = {split: n for split, n in source.settings.split_sizes.items() if n}
    if isinstance(source.generator, ItemGenerator):
        return pa.concat_tables(source.rows(split).range(0, n)[0] for split, n in sizes.items())
    picked = pick(source, sizes)
    rows = OpenRows(source)
    return pa.concat_tables(rows.table(candidates.tolist()) for candidates in picked.candidates.values())


def some_of(n_items: Numbers, n: int) -> tuple[Numbers, Numbers]:
    """Chooses questions of one stratum, spread evenly.

    Args:
        n_items: Per word, (n_words,).
        n: How many at most.

    Returns:
        Which word each is about, and which of the word's questions it is, (≤ n,) each.
    """
    ends = np.cumsum(n_items)
    total = int(ends[-1]) if len(ends) else 0
    if total <= n:
        numbers = np.arange(total)
    else:
        steps = [derive("some of", total, i) % total for i in range(n)]
        numbers = np.array(sorted(set(steps)), dtype=np.int64)
    rows = np.searchsorted(ends, numbers, side="right")
    return rows, numbers - (ends[rows] - n_items[rows])


def questions_table(instance: Generator, questions: Sequence[Question]) -> pa.Table:
    """Puts questions into the form in which an oracle gets them."""
    if isinstance(instance, ItemGenerator):
        names: tuple[str, ...] = tuple(sorted(item_fields(instance)))
        shown = [{"key": question["word"]} | {name: question.get(name) for name in names} for question in questions]
    else:
        names = tuple(sorted({name for question in questions for name in question["fields"]}))
        shown = [
            {"key": question["key"]} | {name: question["fields"].get(name) for name in names} for question in questions
        ]
    return pa.table(
        {
            name: pa.array([question[name] for question in shown], pa.string()).dictionary_encode()
            for name in ("key", *names)
        }
    )


def solved(instance: Generator, questions: Sequence[Question]) -> list[Question]:
    """Adds what the oracle says to every question."""
    if not questions:
        return []
    said = texts_of(instance.solve_table(questions_table(instance, questions)))
    if len(said) != len(questions):
        raise CaseFailed(
            f"the oracle gave {len(said)} answers for {len(questions)} questions",
            where=place_of(type(instance), "solve_table"),
            hint="one answer per row, in that order",
        )
    return [question | {"oracle": text} for question, text in zip(questions, said, strict=True)]


def texts_of(column: Any) -> list[str | None]:
    """Gives a column of texts, plain or dictionary-encoded, as a list."""
    texts: list[str | None] = column.to_pylist()
    return texts
