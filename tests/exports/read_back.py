"""What an exporter must give back, as plain Python."""

from typing import Any

from sdp.data.dataset import TaskFolder


def expected(folder: TaskFolder, split: str) -> list[dict[str, Any]]:
    """Rows as in the data set."""
    rows: list[dict[str, Any]] = folder.table(split).to_pylist()
    return rows


def write(exporter: type, folder: TaskFolder, out: Any) -> list[str]:
    """Runs an exporter into an empty folder; gives the files' names."""
    out.mkdir()
    splits = {split: folder.batches(split) for split in folder.manifest.splits}
    return [file.relative_to(out).as_posix() for file in exporter().write(splits, folder.schema, out)]
