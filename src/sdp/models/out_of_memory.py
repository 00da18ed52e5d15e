"""Tells a lack of memory from other errors."""

import torch

_CPU = ("can't allocate memory", "not enough memory", "out of memory")


def is_out_of_memory(error: BaseException) -> bool:
    """Tells whether an error means that memory does not suffice; the CPU's allocator raises a plain RuntimeError."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or any(text in str(error) for text in _CPU)
