"""Parquet: one file per split, the columns as they are."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.contract.exporter import Exporter


class Parquet(Exporter):
    """Writes ``<split>.parquet``."""

    name = "parquet"

    def write(self, splits: Mapping[str, Iterable[pa.RecordBatch]], schema: pa.Schema, folder: Path) -> list[Path]:
        """Writes batch by batch."""
        files = []
        for split, batches in splits.items():
            path = folder / f"{split}.parquet"
            with pq.ParquetWriter(path, schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_batch(batch)
            files.append(path)
        return files
