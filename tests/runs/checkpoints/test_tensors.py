"""Tensors as numbers: the same as safetensors and torch read."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from sdp.errors import InputError
from sdp.runs.checkpoints.tensors import load

KINDS = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int8, torch.uint8, torch.bool]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_as_torch_reads_them(tmp_path: Path, kind: torch.dtype) -> None:
    torch.manual_seed(0)
    values = (torch.randn(5, 3) * 40).abs().to(kind)
    save_file({"x": values, "none": values[:0], "one": values[0, 0].clone()}, tmp_path / "a.safetensors")
    found = load(tmp_path / "a.safetensors")
    np.testing.assert_array_equal(found["x"].values(), values.double().numpy())
    assert {name: tensor.shape for name, tensor in found.items()} == {"x": (5, 3), "none": (0, 3), "one": ()}


@pytest.mark.parametrize("damage", [lambda raw: raw[:-1], lambda raw: raw[:4], lambda raw: b"", lambda raw: b"x" * 99])
def test_a_damaged_file_is_refused(tmp_path: Path, damage) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"x": torch.ones(4)}, path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError):
        load(path)


def test_a_kind_that_numpy_does_not_know(tmp_path: Path) -> None:
    save_file({"x": torch.ones(4).to(torch.float8_e4m3fn)}, tmp_path / "a.safetensors")
    with pytest.raises(InputError, match="kind F8_E4M3 cannot be compared"):
        load(tmp_path / "a.safetensors")
