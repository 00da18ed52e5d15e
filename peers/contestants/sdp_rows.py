"""Rows of one task in this process, with the parts timed. Runs where sdp is installed.

Run ``python sdp_rows.py count 200000 FOLDER --jsonl --write-table``; it prints seconds. A small data set of another
task is made first, so that what is imported late is not counted; words and phrasings of the task are.
"""

import argparse
import inspect
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.workflows.export import ExportRequest, export
from sdp.workflows.generate import GenerateRequest, generate

WARM_UP_WORDS = "wordfreq:en:2000"


def timed(work: Callable[[], object]) -> float:
    """Takes the seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def settings_seen(seen: dict[str, Any]) -> Iterator[None]:
    """Notes how sdp sets up the Parquet writer for its rows: it is asked, not copied."""
    original = pq.ParquetWriter.__init__
    signature = inspect.signature(original)

    def noting(*args: Any, **kwargs: Any) -> None:
        bound = signature.bind(*args, **kwargs).arguments
        if "prompt" in bound["schema"].names and not seen:
            given = {name: value for name, value in bound.items() if name not in ("self", "where", "schema", "options")}
            seen.update(given | bound.get("options", {}))
        original(*args, **kwargs)

    pq.ParquetWriter.__init__ = noting
    try:
        yield
    finally:
        pq.ParquetWriter.__init__ = original


def finished_tables(folder: Path) -> dict[str, pa.Table]:
    """Reads the data set as one table, in the three forms that such a table may have in memory."""
    shards = sorted(folder.glob("*-*-of-*.parquet"))
    read = pa.concat_tables([pq.read_table(shard) for shard in shards])
    strings = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in read.columns]
    return {
        "as read": read,
        "one dictionary per column": read.unify_dictionaries().combine_chunks(),
        "strings": pa.table(strings, names=read.column_names).combine_chunks(),
    }


def rows_per_group(folder: Path) -> int:
    """Gives the length of the longest row group."""
    groups = [pq.ParquetFile(shard).metadata for shard in folder.glob("*-*-of-*.parquet")]
    return max(facts.row_group(number).num_rows for facts in groups for number in range(facts.num_row_groups))


def write_again(data: Path, out: Path, settings: dict[str, Any]) -> dict[str, float]:
    """Writes the finished table with pyarrow alone: with its defaults, then with sdp's settings."""
    if not settings:
        raise SystemExit("sdp did not open pyarrow.parquet.ParquetWriter in this process: its settings are not known")
    tables, size = finished_tables(data), rows_per_group(data)
    default, same = out / "default.parquet", out / "same.parquet"
    pq.write_table(tables["as read"].slice(0, 1000), default)  # the first one sets things up
    # The best form of each counts: it is a floor.
    default_s = [timed(lambda table=table: pq.write_table(table, default)) for table in tables.values()]
    same_s = [
        timed(lambda table=table: pq.write_table(table, same, row_group_size=size, **settings))
        for table in tables.values()
    ]
    return {
        "write_default_s": min(default_s),
        "write_same_s": min(same_s),
    }


def main() -> None:
    """Prints one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task")
    parser.add_argument("n", type=int)
    parser.add_argument("folder", type=Path, help="a new one")
    parser.add_argument("--words", default="wordfreq:en")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--jsonl", action="store_true", help="export it, too")
    parser.add_argument("--write-table", action="store_true", help="write the finished table with pyarrow alone, too")
    given = parser.parse_args()
    data, warm, settings = given.folder / "data", given.folder / "warm", dict[str, Any]()
    generate(GenerateRequest("position", 500, out=warm, words=WARM_UP_WORDS))
    export(ExportRequest(str(warm), "jsonl", given.folder / "warm-jsonl"))
    request = GenerateRequest(given.task, given.n, out=data, words=given.words, workers=given.workers)
    with settings_seen(settings):  # costs one call per shard
        found: dict[str, float] = {"generate_s": timed(lambda: generate(request))}
    if given.jsonl:
        found["export_s"] = timed(lambda: export(ExportRequest(str(data), "jsonl", given.folder / "jsonl")))
    if given.write_table:
        found |= write_again(data, given.folder, settings)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
