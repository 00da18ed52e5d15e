"""Files by path or URL, unpacked on the way: bytes in blocks, whatever they are packed in."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from sdp.data.place import Place
from sdp.data.stores import STORES
from sdp.errors import InputError, ResourceError

BLOCK = 1 << 20
PACKED = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
"""Ending → how the file is packed."""
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:{1,2}//?.*", re.DOTALL)


def is_url(name: str) -> bool:
    """Tells a URL from a path; one letter before the colon is a drive."""
    return _URL.fullmatch(name) is not None


def open_file(url: str) -> IO[bytes]:
    """Opens a file for reading anywhere in it.

    Raises:
        InputError: It is not there.
        ResourceError: It cannot be read.
    """
    try:
        if is_url(url) and url.partition(":")[0].lower() not in {*STORES, "file"}:
            return _any_url(url)
        parent, _, name = url.rpartition("/")
        if is_url(url):
            return Place.of(parent).open(name)
        return Place.of(Path(url).parent).open(Path(url).name)
    except FileNotFoundError as error:
        raise InputError(f"there is no file '{url}'", where=url) from error


def _any_url(url: str) -> IO[bytes]:
    """Opens what one of fsspec's other file systems has: http, ftp, a member of an archive."""
    import fsspec

    try:
        return cast("IO[bytes]", fsspec.open(url, "rb").open())
    except FileNotFoundError:
        raise
    except Exception as error:  # every file system has errors of its own
        said = str(error).partition("\n")[0] or type(error).__name__
        raise ResourceError(f"cannot open it: {said}", where=url, hint="check the URL and the network") from error


def file_size(url: str) -> int:
    """Bytes of a file, 0 where nobody can say."""
    with open_file(url) as handle:
        try:
            return handle.seek(0, 2)
        except (OSError, ValueError):
            return 0


def sha256_of_file(url: str, advance: Callable[[int], object]) -> str:
    """Hashes a file as it lies there, packed or not."""
    digest = hashlib.sha256()
    with open_file(url) as handle, reading(url):
        while block := handle.read(BLOCK):
            digest.update(block)
            advance(len(block))
    return digest.hexdigest()


@contextmanager
def unpacked(url: str, packing: str) -> Iterator[IO[bytes]]:
    """Opens a file and unpacks it while it is read.

    Args:
        url: Path or URL.
        packing: ``gzip``, ``zstd``, or nothing.
    """
    with open_file(url) as handle:
        if packing == "gzip":
            with gzip.GzipFile(fileobj=handle) as plain:
                yield cast("IO[bytes]", plain)
        elif packing == "zstd":
            with pa.CompressedInputStream(pa.PythonFile(handle, "r"), "zstd") as plain:
                yield plain
        else:
            yield handle


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Turns what goes wrong while reading and unpacking into an error that names the file."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"the file is damaged or was cut off: {error}", where=where, hint="fetch it again, or unpack it yourself"
        ) from error
    except FileNotFoundError:
        raise
    except OSError as error:
        if "Truncated" in str(error) or "decompress" in str(error):
            raise InputError(
                f"the file is damaged or was cut off: {error}", where=where, hint="fetch it again"
            ) from error
        raise ResourceError(f"cannot read it: {error.strerror or error}", where=where) from error


def blocks(handle: Any, where: str) -> Iterator[bytes]:
    """Reads an open file to its end."""
    while True:
        with reading(where):
            block = handle.read(BLOCK)
        if not block:
            return
        yield bytes(block)
