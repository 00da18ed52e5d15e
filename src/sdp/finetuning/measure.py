"""What training cost: throughput and memory."""

import sys

import psutil
import torch


def examples_at(step: int, n_examples: int, per_step: int) -> int:
    """Counts the examples seen after so many optimiser steps; the last step of an epoch may be a part one.

    Args:
        step: Optimiser steps done.
        n_examples: Of one epoch.
        per_step: Examples of a step.
    """
    steps_per_epoch = -(-n_examples // per_step)
    epochs, rest = divmod(step, steps_per_epoch)
    return epochs * n_examples + min(rest * per_step, n_examples)


def peak_memory_bytes(device: str) -> int:
    """Gives the most memory that was in use: on a CUDA device the device's, else this process's resident set."""
    if device == "cuda":
        return int(torch.cuda.max_memory_allocated())
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)  # Linux counts kibibytes
