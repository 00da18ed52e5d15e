"""The command line that starts processes, read by accelerate's own parser."""

from pathlib import Path

import pytest
from accelerate.commands.launch import launch_command_parser

from sdp.finetuning.distributed.command import PROCESS, launch_command
from sdp.recipes.schema import Distributed

RUN = Path("runs/x")


def parsed(settings, **more):
    words = launch_command(settings, RUN, n_threads=1, **more)
    return launch_command_parser().parse_args(words[3:])


def test_one_machine():
    args = parsed(Distributed(kind="ddp", num_processes=2))
    assert (args.multi_gpu, args.use_fsdp, args.use_deepspeed, args.cpu) == (True, False, False, False)
    assert (args.num_processes, args.num_machines, args.main_process_port) == (2, 1, 0)
    assert (args.module, args.training_script, args.training_script_args) == (True, PROCESS, ["runs/x"])


def test_the_module_is_there():
    from importlib.util import find_spec

    assert find_spec(PROCESS)


def test_two_machines():
    settings = Distributed(kind="ddp", num_processes=4, num_machines=2, machine_rank=1, main_process_ip="10.0.0.1")
    args = parsed(settings)
    assert (args.num_machines, args.machine_rank, args.main_process_ip) == (2, 1, "10.0.0.1")
    assert args.main_process_port == 29500  # not a free one: both must know it


def test_fsdp():
    args = parsed(Distributed(kind="fsdp", num_processes=2))
    assert (args.use_fsdp, args.fsdp_version, args.multi_gpu) == (True, "2", False)
    assert args.fsdp_state_dict_type == "FULL_STATE_DICT"


def test_deepspeed():
    args = parsed(Distributed(kind="deepspeed", num_processes=2), deepspeed=Path("ds.json"))
    assert (args.use_deepspeed, args.deepspeed_config_file, args.multi_gpu) == (True, "ds.json", False)


@pytest.mark.parametrize("kind", ["ddp", "fsdp", "deepspeed"])
def test_a_checkpoint_goes_to_the_processes(kind):
    settings = Distributed(kind=kind, num_processes=2)
    args = parsed(settings, deepspeed=Path("d"), resume_from=Path("runs/x/checkpoints/step-000002"))
    assert args.training_script_args == ["runs/x", "--resume-from", "runs/x/checkpoints/step-000002"]
