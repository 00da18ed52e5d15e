"""Two checkpoints side by side."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tests.runs.checkpoints import made

from sdp.runs.checkpoints import folder as folders
from sdp.runs.checkpoints.compare import compare


def test_one_and_itself(tmp_path: Path) -> None:
    path = made.publish(tmp_path, 10, 0.5)
    compared = compare(path, path)
    assert compared.same_weights
    assert compared.facts == {}
    assert compared.files == {"optimizer.pt": True}
    assert compared.metrics == {"eval_loss": (0.5, 0.5)}


def test_what_differs(tmp_path: Path) -> None:
    environment = made.ENVIRONMENT.model_copy(update={"device": "cuda", "versions": {"torch": "3"}})
    a, b = made.publish(tmp_path, 10, 0.5), made.publish(tmp_path, 20, recipe="other", environment=environment)
    compared = compare(a, b)
    assert not compared.same_weights
    assert compared.facts == {
        "step": (10, 20), "recipe": ("r", "other"), "device": ("cpu", "cuda"), "torch": ("2.13.0", "3"),
    }  # fmt: skip
    assert compared.metrics == {"eval_loss": (0.5, None)}
    assert compared.files == {"optimizer.pt": False}
    one, same = compared.tensors
    left, right = (made.weights(step)["a.weight"].astype(np.float64) for step in (10, 20))
    assert (one.name, one.shape, one.equal) == ("a.weight", (3, 4), False)
    assert one.largest == pytest.approx(np.max(np.abs(right - left)))
    assert one.relative == pytest.approx(np.sqrt(((right - left) ** 2).sum() / (left**2).sum()))
    assert same.equal
    assert (same.largest, same.relative) == (0, 0)


def test_tensors_of_another_shape_or_in_one_alone(tmp_path: Path) -> None:
    a = made.publish(tmp_path, 10)
    target = made.write(tmp_path, 20)
    save_file({"a.weight": np.ones((4, 3), np.float32), "new": np.ones(1)}, target / "adapter_model.safetensors")
    save_file({"z": np.zeros(1)}, target / "more.safetensors")
    compared = compare(a, folders.publish(tmp_path, made.about(), 20))
    assert compared.tensors == []
    assert compared.unlike == [
        "adapter_model.safetensors: a.weight, [3, 4] and [4, 3]",
        "adapter_model.safetensors: new, in one alone",
        "adapter_model.safetensors: same, in one alone",
        "more.safetensors: in one alone",
    ]


def test_minus_zero_is_other_bits_and_no_distance(tmp_path: Path) -> None:
    for step, zero in ((1, 0.0), (2, -0.0)):
        save_file({"z": np.array([zero])}, made.write(tmp_path, step) / "adapter_model.safetensors")
    a, b = (folders.publish(tmp_path, made.about(), step) for step in (1, 2))
    (tensor,) = compare(a, b).tensors
    assert (tensor.equal, tensor.largest, tensor.relative) == (False, 0, None)
