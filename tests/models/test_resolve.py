import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sdp.errors import InputError, ResourceError
from sdp.models.resolve import resolve_model


def test_a_folder_is_a_model(model_folder: Path) -> None:
    found = resolve_model(str(model_folder))
    assert found.is_local
    assert found.folder == model_folder.resolve()
    assert (found.answer_style, found.prompt_format) == ("direct", "auto")


def test_a_model_says_how_it_wants_to_be_asked(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()
    (tmp_path / "model.safetensors").touch()
    (tmp_path / "sdp.json").write_text(json.dumps({"answer_style": "trace", "prompt_format": "plain"}))
    found = resolve_model(str(tmp_path))
    assert (found.answer_style, found.prompt_format) == ("trace", "plain")


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_broken_note_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").touch()
    (tmp_path / "model.safetensors").touch()
    (tmp_path / "sdp.json").write_text(text)
    with pytest.raises(InputError, match=r"sdp\.json"):
        resolve_model(str(tmp_path))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a model folder") as caught:
        resolve_model(str(tmp_path))
    assert "--model tiny" in str(caught.value)


def test_an_adapter_is_not_a_model(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").touch()
    with pytest.raises(InputError, match="is an adapter"):
        resolve_model(str(tmp_path))


def test_pickled_weights_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "config.json").touch()
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(InputError, match="safetensors"):
        resolve_model(str(tmp_path))


def test_a_file_is_not_a_model(tmp_path: Path) -> None:
    (tmp_path / "model.bin").touch()
    with pytest.raises(InputError, match="is a file"):
        resolve_model(str(tmp_path / "model.bin"))


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all", "a/b/c", "", "~nobody/x", "no such/model!"])
def test_what_can_be_neither_folder_nor_hub_name_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        resolve_model(name)


def test_offline_a_hub_name_says_how_to_use_a_folder() -> None:
    with pytest.raises(ResourceError, match="cannot be reached") as caught:
        resolve_model("nobody/nothing")
    assert "config.json" in str(caught.value)


def test_without_a_connection_a_hub_name_says_how_to_use_a_folder(tmp_path: Path) -> None:
    code = (
        "from sdp.errors import ResourceError\nfrom sdp.models.resolve import resolve_model\n"
        "try: resolve_model('nobody/nothing')\nexcept ResourceError as error: print(error)"
    )
    # nothing listens on port 9 of this machine
    environment = {**os.environ, "HF_HUB_OFFLINE": "0", "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True, timeout=100
    )
    assert "cannot be reached" in done.stdout, done.stderr
