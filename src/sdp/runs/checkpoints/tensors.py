"""Tensors of a safetensors file as NumPy arrays, bfloat16 included, without torch and without reading them all at once.

The format: eight bytes that say how long the header is, the header in JSON, the tensors one after the other
(https://github.com/huggingface/safetensors#format).
"""

import json
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sdp.errors import InputError

_DTYPES: dict[str, npt.DTypeLike] = {
    "F64": np.float64, "F32": np.float32, "F16": np.float16, "BF16": np.uint16, "I64": np.int64, "I32": np.int32,
    "I16": np.int16, "I8": np.int8, "U8": np.uint8, "BOOL": np.bool_,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor as it lies in its file."""

    kind: str
    shape: tuple[int, ...]
    raw: npt.NDArray[np.uint8]
    """Its bytes, read when they are looked at."""

    def values(self) -> npt.NDArray[np.float64]:
        """Gives numbers, in float64, which holds every value of the narrower kinds (of integers those below 2⁵³)."""
        data = np.ascontiguousarray(self.raw).view(_DTYPES[self.kind])
        if self.kind == "BF16":  # the upper half of a float32
            data = (data.astype(np.uint32) << 16).view(np.float32)
        return data.astype(np.float64).reshape(self.shape)


def load(path: Path) -> dict[str, Stored]:
    """Opens the tensors of a file.

    Args:
        path: A ``.safetensors`` file.

    Returns:
        By name.

    Raises:
        InputError: The file is damaged, or holds a kind of number that NumPy does not know.
    """
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
        length = int(data[:8].view("<u8")[0])
        header = json.loads(bytes(data[8 : 8 + length]))
        header.pop("__metadata__", None)
        return {name: _stored(part, data[8 + length :], f"{path}: {name}") for name, part in header.items()}
    except (OSError, ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise InputError(f"cannot read tensors: {error}", where=str(path)) from error


def _stored(part: dict[str, Any], data: npt.NDArray[np.uint8], where: str) -> Stored:
    kind, shape, (first, last) = part["dtype"], tuple(part["shape"]), part["data_offsets"]
    if kind not in _DTYPES:
        raise InputError(f"tensors of kind {kind} cannot be compared", where=where)
    raw = data[first:last]
    if raw.size != prod(shape) * np.dtype(_DTYPES[kind]).itemsize:
        raise InputError("the file is cut off", where=where)
    return Stored(kind, shape, raw)
