"""sdp doctor."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sdp.cli.options import Device, JsonFlag, Quiet
from sdp.cli.output import emit
from sdp.cli.progress import open_progress
from sdp.errors import CheckFailed

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sdp.workflows.doctor import DoctorResult

Model = Annotated[
    str | None,
    typer.Option("--model", metavar="MODEL", help="Also probe this model: tiny, a folder, or a name on the hub."),
]
PromptFormat = Annotated[
    Literal["auto", "plain", "human-assistant", "chat"],
    typer.Option("--prompt-format", help="How a question is put; auto: the chat template, if there is one."),
]
System = Annotated[str | None, typer.Option("--system", help="A system message before every question.")]


def run(
    model: Model = None,
    prompt_format: PromptFormat = "auto",
    system: System = None,
    device: Device = "auto",
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Says what this machine can do, and with --model whether a model falls into one of the usual traps.

    Devices, number formats (measured), memory, extras. The probes: samples are isolated, the end is trained, the prompt
    is not, accumulation changes nothing, the adapter does something, the chat template closes the turn, answers survive
    the tokenizer. Exit code 1 when a probe says no.
    """
    progress = open_progress(quiet)
    with progress.bar("loading torch", 1) as bar:
        from sdp.workflows.doctor import DoctorRequest, doctor

        bar.advance()
    result = doctor(DoctorRequest(model, device, prompt_format, system), progress)
    emit(result, as_json=json, render=_text)
    if result.examination and result.examination.n_failed:
        raise CheckFailed(
            f"{result.examination.n_failed} of {len(result.examination.findings)} probes of '{model}' failed",
            hint="each says what to do",
        )


def _text(result: "DoctorResult") -> "RenderableType":
    from sdp.cli.doctor_tables import doctor_tables

    return doctor_tables(result)
