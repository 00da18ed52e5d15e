"""A folder to write to and read from: on this disk, or in an object store."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sdp.data import stores
from sdp.data.atomic import atomic_file
from sdp.errors import InputError, ResourceError

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+):/+(?P<rest>.*)", re.DOTALL)
"""One slash is enough: `Path("s3://bucket/x")` keeps one, and would be a folder called "s3:". One letter is a drive."""


@dataclass(frozen=True)
class Place:
    """A folder, by path or URL. It can be pickled: worker processes and Ray nodes get it with their work."""

    url: str
    """``data/spelling``, ``s3://bucket/spelling``, ``gs://…``, ``az://…``, or ``memory://…`` (within one process)."""

    @classmethod
    def of(cls, where: str | Path) -> "Place":
        """Recognises a path or a URL.

        Raises:
            InputError: Of an unknown scheme, or without a bucket.
            MissingExtra: The package for this store is not installed.
        """
        match = _URL.fullmatch(str(where))
        if match is None:
            return cls(str(Path(where)))
        scheme, rest = match["scheme"].lower(), match["rest"].strip("/")
        if scheme == "file":
            return cls(f"/{rest}")
        stores.check(scheme, str(where))
        if not rest:
            raise InputError(f"'{where}' names no bucket", where=str(where), hint=f"{scheme}://BUCKET/FOLDER")
        return cls(f"{scheme}://{rest}")

    def __str__(self) -> str:
        return self.url

    def __reduce__(self) -> tuple[Callable[[str], "Place"], tuple[str]]:
        """Travels with its whole path: another process may stand in another folder (on a Ray node it always does)."""
        return Place, (str(self.path.absolute()) if self.is_local else self.url,)

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine's disk."""
        return "://" not in self.url

    @property
    def path(self) -> Path:
        """Of a local one.

        Raises:
            InputError: It is in a store.
        """
        if not self.is_local:
            raise InputError(f"'{self.url}' is not on this disk", where=self.url, hint="copy it to a folder first")
        return Path(self.url)

    def child(self, name: str) -> "Place":
        """Names a folder in it."""
        return Place(str(self.path / name) if self.is_local else self._url(name))

    def write(self, name: str) -> AbstractContextManager[IO[bytes]]:
        """Opens a file that appears under its name only when it is whole; after an error, what was there before stays.

        Raises:
            ResourceError: The disk or the store does not take it.
        """
        return atomic_file(self.path / name, "wb") if self.is_local else stores.upload(self._url(name))

    def write_text(self, name: str, text: str) -> None:
        """Writes a text file, whole or not at all.

        Raises:
            ResourceError: The disk or the store does not take it.
        """
        if self.is_local:
            with self.write(name) as file:
                file.write(text.encode())
        else:
            stores.put(self._url(name), text.encode())

    def read(self, name: str) -> bytes:
        """Reads a file.

        Raises:
            FileNotFoundError: It is not there.
            ResourceError: It cannot be read.
        """
        if not self.is_local:
            return stores.get(self._url(name))
        with _reading(self.path / name):
            return (self.path / name).read_bytes()

    def open(self, name: str) -> IO[bytes]:
        """Opens a file for reading anywhere in it, as `pyarrow.parquet.ParquetFile` does.

        Raises:
            FileNotFoundError: It is not there.
            ResourceError: It cannot be read.
        """
        if not self.is_local:
            return stores.download(self._url(name))
        with _reading(self.path / name):
            return (self.path / name).open("rb")

    def size(self, name: str) -> int | None:
        """Bytes of a file, None if it is not there.

        Raises:
            ResourceError: It cannot be looked at.
        """
        if not self.is_local:
            return stores.size(self._url(name))
        with _reading(self.path / name):
            return (self.path / name).stat().st_size if (self.path / name).is_file() else None

    def names(self) -> list[str]:
        """Names the files right in it, sorted; none if it is not there.

        Raises:
            ResourceError: It cannot be looked into.
        """
        if not self.is_local:
            return stores.names(self.url)
        with _reading(self.path):
            return sorted(entry.name for entry in self.path.iterdir() if entry.is_file()) if self.path.exists() else []

    def folders(self) -> list[str]:
        """Names the folders right in it, sorted; none if it is not there.

        Raises:
            ResourceError: It cannot be looked into.
        """
        if not self.is_local:
            return stores.folders(self.url)
        with _reading(self.path):
            return sorted(entry.name for entry in self.path.iterdir() if entry.is_dir()) if self.path.exists() else []

    def remove(self, name: str) -> None:
        """Removes a file; one that is not there is no error.

        Raises:
            ResourceError: It cannot be removed.
        """
        if not self.is_local:
            stores.remove(self._url(name))
            return
        with _reading(self.path / name, "remove"):
            (self.path / name).unlink(missing_ok=True)

    def _url(self, name: str) -> str:
        return f"{self.url}/{name}"


@contextmanager
def _reading(path: Path, what: str = "read") -> Iterator[None]:
    """Turns what the disk says into an error with a way out; a file that is not there is the caller's to judge."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ResourceError(
            f"cannot {what} '{path}': {error.strerror or error}", where=str(path), hint="look at its permissions"
        ) from error
