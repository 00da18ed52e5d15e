"""Unsloth is started in an environment of its own, or refused in words."""

import ast
import json
import os
import sys
from pathlib import Path

import pytest
from tests.exports import environments
from tests.faults.processes import sdp

from sdp.errors import ConfigError, MissingExtra
from sdp.finetuning.backends import unsloth
from sdp.finetuning.backends.choose import check_backend
from sdp.recipes.schema import Recipe, Training


def test_the_worker_imports_nothing_of_ours():
    tree = ast.parse(unsloth.WORKER.read_text())
    names = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    assert not [name for name in names if name.split(".")[0] in {"sdp", "tests"}]


def test_we_import_nothing_of_unsloth():
    sources = [path for path in unsloth.WORKER.parents[2].rglob("*.py") if path != unsloth.WORKER]
    imported = [
        path.name
        for path in sources
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        if name.split(".")[0] in {"unsloth", "unsloth_zoo"}
    ]
    assert not imported


def test_an_interpreter_is_wanted(monkeypatch):
    monkeypatch.setattr(unsloth, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="needs Unsloth") as caught:
        check_backend(Recipe(backend="unsloth"))
    assert "--unsloth-python" in caught.value.hint


def test_one_that_is_not_there():
    with pytest.raises(MissingExtra, match="no interpreter"):
        check_backend(Recipe(backend="unsloth", unsloth_python="/nowhere/python"))


def test_one_that_is_there():
    assert unsloth.check(Recipe(backend="unsloth", unsloth_python=sys.executable)) == sys.executable


@pytest.mark.parametrize("wanted", [{"method": "dora"}, {"training": Training(packing=True)}])
def test_what_unsloth_does_not_do(wanted):
    with pytest.raises(ConfigError):
        check_backend(Recipe(backend="unsloth", unsloth_python=sys.executable, **wanted))


@pytest.mark.slow
def test_an_environment_without_unsloth(data, model_folder):
    """The real worker, in an environment that lacks what it needs: ours."""
    words = ["--data", "spelling", "--steps", "2", "--device", "cpu", "--quiet"]
    done = sdp(
        "finetune", "--backend", "unsloth", "--unsloth-python", sys.executable, "--model", str(model_folder), *words
    )
    assert done.returncode == 5, done.stderr
    assert "No module named 'unsloth'" in done.stderr


if os.environ.get("SDP_TEST_UNSLOTH"):  # its environment is large, and what it needs may not be on the index

    @pytest.mark.slow
    @pytest.mark.parametrize("method", ["lora", "full"])
    def test_unsloth_trains_on_a_cpu(data, model_folder, method):
        every = [word for name in ("eval", "save", "logging") for word in ("-o", f"training.{name}_steps=3")]
        done = sdp(
            "finetune", "--backend", "unsloth", "--unsloth-python", environments.python_of("unsloth"),
            "--model", str(model_folder), "--data", "spelling", "--steps", "6", "--device", "cpu", "--quiet", "--json",
            "--method", method, "-o", "eval_rows=16", *every,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout)
        assert result["trained"]["steps"] == 6
        run = Path(result["run"])
        record = json.loads((run / "run.json").read_text())
        assert record["versions"]["unsloth:trl"] == "1.15.0"
        kinds = [json.loads(line)["event"] for line in (run / "events.jsonl").read_text().splitlines()]
        assert {"train", "eval", "checkpoint", "trained"} <= set(kinds)
        assert list(run.glob("adapter/adapter_model.safetensors" if method == "lora" else "model/model.safetensors"))
