"""Checkpoints sent to a store while training goes on. What fails there is said, tried again, and stops nothing."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from sdp.data.place import Place
from sdp.errors import SdpError
from sdp.progress import Progress
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints import remote
from sdp.runs.checkpoints.folder import FOLDER, complete
from sdp.runs.folder import RECORD, Run

_SENDING = ".sending"
"""Holds hard links, so that a checkpoint that is removed here while it is on its way gets there all the same."""


class Mirror:
    """Sends a run to a store, in a thread of its own.

    Args:
        run: The run's folder.
        place: The run's folder in the store.
        data: Folders of data sets by the name they get there; sent once, before the first checkpoint.
    """

    def __init__(self, run: Path, place: Place, data: dict[str, Path]) -> None:
        self._run = run
        self._place = place
        self._data = data
        self._sent: set[int] = set()
        self._wanted = threading.Event()
        self._closing = False
        self.outcomes: SimpleQueue[tuple[list[int], str | None]] = SimpleQueue()
        """Of each round: the steps that were sent, and what went wrong."""
        self._thread = threading.Thread(target=self._work, name="mirror", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Says that there is something new."""
        self._wanted.set()

    def close(self) -> None:
        """Sends what is left, and waits for it."""
        self._closing = True
        self._wanted.set()
        self._thread.join()
        shutil.rmtree(self._run / FOLDER / _SENDING, ignore_errors=True)

    def _work(self) -> None:
        is_last = False
        while not is_last:
            self._wanted.wait()
            self._wanted.clear()
            is_last = self._closing
            before = set(self._sent)
            error = None
            try:
                self._round()
            except SdpError as failure:
                error = failure.what
            except Exception as failure:  # noqa: BLE001  (training goes on whatever happens here, and the note says it)
                error = f"{type(failure).__name__}: {failure}"
            self.outcomes.put((sorted(self._sent - before), error))

    def _round(self) -> None:
        self._place.write_text(RECORD, (self._run / RECORD).read_text(encoding="utf-8"))
        for name in list(self._data):
            remote.push_folder(self._data[name], self._place.child(remote.DATA).child(name))
            del self._data[name]
        for step in sorted(complete(self._run / FOLDER).keys() - self._sent, reverse=True):
            linked = self._link(step)
            if linked is not None:
                remote.push_checkpoint(linked, self._place)
                shutil.rmtree(linked, ignore_errors=True)
                self._sent.add(step)
        there = complete(self._run / FOLDER)
        if there:  # a run that begins anew has thrown nothing away yet
            remote.keep_only(self._place, there)
        if self._closing:
            remote.push_results(self._run, self._place)
        remote.push_beside(self._run, self._place)

    def _link(self, step: int) -> Path | None:
        """Makes hard links of a checkpoint; None if it is gone by now."""
        source = self._run / FOLDER / folders.name_of(step)
        target = self._run / FOLDER / _SENDING / source.name
        shutil.rmtree(target, ignore_errors=True)
        try:
            shutil.copytree(source, target, copy_function=_link_or_copy)
        except (FileNotFoundError, shutil.Error):
            return None
        return target


@contextmanager
def mirrored(run: Run, url: str | None, data: dict[str, Path], progress: Progress) -> Iterator[None]:
    """Sends a run to a store while the block works on it; at its end, however that comes, what is left is sent.

    Args:
        run: Its events say when there is something new.
        url: Holds runs, by name; None: nothing is sent.
        data: Folders of data sets by the name they get there.
        progress: Told what went wrong.

    Raises:
        InputError: A URL that cannot be used.
        MissingExtra: The package for this kind of store is not installed.
        ResourceError: The store takes nothing, at the very beginning; later that is only said.
    """
    if url is None or not run.writes:
        yield
        return
    place = Place.of(url).child(run.path.name)
    place.write_text(RECORD, (run.path / RECORD).read_text(encoding="utf-8"))  # better refused now than after hours
    mirror = Mirror(run.path, place, dict(data))

    def listen(event: dict[str, Any]) -> None:
        _tell(run, mirror, url, progress, "it is tried again with the next checkpoint")
        if event["event"] in {"checkpoint", "status"}:
            mirror.wake()

    run.listeners.append(listen)
    mirror.wake()
    try:
        yield
    finally:
        run.listeners.remove(listen)
        with progress.bar(f"sending to {url}", 1) as bar:
            mirror.close()
            bar.advance()
        _tell(run, mirror, url, progress, f"send it yourself: sdp checkpoint push {run.path.name} {url}")


def _tell(run: Run, mirror: Mirror, url: str, progress: Progress, hint: str) -> None:
    """Writes what happened in the thread to the events, from the thread that writes the others."""
    while not mirror.outcomes.empty():
        steps, error = mirror.outcomes.get()
        if error is not None:
            progress.note(f"not sent to {url}: {error}; {hint}")
            run.event("mirror", url=url, steps=steps, error=error)
        elif steps:
            run.event("mirror", url=url, steps=steps)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # not every disk has hard links
        shutil.copyfile(source, target)
