import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from sdp.errors import InputError, ResourceError
from sdp.models.resolve import resolve_model, resolve_tokenizer


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


ASK = """
import sys
from sdp.errors import SdpError
from sdp.models import resolve
try:
    print(getattr(resolve, sys.argv[2])(sys.argv[1]).location)
except SdpError as error:
    print(type(error).__name__, error)
"""


def ask(endpoint: str, cache: Path, name: str = "some/model", asked: str = "resolve_model") -> str:
    """What `resolve_model` says in a process that asks another hub."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "0", "HF_ENDPOINT": endpoint, "HF_HOME": str(cache)}
    command = [sys.executable, "-c", ASK, name, asked]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, timeout=100)
    return done.stdout.strip()


class Hub(BaseHTTPRequestHandler):
    """A hub with one model."""

    files: ClassVar[dict[str, bytes]] = {}

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self.path.startswith("/api/models/some/model"):
            body = json.dumps({"id": "some/model", "sha": "c" * 40, "siblings": [{"rfilename": n} for n in self.files]})
            self.answer(body.encode(), "list")
        elif self.path.startswith("/some/model/resolve/") and (name := self.path.split("/", 5)[5]) in self.files:
            self.answer(self.files[name], name)
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def answer(self, body: bytes, tag: str) -> None:
        self.send_response(200)
        for header, value in (("ETag", f'"{tag}"'), ("X-Repo-Commit", "c" * 40), ("Content-Length", str(len(body)))):
            self.send_header(header, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def hub(model_folder: Path) -> Iterator[str]:
    Hub.files = {path.name: path.read_bytes() for path in model_folder.iterdir()}
    Hub.files |= {"pytorch_model.bin": b"pickle", "modeling_x.py": b"code", "onnx/config.json": b"{}"}
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.slow
def test_a_hub_model_is_downloaded_once_and_nothing_that_could_run(
    hub: str, tmp_path: Path, model_folder: Path
) -> None:
    folder = Path(ask(hub, tmp_path))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in model_folder.iterdir()
    }
    assert ask("http://127.0.0.1:9", tmp_path) == str(folder), "without a network the cache has to do"
    answer = ask(hub, tmp_path, "no/such")
    assert answer.startswith("ResourceError the hub has no model 'no/such'")


@pytest.mark.slow
def test_of_a_hub_model_s_tokenizer_no_weights_are_downloaded(hub: str, tmp_path: Path, model_folder: Path) -> None:
    folder = Path(ask(hub, tmp_path, asked="resolve_tokenizer"))
    wanted = {path.name for path in model_folder.iterdir()} - {"model.safetensors"}
    assert {path.name for path in folder.iterdir()} == wanted
    assert ask("http://127.0.0.1:9", tmp_path, asked="resolve_tokenizer") == str(folder)


def test_a_tokenizer_needs_no_model_beside_it(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").touch()
    (tmp_path / "sdp.json").write_text(json.dumps({"prompt_format": "plain"}))
    found = resolve_tokenizer(str(tmp_path))
    assert (found.folder, found.prompt_format) == (tmp_path, "plain")
    assert resolve_tokenizer("tiny") == resolve_model("tiny")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("empty", "is not a tokenizer folder"),
        ("file", "is a file"),
        ("./nowhere", "is not there"),
        ("a/b/c", "not there"),
    ],
)
def test_what_is_no_tokenizer_is_refused(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=what) as caught:
        resolve_tokenizer(name)
    assert "tokenizer.json" in str(caught.value)


@pytest.mark.slow
def test_without_a_connection_a_hub_name_says_how_to_use_a_folder(tmp_path: Path) -> None:
    answer = ask("http://127.0.0.1:9", tmp_path)  # nothing listens on port 9 of this machine
    assert answer.startswith("ResourceError model 'some/model' is not a folder, and the Hugging Face hub cannot be")
    assert "config.json" in answer


@pytest.mark.slow
def test_a_hub_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answer = ask(f"http://127.0.0.1:{silent.getsockname()[1]}", tmp_path)
    assert "cannot be reached" in answer
