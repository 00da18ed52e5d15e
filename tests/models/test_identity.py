from pathlib import Path

import torch
from safetensors.torch import save_file

from sdp.models.identity import weights_identity


def saved(folder: Path, **changed: float) -> Path:
    folder.mkdir()
    weights = {"a": torch.arange(200_000.0), "b": torch.zeros(3)}
    for name, value in changed.items():
        weights[name] = weights[name] + value
    save_file(weights, folder / "model.safetensors")
    return folder


def test_equal_weights_are_equal_wherever_they_lie(tmp_path: Path) -> None:
    first = saved(tmp_path / "1")
    second = saved(tmp_path / "2")
    (second / "config.json").write_text("{}")
    assert weights_identity(first) == weights_identity(second)


def test_other_weights_are_others(tmp_path: Path) -> None:
    folders = [saved(tmp_path / "0"), saved(tmp_path / "1", a=1e-2), saved(tmp_path / "2", b=1.0)]
    assert len({weights_identity(folder) for folder in folders}) == 3
