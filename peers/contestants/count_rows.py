"""Counts rows and repeated questions in JSON Lines or Parquet files. Runs where sdp is installed.

Run ``python count_rows.py COLUMN FILE...``.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq


def questions(path: Path, column: str) -> Iterator[str]:
    """Reads one column, row by row."""
    if path.suffix == ".parquet":
        for batch in pq.ParquetFile(path).iter_batches(columns=[column]):
            yield from batch.column(0).to_pylist()
    else:
        with path.open(encoding="utf-8") as handle:
            for line in handle:
                yield json.loads(line)[column]


def main() -> None:
    """Prints both counts."""
    n_rows, distinct = 0, set[str]()
    for name in sys.argv[2:]:
        for question in questions(Path(name), sys.argv[1]):
            n_rows += 1
            distinct.add(question)
    print(json.dumps({"rows": n_rows, "duplicates": n_rows - len(distinct)}))


if __name__ == "__main__":
    main()
