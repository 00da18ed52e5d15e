"""What would fail late, or do something else in silence, is refused at once."""

import pytest
import torch

from sdp.errors import ConfigError, MissingExtra, ResourceError
from sdp.finetuning.distributed import check as module
from sdp.finetuning.distributed.check import check_scaling
from sdp.recipes.schema import Distributed, Recipe


def recipe(backend="lean", **distributed):
    return Recipe(backend=backend, distributed=Distributed(**distributed))


def test_one_process_and_two_on_a_cpu_are_fine():
    check_scaling(recipe(), "cpu")
    check_scaling(recipe(kind="ddp", num_processes=2), "cpu")
    check_scaling(recipe(kind="ddp", num_processes=2, num_machines=2, main_process_ip="10.0.0.1"), "cpu")


@pytest.mark.parametrize("kind", ["fsdp", "deepspeed"])
def test_sharding_on_a_cpu_is_refused_and_not_replaced_by_ddp_in_silence(kind):
    with pytest.raises(ResourceError, match="needs GPUs") as caught:
        check_scaling(recipe(kind=kind, num_processes=2), "cpu")
    assert caught.value.exit_code == 5
    assert "ddp" in caught.value.hint


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"num_processes": 2}, "a way to work together"),
        ({"kind": "ddp"}, "nobody to share with"),
        ({"kind": "ddp", "num_processes": 3, "num_machines": 2, "main_process_ip": "h"}, "do not divide"),
        ({"kind": "ddp", "num_processes": 2, "num_machines": 2, "machine_rank": 2}, "no machine 2"),
        ({"kind": "ddp", "num_processes": 2, "num_machines": 2}, "where to meet"),
        ({"kind": "ddp", "num_processes": 2, "backend": "unsloth"}, "one process"),
    ],
)
def test_numbers_that_do_not_fit(wanted, said):
    with pytest.raises(ConfigError, match=said):
        check_scaling(recipe(**wanted), "cpu")


def test_more_processes_than_gpus(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    check_scaling(recipe(kind="fsdp", num_processes=2), "cuda")
    with pytest.raises(ResourceError, match="3 processes want a GPU each, and there are 2"):
        check_scaling(recipe(kind="fsdp", num_processes=3), "cuda")


def test_deepspeed_that_is_not_installed(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="DeepSpeed"):
        check_scaling(recipe(kind="deepspeed", num_processes=2), "cuda")
