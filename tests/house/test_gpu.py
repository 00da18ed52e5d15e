"""`make gpu` where there is no GPU, and the table that it prints where there is one."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "peers" / "gpu.py"


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    import gpu

    return gpu


def test_without_a_gpu_it_says_so_and_ends_with_5():
    if torch.cuda.is_available():
        pytest.skip("this machine has one")
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False)
    assert done.returncode == 5
    assert done.stderr.startswith("no CUDA device here: nothing was measured")
    assert done.stdout == ""


def test_the_table(gpu):
    row = {"examples_per_s": 1000.4, "tokens_per_s": 40_000.0, "peak_memory_bytes": 3 * 2**30, "eval_loss": 0.25}
    lines = gpu.table([("sdp lean", row), ("TRL", {"error": "no TRL"})], peak=1e14, flops_per_token=1e9).splitlines()
    assert lines[2] == "| sdp lean | 1,000 | 40,000 | 40.0% | 3.0 GiB | 0.250 |"
    assert lines[3].startswith("| TRL | failed: no TRL |")
    assert len({line.count("|") for line in lines}) == 1
    (full,) = gpu.table([("sdp lean, full", row)], peak=1e14, flops_per_token=1e9).splitlines()[2:]
    assert "| 60.0% |" in full, "three passes instead of two"


def test_reasons_are_read_from_json_and_from_text(gpu):
    assert gpu.reason('note\n{"error": {"what": "no GPU", "exit_code": 5}}\n') == "no GPU"
    assert gpu.reason("Traceback\nValueError: x") == "ValueError: x"
    assert gpu.reason("") == "no message"


def test_qlora_and_unsloth_are_among_the_contestants_on_a_gpu(gpu, monkeypatch):
    monkeypatch.setattr(gpu.environments, "make", lambda name: None)
    monkeypatch.setattr(gpu.environments, "python_of", lambda name: f"python-of-{name}")
    names = [one.name for one in gpu.contestants(None, rehearsal=False)]
    assert names[:3] == ["sdp lean", "TRL", "Unsloth"]
    assert {"sdp lean, QLoRA", "TRL, QLoRA", "Unsloth, QLoRA"} <= set(names)
    assert [one.name for one in gpu.contestants(None, rehearsal=True)] == ["sdp lean", "TRL"]
