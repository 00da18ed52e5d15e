import json
import shutil
from pathlib import Path

import pytest
import torch
from tests.models import build

from sdp.errors import InputError, ResourceError
from sdp.finetuning.arguments import pick_precision
from sdp.models.load import (
    check_vocabulary,
    end_ids_of,
    load_model,
    load_tokenizer,
    pick_device,
    pick_dtype,
)
from sdp.models.resolve import resolve_model
from sdp.recipes.schema import Recipe


def copy(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / "copy"))


def test_what_was_saved_is_what_is_loaded(model_folder: Path) -> None:
    resolved = resolve_model(str(model_folder))
    model, tokenizer = load_model(resolved, device="cpu"), load_tokenizer(resolved)
    assert not model.training
    assert model.dtype == torch.float32
    ids = torch.tensor([tokenizer("Spell plan.")["input_ids"]])
    torch.testing.assert_close(model(ids).logits, build.model()(ids).logits)
    check_vocabulary(model, tokenizer)
    assert end_ids_of(model) == {tokenizer.eos_token_id}


def test_several_ends_of_a_generation_config_count() -> None:
    model = build.model()
    model.generation_config.eos_token_id = [0, 3]
    assert end_ids_of(model) == {0, 3}
    model.generation_config.eos_token_id = None
    assert end_ids_of(model) == frozenset()


def test_broken_weights_are_refused(model_folder: Path, tmp_path: Path) -> None:
    folder = copy(model_folder, tmp_path)
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(InputError, match="cannot load model"):
        load_model(resolve_model(str(folder)), device="cpu")


def test_a_broken_tokenizer_is_refused(model_folder: Path, tmp_path: Path) -> None:
    folder = copy(model_folder, tmp_path)
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(InputError, match="cannot load the tokenizer"):
        load_tokenizer(resolve_model(str(folder)))


def test_a_models_own_code_is_never_run(model_folder: Path, tmp_path: Path) -> None:
    folder = copy(model_folder, tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": {"AutoConfig": "evil.C", "AutoModelForCausalLM": "evil.M"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass C: pass\nclass M: pass\n")
    with pytest.raises(InputError):
        load_model(resolve_model(str(folder)), device="cpu")
    assert not (tmp_path / "ran").exists()


def test_a_tokenizer_of_another_model_is_refused() -> None:
    with pytest.raises(InputError, match="knows only 50"):
        check_vocabulary(build.model(n_vocabulary=50), build.tokenizer())


def test_devices() -> None:
    assert pick_device("cpu") == "cpu"
    assert pick_device("auto") in {"cpu", "cuda", "mps"}
    with pytest.raises(InputError, match="no device 'gpu'"):
        pick_device("gpu")
    for kind, there in (("cuda", torch.cuda.is_available()), ("mps", torch.backends.mps.is_available())):
        if not there:
            with pytest.raises(ResourceError, match=kind):
                pick_device(kind)


def test_dtypes() -> None:
    assert pick_dtype("auto", "cpu") == torch.float32
    assert pick_dtype("bfloat16", "cpu") == torch.bfloat16
    with pytest.raises(InputError, match="did you mean 'float32'"):
        pick_dtype("float23", "cpu")


def test_a_card_that_only_pretends_to_have_bfloat16_keeps_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    """torch says yes for a T4, where it converts back and forth, unless it is asked for the real thing."""
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation)
    assert pick_dtype("auto", "cuda") == torch.float32
    assert pick_precision(Recipe(), "cuda") == "no"
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: True)
    assert pick_dtype("auto", "cuda") == torch.bfloat16
    assert pick_precision(Recipe(), "cuda") == "bf16"
