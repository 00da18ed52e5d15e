"""Files of predictions, packed or not: their bytes, and their lines as UTF-8."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import IO, Final, cast

import pyarrow as pa

from sdp.errors import InputError

PACKED: Final = {".gz": "gzip", ".zst": "zstd"}
"""Ending → what packed it."""
_BUFFER_BYTES = 1 << 20


def unpacked_name(path: Path) -> str:
    """Gives a file's name without the ending of what packed it: ``a.jsonl`` for ``a.jsonl.gz``."""
    return path.name[: -len(path.suffix)] if path.suffix.lower() in PACKED else path.name


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Opens a file for reading from its beginning, unpacked.

    Raises:
        InputError: It is not there, cannot be read, or breaks off in the middle of its packing.
    """
    try:
        packing = PACKED.get(path.suffix.lower())
        raw = pa.input_stream(str(path), compression=packing, buffer_size=_BUFFER_BYTES) if packing else path.open("rb")
        with raw:
            yield cast("IO[bytes]", BufferedReader(raw, _BUFFER_BYTES) if packing else raw)
    except FileNotFoundError as error:
        raise InputError(f"there is no file '{path}'", where=str(path.parent)) from error
    except OSError as error:
        raise InputError(f"'{path.name}' cannot be read: {error.strerror or error}", where=str(path)) from error


def lines(path: Path) -> Iterator[tuple[int, str]]:
    r"""Reads a file line by line; only ``\n`` ends one, since predictions may hold every other kind of line break.

    Args:
        path: The file.

    Yields:
        Number (from 1) and text of each line, its end included.

    Raises:
        InputError: As `opened`; a line is not UTF-8; or there is not a single line.
    """
    number = 0
    with opened(path) as file:
        for number, line in enumerate(file, start=1):
            yield number, _decoded(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line, path, number)
    if number == 0:
        raise InputError(f"'{path.name}' is empty", where=str(path))


def whole(path: Path) -> str:
    """Reads a file as one text.

    Raises:
        InputError: As `lines`.
    """
    return "".join(line for _, line in lines(path))


def _decoded(line: bytes, path: Path, number: int) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        wide = number == 1 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        raise InputError(
            f"line {number} is not UTF-8: {error.reason} (0x{line[error.start]:02x}, byte {error.start} of the line)",
            where=f"{path}:{number}",
            hint="it looks like UTF-16: save it as UTF-8" if wide else "save the file as UTF-8",
        ) from error
