"""What a task works out once per words table, not once per shard."""

from collections.abc import Callable
from typing import Generic, TypeVar

import pyarrow as pa

Value = TypeVar("Value")


class PerWords(Generic[Value]):
    """Remembers the result for the last words table: shards of one split come one after the other.

    Args:
        compute: From a words table to whatever the task needs; a function at module level.
    """

    def __init__(self, compute: Callable[[pa.Table], Value]) -> None:
        self._compute = compute
        self._last: tuple[pa.Table, Value] | None = None

    def __call__(self, words: pa.Table) -> Value:
        """Gives the result for this very table."""
        if self._last is None or self._last[0] is not words:
            self._last = (words, self._compute(words))
        return self._last[1]

    def __reduce__(self) -> tuple[object, ...]:
        """Travels to other processes without what it remembers."""
        return PerWords, (self._compute,)
