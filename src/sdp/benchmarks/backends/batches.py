"""Batches of rows of similar length, and what to do when one does not fit into memory."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

from sdp.errors import ResourceError
from sdp.models.out_of_memory import is_out_of_memory

Row = TypeVar("Row")
Result = TypeVar("Result")


def plan(lengths: Sequence[int], batch_tokens: int, max_rows: int | None = None) -> list[list[int]]:
    """Groups rows by length, so that little is padded.

    Args:
        lengths: Tokens that each row takes.
        batch_tokens: Tokens of a batch, padding included; a longer row is a batch of its own.
        max_rows: Rows of a batch at most.

    Returns:
        Row numbers per batch, longest rows first, so that a batch that is too large shows at once.
    """
    order = sorted(range(len(lengths)), key=lambda row: (-lengths[row], row))
    batches: list[list[int]] = []
    start = 0
    while start < len(order):
        size = max(1, batch_tokens // max(1, lengths[order[start]]))
        size = min(size, max_rows) if max_rows else size
        batches.append(order[start : start + size])
        start += size
    return batches


def in_halves(
    work: Callable[[list[Row]], list[Result]], rows: list[Row], on_halving: Callable[[int], None]
) -> list[Result]:
    """Does the work on all rows at once, or on two halves where memory does not suffice, and so on.

    Args:
        work: One result per row, in order.
        rows: At least one.
        on_halving: Told the new number of rows each time.

    Returns:
        One result per row, in order.

    Raises:
        ResourceError: One single row does not fit.
    """
    try:
        return work(rows)
    except RuntimeError as error:  # torch.OutOfMemoryError is one; the CPU's allocator raises a plain one
        if not is_out_of_memory(error):
            raise
        if len(rows) == 1:
            raise ResourceError(
                "not enough memory for a single question", hint="choose a smaller model or --device cpu"
            ) from error
    # Outside the handler: the traceback would keep the batch's tensors alive.
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    middle = len(rows) // 2
    on_halving(middle)
    return in_halves(work, rows[:middle], on_halving) + in_halves(work, rows[middle:], on_halving)
