"""Random numbers that a whole process shares: whether they were used, and from which line."""

import random
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

UNUSUAL = 0x5D9C0FFE % 2**32
"""A seed that no plugin happens to use: one that always seeds alike would leave its own state as it found it."""
NUMPY_RANDOM = str(Path(np.__file__).parent / "random")


def moved_by(work: Callable[[], object]) -> list[str]:
    """Names the shared generators that some work draws from or seeds; leaves them as they were."""
    before = random.getstate(), np.random.get_state()  # noqa: NPY002  (it is this one that is watched)
    try:
        random.seed(UNUSUAL)
        np.random.seed(UNUSUAL)  # noqa: NPY002  (as above)
        start = _state()
        work()
        return [library for library, state in _state().items() if state != start[library]]
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002  (as above)


def _state() -> dict[str, object]:
    state: Any = np.random.get_state(legacy=True)  # noqa: NPY002  (as above)
    name, keys, *rest = state
    return {"random": random.getstate(), "numpy.random": (name, keys.tobytes(), tuple(rest))}


def culprit(work: Callable[[], object]) -> str:
    """Runs the work again, line by line, and finds the one that moves a shared generator.

    Args:
        work: Raises or not.

    Returns:
        File and line, or an empty text.
    """
    found: list[str] = []
    last, before = "", _state()

    def watch(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal last
        del arg
        if found:
            return None
        if last and _state() != before:  # moved since the last line began
            found.append(last)
            return None
        file = frame.f_code.co_filename
        if event == "line" and file != random.__file__ and not file.startswith(NUMPY_RANDOM):
            last = f"{file}:{frame.f_lineno}"
        return watch

    tracing = sys.gettrace()
    sys.settrace(watch)
    try:
        with suppress(Exception):
            work()
    finally:
        sys.settrace(tracing)
    return found[0] if found else ""
