"""Other people's files, made for one test."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdp.data.dataset import TaskFolder
from sdp.workflows.import_data import ImportRequest, ImportResult, import_data

PAIRS = [{"question": f"Is {n} an odd number?", "answer": "yes" if n % 2 else "no", "level": n % 3} for n in range(200)]


def lines(rows: list[dict[str, Any]] = PAIRS) -> str:
    """JSON Lines."""
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def write(name: str, rows: list[dict[str, Any]] = PAIRS) -> str:
    """Writes rows as JSON Lines, packed as the name says."""
    data = lines(rows).encode()
    if name.endswith(".gz"):
        data = gzip.compress(data)
    if name.endswith(".zst"):
        data = pa.compress(data, codec="zstd", asbytes=True)
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(data)
    return name


def run(*sources: str, task: str = "odd", out: str = "out", overwrite: bool = False, **options: Any) -> ImportResult:
    """Imports files."""
    return import_data(ImportRequest(task, sources, options, out, overwrite))


def table(folder: str = "out") -> list[dict[str, Any]]:
    """Every row, in order."""
    data = TaskFolder.open(Path(folder))
    return [row for split in data.manifest.splits for row in data.table(split).to_pylist()]
