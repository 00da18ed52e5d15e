"""In which order examples come: shuffled, examples of like length together, a function of (seed, epoch) alone."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from torch.utils.data import Sampler

from sdp.seeds import derive

_POOL_BATCHES = 50
"""Batches that are sorted by length together: enough to save most padding, few enough to keep the order random."""


def epoch_order(lengths: npt.NDArray[np.int64], batch_size: int, seed: int, epoch: int) -> npt.NDArray[np.int64]:
    """Orders examples for one epoch.

    Args:
        lengths: Tokens of each example, (n_examples,).
        batch_size: Consecutive examples that make a batch.
        seed: Of the run.
        epoch: 0, 1, 2 …

    Returns:
        Every index once, (n_examples,); cut into runs of `batch_size` it gives batches of like length. If the last is
        not full, it holds the shortest examples of the last pool.
    """
    rng = np.random.Generator(np.random.PCG64(derive("order", seed, epoch)))
    order = rng.permutation(len(lengths))
    pool = batch_size * _POOL_BATCHES
    pools = [order[first : first + pool] for first in range(0, len(order), pool)]
    # longest first, so that the part batch at the very end is made of short ones
    order = np.concatenate([part[np.argsort(-lengths[part], kind="stable")] for part in pools]) if pools else order
    n_full = len(order) // batch_size
    full, rest = order[: n_full * batch_size].reshape(n_full, batch_size), order[n_full * batch_size :]
    return np.concatenate([full[rng.permutation(n_full)].reshape(-1), rest])


class LengthSampler(Sampler[int]):
    """Yields `epoch_order`. A resumed run asks for the same epoch and gets the same order, so it goes on exactly.

    Args:
        lengths: Tokens of each example.
        batch_size: As in `epoch_order`.
        seed: As in `epoch_order`.
    """

    def __init__(self, lengths: npt.NDArray[np.int64], batch_size: int, seed: int) -> None:
        self._lengths = lengths
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Chooses the epoch; the trainer calls it before each."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        return iter(epoch_order(self._lengths, self._batch_size, self._seed, self._epoch).tolist())
