"""How people name a checkpoint: a folder, or ``RUN:200``, ``RUN:best``, ``RUN:last``, ``RUN``."""

import re
from pathlib import Path

from sdp.errors import InputError
from sdp.runs.checkpoints.folder import FOLDER, complete, name_of, step_of
from sdp.runs.checkpoints.keep import ranked, records_of
from sdp.runs.checkpoints.record import NAME
from sdp.runs.checkpoints.remote import KIND
from sdp.runs.find import find_run
from sdp.runs.folder import Run, runs

_WITH_STEP = re.compile(r"(?P<run>.*):(?P<step>best|last|\d+|step-\d+)")


def find_finetune(name: str | None, root: Path) -> Run:
    """Finds a finetune run.

    Args:
        name: As `find_run` takes it; None: the newest one.
        root: Where runs lie.

    Raises:
        InputError: There is none, or it is of another kind.
    """
    if not name:
        newest = next(iter(runs(root, KIND)), None)
        if newest is None:
            raise InputError(f"there is no run in '{root}'", where=str(root), hint="train one with `sdp finetune`")
        return newest
    run = find_run(name, root)
    if run.record["kind"] != KIND:
        raise InputError(f"'{run.path}' is a {run.record['kind']} run: it has no checkpoints", where=str(run.path))
    return run


def find_checkpoint(name: str | None, root: Path) -> Path:
    """Finds a checkpoint.

    Args:
        name: Its folder; a run, for its newest; a run, ``:`` and a step, ``best`` or ``last``; None: the newest of the
            newest run.
        root: Where runs lie.

    Raises:
        InputError: There is none.
    """
    if name and (Path(name) / NAME).is_file():
        return Path(name)
    if name and step_of(Path(name).name) is not None and Path(name).is_dir():
        raise InputError(f"'{name}' is no checkpoint: it has no {NAME}", where=name, hint="take another one")
    run, step = split(name)
    return of_run(find_finetune(run, root), step)


def split(name: str | None) -> tuple[str | None, str]:
    """Takes ``RUN:STEP`` apart.

    Returns:
        The run, None for the newest; the step, ``last`` if there was none.
    """
    match = _WITH_STEP.fullmatch(name or "")
    return (match["run"] or None, match["step"]) if match else (name, "last")


def of_run(run: Run, step: str = "last") -> Path:
    """Finds a checkpoint of a run.

    Args:
        run: The run.
        step: ``best``, ``last``, or a step as ``200`` or ``step-000200``.

    Raises:
        InputError: There is none.
    """
    folder = run.path / FOLDER
    there = complete(folder)
    if not there:
        raise InputError(
            f"run '{run.path.name}' has no checkpoint",
            where=str(folder),
            hint="it writes the first one after save_steps",
        )
    if step == "last":
        return list(there.values())[-1]
    if step == "best":
        best = ranked(records_of(folder))
        if not best:
            raise InputError(
                "nothing was evaluated where a checkpoint was written", where=str(folder), hint="name a step"
            )
        return there[best[0]]
    number = int(step.removeprefix("step-"))
    if number not in there:
        listed = ", ".join(map(str, there))
        raise InputError(f"there is no checkpoint {name_of(number)}", where=str(folder), hint=f"there are: {listed}")
    return there[number]
