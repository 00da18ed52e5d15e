"""sdp finetune."""

from typing import TYPE_CHECKING

import typer

from sdp.cli import finetune_options as options
from sdp.cli.options import Device, JsonFlag, Model, Out, Overrides, Quiet, Seed, Track
from sdp.cli.output import emit
from sdp.cli.progress import open_progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.workflows.train_run import FinetuneResult


KEPT = {"model", "data", "replay", "prompt_format", "system", "style", "method", "backend", "seed", "name"}
"""What a resumed run has from its own record."""


def run(
    ctx: typer.Context,
    run: options.Run = None,
    model: Model = "tiny",
    data: options.Data = None,
    replay: options.Replay = None,
    prompt_format: options.PromptFormat = "auto",
    system: options.System = None,
    style: options.TrainedStyle = "auto",
    method: options.Method = "lora",
    backend: options.Backend = "lean",
    unsloth_python: options.UnslothPython = None,
    seed: Seed = 0,
    out: Out = None,
    name: options.Name = None,
    steps: options.Steps = None,
    epochs: options.Epochs = None,
    override: Overrides = None,
    resume: options.Resume = False,
    mirror: options.Mirror = None,
    track: Track = None,
    distributed: options.Kind = "none",
    num_processes: options.NumProcesses = None,
    num_machines: options.NumMachines = None,
    machine_rank: options.MachineRank = None,
    main_process_ip: options.MainProcessIp = None,
    main_process_port: options.MainProcessPort = None,
    device: Device = "auto",
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Trains a model on generated data: a LoRA adapter, or with --method full the whole model.

    Only answers are trained, their end included. With --resume a run that broke off goes on exactly where it was.
    """
    if run is not None and not resume:
        raise typer.BadParameter("a run is named only to go on with it: --resume RUN", param_hint="RUN")
    if resume:
        _check_resumed(ctx)
    progress = open_progress(quiet)
    with progress.bar("loading torch", 1) as bar:
        from sdp.workflows.finetune import FinetuneRequest, finetune

        bar.advance()
    keys = {
        "training.max_steps": steps,
        "training.num_train_epochs": epochs,
        "unsloth_python": unsloth_python,
        "checkpoints.mirror": mirror,
        "tracking.to": ",".join(track) if track else None,
        "distributed.kind": None if distributed == "none" else distributed,
        "distributed.num_processes": num_processes,
        "distributed.num_machines": num_machines,
        "distributed.machine_rank": machine_rank,
        "distributed.main_process_ip": main_process_ip,
        "distributed.main_process_port": main_process_port,
    }
    request = FinetuneRequest(
        model=model,
        data=data or (),
        replay=replay,
        prompt_format=prompt_format,
        system=system,
        style=style,
        method=method,
        backend=backend,
        seed=seed,
        out=out,
        name=name,
        overrides=[*(f"{key}={value}" for key, value in keys.items() if value is not None), *(override or ())],
        resume=(run or "") if resume else None,
        device=device,
    )
    emit(finetune(request, progress), as_json=json, render=_summary)


def _check_resumed(ctx: typer.Context) -> None:
    """Refuses what would be passed over; what sdp.toml or the environment say holds for new runs."""
    for param in ctx.command.params:
        source = ctx.get_parameter_source(param.name or "")
        if param.name in KEPT and source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter("a resumed run keeps what it began with: leave this out", param_hint=param.opts[0])


def _summary(result: "FinetuneResult") -> "RenderableType":
    from sdp.cli.finetune_summary import summary

    return summary(result)
