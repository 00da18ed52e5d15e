"""A bench on disk: one folder with the rows and the scores, there whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.benchmarks.result import ROWS_SCHEMA, BenchResult
from sdp.data.atomic import atomic_file, disk, write_json
from sdp.errors import InputError

ROWS = "rows.parquet"
METRICS = "metrics.json"
REPORT = "report.html"


def bench_folder(root: Path, time: datetime) -> Path:
    """Names a folder for a bench of this time that is not there yet."""
    name = f"{time:%Y%m%d-%H%M%S}"
    names = [name, *(f"{name}-{number}" for number in range(2, 1000))]
    return next(root / free for free in names if not (root / free).exists())


def check_free(folder: Path) -> None:
    """Makes sure that a folder may be written.

    Raises:
        InputError: Something is there already.
    """
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        raise InputError(f"'{folder}' is there already", where=str(folder), hint="choose another place with --out")


def save(folder: Path, result: BenchResult, rows: pa.Table) -> None:
    """Writes scores and rows.

    Args:
        folder: Must not exist, or be empty. It appears under its name only when everything is in it.
        result: The scores.
        rows: In ROWS_SCHEMA.

    Raises:
        InputError: The folder holds something.
        ResourceError: The disk is full or the place is not writable.
    """
    check_free(folder)
    with _staged(folder) as staging:
        with atomic_file(staging / ROWS, "wb") as handle:
            pq.write_table(rows.cast(ROWS_SCHEMA), handle, compression="zstd")
        write_json(staging / METRICS, asdict(result))


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    staging = folder.with_name(f".{folder.name}.tmp")
    with disk(folder):
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        try:
            yield staging
            if folder.exists():
                folder.rmdir()
            staging.rename(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
