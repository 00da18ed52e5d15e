"""`sdp checkpoint prune` and `rollback`: fewer checkpoints, or back to an earlier one."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from sdp.data.atomic import alone, disk, swap_in, write_json
from sdp.errors import InputError
from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints import keep as keeping
from sdp.runs.checkpoints.address import find_checkpoint, find_finetune
from sdp.runs.checkpoints.folder import FOLDER, complete
from sdp.runs.checkpoints.keep import Keep, records_of
from sdp.runs.checkpoints.remote import RESULTS
from sdp.runs.checkpoints.verified import check
from sdp.runs.folder import Run

ASIDE = "aside"
"""Holds what a rollback went back behind, below ``checkpoints/``. Nothing looks for checkpoints there."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went and what stayed."""

    run: str
    kept: list[int]
    removed: list[int]
    freed_bytes: int
    needed: bool
    """Whether more stayed than was asked for, because the run is not at its end."""


@dataclass(frozen=True, slots=True)
class RolledBack:
    """Where a run stands now."""

    run: Path
    step: int
    aside: list[int]
    """Later checkpoints, in ``checkpoints/aside/`` now."""
    results: list[str]
    """``adapter`` or ``model``, if it holds this checkpoint's weights now."""


def prune_checkpoints(name: str | None, keep: str, root: Path) -> Pruned:
    """Removes checkpoints but those to keep.

    Args:
        name: A run's folder or name; None: the newest one.
        keep: ``best:3,last:2``. A run that is not complete keeps its newest and its best in any case.
        root: Where runs lie.

    Raises:
        InputError: No such run, a policy that cannot be read, or somebody works on the run.
        ResourceError: The disk does not let go of them.
    """
    wanted = Keep.parse(keep)
    run = find_finetune(name, root)
    is_open = run.record["status"] != "complete"
    policy = wanted.needed() if is_open else wanted
    folder = run.path / FOLDER
    with alone(run.path), disk(folder):
        before = records_of(folder)
        removed = keeping.prune(folder, policy)
    return Pruned(
        run=run.path.name,
        kept=sorted(before.keys() - set(removed)),
        removed=removed,
        freed_bytes=sum(before[step].n_bytes for step in removed),
        needed=wanted.chosen(before) != policy.chosen(before),
    )


def roll_back(name: str, root: Path) -> RolledBack:
    """Makes an earlier checkpoint the newest: the run goes on from it, and its result holds its weights.

    Args:
        name: As `sdp.runs.checkpoints.address.find_checkpoint` takes it, such as ``RUN:200``.
        root: Where runs lie.

    Raises:
        InputError: No such checkpoint, it is damaged, or somebody works on the run.
        ResourceError: The disk does not take it.
    """
    checkpoint = find_checkpoint(name, root)
    folder = checkpoint.parent
    if folder.name != FOLDER:
        raise InputError(f"'{checkpoint}' lies in no run", where=str(checkpoint), hint="RUN:STEP names one in a run")
    run = Run.open(folder.parent)
    with alone(run.path), disk(folder):
        step = check(checkpoint).step
        later = {other: path for other, path in complete(folder).items() if other > step}
        results = [result for result in RESULTS if _put_weights(run.path / result, checkpoint, step)]
        for path in reversed(later.values()):  # the newest first: whenever this ends, the rest is in order
            _set_aside(folder, path)
        run.mark("interrupted", rolled_back=step)
        run.event("rollback", step=step, aside=sorted(later))
    return RolledBack(run.path, step, sorted(later), results)


def _set_aside(folder: Path, checkpoint: Path) -> None:
    target = folder / ASIDE / checkpoint.name
    target.parent.mkdir(exist_ok=True)
    if target.exists():
        folders.discard(folder, target)
    checkpoint.rename(target)


def _put_weights(result: Path, checkpoint: Path, step: int) -> bool:
    """Gives ``adapter/`` or ``model/`` the weights of a checkpoint; all else in it stays."""
    if not result.is_dir():
        return False
    staging = result.with_name(f".{result.name}")
    shutil.rmtree(staging, ignore_errors=True)
    shutil.copytree(result, staging)
    for old in staging.glob("*.safetensors*"):
        old.unlink()
    for new in checkpoint.glob("*.safetensors*"):  # large ones have an index beside them
        shutil.copyfile(new, staging / new.name)
    facts = staging / "sdp.json"
    if facts.is_file():
        write_json(facts, {**json.loads(facts.read_text(encoding="utf-8")), "step": step})
    swap_in(staging, result)
    return True
