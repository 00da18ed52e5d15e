from typing import Any

import pytest

from sdp.errors import ExitCode, MissingExtra, ResourceError
from sdp.finetuning import device_needs
from sdp.finetuning.device_needs import check_device
from sdp.recipes.schema import Recipe, Training


def recipe(method: str = "lora", **training: Any) -> Recipe:
    return Recipe(method=method, training=Training(**training))  # type: ignore[arg-type]


@pytest.mark.parametrize("key", [{"optim": "adamw_8bit"}, {"optim": "paged_adamw_8bit"}, {"fp16": True}])
def test_what_needs_cuda_is_refused_on_a_cpu_with_what_runs_there(key: dict[str, Any]) -> None:
    with pytest.raises(ResourceError, match="needs a CUDA device, and this run is on cpu") as caught:
        check_device(recipe(**key), "cpu")
    assert caught.value.exit_code == ExitCode.MISSING
    assert caught.value.hint
    assert any(word in caught.value.hint for word in ("adamw_torch_fused", "float32"))


def test_what_runs_everywhere_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_needs, "require_bitsandbytes", lambda what: None)
    check_device(recipe(bf16=True, optim="sgd"), "cpu")
    check_device(recipe(fp16=True, optim="adamw_8bit"), "cuda")


def test_qlora_needs_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdp.finetuning.methods.quantized.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="--method qlora needs bitsandbytes") as caught:
        check_device(recipe("qlora"), "cpu")
    assert "sdp[qlora]" in str(caught.value)
