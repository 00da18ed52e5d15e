"""The options of `sdp finetune`."""

from typing import Annotated, Literal

import typer

Run = Annotated[str | None, typer.Argument(metavar="RUN", help="With --resume: a run folder, its name or its URL.")]
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
Method = Annotated[
    Literal["lora", "qlora", "dora", "full"],
    typer.Option("--method", help="An adapter (qlora: on a 4-bit model, dora: lengths apart), or the whole model."),
]
Backend = Annotated[Literal["lean", "trl", "unsloth"], typer.Option("--backend", help="What trains.")]
UnslothPython = Annotated[
    str | None, typer.Option("--unsloth-python", help="Interpreter of the environment that holds Unsloth.")
]
Name = Annotated[str | None, typer.Option("--name", help="A short name for the run.")]
Steps = Annotated[int | None, typer.Option("--steps", help="Training steps (training.max_steps).", min=1)]
Epochs = Annotated[
    float | None, typer.Option("--epochs", help="Times through the data, instead of steps (training.num_train_epochs).")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with RUN, or with the newest run that broke off; all else is as it was.")
]
Mirror = Annotated[
    str | None,
    typer.Option("--mirror", metavar="URL", help="Where checkpoints are sent: s3://, gs://, az://, a folder."),
]
Kind = Annotated[
    Literal["none", "ddp", "fsdp", "deepspeed"],
    typer.Option("--distributed", help="How processes train together, started by accelerate."),
]
NumProcesses = Annotated[int | None, typer.Option("--num-processes", help="On all machines together.", min=1)]
NumMachines = Annotated[int | None, typer.Option("--num-machines", help="That train together.", min=1)]
MachineRank = Annotated[int | None, typer.Option("--machine-rank", help="Of this machine; 0 leads.", min=0)]
MainProcessIp = Annotated[str | None, typer.Option("--main-process-ip", help="Address of machine 0.")]
MainProcessPort = Annotated[int | None, typer.Option("--main-process-port", help="Port on machine 0.", min=1)]
