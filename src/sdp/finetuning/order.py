"""Which examples an optimiser step trains, and which process takes which: a function of (seed, epoch) alone."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from torch.utils.data import Sampler

from sdp.finetuning.packing import Ints, bins_of, filled
from sdp.seeds import derive

_POOL_BATCHES = 50
"""Batches that are sorted by length together: enough to save most padding, few enough to keep the order random."""


def epoch_order(lengths: Ints, batch_size: int, seed: int, epoch: int) -> Ints:
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


class Order:
    """The steps of a training run. What a step trains does not depend on how many processes share it.

    Args:
        lengths: Tokens of each example, (n_examples,).
        batch_size: Examples of a micro-batch; with `max_tokens`: bins of so many tokens.
        accumulation: Micro-batches that a process takes per step.
        n_processes: Processes that share a step.
        seed: Of the run.
        max_tokens: Examples are packed into bins of so many tokens; None: they are not.
    """

    def __init__(
        self,
        lengths: Ints,
        batch_size: int,
        *,
        accumulation: int = 1,
        n_processes: int = 1,
        seed: int = 0,
        max_tokens: int | None = None,
    ) -> None:
        self._lengths = lengths
        self._per_round = batch_size * n_processes
        self._per_step = batch_size * accumulation * n_processes
        self._n_processes = n_processes
        self._seed = seed
        self._bins = None if max_tokens is None else bins_of(lengths, max_tokens)
        self._n_units = len(lengths) if self._bins is None else len(self._bins)

    @property
    def n_steps(self) -> int:
        """Optimiser steps of an epoch; the last may be a part one."""
        return -(-self._n_units // self._per_step)

    @property
    def n_micro_batches(self) -> int:
        """Micro-batches of an epoch that each process takes."""
        full, rest = divmod(self._n_units, self._per_step)
        return full * (self._per_step // self._per_round) + -(-rest // self._per_round)

    def micro_batches(self, epoch: int, process: int = 0) -> Iterator[list[int]]:
        """Gives the examples of one process, in order.

        Args:
            epoch: 0, 1, 2 …
            process: Which.

        Yields:
            One list per micro-batch. Every process gets as many lists; in the last step some may be empty.
        """
        for units in self._steps(epoch):
            n_parts = -(-len(units) // self._per_round) * self._n_processes
            for part in np.array_split(np.arange(len(units)), n_parts)[process :: self._n_processes]:
                yield [int(example) for unit in part for example in units[unit]]

    def most_tokens(self) -> int:
        """Gives the tokens of the largest micro-batch of the first epoch."""
        batches = (batch for process in range(self._n_processes) for batch in self.micro_batches(0, process))
        return max(int(self._lengths[batch].sum()) for batch in batches)

    def step(self, done: int) -> list[int]:
        """Gives the examples of a step, over all processes.

        Args:
            done: Steps before it.
        """
        epoch, place = divmod(done, self.n_steps)
        units = next(found for i, found in enumerate(self._steps(epoch)) if i == place)
        return [int(example) for unit in units for example in unit]

    def seen(self, step: int) -> tuple[int, int]:
        """Counts the examples and tokens (prompts included, padding not) that so many steps have trained."""
        epoch, rest = divmod(step, self.n_steps)
        examples, tokens = self._sums(epoch) if rest else ([0], [0])
        n, total = len(self._lengths), int(self._lengths.sum())
        return epoch * n + int(examples[rest]), epoch * total + int(tokens[rest])

    @lru_cache(maxsize=2)  # noqa: B019  (an order lives as long as its run)
    def _sums(self, epoch: int) -> tuple[Ints, Ints]:
        steps = [np.concatenate(units) for units in self._steps(epoch)]
        counts = [0, *(len(step) for step in steps)], [0, *(int(self._lengths[step].sum()) for step in steps)]
        return np.cumsum(counts[0]), np.cumsum(counts[1])

    def _steps(self, epoch: int) -> Iterator[list[Ints]]:
        units = self._units(epoch)
        for first in range(0, len(units), self._per_step):
            yield list(units[first : first + self._per_step])

    def _units(self, epoch: int) -> Sequence[Ints]:
        if self._bins is None:
            return list(epoch_order(self._lengths, self._per_step, self._seed, epoch)[:, None])
        rng = np.random.Generator(np.random.PCG64(derive("order", self._seed, epoch)))
        return filled(self._bins, self._lengths, rng)


class MicroBatches(Sampler[list[int]]):
    """Yields one process's micro-batches. A resumed run asks for the same epoch and goes on exactly.

    Args:
        order: Of the run.
        process: Which.
    """

    def __init__(self, order: Order, process: int = 0) -> None:
        self._order = order
        self._process = process
        self._epoch = 0

    @property
    def batch_sampler(self) -> "MicroBatches":
        """Where `transformers.Trainer` looks for what it tells the epoch to."""
        return self

    def set_epoch(self, epoch: int) -> None:
        """Chooses the epoch; the trainer calls it before each."""
        self._epoch = epoch

    def __len__(self) -> int:
        return self._order.n_micro_batches

    def __iter__(self) -> Iterator[list[int]]:
        return self._order.micro_batches(self._epoch, self._process)
