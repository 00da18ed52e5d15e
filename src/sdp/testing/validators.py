"""Cases for checks: what every validator must do."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from sdp.contract.generator import Generator
from sdp.contract.validator import DataFacts, Validator
from sdp.data.dataset import TaskFolder
from sdp.data.place import Place
from sdp.plugins.manager import load
from sdp.progress import SILENT
from sdp.synthesis.write import Workshop, write_data
from sdp.testing.case import Case, CaseFailed, DoesNotApply, place_of
from sdp.testing.every_kind import COMMON
from sdp.testing.questions import N_ROWS, WORDS, GeneratorSubject
from sdp.testing.subject import Subject, difference

AGAINST = (Path(__file__).with_name("evaluation_set.jsonl"),)
"""An evaluation set that has nothing to do with any task: checks that compare with one have something to compare."""
CHUNKS = (1, 7, 64)
"""Rows per chunk; sdp hands over 65,536."""
MANY_TIMES = 10
"""As often the rows are judged, one after the other, to see how fast that goes."""
SPOILT = 20
"""Rows at most that are spoilt."""

Row = dict[str, Any]
Spoil = Callable[[Row], Row | None]


@dataclass
class ValidatorSubject(Subject):
    """A check under test, and rows to judge."""

    made: type[Validator]
    generator: type[Generator]
    good: pa.Table
    spoilt: pa.Table
    """Rows that must be rejected, after the good ones; none if nobody says how to spoil one."""
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        made: type[Validator],
        generator: type[Generator] | None = None,
        words: str = WORDS,
        n_rows: int = N_ROWS,
        *,
        spoil: Spoil | None = None,
    ) -> "ValidatorSubject":
        """Makes a small data set and spoils some of its rows.

        Args:
            made: The class under test.
            generator: Whose rows; `spelling` if none is named.
            words: Of a finite task.
            n_rows: Rows of the data set.
            spoil: Changes a row so that it must be rejected; None where it cannot.
        """
        task = generator or load().get_generator("spelling")
        good, manifest = data_set(task, words, n_rows)
        spoilt = [row for row in map(spoil, good.to_pylist()) if row is not None][:SPOILT] if spoil else []
        return cls(made, task, good, pa.Table.from_pylist(spoilt, schema=good.schema), manifest)

    @property
    def classes(self) -> tuple[type, ...]:
        """The check, and the task whose rows it judges."""
        return self.made, self.generator

    @property
    def one_use(self) -> bool:
        """Whether an instance is for one pass: it may remember what it saw."""
        return True

    @property
    def method(self) -> str:
        """What it defines."""
        return "reasons"

    def instance(self) -> Validator:
        """Makes the check for one pass."""
        return self.made(self.generator())

    def work(self, instance: Any) -> list[Any]:
        """Judges all rows, good and spoilt, in one pass."""
        if reason := instance.begin(self.facts):
            return [reason]
        reasons = self.reasons(instance, copied(self.all_rows))
        return [
            *reasons,
            *_texts(self.made, "finish", instance.finish()),
            *_texts(self.made, "notes", instance.notes()),
        ]

    @property
    def facts(self) -> DataFacts:
        """What is known of the data set beforehand."""
        return DataFacts(self.manifest, AGAINST)

    @property
    def all_rows(self) -> pa.Table:
        """Good rows, then spoilt ones."""
        return pa.concat_tables([self.good, self.spoilt])

    def reasons(self, instance: Validator, table: pa.Table) -> list[str | None]:
        """Asks for reasons and checks their form."""
        said, where = instance.reasons(table), place_of(self.made, "reasons")
        if not isinstance(said, pa.Array | pa.ChunkedArray):
            raise CaseFailed(f"reasons gives a {type(said).__name__}", where=where, hint="return a pyarrow array")
        kind = said.type.value_type if pa.types.is_dictionary(said.type) else said.type
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
            raise CaseFailed(f"reasons gives {said.type}", where=where, hint="text where a row is rejected, else null")
        if len(said) != table.num_rows:
            raise CaseFailed(
                f"reasons gives {len(said)} for {table.num_rows} rows", where=where, hint="one per row, in that order"
            )
        texts: list[str | None] = said.to_pylist()
        return texts

    def pass_over(self, tables: Sequence[pa.Table]) -> tuple[list[str | None], list[str]]:
        """Judges chunk by chunk; gives the reasons, and what is wrong with the whole.

        Raises:
            DoesNotApply: It has nothing to judge in this data set.
        """
        instance = self.instance()
        if reason := instance.begin(self.facts):
            raise DoesNotApply(reason)
        reasons = [reason for table in tables for reason in self.reasons(instance, copied(table))]
        return reasons, _texts(self.made, "finish", instance.finish())


def _texts(made: type, method: str, said: Any) -> list[str]:
    if isinstance(said, str) or not all(isinstance(text, str) for text in said or ()):
        raise CaseFailed(f"{method} gives {said!r}", where=place_of(made, method), hint="a list of texts, maybe empty")
    return list(said or ())


def copied(table: pa.Table) -> pa.Table:
    """Copies rows with their memory: a check that writes into it must not spoil the next case."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return pa.ipc.open_stream(sink.getvalue()).read_all()


@cache
def data_set(generator: type[Generator], words: str, n_rows: int) -> tuple[pa.Table, Mapping[str, Any]]:
    """Makes a small data set on disk and reads it; rows in their order, and the manifest."""
    source = GeneratorSubject(generator, words=words, n_rows=n_rows).source
    with TemporaryDirectory(prefix="sdp-kit-") as scratch:
        place = Place.of(Path(scratch) / generator.name)
        manifest = write_data(source, Workshop(place), SILENT).model_dump(mode="json")
        folder = TaskFolder.open(place.path)
        return pa.concat_tables(folder.table(split) for split in folder.manifest.splits).combine_chunks(), manifest


def accepts_good_rows(subject: ValidatorSubject) -> str:
    """It accepts every row of a clean data set, and the whole of it."""
    reasons, problems = subject.pass_over([subject.good])
    for row, reason in zip(subject.good.to_pylist(), reasons, strict=True):
        if reason:
            raise CaseFailed(
                f"it rejects a good row, {reason!r}: prompt {row['prompt']!r}, answer {row['answer']!r}",
                where=place_of(subject.made, "reasons"),
                hint="null is what accepts a row",
            )
    if problems:
        raise CaseFailed(
            f"it finds fault with a clean data set: {problems[0]}",
            where=place_of(subject.made, "finish"),
            hint="an empty list is what accepts a data set",
        )
    return f"{len(reasons)} rows of {subject.generator.name}"


def rejects_spoilt_rows(subject: ValidatorSubject) -> str:
    """It rejects every spoilt row."""
    if not subject.spoilt.num_rows:
        raise DoesNotApply("nobody says how to spoil a row: define spoil() in the test class")
    reasons, problems = subject.pass_over([subject.good, subject.spoilt])
    of_spoilt = reasons[subject.good.num_rows :]
    for row, reason in zip(subject.spoilt.to_pylist(), of_spoilt, strict=True):
        if not reason and subject.made.scope == "rows":
            raise CaseFailed(
                f"it accepts a spoilt row: prompt {row['prompt']!r}, answer {row['answer']!r}, key {row['key']!r}",
                where=place_of(subject.made, "reasons"),
                hint="return the reason for this row",
            )
    if subject.made.scope == "set" and not problems:
        raise CaseFailed(
            f"{len(of_spoilt)} spoilt rows are in the data set, and finish says nothing",
            where=place_of(subject.made, "finish"),
            hint="return what is wrong as a list of texts",
        )
    return f"{len(of_spoilt)} rows"


def judges_any_number_of_rows(subject: ValidatorSubject) -> None:
    """It takes no rows and one row, in one piece or several."""
    for table in (subject.good[:0], subject.good[:1], pa.concat_tables([subject.good[:1], subject.good[1:3]])):
        subject.pass_over([table])
    subject.pass_over([])


def chunks_do_not_matter(subject: ValidatorSubject) -> None:
    """The verdicts are the same however the rows are cut into chunks."""
    whole = subject.pass_over([subject.all_rows])
    pieces: list[pa.Table] = []
    for size in CHUNKS:
        edges = [*range(0, subject.all_rows.num_rows, size), subject.all_rows.num_rows]
        pieces = [subject.all_rows[first:last] for first, last in pairwise(edges)]
        _compare(subject, whole, subject.pass_over(pieces), f"in chunks of {size}")
    _compare(subject, whole, subject.pass_over([pa.concat_tables(pieces)]), "in a table of several chunks")


def _compare(subject: ValidatorSubject, whole: Any, other: Any, when: str) -> None:
    if found := difference(whole[0], other[0]):
        number, one, another = found
        raise CaseFailed(
            f"row {number} is judged otherwise {when}: {one} in one piece, {another} so",
            where=place_of(subject.made, "reasons"),
            hint="keep what a verdict depends on in the instance, not in the chunk",
        )
    if sorted(whole[1]) != sorted(other[1]):
        raise CaseFailed(
            f"the whole is judged otherwise {when}: {whole[1]} in one piece, {other[1]} so",
            where=place_of(subject.made, "finish"),
            hint="add up over chunks; a mean of means is no mean",
        )


def order_does_not_matter(subject: ValidatorSubject) -> None:
    """The same rows in another order get the same verdicts, as many of each."""
    forwards = subject.pass_over([subject.all_rows])
    backwards = subject.pass_over([subject.all_rows.take(list(range(subject.all_rows.num_rows))[::-1])])
    one, other = (Counter(reason for reason in said[0] if reason) for said in (forwards, backwards))
    if one != other:
        reason = next(iter((one - other) + (other - one)))
        raise CaseFailed(
            f"{one[reason]} rows are rejected with {reason!r}, {other[reason]} in the opposite order",
            where=place_of(subject.made, "reasons"),
            hint="shards are made in any order: judge a row by itself, or by all that is known at the end (finish)",
        )


def leaves_its_input_alone(subject: ValidatorSubject) -> None:
    """The rows are what they were after it has judged them."""
    instance, table = subject.instance(), copied(subject.all_rows)
    if reason := instance.begin(subject.facts):
        raise DoesNotApply(reason)
    subject.reasons(instance, table)
    instance.finish()
    if table.to_pylist() != subject.all_rows.to_pylist():
        raise CaseFailed(
            "it changes the rows that it judges",
            where=place_of(subject.made, "reasons"),
            hint="the next check gets the same memory: copy before you write",
        )


def says_how_fast_it_is(subject: ValidatorSubject) -> str:
    """Rows per second, in this process (told, never judged)."""
    table = pa.concat_tables([subject.good] * MANY_TIMES).combine_chunks()
    start = time.perf_counter()
    n = len(subject.pass_over([table])[0])
    return f"{n / max(time.perf_counter() - start, 1e-9):,.0f} rows/s, {n:,} rows"


VALIDATOR_CASES: tuple[Case, ...] = (
    *COMMON,
    accepts_good_rows,
    rejects_spoilt_rows,
    judges_any_number_of_rows,
    chunks_do_not_matter,
    order_does_not_matter,
    leaves_its_input_alone,
    says_how_fast_it_is,
)
"""What a check must do."""
