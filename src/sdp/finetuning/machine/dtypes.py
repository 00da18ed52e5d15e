"""Which number formats are fast here: measured, because a processor that knows bfloat16 may be slower with it."""

from dataclasses import dataclass

import torch
from torch.utils.benchmark import Timer

from sdp.models.load import DTYPES, Device

_SIZE = {"cpu": 768, "mps": 2048, "cuda": 8192}
"""Rows of the square matrices: large enough that multiplying is all that takes time."""
_MEASURE_S = 0.15


@dataclass(frozen=True, slots=True)
class DtypeFacts:
    """How fast matrices of one number format multiply on a device."""

    dtype: str
    flops_per_s: float | None
    """None: the device cannot."""
    speed: float | None
    """Relative to float32."""


def measure_dtypes(device: Device) -> list[DtypeFacts]:
    """Multiplies matrices in every number format, about half a second in all.

    Args:
        device: Where.

    Returns:
        float32 first.
    """
    rates = {name: _rate(dtype, device) for name, dtype in DTYPES.items()}
    full = rates["float32"]
    return [DtypeFacts(name, rate, rate / full if rate and full else None) for name, rate in rates.items()]


def _rate(dtype: torch.dtype, device: Device) -> float | None:
    """Gives multiplications and additions per second, or None."""
    size = _SIZE[device]
    try:
        left = torch.ones(size, size, dtype=dtype, device=device)
        right = torch.full((size, size), 1 / size, dtype=dtype, device=device)
        if not torch.allclose((left @ right).float(), torch.ones((), device=device), rtol=0.05):
            return None
        # one thread fewer than a Timer's own default would be a figure nobody trains with
        timer = Timer("left @ right", globals={"left": left, "right": right}, num_threads=torch.get_num_threads())
        once = timer.timeit(1).median  # a format without a fast kernel can be a hundred times slower
        taken = once if once > _MEASURE_S else timer.blocked_autorange(min_run_time=_MEASURE_S).median
        return 2 * size**3 / float(taken)
    except (RuntimeError, TypeError, NotImplementedError):  # what torch raises where a kernel is missing
        return None
