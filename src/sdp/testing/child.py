"""The other process: brings in the plugin's modules, watching what they import, and does the work once more."""

import inspect
import os
import pickle
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module, util
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

HEAVY = (
    "datasets", "jax", "matplotlib", "nltk", "pandas", "scipy", "sklearn", "spacy", "tensorflow", "torch",
    "transformers",
)  # fmt: skip
"""Each takes from a quarter of a second to several; `sdp --help` must not wait for any."""

Source = tuple[str, str]
"""Name and file of a module."""


@dataclass(frozen=True)
class Errand:
    """What to do: everything as bytes, since the modules must be there before anything is unpickled."""

    modules: tuple[Source, ...]
    subjects: bytes
    instances: tuple[bytes, ...]
    """Per subject one that was made in the first process; empty where that cannot be pickled."""


@dataclass(frozen=True)
class Seen:
    """What one subject's work gave in this process."""

    work: list[Any] | None = None
    error: str = ""
    travelled: list[Any] | None = None
    """The same of an instance that came from the first process."""
    travel_error: str = ""


@dataclass
class Report:
    """What the other process saw."""

    heavy: dict[str, dict[str, str]] = field(default_factory=dict)
    """Module of the plugin → heavy library that came with it → the line that imported it."""
    seen: list[Seen] = field(default_factory=list)


class _Watch(MetaPathFinder):
    """Notes who asks for a heavy library first; finds nothing itself."""

    def __init__(self, modules: Sequence[Source]) -> None:
        self._folders = {str(Path(file).parent) for _, file in modules}
        self.heavy: dict[str, str] = {}

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        del path, target
        if fullname in HEAVY and fullname not in sys.modules:
            self.heavy[fullname] = self._who(inspect.currentframe())
        return None

    def _who(self, frame: FrameType | None) -> str:
        """Goes outwards to the plugin's own line; the nearest line of anybody if it has none."""
        nearest = ""
        while frame is not None:
            file = frame.f_code.co_filename
            if not file.startswith("<") and file != __file__:
                nearest = nearest or f"{file}:{frame.f_lineno}"
                if any(file.startswith(folder) for folder in self._folders):
                    return f"{file}:{frame.f_lineno}"
            frame = frame.f_back
        return nearest


def main() -> None:
    """Reads an errand from stdin, and writes a report to stdout; whatever the plugin prints goes to stderr."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    errand: Errand = pickle.load(sys.stdin.buffer)  # noqa: S301  (from the process that started this one)
    with answer:
        pickle.dump(run(errand), answer)


def run(errand: Errand) -> Report:
    """Does an errand."""
    watch = _Watch(errand.modules)
    sys.meta_path.insert(0, watch)
    report = Report()
    for name, file in errand.modules:
        watch.heavy = report.heavy[name] = {}
        bring(name, file)
    sys.meta_path.remove(watch)
    subjects = pickle.loads(errand.subjects)  # noqa: S301  (from the process that started this one)
    for subject, instance in zip(subjects, errand.instances, strict=True):
        work, error = _attempt(subject, subject.instance)
        travelled, travel_error = None, ""
        if instance:
            travelled, travel_error = _attempt(subject, partial(pickle.loads, instance))
        report.seen.append(Seen(work, error, travelled, travel_error))
    return report


def bring(name: str, file: str) -> ModuleType:
    """Imports a module by its name, or, where that leads elsewhere or nowhere, from its file under that name."""
    try:
        module = import_module(name)
    except ImportError:
        module = None
    if module is not None and _same(getattr(module, "__file__", None), file):
        return module
    spec = util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"'{file}' is no Python module")
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _same(one: str | None, other: str) -> bool:
    return one is not None and Path(one).resolve() == Path(other).resolve()


def _attempt(subject: Any, make: Callable[[], Any]) -> tuple[list[Any] | None, str]:
    try:
        return subject.work(make()), ""
    except Exception as error:  # noqa: BLE001  (a plugin may raise anything; the first process tells it)
        return None, traceback.format_exception_only(error)[-1].strip()
