"""What two checkpoints have in common, and by how much their weights differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sdp.runs.checkpoints.record import Checkpoint, read
from sdp.runs.checkpoints.tensors import Stored, load

WEIGHTS = ".safetensors"


@dataclass(frozen=True, slots=True)
class TensorDifference:
    """One tensor in both."""

    file: str
    name: str
    shape: tuple[int, ...]
    equal: bool
    """Bit by bit."""
    largest: float
    """max |b − a|."""
    relative: float | None
    """‖b − a‖ / ‖a‖; None where ‖a‖ is 0."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two checkpoints side by side."""

    a: Path
    b: Path
    facts: dict[str, tuple[Any, Any]]
    """What differs of the records: step, epoch, hashes, environment …"""
    metrics: dict[str, tuple[float | None, float | None]]
    """All of them, those in one alone too."""
    tensors: list[TensorDifference]
    unlike: list[str]
    """Tensors that are in one alone, or of another shape: ``file: name``."""
    files: dict[str, bool]
    """Whether the other files (optimiser, scheduler, random state …) are in both, with the same bytes."""

    @property
    def same_weights(self) -> bool:
        """Whether every tensor is in both and equal."""
        return not self.unlike and all(tensor.equal for tensor in self.tensors)


def compare(a: Path, b: Path) -> Comparison:
    """Compares two checkpoints.

    Args:
        a: One.
        b: The other.

    Raises:
        InputError: One of them is none, or its weights cannot be read.
    """
    first, second = read(a), read(b)
    hashes = [{file.file: file.sha256 for file in record.files} for record in (first, second)]
    names = sorted(hashes[0].keys() | hashes[1].keys())
    found, unlike = [], []
    for file in [name for name in names if name.endswith(WEIGHTS)]:
        if hashes[0].keys() & hashes[1].keys() & {file}:
            same, differing = _tensors(file, load(a / file), load(b / file))
            found += same
            unlike += differing
        else:
            unlike.append(f"{file}: in one alone")
    return Comparison(
        a=a,
        b=b,
        facts=_facts(first, second),
        metrics={
            name: (first.metrics.get(name), second.metrics.get(name))
            for name in sorted(first.metrics.keys() | second.metrics.keys())
        },
        tensors=found,
        unlike=unlike,
        files={name: hashes[0].get(name) == hashes[1].get(name) for name in names if not name.endswith(WEIGHTS)},
    )


def _facts(a: Checkpoint, b: Checkpoint) -> dict[str, tuple[Any, Any]]:
    left, right = _flat(a), _flat(b)
    return {name: (left.get(name), right.get(name)) for name in {**left, **right} if left.get(name) != right.get(name)}


def _flat(record: Checkpoint) -> dict[str, Any]:
    facts = record.model_dump(exclude={"metrics", "files", "environment", "created"})
    environment = record.environment.model_dump()
    versions = environment.pop("versions")
    return {**facts, **environment, **versions}


def _tensors(file: str, a: Mapping[str, Stored], b: Mapping[str, Stored]) -> tuple[list[TensorDifference], list[str]]:
    found, unlike = [], []
    for name in sorted(a.keys() | b.keys()):
        if name not in a or name not in b:
            unlike.append(f"{file}: {name}, in one alone")
        elif a[name].shape != b[name].shape:
            unlike.append(f"{file}: {name}, {list(a[name].shape)} and {list(b[name].shape)}")
        else:
            found.append(_difference(file, name, a[name], b[name]))
    return found, unlike


def _difference(file: str, name: str, a: Stored, b: Stored) -> TensorDifference:
    equal = a.kind == b.kind and bool(np.array_equal(a.raw, b.raw))
    left, right = a.values(), b.values()
    norm = float(np.linalg.norm(left))
    return TensorDifference(
        file=file,
        name=name,
        shape=a.shape,
        equal=equal,
        largest=float(np.abs(right - left).max(initial=0.0)),
        relative=float(np.linalg.norm(right - left)) / norm if norm else None,
    )
