"""Finds rows whose greedy choice hangs on rounding."""

import torch
from transformers import LogitsProcessor

RELATIVE_MARGIN = 1e-4
"""Of the largest logit. Batched and single fp32 passes differ by some 1e-6 of it: a hundred times less."""


class MarginWatch(LogitsProcessor):
    """Lets the scores pass and remembers rows where best and second best were ever closer than rounding can shift.

    Left padding and the batch's size change the order of additions, and with it the last digits of a logit. Where the
    two best tokens are that close, the answer would depend on the batch; such rows are decoded again, alone.

    Args:
        stop_ids: What ends an answer: steps after it do not count.
    """

    def __init__(self, stop_ids: frozenset[int]) -> None:
        self._stop = torch.tensor(sorted(stop_ids))
        self._done: torch.Tensor | None = None
        self._fragile: torch.Tensor | None = None

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Looks at one step: input_ids (n_rows, n_tokens), scores (n_rows, n_vocabulary)."""
        top = scores.topk(2, dim=-1).values
        close = (top[:, 0] - top[:, 1]) <= RELATIVE_MARGIN * scores.abs().amax(dim=-1)
        if self._done is None or self._fragile is None:
            self._done, self._fragile = torch.zeros_like(close), close
        else:
            self._done = self._done | torch.isin(input_ids[:, -1], self._stop.to(input_ids.device))
            self._fragile = self._fragile | (close & ~self._done)
        return scores

    def rows(self) -> list[int]:
        """Gives the rows of the batch that are fragile."""
        return [] if self._fragile is None else torch.nonzero(self._fragile).flatten().tolist()
