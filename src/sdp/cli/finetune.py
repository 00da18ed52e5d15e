"""sdp finetune."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sdp.cli.options import Device, JsonFlag, Model, Out, Overrides, Quiet, Seed
from sdp.cli.output import emit
from sdp.cli.progress import open_progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.workflows.finetune import FinetuneResult

Run = Annotated[str | None, typer.Argument(metavar="RUN", help="With --resume: a run folder or its name.")]
Data = Annotated[
    list[str] | None,
    typer.Option(
        "--data",
        metavar="NAME_OR_PATH[=SHARE]",
        help="Task folder, or task name under ./data, with its share of the examples; may be repeated. "
        "The newest data set under ./data if not given.",
    ),
]
Replay = Annotated[
    float | None, typer.Option("--replay", metavar="SHARE", help="Mix in what the model could do before, such as 0.1.")
]
PromptFormat = Annotated[
    Literal["auto", "plain", "human-assistant", "chat"],
    typer.Option("--prompt-format", help="How a question is put; auto: the chat template, if there is one."),
]
System = Annotated[str | None, typer.Option("--system", help="A system message before every question.")]
TrainedStyle = Annotated[
    Literal["auto", "direct", "trace"],
    typer.Option("--style", help="Train the bare answer, or letters first; auto: what the data holds."),
]
Name = Annotated[str | None, typer.Option("--name", help="A short name for the run.")]
Steps = Annotated[int | None, typer.Option("--steps", help="Training steps (training.max_steps).", min=1)]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with RUN, or with the newest run that broke off; all else is as it was.")
]


def run(
    run: Run = None,
    model: Model = "tiny",
    data: Data = None,
    replay: Replay = None,
    prompt_format: PromptFormat = "auto",
    system: System = None,
    style: TrainedStyle = "auto",
    seed: Seed = 0,
    out: Out = None,
    name: Name = None,
    steps: Steps = None,
    override: Overrides = None,
    resume: Resume = False,
    device: Device = "auto",
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Trains a LoRA adapter on generated data.

    Only answers are trained, their end included. With --resume a run that broke off goes on exactly where it was.
    """
    if run is not None and not resume:
        raise typer.BadParameter("a run is named only to go on with it: --resume RUN", param_hint="RUN")
    progress = open_progress(quiet)
    with progress.bar("loading torch", 1) as bar:
        from sdp.workflows.finetune import FinetuneRequest, finetune

        bar.advance()
    request = FinetuneRequest(
        model=model,
        data=data or (),
        replay=replay,
        prompt_format=prompt_format,
        system=system,
        style=style,
        seed=seed,
        out=out,
        name=name,
        steps=steps,
        overrides=override or (),
        resume=(run or "") if resume else None,
        device=device,
    )
    emit(finetune(request, progress), as_json=json, render=_summary)


def _summary(result: "FinetuneResult") -> "RenderableType":
    from rich.markup import escape
    from rich.table import Table

    done = result.trained
    mixed = ", ".join(f"{name} {n:,}" for name, n in result.sources.items())
    mixed += f" ({result.n_dropped:,} rows about replay words left out)" if result.n_dropped else ""
    stopped = ", stopped early" if done.stopped_early else ""
    resumed = f", resumed at {result.resumed_from}" if result.resumed_from else ""
    loss, eval_loss = ("n/a" if value is None else f"{value:.3f}" for value in (done.loss, done.eval_loss))
    share = f"{result.parameters.n_trainable:,} of {result.parameters.n_total:,} ({result.trainable_share:.1%})"
    rows = {
        "model": f"{result.model} on {result.device}, prompt format {result.prompt_format}",
        "examples": mixed,
        "trained": f"{share} parameters",
        "steps": f"{done.steps:,} ({done.epochs:.2f} epochs{stopped}{resumed}); kept: step {done.best_step:,}",
        "loss": f"{loss} training, {eval_loss} on validation words (nats per answer token)",
        "speed": f"{done.examples_per_s:,.0f} examples/s, {done.tokens_per_s:,.0f} tokens/s",
        "time": f"{done.train_s:,.0f} s training ({done.epoch_s:,.0f} s per epoch), {done.eval_s:,.0f} s evaluating",
        "memory": f"{done.peak_memory_bytes / 2**20:,.0f} MiB at the peak",
        "saved": str(result.adapter),
        "next": "sdp bench --compare baseline",
    }
    table = Table("", "", box=None, show_header=False, pad_edge=False)
    for label, text in rows.items():
        table.add_row(f"[bold]{label}[/]", escape(text))
    return table
