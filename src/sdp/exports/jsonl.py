"""JSON Lines: one object per row, ids as 16 hexadecimal digits."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from sdp.contract.exporter import Exporter
from sdp.exports.json_text import json_lines


class Jsonl(Exporter):
    """Writes ``<split>.jsonl`` in UTF-8: what `json.dumps` says of each row, made column by column."""

    name = "jsonl"

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes batch by batch; JSON numbers lose digits above 2^53, so ids are text."""
        del schema
        files = []
        for split, batches in splits.items():
            path = folder / f"{split}.jsonl"
            with path.open("wb") as handle:
                for lines in _ahead(batches):
                    handle.writelines(lines)
            files.append(path)
        return files


def _ahead(batches: Iterable[pa.RecordBatch]) -> Iterator[list[memoryview]]:
    """Makes the lines of some batches while others are read and written: Arrow lets threads run side by side."""
    n_threads = pa.cpu_count()
    waiting: deque[Future[list[memoryview]]] = deque()
    with ThreadPoolExecutor(n_threads) as pool:
        for batch in batches:
            waiting.append(pool.submit(json_lines, batch))
            if len(waiting) > n_threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
