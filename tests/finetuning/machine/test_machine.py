"""What the machine says of itself, held against other ways to know it."""

import os
import re
from importlib.metadata import version
from pathlib import Path

import psutil
import torch

from sdp.finetuning.machine import dtypes
from sdp.finetuning.machine.devices import devices
from sdp.finetuning.machine.dtypes import measure_dtypes
from sdp.finetuning.machine.extras import extras
from sdp.models.load import DTYPES

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"


def test_the_cpu_is_always_there_and_comes_last():
    cpu = devices()[-1]
    assert cpu.kind == "cpu"
    assert cpu.memory_bytes == psutil.virtual_memory().total
    assert 0 < cpu.free_bytes <= cpu.memory_bytes
    assert 1 <= cpu.cores <= os.cpu_count()


def test_number_formats_are_measured(monkeypatch):
    monkeypatch.setitem(dtypes._SIZE, "cpu", 64)
    facts = measure_dtypes("cpu")
    assert [one.dtype for one in facts] == list(DTYPES)
    assert facts[0].speed == 1.0
    assert all(one.flops_per_s is None or one.flops_per_s > 0 for one in facts)


def test_a_number_format_that_a_device_lacks_is_said(monkeypatch):
    real = torch.full

    def full(*args, dtype, **kwargs):
        if dtype == torch.float16:
            raise RuntimeError('"fill" not implemented for Half')
        return real(*args, dtype=dtype, **kwargs)

    monkeypatch.setitem(dtypes._SIZE, "cpu", 64)
    monkeypatch.setattr(torch, "full", full)
    assert {one.dtype: one.speed is None for one in measure_dtypes("cpu")} == {
        "float32": False, "bfloat16": False, "float16": True,
    }  # fmt: skip


def test_extras_are_those_of_pyproject():
    text = PYPROJECT.read_text().partition("[project.optional-dependencies]")[2].partition("\n[")[0]
    declared = set(re.findall(r"^([\w-]+) = \[", text, flags=re.MULTILINE)) - {"dev"}
    found = {one.extra: one for one in extras()}
    assert found.keys() <= declared  # an installed package knows what it was installed with
    assert {"ray", "s3", "gs", "az"} <= found.keys()
    assert found["s3"].packages == {"s3fs": version("s3fs")}
    assert found["s3"].there
    assert found["az"].install == "pip install 'sdp[az]'"
