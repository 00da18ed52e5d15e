"""The same work in fresh processes, each with a hash seed of its own."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, Protocol

from sdp.testing.case import CaseFailed, place_of
from sdp.testing.child import Errand, Report, Seen, Source

HASH_SEEDS: Final = ("0", "1")
"""Together with this process, three orders of every set."""
PATIENCE_S: Final = 300
PROGRAM: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from sdp.testing.child import main; sys.exit(main())"
)


class Subject(Protocol):
    """What travels: see `sdp.testing.subject.Subject`."""

    made: type

    @property
    def classes(self) -> tuple[type, ...]:
        """All classes of the plugin that the work needs."""

    def instance(self) -> Any:
        """Makes one."""


class Elsewhere:
    """What several subjects do in other processes; asked once, when the first of them wants to know.

    Args:
        subjects: All that one process per hash seed is to look at.
        hash_seeds: What PYTHONHASHSEED is in these processes.
    """

    def __init__(self, subjects: Sequence[Subject], hash_seeds: Sequence[str] = HASH_SEEDS) -> None:
        self._subjects = list(subjects)
        self._hash_seeds = hash_seeds

    def of(self, subject: Subject) -> dict[str, tuple[Report, Seen]]:
        """Gives report and own part of it, by hash seed.

        Raises:
            CaseFailed: The class cannot be found by name, or the other process did not come back.
        """
        require_importable(subject.made)
        number = next(i for i, other in enumerate(self._sent) if other is subject)
        return {seed: (report, report.seen[number]) for seed, report in self._reports.items()}

    @cached_property
    def _sent(self) -> list[Subject]:
        """Those that can go: one that cannot must not keep the others here."""
        return [subject for subject in self._subjects if is_importable(subject.made)]

    @cached_property
    def _reports(self) -> dict[str, Report]:
        errand = pickle.dumps(_errand(self._sent))
        running = {seed: _start(seed) for seed in self._hash_seeds}
        try:
            return {seed: _report(process, errand, seed, self._sent) for seed, process in running.items()}
        finally:
            for process in running.values():
                process.kill()
                with process:  # closes the pipes and waits
                    pass


def _errand(subjects: Sequence[Subject]) -> Errand:
    modules = dict.fromkeys(source for subject in subjects for source in sources(subject))
    return Errand(tuple(modules), pickle.dumps(list(subjects)), tuple(_packed(subject) for subject in subjects))


def is_importable(made: type) -> bool:
    """Tells whether another process can find a class by its name."""
    found: object = sys.modules.get(made.__module__)
    for part in made.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is made


def require_importable(made: type) -> None:
    """Refuses a class that another process cannot find by its name."""
    if not is_importable(made):
        raise CaseFailed(
            f"{made.__qualname__} cannot be found by its name in {made.__module__}: no other process can make one",
            where=place_of(made),
            hint="define the class at the top level of its module, under its own name",
        )


def _packed(subject: Subject) -> bytes:
    """Pickles an instance; what stands in the way is told by the case that asks for it."""
    try:
        return pickle.dumps(subject.instance())
    except Exception:  # noqa: BLE001  (whatever a plugin's own pickling raises)
        return b""


def sources(subject: Subject) -> list[Source]:
    """Lists the modules that its classes stand in, parents first."""
    found = []
    for made in subject.classes:
        for one in reversed(made.__mro__):
            file = getattr(sys.modules.get(one.__module__), "__file__", None)
            if file and one.__module__ != "__main__":
                found.append((one.__module__, file))
    return found


def _start(seed: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-P", "-c", PROGRAM, json.dumps(sys.path)],
        env=os.environ | {"PYTHONHASHSEED": seed},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _report(process: "subprocess.Popen[bytes]", errand: bytes, seed: str, subjects: Sequence[Subject]) -> Report:
    where = place_of(subjects[0].made)
    try:
        answer, said = process.communicate(errand, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired as error:
        raise CaseFailed(
            f"another process with PYTHONHASHSEED={seed} was not done after {PATIENCE_S} s",
            where=where,
            hint="do less while the module is imported or the class is made",
        ) from error
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise CaseFailed(
            f"another process ended with code {process.returncode}: {' '.join(last) or 'it said nothing'}",
            where=where,
            hint="the module must be importable, and the class found, in any process",
        )
    report: Report = pickle.loads(answer)  # noqa: S301  (from the process that was started for it)
    return report
