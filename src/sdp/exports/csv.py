"""CSV: one file per split, meta fields as columns of their own."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from sdp.contract.exporter import Exporter
from sdp.contract.rows import id_to_text


class Csv(Exporter):
    """Writes ``<split>.csv`` in UTF-8, quoted as in RFC 4180; ``meta.length`` becomes the column ``meta_length``."""

    name = "csv"

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes row by row; a null is an empty cell."""
        meta = [f"meta_{field.name}" for field in schema.field("meta").type]
        names = [name for name in schema.names if name != "meta"] + meta
        files = []
        for split, batches in splits.items():
            path = folder / f"{split}.csv"
            with path.open("w", encoding="utf-8", newline="") as handle:
                writer = csv.DictWriter(handle, names)
                writer.writeheader()
                for batch in batches:
                    writer.writerows(map(_flat, batch.to_pylist()))
            files.append(path)
        return files


def _flat(row: dict[str, object]) -> dict[str, object]:
    meta = row.pop("meta")
    row["id"] = id_to_text(int(str(row["id"])))
    if isinstance(meta, dict):
        row |= {f"meta_{name}": value for name, value in meta.items()}
    return row
