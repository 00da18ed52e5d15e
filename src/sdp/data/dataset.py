"""Reading what `sdp generate` wrote."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sdp.contract.rows import SPLITS
from sdp.data.atomic import LOCK
from sdp.data.manifest import NAME, Manifest, Shard
from sdp.data.place import Place
from sdp.data.shards import sha256_of
from sdp.errors import InputError


@dataclass(frozen=True)
class TaskFolder:
    """One task's complete data set."""

    path: Path
    """Where it lies. `Path("s3://bucket/x")` is as good as a folder for everything here but `files`."""
    manifest: Manifest

    @classmethod
    def open(cls, path: Path) -> "TaskFolder":
        """Opens a folder and looks whether every shard is there in its size.

        Raises:
            InputError: No manifest, or a shard is missing or changed; the message names it.
        """
        place = Place.of(path)
        folder = cls(path, Manifest.load(place))
        check_shards(place, folder.manifest.shards)
        return folder

    @property
    def place(self) -> Place:
        """The folder, on this disk or in a store."""
        return Place.of(self.path)

    def check_hashes(self) -> None:
        """Reads every shard and compares its SHA-256 with the manifest.

        Raises:
            InputError: A shard was changed.
        """
        check_shards(self.place, self.manifest.shards, hashes=True)

    @property
    def task(self) -> str:
        """The task's name."""
        return self.manifest.task

    def n_rows(self, split: str) -> int:
        """Rows of a split, 0 if it has none."""
        facts = self.manifest.splits.get(split)
        return facts.rows if facts else 0

    def files(self, split: str) -> list[Path]:
        """Shards of a split, in order; on this disk."""
        return [self.place.path / name for name in self._names(split)]

    @property
    def schema(self) -> pa.Schema:
        """Of the rows."""
        with self._parquet(self.manifest.shards[0].file) as parquet:
            return parquet.schema_arrow

    def batches(self, split: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Reads a split piece by piece."""
        for name in self._names(split):
            with self._parquet(name) as parquet:
                yield from parquet.iter_batches(columns=list(columns) if columns else None)

    def table(self, split: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Reads a whole split.

        Raises:
            InputError: There is no such split.
        """
        names = self._names(split)
        if not names:
            raise InputError(f"'{self.path}' has no {split} rows", where=str(self.path))
        wanted = list(columns) if columns else None
        if self.place.is_local:
            return pa.concat_tables([pq.read_table(file, columns=wanted) for file in self.files(split)])
        return pa.concat_tables([self._read(name, wanted) for name in names])

    def _names(self, split: str) -> list[str]:
        return [shard.file for shard in self.manifest.shards if shard.split == split]

    def _read(self, name: str, columns: list[str] | None) -> pa.Table:
        with self._parquet(name) as parquet:
            return parquet.read(columns)

    @contextmanager
    def _parquet(self, name: str) -> Iterator[pq.ParquetFile]:
        place = self.place
        with ExitStack() as stack:
            source = place.path / name if place.is_local else stack.enter_context(place.open(name))
            yield stack.enter_context(pq.ParquetFile(source))


def check_shards(place: Place, shards: Iterable[Shard], *, hashes: bool = False) -> None:
    """Looks whether every shard is there in its size.

    Args:
        place: The folder they are in.
        shards: Of its manifest.
        hashes: Also reads every one and compares its SHA-256.

    Raises:
        InputError: One is missing or was changed.
    """
    for shard in shards:
        size = place.size(shard.file)
        if size is None:
            raise InputError(f"shard '{shard.file}' is missing", where=str(place), hint=_AGAIN)
        if size != shard.bytes or (hashes and sha256_of(place, shard.file) != shard.sha256):
            raise InputError(f"shard '{shard.file}' was changed after it was written", where=str(place), hint=_AGAIN)


def foreign_files(folder: Path) -> list[str]:
    """Names what lies in a folder and was not written by `sdp generate`."""
    return sorted(entry.name for entry in folder.iterdir() if not is_ours(entry.name))


def is_ours(name: str) -> bool:
    """Tells whether a file of a data set has this name."""
    return _OURS.fullmatch(name) is not None


_OURS = re.compile(
    rf"{NAME}|README\.md|distributions\.svg|rejects\.parquet|\{LOCK}|(?:{'|'.join(SPLITS)})-\d+-of-\d+\.parquet"
)
_AGAIN = "make the data set again with --overwrite"


def data_folders(root: Path) -> list[TaskFolder]:
    """Finds the complete data sets right below a folder, the newest first."""
    manifests = sorted(manifests_below(root), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [TaskFolder.open(path.parent) for path in manifests]


def manifests_below(root: Path) -> list[Path]:
    """Finds the manifests right below a folder; what is hidden is unfinished or on its way out."""
    return [path for path in sorted(root.glob(f"*/{NAME}")) if not path.parent.name.startswith(".")]
