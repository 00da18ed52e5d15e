"""sdp export."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sdp.cli.options import JsonFlag, Out, Overwrite, Quiet
from sdp.cli.output import emit
from sdp.cli.progress import open_progress

if TYPE_CHECKING:
    from sdp.workflows.export import ExportResult

FORMATS = (
    "parquet, jsonl, csv, hf, messages, qa, input_output, alpaca, sharegpt, trl, gemini, lm_eval, inspect, tokenized"
)


def run(
    data: Annotated[str, typer.Argument(help="Task name under ./data, a folder, or a URL such as s3://BUCKET/FOLDER.")],
    to: Annotated[
        str | None,
        typer.Option("--to", "--format", help=f"{FORMATS}, or a plugin's format; jsonl if not given."),
    ] = None,
    out: Out = None,
    tokenizer: Annotated[
        str | None, typer.Option("--tokenizer", help="Token ids of this model: tiny, a folder, a hub name.")
    ] = None,
    prompt_format: Annotated[
        Literal["auto", "plain", "human-assistant", "chat"] | None,
        typer.Option("--prompt-format", help="Text around a question."),
    ] = None,
    system: Annotated[str | None, typer.Option("--system", help="A system message before every question.")] = None,
    max_length: Annotated[
        int | None, typer.Option("--max-length", help="Tokens of the longest row; what the model reads.", min=1)
    ] = None,
    push_to_hub: Annotated[
        str | None, typer.Option("--push-to-hub", metavar="REPO", help="To the Hugging Face hub; HF_TOKEN is needed.")
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="A new repository on the hub is private.")] = False,
    hub_url: Annotated[
        str | None, typer.Option("--hub-url", help="Another hub; else HF_ENDPOINT, else huggingface.co.")
    ] = None,
    overwrite: Overwrite = False,
    json: JsonFlag = False,
    quiet: Quiet = False,
) -> None:
    """Writes a data set in another format, by default into ./exports/TASK-FORMAT.

    With --push-to-hub and no --to the data set goes onto the hub as it is: shards, card and manifest.
    """
    from sdp.contract.exporter import ExportOptions
    from sdp.errors import InputError
    from sdp.workflows.export import ExportRequest, export
    from sdp.workflows.push import PushRequest

    if push_to_hub is None and (private or hub_url):
        flag = "--private" if private else "--hub-url"
        raise InputError(f"{flag} was given, and nothing goes to a hub", where=flag, hint="add --push-to-hub REPO")
    request = ExportRequest(
        data,
        to,
        out,
        overwrite=overwrite,
        options=ExportOptions(tokenizer, prompt_format, system, max_length),
        push=PushRequest(push_to_hub, private, hub_url, overwrite) if push_to_hub is not None else None,
    )
    emit(export(request, open_progress(quiet or json)), as_json=json, render=_text)


def _text(result: "ExportResult") -> str:
    lines = []
    if result.files:
        lines.append(f"wrote {result.n_rows:,} rows as {result.format} in {result.folder} ({len(result.files)} files)")
    lines += [f"left out {n:,} rows: {reason}" for reason, n in result.left_out.items()]
    if (pushed := result.pushed) is not None:
        done = "pushed" if pushed.changed else "already there:"
        megabytes = pushed.n_bytes / 1_000_000
        lines.append(f"{done} {pushed.n_files} files, {megabytes:,.1f} MB, {pushed.url} (commit {pushed.commit[:12]})")
    return "\n".join(lines)
