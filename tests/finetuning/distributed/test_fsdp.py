"""FSDP's truths, on gloo: how the loss must be scaled, and that a gathered checkpoint is the whole one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tests.finetuning import cases
from tests.models import build

from sdp.finetuning.probes.subject import wake
from sdp.models.adapter import load_adapter

ROOT = Path(__file__).parents[3]
PROCESS = Path(__file__).with_name("fsdp_process.py")


@pytest.fixture(scope="module", params=["llama", "qwen2"])
def found(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fsdp")
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [*torchrun, str(PROCESS), str(folder), request.param],
        env=os.environ | {"PYTHONPATH": str(ROOT), "GLOO_SOCKET_IFNAME": "lo"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return request.param, folder, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_the_loss_is_scaled_by_the_processes(found):
    """FSDP averages gradients: what each process adds up must count as often as there are processes."""
    _, _, facts = found
    assert facts["reading"] == "flat"  # our lean path under FSDP, not a stand-in
    assert facts["n_sharded"] > 10
    assert facts["scaled"] <= 1e-5
    assert facts["unscaled"] == pytest.approx(0.5, abs=1e-3)


@pytest.mark.slow
def test_a_gathered_checkpoint_is_whole(found):
    shape, folder, facts = found
    assert facts["same"]
    job = cases.job(shape=shape)
    wake(job.model)
    saved = load_file(folder / "gathered" / "adapter_model.safetensors")
    job.model.save_pretrained(folder / "alone")
    alone = load_file(folder / "alone" / "adapter_model.safetensors")
    assert saved.keys() == alone.keys()
    assert all(torch.equal(saved[name], alone[name]) for name in alone)
    ids = torch.arange(8).unsqueeze(0)
    with torch.no_grad():
        logits = load_adapter(build.model(shape), folder / "gathered")(input_ids=ids).logits
        torch.testing.assert_close(logits, job.model.eval()(input_ids=ids).logits)
