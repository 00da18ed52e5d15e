"""Checkpoints in one file: ``RUN.tar.zst``, the same bytes for the same content."""

import json
import shutil
import tarfile
from collections.abc import Iterable
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from sdp.data.atomic import atomic_file
from sdp.errors import InputError
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints import listing, record
from sdp.runs.checkpoints.arrival import arriving, folder_of
from sdp.runs.checkpoints.folder import FOLDER, complete
from sdp.runs.checkpoints.remote import BESIDE, RESULTS
from sdp.runs.checkpoints.verified import check
from sdp.runs.folder import RECORD

ENDING = ".tar.zst"
_DEEPEST = 5
"""Parts of a name within the archive: run, checkpoints, step, and a folder of a sharded checkpoint at most."""


def pack(run: Path, steps: Iterable[int], target: Path) -> tuple[int, int]:
    """Writes a run's record, events, result and checkpoints into one file.

    Args:
        run: The run's folder.
        steps: Which checkpoints; each is compared with its record first.
        target: The file.

    Returns:
        Bytes that went in, bytes that came out.

    Raises:
        InputError: A checkpoint is damaged.
        ResourceError: The disk does not take it.
    """
    names = [name for name in (RECORD, *BESIDE) if (run / name).is_file()]
    lists = {f"{name}/{listing.NAME}": listing.list_files(run / name) for name in RESULTS if (run / name).is_dir()}
    names += [f"{Path(record_of).parent}/{file.file}" for record_of, files in lists.items() for file in files]
    for step in sorted(steps):
        below = f"{FOLDER}/{folders.name_of(step)}"
        names += [*(f"{below}/{file.file}" for file in check(run / below).files), f"{below}/{record.NAME}"]
    with (
        atomic_file(target, "wb") as handle,
        pa.CompressedOutputStream(_StaysOpen(handle), "zstd") as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in names:
            with (run / name).open("rb") as source:
                _add(archive, f"{run.name}/{name}", source, (run / name).stat().st_size)
        for name, files in lists.items():
            text = listing.to_text(files).encode()
            _add(archive, f"{run.name}/{name}", BytesIO(text), len(text))
    return sum((run / name).stat().st_size for name in names), target.stat().st_size


def unpack(archive: Path, root: Path) -> Path:
    """Puts a packed run into the runs folder; what is there already, and is newer, stays.

    Args:
        archive: What `pack` wrote.
        root: Where runs lie.

    Returns:
        The run's folder.

    Raises:
        InputError: It is no such file, or damaged.
        ResourceError: The disk does not take it.
    """
    try:
        tree, newest = _look(archive)
        run = folder_of(str(tree["id"]), root, str(archive))
        with arriving(run, tree, newest) as arrival:
            for name, source in _members(archive):
                path = arrival.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as target:
                    while block := source.read(1 << 20):
                        target.write(block)
            try:
                _check_all(arrival.folder, str(archive))
            except InputError:
                shutil.rmtree(arrival.folder, ignore_errors=True)
                raise
    except (tarfile.TarError, pa.ArrowException, EOFError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"'{archive}' is no packed run: {error}", where=str(archive), hint="pack it again") from error
    except OSError as error:
        raise InputError(f"cannot read '{archive}': {error}", where=str(archive), hint="pack it again") from error
    return run


def _add(archive: tarfile.TarFile, name: str, source: IO[bytes], n_bytes: int) -> None:
    facts = tarfile.TarInfo(name)  # no owner, no time: the same bytes everywhere
    facts.size = n_bytes
    archive.addfile(facts, source)


def _check_all(staging: Path, where: str) -> None:
    """Compares everything that came out with its record."""
    for path in complete(staging / FOLDER).values():
        check(path)
    for name in RESULTS:
        path = staging / name / listing.NAME
        if path.is_file():
            expected = listing.parse(path.read_bytes(), where)
            path.unlink()
            if listing.list_files(staging / name) != expected:
                raise InputError(f"'{name}' in '{where}' is damaged", where=where, hint="pack it again")


def _look(archive: Path) -> tuple[dict[str, Any], int]:
    """Gives run.json and the newest step of an archive."""
    tree: dict[str, Any] = {}
    newest = -1
    for name, source in _members(archive):
        if name == RECORD:
            tree = json.loads(source.read())
        elif name.endswith(f"/{record.NAME}"):
            newest = max(newest, folders.step_of(Path(name).parent.name) or 0)
    return tree, newest


def _members(archive: Path) -> Iterable[tuple[str, IO[bytes]]]:
    """Reads the files of an archive one after the other: name below the run's folder, content."""
    with pa.CompressedInputStream(str(archive), "zstd") as packed, tarfile.open(fileobj=packed, mode="r|") as found:
        for member in found:
            parts = member.name.split("/")
            source = found.extractfile(member) if member.isreg() else None
            is_plain = 1 < len(parts) <= _DEEPEST and not any(part in {"", ".", ".."} or "\\" in part for part in parts)
            if source is None or not is_plain:
                raise ValueError(f"it holds '{member.name}'")
            yield "/".join(parts[1:]), source


class _StaysOpen(RawIOBase):
    """A file that whoever flushes and renames it closes, and not the stream that writes to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        return self._file.write(data)
