"""Whether several processes can train here together, asked before anything is made."""

from importlib.util import find_spec

import torch

from sdp.errors import ConfigError, MissingExtra, ResourceError
from sdp.recipes.schema import Recipe


def check_scaling(recipe: Recipe, device: str) -> None:
    """Refuses what would fail late, or would do something else in silence.

    Args:
        recipe: Asks for processes.
        device: A kind of device that is there.

    Raises:
        ConfigError: Numbers that do not fit together.
        ResourceError: Fewer devices than processes, or a way that this kind of device does not have.
        MissingExtra: DeepSpeed is not installed.
    """
    wanted = recipe.distributed
    if wanted.kind == "none":
        if wanted.num_processes > 1 or wanted.num_machines > 1:
            raise ConfigError("several processes need a way to work together", hint="add --distributed ddp")
        return
    if recipe.backend == "unsloth":
        raise ConfigError(f"the backend unsloth runs in one process, not with --distributed {wanted.kind}")
    if device == "cpu" and wanted.kind != "ddp":
        names = {"fsdp": "FSDP", "deepspeed": "DeepSpeed"}
        raise ResourceError(
            f"{names[wanted.kind]} needs GPUs, and training runs on the CPU",
            where="--distributed",
            hint="accelerate would ignore it on a CPU and train with DDP in silence: say --distributed ddp",
        )
    if device == "mps":
        raise ResourceError("there is only one GPU of this kind in a machine", where="--distributed")
    if wanted.kind == "deepspeed" and find_spec("deepspeed") is None:
        raise MissingExtra("DeepSpeed is not installed", where="--distributed", hint="pip install 'sdp[deepspeed]'")
    _check_numbers(recipe, device)


def _check_numbers(recipe: Recipe, device: str) -> None:
    wanted = recipe.distributed
    n, machines = wanted.num_processes, wanted.num_machines
    if n < 2:  # noqa: PLR2004  (one process is not several)
        raise ConfigError("one process has nobody to share with", where="--num-processes", hint="such as 2")
    if n % machines:
        raise ConfigError(f"{n} processes do not divide over {machines} machines", where="--num-processes")
    if wanted.machine_rank >= machines:
        last = machines - 1
        raise ConfigError(f"there is no machine {wanted.machine_rank}", where="--machine-rank", hint=f"0 to {last}")
    if machines > 1 and wanted.main_process_ip is None:
        raise ConfigError(
            "several machines must know where to meet",
            where="--main-process-ip",
            hint="the address of machine 0, the same on all, such as 10.0.0.1",
        )
    here = n // machines
    if device == "cuda" and here > torch.cuda.device_count():
        raise ResourceError(f"{here} processes want a GPU each, and there are {torch.cuda.device_count()}")
