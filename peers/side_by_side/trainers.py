"""Who trains, and how: the contestants of ``peers/finetuning.py``."""

from dataclasses import dataclass
from typing import Any, Literal

Tool = Literal["sdp", "trl", "plain"]

SCRIPTS: dict[Tool, str] = {"sdp": "train_sdp.py", "trl": "train_trl.py", "plain": "train_plain.py"}


@dataclass(frozen=True)
class Trainer:
    """One contestant."""

    name: str
    tool: Tool
    settings: dict[str, Any]
    """``dtype`` of the passes, ``weights`` of the frozen weights (fp32 if not said); of TRL also ``checkpointing`` (its
    own default if not said), ``packing``, ``same_batches`` (sdp's, of like length; else its own, random)."""
    shape: str
    """Contestants of one shape do the same products, in whatever type: FLOPs are counted once."""
    is_small: bool = False
    """Runs with the tiny model only: with one batch per epoch it is like another, or it is known to be slow."""


def trainers(model: str) -> list[Trainer]:
    """Lists those that train a model, ours first."""
    off = {"checkpointing": False}
    found = [
        Trainer("sdp, fp32", "sdp", {"dtype": "fp32"}, "sdp"),
        Trainer("sdp, bf16", "sdp", {"dtype": "bf16"}, "sdp"),
        Trainer("TRL as it comes: bf16, checkpointing", "trl", {"dtype": "bf16"}, "TRL, checkpointing"),
        Trainer("TRL, fp32", "trl", {"dtype": "fp32", **off}, "TRL"),
        Trainer("TRL, bf16", "trl", {"dtype": "bf16", **off}, "TRL"),
        Trainer("TRL, bf16, weights in bf16", "trl", {"dtype": "bf16", "weights": "bf16", **off}, "TRL"),
        Trainer(
            "TRL, fp32, sdp's batches",
            "trl",
            {"dtype": "fp32", "same_batches": True, **off},
            "TRL, batches",
            is_small=True,
        ),
        Trainer(
            "TRL, bf16, sdp's batches",
            "trl",
            {"dtype": "bf16", "same_batches": True, **off},
            "TRL, batches",
            is_small=True,
        ),
        Trainer("TRL, fp32, packing", "trl", {"dtype": "fp32", "packing": True, **off}, "TRL, packing", is_small=True),
        Trainer("TRL, bf16, packing", "trl", {"dtype": "bf16", "packing": True, **off}, "TRL, packing"),
        Trainer("plain padded loop, fp32", "plain", {"dtype": "fp32"}, "plain"),
    ]
    return [trainer for trainer in found if model == "tiny" or not trainer.is_small]
