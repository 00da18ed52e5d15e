"""Keeps two processes from working on one run."""

from collections.abc import Iterator
from contextlib import contextmanager

from sdp.errors import InputError
from sdp.runs.folder import Run


@contextmanager
def held(run: Run) -> Iterator[None]:
    """Holds a run for this process; the lock goes away with the process, however that ends.

    Raises:
        InputError: Another process works on it.
    """
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    with (run.path / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(
                f"another process works on run '{run.path.name}'", where=str(run.path), hint="wait for it, or stop it"
            ) from error
        yield
