"""A layer's weight in the type that is computed in; what never changes is converted once."""

import torch
from torch import nn
from torch.distributed import is_initialized
from transformers.pytorch_utils import Conv1D


class Weight:
    """The weight and bias of a linear layer.

    Args:
        layer: `torch.nn.Linear`, or transformers' `Conv1D`, whose weight lies the other way round.
    """

    def __init__(self, layer: nn.Module) -> None:
        self._layer = layer
        self._kept: dict[torch.dtype, tuple[torch.Tensor, torch.Tensor | None]] = {}

    def __call__(self, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Gives both in a type.

        Args:
            dtype: What is computed in.

        Returns:
            The weight, (n_out, n_in), and the bias, (n_out,), or None.
        """
        weight: torch.Tensor = self._layer.get_parameter("weight")
        bias: torch.Tensor | None = self._layer._parameters.get("bias")  # noqa: SLF001  (get_parameter refuses None)
        turned = weight.t() if isinstance(self._layer, Conv1D) else weight
        if weight.dtype == dtype:
            return turned, None if bias is None else bias.to(dtype)
        if dtype in self._kept:
            return self._kept[dtype]
        made = turned.to(dtype), None if bias is None else bias.to(dtype)
        # where processes share the weights out among them, a copy of the whole would undo that
        if not weight.requires_grad and not (bias is not None and bias.requires_grad) and not is_initialized():
            self._kept[dtype] = made
        return made


def compute_dtype(x: torch.Tensor) -> torch.dtype:
    """Says in which type a product with `x` is computed: autocast's, or its own."""
    kind = x.device.type
    return torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else x.dtype
