"""The command line of ``accelerate launch``."""

import sys
from pathlib import Path

from sdp.recipes.schema import Distributed

DEFAULT_PORT = 29500
"""Where several machines meet if nothing else is said: accelerate's own."""

PROCESS = "sdp.workflows.train_process"
"""The module that each process runs."""

_FSDP = {
    "fsdp_version": "2",
    "fsdp_auto_wrap_policy": "TRANSFORMER_BASED_WRAP",
    "fsdp_reshard_after_forward": "true",
    # whole weights in the first process: a checkpoint then reads the same whatever it was trained on
    "fsdp_state_dict_type": "FULL_STATE_DICT",
}


def launch_command(
    settings: Distributed, run: Path, *, n_threads: int, resume_from: Path | None = None, deepspeed: Path | None = None
) -> list[str]:
    """Writes the command that starts this machine's processes.

    Args:
        settings: Of the recipe.
        run: The run folder.
        n_threads: Of each process, on a CPU.
        resume_from: A checkpoint; None: from the start.
        deepspeed: DeepSpeed's configuration file, for that kind.
    """
    # one machine: 0 is a free port. `--multi_gpu` starts torchrun whatever the device; `--cpu` would start one process
    port = settings.main_process_port or (DEFAULT_PORT if settings.num_machines > 1 else 0)
    options = {
        "num_processes": settings.num_processes,
        "num_machines": settings.num_machines,
        "machine_rank": settings.machine_rank,
        "main_process_port": port,
        "mixed_precision": "no",  # each process reads it from the recipe
        "dynamo_backend": "no",
        "num_cpu_threads_per_process": n_threads,
    }
    if settings.main_process_ip is not None:
        options["main_process_ip"] = settings.main_process_ip
    words = [sys.executable, "-m", "accelerate.commands.launch"]
    words += [f"--{name}={value}" for name, value in options.items()]
    words += _kind(settings.kind, deepspeed)
    resume = [] if resume_from is None else ["--resume-from", str(resume_from)]
    return [*words, "--module", PROCESS, str(run), *resume]


def _kind(kind: str, deepspeed: Path | None) -> list[str]:
    if kind == "fsdp":
        return ["--use_fsdp", *[f"--{name}={value}" for name, value in _FSDP.items()]]
    if kind == "deepspeed":
        return ["--use_deepspeed", f"--deepspeed_config_file={deepspeed}", "--deepspeed_multinode_launcher=standard"]
    return ["--multi_gpu"]
