"""What a checkpoint says of itself: checkpoint.json, written last. A folder without it is no checkpoint."""

import json
import math
from collections.abc import Mapping
from copy import deepcopy
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sdp import __version__
from sdp.errors import InputError

NAME = "checkpoint.json"
FORMAT = 1
_PLAIN_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*"
"""A record may come out of a store that others write to: no name leads out of the folder."""


ELSEWHERE = (
    "checkpoints", "tracking", "monitor", "distributed", "dtype", "training.bf16", "training.fp16",
    "training.gradient_checkpointing", "training.per_device_train_batch_size", "training.per_device_eval_batch_size",
    "training.gradient_accumulation_steps", "unsloth_python",
)  # fmt: skip
"""Keys of a recipe that say where and by whom something is computed, not what: a resumed run may change them. (Of batch
size, accumulation and processes the product must stay.)"""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class FileFacts(_Part):
    """One file of a checkpoint."""

    file: Annotated[str, Field(pattern=f"^{_PLAIN_NAME}$")]
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Environment(_Part):
    """What decides whether a resumed run gives the same bits."""

    device: str
    """``cpu``, ``cuda`` or ``mps``."""
    hardware: str
    """The GPU's name, or the kind of instructions that torch uses on this CPU."""
    dtype: str
    """Of the frozen weights, or of all where all learn."""
    world_size: int
    """Processes that train together."""
    n_threads: int
    """Of each process; sums come out differently with another number."""
    batch: str
    """Examples of a pass × passes of a step, in each process: dropout draws its numbers pass by pass."""
    versions: dict[str, str]


class Checkpoint(_Part):
    """One checkpoint."""

    format: int = FORMAT
    run: str
    created: str
    """UTC."""
    step: Annotated[int, Field(ge=0)]
    epoch: float
    metric: str
    """By which the best is chosen …"""
    greater_is_better: bool
    """… and in which direction."""
    metrics: dict[str, float]
    """What was logged at this step."""
    recipe: str
    """Hash of the recipe, without places."""
    data: str
    """Hash of the data sets' fingerprints."""
    environment: Environment
    files: list[FileFacts]

    @property
    def value(self) -> float | None:
        """Of the metric; None if nothing was evaluated at this step."""
        return self.metrics.get(self.metric)

    @property
    def n_bytes(self) -> int:
        """Of all files."""
        return sum(file.bytes for file in self.files)

    def text(self) -> str:
        """Gives the text of checkpoint.json."""
        return json.dumps(self.model_dump(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read(folder: Path) -> Checkpoint:
    """Reads the record of a checkpoint.

    Raises:
        InputError: There is none, or it cannot be used.
    """
    path = folder / NAME
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"'{folder.name}' is no checkpoint: it has no {NAME}",
            where=str(folder),
            hint="it was written by an older sdp, or is not whole; name another one",
        ) from error
    except OSError as error:
        raise InputError(f"cannot read {NAME}: {error.strerror}", where=str(path)) from error
    return parse(raw, str(path))


def parse(raw: bytes, where: str) -> Checkpoint:
    """Reads the text of a record.

    Args:
        raw: UTF-8.
        where: What to name if it cannot be used.

    Raises:
        InputError: It is damaged, or of another format.
    """
    try:
        tree = json.loads(raw)
    except ValueError as error:
        raise InputError(f"{NAME} is damaged: {error}", where=where, hint="take another checkpoint") from error
    found = tree.get("format") if isinstance(tree, dict) else None
    if found != FORMAT:
        raise InputError(
            f"the checkpoint has format {found}, and sdp {__version__} reads {FORMAT}",
            where=where,
            hint="use the sdp that wrote it",
        )
    try:
        return Checkpoint.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise InputError(f"{NAME} is damaged: {name}: {first['msg']}", where=where, hint="take another one") from error


def finite(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Takes the numbers among logged values; JSON has neither NaN nor infinity, and none of them is ever best."""
    numbers = {name: value for name, value in metrics.items() if isinstance(value, int | float)}
    return {name: float(value) for name, value in numbers.items() if math.isfinite(value)}


def recipe_hash(config: Mapping[str, Any]) -> str:
    """Hashes what a run learns and how, without where and by whom it is computed: it may go on elsewhere.

    Args:
        config: ``config`` of run.json.
    """
    recipe = deepcopy(dict(config.get("recipe") or {}))
    recipe["data"] = [part.get("share") for part in recipe.get("data") or []]
    for name in ELSEWHERE:
        part, _, key = name.rpartition(".")
        (recipe.get(part, {}) if part else recipe).pop(key, None)
    return _hash(recipe)


def data_hash(config: Mapping[str, Any]) -> str:
    """Hashes the fingerprints of a run's data sets, wherever they lie.

    Args:
        config: ``config`` of run.json.
    """
    return _hash([{name: part.get(name) for name in ("task", "fingerprint")} for part in config.get("data") or []])


def _hash(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode(), digest_size=8).hexdigest()
