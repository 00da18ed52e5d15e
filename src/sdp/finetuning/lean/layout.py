"""How a flat batch lies in memory, and how attention sees it: examples of like length side by side, padded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

_WASTE = 2
"""Examples are padded together as long as the longest is not longer than so many times the shortest."""


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the tokens of a flat batch stand in the padded view.

    The flat batch holds examples one after the other, (n_tokens,). The padded view holds groups of examples, one group
    after the other, each (n_examples, longest) and padded on the right: causal attention cannot look to the right, so
    the padding needs no mask.
    """

    groups: tuple[tuple[int, int], ...]
    """Examples and longest example of each group."""
    to_padded: torch.Tensor
    """The flat place of each padded place, (n_padded,); padding points to place 0."""
    to_flat: torch.Tensor
    """The padded place of each flat place, (n_tokens,)."""
    padding: torch.Tensor
    """The padded places that hold no token, (n_padded - n_tokens,)."""
    bounds: torch.Tensor
    """Where each example begins in the flat batch, and where the last ends, (n_examples + 1,), int32."""

    @cached_property
    def is_dense(self) -> bool:
        """Whether flat and padded are the same: one group without padding."""
        return len(self.groups) == 1 and not len(self.padding)

    @property
    def longest(self) -> int:
        """Tokens of the longest example."""
        return max(length for _, length in self.groups)

    def to(self, device: torch.device) -> "Layout":
        """Gives the same layout on a device."""
        if self.bounds.device == device:
            return self
        moved = (t.to(device, non_blocking=True) for t in (self.to_padded, self.to_flat, self.padding, self.bounds))
        return Layout(self.groups, *moved)


def layout_of(lengths: Sequence[int]) -> Layout:
    """Lays out a batch.

    Args:
        lengths: Tokens of each example, at least one each, in the order of the flat batch.
    """
    sizes = np.asarray(lengths, np.int64)
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    order = np.argsort(-sizes, kind="stable")
    pieces: list[npt.NDArray[np.int64]] = []
    groups: list[tuple[int, int]] = []
    for members in _cut(sizes, order):
        longest = int(sizes[members[0]])
        within = np.arange(longest)[None, :]  # (1, longest)
        places = np.where(within < sizes[members, None], bounds[members, None] + within, -1)
        pieces.append(places.reshape(-1))
        groups.append((len(members), longest))
    padded = np.concatenate(pieces)
    filled = np.flatnonzero(padded >= 0)
    to_flat = np.empty(int(bounds[-1]), np.int64)
    to_flat[padded[filled]] = filled
    return Layout(
        groups=tuple(groups),
        to_padded=torch.from_numpy(np.maximum(padded, 0)),
        to_flat=torch.from_numpy(to_flat),
        padding=torch.from_numpy(np.flatnonzero(padded < 0)),
        bounds=torch.from_numpy(bounds.astype(np.int32)),
    )


def _cut(sizes: npt.NDArray[np.int64], order: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """Cuts examples, longest first, into groups of like length."""
    groups, start = [], 0
    while start < len(order):
        ordered = sizes[order]
        end = int(np.searchsorted(-ordered, -ordered[start] / _WASTE, side="right"))
        groups.append(order[start:end])
        start = end
    return groups


class _Pad(torch.autograd.Function):
    """Flat to padded, (n_heads, n_tokens, d) to (n_heads, n_padded, d): both ways a gather, never a scatter."""

    @staticmethod
    def forward(ctx: Any, flat: torch.Tensor, layout: Layout) -> torch.Tensor:
        ctx.layout = layout
        return flat.index_select(1, layout.to_padded)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        return gradients[0].index_select(1, ctx.layout.to_flat), None  # nothing that is kept has seen the padding


class _Unpad(torch.autograd.Function):
    """Padded to flat."""

    @staticmethod
    def forward(ctx: Any, padded: torch.Tensor, layout: Layout) -> torch.Tensor:
        ctx.layout = layout
        return padded.index_select(1, layout.to_flat)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        padded = gradients[0].index_select(1, ctx.layout.to_padded)
        return padded.index_fill_(1, ctx.layout.padding, 0.0), None


_pad: Any = _Pad.apply
_unpad: Any = _Unpad.apply


def pad(flat: torch.Tensor, layout: Layout) -> list[torch.Tensor]:
    """Gives the padded view of each group.

    Args:
        flat: (n_heads, n_tokens, d).
        layout: Of the batch.

    Returns:
        One (n_heads, n_examples, longest, d) per group; what stands in the padding has no meaning.
    """
    padded: torch.Tensor = flat if layout.is_dense else _pad(flat, layout)
    sizes = [n * longest for n, longest in layout.groups]
    parts = padded.split(sizes, dim=1) if len(sizes) > 1 else [padded]
    shapes = zip(parts, layout.groups, strict=True)
    return [part.unflatten(1, (n, longest)) for part, (n, longest) in shapes]


def unpad(groups: Sequence[torch.Tensor], layout: Layout) -> torch.Tensor:
    """Takes the padding out again.

    Args:
        groups: As `pad` gives them.
        layout: Of the batch.

    Returns:
        (n_heads, n_tokens, d).
    """
    parts = [group.flatten(1, 2) for group in groups]
    padded = torch.cat(parts, dim=1) if len(parts) > 1 else parts[0]
    flat: torch.Tensor = padded if layout.is_dense else _unpad(padded, layout)
    return flat
