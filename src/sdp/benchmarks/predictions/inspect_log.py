"""Logs of Inspect (inspect_ai): ``.eval`` archives and ``.json`` files, format version 2."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from sdp.benchmarks.predictions.json_value import parsed
from sdp.benchmarks.predictions.source import Source
from sdp.errors import InputError

VERSION = 2
COMPLETION, TARGET = "completion", "target"
_PARTS = ("id", "epoch", "input", TARGET)
_HEADER, _SAMPLES = "header.json", "samples/"
_ATTACHMENT = "attachment://"
_ZSTD = 93
"""Compression method of zip archives that Python's zipfile knows from 3.14 on."""
_LOCAL_HEADER_BYTES = 30


def is_inspect_log(value: Any) -> bool:
    """Tells whether a JSON value is a log."""
    return isinstance(value, dict) and {"version", "status"} <= value.keys() and isinstance(value.get("eval"), dict)


def of_inspect_log(path: Path, log: Mapping[str, Any]) -> Source:
    """Takes the samples of a log in JSON.

    Args:
        path: The file.
        log: What is in it.

    Raises:
        InputError: Another format version, or no samples.
    """
    place = _places(log)
    samples = sorted(_whole(log.get("samples") or [], path), key=lambda each: place.get(str(each["id"]), len(place)))
    return _source(path, log, len(samples), iter(samples))


def read_inspect_archive(path: Path) -> Source:
    """Takes the samples of an ``.eval`` archive, one after the other.

    Args:
        path: The file.

    Raises:
        InputError: It is no such archive, of another format version, or has no samples.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
    except FileNotFoundError as error:
        raise InputError(f"there is no file '{path}'", where=str(path.parent)) from error
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"'{path.name}' is no Inspect log: {error}", where=str(path)) from error
    if _HEADER not in entries:
        raise InputError(
            f"'{path.name}' has no {_HEADER}: the run that wrote it did not come to its end", where=str(path),
            hint="inspect eval-retry finishes it",
        )  # fmt: skip
    header = next(_members(path, [entries[_HEADER]]))
    if not is_inspect_log(header):
        raise InputError(f"'{path.name}' is no Inspect log", where=str(path))
    there = {name.removeprefix(_SAMPLES): entry for name, entry in entries.items() if name.startswith(_SAMPLES)}
    place = _places(header)
    names = sorted(there, key=lambda name: (place.get(name.rpartition("_epoch_")[0], len(place)), name))
    return _source(path, header, len(names), _whole(_members(path, [there[name] for name in names]), path))


def _places(log: Mapping[str, Any]) -> dict[str, int]:
    """Gives the order of the data by id: archives have samples as they were done, files in JSON have them by id."""
    return {str(name): place for place, name in enumerate(log["eval"].get("dataset", {}).get("sample_ids") or [])}


def _source(path: Path, log: Mapping[str, Any], n_samples: int, samples: Iterator[Mapping[str, Any]]) -> Source:
    if log["version"] != VERSION:
        what = f"the log has format version {log['version']}, version {VERSION} can be read"
        raise InputError(what, where=str(path), hint="inspect log convert writes it anew")
    if n_samples == 0:
        raise InputError("the log holds no samples", where=str(path), hint="a header alone was written")
    records = ((number, _flat(sample, path, number)) for number, sample in enumerate(samples, start=1))
    notes = [] if log["status"] == "success" else [f"the log's status is '{log['status']}'"]
    return Source(
        path,
        records,
        "Inspect log",
        prediction=COMPLETION,
        reference=TARGET,
        label=log["eval"].get("model"),
        task=log["eval"].get("task"),
        notes=notes,
    )


def _whole(samples: Iterable[Any], path: Path) -> Iterator[Mapping[str, Any]]:
    """Insists on what every sample of a log has."""
    for number, sample in enumerate(samples, start=1):
        lacking = [name for name in _PARTS if not isinstance(sample, dict) or name not in sample]
        if lacking:
            raise InputError(f"sample {number} of the log has no '{lacking[0]}'", where=str(path))
        yield sample


def _flat(sample: Mapping[str, Any], path: Path, number: int) -> dict[str, Any]:
    metadata = sample.get("metadata") or {}
    if sample["epoch"] != 1:
        raise InputError(
            f"sample {number} is of epoch {sample['epoch']}", where=str(path),
            hint="one answer a question is scored: run inspect eval with --epochs 1",
        )  # fmt: skip
    target = sample[TARGET]
    return {
        **metadata,
        "id": sample["id"],
        "prompt": _prompt(sample["input"]),
        COMPLETION: _completion(sample, path, number),
        TARGET: target[0] if isinstance(target, list) and len(target) == 1 else target,
    }


def _prompt(asked: Any) -> str | None:
    """Gives the question: the text, or what the user said last."""
    if isinstance(asked, str):
        return asked
    said = [message.get("content") for message in asked if message.get("role") == "user"]
    return said[-1] if said and isinstance(said[-1], str) else None


def _completion(sample: Mapping[str, Any], path: Path, number: int) -> str | None:
    """Gives what the model said; None where the call failed."""
    output = sample.get("output") or {}
    if not output.get("choices") or output.get(COMPLETION) is None:
        return None
    text = str(output[COMPLETION])
    if text.startswith(_ATTACHMENT):
        digest = text.removeprefix(_ATTACHMENT)
        if digest not in (sample.get("attachments") or {}):
            raise InputError(f"the attachment of sample {number} is not in the log", where=str(path))
        return str(sample["attachments"][digest])
    return text


def _members(path: Path, entries: Iterable[zipfile.ZipInfo]) -> Iterator[Any]:
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        for entry in entries:
            try:
                yield parsed(_unpacked(archive, file, entry))
            except (ValueError, OSError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
                raise InputError(f"'{entry.filename}' cannot be read: {error}", where=str(path)) from error


def _unpacked(archive: zipfile.ZipFile, file: IO[bytes], entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type != _ZSTD:
        return archive.read(entry)
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER_BYTES)
    # APPNOTE 4.3.7: the name and the extra field of the local header, whose lengths may differ from the directory's.
    n_skipped = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    file.seek(n_skipped, 1)
    packed = file.read(entry.compress_size)
    return bytes(pa.decompress(packed, decompressed_size=entry.file_size, codec="zstd", asbytes=True))
