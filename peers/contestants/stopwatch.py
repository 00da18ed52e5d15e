"""Times the steps of any `transformers.Trainer`, keeps what it learns, or counts its FLOPs. Runs beside sdp and TRL.

The watch is one of transformers' default callbacks, so that every trainer is watched in the same way and none is
changed. Its own work is not timed.
"""

import os
import time
from pathlib import Path
from typing import Any

import torch
import transformers.trainer
from safetensors.torch import save_file
from torch.utils.flop_counter import (
    FlopCounterMode,
    bmm_flop,
    mm_flop,
    sdpa_backward_flop_count,
    sdpa_flop_count,
)
from transformers import TrainerCallback

aten = torch.ops.aten


def _product(_: Any, left: Any, right: Any, **__: Any) -> int:
    return mm_flop(left, right)


def _products(_: Any, left: Any, right: Any, **__: Any) -> int:
    return bmm_flop(left, right)


def _attention(query: Any, key: Any, value: Any, *_: Any, **__: Any) -> int:
    return sdpa_flop_count(query, key, value)


def _attention_backward(slope: Any, query: Any, key: Any, value: Any, *_: Any, **__: Any) -> int:
    return sdpa_backward_flop_count(slope, query, key, value)


UNCOUNTED = {
    aten.addmm_: _product,
    aten.baddbmm_: _products,
    aten._scaled_dot_product_flash_attention_for_cpu: _attention,  # noqa: SLF001  (it has no public name)
    aten._scaled_dot_product_flash_attention_for_cpu_backward: _attention_backward,  # noqa: SLF001
}
"""Products that torch's counter does not know: those in place, and attention on a CPU (all of it: no causal half)."""


def set_threads(n: int) -> None:
    """Uses so many threads and no network; the watch's parent has set how they wait."""
    torch.set_num_threads(n)
    os.environ["HF_HUB_OFFLINE"] = "1"


class Flops:
    """Counts floating-point operations of products between `begin` and `end`."""

    def __init__(self) -> None:
        self._counter = FlopCounterMode(display=False, custom_mapping=UNCOUNTED)

    def begin(self) -> None:
        """Counts from here."""
        self._counter.__enter__()

    def end(self) -> int:
        """Gives the sum."""
        self._counter.__exit__(None, None, None)
        return int(self._counter.get_total_flops())


class Stopwatch(TrainerCallback):
    """Watches a run.

    Args:
        folder: Gets what was learnt.
        shared: What all contestants share; ``snapshot_every`` steps what was learnt is kept (0: first and last only).
        settings: Of the contestant; with ``counts`` the FLOPs of the first epoch are counted, whose time says nothing.
    """

    def __init__(self, folder: Path, shared: dict[str, Any], settings: dict[str, Any]) -> None:
        self._folder, self._every = folder, shared["snapshot_every"]
        self._epochs = settings.get("epochs", shared["epochs"])
        self._flops = Flops() if settings.get("counts") else None
        self._counted_steps = 0
        self._kept: dict[int, dict[str, torch.Tensor]] = {}
        self._clock = self._since = 0.0
        self.facts: dict[str, Any] = {"clock": []}
        """``clock``: seconds to the end of each step; ``snapshots``: steps; ``flops``."""

    def watch_all(self) -> None:
        """Watches every trainer that is made from now on."""
        transformers.trainer.DEFAULT_CALLBACKS.append(self)

    def begin(self, n_steps: int, model: torch.nn.Module) -> None:
        """Begins before the first of so many steps."""
        self._keep(0, model)
        self._counted_steps = n_steps // self._epochs
        if self._flops:
            self._flops.begin()
        self._since = time.perf_counter()

    def step(self, number: int, model: torch.nn.Module) -> None:
        """Notes a step's end."""
        self._clock += time.perf_counter() - self._since
        self.facts["clock"].append(self._clock)
        if self._flops and number == self._counted_steps:
            self.facts["flops"] = self._flops.end()
        if self._every and number % self._every == 0:
            self._keep(number, model)
        self._since = time.perf_counter()

    def end(self, number: int, model: torch.nn.Module) -> None:
        """Writes down what was kept."""
        self._keep(number, model)
        self.facts["snapshots"] = sorted(self._kept)
        for step, kept in self._kept.items():
            save_file(kept, self._folder / f"step-{step}.safetensors")

    def _keep(self, step: int, model: torch.nn.Module) -> None:
        learnt = ((name, values) for name, values in model.named_parameters() if values.requires_grad)
        self._kept[step] = {name: values.detach().clone() for name, values in learnt}

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """See `begin`."""
        del args, control
        self.begin(state.max_steps, kwargs["model"])

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """See `step`."""
        del args, control
        self.step(state.global_step, kwargs["model"])

    def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """See `end`."""
        del args, control
        self.end(state.global_step, kwargs["model"])
