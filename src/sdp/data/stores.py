"""Object stores, through fsspec: whole objects or none, and errors that say what to do.

Server errors (5xx), throttling and timeouts are tried again, with growing pauses and a bounded number of times, by the
store's own client; what arrives here is final.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO, RawIOBase
from typing import IO, Any, cast

from sdp.errors import InputError, MissingExtra, ResourceError, near

PART_BYTES = 16 * 1024 * 1024
"""Of a multipart upload: what a writer holds in memory. S3 takes parts from 5 MiB and 10,000 of them: up to 160 GiB."""


@dataclass(frozen=True)
class Store:
    """What is known of one kind of store."""

    package: str
    extra: str
    credentials: str
    """Where its client looks for them."""
    endpoint: str
    """How another address than the vendor's is given."""


_S3 = Store(
    package="s3fs",
    extra="s3",
    credentials="AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
    endpoint="AWS_ENDPOINT_URL",
)
_GCS = Store(
    package="gcsfs",
    extra="gs",
    credentials="GOOGLE_APPLICATION_CREDENTIALS, or gcloud auth application-default login",
    endpoint="STORAGE_EMULATOR_HOST",
)
_AZURE = Store(
    package="adlfs",
    extra="az",
    credentials="AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY, or AZURE_STORAGE_CONNECTION_STRING",
    endpoint="AZURE_STORAGE_CONNECTION_STRING",
)
_MEMORY = Store(package="fsspec", extra="", credentials="none are needed", endpoint="there is none")
STORES = {"s3": _S3, "gs": _GCS, "gcs": _GCS, "az": _AZURE, "abfs": _AZURE, "abfss": _AZURE, "memory": _MEMORY}
"""Scheme → store. `memory` lives and dies with its process: for tests."""


def check(scheme: str, where: str) -> None:
    """Refuses stores that are unknown or whose package is missing, before any work is done.

    Raises:
        InputError: Unknown.
        MissingExtra: Known, but not installed.
    """
    if scheme not in STORES:
        raise InputError(f"unknown kind of store '{scheme}://'", where=where, hint=near(scheme, STORES))
    from fsspec import get_filesystem_class

    try:
        get_filesystem_class(scheme)
    except ImportError as error:
        store = STORES[scheme]
        raise MissingExtra(
            f"'{scheme}://' needs the package {store.package}", where=where, hint=f"pip install 'sdp[{store.extra}]'"
        ) from error


@contextmanager
def upload(url: str) -> Iterator[IO[bytes]]:
    """Opens an object for writing. It appears at the end of the block; if the block fails, it never does."""
    system = _system(url)
    with _answers(url, writes=True):
        # fsspec's memory files are there from the moment they are opened.
        file = BytesIO() if _scheme(url) == "memory" else system.open(url, "wb", block_size=PART_BYTES)
    try:
        yield cast("IO[bytes]", _Stream(file, url))
        with _answers(url, writes=True):
            if isinstance(file, BytesIO):
                system.pipe_file(url, file.getvalue())
            else:
                file.close()
    except BaseException:
        _abort(file)
        raise


def put(url: str, data: bytes) -> None:
    """Writes an object in one request."""
    with _answers(url, writes=True):
        _system(url).pipe_file(url, data)


def get(url: str) -> bytes:
    """Reads an object.

    Raises:
        FileNotFoundError: It is not there.
    """
    with _answers(url):
        return bytes(_system(url).cat_file(url))


def download(url: str) -> IO[bytes]:
    """Opens an object for reading anywhere in it.

    Raises:
        FileNotFoundError: It is not there.
    """
    if _scheme(url) == "memory":
        return BytesIO(get(url))  # fsspec gives every reader the same file, with one position for all
    with _answers(url):
        return cast("IO[bytes]", _Stream(_system(url).open(url, "rb"), url))


def size(url: str) -> int | None:
    """Bytes of an object, None if it is not there."""
    try:
        with _answers(url):
            facts = _system(url).info(url)
    except FileNotFoundError:
        return None
    return int(facts["size"]) if facts["type"] == "file" else None


def names(url: str) -> list[str]:
    """Names the objects right below a prefix, sorted."""
    system = _system(url)
    folder = system._strip_protocol(url) + "/"  # noqa: SLF001  (fsspec's own way to say how `ls` will name things)
    try:
        with _answers(url):
            entries = system.ls(url, detail=True)
    except FileNotFoundError:
        return []
    paths = [entry["name"] for entry in entries if entry["type"] == "file"]
    # Consoles make an empty object "folder/" to show a folder: that is no file in it.
    return sorted(path.removeprefix(folder) for path in paths if path.startswith(folder) and path != folder)


def folders(url: str) -> list[str]:
    """Names the prefixes right below a prefix, sorted: what would be folders on a disk."""
    system = _system(url)
    folder = system._strip_protocol(url) + "/"  # noqa: SLF001  (as in `names`)
    try:
        with _answers(url):
            entries = system.ls(url, detail=True)
    except FileNotFoundError:
        return []
    paths = [entry["name"].rstrip("/") for entry in entries if entry["type"] == "directory"]
    return sorted(path.removeprefix(folder) for path in paths if path.startswith(folder))


def remove(url: str) -> None:
    """Removes an object, if it is there."""
    with suppress(FileNotFoundError), _answers(url):
        _system(url).rm_file(url)


class _Stream(RawIOBase):
    """A file of a store whose errors say what to do. Closing it completes nothing: a writer who fails closes, too."""

    def __init__(self, file: Any, url: str) -> None:
        self._file = file
        self._url = url

    def readable(self) -> bool:
        return bool(self._file.readable())

    def writable(self) -> bool:
        return bool(self._file.writable())

    def seekable(self) -> bool:
        return self.readable()

    def read(self, size: int | None = -1, /) -> bytes:
        with _answers(self._url):
            return bytes(self._file.read(-1 if size is None else size))

    def readinto(self, buffer: Any, /) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readall(self) -> bytes:
        return self.read()

    def write(self, data: Any, /) -> int:
        with _answers(self._url, writes=True):
            return int(self._file.write(data))

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())


def _abort(file: Any) -> None:
    """Drops an upload, with the parts that are already there."""
    if isinstance(file, BytesIO):
        return
    # fsspec completes an upload whenever its file is closed, also by the end of a `with` or by the garbage collector.
    file.closed = True
    with suppress(Exception):  # the store may be what failed; the first error is the one to tell
        file.discard()


def _scheme(url: str) -> str:
    return url.partition("://")[0]


def _system(url: str) -> Any:
    """Gives fsspec's file system, which it keeps per process."""
    import fsspec

    scheme = _scheme(url)
    check(scheme, url)
    if scheme == "memory":
        return fsspec.filesystem(scheme)
    with _answers(url):
        # Listings are never remembered: other processes write here.
        system = fsspec.filesystem(scheme, use_listings_cache=False)
    if scheme == "s3":
        system.retries = 2  # timeouts only; each of these is five tries of botocore, which knows AWS_MAX_ATTEMPTS
    return system


@contextmanager
def _answers(url: str, *, writes: bool = False) -> Iterator[None]:
    """Turns what a store's client raises into errors of ours; an object that is not there is the caller's to judge."""
    try:
        yield
    except FileNotFoundError as error:
        if not writes and _code(error) != "NoSuchBucket":
            raise
        bucket = url.partition("://")[2].partition("/")[0]
        raise ResourceError(f"there is no bucket '{bucket}'", where=url, hint="create it, or check its name") from error
    except (MissingExtra, ResourceError):
        raise
    except Exception as error:  # every client has a tree of errors of its own, without a common root
        said = getattr(error, "strerror", None) or str(error) or type(error).__name__
        text = said.strip().partition("\n")[0]
        raise ResourceError(
            f"the store does not {'take' if writes else 'give'} it: {text}", where=url, hint=_hint(error, url)
        ) from error


def _hint(error: Exception, url: str) -> str:
    """Says what to do, from the kind of error: clients name theirs alike."""
    store = STORES[_scheme(url)]
    kinds = " ".join(kind.__name__.lower() for each in _causes(error) for kind in type(each).__mro__)
    if any(word in kinds for word in ("permission", "credential", "authentication", "token")):
        return f"check the credentials: {store.credentials}"
    if any(word in kinds for word in ("connection", "timeout", "dns")):
        return f"check the network and the endpoint ({store.endpoint}); the same command then goes on"
    return "the store had its retries; run the same command again later, it goes on"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _code(error: BaseException) -> str:
    """The code of S3 that an error came from, if it came from one."""
    codes = [getattr(each, "response", {}).get("Error", {}).get("Code", "") for each in _causes(error)]
    return next(filter(None, codes), "")
