"""Finds out what a file of predictions is, by its name and its first record, and reads it."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Final

from sdp.benchmarks.predictions.bench_rows import MARK, bench_file, read_bench
from sdp.benchmarks.predictions.delimited import read_csv, read_tsv
from sdp.benchmarks.predictions.fields import (
    PREDICTION,
    PROMPT,
    REFERENCE,
    as_text,
    choose,
    choose_id,
    choose_logged,
    id_at,
    needed,
    text_or_none,
    value_at,
)
from sdp.benchmarks.predictions.inspect_log import read_inspect_archive
from sdp.benchmarks.predictions.json_file import read_json
from sdp.benchmarks.predictions.json_lines import read_json_lines
from sdp.benchmarks.predictions.lm_eval import or_lm_eval
from sdp.benchmarks.predictions.opened import unpacked_name
from sdp.benchmarks.predictions.parquet import read_parquet
from sdp.benchmarks.predictions.recorded import USUAL, FieldNames, Recorded, id_numbers
from sdp.benchmarks.predictions.source import Record, Source
from sdp.benchmarks.predictions.text import read_text
from sdp.errors import InputError, near

READERS: Final[dict[str, Callable[[Path], Source]]] = {
    ".txt": read_text,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".parquet": read_parquet,
    ".eval": read_inspect_archive,
}
"""Ending → reader. Text and JSON may be packed: ``.jsonl.gz``, ``.csv.zst``."""


def read_predictions(name: str, names: FieldNames = USUAL) -> list[Recorded]:
    """Reads what models said.

    Args:
        name: A file; or a bench's folder, with ``#LABEL`` for one of its models.
        names: Which fields hold what.

    Returns:
        One entry per model: several only from the rows of a bench.

    Raises:
        InputError: No such file, of a kind that is not known, or one that cannot be read; the message says the line.
    """
    path, label = path_and_label(name)
    rows = bench_file(path)
    if rows is not None:
        return read_bench(rows, label)
    source = open_source(path, names)
    return [_recorded(source, names)]


def open_source(path: Path, names: FieldNames = USUAL) -> Source:
    """Opens a file of records.

    Raises:
        InputError: No such file, or of a kind that is not known.
    """
    if path.is_dir():
        raise InputError(f"'{path}' is a folder without the rows of a bench", where=str(path), hint="name a file in it")
    if not path.exists():
        beside = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        close = get_close_matches(path.name, beside, n=1)
        hint = f"did you mean '{close[0]}'?" if close else None
        raise InputError(f"there is no file '{path}'", where=str(path.parent), hint=hint)
    suffix = Path(unpacked_name(path)).suffix.lower()
    if suffix not in READERS:
        hint = near(suffix, READERS).replace("choices are", "endings are")
        raise InputError(f"the name of '{path.name}' does not say what it is", where=str(path), hint=hint)
    source = READERS[suffix](path)
    return or_lm_eval(source, names.log_filter) if source.kind == "JSON Lines" else source


def peeked(source: Source) -> tuple[Record, Iterator[Record]]:
    """Gives the first record, and all of them."""
    records = iter(source.records)
    first = next(records)
    return first, chain([first], records)


def short_name(path: Path) -> str:
    """Gives a file's name without its endings."""
    return Path(unpacked_name(path)).stem


def _recorded(source: Source, names: FieldNames) -> Recorded:
    (line, first), records = peeked(source)
    file = str(source.path)
    where = f"{file}:{line}"
    fixed = names.prediction or source.prediction
    chosen = choose(first, fixed, PREDICTION, what="prediction", option="--prediction", where=where)
    prediction = needed(chosen, first, PREDICTION, "prediction", "--prediction", where)
    id_field = choose_id(first, names.id, where)
    said = [name for name in (names.reference, source.reference) if name is not None]
    reference = choose_logged(first, said, REFERENCE, prediction)
    prompt = choose_logged(first, [], [name for name in PROMPT if name in first][:1], prediction)
    outputs: list[str] = []
    ids: list[str] = []
    right: list[str | None] = []
    prompts: list[str | None] = []
    lines: list[int] = []
    n_null = 0
    for line, record in records:
        where = f"{file}:{line}"
        text = as_text(value_at(record, prediction, where), prediction, where)
        n_null += text is None
        outputs.append(text or "")
        lines.append(line)
        if id_field is not None:
            ids.append(id_at(record, id_field, where))
        if reference is not None:
            right.append(text_or_none(record, reference))
        if prompt is not None:
            prompts.append(text_or_none(record, prompt))
    fields = {"prediction": prediction} | ({"id": id_field} if id_field else {})
    return Recorded(
        label=source.label or short_name(source.path),
        path=source.path,
        kind=source.kind,
        outputs=outputs,
        lines=lines,
        names=ids if id_field else None,
        numbers=id_numbers(ids) if id_field else None,
        references=right or None,
        prompts=prompts or None,
        fields=fields,
        n_null=n_null,
        notes=source.notes,
    )


def path_and_label(name: str) -> tuple[Path, str | None]:
    """Splits ``FOLDER#LABEL``; a file whose own name has a ``#`` in it stays whole."""
    path = Path(name)
    if path.exists() or MARK not in name:
        return path, None
    before, _, label = name.rpartition(MARK)
    return Path(before), label
