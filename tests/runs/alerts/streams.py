"""Made-up events of trainings: healthy ones of many shapes, and what goes wrong in them."""

import math
from collections.abc import Callable, Iterator
from random import Random

EVERY = 20
"""Steps between two logs."""


def training(
    loss: Callable[[int], float],
    n: int = 120,
    *,
    noise: float = 0.1,
    grad_noise: float = 0.7,
    seed: int = 0,
    schedule: str = "linear",
    **fields: Callable[[int], object],
) -> Iterator[dict]:
    """Events of `n` logs. Losses and norms have log-normal noise; `fields` replace what would be there, by log."""
    random = Random(seed)
    for place in range(n):
        event = {
            "event": "train",
            "step": (place + 1) * EVERY,
            "loss": loss(place) * math.exp(random.gauss(0, noise)),
            "grad_norm": math.exp(random.gauss(0, grad_noise)),
            "learning_rate": 1e-3 * (1 - place / n if schedule == "linear" else 1),
            "tokens_per_s": 10_000 * math.exp(random.gauss(0, 0.15)),
            "memory_left": 0.4,
            "disk_left_bytes": 50 * 2**30,
            "gpu_share": 0.9,
            "gpu_memory_left": 0.2,
        }
        yield event | {name: value(place) for name, value in fields.items()}


HEALTHY: dict[str, Callable[[int], Callable[[int], float]]] = {
    "exponential": lambda n: lambda i: 0.3 + 6.6 * math.exp(-5 * i / n),
    "down to nothing": lambda n: lambda i: 6.9 * math.exp(-8 * i / n) + 0.01,
    "power law": lambda n: lambda i: 1.5 + 5.4 * (i + 1) ** -0.5,
    "slow power law": lambda n: lambda i: 1.0 + 6 * (i + 1) ** -0.25,
    "straight": lambda n: lambda i: 7 - 3 * i / n,
    "late": lambda n: lambda i: 2.5 if i < n // 10 else 2.5 * math.exp(-3 * (i / n - 0.1)),
    "already good": lambda n: lambda i: 2.0 + 0.4 * math.exp(-10 * i / n) - 0.2 * i / n,
}
"""Shape by number of logs."""


def at(place: int) -> int:
    """Step of a log."""
    return (place + 1) * EVERY
