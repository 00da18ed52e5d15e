"""Cases for formats: what every exporter must do."""

import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from sdp.contract.deprecations import note_exporter
from sdp.contract.exporter import Exporter, ExportOptions
from sdp.plugins.manager import load
from sdp.testing.case import Case, CaseFailed, DoesNotApply, place_of
from sdp.testing.every_kind import COMMON
from sdp.testing.questions import GeneratorSubject
from sdp.testing.subject import Subject

UNUSUAL = (
    'He said "no", then \'yes\'', "two\nlines", "a\ttab", "back\\slash", "comma, semicolon; pipe |", "=1+1",
    "{{ name }}", "<b>&amp;</b>", "👩‍🚀 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "مَدرسة 12", "हिन्दी", "Ünïcödé", " spaces ", "null", "% \\n ${x}",
)  # fmt: skip
"""Texts that careless writing breaks: quotes, line ends, separators, markup, other scripts, emoji."""
ROWS_PER_BATCH = 10
MANY_TIMES = 20
"""As often the rows are written, one after the other, to see how fast that goes."""

Read = Callable[[Path], list[Mapping[str, Any]]]


@dataclass
class ExporterSubject(Subject):
    """A format under test, and rows to write."""

    made: type[Exporter]
    options: ExportOptions | None = None
    """What it is made with; one that uses a tokenizer gets the tiny model's if nothing is said."""
    read: Read | None = None
    """Reads rows back; stays in this process."""
    rows: dict[str, pa.Table] = field(default_factory=dict)
    """By split; some of spelling, odd texts among them, if none are given."""

    def __post_init__(self) -> None:
        """Fills in what is not said."""
        self.rows = self.rows or some_rows()
        if self.options is None and "tokenizer" in self.made.uses:
            self.options = ExportOptions(tokenizer="tiny")

    def __getstate__(self) -> dict[str, Any]:
        """Travels without the test class's own function."""
        return super().__getstate__() | {"read": None}

    @property
    def method(self) -> str:
        """What it defines."""
        return "write"

    def instance(self) -> Exporter:
        """Makes the format."""
        exporter = self.made(self.options) if self.made.uses else self.made()
        note_exporter(exporter)
        return exporter

    def work(self, instance: Any) -> list[Any]:
        """Writes everything into an empty folder; gives names and hashes of the files."""
        with TemporaryDirectory(prefix="sdp-kit-") as scratch:
            folder = Path(scratch) / "out"
            self.write(
                instance, folder, {split: table.to_batches(ROWS_PER_BATCH) for split, table in self.rows.items()}
            )
            return [(name, sha256((folder / name).read_bytes()).hexdigest()[:16]) for name in files_in(folder)]

    @property
    def batches(self) -> dict[str, list[pa.RecordBatch]]:
        """The rows in small batches."""
        return {split: table.to_batches(ROWS_PER_BATCH) for split, table in self.rows.items()}

    def write(self, instance: Exporter, folder: Path, splits: Mapping[str, Iterable[pa.RecordBatch]]) -> list[Path]:
        """Writes into a new folder, and checks what is listed."""
        folder.mkdir()
        schema = next(iter(self.rows.values())).schema
        files: Any = instance.write(splits, schema, folder)
        where = place_of(self.made, "write")
        if not (isinstance(files, list) and all(isinstance(file, Path) for file in files)):
            raise CaseFailed(f"write gives {files!r:.80}", where=where, hint="a list of the paths that it wrote")
        listed, there = sorted(file.relative_to(folder).as_posix() for file in files), files_in(folder)
        if lost := sorted(set(listed) - set(there)):
            raise CaseFailed(f"'{lost[0]}' is listed and is not there", where=where, hint="list what was written")
        if hidden := sorted(set(there) - set(listed)):
            raise CaseFailed(
                f"'{hidden[0]}' is there and is not listed",
                where=where,
                hint="list it: sdp replaces a folder only when it knows every file in it",
            )
        return list(files)


def files_in(folder: Path) -> list[str]:
    """Lists all files below a folder, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@cache
def some_rows() -> dict[str, pa.Table]:
    """Rows of spelling by split, every third with a text that is hard to write."""
    table = GeneratorSubject(load().get_generator("spelling")).table
    rows = table.to_pylist()
    for number, row in enumerate(rows[::3]):
        text = UNUSUAL[number % len(UNUSUAL)]
        row["prompt"] = f"{row['prompt']} {text}"
        row["answer"] = row["completion"] = f"{row['answer']} {text}"
    splits = dict.fromkeys(row["split"] for row in rows)
    return {
        split: pa.Table.from_pylist([row for row in rows if row["split"] == split], schema=table.schema)
        for split in splits
    }


def lists_what_it_wrote(subject: ExporterSubject) -> str:
    """It returns every file that it wrote and no other, and writes nothing outside its folder."""
    with TemporaryDirectory(prefix="sdp-kit-") as scratch:
        here = Path(scratch) / "here"
        here.mkdir()
        with chdir(here):
            files = subject.write(subject.instance(), Path(scratch) / "out", subject.batches)
        if strays := [name for name in files_in(Path(scratch)) if not name.startswith("out/")]:
            raise CaseFailed(
                f"it writes '{Path(strays[0]).name}' outside its folder",
                where=place_of(subject.made, "write"),
                hint="write below `folder` alone: it is renamed into place when all is there",
            )
    return f"{len(files)} files"


def writes_every_row_once(subject: ExporterSubject) -> str:
    """Every row of every split can be read back, once."""
    rows = _read_back(subject)
    n = sum(table.num_rows for table in subject.rows.values())
    if len(rows) != n:
        raise CaseFailed(
            f"{n} rows were given, {len(rows)} can be read back", where=place_of(subject.made, "write"),
            hint="write every batch of every split, the last one too",
        )  # fmt: skip
    return f"{n} rows"


def keeps_every_text(subject: ExporterSubject) -> str:
    """Prompts and answers are read back letter by letter, quotes, line ends, emoji and right-to-left included."""
    found = [list(_texts_in(row)) for row in _read_back(subject)]
    for table in subject.rows.values():
        for row in table.to_pylist():
            for name in ("prompt", "answer"):
                if not any(row[name] in text for texts in found for text in texts):
                    raise CaseFailed(
                        f"the {name} {row[name]!r} cannot be read back",
                        where=place_of(subject.made, "write"),
                        hint="write UTF-8, and let a library quote what the format wants quoted",
                    )
    return f"{len(UNUSUAL)} unusual texts"


def _read_back(subject: ExporterSubject) -> list[Mapping[str, Any]]:
    if subject.read is None:
        raise DoesNotApply("nobody says how to read it: define read() in the test class")
    with TemporaryDirectory(prefix="sdp-kit-") as scratch:
        folder = Path(scratch) / "out"
        subject.write(subject.instance(), folder, subject.batches)
        return list(subject.read(folder))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts_in(inner)


def reads_batch_by_batch(subject: ExporterSubject) -> str:
    """It reads each batch once and lets it go, so that memory stays flat."""
    alive: list[weakref.ref[pa.RecordBatch]] = []
    most = taken = 0

    def stream(table: pa.Table) -> Iterator[pa.RecordBatch]:
        nonlocal most, taken
        for first in range(0, table.num_rows, ROWS_PER_BATCH):
            batch = table[first : first + ROWS_PER_BATCH].combine_chunks().to_batches()[0]
            alive.append(weakref.ref(batch))
            taken += 1
            yield batch
            del batch
            most = max(most, sum(ref() is not None for ref in alive))

    expected = sum(-(-table.num_rows // ROWS_PER_BATCH) for table in subject.rows.values())
    with TemporaryDirectory(prefix="sdp-kit-") as scratch:
        splits = {split: stream(table) for split, table in subject.rows.items()}
        subject.write(subject.instance(), Path(scratch) / "out", splits)
    if taken != expected:
        raise CaseFailed(
            f"it read {taken} of {expected} batches", where=place_of(subject.made, "write"), hint="read all of them"
        )
    if most > expected // 2:
        raise CaseFailed(
            f"it holds {most} of {expected} batches at once",
            where=place_of(subject.made, "write"),
            hint="write each batch as it comes; a data set may be larger than memory",
        )
    return f"{expected} batches, at most {most} at once"


def takes_empty_splits(subject: ExporterSubject) -> None:
    """Splits without rows, and a single split, make no trouble."""
    schema = next(iter(subject.rows.values())).schema
    none = pa.RecordBatch.from_pylist([], schema=schema)
    some = subject.rows["train"].to_batches()
    cases: list[dict[str, list[pa.RecordBatch]]] = [{"train": [none], "test": [none]}, {"train": some}]
    for splits in cases:
        with TemporaryDirectory(prefix="sdp-kit-") as scratch:
            subject.write(subject.instance(), Path(scratch) / "out", splits)


def says_how_fast_it_is(subject: ExporterSubject) -> str:
    """Rows per second, in this process (told, never judged)."""
    n = MANY_TIMES * sum(table.num_rows for table in subject.rows.values())
    batches = {split: table.to_batches() * MANY_TIMES for split, table in subject.rows.items()}
    with TemporaryDirectory(prefix="sdp-kit-") as scratch:
        start = time.perf_counter()
        subject.write(subject.instance(), Path(scratch) / "out", batches)
        return f"{n / max(time.perf_counter() - start, 1e-9):,.0f} rows/s, {n:,} rows"


EXPORTER_CASES: tuple[Case, ...] = (
    *COMMON,
    lists_what_it_wrote,
    writes_every_row_once,
    keeps_every_text,
    reads_batch_by_batch,
    takes_empty_splits,
    says_how_fast_it_is,
)
"""What a format must do."""
