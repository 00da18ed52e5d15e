"""JSON Lines: one object per row, ids as 16 hexadecimal digits."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from sdp.contract.exporter import Exporter
from sdp.contract.rows import id_to_text


class Jsonl(Exporter):
    """Writes ``<split>.jsonl`` in UTF-8."""

    name = "jsonl"

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes row by row; JSON numbers lose digits above 2^53, so ids are text."""
        del schema
        files = []
        for split, batches in splits.items():
            path = folder / f"{split}.jsonl"
            with path.open("w", encoding="utf-8", newline="\n") as handle:
                for batch in batches:
                    for row in batch.to_pylist():
                        row["id"] = id_to_text(row["id"])
                        handle.write(json.dumps(row, ensure_ascii=False) + "\n")
            files.append(path)
        return files
