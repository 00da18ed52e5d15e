"""The README's three commands in an empty folder, with no further arguments: each finds what the one before left."""

import json
import subprocess
import sys

import pytest

COMMANDS = (
    ("generate", "spelling", "--n", "50000"),
    ("finetune",),
    ("bench", "--compare", "baseline"),
)


@pytest.mark.slow
def test_three_commands_teach_spelling(tmp_path):
    printed = ""
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", "sdp", *command, "--json"], cwd=tmp_path, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        printed = done.stdout
    result = json.loads(printed)

    [spelling] = [row for row in result["comparisons"] if row["task"] == "spelling"]
    assert spelling["difference"] >= 0.25
    assert spelling["p"] < 1e-6
    assert spelling["n_unpaired"] == 0

    # The shipped model leaves room up and down on every task.
    [baseline] = [model for model in result["models"] if model["label"] == "baseline"]
    for name, task in baseline["tasks"].items():
        assert 0.05 <= task["scores"]["exact_match"]["value"] <= 0.60, name
    count = baseline["tasks"]["count"]
    assert count["scores"]["exact_match"]["value"] > count["floor"]

    # Test sets that were missing are made of held-out words only.
    for task in ("position", "count"):
        manifest = json.loads((tmp_path / "data/bench" / task / "manifest.json").read_text())
        assert set(manifest["splits"]) == {"test"}
    assert list(tmp_path.glob("runs/*/bench/*/report.html"))
